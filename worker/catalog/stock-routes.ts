/** Stock of a SKU: commands of staff, and the ledger of every movement. */
import { z } from "@hono/zod-openapi";
import { SKU_ID_PATTERN, skuKeyOf, splitSkuId } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { stubOf } from "../platform/env.ts";
import { json, mayServe, type Api, type ProblemMaker } from "../platform/http/api.ts";
import { isRightWay } from "./model.ts";
import { actorOf } from "./staff-goods.ts";
import { GOODS_PROBLEMS } from "./staff-goods-routes.ts";
import { movementsOf, moveStock, type StockReply } from "./stock.ts";
import { stockCommandSchema, stockLedgerSchema } from "./wire.ts";

const params = z.object({ skuId: z.string().max(LIMITS.idMax).regex(SKU_ID_PATTERN) });

export function stockRoutes(api: Api): void {
  commandRoute(api);
  ledgerRoute(api);
}

function commandRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/skus/{skuId}/stock",
      operationId: "moveStaffSkuStock",
      access: "staff",
      permission: "stock.write",
      tag: "Catalogue",
      summary: "Moves units to or from the shelf; idempotent by requestId",
      params,
      body: stockCommandSchema,
      responses: {
        201: {
          description: "Moved; repeated the same",
          schema: z.object({ skuId: z.string(), shelf: z.int() }),
        },
      },
      problems: [...GOODS_PROBLEMS, "idempotency_mismatch"],
    },
    async (call) => {
      const {
        body,
        session,
        params: { skuId },
        problem,
      } = call;
      if (!isRightWay(body.cause, body.units)) {
        const message = "this cause moves units the other way";
        return problem("invalid", { errors: [{ path: "units", message }] });
      }
      const { programmeId } = session;
      const outcome = await moveStock(call.env, call.nowMs, {
        ...{ ...body, programmeId, skuId, actor: actorOf(call) },
      });
      if (outcome.kind === "moved") call.audit({ after: { ...body, title: outcome.title } });
      return stockResponse(problem, skuId, outcome);
    },
  );
}

export function stockResponse(problem: ProblemMaker, skuId: string, outcome: StockReply): Response {
  switch (outcome.kind) {
    case "moved":
      return json({ skuId, shelf: outcome.shelf }, 201);
    case "not_found":
      return problem("not_found");
    case "mismatch":
      return problem("idempotency_mismatch", { fields: outcome.fields });
    case "units_insufficient":
      return problem("conflict", { reason: "units_insufficient", shelf: outcome.shelf });
  }
}

function ledgerRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/skus/{skuId}/stock",
      access: "staff",
      permission: "goods.read",
      tag: "Catalogue",
      summary: "Where the units of a SKU are, and every movement with its cause, newest first",
      params,
      query: z.object({
        cursor: z.coerce.number().int().min(0).max(LIMITS.timeMsMax).optional(),
        limit: z.coerce.number().int().min(1).max(LIMITS.pageRowsMax).default(50),
      }),
      responses: { 200: { description: "The ledger", schema: stockLedgerSchema } },
      problems: GOODS_PROBLEMS,
    },
    async ({ env, session, params: { skuId }, query, problem }) => {
      const { programmeId } = session;
      const { storeId } = splitSkuId(skuId);
      if (storeId !== null && !mayServe(session, storeId))
        return problem("forbidden", { reason: "not_your_store" });
      const known = await env.DB.prepare(
        "SELECT title FROM skus WHERE programme_id = ? AND sku_id = ?",
      )
        .bind(programmeId, skuId)
        .first<{ title: string }>();
      if (!known) return problem("not_found");
      const [standing, page] = await Promise.all([
        stubOf(env.SKU, skuKeyOf(programmeId, skuId), env).standing(),
        movementsOf(env.DB, {
          programmeId,
          skuId,
          before: query.cursor ?? null,
          limit: query.limit,
        }),
      ]);
      const shelf = standing?.standing.remaining ?? 0;
      const returned = standing?.standing.returned ?? 0;
      return json({ skuId, title: known.title, shelf, returned, ...page });
    },
  );
}
