/** Differences and what puts each right: the provider is asked, the Account tells anew, or somebody says what they found out. */
import { z } from "@hono/zod-openapi";
import { MEMBER_ID_PATTERN } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { json, type Api } from "../platform/http/api.ts";
import { orderIdSchema } from "../redemption/index.ts";
import { withNotes } from "./difference-notes.ts";
import { explainDifference, reconcileDay, refundOf } from "./finance.ts";
import { PROVIDERS } from "./provider.ts";
import { receivePaid } from "./receive.ts";
import { DIFFERENCES, STANDINGS } from "./reconcile.ts";
import { retellOrder } from "./standings.ts";
import { paymentOf, providersOf } from "./store.ts";
import { reconciledSchema } from "./wire.ts";

const daySchema = z.iso.date("is no day of the calendar");

export function reconcileRoutes(api: Api): void {
  reconcileRoute(api);
  askRoute(api);
  askRefundRoute(api);
  explainRoute(api);
  retellRoute(api);
}

function reconcileRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/finance/bills",
      access: "staff",
      permission: "finance.write",
      tag: "Finance",
      summary: "Fetches a day's bill and compares it; the clock does it by itself every morning",
      body: z.object({ provider: z.enum(PROVIDERS), day: daySchema }).openapi("ReconcileDay"),
      responses: { 200: { description: "What it found", schema: reconciledSchema } },
      problems: ["not_found"],
    },
    async ({ env, session, body, nowMs, problem }) => {
      const { provider, day } = body;
      const found = await reconcileDay(env, session.programmeId, provider, day, nowMs);
      if (!found) return problem("not_found");
      const [seen] = await withNotes(env, session.programmeId, [found]);
      return json(seen);
    },
  );
}

function askRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/finance/payments/{paymentId}/ask",
      access: "staff",
      permission: "finance.write",
      tag: "Finance",
      summary:
        "Asks the provider about one payment and takes its word: what a bill knows and the mall does not",
      params: z.object({ paymentId: z.string().min(1).max(64) }),
      responses: {
        200: {
          description: "What became of it",
          schema: z.object({ kind: z.enum(["paid", "unpaid", "closed", "unknown", "silence"]) }),
        },
      },
      problems: ["not_found", "conflict"],
    },
    async ({ env, session, params, nowMs, problem }) => {
      const row = await paymentOf(env, session.programmeId, params.paymentId);
      const providers = await providersOf(env, session.programmeId);
      const provider = row && providers.get(row.provider as "wechat");
      if (!row || !provider) return problem("not_found");
      const word = await provider.query(params.paymentId, nowMs);
      if (word.kind !== "paid") return json({ kind: word.kind });
      const reply = await receivePaid(env, provider, row, word, nowMs);
      if (reply.kind === "refused") return problem("conflict", { reason: reply.reason });
      return json({ kind: "paid" });
    },
  );
}

function askRefundRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/finance/refunds/{refundId}/ask",
      access: "staff",
      permission: "finance.write",
      tag: "Finance",
      summary:
        "Asks the provider about one refund; one that never reached it is sent again under the same number",
      params: z.object({ refundId: z.string().min(1).max(64) }),
      responses: {
        200: {
          description: "What became of it",
          schema: z.object({ kind: z.enum(["done", "asked", "refused", "silence"]) }),
        },
      },
      problems: ["not_found"],
    },
    async ({ env, session, params: { refundId }, nowMs, problem, audit }) => {
      const known = await refundOf(env, session.programmeId, refundId);
      const providers = await providersOf(env, session.programmeId);
      const provider = known && providers.get(known.refund.provider as "wechat");
      if (!known || !provider) return problem("not_found");
      const { refund, payment } = known;
      audit({ subject: `refund:${refundId}` });
      const word = await provider.queryRefund(
        {
          ...{ refundId, paymentId: refund.paymentId, txnId: payment.moveId },
          ...{ amountFen: refund.amountFen, totalFen: payment.amountFen, reason: refund.reason },
        },
        nowMs,
      );
      return json({ kind: word.kind });
    },
  );
}

function explainRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/finance/bills/explain",
      access: "staff",
      permission: "finance.write",
      tag: "Finance",
      summary:
        "Closes a difference of a bill with what was found out about it, or opens it again: note null",
      body: z
        .object({
          provider: z.enum(PROVIDERS),
          day: daySchema,
          name: z.enum(DIFFERENCES),
          moveId: z.string().regex(/^[\w.:|*@~-]{1,80}$/),
          note: z.string().trim().min(2).max(LIMITS.textMax).nullable(),
          basedOn: z
            .int()
            .min(0)
            .max(LIMITS.timeMsMax)
            .optional()
            .describe(
              "`atMs` of the explanation that was seen, 0 where none stood: what was written since is answered as `current` of a 409. Left out: whatever stands there is replaced.",
            ),
        })
        .openapi("ExplainDifference"),
      responses: {
        200: { description: "Closed, or open again", schema: z.object({ ok: z.boolean() }) },
      },
      problems: ["not_found", "conflict"],
    },
    async ({ env, session, body, nowMs, problem, audit }) => {
      const { note, basedOn, ...of } = body;
      const by = `staff:${session.memberId}`;
      const explained = note === null ? null : { note, by, atMs: nowMs };
      audit({ subject: `bill:${of.provider} ${of.day} ${of.moveId}`, after: { note } });
      const reply = await explainDifference(env, session.programmeId, of, explained, basedOn);
      if (reply.kind === "not_found") return problem("not_found");
      return reply.kind === "saved"
        ? json({ ok: true })
        : problem("conflict", { reason: "changed_meanwhile", current: reply.current });
    },
  );
}

function retellRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/finance/orders/{memberId}/{orderId}/retell",
      access: "staff",
      permission: "finance.write",
      tag: "Finance",
      summary:
        "Writes one order, its money and its ledger entries into the lists anew; moves neither money nor points",
      params: z.object({
        memberId: z.string().regex(MEMBER_ID_PATTERN),
        orderId: orderIdSchema,
      }),
      responses: {
        200: {
          description: "What still differs, now that the Account has spoken",
          schema: z.object({ differs: z.array(z.enum(STANDINGS)) }),
        },
      },
      problems: ["not_found"],
    },
    async ({ env, session, params, problem }) => {
      const mended = await retellOrder(env, session.programmeId, params);
      return mended ? json(mended) : problem("not_found");
    },
  );
}
