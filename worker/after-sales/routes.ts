/** After-sales over HTTP: what a member asks for, and what the desk decides. */
import { z } from "@hono/zod-openapi";
import { and, asc, desc, eq, inArray, getTableColumns, sql, type SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import {
  accountOf,
  AFTER_SALE_STATES,
  caseWordsReader,
  orderView,
  orderViewSchema,
  sealCaseWords,
  type AfterSaleStep,
  type CasePlace,
  type CaseReply,
} from "../accounts/index.ts";
import { MEMBER_ID_PATTERN, memberKeyOf } from "../kernel/ids.ts";
import { HIDDEN, maskNumbers } from "../kernel/masks.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Env } from "../platform/env.ts";
import { json, type Api, type ProblemMaker, isOfAllStores } from "../platform/http/api.ts";
import { orderIdSchema } from "../redemption/index.ts";
import { approvalSchema, secondPerson } from "../staff/index.ts";
import {
  caseKey,
  REFUND,
  refundApprovalId,
  registerRefundApproval,
  waitingRefunds,
} from "./approval.ts";
import { afterSales } from "./d1-schema.ts";
import { giveBackBy } from "./decide.ts";
import { evidenceRoutes } from "./evidence-routes.ts";
import { EvidenceStore } from "./evidence-store.ts";
import {
  afterSaleQuoteSchema,
  applySchema,
  caseIdSchema,
  caseRowSchema,
  decideSchema,
  STAFF_STEPS,
} from "./wire.ts";

const orderParams = z.object({ orderId: orderIdSchema });
const caseParams = orderParams.extend({ caseId: caseIdSchema });
const staffParams = z.object({
  memberId: z.string().regex(MEMBER_ID_PATTERN),
  orderId: orderIdSchema,
  caseId: caseIdSchema,
});

export function afterSalesRoutes(api: Api): void {
  registerRefundApproval();
  evidenceRoutes(api);
  quoteRoute(api);
  applyRoute(api);
  memberStepRoute(api, "withdraw");
  memberStepRoute(api, "send-back");
  listRoute(api);
  for (const path of Object.keys(STAFF_STEPS))
    staffStepRoute(api, path as keyof typeof STAFF_STEPS);
}

function quoteRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/orders/{orderId}/after-sales/quote",
      access: "member",
      tag: "After-sales",
      summary: "What so many units would bring back now, lot by lot",
      params: orderParams,
      query: z.object({
        quantity: z.coerce.number().int().min(1).max(LIMITS.quantityMax).default(1),
      }),
      responses: { 200: { description: "The quote", schema: afterSaleQuoteSchema } },
      problems: ["not_found"],
    },
    async ({ env, session, params, query, problem }) => {
      const { memberKey } = session;
      const account = accountOf(env, memberKey);
      const quote = await account.afterSaleQuote(memberKey, params.orderId, query.quantity);
      if (!quote) return problem("not_found");
      const { points, cashFen, cash, refund } = quote;
      const { providerFen, storedFen, points: offsetPoints } = cash;
      return json({
        ...{ points, cashFen, providerFen, storedFen, offsetPoints },
        ...{ returned: refund.returned, forfeited: refund.forfeited },
        slices: refund.fates.map(({ points: some, fate, expiresAtMs }) => ({
          ...{ points: some, becomes: fate, expiresAtMs },
        })),
      });
    },
  );
}

function applyRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/orders/{orderId}/after-sales",
      access: "member",
      tag: "After-sales",
      summary: "Asks for a refund, a return or an exchange, of all units or some",
      params: orderParams,
      body: applySchema,
      responses: { 200: { description: "The order with the case", schema: orderViewSchema } },
      problems: ["not_found", "conflict"],
    },
    async ({ env, session, params, body, problem }) => {
      const { memberKey } = session;
      const { orderId } = params;
      const missing = await new EvidenceStore(env, { memberKey, orderId }).missing(body.evidence);
      if (missing.length > 0) {
        const errors = missing.map((name) => ({
          path: "evidence",
          message: `${name} is not stored`,
        }));
        return problem("invalid", { errors });
      }
      const at = { orderId, caseId: body.caseId };
      const { reason, note } = body;
      const words = await sealCaseWords(env, session.programmeId, at, { reason, note });
      const wish = { ...body, ...words };
      const reply = await accountOf(env, memberKey).applyAfterSale(memberKey, orderId, wish);
      return answer(env, memberKey, orderId, reply, problem);
    },
  );
}

