/** What staff and the calendar do to the sales of one SKU. Runs inside a commit; decides by the pure model. */
import { nextProgrammeMonthMs, ZONE_OFFSET_MS } from "../kernel/clock.ts";
import { saleIdOf } from "../kernel/ids.ts";
import { invariant, unreachable } from "../kernel/invariant.ts";
import {
  advance,
  allocate,
  changeStatus,
  draftSale,
  moveOut,
  restock,
  wave,
  type Sale,
  type SaleTerms,
} from "./model.ts";
import { extend } from "./terms.ts";
import type { SkuGoods, SkuRecord, SkuStore } from "./store.ts";

const WAVE_INTERVAL_MS = 30_000;

export interface NewSku {
  readonly skuKey: string;
  readonly goods: SkuGoods;
  readonly supply: "stocked" | "on_demand";
  readonly units: number;
  /** Price of the standing sale; null keeps ordinary redemption paused. */
  readonly pricePoints: number | null;
  readonly priceFen: number;
  readonly limitPerMember: number;
  readonly quantityMax: number;
  /** How long ordinary redemption waits for its cash; null or absent: due on delivery. */
  readonly payWithinMs?: number | null;
}

export interface NewSale {
  readonly title: string | null;
  readonly pricePoints: number;
  readonly priceFen: number;
  readonly units: number;
  readonly limitPerMember: number;
  readonly dailyLimitPerMember: number | null;
  readonly quantityMax: number;
  readonly dailyUnits: number | null;
  readonly opensAtMs: number;
  readonly closesAtMs: number;
  readonly payWithinMs?: number | null;
  /** Absent: as every sale has it. */
  readonly waveIntervalMs?: number;
  readonly doors?: number;
}

export type StaffCommand =
  | { readonly kind: "schedule" | "pause" | "resume" | "wave" }
  /** A flash sale that members are in ends before its hour only where the command says so: that takes a second person. */
  | { readonly kind: "close"; readonly isEarly?: boolean }
  /** Fresh units; or units that lie on the standing shelf, where no new ones come into being. */
  | { readonly kind: "restock"; readonly units: number; readonly fromStanding?: boolean }
  | { readonly kind: "extend"; readonly closesAtMs: number };

export type StaffOutcome =
  | { readonly kind: "done"; readonly sale: Sale }
  | { readonly kind: "not_found" }
  | {
      readonly kind: "conflict";
      readonly reason: string;
      readonly figures: Record<string, number | string>;
    };

/** Opens the books of a SKU. Repeating it changes nothing. */
export function createSku(store: SkuStore, sku: NewSku, nowMs: number): SkuRecord {
  if (store.sku) return store.sku;
  const standingSaleId = saleIdOf(sku.skuKey, 0);
  const record: SkuRecord = {
    skuKey: sku.skuKey,
    supply: sku.supply,
    goods: sku.goods,
    nextOrdinal: 1,
    standingSaleId,
  };
  store.saveSku(record);
  const terms: SaleTerms = {
    saleId: standingSaleId,
    skuKey: sku.skuKey,
    kind: "standing",
    ...sku.goods,
    pricePoints: sku.pricePoints ?? 0,
    priceFen: sku.priceFen,
    limitPerMember: sku.limitPerMember,
    dailyLimitPerMember: null,
    quantityMax: sku.quantityMax,
    dailyUnits: null,
    opensAtMs: nowMs,
    closesAtMs: nextProgrammeMonthMs(nowMs, ZONE_OFFSET_MS),
    waveIntervalMs: WAVE_INTERVAL_MS,
    zoneOffsetMs: ZONE_OFFSET_MS,
    version: 1,
    payWithinMs: sku.payWithinMs ?? null,
  };
  store.insertSale(openAtOnce(draftSale(terms, sku.units), sku.pricePoints === null, nowMs), nowMs);
  return record;
}

function openAtOnce(draft: Sale, isPaused: boolean, nowMs: number): Sale {
  const scheduled = changeStatus(draft, { kind: "schedule" }, nowMs);
  invariant(scheduled !== "conflict", "a draft can be scheduled");
  const open = advance(scheduled, nowMs);
  if (!isPaused) return open;
  const paused = changeStatus(open, { kind: "pause" }, nowMs);
  invariant(paused !== "conflict", "an open sale can be paused");
  return paused;
}

