/** What stands against a session of sales. Pure: the figures come from the Skus and the calendar. */
import type { SessionCheck, SessionDraft } from "./wire.ts";

/** A sale that members have been promised. */
export interface Promised {
  readonly saleId: string;
  readonly title: string;
  readonly opensAtMs: number;
  readonly closesAtMs: number;
}

/** What a Sku says of itself. */
export interface SkuStock {
  readonly supply: "stocked" | "on_demand";
  readonly standingShelf: number;
  readonly promised: readonly Promised[];
}

export interface Neighbour {
  readonly sessionId: string;
  readonly title: string;
  readonly opensAtMs: number;
}

export interface CheckWorld {
  readonly nowMs: number;
  /** Null: the programme has no such SKU. */
  readonly stock: ReadonlyMap<string, SkuStock | null>;
  /** Other sessions of the same day. */
  readonly sameDay: readonly Neighbour[];
  /** The newest rehearsal of this session, or null. */
  readonly rehearsal: { readonly atMs: number; readonly isProven: boolean } | null;
}

type Check = SessionCheck["check"];
type Figures = SessionCheck["figures"];

const say = (
  check: Check,
  level: SessionCheck["level"],
  skuId: string | null = null,
  figures: Figures = {},
): SessionCheck => ({ check, level, skuId, figures });

/** Every point on the list that staff see before they schedule, good news included. */
export function checkSession(draft: SessionDraft, world: CheckWorld): SessionCheck[] {
  return [
    ...ofSession(draft, world),
    ...draft.items.flatMap(({ skuId, units }) => {
      return ofSku(skuId, unitsOf(draft, skuId), units, draft, world);
    }),
    ...ofNeighbours(world),
    ofRehearsal(world),
  ];
}

export function errorsOf(checks: readonly SessionCheck[]): SessionCheck[] {
  return checks.filter(({ level }) => level === "error");
}

function ofSession(draft: SessionDraft, { nowMs }: CheckWorld): SessionCheck[] {
  const checks: SessionCheck[] = [];
  if (draft.items.length === 0) checks.push(say("items", "error"));
  const { opensAtMs, closesAtMs } = draft;
  if (closesAtMs <= nowMs) checks.push(say("window", "error", null, { closesAtMs }));
  else if (opensAtMs <= nowMs) checks.push(say("window", "warn", null, { opensAtMs }));
  else checks.push(say("window", "ok", null, { opensAtMs, closesAtMs }));
  const seen = new Set<string>();
  for (const { skuId } of draft.items) {
    if (seen.has(skuId)) checks.push(say("sku_twice", "error", skuId));
    seen.add(skuId);
  }
  return checks;
}

function unitsOf(draft: SessionDraft, skuId: string): number {
  return draft.items
    .filter((item) => item.skuId === skuId)
    .reduce((units, item) => units + item.units, 0);
}

function ofSku(
  skuId: string,
  unitsInAll: number,
  units: number,
  window: { readonly opensAtMs: number; readonly closesAtMs: number },
  world: CheckWorld,
): SessionCheck[] {
  const stock = world.stock.get(skuId) ?? null;
  if (!stock) return [say("sku_unknown", "error", skuId)];
  const other = stock.promised.find(
    (one) => one.opensAtMs < window.closesAtMs && window.opensAtMs < one.closesAtMs,
  );
  const overlap = other
    ? say("overlap", "error", skuId, {
        otherSaleId: other.saleId,
        otherTitle: other.title,
        opensAtMs: other.opensAtMs,
        closesAtMs: other.closesAtMs,
      })
    : say("overlap", "ok", skuId);
  const figures = { units, onStandingShelf: stock.standingShelf };
  const isShort = stock.supply === "stocked" && stock.standingShelf < unitsInAll;
  if (stock.supply === "on_demand")
    return [overlap, say("units", "info", skuId, { units, onDemand: 1 })];
  return [overlap, say("units", isShort ? "error" : "ok", skuId, figures)];
}

function ofNeighbours({ sameDay }: CheckWorld): SessionCheck[] {
  return sameDay.slice(0, 3).map(({ title, opensAtMs }) => {
    return say("same_day", "warn", null, { otherTitle: title, opensAtMs });
  });
}

function ofRehearsal({ rehearsal }: CheckWorld): SessionCheck {
  if (!rehearsal) return say("rehearsal", "info");
  return say("rehearsal", rehearsal.isProven ? "ok" : "error", null, { atMs: rehearsal.atMs });
}
