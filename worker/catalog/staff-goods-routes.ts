/** Goods as staff write them. */
import { z } from "@hono/zod-openapi";
import { LIMITS } from "../kernel/limits.ts";
import { json, type Api } from "../platform/http/api.ts";
import { GOODS_KINDS } from "../kernel/goods-kind.ts";
import { branchOf, loadCategories } from "./categories.ts";
import { loadGoods } from "./goods-store.ts";
import { cardsOf, listGoods, lowStock, type GoodsQuery, type Sort } from "./list-store.ts";
import { GOODS_ROLES, GOODS_STATES, mixOf, type GoodsRole } from "./model.ts";
import {
  changeGoods,
  createGoods,
  staffView,
  type SaveReply,
  type StaffCall,
} from "./staff-goods.ts";
import {
  goodsDraftSchema,
  idSchema,
  mixSchema,
  staffGoodsSchema,
  staffRowSchema,
  type StaffGoodsRow,
} from "./wire.ts";

export const GOODS_PROBLEMS = ["not_found", "conflict"] as const;
const params = z.object({ goodsId: idSchema });
const revision = z.int().min(1).max(1_000_000_000);

export const staffListQuery = z.object({
  state: z.enum(GOODS_STATES).optional(),
  category: idSchema.optional(),
  brand: idSchema.optional(),
  tag: z.string().trim().min(1).max(20).optional(),
  kind: z.enum(GOODS_KINDS).optional(),
  role: z.enum(GOODS_ROLES).optional(),
  q: z.string().trim().max(60).optional(),
  sort: z.enum(["points", "-points", "updated", "-updated", "position"]).default("-updated"),
  cursor: z.string().max(90).optional(),
  limit: z.coerce.number().int().min(1).max(LIMITS.pageRowsMax).default(50),
});

export function staffGoodsRoutes(api: Api): void {
  listRoute(api);
  createRoute(api);
  editRoutes(api);
  for (const verb of ["publish", "withdraw"] as const) stateRoute(api, verb);
  figureRoutes(api);
}

/** As lists of the console name their orders. */
const STAFF_SORTS: Readonly<Record<z.output<typeof staffListQuery>["sort"], Sort>> = {
  points: "points_up",
  "-points": "points_down",
  updated: "updated_up",
  "-updated": "updated_down",
  position: "recommended",
};

export async function staffQuery(
  call: StaffCall,
  query: z.output<typeof staffListQuery>,
): Promise<GoodsQuery> {
  const { programmeId } = call.session;
  const { category, state } = query;
  const sort = STAFF_SORTS[query.sort];
  const categoryIds =
    category === undefined
      ? null
      : branchOf(await loadCategories(call.env.DB, programmeId), category, true);
  const states = state === undefined ? GOODS_STATES : [state];
  return {
    ...{ programmeId, states, categoryIds, sort, limit: query.limit, pointsMin: null },
    ...{
      brandId: query.brand ?? null,
      tag: query.tag ?? null,
      kind: query.kind ?? null,
      role: query.role ?? null,
    },
    ...{ pointsMax: null, search: query.q ?? "", cursor: query.cursor ?? null },
  };
}

function listRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/goods",
      access: "staff",
      permission: "goods.read",
      tag: "Catalogue",
      summary: "Goods in every state, filtered, searched and sorted",
      query: staffListQuery,
      responses: {
        200: {
          description: "Rows",
          schema: z.object({
            goods: z.array(staffRowSchema),
            nextCursor: z.string().nullable(),
          }),
        },
      },
      problems: GOODS_PROBLEMS,
    },
    async (call) => {
      const { programmeId } = call.session;
      const page = await listGoods(call.env.DB, await staffQuery(call, call.query));
      const cards = await cardsOf(call.env.DB, programmeId, page.rows);
      const goods = cards.map(({ row, figures, card }): StaffGoodsRow => {
        const { revision: at, state, updatedAtMs, updatedBy } = row;
        const { skuCount, publishAtMs } = row.card;
        const isLow = figures.some(
          ({ lowStockUnits, stand }) => lowStockUnits !== null && stand.remaining <= lowStockUnits,
        );
        const isEmpty =
          figures.length > 0 &&
          figures.every(({ stand, inSales }) => stand.remaining + inSales === 0);
        return {
          ...card,
          ...{ revision: at, state, updatedAtMs, updatedBy, skuCount, publishAtMs },
          ...{ isLow, isEmpty },
        };
      });
      return json({ goods, nextCursor: page.nextCursor });
    },
  );
}

function createRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/goods",
      access: "staff",
      permission: "goods.write",
      tag: "Catalogue",
      summary: "Makes goods as a draft, with a stock for every SKU",
      body: z
        .object({
          goodsId: idSchema.optional().describe("Made up when absent."),
          goods: goodsDraftSchema,
        })
        .openapi("NewGoods"),
      bodyBytesMax: LIMITS.documentBytesMax,
      responses: { 201: { description: "The draft", schema: staffGoodsSchema } },
      problems: GOODS_PROBLEMS,
    },
    async (call) => {
      const goodsId = call.body.goodsId ?? `g-${crypto.randomUUID().slice(0, 13)}`;
      const reply = await createGoods(call, goodsId, call.body.goods);
      if (reply.kind === "late") return call.problem("conflict", { reason: "exists", goodsId });
      return saveResponse(call, reply);
    },
  );
}

