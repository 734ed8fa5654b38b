/** Redemptions at a peer, measured and audited like the product's. */
import { memberKeyOf } from "../../worker/kernel/ids.ts";
import type { Member } from "../load/api.ts";
import { HttpClient, type DriveResult } from "../load/http-client.ts";
import { serializeRequest } from "../load/http-wire.ts";
import { auditBreaches, throughputOf, type Figures } from "../load/scenario.ts";
import { Timeline } from "../load/timeline.ts";
import { auditDump, type PeerSale } from "./books.ts";
import { PeerCpuMeter, type PeerCpu } from "./cpu.ts";
import { PROGRAMME_ID, type Peer } from "./peer.ts";

/** `redemption`: the full work. `take`: the points are held before, as tickets hold them. */
export type Variant = "redemption" | "take";

export interface PeerLoad {
  /** Requests, each with an order id of its own. */
  readonly count: number;
  readonly connections: number;
  readonly members: number;
  /** Fewer than `count`: the rest is refused as sold out. As many as `count` unless given. */
  readonly units?: number;
  readonly variant?: Variant;
}

export interface PeerFigures extends Figures, PeerCpu {}

const HOUR_MS = 3_600_000;
const PRICE_POINTS = 100;
/** Peers have no epochs; the field is checked and stored because the request has it. */
export const EPOCH = 0;

/** A sale, and the orders that will be asked for in it. */
export interface Rush {
  readonly sale: PeerSale;
  readonly members: readonly Member[];
  readonly orderIds: readonly string[];
}

export const memberOf = (rush: Rush, at: number): Member => {
  const member = rush.members[at % rush.members.length];
  if (!member) throw new Error("a rush needs members");
  return member;
};

export const memberKeyAt = (rush: Rush, at: number): string =>
  memberKeyOf(PROGRAMME_ID, memberOf(rush, at).memberId);

/** A fresh sale in which every order may be granted as far as units go; for takes, with the points held. */
export async function prepareRush(peer: Peer, load: Omit<PeerLoad, "connections">): Promise<Rush> {
  const { count, units = count, variant = "redemption" } = load;
  const members = await peer.members(load.members);
  const runId = Math.random().toString(36).slice(2, 10).padEnd(8, "0");
  const nowMs = Date.now();
  const sale: PeerSale = {
    saleId: `${PROGRAMME_ID}.bench-${variant}-${runId}~1`,
    pricePoints: PRICE_POINTS,
    units,
    limitPerMember: Math.ceil(count / members.length),
    quantityMax: 1,
    opensAtMs: nowMs,
    closesAtMs: nowMs + HOUR_MS,
  };
  await peer.books.createSale(sale);
  const orderIds = Array.from(
    { length: count },
    (_, at) => `peer-${runId}-${String(at).padStart(7, "0")}`,
  );
  const rush = { sale, members, orderIds };
  if (variant === "take") {
    const reservations = orderIds.map((orderId, at) => {
      return { memberKey: memberKeyAt(rush, at), orderId, quantity: 1, epoch: EPOCH };
    });
    await peer.books.reserve(sale, reservations);
  }
  return rush;
}

/** A closed loop of `count` redemptions over `connections` sockets. A run with a breach has no throughput to print. */
export async function runPeerRedemptions(peer: Peer, load: PeerLoad): Promise<PeerFigures> {
  const { count, connections, variant = "redemption" } = load;
  const rush = await prepareRush(peer, load);
  const client = new HttpClient(peer.origin);
  try {
    const path = `/api/v1/sales/${rush.sale.saleId}/${variant === "take" ? "takes" : "redemptions"}`;
    const requests = rush.orderIds.map((orderId, at) =>
      serializeRequest({
        host: client.host,
        method: "POST",
        path,
        token: memberOf(rush, at).token,
        body: { orderId, quantity: 1, epoch: EPOCH },
      }),
    );
    let soldOut = 0;
    const meter = new PeerCpuMeter(peer);
    const timeline = new Timeline(performance.now());
    const result = await client.drive({
      count,
      connections,
      request: (at) => requests[at] as Buffer,
      onReply: (_at, status, readBody) => {
        if (status === 409 && readBody().includes('"code":"sold_out"')) soldOut += 1;
      },
      onFinished: (nowMs) => timeline.count(nowMs),
    });
    const cpu = meter.read();
    const seen = result.statuses[201] ?? 0;
    const breaches = [...unexpected(result, soldOut), ...(await rushBreaches(peer, rush, seen))];
    const { perSecond, latenciesMs } = result;
    const series = [throughputOf(timeline.counts)];
    return { name: nameOf(peer, variant), perSecond, latenciesMs, ...cpu, breaches, series };
  } finally {
    client.close();
  }
}

export function nameOf(peer: Peer, variant: string): string {
  return `${peer.name}-${variant}`;
}

function unexpected(result: DriveResult, soldOut: number): string[] {
  const { statuses, failures } = result;
  const breaches: string[] = [];
  for (const [status, replies] of Object.entries(statuses)) {
    if (status === "201" || (status === "409" && replies === soldOut)) continue;
    breaches.push(`${replies} replies of status ${status}, ${soldOut} of them sold out`);
  }
  if (failures > 0) breaches.push(`${failures} requests without a reply`);
  return breaches;
}

/** Sold exactly min(units, demand), told of exactly that, and the whole of the books in order. */
export async function rushBreaches(peer: Peer, rush: Rush, seen: number): Promise<string[]> {
  const { saleId, units } = rush.sale;
  const row = await peer.books.sale(saleId);
  const sold = row === null ? Number.NaN : row.units - row.remaining;
  const wanted = Math.min(units, rush.orderIds.length);
  const breaches: string[] = [];
  if (sold !== wanted) breaches.push(`${saleId}: sold ${sold}; exact is ${wanted}`);
  if (seen !== sold) breaches.push(`${saleId}: clients were told of ${seen} grants of ${sold}`);
  return [...breaches, ...auditBreaches(auditDump(await peer.books.dump()))];
}
