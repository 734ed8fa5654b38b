/** What members and guests are shown of goods. */
import {
  accountOf,
  limitStates,
  unmetRule,
  type MemberInGoods,
  type MemberPriceView,
  type MemberStanding,
} from "../accounts/index.ts";
import { memberPrices, tierTitles } from "../earning/index.ts";
import { parseSaleId, skuKeyOf } from "../kernel/ids.ts";
import { stubOf, type Env } from "../platform/env.ts";
import type { Session } from "../platform/http/api.ts";
import { describeError, log } from "../platform/log.ts";
import type { GoodsLimits, SaleView } from "../redemption/index.ts";
import { branchOf, loadCategories } from "./categories.ts";
import { fromEdge, versionOf } from "./edge-cache.ts";
import { turnDue } from "./publish.ts";
import { cardOf, cheapestOf, loadGoods, type GoodsRow } from "./goods-store.ts";
import {
  cardsOf,
  cardView,
  listGoods,
  brandNamed,
  skuFigures,
  standOfSnapshot,
  type GoodsQuery,
  type ListRow,
  type SkuFigures,
  type Sort,
} from "./list-store.ts";
import { sellsOwnOf } from "./rules.ts";
import { goodsOfStore, type OpenStore } from "./store-goods-store.ts";
import { cardsInStore, ownCard, ownStands, storeAsked } from "./store-shelves.ts";
import type {
  GoodsCardView,
  GoodsDetailView,
  GoodsListView,
  GoodsLiveView,
  MemberSku,
  SkuStand,
} from "./wire.ts";

export interface Viewer {
  readonly programmeId: string;
  /** Null: a guest, as `standing`. */
  readonly memberKey: string | null;
  readonly standing: MemberStanding | null;
  /** Where they shop; null: nowhere in particular, so headquarters' units are shown. */
  readonly store: OpenStore | null;
}

/** `storeId`: the store that the address names; absent: the one that the browser remembers. */
export async function viewerOf(
  env: Env,
  session: Session | null,
  request: Request,
  storeId?: string,
): Promise<Viewer> {
  const programmeId = session?.programmeId ?? env.DEFAULT_PROGRAMME;
  const asked = storeAsked(env, programmeId, request, storeId);
  if (!session) return { programmeId, memberKey: null, standing: null, store: await asked };
  const { memberKey } = session;
  const [{ standing }, store] = await Promise.all([
    accountOf(env, memberKey).memberInGoods(memberKey, null),
    asked,
  ]);
  return { programmeId, memberKey, standing, store };
}

/** Goods for some are no secret to others unless staff say so; what a guest may not see, a guest never learns of. */
function maySee(seenBy: GoodsRow["body"]["seenBy"], viewer: Viewer): boolean {
  if (!seenBy) return true;
  return viewer.standing !== null && unmetRule(seenBy, viewer.standing) === null;
}

export interface ListWish {
  readonly categoryId: string | null;
  readonly brandId: string | null;
  readonly tag: string | null;
  readonly kind: string | null;
  readonly pointsMin: number | null;
  readonly pointsMax: number | null;
  readonly search: string;
  readonly sort: Sort;
  readonly cursor: string | null;
  readonly limit: number;
}

interface KeptList {
  readonly items: readonly {
    readonly card: GoodsCardView;
    readonly seenBy: ListRow["card"]["seenBy"];
  }[];
  readonly nextCursor: string | null;
}

/** A view, and whether what it shares with everybody's was at the edge. */
interface Read<T> {
  readonly view: T;
  readonly isHit: boolean;
}

export interface Asking {
  readonly env: Env;
  readonly ctx: Pick<ExecutionContext, "waitUntil">;
  readonly nowMs: number;
}

/** The version of the catalogue once every hour that has come is kept. */
export function catalogueAt(env: Env, programmeId: string, nowMs: number): Promise<number> {
  return versionOf(env.DB, programmeId, nowMs, () => turnDue(env, nowMs));
}