function editRoutes(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/goods/{goodsId}",
      access: "staff",
      permission: "goods.read",
      tag: "Catalogue",
      summary: "One goods whole, with the shelves of its SKUs and advice on its prices",
      params,
      responses: { 200: { description: "The goods", schema: staffGoodsSchema } },
      problems: GOODS_PROBLEMS,
    },
    async ({ env, session, params: { goodsId }, problem }) => {
      const goods = await loadGoods(env.DB, session.programmeId, goodsId);
      return goods ? json(await staffView(env, session.programmeId, goods)) : problem("not_found");
    },
  );
  api.route(
    {
      method: "put",
      path: "/api/v1/staff/goods/{goodsId}",
      access: "staff",
      permission: "goods.write",
      tag: "Catalogue",
      summary:
        "Saves goods; published ones change at once on every open page. Where somebody saved meanwhile: 409 with what there is now",
      params,
      body: z.object({ revision, goods: goodsDraftSchema }).openapi("GoodsEdit"),
      bodyBytesMax: LIMITS.documentBytesMax,
      responses: { 200: { description: "The goods after it", schema: staffGoodsSchema } },
      problems: GOODS_PROBLEMS,
    },
    async (call) => {
      const { goods: draft, revision: edited } = call.body;
      const reply = await changeGoods(call, call.params.goodsId, edited, { draft });
      return saveResponse(call, reply);
    },
  );
}

function stateRoute(api: Api, verb: "publish" | "withdraw"): void {
  const state = verb === "publish" ? "published" : "withdrawn";
  api.route(
    {
      method: "post",
      path: `/api/v1/staff/goods/{goodsId}/${verb}`,
      access: "staff",
      permission: "goods.write",
      tag: "Catalogue",
      summary:
        verb === "publish"
          ? "Publishes goods now, or at the moment they are scheduled for"
          : "Takes goods off the mall; orders and units stay",
      params,
      body: z.object({ revision }),
      responses: { 200: { description: "The goods after it", schema: staffGoodsSchema } },
      problems: GOODS_PROBLEMS,
    },
    async (call) => {
      const reply = await changeGoods(call, call.params.goodsId, call.body.revision, { state });
      if (reply.kind === "saved")
        call.audit({ after: { ...call.body, title: reply.goods.body.title } });
      return saveResponse(call, reply);
    },
  );
}

/** What a save is answered; who comes late is shown what there is now and keeps what they wrote. */
export async function saveResponse(call: StaffCall, reply: SaveReply): Promise<Response> {
  const { env, session, problem } = call;
  switch (reply.kind) {
    case "saved": {
      const view = await staffView(env, session.programmeId, reply.goods);
      return json(view, reply.isNew ? 201 : 200);
    }
    case "not_found":
      return problem("not_found");
    case "invalid": {
      const errors = reply.problems.map(({ path, message }) => ({
        path: `goods.${path}`,
        message,
      }));
      return problem("invalid", { errors });
    }
    case "code_taken":
      return problem("conflict", { reason: "code_taken" });
    case "late":
      return problem("conflict", {
        reason: "changed_meanwhile",
        current: await staffView(env, session.programmeId, reply.current),
      });
  }
}

function figureRoutes(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/goods-mix",
      access: "staff",
      permission: "goods.read",
      tag: "Catalogue",
      summary: "The 6 : 3 : 1 mix of what is published, and what to add",
      responses: { 200: { description: "Counted now", schema: mixSchema } },
      problems: GOODS_PROBLEMS,
    },
    async ({ env, session }) => {
      const { results } = await env.DB.prepare(
        "SELECT role, COUNT(*) AS n FROM goods WHERE programme_id = ? AND state = 'published' GROUP BY role",
      )
        .bind(session.programmeId)
        .all<{ role: GoodsRole; n: number }>();
      return json(mixOf(Object.fromEntries(results.map(({ role, n }) => [role, n]))));
    },
  );
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/goods-alerts",
      access: "staff",
      permission: "goods.read",
      tag: "Catalogue",
      summary: "SKUs of published goods whose shelf has come down to their mark",
      responses: {
        200: {
          description: "Furthest below first",
          schema: z.object({
            low: z.array(
              z.object({
                skuId: z.string(),
                goodsId: z.string(),
                title: z.string(),
                spec: z.string().describe("Which of the variants; empty: there is one only."),
                shelf: z.int(),
                mark: z.int(),
              }),
            ),
          }),
        },
      },
      problems: GOODS_PROBLEMS,
    },
    async ({ env, session }) =>
      json({ low: await lowStock(env.DB, session.programmeId, LIMITS.pageRowsMax) }),
  );
}