function memberStepRoute(api: Api, path: "withdraw" | "send-back"): void {
  const isSending = path === "send-back";
  const number = z.string().trim().max(40);
  api.route(
    {
      method: "post",
      path: `/api/v1/orders/{orderId}/after-sales/{caseId}/${path}`,
      access: "member",
      tag: "After-sales",
      summary: isSending
        ? "Tells that the goods of a case are on their way back"
        : "Withdraws a request for after-sales",
      params: caseParams,
      // Ten days of the merchant's silence after it pay back, so it names a parcel.
      body: z.object({ trackingNo: isSending ? number.min(1) : number }),
      responses: { 200: { description: "The order after it", schema: orderViewSchema } },
      problems: ["not_found", "conflict"],
    },
    async ({ env, session, params, body, problem }) => {
      const { memberKey } = session;
      const step = isSending ? "send_back" : "withdraw";
      const { trackingNo } = body;
      const request = { memberKey, ...params, step, by: "member", trackingNo } as const;
      const reply = await accountOf(env, memberKey).stepAfterSale(request);
      return answer(env, memberKey, params.orderId, reply, problem);
    },
  );
}

type CaseState = (typeof AFTER_SALE_STATES)[number];
const WAITING: readonly CaseState[] = ["applied", "agreed", "sent_back", "refunding"];
/** States in which the member waits for the merchant: the figure of the dashboard. */
const OURS: readonly CaseState[] = ["applied", "sent_back"];

/** Which variant of the goods, as its sale told it. */
const SPEC = sql<
  string | null
>`(SELECT s.terms ->> '$.goods.spec' FROM orders AS o JOIN sales AS s ON s.sale_id = o.sale_id
  WHERE o.programme_id = after_sales.programme_id AND o.member_id = after_sales.member_id AND o.order_id = after_sales.order_id)`;

function listRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/after-sales",
      access: "staff",
      permission: "orders.read",
      tag: "After-sales",
      summary: "Cases of after-sales, those that wait longest first",
      query: z.object({
        state: z
          .enum([...AFTER_SALE_STATES, "ours", "second_person", ""])
          .default("")
          .describe(
            "A state; `ours`: what waits for the merchant; `second_person`: those of them whose refund somebody proposed; empty: all that are open.",
          ),
        cursor: z
          .string()
          .regex(/^\d{0,16}\.\d{1,15}$/, "a cursor as an answer gave it")
          .optional(),
        limit: z.coerce.number().int().min(1).max(LIMITS.pageRowsMax).default(50),
      }),
      responses: {
        200: {
          description: "The cases",
          schema: z.object({ items: z.array(caseRowSchema), nextCursor: z.string().nullable() }),
        },
      },
    },
    async (call) => {
      const { env, session, query } = call;
      const { programmeId } = session;
      if (!isOfAllStores(session)) return json({ items: [], nextCursor: null });
      const { state } = query;
      const waiting = await waitingRefunds(call);
      const states = statesOf(state);
      const isOver = states.some((one) => !WAITING.includes(one));
      const row = sql<number>`${afterSales}.rowid`;
      const column = isOver ? afterSales.appliedAtMs : afterSales.dueAtMs;
      const cases = await drizzle(env.DB)
        .select({ ...getTableColumns(afterSales), row, spec: SPEC })
        .from(afterSales)
        .where(
          and(
            eq(afterSales.programmeId, programmeId),
            inArray(afterSales.state, states),
            state === "second_person" ? isAmong(waiting) : undefined,
            query.cursor === undefined ? undefined : beyond(query.cursor, isOver),
          ),
        )
        .orderBy(...(isOver ? [desc(column), desc(row)] : [asc(column), asc(row)]))
        .limit(query.limit);
      const read = await caseWordsReader(env, programmeId);
      const items = await Promise.all(
        cases.map(
          async ({ programmeId: _own, version: _told, row: _row, reason, spec, ...one }) => ({
            ...one,
            spec: spec ?? "",
            waitsFor: waiting.get(caseKey(one)) ?? null,
            reason: maskNumbers(await read(one, reason)),
          }),
        ),
      );
      const last = cases.length === query.limit ? cases.at(-1) : undefined;
      const at = isOver ? last?.appliedAtMs : last?.dueAtMs;
      return json({ items, nextCursor: last ? `${at ?? ""}.${last.row}` : null });
    },
  );
}

function statesOf(state: CaseState | "ours" | "second_person" | ""): readonly CaseState[] {
  if (state === "") return WAITING;
  return state === "ours" || state === "second_person" ? OURS : [state];
}

function isAmong(cases: ReadonlyMap<string, unknown>): SQL {
  const { memberId, orderId, caseId } = afterSales;
  const keys = JSON.stringify([...cases.keys()]);
  return sql`${memberId} || ' ' || ${orderId} || ' ' || ${caseId} IN (SELECT value FROM json_each(${keys}))`;
}

