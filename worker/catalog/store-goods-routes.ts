/** Goods in stores: what headquarters let a store set, and the stores that members choose from. */
import { z } from "@hono/zod-openapi";
import { storeSkuId } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { json, mayServe, type Api } from "../platform/http/api.ts";
import { fieldsInStore, refusedInStore } from "../staff/index.ts";
import { loadGoods } from "./goods-store.ts";
import { listGoods } from "./list-store.ts";
import { isRightWay } from "./model.ts";
import { asHeadquarters } from "./rules.ts";
import { actorOf } from "./staff-goods.ts";
import { GOODS_PROBLEMS } from "./staff-goods-routes.ts";
import { stockResponse } from "./stock-routes.ts";
import { moveStock } from "./stock.ts";
import { changeInStore, openInStore, viewsInStore } from "./store-goods.ts";
import { storeAsked } from "./store-shelves.ts";
import { goodsOfStore, brandsOf, openStore, openStores } from "./store-goods-store.ts";
import {
  openStoreSchema,
  storeGoodsDraftSchema,
  storeGoodsListSchema,
  storeGoodsSchema,
  storeIdSchema,
  storeQuerySchema,
} from "./store-wire.ts";
import { idSchema, stockCommandSchema } from "./wire.ts";

const params = z.object({ storeId: storeIdSchema, goodsId: idSchema });

export function storeGoodsRoutes(api: Api): void {
  storesRoute(api);
  listRoute(api);
  changeRoute(api);
  stockRoute(api);
}

function storesRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/stores",
      access: "public",
      tag: "Goods",
      summary:
        "Stores that members can shop in: with `store` in a query of goods, they are shown what that store has",
      query: z.object({ store: storeQuerySchema }),
      responses: {
        200: {
          description: "By name",
          schema: z.object({
            stores: z.array(openStoreSchema),
            storeId: z.string().nullable().describe("The one that is shopped in."),
            brands: z
              .array(z.object({ brandId: z.string(), name: z.string() }))
              .describe("Those that share the points of this programme."),
          }),
        },
      },
    },
    async ({ env, session, request, query }) => {
      const programmeId = session?.programmeId ?? env.DEFAULT_PROGRAMME;
      const [stores, brands, asked] = await Promise.all([
        openStores(env.DB, programmeId),
        brandsOf(env.DB, programmeId, "open"),
        storeAsked(env, programmeId, request, query.store),
      ]);
      return json({ stores, storeId: asked?.storeId ?? null, brands });
    },
  );
}

function listRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/store-goods/{storeId}",
      access: "staff",
      permission: "goods.read",
      tag: "Catalogue",
      summary: "Published goods as one store has them, and what whoever asks may set",
      params: z.object({ storeId: storeIdSchema }),
      query: z.object({
        q: z.string().trim().max(60).optional(),
        cursor: z.string().max(90).optional(),
        limit: z.coerce.number().int().min(1).max(LIMITS.pageRowsMax).default(20),
      }),
      responses: { 200: { description: "Goods", schema: storeGoodsListSchema } },
      problems: GOODS_PROBLEMS,
    },
    async (call) => {
      const {
        env,
        session,
        params: { storeId },
        query,
        problem,
      } = call;
      const { programmeId } = session;
      if (!mayServe(session, storeId)) return problem("forbidden", { reason: "not_your_store" });
      const store = await openStore(env.DB, programmeId, storeId);
      if (!store) return problem("not_found");
      const page = await listGoods(env.DB, {
        ...{
          programmeId,
          states: ["published"],
          categoryIds: null,
          brandId: null,
          tag: null,
          kind: null,
        },
        ...{ role: null, pointsMin: null, pointsMax: null, search: query.q ?? "" },
        ...{ sort: "recommended", cursor: query.cursor ?? null, limit: query.limit },
      });
      const goodsIds = page.rows.map(({ goodsId }) => goodsId);
      const [rows, all, maySet] = await Promise.all([
        goodsOfStore(env.DB, programmeId, storeId, goodsIds),
        Promise.all(goodsIds.map((goodsId) => loadGoods(env.DB, programmeId, goodsId))),
        session.staff?.permissions.has("stores.goods") ? fieldsInStore(call, storeId) : [],
      ]);
      const here = all.flatMap((goods) =>
        goods === null
          ? []
          : [{ goods, here: rows.get(goods.goodsId) ?? asHeadquarters(storeId, goods.goodsId) }],
      );
      const goods = await viewsInStore(env.DB, programmeId, here);
      return json({ store, maySet, goods, nextCursor: page.nextCursor });
    },
  );
}

function changeRoute(api: Api): void {
  api.route(
    {
      method: "put",
      path: "/api/v1/staff/store-goods/{storeId}/{goodsId}",
      access: "staff",
      permission: "stores.goods",
      tag: "Catalogue",
      summary:
        "Sets a store's own price, units and visibility of goods, as far as headquarters allow",
      params,
      body: storeGoodsDraftSchema,
      responses: { 200: { description: "After it", schema: storeGoodsSchema } },
      problems: GOODS_PROBLEMS,
    },
    async (call) => {
      const { storeId, goodsId } = call.params;
      const at = await openInStore(call, storeId, goodsId);
      if (at instanceof Response) return at;
      const { version, ...draft } = call.body;
      const outcome = await changeInStore(call, at, draft, version);
      if (outcome instanceof Response) return outcome;
      call.audit({ subject: `goods:${goodsId}@${storeId}`, before: at.here, after: draft });
      return json(outcome);
    },
  );
}

function stockRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/store-goods/{storeId}/{goodsId}/stock",
      operationId: "moveStaffStoreGoodsStock",
      access: "staff",
      permission: "stores.goods",
      tag: "Catalogue",
      summary: "Moves a store's own units; idempotent by requestId",
      params,
      body: stockCommandSchema.extend({ skuId: idSchema }).openapi("StoreStockCommand"),
      responses: {
        201: {
          description: "Moved; repeated the same",
          schema: z.object({ skuId: z.string(), shelf: z.int() }),
        },
      },
      problems: [...GOODS_PROBLEMS, "idempotency_mismatch"],
    },
    async (call) => {
      const { env, session, nowMs, body, problem } = call;
      const { programmeId } = session;
      const { storeId, goodsId } = call.params;
      const at = await openInStore(call, storeId, goodsId);
      if (at instanceof Response) return at;
      const refused = await refusedInStore(call, storeId, "stock");
      if (refused) return refused;
      const { skuId: ofGoods, ...command } = body;
      const isVariant = at.goods.body.skus.some(({ skuId }) => skuId === ofGoods);
      const skuId = storeSkuId(ofGoods, storeId);
      if (!isVariant || skuId === null) return problem("not_found");
      if (!at.here.sellsOwn) return problem("conflict", { reason: "no_own_units" });
      if (!isRightWay(command.cause, command.units)) {
        const message = "this cause moves units the other way";
        return problem("invalid", { errors: [{ path: "units", message }] });
      }
      const actor = actorOf(call);
      const outcome = await moveStock(env, nowMs, { ...command, programmeId, skuId, actor });
      call.audit({ subject: `goods:${goodsId}@${storeId}` });
      return stockResponse(problem, skuId, outcome);
    },
  );
}
