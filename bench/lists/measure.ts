/** Asks the lists of the console over HTTP, page after page, and says how long each took. */
import { percentile } from "../load/stats.ts";

export interface Measured {
  readonly name: string;
  readonly requests: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
}

export interface ListToMeasure {
  readonly name: string;
  readonly path: string;
  /** Pages that follow the first by its cursor; then the first again. */
  readonly pages: number;
}

export const LISTS: readonly ListToMeasure[] = [
  { name: "dashboard", path: "/api/v1/staff/dashboard", pages: 0 },
  { name: "members by activity", path: "/api/v1/staff/members?sort=-activity", pages: 20 },
  { name: "members by balance, upwards", path: "/api/v1/staff/members?sort=balance", pages: 20 },
  { name: "members by frequency", path: "/api/v1/staff/members?sort=-frequency", pages: 20 },
  { name: "members by id", path: "/api/v1/staff/members?q=m05", pages: 20 },
  {
    name: "members by name",
    path: `/api/v1/staff/members?q=${encodeURIComponent("张")}`,
    pages: 20,
  },
  { name: "members by phone", path: "/api/v1/staff/members?q=1234", pages: 3 },
  { name: "members of a tier", path: "/api/v1/staff/members?tier=gold", pages: 20 },
  { name: "members blocked", path: "/api/v1/staff/members?blocked=1", pages: 5 },
  { name: "members expiring", path: "/api/v1/staff/members?expiring=15", pages: 20 },
  { name: "members of a segment", path: "/api/v1/staff/members?segment=top", pages: 20 },
  {
    name: "members of a segment and tier",
    path: "/api/v1/staff/members?segment=top&tier=gold",
    pages: 20,
  },
  { name: "one member", path: "/api/v1/staff/members/m0500000", pages: 0 },
  { name: "segments", path: "/api/v1/staff/segments", pages: 0 },
  { name: "goods", path: "/api/v1/staff/goods", pages: 20 },
  {
    name: "goods by name",
    path: `/api/v1/staff/goods?q=${encodeURIComponent("好礼 42")}`,
    pages: 10,
  },
  { name: "goods by points", path: "/api/v1/staff/goods?sort=points", pages: 20 },
  { name: "goods of a state", path: "/api/v1/staff/goods?state=draft", pages: 20 },
  { name: "goods for a sale", path: "/api/v1/staff/sale-goods?words=9998", pages: 0 },
  { name: "goods running out", path: "/api/v1/staff/goods-alerts", pages: 0 },
  { name: "goods, the mix", path: "/api/v1/staff/goods-mix", pages: 0 },
  { name: "audit log", path: "/api/v1/staff/audit-log", pages: 20 },
  { name: "audit log of a person", path: "/api/v1/staff/audit-log?actor=staff:s7", pages: 20 },
  { name: "audit log of a kind", path: "/api/v1/staff/audit-log?action=staff.", pages: 20 },
  { name: "audit log of a sale", path: "/api/v1/staff/audit-log?subject=sale:big-7", pages: 5 },
  { name: "orders", path: "/api/v1/staff/orders", pages: 20 },
  { name: "orders to ship", path: "/api/v1/staff/orders?state=to_ship", pages: 20 },
];

/** No list in the answer has anything on it. */
const isBare = (body: object): boolean => {
  const lists = Object.values(body).filter(Array.isArray);
  return lists.length > 0 && lists.every((list) => list.length === 0);
};

export async function measure(
  origin: string,
  token: string,
  { name, path, pages }: ListToMeasure,
  requests: number,
): Promise<Measured> {
  const times: number[] = [];
  let cursor: string | null = null;
  let page = 0;
  // The first of a kind warms the statement and the pages of the file, as the first of the day would.
  for (let at = -2; at < requests; at += 1) {
    const more: string =
      cursor === null
        ? ""
        : `${path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(cursor)}`;
    const startedAtMs = performance.now();
    const response = await fetch(origin + path + more, {
      headers: { authorization: `Bearer ${token}` },
    });
    const body = (await response.json()) as { nextCursor?: string | null };
    if (at >= 0) times.push(performance.now() - startedAtMs);
    if (!response.ok) throw new Error(`${path}${more}: ${response.status} ${JSON.stringify(body)}`);
    // A list that is quick because nothing is on it proves nothing.
    if (page === 0 && name !== "dashboard" && isBare(body)) throw new Error(`${path} is empty`);
    page += 1;
    cursor = page <= pages ? (body.nextCursor ?? null) : null;
    if (cursor === null) page = 0;
  }
  const all = Float64Array.from(times);
  const [p50Ms, p95Ms, maxMs] = [0.5, 0.95, 1].map((share) => percentile(all, share));
  return { name, requests, p50Ms: p50Ms ?? 0, p95Ms: p95Ms ?? 0, maxMs: maxMs ?? 0 };
}
