import { z } from "@hono/zod-openapi";
import { LIMITS } from "../kernel/limits.ts";
import { json, type Api } from "../platform/http/api.ts";
import { orderIdSchema } from "../redemption/index.ts";
import { entryView, pointsView, refundQuoteView, tierStanding } from "./points-views.ts";
import { ENTRY_TYPES } from "./points/index.ts";
import { accountOf } from "./views.ts";
import { entriesViewSchema, myPointsSchema, refundQuoteSchema } from "./wire.ts";

const pageSize = z.coerce.number().int().min(1).max(LIMITS.pageRowsMax).default(20);
const momentMs = z.coerce.number().int().min(0).max(LIMITS.timeMsMax);
/** The sequence of the last entry seen, so that a page stays the same while the ledger grows. */
export const seqCursor = z
  .string()
  .regex(/^[1-9][0-9]{0,14}$/, "not a cursor of this list")
  .transform(Number);

/** A member's own points, read from the authority. */
export function pointsRoutes(api: Api): void {
  balanceRoute(api);
  entriesRoute(api);
  quoteRoute(api);
}

function balanceRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/me/points",
      access: "member",
      tag: "Points",
      summary: "The member's balance, lots and ledger",
      query: z.object({
        beforeSeq: z.coerce
          .number()
          .int()
          .min(1)
          .max(Number.MAX_SAFE_INTEGER)
          .default(Number.MAX_SAFE_INTEGER),
        limit: pageSize,
      }),
      responses: { 200: { description: "Balance and ledger", schema: myPointsSchema } },
    },
    async ({ env, session, query }) => {
      const account = accountOf(env, session.memberKey);
      const { memberKey } = session;
      const [reply, tier] = await Promise.all([
        account.points(memberKey, query.beforeSeq, query.limit),
        account.tierOf(memberKey),
      ]);
      return json({ ...pointsView(reply), tier: tier && tierStanding(tier) });
    },
  );
}

function entriesRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/me/points/entries",
      access: "member",
      tag: "Points",
      summary:
        "The ledger, newest first, with filters; a cursor stays valid while the ledger grows",
      query: z.object({
        type: z.enum(ENTRY_TYPES).optional(),
        direction: z.enum(["in", "out"]).optional(),
        fromMs: momentMs.optional().describe("Happened at this moment or later."),
        toMs: momentMs.optional().describe("Happened before this moment."),
        cursor: seqCursor.optional(),
        limit: pageSize,
      }),
      responses: { 200: { description: "A page of entries", schema: entriesViewSchema } },
    },
    async ({ env, session, query }) => {
      const { type = null, direction = null, fromMs = null, toMs = null } = query;
      const { entries, names, nextBeforeSeq } = await accountOf(env, session.memberKey).entries(
        session.memberKey,
        { type, direction, fromMs, toMs },
        query.cursor ?? Number.MAX_SAFE_INTEGER,
        query.limit,
      );
      return json({
        entries: entries.map((entry) => entryView(entry, names)),
        nextCursor: nextBeforeSeq === null ? null : String(nextBeforeSeq),
      });
    },
  );
}

function quoteRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/orders/{orderId}/refund-quote",
      access: "member",
      tag: "Orders",
      summary: "What a cancel would give back of an order: points slice by slice, and money",
      params: z.object({ orderId: orderIdSchema }),
      responses: { 200: { description: "As of now", schema: refundQuoteSchema } },
      problems: ["not_found"],
    },
    async ({ env, session, params, problem }) => {
      const { memberKey } = session;
      const quote = await accountOf(env, memberKey).refundQuote(memberKey, params.orderId);
      return quote ? json(refundQuoteView(quote)) : problem("not_found");
    },
  );
}
