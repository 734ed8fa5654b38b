/** The scenarios that speak plain HTTP: the runtime's hello-world, one-call redemption, refusals after sold-out. */
import { HttpClient, type DriveResult } from "./http-client.ts";
import { serializeRequest } from "./http-wire.ts";
import {
  CpuMeter,
  memberAt,
  newSale,
  orderIdOf,
  soldExactly,
  type Figures,
  type Stage,
} from "./scenario.ts";

/** Found by trial on two cores; more connections add waiting, fewer leave the commit batches half empty. */
interface Load {
  readonly connections: number;
  readonly requests: number;
}

const HELLO = { connections: 64, requests: 25_000 } as const;
const REDEEM = { connections: 256, requests: 10_000 } as const;
const SOLD_OUT = { connections: 64, requests: 20_000 } as const;

export async function runHello(stage: Stage, load: Load = HELLO): Promise<Figures> {
  const { helloOrigin, helloPids } = stage.product;
  if (helloOrigin === null) throw new Error("no hello-world is served");
  const client = new HttpClient(helloOrigin);
  const bytes = serializeRequest({ host: client.host, method: "GET", path: "/" });
  const meter = new CpuMeter(helloPids);
  const { requests: count, connections } = load;
  const result = await client.drive({ count, connections, request: () => bytes });
  return figuresOf("hello", result, meter, unexpected(result, [200]));
}

export async function runRedeem(stage: Stage, load: Load = REDEEM): Promise<Figures> {
  const { requests: count, connections } = load;
  const perMember = Math.ceil(count / stage.members.length);
  const sale = await newSale(stage, "http", count, perMember);
  const requests = redemptions(stage, "http", sale.saleId, sale.epoch, count);
  const meter = new CpuMeter(stage.product.serverPids);
  const request = (at: number): Buffer => requests[at] as Buffer;
  const result = await stage.api.http.drive({ count, connections, request });
  const figures = figuresOf("http", result, meter, unexpected(result, [201]));
  const breaches = await soldExactly(stage, sale.saleId, count, result.statuses[201] ?? 0);
  return { ...figures, breaches: [...figures.breaches, ...breaches] };
}

export async function runSoldOut(stage: Stage, load: Load = SOLD_OUT): Promise<Figures> {
  const { requests: count, connections } = load;
  const sale = await newSale(stage, "soldout", 1, 1);
  const requests = redemptions(stage, "so", sale.saleId, sale.epoch, count + 1);
  const request = (at: number): Buffer => requests[at] as Buffer;
  const first = await stage.api.http.drive({ count: 1, connections: 1, request });
  let refusals = 0;
  const meter = new CpuMeter(stage.product.serverPids);
  const result = await stage.api.http.drive({
    count,
    connections,
    request: (at) => request(at + 1),
    onReply: (_at, status, readBody) => {
      if (status === 409 && readBody().includes('"code":"sold_out"')) refusals += 1;
    },
  });
  const figures = figuresOf("soldout", result, meter, unexpected(result, [409]));
  const breaches = await soldExactly(stage, sale.saleId, count + 1, first.statuses[201] ?? 0);
  if (refusals !== count)
    breaches.push(`${sale.saleId}: ${refusals} of ${count} were refused as sold_out`);
  return { ...figures, breaches: [...figures.breaches, ...breaches] };
}

function redemptions(
  stage: Stage,
  name: string,
  saleId: string,
  epoch: number,
  count: number,
): Buffer[] {
  const { host } = stage.api.http;
  const path = `/api/v1/sales/${saleId}/redemptions`;
  return Array.from({ length: count }, (_, at) => {
    const body = { orderId: orderIdOf(stage, name, at), quantity: 1, epoch };
    return serializeRequest({ host, method: "POST", path, token: memberAt(stage, at).token, body });
  });
}

function figuresOf(
  name: string,
  result: DriveResult,
  meter: CpuMeter,
  breaches: string[],
): Figures {
  const { perSecond, latenciesMs } = result;
  return { name, perSecond, latenciesMs, ...meter.read(), breaches };
}

function unexpected(result: DriveResult, expected: readonly number[]): string[] {
  const { statuses, failures } = result;
  const others = Object.entries(statuses).filter(([status]) => !expected.includes(Number(status)));
  const breaches = others.map(([status, count]) => `${count} replies of status ${status}`);
  if (failures > 0) breaches.push(`${failures} requests without a reply`);
  return breaches;
}