/** Writes a sale on paper; its units stay where they are until it is scheduled. */
export function draftFlashSale(store: SkuStore, draft: NewSale, nowMs: number): Sale {
  const sku = store.sku;
  invariant(sku, "a sale is drafted for a SKU that exists");
  const terms: SaleTerms = {
    saleId: saleIdOf(sku.skuKey, sku.nextOrdinal),
    skuKey: sku.skuKey,
    kind: "flash",
    ...flashGoods(sku.goods),
    title: draft.title ?? sku.goods.title,
    pricePoints: draft.pricePoints,
    priceFen: draft.priceFen,
    limitPerMember: draft.limitPerMember,
    dailyLimitPerMember: draft.dailyLimitPerMember,
    quantityMax: draft.quantityMax,
    dailyUnits: draft.dailyUnits,
    opensAtMs: draft.opensAtMs,
    closesAtMs: draft.closesAtMs,
    waveIntervalMs: draft.waveIntervalMs ?? WAVE_INTERVAL_MS,
    zoneOffsetMs: ZONE_OFFSET_MS,
    ...(draft.doors === undefined ? {} : { doors: draft.doors }),
    version: 1,
    payWithinMs: draft.payWithinMs ?? null,
  };
  const sale = draftSale(terms, draft.units);
  store.saveSku({ ...sku, nextOrdinal: sku.nextOrdinal + 1 });
  store.insertSale(sale, nowMs);
  return sale;
}

/** A sale has limits of its own; who may take part is the goods' word. */
function flashGoods(goods: SkuGoods): SkuGoods {
  return goods.goods ? { ...goods, goods: { ...goods.goods, limits: null } } : goods;
}

export function runStaffCommand(
  store: SkuStore,
  saleId: string,
  command: StaffCommand,
  nowMs: number,
  actor: string | null = null,
): StaffOutcome {
  advanceAll(store, nowMs);
  const sale = store.sale(saleId);
  if (!sale) return { kind: "not_found" };
  const outcome = decideStaffCommand(store, sale, command, nowMs);
  if (outcome.kind !== "done") return outcome;
  store.saveSale(sale, outcome.sale, nowMs, actor);
  globalThis.failpoints?.mark("sku:command");
  advanceAll(store, nowMs);
  settleClosed(store, sale, outcome.sale, nowMs);
  return { kind: "done", sale: store.sale(saleId) ?? outcome.sale };
}

function decideStaffCommand(
  store: SkuStore,
  sale: Sale,
  command: StaffCommand,
  nowMs: number,
): StaffOutcome {
  switch (command.kind) {
    case "schedule":
      return schedule(store, sale, nowMs);
    case "close":
    case "pause":
    case "resume": {
      const isLive = sale.status === "open" || sale.status === "paused";
      if (command.kind === "close" && !command.isEarly && isLive && sale.terms.kind === "flash")
        return { kind: "conflict", reason: "second_person", figures: { saleStatus: sale.status } };
      const next = changeStatus(sale, { kind: command.kind }, nowMs);
      return next === "conflict" ? statusConflict(sale) : { kind: "done", sale: next };
    }
    case "wave":
      return sale.status === "open" || sale.status === "paused"
        ? { kind: "done", sale: wave(sale) }
        : statusConflict(sale);
    case "restock":
      if (sale.status === "closed" || sale.status === "draft") return statusConflict(sale);
      if (command.fromStanding && sale.terms.kind === "flash") {
        const short = takeFromStanding(store, command.units, nowMs);
        if (short) return short;
      }
      return { kind: "done", sale: restock(sale, command.units) };
    case "extend":
      return later(store, sale, command.closesAtMs);
    default:
      return unreachable(command);
  }
}

function statusConflict(sale: Sale): StaffOutcome {
  return { kind: "conflict", reason: "status", figures: { saleStatus: sale.status } };
}

/** Repeating it changes nothing; an earlier end is the close, which has rules of its own. */
function later(store: SkuStore, sale: Sale, closesAtMs: number): StaffOutcome {
  if (sale.status !== "closed" && closesAtMs === sale.terms.closesAtMs)
    return { kind: "done", sale };
  const next = extend(sale, closesAtMs);
  if (next !== "conflict") return overlapProblem(store, next) ?? { kind: "done", sale: next };
  if (sale.status === "closed" || sale.status === "draft" || sale.terms.kind === "standing")
    return statusConflict(sale);
  const figures = { closesAtMs: sale.terms.closesAtMs };
  return { kind: "conflict", reason: "end_not_later", figures };
}

/** Scheduling takes the units from the standing shelf; an on-demand SKU stocks what is missing first. */
function schedule(store: SkuStore, sale: Sale, nowMs: number): StaffOutcome {
  if (sale.status === "closed") return statusConflict(sale);
  // Repeating it changes nothing, also when its hour has come meanwhile.
  if (sale.status !== "draft") return { kind: "done", sale };
  if (sale.terms.closesAtMs <= nowMs) {
    return {
      kind: "conflict",
      reason: "window_over",
      figures: { closesAtMs: sale.terms.closesAtMs },
    };
  }
  const overlap = overlapProblem(store, sale);
  if (overlap) return overlap;
  const short = takeFromStanding(store, sale.stocked, nowMs);
  if (short) return short;
  const scheduled = changeStatus(sale, { kind: "schedule" }, nowMs);
  invariant(scheduled !== "conflict", "a draft can be scheduled");
  return { kind: "done", sale: scheduled };
}

