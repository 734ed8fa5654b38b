/** What became of a sale between two commits, in words that a monitor can show. Pure. */
import type { Sale } from "./model.ts";

export type SaleEventKind =
  | "scheduled"
  | "opened"
  | "paused"
  | "resumed"
  | "closed"
  | "wave"
  | "restocked"
  | "released"
  | "extended"
  | "sold_out";

export interface SaleEvent {
  readonly kind: SaleEventKind;
  /** Units that moved, the shelf after it, the new end. */
  readonly figures: Readonly<Record<string, number>>;
}

function ofStatus(before: Sale, after: Sale): SaleEvent[] {
  if (before.status === after.status) return [];
  const figures = { shelf: after.shelf, granted: after.granted };
  switch (after.status) {
    case "scheduled":
      return [{ kind: "scheduled", figures: { units: after.stocked } }];
    case "open":
      return [{ kind: before.status === "paused" ? "resumed" : "opened", figures }];
    case "paused":
      return [{ kind: "paused", figures }];
    case "closed":
      return [{ kind: "closed", figures }];
    default:
      return [];
  }
}

/** In the order in which they are told. A batch of takes, which is the peak, leaves by the first line. */
export function eventsBetween(before: Sale, after: Sale): SaleEvent[] {
  if (before.granted !== after.granted && after.shelf > 0) return [];
  const events = ofStatus(before, after);
  const { shelf, epoch } = after;
  if (after.stocked > before.stocked) {
    const units = after.stocked - before.stocked;
    events.push({ kind: "restocked", figures: { units, shelf, epoch } });
  }
  const isOnSale = after.status === "open" || after.status === "paused";
  if (isOnSale && before.returned > 0 && after.returned === 0)
    events.push({ kind: "wave", figures: { units: before.returned, shelf, epoch } });
  if (isOnSale && after.reserve < before.reserve) {
    const units = before.reserve - after.reserve;
    events.push({ kind: "released", figures: { units, shelf, epoch } });
  }
  if (after.terms.closesAtMs > before.terms.closesAtMs)
    events.push({ kind: "extended", figures: { closesAtMs: after.terms.closesAtMs } });
  if (after.status === "open" && before.shelf > 0 && shelf === 0)
    events.push({ kind: "sold_out", figures: { granted: after.granted } });
  return events;
}
