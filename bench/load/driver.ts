/** The closed loop over HTTP, as a job of a load generator. */
import type { Member } from "./api.ts";
import { HttpClient } from "./http-client.ts";
import { serializeRequest } from "./http-wire.ts";
import { orderIdAt, type DriveJob, type DriveReport, type Requests } from "./jobs.ts";
import { packFloats } from "./line-protocol.ts";
import { CpuMeter } from "./scenario.ts";
import { Timeline } from "./timeline.ts";

export type Crews = ReadonlyMap<string, readonly Member[]>;

/** Up to here requests are finished bytes before the loop begins; more would fill the memory. */
const PREPARED_MAX = 50_000;
const CODE = /"code":"(\w+)"/;

export function memberOf(crews: Crews, crew: string, at: number): Member {
  const members = crews.get(crew) ?? [];
  const member = members[at % members.length];
  if (!member) throw new Error(`the crew ${crew} has no members`);
  return member;
}

function bytesAt(crews: Crews, host: string, requests: Requests, at: number): Buffer {
  switch (requests.kind) {
    case "get": {
      const path = requests.paths[at % requests.paths.length] ?? "/";
      return serializeRequest({ host, method: "GET", path });
    }
    case "redeem": {
      const { crew, sales, orderPrefix, from, members } = requests;
      const sale = sales[at % sales.length];
      if (!sale) throw new Error("a redemption needs a sale");
      const member = memberOf(crews, crew, members ? (members[at] ?? 0) : from + at);
      const body = { orderId: orderIdAt(orderPrefix, from + at), quantity: 1, epoch: sale.epoch };
      const path = `/api/v1/sales/${sale.saleId}/redemptions`;
      return serializeRequest({ host, method: "POST", path, token: member.token, body });
    }
    case "cancel": {
      const order = requests.orders[at];
      if (!order) throw new Error("a cancel needs an order");
      const { token } = memberOf(crews, requests.crew, order.member);
      const path = `/api/v1/orders/${order.orderId}/cancel`;
      return serializeRequest({ host, method: "POST", path, token, body: {} });
    }
  }
}

export async function drive(
  job: DriveJob,
  crews: Crews,
  onProgress: (done: number, of: number) => void,
): Promise<DriveReport> {
  const { count, connections, requests, seconds } = job;
  const client = new HttpClient(job.origin);
  const make = (at: number): Buffer => bytesAt(crews, client.host, requests, at);
  const prepared =
    count <= PREPARED_MAX ? Array.from({ length: count }, (_, at) => make(at)) : null;
  const codes: Record<string, number> = {};
  const created: number[] = [];
  const meter = new CpuMeter(job.serverPids);
  const startedMs = performance.now();
  const startedAtMs = performance.timeOrigin + startedMs;
  const timeline = new Timeline(startedMs);
  const result = await client.drive({
    count,
    connections,
    request: prepared ? (at) => prepared[at] as Buffer : make,
    ...(seconds === undefined ? {} : { stopAtMs: startedMs + seconds * 1_000 }),
    onReply: (at, status, readBody) => {
      if (status === 201) created.push(at);
      if (status < 400) return;
      const code = CODE.exec(readBody())?.[1] ?? "none";
      codes[code] = (codes[code] ?? 0) + 1;
    },
    onFinished: (nowMs, finished) => {
      timeline.count(nowMs);
      if (finished % 256 === 0) onProgress(finished, count);
    },
  });
  const cpu = meter.read();
  const { latenciesMs, ...figures } = result;
  return {
    ...figures,
    latencies: packFloats(latenciesMs),
    codes,
    created,
    startedAtMs,
    timeline: timeline.counts,
    cpu: { generator: cpu.generatorCpu, server: cpu.serverCpu },
  };
}
