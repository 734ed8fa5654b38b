import type {
  GoodsDetailView,
  GoodsListView,
  GoodsLiveView,
  SuggestionsView,
} from "../../../worker/catalog/wire.ts";
import type { GoodsFilter, Locale } from "../../../worker/pages/page-data.ts";
import type { WalletView } from "../../../worker/pages/wire.ts";
import { callerOf, type Answer } from "../../client/api.ts";

export interface GoodsWish extends Partial<GoodsFilter> {
  tag?: string;
  pointsMin?: number;
  /** The balance that “affordable” means. */
  pointsMax?: number;
  cursor?: string | null;
  limit?: number;
}

export interface GoodsApi {
  list(wish: GoodsWish): Promise<Answer<GoodsListView>>;
  detail(goodsId: string): Promise<Answer<GoodsDetailView>>;
  /** Prices and units now, from the shelves. */
  live(goodsId: string): Promise<Answer<GoodsLiveView>>;
  suggestions(): Promise<Answer<SuggestionsView>>;
  wallet(): Promise<Answer<WalletView>>;
}

/** The address of a list in the API. */
export function goodsListPath(wish: GoodsWish): string {
  const query = new URLSearchParams();
  const { category, brand, q, kind, sort, tag, pointsMin, pointsMax, cursor, limit = 20 } = wish;
  const words = { category, brand, q, kind, sort, tag, pointsMin, pointsMax, cursor, limit };
  for (const [name, value] of Object.entries(words)) {
    if (value !== undefined && value !== null && value !== "") query.set(name, String(value));
  }
  return `/api/v1/goods?${query.toString()}`;
}

export function createGoodsApi(locale: Locale): GoodsApi {
  const call = callerOf({ locale });
  const at = (goodsId: string): string => `/api/v1/goods/${encodeURIComponent(goodsId)}`;
  return {
    list: (wish) => call("GET", goodsListPath(wish)),
    detail: (goodsId) => call("GET", at(goodsId)),
    live: (goodsId) => call("GET", `${at(goodsId)}/live`),
    suggestions: () => call("GET", "/api/v1/me/suggestions"),
    wallet: () => call("GET", "/api/v1/me/points?limit=1"),
  };
}

/** The catalogue page with its filters in the address. */
export function goodsListHref(filter: Partial<GoodsFilter>): string {
  const query = new URLSearchParams();
  if (filter.category) query.set("category", filter.category);
  if (filter.brand) query.set("brand", filter.brand);
  if (filter.q) query.set("q", filter.q);
  if (filter.kind) query.set("kind", filter.kind);
  if (filter.affordable) query.set("affordable", "1");
  if (filter.within) query.set("within", String(filter.within));
  if (filter.sort && filter.sort !== "recommended") query.set("sort", filter.sort);
  const text = query.toString();
  return text === "" ? "/g" : `/g?${text}`;
}