export interface SkuStockView {
  readonly supply: SkuRecord["supply"];
  readonly standingShelf: number;
  /** Flash sales that members have been promised. */
  readonly promised: readonly {
    readonly saleId: string;
    readonly title: string;
    readonly opensAtMs: number;
    readonly closesAtMs: number;
  }[];
}

export function stockView(store: SkuStore, sku: SkuRecord): SkuStockView {
  const promised = [...store.running.values()]
    .filter(({ terms, status }) => terms.kind === "flash" && status !== "draft")
    .map(({ terms: { saleId, title, opensAtMs, closesAtMs } }) => {
      return { saleId, title, opensAtMs, closesAtMs };
    });
  return { supply: sku.supply, standingShelf: standingSaleOf(store).shelf, promised };
}

/** Null: they have left the standing shelf, in this commit. An on-demand SKU stocks what is missing first. */
function takeFromStanding(store: SkuStore, units: number, nowMs: number): StaffOutcome | null {
  const standing = standingSaleOf(store);
  const missing = units - standing.shelf;
  const stocked =
    missing > 0 && store.sku?.supply === "on_demand" ? restock(standing, missing) : standing;
  const lowered = allocate(stocked, units);
  if (lowered === "insufficient") {
    const figures = { units, onStandingShelf: standing.shelf };
    return { kind: "conflict", reason: "units_insufficient", figures };
  }
  store.saveSale(standing, lowered, nowMs);
  return null;
}

/** Another flash sale of this SKU that runs at the same time: members would see one thing at two prices. */
function overlapProblem(store: SkuStore, sale: Sale): StaffOutcome | null {
  for (const other of store.running.values()) {
    const isPromised = other.terms.kind === "flash" && other.status !== "draft";
    if (!isPromised || other.terms.saleId === sale.terms.saleId) continue;
    const { saleId, title, opensAtMs, closesAtMs } = other.terms;
    if (opensAtMs >= sale.terms.closesAtMs || sale.terms.opensAtMs >= closesAtMs) continue;
    const figures = { otherSaleId: saleId, otherTitle: title, opensAtMs, closesAtMs };
    return { kind: "conflict", reason: "overlap", figures };
  }
  return null;
}

function standingSaleOf({ standingSale }: SkuStore): Sale {
  invariant(standingSale, "a SKU has a standing sale");
  return standingSale;
}

/** Does what the clock triggers for every running sale; a closed one gives its units back to the standing shelf. */
export function advanceAll(store: SkuStore, nowMs: number): void {
  for (const sale of [...store.running.values()]) {
    const next = advance(sale, nowMs);
    if (next === sale) continue;
    store.saveSale(sale, next, nowMs);
    globalThis.failpoints?.mark("sku:advance");
    settleClosed(store, sale, next, nowMs);
  }
}

/** After the close what is left, and what still returns, goes back by a restock: nothing is stranded. */
export function settleClosed(store: SkuStore, before: Sale, sale: Sale, nowMs: number): void {
  if (sale.status !== "closed") return;
  const standing = standingSaleOf(store);
  const isPaused = before.status === "paused";
  const target =
    standing.status === "closed" ? rollOver(store, standing, isPaused, nowMs) : standing;
  const moved = moveOut(sale);
  if (moved.units === 0) return;
  store.saveSale(sale, moved.sale, nowMs);
  store.saveSale(target, restock(target, moved.units), nowMs);
}

/** The monthly roll-over: a new standing sale takes the place of the closed one, so that old rows can be archived. */
function rollOver(store: SkuStore, closed: Sale, isPaused: boolean, nowMs: number): Sale {
  const sku = store.sku;
  invariant(sku, "a standing sale belongs to a SKU");
  const saleId = saleIdOf(sku.skuKey, sku.nextOrdinal);
  const terms: SaleTerms = {
    ...closed.terms,
    saleId,
    opensAtMs: nowMs,
    closesAtMs: nextProgrammeMonthMs(nowMs, closed.terms.zoneOffsetMs),
    version: 1,
  };
  const next = openAtOnce(draftSale(terms, 0), isPaused, nowMs);
  store.saveSku({ ...sku, nextOrdinal: sku.nextOrdinal + 1, standingSaleId: saleId });
  store.insertSale(next, nowMs);
  return next;
}
