/** Goods reach the shelves here: what D1 says of them is copied into the standing sale of each of their SKUs. */
import { skuKeyOf } from "../kernel/ids.ts";
import { payWithinMs } from "../payments/index.ts";
import { stubOf, type Env } from "../platform/env.ts";
import { describeError, log } from "../platform/log.ts";
import type { StandingOffer } from "../redemption/index.ts";
import { readGoods, saveGoods, skuIdsOf, type GoodsBody, type GoodsRow } from "./goods-store.ts";
import { audienceOf } from "./model.ts";

const UNLIMITED = 10_000_000;
/** Goods that one run of the clock looks at. */
const DUE_MAX = 200;
const RETRY_MS = 60_000;

function offersOf(programmeId: string, goods: GoodsRow, payWithin: number | null): StandingOffer[] {
  const { body, goodsId, state } = goods;
  const skuKeys = body.skus.map(({ skuId }) => skuKeyOf(programmeId, skuId));
  const { perOrder, perDay, lifetime, window } = body.limits;
  const hasLimits = perDay !== null || lifetime !== null || window !== null;
  return body.skus.map((sku): StandingOffer => {
    const picture = sku.picture ?? body.pictures[0];
    const spec = sku.values.join(" · ");
    return {
      skuKey: skuKeyOf(programmeId, sku.skuId),
      goods: {
        title: body.title,
        subtitle: spec === "" ? body.subtitle : spec,
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
      ...{ supply: "stocked", units: 0, pricePoints: sku.pricePoints, priceFen: sku.priceFen },
      ...{ limitPerMember: UNLIMITED, dailyLimitPerMember: null, quantityMax: perOrder },
      isOn: state === "published",
      payWithinMs: payWithin,
    };
  });
}

/** A SKU that was taken out of the matrix rests; its price is what it was last. */
async function restRemoved(env: Env, programmeId: string, goods: GoodsRow): Promise<void> {
  const active = new Set(goods.body.skus.map(({ skuId }) => skuId));
  const all = await skuIdsOf(env.DB, programmeId, goods.goodsId);
  for (const skuId of all.filter((one) => !active.has(one))) {
    const sku = stubOf(env.SKU, skuKeyOf(programmeId, skuId), env);
    const standing = await sku.standing();
    if (standing?.standing.status !== "open") continue;
    await sku.command(standing.standing.saleId, { kind: "pause" });
  }
}

/**
 * Tells every Sku object. Repeating it changes nothing, so what fails half way is done again by the clock; D1 remembers
 * the revision that is on the shelves.
 */
export async function applyGoods(env: Env, programmeId: string, goods: GoodsRow): Promise<boolean> {
  try {
    const offers = offersOf(programmeId, goods, await payWithinMs(env, programmeId, "standing"));
    for (let at = 0; at < offers.length; at += 16) {
      await Promise.all(
        offers.slice(at, at + 16).map((offer) => stubOf(env.SKU, offer.skuKey, env).offer(offer)),
      );
    }
    await restRemoved(env, programmeId, goods);
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
  try {
    await sweepDue(env, nowMs);
  } catch (error) {
    log("sweep_failed", { kind: "catalogue", error: describeError(error) });
  }
}

async function sweepDue(env: Env, nowMs: number): Promise<void> {
  const { results } = await env.DB.prepare(
    `SELECT programme_id, goods_id, revision, applied_revision, state, body, updated_at_ms, updated_by, published_at_ms
     FROM goods WHERE due_at_ms <= ? ORDER BY due_at_ms LIMIT ?`,
  )
    .bind(nowMs, DUE_MAX)
    .all();
  for (const row of results) {
    const programmeId = String(row["programme_id"]);
    const goods = readGoods(row);
    const state = stateAt(goods, nowMs);
    const turned =
      state === goods.state ? goods : await turn(env, programmeId, goods, state, nowMs);
    if (turned) await applyGoods(env, programmeId, turned);
  }
}

async function turn(
  env: Env,
  programmeId: string,
  goods: GoodsRow,
  state: GoodsRow["state"],
  nowMs: number,
): Promise<GoodsRow | null> {
  const publishedAtMs = state === "published" ? nowMs : goods.publishedAtMs;
  const { goodsId, revision, body } = goods;
  const outcome = await saveGoods(env.DB, {
    ...{ programmeId, goodsId, revision, state, body, publishedAtMs, nowMs },
    by: "clock",
    dueAtMs: retryAtMs(nowMs),
  });
  if (outcome.kind !== "saved") return null;
  return { ...goods, state, publishedAtMs, revision: outcome.revision, updatedAtMs: nowMs };
}
