/** A member pays part of an order's cash, or all of it, with points and stored value. */
import { z } from "@hono/zod-openapi";
import { accountOf, orderView, orderViewSchema } from "../accounts/index.ts";
import { isRefusal, refusalProblem } from "../earning/index.ts";
import { LIMITS } from "../kernel/limits.ts";
import { json, type Api } from "../platform/http/api.ts";
import { orderIdSchema } from "../redemption/index.ts";
import { spend } from "./spend-call.ts";
import { tenderQuoteSchema } from "./wire.ts";

const PATH = "/api/v1/orders/{orderId}/tender";
const params = z.object({ orderId: orderIdSchema });
const points = z.int().min(0).max(LIMITS.pointsMax);
const fen = z.int().min(0).max(LIMITS.amountFenMax);

export function tenderRoutes(api: Api): void {
  quoteRoute(api);
  chooseRoute(api);
}

function quoteRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: PATH,
      access: "member",
      tag: "Payments",
      summary: "What points and stored value would pay of an order's cash; changes nothing",
      params,
      query: z.object({
        points: z.coerce
          .number()
          .int()
          .min(0)
          .max(LIMITS.pointsMax)
          .optional()
          .describe("Absent: as many as allowed."),
        storedFen: z.coerce
          .number()
          .int()
          .min(0)
          .max(LIMITS.amountFenMax)
          .optional()
          .describe("Absent: as much as needed."),
      }),
      responses: { 200: { description: "The quote", schema: tenderQuoteSchema } },
      problems: ["not_found", "conflict"],
    },
    async ({ env, session, params: { orderId }, query, nowMs, problem }) => {
      const asked = { orderId, points: query.points ?? null, storedFen: query.storedFen ?? null };
      const reply = await spend(env, session.memberKey, "tender_quote", asked, nowMs);
      if (isRefusal(reply)) return refusalProblem(problem, reply);
      const { kind: _, ...quote } = reply;
      return json(quote);
    },
  );
}

function chooseRoute(api: Api): void {
  api.route(
    {
      method: "put",
      path: PATH,
      access: "member",
      tag: "Payments",
      summary:
        "Pays part of an order's cash with points and stored value; with nothing left the order is paid. Zeros take it back",
      params,
      body: z
        .object({
          points: points.describe("Whole conversions only; the quote says which."),
          storedFen: fen,
          leftFen: fen.describe(
            "What the member was shown as left; another figure changes nothing.",
          ),
        })
        .openapi("TenderChoice"),
      responses: { 200: { description: "The order as it is then", schema: orderViewSchema } },
      problems: ["not_found", "conflict"],
    },
    async ({ env, session, params: { orderId }, body, nowMs, problem }) => {
      const { memberKey } = session;
      const input = { orderId, ...body };
      let reply = await spend(env, memberKey, "tender_set", input, nowMs);
      if (isRefusal(reply) && reply.figures["reason"] === "payment_begun") {
        // A payment was begun for another amount: it is closed at its provider, or found paid.
        await accountOf(env, memberKey).closePayments(memberKey, orderId);
        reply = await spend(env, memberKey, "tender_set", input, nowMs);
      }
      if (isRefusal(reply)) return refusalProblem(problem, reply);
      const order = await accountOf(env, memberKey).order(memberKey, orderId);
      return order ? json(await orderView(env, order)) : problem("not_found");
    },
  );
}
