/** Goods reach the shelves here: what D1 says of them is copied into the standing sale of each of their SKUs. */
import { skuKeyOf, storeSkuId } from "../kernel/ids.ts";
import { tellOpenPages } from "../open-pages/index.ts";
import { payWithinMs } from "../payments/index.ts";
import { stubOf, type Env } from "../platform/env.ts";
import { describeError, log } from "../platform/log.ts";
import { attempt, attemptEach } from "../platform/upkeep.ts";
import type { StandingOffer } from "../redemption/index.ts";
import { forgetVersion } from "./edge-cache.ts";
import { readGoods, skuIdsOf, turnGoods, type GoodsBody, type GoodsRow } from "./goods-store.ts";
import { audienceOf } from "./model.ts";
import { priceIn, sellsOwnOf } from "./rules.ts";
import { knownSkus, storesOfGoods, type StoreOfGoods } from "./store-goods-store.ts";

const UNLIMITED = 10_000_000;
/** Goods that one run of the clock looks at, and how many of them at a time. */
const DUE_MAX = 200;
const DUE_AT_ONCE = 10;
const RETRY_MS = 60_000;

/** What is the same for every shelf of one goods. */
interface Shared {
  readonly programmeId: string;
  readonly goods: GoodsRow;
  readonly payWithin: number | null;
}

/** Whose units a shelf has, and what they cost. */
interface Shelf {
  readonly sku: GoodsBody["skus"][number];
  readonly skuId: string;
  readonly pricePoints: number;
  readonly priceFen: number;
  /** Empty: headquarters'. */
  readonly storeName: string;
  readonly isOn: boolean;
}

function offerOf({ programmeId, goods, payWithin }: Shared, shelf: Shelf): StandingOffer {
  const { body, goodsId } = goods;
  const { sku, storeName } = shelf;
  const skuKeys = body.skus.map(({ skuId }) => skuKeyOf(programmeId, skuId));
  const { perOrder, perDay, lifetime, window } = body.limits;
  const hasLimits = perDay !== null || lifetime !== null || window !== null;
  const picture = sku.picture ?? body.pictures[0];
  const spec = sku.values.join(" · ");
  const subtitle = spec === "" ? body.subtitle : spec;
  return {
    skuKey: skuKeyOf(programmeId, shelf.skuId),
    goods: {
      title: body.title,
      subtitle: [subtitle, storeName].filter((part) => part !== "").join(" · "),
      picture: picture?.path ?? "/goods/placeholder.svg",
      groundColor: body.groundColor,
      marketPriceFen: body.marketPriceFen,
      goods: {
        ...{ goodsId, kind: body.kind, spec },
        ...{ freightFen: body.freightFen, freightTemplateId: body.freightTemplateId },
        limits: hasLimits ? { perDay, lifetime, window, skuKeys } : null,
        audience: audienceOf(body.redeemedBy),
      },
    },
    ...{ supply: "stocked", units: 0 },
    ...{ pricePoints: shelf.pricePoints, priceFen: shelf.priceFen },
    ...{ limitPerMember: UNLIMITED, dailyLimitPerMember: null, quantityMax: perOrder },
    isOn: shelf.isOn,
    // The shelf itself keeps the hour, so that nothing is redeemed after it while the clock is late or D1 away.
    restsAtMs: body.withdrawAtMs,
    payWithinMs: payWithin,
  };
}

const isOffered = ({ state }: GoodsRow): boolean => state === "published";

function ownOffers(shared: Shared): StandingOffer[] {
  const { goods } = shared;
  return goods.body.skus.map((sku) => {
    const { skuId, pricePoints, priceFen } = sku;
    const shelf = { sku, skuId, pricePoints, priceFen, storeName: "", isOn: isOffered(goods) };
    return offerOf(shared, shelf);
  });
}

