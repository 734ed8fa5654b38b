/** Goods as whoever shops in a store sees them: its own units at its prices, without what it does not show. */
import type { GoodsKind } from "../kernel/goods-kind.ts";
import { skuKeyOf, storeSkuId } from "../kernel/ids.ts";
import { stubOf, type Env } from "../platform/env.ts";
import type { GoodsRow } from "./goods-store.ts";
import { standOfSnapshot, type SkuFigures } from "./list-store.ts";
import { priceIn, sellsOwnOf, type StoreGoods } from "./rules.ts";
import { goodsOfStore, openStore, shelfStands, type OpenStore } from "./store-goods-store.ts";
import type { GoodsCardView, SkuStand } from "./wire.ts";

const STORE_ID = /^[0-9a-z](?:[0-9a-z-]{0,30}[0-9a-z])?$/;
/** Set by a page that was opened with `?store=`; it names a shop and nothing about a person. */
const COOKIE = /(?:^|;\s*)qd_store=([0-9a-z-]{1,32})(?:;|$)/;

/** The store that a request is about: the one it names, else the one the browser remembers; empty or unknown: none. */
export async function storeAsked(
  env: Env,
  programmeId: string,
  request: Request,
  named: string | undefined,
): Promise<OpenStore | null> {
  const storeId = named ?? COOKIE.exec(request.headers.get("cookie") ?? "")?.[1] ?? "";
  return STORE_ID.test(storeId) ? openStore(env.DB, programmeId, storeId) : null;
}

type Card = { readonly card: GoodsCardView; readonly figures: readonly SkuFigures[] };

/** The cards of a list in a store. Prices are those that were set there; units come from the projection. */
export async function cardsInStore<C extends Card>(
  db: D1Database,
  programmeId: string,
  storeId: string,
  cards: readonly C[],
): Promise<C[]> {
  const goodsIds = cards.map(({ card }) => card.goodsId);
  const rows = await goodsOfStore(db, programmeId, storeId, goodsIds);
  const ofCard = ({ card }: Card): StoreGoods | undefined => rows.get(card.goodsId);
  const idOf = (skuId: string): string => storeSkuId(skuId, storeId) ?? "";
  const skuIds = cards
    .filter((one) => sellsOwnOf(one.card.kind, ofCard(one)))
    .flatMap(({ figures }) => figures.map(({ skuId }) => idOf(skuId)));
  const stands = await shelfStands(db, programmeId, skuIds);
  return cards
    .filter((one) => ofCard(one)?.isHidden !== true)
    .map((one) => {
      const here = ofCard(one);
      if (!here || !sellsOwnOf(one.card.kind, here)) return one;
      const own = one.figures.map(({ skuId, stand }) => ({
        ...{ skuId, ...priceIn(here, { ...stand, skuId }) },
        remaining: stands.get(idOf(skuId))?.remaining ?? 0,
      }));
      return { ...one, card: ownCard(one.card, own) };
    });
}

interface Tile {
  readonly skuId: string;
  readonly saleId: string;
  readonly pricePoints: number;
  readonly priceFen: number;
  readonly remaining: number;
  readonly goods: { readonly goodsId: string; readonly kind: GoodsKind } | null;
}

/** The same for sales that a page shows as tiles. */
export async function tilesInStore<T extends Tile>(
  env: Env,
  programmeId: string,
  storeId: string,
  tiles: readonly T[],
): Promise<T[]> {
  const goodsIds = [...new Set(tiles.flatMap(({ goods }) => goods?.goodsId ?? []))];
  const rows = await goodsOfStore(env.DB, programmeId, storeId, goodsIds);
  const hereOf = ({ goods }: Tile): StoreGoods | undefined => rows.get(goods?.goodsId ?? "");
  const isOwn = (tile: T): boolean =>
    tile.goods !== null && sellsOwnOf(tile.goods.kind, hereOf(tile));
  const idOf = ({ skuId }: Tile): string => storeSkuId(skuId, storeId) ?? "";
  const stands = await shelfStands(env.DB, programmeId, tiles.filter(isOwn).map(idOf));
  return tiles
    .filter((tile) => hereOf(tile)?.isHidden !== true)
    .map((tile) => {
      const stand = isOwn(tile) ? stands.get(idOf(tile)) : undefined;
      if (!stand) return tile;
      const { saleId, pricePoints, priceFen, remaining } = stand;
      return { ...tile, saleId: saleId ?? tile.saleId, pricePoints, priceFen, remaining };
    });
}

type OwnSku = Pick<SkuStand, "skuId" | "pricePoints" | "priceFen" | "remaining">;

export function ownCard(card: GoodsCardView, own: readonly OwnSku[]): GoodsCardView {
  const worth = ({ pricePoints, priceFen }: OwnSku): number => pricePoints + priceFen;
  const [cheapest] = own.toSorted((a, b) => worth(a) - worth(b));
  if (!cheapest) return card;
  const { skuId, pricePoints, priceFen } = cheapest;
  const isSame = (one: OwnSku): boolean =>
    one.pricePoints === pricePoints && one.priceFen === priceFen;
  return {
    ...{ ...card, skuId, pricePoints, priceFen, memberPoints: pricePoints },
    hasPrices: !own.every(isSame),
    remaining: own.reduce((sum, { remaining }) => sum + remaining, 0),
  };
}

/** How the variants stand in a store; the ids stay those of the goods, the sale is the store's own. */
export function ownStands(
  env: Env,
  programmeId: string,
  storeId: string,
  goods: GoodsRow,
): Promise<SkuStand[]> {
  return Promise.all(
    goods.body.skus.map(async ({ skuId, values }): Promise<SkuStand> => {
      const id = storeSkuId(skuId, storeId);
      const key = id === null ? null : skuKeyOf(programmeId, id);
      const snapshot = key === null ? null : await stubOf(env.SKU, key, env).standing();
      return { ...(snapshot ? standOfSnapshot(snapshot) : NOTHING), skuId, values: [...values] };
    }),
  );
}

const NOTHING: Omit<SkuStand, "skuId" | "values"> = {
  ...{ saleId: null, status: "paused", epoch: 0, pricePoints: 0, priceFen: 0 },
  ...{ remaining: 0, quantityMax: 1 },
};