/** A page may be shorter than asked for, where goods are not for this viewer; the cursor goes on all the same. */
export async function memberList(
  { env, ctx, nowMs }: Asking,
  viewer: Viewer,
  wish: ListWish,
): Promise<Read<GoodsListView>> {
  const { programmeId } = viewer;
  const version = await catalogueAt(env, programmeId, nowMs);
  const storeId = viewer.store?.storeId ?? null;
  const query = JSON.stringify({ ...wish, storeId });
  const name = { programmeId, version, query };
  const { value: kept, isHit } = await fromEdge(ctx, name, async (): Promise<KeptList> => {
    const page = await listGoods(env.DB, await queryOf(env, programmeId, wish));
    const all = await cardsOf(env.DB, programmeId, page.rows);
    const cards =
      storeId === null
        ? all
        : (await cardsInStore(env.DB, programmeId, storeId, all)).filter((one) =>
            isWithin(one.card, wish),
          );
    const items = cards.map(({ row, card }) => ({ card, seenBy: row.card.seenBy }));
    return { items, nextCursor: page.nextCursor };
  });
  const seen = kept.items.filter(({ seenBy }) => maySee(seenBy, viewer)).map(({ card }) => card);
  const prices = await pricesFor(env, viewer, seen, nowMs);
  const goods = seen.map((card) => ({
    ...card,
    memberPoints: prices.get(card.skuId)?.points ?? card.pricePoints,
  }));
  return { view: { goods, nextCursor: kept.nextCursor, catalogVersion: version }, isHit };
}

/** Rows are found by headquarters' price; what costs more in a store is not within reach there. */
function isWithin({ pricePoints }: GoodsCardView, { pointsMin, pointsMax }: ListWish): boolean {
  return (pointsMin ?? 0) <= pricePoints && pricePoints <= (pointsMax ?? pricePoints);
}

/** What SKUs cost this member, by SKU; empty for a guest. */
async function pricesFor(
  env: Env,
  { memberKey }: Viewer,
  skus: readonly { readonly skuId: string; readonly pricePoints: number }[],
  nowMs: number,
): Promise<Map<string, MemberPriceView>> {
  if (memberKey === null || skus.length === 0) return new Map();
  const tags = skus.map(({ skuId, pricePoints }) => ({
    ...{ saleId: skuId, skuId, kind: "standing" as const, pricePoints },
  }));
  const prices = await memberPrices(env, memberKey, tags, nowMs);
  return new Map(prices.map((price) => [price.saleId, price]));
}

async function pricedFor(
  env: Env,
  viewer: Viewer,
  stands: readonly SkuStand[],
  nowMs: number,
): Promise<MemberSku[]> {
  const prices = await pricesFor(env, viewer, stands, nowMs);
  return stands.map((stand) => {
    const price = prices.get(stand.skuId);
    const discounts = price?.discounts.map(({ title }) => title) ?? [];
    return { ...stand, memberPoints: price?.points ?? stand.pricePoints, discounts };
  });
}

async function queryOf(env: Env, programmeId: string, wish: ListWish): Promise<GoodsQuery> {
  const { categoryId, ...rest } = wish;
  const categoryIds =
    categoryId === null
      ? null
      : branchOf(await loadCategories(env.DB, programmeId), categoryId, false);
  return { ...rest, programmeId, states: ["published"], categoryIds, role: null };
}

async function keptGoods({ env, ctx, nowMs }: Asking, programmeId: string, goodsId: string) {
  const version = await catalogueAt(env, programmeId, nowMs);
  const name = { programmeId, version, query: `goods/${goodsId}` };
  return fromEdge(ctx, name, () => loadGoods(env.DB, programmeId, goodsId));
}

/** Null: there are no such goods for this viewer. */
async function visibleGoods(
  asking: Asking,
  viewer: Viewer,
  goodsId: string,
): Promise<Read<GoodsRow> | null> {
  const { value: goods, isHit } = await keptGoods(asking, viewer.programmeId, goodsId);
  if (goods?.state !== "published" || !maySee(goods.body.seenBy, viewer)) return null;
  return { view: goods, isHit };
}

