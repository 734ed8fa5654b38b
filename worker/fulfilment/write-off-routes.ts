import { createHash } from "node:crypto";
import { z } from "@hono/zod-openapi";
import { LIMITS } from "../kernel/limits.ts";
import { json, mayServe, type Api } from "../platform/http/api.ts";
import { RateLimiter } from "../platform/http/rate.ts";
import {
  approvalSchema,
  openApprovalId,
  registerApproval,
  secondPerson,
  waitingApprovals,
} from "../staff/index.ts";
import { conflict, PROBLEMS } from "./http.ts";
import { storesOf } from "./stores.ts";
import { voucherView } from "./views.ts";
import { VoucherStore, type StoredVoucher, type WriteOff } from "./voucher-store.ts";
import { NOTED_WITHIN_MS, WriteOffDesk, type WriteOffOutcome } from "./write-off-desk.ts";
import { idSchema, reasonSchema, storeIdSchema, voucherSchema } from "./wire.ts";
import { deskStoresSchema, reversedSchema } from "./staff-wire.ts";

const code = z.string().min(4).max(80);
const uses = z.int().min(1).max(1_000).default(1);
/** Codes a clerk may try: a burst, then one every three seconds. Five digits of proof are not to be guessed. */
const TRIES = "10/0.33";
const tries = new RateLimiter();

const writeOffSchema = z
  .object({
    writeOffId: z.string(),
    voucherId: z.string(),
    memberId: z.string(),
    orderId: z.string(),
    uses: z.int(),
    storeId: z.string(),
    staffId: z.string(),
    staffName: z.string(),
    state: z.enum(["pending", "done", "refused", "reversing", "reversed"]),
    atMs: z.int(),
    reason: z.string(),
  })
  .openapi("WriteOff");

const listedWriteOffSchema = writeOffSchema
  .extend({
    title: z.string().describe("Of the goods."),
    waitsFor: z
      .object({ approvalId: z.string(), proposedBy: z.string(), proposedAtMs: z.int() })
      .nullable()
      .describe("The proposal to undo it that waits for a second person."),
  })
  .openapi("ListedWriteOff");

const newWriteOffSchema = z
  .object({
    ...{ writeOffId: idSchema, code, storeId: storeIdSchema, uses },
    readAgoMs: z
      .int()
      .min(0)
      .max(NOTED_WITHIN_MS)
      .optional()
      .describe("How long ago the code was read, by a desk that had no network then."),
  })
  .openapi("NewWriteOff");

const doneSchema = z
  .object({ writeOff: writeOffSchema, voucher: voucherSchema })
  .openapi("WrittenOff");

const REVERSAL = "orders.reverse_write_off";

const reversalSchema = z.object({
  writeOffId: z.string(),
  reason: z.string(),
  /** For whoever decides: what was used up, how often, where, by whom. */
  goods: z.string().optional(),
  uses: z.int().optional(),
  store: z.string().optional(),
  clerk: z.string().optional(),
});

function writeOffView({ snapshot, reversedBy: _second, ...act }: WriteOff) {
  return { ...act, staffName: snapshot.name };
}

/** The desk at a store: read a code, write off, see what was done, undo it with a second person. */
export function writeOffRoutes(api: Api): void {
  registerApproval<z.infer<typeof reversalSchema>>({
    kind: REVERSAL,
    permission: "orders.write_off",
    unit: "always",
    defaultFrom: 1,
    title: { "zh-CN": "撤销核销", en: "Reverse a write-off" },
    payload: reversalSchema,
    execute: async ({ env, programmeId, payload, decidedBy, nowMs }) => {
      const desk = new WriteOffDesk(env, programmeId);
      const outcome = await desk.reverse(payload.writeOffId, decidedBy, payload.reason, nowMs);
      return outcome === "reversed"
        ? { kind: "done" }
        : { kind: "refused", code: "conflict", figures: { reason: outcome } };
    },
  });
  previewRoute(api);
  writeOffRoute(api);
  listRoute(api);
  reverseRoute(api);
  storesRoute(api);
}

