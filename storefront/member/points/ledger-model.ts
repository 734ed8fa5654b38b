import type { EntryPart, EntryView } from "../../../worker/pages/wire.ts";
import type { LedgerFilter } from "../../../worker/pages/page-data.ts";
import type { PointsText } from "../../locales/points.zh-CN.ts";
import { dateIso } from "../../ui/format.ts";

export const NO_FILTER: LedgerFilter = { direction: null, type: null, days: null };

export function isFiltered({ direction, type, days }: LedgerFilter): boolean {
  return direction !== null || type !== null || days !== null;
}

/** The filter as a page's address carries it, so that a reload and a link show the same. */
export function filterSearch({ direction, type, days }: LedgerFilter): string {
  const query = new URLSearchParams();
  if (direction !== null) query.set("direction", direction);
  if (type !== null) query.set("type", type);
  if (days !== null) query.set("days", String(days));
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

/** Whether each entry carries the one before it; `null` when there is nothing to compare. */
export function isChained(entries: readonly EntryView[]): boolean | null {
  if (entries.length < 2) return null;
  return entries.every((entry, at) => {
    const before = entries[at + 1];
    return before === undefined || (entry.prevHash === before.hash && entry.seq === before.seq + 1);
  });
}

/** Newest first, a list a programme day. */
export function byDay(entries: readonly EntryView[]): EntryView[][] {
  const days: EntryView[][] = [];
  for (const entry of entries) {
    const last = days[days.length - 1];
    if (last?.[0] !== undefined && dateIso(last[0].occurredAtMs) === dateIso(entry.occurredAtMs))
      last.push(entry);
    else days.push([entry]);
  }
  return days;
}

/** What a row is called: its kind, and why. A note that is a code is said in words; other notes were written for people. */
export function titleOf(entry: EntryView, words: PointsText): string {
  const { type, reason } = entry;
  const code = words.ledger.codes[reason];
  if (code !== undefined) return code;
  const kind = words.ledger.types[type];
  if (kind === undefined || reason === "") return kind ?? reason;
  return `${kind}${words.ledger.colon}${reason}`;
}

/** A rule and a task are called as the merchant named them; the rest by what it is. */
export function isNamed({ kind }: EntryPart): boolean {
  return kind === "rule" || kind === "task" || kind === "discount";
}

export function partName(part: EntryPart, words: PointsText): string {
  return isNamed(part) ? part.name : words.entry.kinds[part.kind];
}

/** Which rule gave it, in a few words; empty where no rule did. */
export function ruleOf(entry: EntryView, words: PointsText): string {
  const [first, ...rest] = entry.breakdown;
  return first === undefined ? "" : words.ledger.rule(partName(first, words), rest.length);
}

/** Entries of a redemption; other entries may carry an order of the merchant's own system, which is no page here. */
const REDEMPTIONS = new Set(["hold", "capture", "release", "redeem", "redeem_rollback"]);

export function redeemedOrder({ type, orderId }: EntryView): string | null {
  return REDEMPTIONS.has(type) ? orderId : null;
}
