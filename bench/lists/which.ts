/** The lists of the console, each with its filters and orders, and those that are no matter of size. */
import { LARGE_SUPPLIER, SMALL_SUPPLIER } from "./fill.ts";

export interface ListToMeasure {
  readonly name: string;
  readonly path: string;
  /** Pages that follow the first by its cursor; then the first again. */
  readonly pages: number;
}

const TO_SEND = { state: "to_ship", sender: "supplier" };
const ordersOf = (filter: Readonly<Record<string, string>>): string =>
  `/api/v1/staff/orders?${new URLSearchParams(filter).toString()}`;

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
  { name: "members who redeemed", path: "/api/v1/staff/members?redeemed=30", pages: 20 },
  { name: "members of a segment", path: "/api/v1/staff/members?segment=top", pages: 20 },
  {
    name: "members of a segment and tier",
    path: "/api/v1/staff/members?segment=top&tier=gold",
    pages: 20,
  },
  { name: "one member", path: "/api/v1/staff/members/m0500000", pages: 0 },
  { name: "ledger", path: "/api/v1/staff/ledger", pages: 20 },
  { name: "ledger of a member", path: "/api/v1/staff/ledger?q=m0500000", pages: 0 },
  { name: "ledger of a common type", path: "/api/v1/staff/ledger?type=redeem_rollback", pages: 20 },
  { name: "ledger of a rare type", path: "/api/v1/staff/ledger?type=manual_credit", pages: 2 },
  { name: "ledger of a rule", path: "/api/v1/staff/ledger?rule=rule-7", pages: 20 },
  { name: "ledger of a store", path: "/api/v1/staff/ledger?store=store-7", pages: 20 },
  { name: "ledger of a person", path: "/api/v1/staff/ledger?actor=staff:s7", pages: 2 },
  { name: "ledger of large figures", path: "/api/v1/staff/ledger?pointsMin=10000", pages: 20 },
  {
    name: "ledger of a store and type",
    path: "/api/v1/staff/ledger?store=store-7&type=earn_order",
    pages: 20,
  },
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
  { name: "goods that are out", path: "/api/v1/staff/goods-figures?of=out", pages: 20 },
  { name: "goods that go slowly", path: "/api/v1/staff/goods-figures?of=slow", pages: 20 },
  { name: "goods, the mix", path: "/api/v1/staff/goods-mix", pages: 0 },
  { name: "audit log", path: "/api/v1/staff/audit-log", pages: 20 },
  { name: "audit log of a person", path: "/api/v1/staff/audit-log?actor=staff:s7", pages: 20 },
  { name: "audit log of a kind", path: "/api/v1/staff/audit-log?action=staff.", pages: 20 },
  { name: "audit log of a sale", path: "/api/v1/staff/audit-log?subject=sale:big-7", pages: 5 },
  { name: "orders", path: "/api/v1/staff/orders", pages: 20 },
  {
    name: "orders by number",
    path: "/api/v1/staff/orders?q=bench-order-000400000",
    pages: 0,
  },
  { name: "orders of goods, all so named", path: ordersOf({ q: "好礼" }), pages: 20 },
  { name: "orders of goods, few so named", path: ordersOf({ q: "好礼 998" }), pages: 5 },
  { name: "orders of a member", path: "/api/v1/staff/orders?q=m0400000", pages: 0 },
  { name: "orders of a kind", path: "/api/v1/staff/orders?kind=coupon", pages: 20 },
  { name: "orders that wait, counted", path: "/api/v1/staff/orders/waiting", pages: 0 },
  { name: "orders to ship", path: "/api/v1/staff/orders?state=to_ship", pages: 20 },
  { name: "orders of a supplier", path: ordersOf({ supplier: SMALL_SUPPLIER }), pages: 20 },
  { name: "orders of a large supplier", path: ordersOf({ supplier: LARGE_SUPPLIER }), pages: 20 },
  {
    name: "orders that a supplier sends",
    path: ordersOf({ ...TO_SEND, supplier: LARGE_SUPPLIER }),
    pages: 20,
  },
  { name: "orders that suppliers send", path: ordersOf(TO_SEND), pages: 20 },
  { name: "suppliers", path: "/api/v1/staff/suppliers", pages: 5 },
  { name: "after-sales that wait", path: "/api/v1/staff/after-sales", pages: 20 },
  {
    name: "after-sales that are over",
    path: "/api/v1/staff/after-sales?state=done",
    pages: 20,
  },
  { name: "money", path: "/api/v1/staff/finance", pages: 0 },
  { name: "money moves", path: "/api/v1/staff/finance/moves", pages: 20 },
  { name: "orders in doubt", path: "/api/v1/staff/finance/in-doubt", pages: 0 },
  { name: "stored value", path: "/api/v1/staff/stored-value", pages: 20 },
  { name: "ratings to read", path: "/api/v1/staff/ratings", pages: 20 },
  { name: "write-offs", path: "/api/v1/staff/write-offs", pages: 0 },
  { name: "write-offs of a store", path: "/api/v1/staff/write-offs?storeId=store-7", pages: 0 },
  { name: "top-ups in trouble", path: "/api/v1/staff/top-ups/troubled", pages: 0 },
  { name: "adjustments by hand", path: "/api/v1/staff/adjustments", pages: 0 },
  { name: "approvals", path: "/api/v1/staff/approvals", pages: 20 },
  { name: "approvals that wait", path: "/api/v1/staff/approvals?state=proposed", pages: 0 },
];

/** Lists that are as long as a merchant's settings, the request or what waits for a person, or whole exports that stream. A new list has to be put somewhere. */
export const NOT_MEASURED: readonly string[] = [
  ...["approval-kinds", "campaigns", "carriers", "categories", "channels", "codes"],
  ...[
    "earning/invites",
    "earning/rules",
    "earning/schemas",
    "earning/tasks",
    "earning/terms",
    "earning/till-codes",
  ],
  ...[
    "finance/settings",
    "freight-templates",
    "labels",
    "me",
    "me/names",
    "me/security",
    "me/sessions",
  ],
  ...["pages", "people", "policy", "roles", "sale-preview", "sessions", "tenant", "theme/contrast"],
  ...["vault", "write-offs/expected", "write-offs/stores"],
  ...["audit-log/export", "audit-log/verify", "goods-export", "ledger/export", "orders/export"],
  "orders/supplier-file",
].map((path) => `/api/v1/staff/${path}`);

/** Lists among these paths of the API that stand nowhere here: what is asked by a GET of staff and names no single thing. */
export function unplaced(
  paths: Readonly<Record<string, { readonly get?: object }>>,
): readonly string[] {
  const known = new Set([...LISTS.map(({ path }) => path.split("?")[0]), ...NOT_MEASURED]);
  return Object.entries(paths)
    .filter(([path, { get }]) => get && path.startsWith("/api/v1/staff/") && !path.includes("{"))
    .flatMap(([path]) => (known.has(path) ? [] : [path]));
}