type DeskCall = Parameters<Parameters<Api["route"]>[1]>[0];

async function refusal(
  call: Pick<DeskCall, "env" | "nowMs" | "problem"> & { session: { programmeId: string } },
  outcome: Extract<WriteOffOutcome, { kind: "refused" }>,
): Promise<Response> {
  const { voucher, reason } = outcome;
  if (reason === "code_unknown" || reason === "code_unreadable") {
    return conflict(call.problem, reason);
  }
  return conflict(call.problem, reason, voucher ? { voucher: await viewOf(call, voucher) } : {});
}

async function viewOf(
  { env, nowMs, session }: Pick<DeskCall, "env" | "nowMs"> & { session: { programmeId: string } },
  voucher: StoredVoucher,
) {
  const acts = await new VoucherStore(env.DB, session.programmeId).writeOffsOf([voucher.voucherId]);
  return voucherView(voucher, await storesOf(env, session.programmeId), acts, nowMs);
}

function previewRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/write-offs/preview",
      access: "staff",
      permission: "orders.write_off",
      tag: "Write-off",
      summary:
        "What a code stands for, and whether it can be written off here and now; takes nothing",
      body: z.object({ code, storeId: storeIdSchema, uses }).openapi("WriteOffPreview"),
      responses: { 200: { description: "The voucher", schema: voucherSchema } },
      problems: PROBLEMS,
    },
    async (call) => {
      const { env, session, body, nowMs, problem } = call;
      if (!mayServe(session, body.storeId)) return problem("forbidden");
      if (!tries.allows(session.memberKey, TRIES, nowMs)) return problem("rate_limited", {}, 3);
      const desk = new WriteOffDesk(env, session.programmeId);
      const outcome = await desk.read(body.code, body.storeId, body.uses, nowMs);
      if (outcome.kind === "refused") return refusal(call, outcome);
      return json(await viewOf(call, outcome.voucher));
    },
  );
}

function writeOffRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/write-offs",
      access: "staff",
      permission: "orders.write_off",
      tag: "Write-off",
      summary: "Writes off uses of a voucher at a store; idempotent by writeOffId",
      body: newWriteOffSchema,
      responses: { 200: { description: "Done", schema: doneSchema } },
      problems: PROBLEMS,
    },
    async (call) => {
      const { env, request, session, body, nowMs, problem, audit } = call;
      if (!mayServe(session, body.storeId)) return problem("forbidden");
      if (!tries.allows(session.memberKey, TRIES, nowMs)) return problem("rate_limited", {}, 3);
      const stores = await storesOf(env, session.programmeId);
      if (!stores.some(({ storeId }) => storeId === body.storeId))
        return conflict(problem, "no_store");
      const desk = new WriteOffDesk(env, session.programmeId);
      const device = (request.headers.get("user-agent") ?? "").slice(0, 120);
      const name = session.staff?.name ?? session.memberId;
      const { readAgoMs, ...wish } = body;
      const noted = readAgoMs === undefined ? {} : { readAtMs: nowMs - readAgoMs };
      const outcome = await desk.writeOff(
        { ...wish, ...noted, staffId: session.memberId, snapshot: { name, device } },
        nowMs,
      );
      const after = { storeId: body.storeId, ...noted };
      audit({ subject: `write-off:${body.writeOffId}`, after });
      if (outcome.kind === "refused") return refusal(call, outcome);
      return json({
        writeOff: writeOffView(outcome.act),
        voucher: await viewOf(call, outcome.voucher),
      });
    },
  );
}

function listRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/write-offs",
      access: "staff",
      permission: "orders.write_off",
      tag: "Write-off",
      summary: "What was written off, newest first",
      query: z.object({
        storeId: storeIdSchema.optional(),
        beforeMs: z.coerce.number().int().min(1).max(LIMITS.timeMsMax).default(LIMITS.timeMsMax),
        limit: z.coerce.number().int().min(1).max(LIMITS.pageRowsMax).default(50),
      }),
      responses: {
        200: {
          description: "Write-offs",
          schema: z.object({ items: z.array(listedWriteOffSchema) }),
        },
      },
      problems: PROBLEMS,
    },
    async (call) => {
      const { env, session, query, problem } = call;
      const { storeId = null, beforeMs, limit } = query;
      const bound = session.staff?.storeIds ?? null;
      // Somebody who is bound to stores names one of theirs.
      if (storeId === null ? bound !== null : !mayServe(session, storeId)) {
        return problem("forbidden");
      }
      const store = new VoucherStore(env.DB, session.programmeId);
      const acts = await store.recent(storeId, beforeMs, limit);
      const waiting = await waitingReversals(call);
      return json({
        items: acts.map(({ title, ...act }) => ({
          ...{ ...writeOffView(act), title },
          waitsFor: waiting.get(act.writeOffId) ?? null,
        })),
      });
    },
  );
}

function reverseRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/write-offs/{writeOffId}/reverse",
      access: "staff",
      permission: "orders.write_off",
      tag: "Write-off",
      summary: "Asks to undo a write-off; a second person decides",
      params: z.object({ writeOffId: idSchema }),
      body: z.object({ reason: reasonSchema }).openapi("ReverseWriteOff"),
      responses: {
        200: { description: "Undone", schema: reversedSchema },
        202: { description: "Waits for a second person", schema: approvalSchema },
      },
      problems: [...PROBLEMS, "idempotency_mismatch"],
    },
    async (call) => {
      const { env, session, params, body, nowMs, problem } = call;
      const { writeOffId } = params;
      const vouchers = new VoucherStore(env.DB, session.programmeId);
      const act = await vouchers.writeOff(writeOffId);
      if (!act) return problem("not_found");
      if (!mayServe(session, act.storeId)) return problem("forbidden");
      if (act.state === "reversed") return json({ state: "reversed" });
      if (act.state !== "done" && act.state !== "reversing") return conflict(problem, "not_done");
      const [voucher, stores] = await Promise.all([
        vouchers.find(act.voucherId),
        storesOf(env, session.programmeId),
      ]);
      const store = stores.find(({ storeId }) => storeId === act.storeId)?.name ?? act.storeId;
      const seen = {
        ...{ goods: voucher?.title ?? act.voucherId, uses: act.uses },
        ...{ store, clerk: act.snapshot.name },
      };
      const waits = await secondPerson(call, {
        kind: REVERSAL,
        approvalId: await reversalApprovalId(call, writeOffId),
        subject: `write-off:${writeOffId}`,
        figure: 1,
        reason: body.reason,
        payload: { writeOffId, reason: body.reason, ...seen },
      });
      if (waits) return waits;
      const desk = new WriteOffDesk(env, session.programmeId);
      const by = `staff:${session.memberId}`;
      const state = await desk.reverse(writeOffId, by, body.reason, nowMs);
      return state === "reversed" ? json({ state }) : conflict(problem, state);
    },
  );
}

function storesRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/write-offs/stores",
      access: "staff",
      permission: "orders.write_off",
      tag: "Write-off",
      summary: "The stores this person may write off at",
      responses: { 200: { description: "Stores", schema: deskStoresSchema } },
    },
    async ({ env, session }) => {
      const stores = await storesOf(env, session.programmeId);
      return json({ stores: stores.filter(({ storeId }) => mayServe(session, storeId)) });
    },
  );
}

/** One reversal of a write-off waits at a time, whoever asks how often; what was rejected, or lapsed, is proposed anew. */
function reversalApprovalId(
  call: Parameters<typeof openApprovalId>[0],
  writeOffId: string,
): Promise<string> {
  const hash = createHash("sha256").update(writeOffId).digest("hex").slice(0, 24);
  return openApprovalId(call, (turn) => `reverse${turn === 0 ? "" : turn}-${hash}`);
}

/** The proposals that wait, by the write-off that each would undo. */
const waitingReversals = (
  call: Parameters<typeof waitingApprovals>[0],
): ReturnType<typeof waitingApprovals> =>
  waitingApprovals(call, REVERSAL, (payload) => {
    const known = reversalSchema.safeParse(payload);
    return known.success ? known.data.writeOffId : null;
  });