/**
 * Whether somebody may be shown a sale. The address of an ordinary redemption can be guessed from the SKU, and it is there
 * before its goods are published; a flash sale is public once it is scheduled. While D1 is away nobody knows for whom goods
 * are, and who looks at what is redeemed goes on.
 */
export async function maySeeSale(
  asking: Asking,
  session: Session | null,
  { saleId, kind, goods: of }: Pick<SaleView, "saleId" | "kind" | "goods">,
): Promise<boolean> {
  const programmeId = parseSaleId(saleId)?.programmeId;
  // Several merchants in one deployment: nothing leads from one to the other.
  if (programmeId !== (session?.programmeId ?? asking.env.DEFAULT_PROGRAMME)) return false;
  if (kind === "flash" || of === null) return true;
  try {
    const { value: goods } = await keptGoods(asking, programmeId, of.goodsId);
    // A SKU that was made by a command alone has no goods whose page could hide it.
    if (goods === null) return true;
    if (goods.publishedAtMs === null) return false;
    const { seenBy } = goods.body;
    if (seenBy === null) return true;
    if (session === null) return false;
    const { memberKey } = session;
    const { standing } = await accountOf(asking.env, memberKey).memberInGoods(memberKey, null);
    return unmetRule(seenBy, standing) === null;
  } catch (error) {
    log("sale_sight_failed", { saleId, error: describeError(error) });
    return true;
  }
}

interface Here {
  readonly goods: GoodsRow;
  /** The store whose own units these are; null: headquarters'. */
  readonly ownOf: string | null;
  readonly isHit: boolean;
}

/** The goods where this viewer shops. */
async function goodsHere(asking: Asking, viewer: Viewer, goodsId: string): Promise<Here | null> {
  const { programmeId, store } = viewer;
  const { DB } = asking.env;
  const [found, rows] = await Promise.all([
    visibleGoods(asking, viewer, goodsId),
    store === null ? null : goodsOfStore(DB, programmeId, store.storeId, [goodsId]),
  ]);
  const here = rows?.get(goodsId);
  if (found === null || here?.isHidden === true) return null;
  const { view: goods, isHit } = found;
  const isOwn = store !== null && sellsOwnOf(goods.body.kind, here);
  return { goods, ownOf: isOwn ? store.storeId : null, isHit };
}

export async function goodsDetail(
  asking: Asking,
  session: Session | null,
  viewer: Viewer,
  goodsId: string,
): Promise<Read<GoodsDetailView> | null> {
  const { programmeId } = viewer;
  const { env, nowMs } = asking;
  const here = await goodsHere(asking, viewer, goodsId);
  if (!here) return null;
  const { goods, ownOf, isHit } = here;
  const { body } = goods;
  const figures = await freshFigures(env, programmeId, goodsId);
  const shown =
    ownOf === null ? standsOf(goods, figures) : await ownStands(env, programmeId, ownOf, goods);
  const { perOrder, perDay, lifetime, window } = body.limits;
  const skuKeys = body.skus.map(({ skuId }) => skuKeyOf(programmeId, skuId));
  const limits: GoodsLimits = { perDay, lifetime, window, skuKeys };
  const mine =
    session && (await accountOf(env, session.memberKey).memberInGoods(session.memberKey, limits));
  const pictureOf = new Map(body.skus.map((sku) => [sku.skuId, sku.picture]));
  const stands = await pricedFor(env, viewer, shown, nowMs);
  const listed = cardView(await rowOf(env, programmeId, goods), figures);
  const card = ownOf === null ? listed : ownCard(listed, shown);
  const cheapest = stands.find(({ skuId }) => skuId === card.skuId);
  const view: GoodsDetailView = {
    ...card,
    memberPoints: cheapest?.memberPoints ?? card.pricePoints,
    revision: goods.revision,
    store: ownOf === null ? null : viewer.store,
    ...{ pictures: body.pictures, description: body.description, axes: body.axes },
    skus: stands.map((sku) => ({
      ...sku,
      picture: pictureOf.get(sku.skuId) ?? null,
    })),
    freightFen: body.freightFen,
    limits: { perOrder, perDay, lifetime, window },
    forTiers: await titlesOf(env, viewer, goods, nowMs),
    mine: mine && mineOf(goods, limits, mine),
    serverTimeMs: nowMs,
  };
  return { view, isHit };
}

