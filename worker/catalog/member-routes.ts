/** The catalogue as members and guests read it. */
import { z } from "@hono/zod-openapi";
import { accountOf } from "../accounts/index.ts";
import { LIMITS } from "../kernel/limits.ts";
import { json, type Api, type ProblemMaker } from "../platform/http/api.ts";
import { holds } from "../platform/http/etag.ts";
import { describeError, log } from "../platform/log.ts";
import { GOODS_KINDS } from "../kernel/goods-kind.ts";
import { loadCategories, visibleOf } from "./categories.ts";
import { cacheHeader, fromEdge } from "./edge-cache.ts";
import {
  catalogueAt,
  goodsDetail,
  goodsLive,
  memberList,
  viewerOf,
  type ListWish,
} from "./member-goods.ts";
import { suggestions } from "./suggestions.ts";
import { storeQuerySchema } from "./store-wire.ts";
import {
  categoryViewSchema,
  goodsDetailSchema,
  goodsListSchema,
  goodsLiveSchema,
  idSchema,
  suggestionsSchema,
} from "./wire.ts";

const MEMBER_SORTS = ["recommended", "newest", "points_up", "points_down"] as const;
const points = z.coerce.number().int().min(0).max(LIMITS.pointsMax);

const store = storeQuerySchema;

export const listQuery = z.object({
  store,
  category: idSchema.optional(),
  brand: idSchema.optional(),
  tag: z.string().trim().min(1).max(20).optional(),
  kind: z.enum(GOODS_KINDS).optional(),
  pointsMin: points.optional(),
  pointsMax: points.optional(),
  q: z
    .string()
    .trim()
    .max(60)
    .optional()
    .describe("Words of the title; any two neighbouring Chinese characters."),
  sort: z.enum(MEMBER_SORTS).default("recommended"),
  cursor: z.string().max(90).optional(),
  limit: z.coerce.number().int().min(1).max(LIMITS.pageRowsMax).default(20),
});

function wishOf(query: z.output<typeof listQuery>): ListWish {
  const { category, brand, tag, kind, pointsMin, pointsMax, q, sort, cursor, limit } = query;
  return {
    ...{
      categoryId: category ?? null,
      brandId: brand ?? null,
      tag: tag ?? null,
      kind: kind ?? null,
      search: q ?? "",
    },
    ...{ pointsMin: pointsMin ?? null, pointsMax: pointsMax ?? null },
    ...{ sort, cursor: cursor ?? null, limit },
  };
}

/** The catalogue lives in D1; while D1 is away this is said, and redemptions go on. */
async function withD1(problem: ProblemMaker, work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (!(error as Error).message.includes("D1")) throw error;
    log("catalogue_read_failed", { error: describeError(error) });
    return problem("unavailable", {}, 5);
  }
}

export function memberGoodsRoutes(api: Api): void {
  categoryRoute(api);
  listRoute(api);
  detailRoutes(api);
  suggestionRoute(api);
}

function categoryRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/categories",
      access: "public",
      tag: "Goods",
      summary: "Categories of the mall, in their order",
      responses: {
        200: {
          description: "A flat tree",
          schema: z.object({ categories: z.array(categoryViewSchema) }),
        },
      },
    },
    ({ env, ctx, session, nowMs, problem, request }) =>
      withD1(problem, async () => {
        const programmeId = session?.programmeId ?? env.DEFAULT_PROGRAMME;
        const version = await catalogueAt(env, programmeId, nowMs);
        const etag = `"${programmeId}-${version}"`;
        const headers = { etag, "cache-control": "private, no-cache" };
        if (holds(request, etag)) return new Response(null, { status: 304, headers });
        const copy = { programmeId, version, query: "categories" };
        const kept = await fromEdge(ctx, copy, () => loadCategories(env.DB, programmeId));
        const all = visibleOf(kept.value);
        const categories = all.map(({ categoryId, parentId, name }) => ({
          ...{ categoryId, parentId, name },
        }));
        return json({ categories }, 200, { ...headers, ...cacheHeader(kept.isHit) });
      }),
  );
}

function listRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/goods",
      access: "public",
      tag: "Goods",
      summary:
        "Goods that are published, as this viewer may see them; a page may be shorter than asked for",
      query: listQuery,
      responses: { 200: { description: "Cards", schema: goodsListSchema } },
    },
    (call) =>
      withD1(call.problem, async () => {
        const viewer = await viewerOf(call.env, call.session, call.request, call.query.store);
        const { view, isHit } = await memberList(call, viewer, wishOf(call.query));
        return json(view, 200, cacheHeader(isHit));
      }),
  );
}

function detailRoutes(api: Api): void {
  const params = z.object({ goodsId: idSchema });
  api.route(
    {
      method: "get",
      path: "/api/v1/goods/{goodsId}",
      access: "public",
      tag: "Goods",
      summary: "One goods: variants, limits and what they mean for the member who asks",
      params,
      query: z.object({ store }),
      responses: { 200: { description: "The goods", schema: goodsDetailSchema } },
      problems: ["not_found"],
    },
    (call) =>
      withD1(call.problem, async () => {
        const viewer = await viewerOf(call.env, call.session, call.request, call.query.store);
        const found = await goodsDetail(call, call.session, viewer, call.params.goodsId);
        return found ? json(found.view, 200, cacheHeader(found.isHit)) : call.problem("not_found");
      }),
  );
  api.route(
    {
      method: "get",
      path: "/api/v1/goods/{goodsId}/live",
      access: "public",
      tag: "Goods",
      summary: "Prices and units of the variants now, from their shelves",
      params,
      query: z.object({ store }),
      responses: { 200: { description: "What may have changed", schema: goodsLiveSchema } },
      problems: ["not_found"],
    },
    (call) =>
      withD1(call.problem, async () => {
        const viewer = await viewerOf(call.env, call.session, call.request, call.query.store);
        const live = await goodsLive(call, viewer, call.params.goodsId);
        return live ? json(live) : call.problem("not_found");
      }),
  );
}

function suggestionRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/me/suggestions",
      access: "member",
      tag: "Goods",
      summary:
        "What the member's points reach, what they nearly reach, and what lapsing points can pay",
      responses: { 200: { description: "Each with its reason", schema: suggestionsSchema } },
    },
    (call) =>
      withD1(call.problem, async () => {
        const { env, session } = call;
        const viewer = await viewerOf(env, session, call.request);
        const wallet = await accountOf(env, session.memberKey).points(session.memberKey, 0, 0);
        return json(await suggestions(call, viewer, wallet));
      }),
  );
}
