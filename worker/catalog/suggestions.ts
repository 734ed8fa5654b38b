/**
 * What to do with one's points now. Each suggestion follows from a figure or an event of the member's own that the page can name; nothing is
 * guessed, and nobody else's doings count.
 */
import { accountOf, type PointsReply } from "../accounts/index.ts";
import { DAY_MS } from "../kernel/clock.ts";
import { parseSaleId, splitSkuId } from "../kernel/ids.ts";
import type { Env } from "../platform/env.ts";
import { memberList, type ListWish, type Viewer } from "./member-goods.ts";
import type { GoodsCardView, SuggestionsView } from "./wire.ts";

/** Points that lapse within so many days are worth a word. */
const EXPIRING_DAYS = 30;
const SHOWN = 6;
const SOON_SHOWN = 3;
const LOOKED_AT = 30;
/** Orders that are looked back at for what the member likes. */
const ORDERS_LOOKED_AT = 20;

interface Asking {
  readonly env: Env;
  readonly ctx: Pick<ExecutionContext, "waitUntil">;
  readonly nowMs: number;
}

type Within = (pointsMax: number, categoryId?: string) => Promise<GoodsCardView[]>;

export async function suggestions(
  asking: Asking,
  viewer: Viewer,
  { balance, calendar }: Pick<PointsReply, "balance" | "calendar">,
): Promise<SuggestionsView> {
  const { active } = balance;
  const near = calendar.deadlines.filter(
    ({ expiresAtMs }) => expiresAtMs <= asking.nowMs + EXPIRING_DAYS * DAY_MS,
  );
  const within: Within = (pointsMax, categoryId) =>
    available(asking, viewer, {
      ...{ pointsMin: 1, pointsMax, sort: "points_down", categoryId: categoryId ?? null },
    });
  const [affordable, above, expiring, because] = await Promise.all([
    within(active),
    available(asking, viewer, {
      ...{ pointsMin: active + 1, pointsMax: null, sort: "points_up", categoryId: null },
    }),
    expiringGoods(near, active, within),
    becauseOf(asking, viewer, active, within),
  ]);
  const soon = above
    .map((card) => ({ card, gap: card.memberPoints - active }))
    .filter(({ gap }) => gap > 0)
    .slice(0, SOON_SHOWN);
  return { active, affordable: affordable.slice(0, SHOWN), soon, expiring, because };
}

/** Points that lapse by the first day on which they pay for anything, counted without those that last longer. */
async function expiringGoods(
  near: readonly { readonly expiresAtMs: number; readonly points: number }[],
  active: number,
  within: Within,
): Promise<SuggestionsView["expiring"]> {
  let sum = 0;
  for (const { expiresAtMs, points } of near) {
    sum += points;
    const lapsing = Math.min(active, sum);
    const goods = lapsing > 0 ? await within(lapsing) : [];
    if (goods.length > 0) return { points: lapsing, expiresAtMs, goods: goods.slice(0, SHOWN) };
  }
  return null;
}

/** Of the same category as the newest of the member's redemptions whose category has something left that they can pay. */
async function becauseOf(
  { env }: Asking,
  { programmeId, memberKey }: Viewer,
  active: number,
  within: Within,
): Promise<SuggestionsView["because"]> {
  if (memberKey === null) return null;
  const orders = await accountOf(env, memberKey).orders(memberKey, ORDERS_LOOKED_AT);
  const skuIds = orders
    .filter(({ order }) => order.grant !== null && !order.isCancelled)
    .map(({ order }) => splitSkuId(parseSaleId(order.saleId)?.skuId ?? "").goodsSkuId);
  const redeemed = await goodsOfSkus(env.DB, programmeId, skuIds);
  const known = new Set(redeemed.map(({ goodsId }) => goodsId));
  const asked = new Set<string>();
  for (const { goodsId, title, categoryId } of redeemed) {
    if (categoryId === null || asked.has(categoryId)) continue;
    asked.add(categoryId);
    const goods = (await within(active, categoryId)).filter((card) => !known.has(card.goodsId));
    if (goods.length > 0) return { goodsId, title, goods: goods.slice(0, SHOWN) };
  }
  return null;
}

interface Redeemed {
  readonly goodsId: string;
  readonly title: string;
  readonly categoryId: string | null;
}

/** Goods of these SKUs, in their order, each once. */
async function goodsOfSkus(
  db: D1Database,
  programmeId: string,
  skuIds: readonly string[],
): Promise<Redeemed[]> {
  if (skuIds.length === 0) return [];
  const { results } = await db
    .prepare(
      `SELECT g.goods_id AS goodsId, g.title AS title, g.category_id AS categoryId, MIN(j.key) AS place
         FROM json_each(?2) j
         JOIN goods_skus k ON k.programme_id = ?1 AND k.sku_id = j.value
         JOIN goods g ON g.programme_id = ?1 AND g.goods_id = k.goods_id
         GROUP BY g.goods_id ORDER BY place`,
    )
    .bind(programmeId, JSON.stringify(skuIds))
    .all<Redeemed & { place: number }>();
  return results.map(({ goodsId, title, categoryId }) => ({ goodsId, title, categoryId }));
}

async function available(
  asking: Asking,
  viewer: Viewer,
  wish: Pick<ListWish, "pointsMin" | "pointsMax" | "sort" | "categoryId">,
): Promise<GoodsCardView[]> {
  const { view } = await memberList(asking, viewer, {
    ...{ brandId: null, tag: null, kind: null, search: "", cursor: null, limit: LOOKED_AT },
    ...wish,
  });
  return view.goods.filter(({ remaining }) => remaining > 0);
}
