/** Commands on goods in one store: check the right, save by version, tell that store's shelves. */
import { skuKeyOf, storeSkuId } from "../kernel/ids.ts";
import { stubOf, type Env } from "../platform/env.ts";
import { mayServe } from "../platform/http/api.ts";
import { refusedInStore } from "../staff/index.ts";
import { forgetVersion } from "./edge-cache.ts";
import { loadGoods, type GoodsRow } from "./goods-store.ts";
import type { FieldProblem } from "./model.ts";
import { applyInStore, retryAtMs } from "./publish.ts";
import {
  asHeadquarters,
  changedFields,
  isHandedOver,
  type StoreGoods,
  type StoreGoodsDraft,
} from "./rules.ts";
import { actorOf, type StaffCall } from "./staff-goods.ts";
import {
  goodsOfStore,
  openStore,
  saveStoreGoods,
  shelfStands,
  storesOfGoods,
  type OpenStore,
} from "./store-goods-store.ts";
import type { StoreGoodsView } from "./store-wire.ts";

/** Shelves that one goods may have in all its stores together: so many objects one save can tell. */
const SHELVES_MAX = 400;

export interface InStore {
  readonly store: OpenStore;
  readonly goods: GoodsRow;
  readonly here: StoreGoods;
}

/** The goods in this store, or why these people get nothing of it. */
export async function openInStore(
  call: StaffCall,
  storeId: string,
  goodsId: string,
): Promise<InStore | Response> {
  const { env, session, problem } = call;
  const { programmeId } = session;
  if (!mayServe(session, storeId)) return problem("forbidden", { reason: "not_your_store" });
  const [store, goods, rows] = await Promise.all([
    openStore(env.DB, programmeId, storeId),
    loadGoods(env.DB, programmeId, goodsId),
    goodsOfStore(env.DB, programmeId, storeId, [goodsId]),
  ]);
  if (!store || !goods) return problem("not_found");
  return { store, goods, here: rows.get(goodsId) ?? asHeadquarters(storeId, goodsId) };
}

/** Units leave the page before they are counted: they are read from the shelves themselves. */
export async function viewInStore(
  env: Env,
  programmeId: string,
  { goods, here }: Pick<InStore, "goods" | "here">,
): Promise<StoreGoodsView> {
  const [view] = await viewsInStore(env.DB, programmeId, [{ goods, here }]);
  const fresh = await Promise.all(
    (view?.skus ?? []).map(async (sku) => {
      if (sku.storeSkuId === null || !here.sellsOwn) return sku;
      const key = skuKeyOf(programmeId, sku.storeSkuId);
      const snapshot = await stubOf(env.SKU, key, env).standing();
      return { ...sku, remaining: snapshot?.standing.remaining ?? 0 };
    }),
  );
  return { ...(view as StoreGoodsView), skus: fresh };
}

export async function viewsInStore(
  db: D1Database,
  programmeId: string,
  all: readonly Pick<InStore, "goods" | "here">[],
): Promise<StoreGoodsView[]> {
  const skuIds = all.flatMap(({ goods, here }) =>
    here.sellsOwn
      ? goods.body.skus.flatMap((sku) => storeSkuId(sku.skuId, here.storeId) ?? [])
      : [],
  );
  const stands = await shelfStands(db, programmeId, skuIds);
  return all.map(({ goods, here }): StoreGoodsView => {
    const { goodsId, body } = goods;
    const { title, subtitle, kind, groundColor } = body;
    const { isHidden, sellsOwn, prices, version } = here;
    return {
      ...{ goodsId, title, subtitle, kind, groundColor, picture: body.pictures[0] ?? null },
      ...{ isHidden, sellsOwn, version, maySellOwn: isHandedOver(kind) },
      skus: body.skus.map(({ skuId, values, pricePoints, priceFen }) => {
        const id = storeSkuId(skuId, here.storeId);
        const own = prices.find((one) => one.skuId === skuId);
        return {
          ...{ skuId, storeSkuId: id, values: [...values], pricePoints, priceFen },
          own: own ? { pricePoints: own.pricePoints, priceFen: own.priceFen } : null,
          remaining: sellsOwn ? (id === null ? 0 : (stands.get(id)?.remaining ?? 0)) : null,
        };
      }),
    };
  });
}

async function problemsOf(
  env: Env,
  programmeId: string,
  { goods, here }: InStore,
  draft: StoreGoodsDraft,
): Promise<FieldProblem[]> {
  const { skus, kind } = goods.body;
  const known = new Set(skus.map(({ skuId }) => skuId));
  const named = draft.prices.map(({ skuId }) => skuId);
  const problems: FieldProblem[] = named
    .filter((skuId) => !known.has(skuId))
    .map((skuId) => ({ path: "prices", message: `${skuId} is no variant of these goods` }));
  if (new Set(named).size < named.length)
    problems.push({ path: "prices", message: "a variant stands twice" });
  if (!draft.sellsOwn || here.sellsOwn) return problems;
  if (!isHandedOver(kind)) {
    const message = "only coupons and local services are a store's own";
    problems.push({ path: "sellsOwn", message });
  }
  if (skus.some(({ skuId }) => storeSkuId(skuId, here.storeId) === null))
    problems.push({
      path: "sellsOwn",
      message: "the ids of goods and store are too long together",
    });
  const stores = await storesOfGoods(env.DB, programmeId, goods.goodsId);
  const shelves = (stores.filter(({ sellsOwn }) => sellsOwn).length + 1) * skus.length;
  if (shelves > SHELVES_MAX) {
    problems.push({ path: "sellsOwn", message: `at most ${SHELVES_MAX} shelves in all stores` });
  }
  return problems;
}

/** Null where nothing stands against it: a right for everything that differs, and values that fit. */
async function refusalOf(
  call: StaffCall,
  at: InStore,
  draft: StoreGoodsDraft,
): Promise<Response | null> {
  for (const field of changedFields(at.here, draft)) {
    const refused = await refusedInStore(call, at.store.storeId, field);
    if (refused) return refused;
  }
  const problems = await problemsOf(call.env, call.session.programmeId, at, draft);
  return problems.length > 0 ? call.problem("invalid", { errors: problems }) : null;
}

/** Saves what a store does in its own way; repeating the same changes nothing but the version. */
export async function changeInStore(
  call: StaffCall,
  at: InStore,
  draft: StoreGoodsDraft,
  version: number,
): Promise<StoreGoodsView | Response> {
  const { env, session, nowMs, problem } = call;
  const { programmeId } = session;
  const refused = await refusalOf(call, at, draft);
  if (refused) return refused;
  const { store, goods } = at;
  const here: StoreGoods = { ...at.here, ...draft, version };
  const isSaved = await saveStoreGoods(env.DB, {
    ...{ programmeId, here, nowMs, by: actorOf(call), againAtMs: retryAtMs(nowMs) },
    shelves: goods.body.skus.flatMap(({ skuId, values }) => {
      const id = storeSkuId(skuId, store.storeId);
      const title = [goods.body.title, ...values, store.name].join(" · ");
      return id === null ? [] : [{ skuId: id, title }];
    }),
  });
  forgetVersion(programmeId);
  if (!isSaved) {
    const rows = await goodsOfStore(env.DB, programmeId, store.storeId, [goods.goodsId]);
    const now = rows.get(goods.goodsId) ?? at.here;
    const current = await viewInStore(env, programmeId, { goods, here: now });
    return problem("conflict", { reason: "changed_meanwhile", current });
  }
  await applyInStore(env, programmeId, goods, store.storeId);
  return viewInStore(env, programmeId, { goods, here: { ...here, version: version + 1 } });
}