/** The shelves of one store that has units of its own; none where it has not. */
function storeOffers(shared: Shared, here: StoreOfGoods): StandingOffer[] {
  const { body } = shared.goods;
  if (!sellsOwnOf(body.kind, here)) return [];
  const { storeName, isOpen, isHidden } = here;
  return body.skus.flatMap((sku) => {
    const skuId = storeSkuId(sku.skuId, here.storeId);
    if (skuId === null) return [];
    const isOn = isOffered(shared.goods) && isOpen && !isHidden;
    return [offerOf(shared, { sku, skuId, ...priceIn(here, sku), storeName, isOn })];
  });
}

/** A SKU that was taken out of the matrix rests, as do a store's units that it does not sell any more; prices stay. */
async function restRemoved(
  env: Env,
  programmeId: string,
  goods: GoodsRow,
  stores: readonly StoreOfGoods[],
  offers: readonly StandingOffer[],
): Promise<void> {
  const offered = new Set(offers.map(({ skuKey }) => skuKey));
  const all = await skuIdsOf(env.DB, programmeId, goods.goodsId);
  const inStores = all.flatMap((skuId) =>
    stores.flatMap(({ storeId }) => storeSkuId(skuId, storeId) ?? []),
  );
  const known = [...all, ...(await knownSkus(env.DB, programmeId, inStores))];
  for (const skuKey of known.map((skuId) => skuKeyOf(programmeId, skuId))) {
    if (offered.has(skuKey)) continue;
    const sku = stubOf(env.SKU, skuKey, env);
    const standing = await sku.standing();
    if (standing?.standing.status !== "open") continue;
    await sku.command(standing.standing.saleId, { kind: "pause" });
  }
}

async function tell(env: Env, offers: readonly StandingOffer[]): Promise<void> {
  for (let at = 0; at < offers.length; at += 16) {
    await Promise.all(
      offers.slice(at, at + 16).map((offer) => stubOf(env.SKU, offer.skuKey, env).offer(offer)),
    );
  }
}

/**
 * Tells every Sku object. Repeating it changes nothing, so what fails half way is done again by the clock; D1 remembers
 * the revision that is on the shelves.
 */
export async function applyGoods(env: Env, programmeId: string, goods: GoodsRow): Promise<boolean> {
  try {
    const payWithin = await payWithinMs(env, programmeId, "standing");
    const shared: Shared = { programmeId, goods, payWithin };
    const stores = await storesOfGoods(env.DB, programmeId, goods.goodsId);
    const offers = [...ownOffers(shared), ...stores.flatMap((here) => storeOffers(shared, here))];
    await tell(env, offers);
    await restRemoved(env, programmeId, goods, stores, offers);
    await env.DB.prepare(
      `UPDATE goods SET applied_revision = MAX(applied_revision, ?3), due_at_ms = CASE WHEN revision = ?3 THEN ?4 ELSE due_at_ms END
       WHERE programme_id = ?1 AND goods_id = ?2`,
    )
      .bind(programmeId, goods.goodsId, goods.revision, nextDueAtMs(goods.state, goods.body))
      .run();
    return true;
  } catch (error) {
    log("goods_apply_failed", { goodsId: goods.goodsId, error: describeError(error) });
    return false;
  }
}

/**
 * Tells the shelves of one store what it changed. False: the clock, which has these goods on its list, tells them within two minutes.
 */
export async function applyInStore(
  env: Env,
  programmeId: string,
  goods: GoodsRow,
  storeId: string,
): Promise<boolean> {
  try {
    const payWithin = await payWithinMs(env, programmeId, "standing");
    const stores = await storesOfGoods(env.DB, programmeId, goods.goodsId);
    const here = stores.filter((one) => one.storeId === storeId);
    const shared: Shared = { programmeId, goods, payWithin };
    const offers = here.flatMap((one) => storeOffers(shared, one));
    await tell(env, offers);
    const others = ownOffers(shared);
    await restRemoved(env, programmeId, goods, here, [...others, ...offers]);
    return true;
  } catch (error) {
    log("goods_apply_failed", { goodsId: goods.goodsId, error: describeError(error) });
    return false;
  }
}

