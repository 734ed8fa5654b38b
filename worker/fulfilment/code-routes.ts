import { z } from "@hono/zod-openapi";
import { readCsv } from "../earning/manual/index.ts";
import { DAY_MS } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { json, type Api, isOfAllStores } from "../platform/http/api.ts";
import { openVault, rotateDataKey } from "../vault/index.ts";
import { CODE_LENGTH_MAX, CodeDesk } from "./code-desk.ts";
import type { FieldProblem } from "./core/index.ts";
import { conflict, invalid, PROBLEMS } from "./http.ts";
import { RATING_LISTS, RatingStore } from "./rating-store.ts";
import { HttpSupplier, isCallback, supplierAccountOf, wordOf } from "./supplier.ts";
import { DeliveryTermsStore } from "./terms-store.ts";
import { TopUpDesk, troubledTopUps } from "./top-up-desk.ts";
import { idSchema, skuIdSchema, staffOrderParams } from "./wire.ts";
import {
  codesTakenSchema,
  codeStockSchema,
  codesWithdrawnSchema,
  ratingDecidedSchema,
  ratingsSchema,
  satisfactionSchema,
  topUpHeardSchema,
  topUpSchema,
  troubledTopUpsSchema,
} from "./staff-wire.ts";

const CODES_MAX = 2_000;
const cursorSchema = z.string().regex(/^\d{1,16}\.\d{1,15}$/, "a cursor as an answer gave it");
const skuParams = z.object({ skuId: skuIdSchema });

/** Codes, top-ups, ratings, and the keys under which personal data lies. */
export function codeStaffRoutes(api: Api): void {
  codeListRoute(api);
  codeImportRoute(api);
  withdrawRoute(api);
  topUpRoutes(api);
  callbackRoute(api);
  ratingRoutes(api);
  ratingDecisionRoute(api);
  vaultRoutes(api);
}

function codeListRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/codes",
      access: "staff",
      permission: "orders.codes",
      tag: "Codes",
      summary: "SKUs with card codes: free, issued, seen, and whether they run low",
      responses: { 200: { description: "By SKU", schema: codeStockSchema } },
      problems: PROBLEMS,
    },
    async ({ env, session }) => {
      const { programmeId } = session;
      const { results } = await env.DB.prepare(
        // In this order: few goods have terms of delivery, and each leads to its one SKU.
        `SELECT s.sku_id, s.title FROM delivery_terms AS d CROSS JOIN skus AS s ON s.programme_id = d.programme_id AND s.sku_id = d.sku_id
         WHERE d.programme_id = ?1 AND d.body ->> '$.hasCodes' = 1 ORDER BY s.title LIMIT 100`,
      )
        .bind(programmeId)
        .all<{ sku_id: string; title: string }>();
      const desk = new CodeDesk(env, programmeId);
      const terms = new DeliveryTermsStore(env.DB, programmeId);
      const items = await Promise.all(
        results.map(async ({ sku_id: skuId, title }) => {
          const [standing, { lowStockAt }] = await Promise.all([
            desk.standing(skuId),
            terms.of(skuId),
          ]);
          return { skuId, title, ...standing, lowStockAt, isLow: standing.free <= lowStockAt };
        }),
      );
      return json({ items });
    },
  );
}

/** One code a line; a card with number and password in two columns is kept as both. */
function codesIn(text: string): { codes: string[] } | { errors: FieldProblem[] } {
  const csv = readCsv(text);
  if (csv.kind === "unclosed") {
    return { errors: [{ path: `line ${csv.line}`, message: "a quote is not closed" }] };
  }
  const errors: FieldProblem[] = [];
  const codes = csv.lines.map(({ line, cells }) => {
    const code = cells
      .map((cell) => cell.trim())
      .filter((cell) => cell !== "")
      .join(" ");
    if (code.length > CODE_LENGTH_MAX) {
      errors.push({ path: `line ${line}`, message: `${CODE_LENGTH_MAX} signs at most` });
    }
    return code;
  });
  if (codes.length === 0) errors.push({ path: "", message: "no code in it" });
  if (codes.length > CODES_MAX) errors.push({ path: "", message: `${CODES_MAX} codes at most` });
  return errors.length > 0 ? { errors } : { codes };
}

function codeImportRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/codes/{skuId}/import",
      operationId: "importStaffCodes",
      access: "staff",
      permission: "orders.codes",
      tag: "Codes",
      summary:
        "Takes codes in, sealed; a code that is here already is told by its line and not taken again",
      params: skuParams,
      query: z.object({ batchId: idSchema.describe("Names this list, for a recall.") }),
      text: { type: "text/csv", description: "A code a line, no header; up to 2,000." },
      responses: { 200: { description: "What became of them", schema: codesTakenSchema } },
      problems: PROBLEMS,
    },
    async ({ env, session, params, query, text, nowMs, problem, audit }) => {
      const read = codesIn(text);
      if ("errors" in read) return invalid(problem, read.errors);
      const { programmeId } = session;
      const terms = new DeliveryTermsStore(env.DB, programmeId);
      await terms.markCodes(params.skuId, `staff:${session.memberId}`, nowMs);
      const desk = new CodeDesk(env, programmeId);
      const reply = await desk.import(params.skuId, query.batchId, read.codes);
      const { added, free } = reply;
      audit({ subject: `codes:${params.skuId}`, after: { batchId: query.batchId, added } });
      return json({ added, free, duplicates: reply.duplicates.map((at) => at + 1) });
    },
  );
}

function withdrawRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/codes/{skuId}/withdraw",
      operationId: "withdrawStaffCodes",
      access: "staff",
      permission: "orders.codes",
      tag: "Codes",
      summary: "Takes the free codes of a list out of circulation; those that were issued stay",
      params: skuParams,
      body: z.object({ batchId: idSchema }).openapi("WithdrawCodes"),
      responses: { 200: { description: "How many", schema: codesWithdrawnSchema } },
      problems: PROBLEMS,
    },
    async ({ env, session, params, body }) =>
      json(await new CodeDesk(env, session.programmeId).withdraw(params.skuId, body.batchId)),
  );
}

// ---- top-ups

function topUpRoutes(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/top-ups/troubled",
      access: "staff",
      permission: "orders.read",
      tag: "Top-ups",
      summary: "Top-ups that failed, or that their supplier is silent about",
      responses: { 200: { description: "Top-ups", schema: troubledTopUpsSchema } },
      problems: PROBLEMS,
    },
    async ({ env, session, nowMs }) => {
      const items = isOfAllStores(session)
        ? await troubledTopUps(env.DB, session.programmeId, nowMs)
        : [];
      return json({
        items: items.map(
          ({ topUpId, memberId, orderId, state, attempts, reason, createdAtMs }) => ({
            ...{ topUpId, memberId, orderId, state, attempts, reason, createdAtMs },
          }),
        ),
      });
    },
  );
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/top-ups/{topUpId}/retry",
      access: "staff",
      permission: "orders.ship",
      tag: "Top-ups",
      summary: "Asks the supplier about a top-up now; a final word stays",
      params: z.object({ topUpId: idSchema }),
      responses: { 200: { description: "The top-up after it", schema: topUpSchema } },
      problems: PROBLEMS,
    },
    async ({ env, session, params, nowMs, problem }) => {
      const account = supplierAccountOf(env);
      if (!account) return conflict(problem, "no_supplier");
      const desk = new TopUpDesk(env, session.programmeId, new HttpSupplier(account));
      const topUp = await desk.find(params.topUpId);
      if (!topUp) return problem("not_found");
      const { state, attempts, reason } = await desk.go({ ...topUp, nextTryAtMs: 0 }, nowMs);
      return json({ state, attempts, reason });
    },
  );
}

const callbackSchema = z
  .object({
    topUpId: idSchema,
    state: z.enum(["processing", "success", "fail"]),
    reason: z.string().max(LIMITS.textMax).default(""),
    atMs: z.int().min(0).max(LIMITS.timeMsMax),
    nonce: z.string().min(8).max(64),
    sign: z.string().length(64),
  })
  .openapi("TopUpCallback");

function callbackRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/callbacks/top-ups/{programmeId}",
      operationId: "notifyTopUp",
      access: "public",
      tag: "Top-ups",
      summary:
        "Takes the supplier's signed word on a top-up; repeated, late or reordered it changes nothing that is final",
      params: z.object({ programmeId: z.string().max(LIMITS.idMax) }),
      body: callbackSchema,
      responses: { 200: { description: "Heard", schema: topUpHeardSchema } },
      problems: ["not_found"],
    },
    async ({ env, params, body, nowMs, problem }) => {
      const account = supplierAccountOf(env);
      if (!account || !isCallback(account, body, nowMs)) return problem("forbidden");
      const desk = new TopUpDesk(env, params.programmeId, new HttpSupplier(account));
      const topUp = await desk.find(body.topUpId);
      if (!topUp) return problem("not_found");
      const { state } = await desk.hear(topUp, wordOf(body.state), body.reason, nowMs);
      return json({ state });
    },
  );
}

// ---- ratings

function ratingRoutes(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/goods/{skuId}/ratings",
      access: "public",
      tag: "Delivery",
      summary: "Stars of the goods and the words that staff have read",
      params: skuParams,
      query: z.object({ programmeId: z.string().max(LIMITS.idMax).optional() }),
      responses: { 200: { description: "Ratings", schema: satisfactionSchema } },
    },
    async ({ env, session, params, query }) => {
      const programmeId = session?.programmeId ?? query.programmeId ?? env.DEFAULT_PROGRAMME;
      const found = await new RatingStore(env, programmeId).satisfaction(params.skuId);
      const { count, stars } = found;
      return json({
        ...{ count, stars },
        comments: found.comments.map(({ stars: given, comment, atMs }) => ({
          ...{ stars: given, comment, atMs },
        })),
      });
    },
  );
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/ratings",
      access: "staff",
      permission: "orders.read",
      tag: "Order desk",
      summary:
        "Ratings with words by state, newest first; `recent`: every one of the last 30 days, which the dashboard adds up",
      query: z.object({
        state: z.enum(RATING_LISTS).default("waiting"),
        cursor: cursorSchema.optional(),
        limit: z.coerce.number().int().min(1).max(LIMITS.pageRowsMax).default(50),
      }),
      responses: { 200: { description: "Ratings", schema: ratingsSchema } },
      problems: PROBLEMS,
    },
    async ({ env, session, query, nowMs }) => {
      if (!isOfAllStores(session)) return json({ items: [], nextCursor: null });
      const store = new RatingStore(env, session.programmeId);
      const { state: of, cursor = null, limit } = query;
      return json(await store.list({ of, sinceMs: nowMs - 30 * DAY_MS, cursor, limit }));
    },
  );
}

function ratingDecisionRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/ratings/{memberId}/{orderId}",
      operationId: "changeStaffRating",
      access: "staff",
      permission: "orders.ship",
      tag: "Order desk",
      summary:
        "Shows or hides the words of a rating, or has them wait again; its stars count either way",
      params: staffOrderParams,
      body: ratingDecidedSchema
        .extend({
          basedOn: ratingDecidedSchema.shape.state
            .optional()
            .describe(
              "Its state when it was read: what was decided since is answered as `current` of a 409. Left out: decided whatever it is now.",
            ),
        })
        .openapi("DecideRating"),
      responses: { 200: { description: "Decided", schema: ratingDecidedSchema } },
      problems: PROBLEMS,
    },
    async ({ env, session, params, body, problem }) => {
      const store = new RatingStore(env, session.programmeId);
      const { state, basedOn = null } = body;
      const decided = await store.decide(params, state, `staff:${session.memberId}`, basedOn);
      if (decided.kind === "late")
        return problem("conflict", {
          ...{ reason: "changed_meanwhile", current: { state: decided.current } },
        });
      return decided.kind === "decided" ? json({ state }) : problem("not_found");
    },
  );
}

// ---- keys

function vaultRoutes(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/vault",
      access: "staff",
      permission: "settings.read",
      tag: "Operation",
      summary: "Under which data key personal data is sealed now",
      responses: {
        200: { description: "The newest data key", schema: z.object({ version: z.int() }) },
      },
      problems: PROBLEMS,
    },
    async ({ env, session }) =>
      json({ version: (await openVault(env, session.programmeId)).version }),
  );
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/vault/rotate",
      access: "staff",
      permission: "settings.write",
      tag: "Operation",
      summary: "Makes a new data key; the sweep seals anew what lies under the old one",
      responses: { 200: { description: "The new one", schema: z.object({ version: z.int() }) } },
      problems: PROBLEMS,
    },
    async ({ env, session }) => json({ version: await rotateDataKey(env, session.programmeId) }),
  );
}