/** The cases behind the one that a cursor names; those without a deadline stand first among those that wait. */
function beyond(cursor: string, isOver: boolean): SQL {
  const [at = "", row = ""] = cursor.split(".");
  const rowid = sql`${afterSales}.rowid`;
  if (isOver) return sql`(${afterSales.appliedAtMs}, ${rowid}) < (${Number(at)}, ${Number(row)})`;
  const { dueAtMs } = afterSales;
  if (at !== "") return sql`(${dueAtMs}, ${rowid}) > (${Number(at)}, ${Number(row)})`;
  return sql`(${dueAtMs} IS NOT NULL OR ${rowid} > ${Number(row)})`;
}

/** Steps that give something back: above a figure a second person has to agree. */
const GIVES_BACK: ReadonlySet<AfterSaleStep> = new Set(["agree_refund", "take_back"]);

function staffStepRoute(api: Api, path: keyof typeof STAFF_STEPS): void {
  const step = STAFF_STEPS[path];
  api.route(
    {
      method: "post",
      path: `/api/v1/staff/after-sales/{memberId}/{orderId}/{caseId}/${path}`,
      access: "staff",
      permission: "orders.refund",
      tag: "After-sales",
      summary: `Decides a case: ${path.replaceAll("-", " ")}; repeating it changes nothing`,
      params: staffParams,
      body: decideSchema,
      responses: {
        200: { description: "The order after it", schema: orderViewSchema },
        202: { description: "Waits for a second person", schema: approvalSchema },
      },
      problems: ["not_found", "conflict", "idempotency_mismatch"],
    },
    async (call) => {
      const { env, session, params, body, problem } = call;
      const { memberId, orderId, caseId } = params;
      const isRefusal = step === "refuse" || step === "refuse_goods";
      if (isRefusal && body.note === "") {
        return problem("invalid", {
          errors: [{ path: "note", message: "a refusal needs a reason" }],
        });
      }
      const memberKey = memberKeyOf(session.programmeId, memberId);
      const account = accountOf(env, memberKey);
      const known = await account.order(memberKey, orderId);
      const one = known?.life?.afterSales.find((some) => some.caseId === caseId);
      if (!one) return problem("not_found");
      const { evenIfUsed } = body;
      // The log of acts is read by others than those who answer members.
      call.audit({ after: { ...body, note: body.note === "" ? "" : HIDDEN } });
      const at = { orderId, caseId };
      const isWhole = body.points === undefined && body.cashFen === undefined;
      const share = { points: body.points ?? one.points, cashFen: body.cashFen ?? one.cashFen };
      if (GIVES_BACK.has(step)) {
        const waits = await secondPerson(call, {
          kind: REFUND,
          approvalId: body.approvalId ?? (await refundApprovalId(call, caseId)),
          subject: `order:${orderId}`,
          figure: share.cashFen,
          reason:
            body.note === "" ? await readReason(env, session.programmeId, at, one) : body.note,
          payload: {
            memberId,
            orderId,
            caseId,
            step,
            ...share,
            isWhole,
            note: body.note,
            evenIfUsed,
          },
        });
        if (waits) return waits;
      }
      const by = `staff:${session.memberId}`;
      const { note } = await sealCaseWords(env, session.programmeId, at, { note: body.note });
      const request = { memberKey, ...at, step, by, note, ...(isWhole ? {} : { share }) };
      const reply = GIVES_BACK.has(step)
        ? await giveBackBy(env, { ...request, evenIfUsed })
        : await account.stepAfterSale(request);
      return answer(env, memberKey, orderId, reply, problem);
    },
  );
}

async function readReason(
  env: Env,
  programmeId: string,
  at: CasePlace,
  { reason }: { readonly reason: string },
): Promise<string> {
  return (await caseWordsReader(env, programmeId))(at, reason);
}

async function answer(
  env: Env,
  memberKey: string,
  orderId: string,
  reply: CaseReply,
  problem: ProblemMaker,
): Promise<Response> {
  if (reply.kind === "not_found") return problem("not_found");
  if (reply.kind === "goods_used") return problem("conflict", { reason: reply.kind });
  if (reply.kind === "refused") {
    if (reply.reason === "unknown_case") return problem("not_found");
    return problem("conflict", { reason: reply.reason, state: reply.state });
  }
  if (reply.kind === "forfeits_more") return problem(reply.refusal.code, reply.refusal.figures);
  const order = await accountOf(env, memberKey).order(memberKey, orderId);
  return order ? json(await orderView(env, order)) : problem("not_found");
}