/** The next moment of a goods' own calendar, once its shelves are told. */
function nextDueAtMs(state: GoodsRow["state"], body: GoodsBody): number | null {
  if (state === "scheduled") return body.publishAtMs;
  return state === "published" ? body.withdrawAtMs : null;
}

/** Until the shelves are told the clock has it on its list; it looks a minute later, when the save itself surely ended. */
export const retryAtMs = (nowMs: number): number => nowMs + RETRY_MS;

/** What the calendar makes of a state at a moment. */
export function stateAt(goods: GoodsRow, nowMs: number): GoodsRow["state"] {
  const { publishAtMs, withdrawAtMs } = goods.body;
  const isOver = withdrawAtMs !== null && withdrawAtMs <= nowMs;
  if (goods.state === "scheduled" && (publishAtMs === null || publishAtMs <= nowMs)) {
    return isOver ? "withdrawn" : "published";
  }
  return goods.state === "published" && isOver ? "withdrawn" : goods.state;
}

/** The clock: publishes and withdraws what is due, and tells shelves that were not told. Never throws. */
export async function sweepGoods(env: Env, nowMs: number): Promise<void> {
  await attempt("catalogue", () => sweepDue(env, nowMs));
}

/** When this isolate turned what was due last: readers ask for it, and one of them a second is enough. */
let turnedAtMs = 0;

/** A reader met goods whose hour has come: they are turned before it is answered, not at the clock's next minute. */
export async function turnDue(env: Env, nowMs: number): Promise<void> {
  if (Math.abs(nowMs - turnedAtMs) < 1_000) return;
  turnedAtMs = nowMs;
  await sweepGoods(env, nowMs);
}

async function sweepDue(env: Env, nowMs: number): Promise<void> {
  const { results } = await env.DB.prepare(
    `SELECT programme_id, goods_id, revision, applied_revision, state, body, updated_at_ms, updated_by, published_at_ms
     FROM goods WHERE due_at_ms <= ? ORDER BY due_at_ms LIMIT ?`,
  )
    .bind(nowMs, DUE_MAX)
    .all();
  await attemptEach(
    "catalogue",
    results,
    (row) => turnOne(env, String(row["programme_id"]), row, nowMs),
    DUE_AT_ONCE,
  );
}

async function turnOne(
  env: Env,
  programmeId: string,
  row: Record<string, unknown>,
  nowMs: number,
): Promise<void> {
  let isDone = false;
  try {
    const goods = readGoods(row);
    const state = stateAt(goods, nowMs);
    const isTurn = state !== goods.state;
    const turned = isTurn ? await turn(env, programmeId, goods, state, nowMs) : goods;
    isDone = !turned || (await applyGoods(env, programmeId, turned));
    if (isTurn && turned && isDone) await tellOpenPages(env, programmeId, "set");
  } finally {
    if (!isDone) await lookLater(env, programmeId, String(row["goods_id"]), nowMs);
  }
}

/** Readers ask for what is due every second: what cannot be turned, or told to a shelf, is tried again in a minute, behind the others. */
async function lookLater(
  env: Env,
  programmeId: string,
  goodsId: string,
  nowMs: number,
): Promise<void> {
  await env.DB.prepare(
    "UPDATE goods SET due_at_ms = ?3 WHERE programme_id = ?1 AND goods_id = ?2 AND due_at_ms <= ?4",
  )
    .bind(programmeId, goodsId, retryAtMs(nowMs), nowMs)
    .run();
}

/** The clock's own step keeps the revision: nothing that a person wrote is another, so nobody's work meets it as a colleague's. */
async function turn(
  env: Env,
  programmeId: string,
  goods: GoodsRow,
  state: GoodsRow["state"],
  nowMs: number,
): Promise<GoodsRow | null> {
  const publishedAtMs = state === "published" ? nowMs : goods.publishedAtMs;
  const turned: GoodsRow = { ...goods, state, publishedAtMs };
  const isTurned = await turnGoods(env.DB, programmeId, goods, turned, retryAtMs(nowMs));
  forgetVersion(programmeId);
  return isTurned ? turned : null;
}
