/** What people read of a member's points: pages of the ledger, what happened when, and the balance of any past moment. */
import type { LedgerFilter } from "./entries-store.ts";
import type { Order } from "./orders.ts";
import { balanceAt, type PointsEntry, type WalletBalance } from "./points/index.ts";
import type { EntriesPage, TimelineItem, TimelinePage } from "./requests.ts";
import type { AccountStore } from "./store.ts";

/** Orders of one member that a statement looks at, newest first. */
const ORDERS_MAX = 10_000;

export function entriesPage(
  store: AccountStore,
  memberKey: string,
  filter: LedgerFilter,
  beforeSeq: number,
  count: number,
): Omit<EntriesPage, "names"> {
  const entries = store.entries.page(memberKey, beforeSeq, count + 1, filter);
  const page = entries.slice(0, count);
  const nextBeforeSeq = entries.length > count ? (page.at(-1)?.seq ?? null) : null;
  return { entries: page, nextBeforeSeq };
}

/** Entries, and what orders did that no entry tells of. Newest first; `before` is the key of the last item seen. */
export function timelinePage(
  store: AccountStore,
  memberKey: string,
  before: string | null,
  count: number,
): TimelinePage {
  const items: TimelineItem[] = [];
  for (const { entry } of store.entries.ledgerOf(memberKey)) items.push(itemOfEntry(entry));
  for (const order of store.orders.orders(memberKey, ORDERS_MAX))
    items.push(...itemsOfOrder(order));
  items.sort((a, b) => (a.key < b.key ? 1 : -1));
  const rest = before === null ? items : items.filter(({ key }) => key < before);
  const page = rest.slice(0, count);
  return { items: page, nextBefore: rest.length > count ? (page.at(-1)?.key ?? null) : null };
}

/** Sorts by time, then by what caused what: an order's hold comes before the entry of its end. */
function keyOf(atMs: number, rank: number, id: string | number): string {
  return `${String(atMs).padStart(14, "0")}.${rank}.${String(id).padStart(12, "0")}`;
}

function itemOfEntry(entry: PointsEntry): TimelineItem {
  return { key: keyOf(entry.recordedAtMs, 1, entry.seq), atMs: entry.recordedAtMs, entry };
}

function itemsOfOrder(order: Order): TimelineItem[] {
  const { orderId, saleId, points, hold, createdAtMs, updatedAtMs, refusal } = order;
  const { title } = order.goods;
  const item = (event: "held" | "refused" | "voided", atMs: number): TimelineItem => ({
    key: keyOf(atMs, event === "voided" ? 2 : 0, orderId),
    atMs,
    order: { event, orderId, saleId, title, points, code: refusal?.code ?? null },
  });
  if (hold === "refused") return [item("refused", createdAtMs)];
  const held = item("held", createdAtMs);
  return hold === "voided" ? [held, item("voided", updatedAtMs)] : [held];
}

/** By replay of the ledger, and of the holds that were open at that moment without an entry. */
export function pointsAt(store: AccountStore, memberKey: string, atMs: number): WalletBalance {
  const entries: PointsEntry[] = [];
  const spent = new Set<string>();
  for (const { entry } of store.entries.ledgerOf(memberKey)) {
    if (entry.recordedAtMs > atMs) break;
    entries.push(entry);
    if (entry.type === "redeem" && entry.orderId !== null) spent.add(entry.orderId);
  }
  const open = store.orders.orders(memberKey, ORDERS_MAX).filter((order) => {
    if (order.isHoldRecorded || order.hold === "refused" || order.createdAtMs > atMs) return false;
    if (order.hold === "voided") return order.updatedAtMs > atMs;
    return !spent.has(order.orderId);
  });
  return balanceAt(memberKey, entries, atMs, open);
}
