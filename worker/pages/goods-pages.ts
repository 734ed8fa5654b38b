/** The catalogue: the list with its filters in the address, and the page of one goods. */
import type {
  CategoryView,
  GoodsDetailView,
  GoodsListView,
  SuggestionsView,
} from "../catalog/wire.ts";
import type { OpenStoreView } from "../catalog/index.ts";
import { GOODS_KINDS } from "../kernel/goods-kind.ts";
import type { GoodsFilter, PageData } from "./page-data.ts";
import { notFound, type PageRequest } from "./request.ts";

const ROWS = 20;
const KINDS: ReadonlySet<string> = new Set(GOODS_KINDS);
const SORTS: ReadonlySet<string> = new Set(["newest", "points_up", "points_down"]);

/** Reads the filters of an address; what it does not understand it leaves out. */
export function goodsFilter(query: Readonly<Record<string, string>>): GoodsFilter {
  const { category, brand, q = "", kind, sort, affordable, within } = query;
  const id = (text: string | undefined): string | null =>
    text !== undefined && /^[0-9a-z-]{1,40}$/.test(text) ? text : null;
  return {
    category: id(category),
    brand: id(brand),
    q: q.trim().slice(0, 60),
    kind: kind !== undefined && KINDS.has(kind) ? (kind as GoodsFilter["kind"]) : null,
    affordable: affordable === "1",
    within: within !== undefined && /^[1-9]\d{0,8}$/.test(within) ? Number(within) : null,
    sort: sort !== undefined && SORTS.has(sort) ? (sort as GoodsFilter["sort"]) : "recommended",
  };
}

/** `active`: the points that “affordable” means; null for a guest, to whom it means nothing. */
export function goodsQuery(filter: GoodsFilter, active: number | null): URLSearchParams {
  const query = new URLSearchParams({ limit: String(ROWS), sort: filter.sort });
  if (filter.category !== null) query.set("category", filter.category);
  if (filter.brand !== null) query.set("brand", filter.brand);
  if (filter.q !== "") query.set("q", filter.q);
  if (filter.kind !== null) query.set("kind", filter.kind);
  const reach = [filter.within, filter.affordable ? active : null].filter((one) => one !== null);
  if (reach.length > 0) query.set("pointsMax", String(Math.min(...reach)));
  return query;
}

/** Somebody who looks around, and for nothing in particular. */
const isPlain = ({ category, brand, q, kind, affordable, within, sort }: GoodsFilter): boolean =>
  category === null &&
  brand === null &&
  q === "" &&
  kind === null &&
  !affordable &&
  within === null &&
  sort === "recommended";

interface InStore {
  readonly stores: readonly OpenStoreView[];
  readonly storeId: string | null;
  readonly brands: readonly { brandId: string; name: string }[];
}

export async function goodsListPage({ c, api, base, session }: PageRequest): Promise<PageData> {
  const filter = goodsFilter(c.req.query());
  const query = goodsQuery(filter, base.me?.points.active ?? null);
  const [tree, inStore, list, suggestions] = await Promise.all([
    api.part<{ categories: CategoryView[] }>("/api/v1/categories"),
    api.part<InStore>("/api/v1/stores"),
    api.get<GoodsListView>(`/api/v1/goods?${query.toString()}`),
    session && isPlain(filter) ? api.part<SuggestionsView>("/api/v1/me/suggestions") : null,
  ]);
  if (list === null) return notFound(base);
  const categories = tree?.categories ?? [];
  const stores = (inStore?.stores ?? []).map(({ storeId, name }) => ({ storeId, name }));
  const storeId = inStore?.storeId ?? null;
  const brands = (inStore?.brands.length ?? 0) > 1 ? (inStore?.brands ?? []) : [];
  const found = { categories, list, suggestions, stores, storeId, brands };
  return { ...base, page: "goodsList", filter, ...found };
}

export async function goodsPage({ c, api, base, session }: PageRequest): Promise<PageData> {
  const goodsId = c.req.param("goodsId") ?? "";
  if (!/^[0-9a-z-]{1,40}$/.test(goodsId)) return notFound(base);
  const [goods, suggestions] = await Promise.all([
    api.get<GoodsDetailView>(`/api/v1/goods/${goodsId}`),
    session ? api.part<SuggestionsView>("/api/v1/me/suggestions") : null,
  ]);
  return goods === null ? notFound(base) : { ...base, page: "goods", goods, suggestions };
}