async function titlesOf(
  env: Env,
  { programmeId }: Viewer,
  { body }: GoodsRow,
  nowMs: number,
): Promise<string[]> {
  const tierIds = body.redeemedBy?.tierIds ?? [];
  if (tierIds.length === 0) return [];
  const titles = await tierTitles(env, programmeId, nowMs);
  return tierIds.map((tierId) => titles.get(tierId) ?? tierId);
}

function mineOf(
  { body }: GoodsRow,
  limits: GoodsLimits,
  { standing, usage }: MemberInGoods,
): NonNullable<GoodsDetailView["mine"]> {
  return {
    unmet: unmetRule(body.redeemedBy, standing),
    limits: limitStates(limits, usage),
    tierId: standing.tierId,
  };
}

async function rowOf(env: Env, programmeId: string, goods: GoodsRow): Promise<ListRow> {
  const { goodsId, revision, state, body, updatedAtMs, updatedBy } = goods;
  const { kind, role, categoryId, title } = body;
  const card = cardOf(body);
  const { pricePoints } = cheapestOf(body);
  const brand = await brandNamed(env.DB, programmeId, body.brandId);
  return {
    ...{ goodsId, revision, state, kind, role, categoryId, brand, title, pricePoints, card },
    ...{ updatedAtMs, updatedBy },
  };
}

/** The projection; a SKU that D1 has not heard of yet is asked itself. */
async function freshFigures(env: Env, programmeId: string, goodsId: string): Promise<SkuFigures[]> {
  const figures = await skuFigures(env.DB, programmeId, [goodsId]);
  return Promise.all(
    figures.map(async (one) => {
      if (one.stand.saleId !== null) return one;
      const key = skuKeyOf(programmeId, one.skuId);
      const snapshot = await stubOf(env.SKU, key, env).standing();
      return snapshot ? { ...one, stand: standOfSnapshot(snapshot) } : one;
    }),
  );
}

function standsOf(goods: GoodsRow, figures: readonly SkuFigures[]): SkuStand[] {
  const byId = new Map(figures.map((one) => [one.skuId, one]));
  return goods.body.skus.flatMap(({ skuId, values }) => {
    const figure = byId.get(skuId);
    return figure ? [{ ...figure.stand, skuId, values: [...values] }] : [];
  });
}

/** SKUs that a page may ask the authority about at once; a larger matrix is shown from the projection. */
const ASKED_MAX = 8;

/** What may change while a page is open, from the shelves themselves. */
export async function goodsLive(
  asking: Asking,
  viewer: Viewer,
  goodsId: string,
): Promise<GoodsLiveView | null> {
  const { env, nowMs } = asking;
  const here = await goodsHere(asking, viewer, goodsId);
  if (!here) return null;
  const { goods, ownOf } = here;
  const { revision } = goods;
  const stands =
    ownOf === null
      ? await askedStands(env, viewer, goods)
      : await ownStands(env, viewer.programmeId, ownOf, goods);
  const skus = await pricedFor(env, viewer, stands, nowMs);
  return { revision, skus, serverTimeMs: nowMs };
}

async function askedStands(env: Env, viewer: Viewer, goods: GoodsRow): Promise<SkuStand[]> {
  if (goods.body.skus.length > ASKED_MAX) {
    return standsOf(goods, await freshFigures(env, viewer.programmeId, goods.goodsId));
  }
  const stands = await Promise.all(
    goods.body.skus.map(async ({ skuId, values }): Promise<SkuStand | null> => {
      const key = skuKeyOf(viewer.programmeId, skuId);
      const snapshot = await stubOf(env.SKU, key, env).standing();
      return snapshot && { ...standOfSnapshot(snapshot), skuId, values: [...values] };
    }),
  );
  return stands.filter((one) => one !== null);
}
