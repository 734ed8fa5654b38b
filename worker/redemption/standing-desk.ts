/** What the catalogue does to the standing sale of a SKU: its terms and its stock. Runs inside a commit. */
import { invariant } from "../kernel/invariant.ts";
import { allocate, changeStatus, restock, type Sale, type SaleTerms } from "./model.ts";
import { rest } from "./resting.ts";
import { advanceAll, createSku, type NewSku } from "./sales-desk.ts";
import type { SkuStore } from "./store.ts";

/** How a SKU is offered at any hour. */
export interface StandingOffer extends NewSku {
  readonly pricePoints: number;
  readonly dailyLimitPerMember: number | null;
  /** False: the standing sale rests, and units stay where they are. */
  readonly isOn: boolean;
  /** When it is to rest by itself; null: not known. */
  readonly restsAtMs: number | null;
}

export interface StockCommand {
  /** One id is obeyed once. */
  readonly requestId: string;
  /** Units that come, or go when negative. */
  readonly units: number;
}

export type StockOutcome =
  | { readonly kind: "done"; readonly shelfAfter: number; readonly isReplay: boolean }
  | { readonly kind: "not_found" }
  | { readonly kind: "units_insufficient"; readonly shelf: number };

/** Opens the books when there are none; otherwise changes what differs. Repeating it changes nothing. */
export function offerStanding(store: SkuStore, offer: StandingOffer, nowMs: number): Sale {
  if (!store.sku) createSku(store, { ...offer, units: 0 }, nowMs);
  advanceAll(store, nowMs);
  const { sku, standingSale: before } = store;
  invariant(sku && before, "a SKU has a standing sale");
  if (JSON.stringify(sku.goods) !== JSON.stringify(offer.goods)) {
    store.saveSku({ ...sku, goods: offer.goods });
  }
  const repriced = reprice(before, termsOf(before.terms, offer));
  const turned = turn(repriced, offer.isOn, nowMs);
  if (turned === before) return before;
  store.saveSale(before, turned, nowMs);
  if (turned.terms !== before.terms) store.saveTerms(turned);
  return turned;
}

function termsOf(terms: SaleTerms, offer: StandingOffer): SaleTerms {
  const { goods: _old, restsAtMs: _then, ...kept } = terms;
  const { pricePoints, priceFen, limitPerMember, dailyLimitPerMember, quantityMax } = offer;
  return {
    ...kept,
    ...offer.goods,
    ...{ pricePoints, priceFen, limitPerMember, dailyLimitPerMember, quantityMax },
    payWithinMs: offer.payWithinMs ?? null,
    ...(offer.restsAtMs === null ? {} : { restsAtMs: offer.restsAtMs }),
    version: terms.version,
  };
}

function turn(sale: Sale, isOn: boolean, nowMs: number): Sale {
  if (!isOn) return rest(sale);
  const turned = changeStatus(sale, { kind: "resume" }, nowMs);
  invariant(turned !== "conflict", "a standing sale is open or paused");
  return turned;
}

/** Units come by a restock; they leave as units do that another sale takes, so that the sum stays whole. */
export function moveStock(store: SkuStore, command: StockCommand, nowMs: number): StockOutcome {
  const known = store.stockAct(command.requestId);
  if (known !== null) return { kind: "done", shelfAfter: known, isReplay: true };
  advanceAll(store, nowMs);
  const standing = store.standingSale;
  if (!standing) return { kind: "not_found" };
  const { units } = command;
  const moved = units > 0 ? restock(standing, units) : allocate(standing, -units);
  if (moved === "insufficient") return { kind: "units_insufficient", shelf: standing.shelf };
  store.saveSale(standing, moved, nowMs);
  store.keepStockAct(command.requestId, moved.shelf);
  globalThis.failpoints?.mark("sku:command");
  return { kind: "done", shelfAfter: moved.shelf, isReplay: false };
}

/**
 * Changes what the standing sale asks for. A new epoch makes the change exact: a hold at the old price meets `stale` at the
 * Sku and is void, so nobody pays what they were not shown. Words and pictures alone change nothing that was promised.
 */
export function reprice(sale: Sale, terms: SaleTerms): Sale {
  invariant(terms.saleId === sale.terms.saleId, "terms belong to their sale");
  invariant(sale.status !== "closed", "a closed sale keeps its terms");
  const changed = { ...terms, version: sale.terms.version };
  if (isSame(changed, sale.terms)) return sale;
  const isBinding = !isSame(bindingTerms(changed), bindingTerms(sale.terms));
  return {
    ...sale,
    terms: { ...terms, version: sale.terms.version + 1 },
    epoch: sale.epoch + (isBinding ? 1 : 0),
    version: sale.version + 1,
  };
}

function bindingTerms(terms: SaleTerms): unknown[] {
  const { pricePoints, priceFen, limitPerMember, dailyLimitPerMember, quantityMax, goods } = terms;
  const of = goods && [goods.freightFen, goods.freightTemplateId, goods.limits, goods.audience];
  return [pricePoints, priceFen, limitPerMember, dailyLimitPerMember, quantityMax, of ?? null];
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
