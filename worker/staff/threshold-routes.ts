/** From which figure on an act needs a second person. To ask for one less often needs a second person itself, where there is one. */
import { z } from "@hono/zod-openapi";
import { LIMITS } from "../kernel/limits.ts";
import { json, type Api } from "../platform/http/api.ts";
import { unavailable, versionSchema } from "./http.ts";
import { isLoosened } from "./approval.ts";
import { ApprovalsStore } from "./approvals-store.ts";
import {
  approvalKind,
  approvalKinds,
  approvalSchema,
  hasColleague,
  openApprovalId,
  registerApproval,
  secondPerson,
} from "./approvals.ts";
import { hashOf } from "./tokens.ts";

const kindSchema = z
  .object({
    kind: z.string(),
    title: z.object({ "zh-CN": z.string(), en: z.string() }),
    unit: z.enum(["points", "fen", "units", "always"]),
    permission: z.string(),
    from: z.int().nullable().describe("From this figure on; null: never."),
    defaultFrom: z.int().nullable(),
    version: z.int().describe("0: nobody has set it."),
  })
  .openapi("ApprovalKind");

const fromSchema = z.int().min(0).max(LIMITS.pointsMax).nullable();

const LOOSEN = "approvals.loosen";

export function thresholdRoutes(api: Api): void {
  registerApproval({
    ...{ kind: LOOSEN, permission: "approvals.decide", unit: "always", defaultFrom: 0 },
    title: { "zh-CN": "放宽审批门槛", en: "Raise a threshold" },
    payload: z.object({ kind: z.string(), from: fromSchema, version: versionSchema }),
    execute: async ({ env, programmeId, payload }) => {
      const store = new ApprovalsStore(env, programmeId);
      if (await store.setThreshold(payload.kind, payload.from, payload.version))
        return { kind: "done", outcome: { from: payload.from } };
      // A lost answer made it run again.
      const now = (await store.thresholds()).get(payload.kind);
      const isDone = now?.from === payload.from && now.revision === payload.version + 1;
      return isDone
        ? { kind: "done", outcome: { from: payload.from } }
        : { kind: "refused", code: "conflict", figures: { reason: "changed_meanwhile" } };
    },
  });
  listRoute(api);
  setRoute(api);
}

function listRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/approval-kinds",
      access: "staff",
      permission: "approvals.read",
      tag: "Approvals",
      summary: "Every kind of act that may need a second person, with its threshold",
      responses: {
        200: { description: "All kinds", schema: z.object({ kinds: z.array(kindSchema) }) },
      },
    },
    async ({ env, session, problem }) => {
      try {
        return json({ kinds: await kindsOf(new ApprovalsStore(env, session.programmeId)) });
      } catch (error) {
        return unavailable(problem, error);
      }
    },
  );
}

function setRoute(api: Api): void {
  api.route(
    {
      method: "put",
      path: "/api/v1/staff/approval-kinds/{kind}",
      access: "staff",
      permission: "settings.write",
      tag: "Approvals",
      summary: "Sets from which figure on a kind needs a second person",
      params: z.object({ kind: z.string().max(LIMITS.idMax) }),
      body: z.object({ from: fromSchema, version: versionSchema }).openapi("ApprovalThreshold"),
      responses: {
        200: { description: "The kind after it", schema: kindSchema },
        202: { description: "Waits for a second person", schema: approvalSchema },
      },
      problems: ["not_found", "conflict", "idempotency_mismatch"],
    },
    async (call) => {
      const { env, session, params, body, problem } = call;
      if (!approvalKind(params.kind)) return problem("not_found");
      try {
        const store = new ApprovalsStore(env, session.programmeId);
        const before = (await store.thresholds()).get(params.kind) ?? null;
        const stands = before ? before.from : (approvalKind(params.kind)?.defaultFrom ?? null);
        const isStale = (before?.revision ?? 0) !== body.version;
        if (!isStale && isLoosened(stands, body.from) && (await hasColleague(call))) {
          const payload = { kind: params.kind, ...body };
          // Whoever asks for the same while it waits is led to the first.
          const approvalId = await openApprovalId(call, (turn) =>
            hashOf(JSON.stringify([payload, turn])).slice(0, 32),
          );
          const waits = await secondPerson(call, {
            ...{
              kind: LOOSEN,
              approvalId,
              subject: `threshold:${params.kind}`,
              reason: "",
              payload,
            },
            figure: body.from ?? 0,
          });
          if (waits) return waits;
        }
        const isSet = await store.setThreshold(params.kind, body.from, body.version);
        const kind = (await kindsOf(store)).find((one) => one.kind === params.kind);
        if (!isSet) return problem("conflict", { reason: "changed_meanwhile", current: kind });
        call.audit({ before: before && { from: before.from }, after: { from: body.from } });
        return kind ? json(kind) : problem("not_found");
      } catch (error) {
        return unavailable(problem, error);
      }
    },
  );
}

async function kindsOf(store: ApprovalsStore) {
  const set = await store.thresholds();
  return approvalKinds().map(({ kind, title, unit, permission, defaultFrom }) => {
    const own = set.get(kind);
    const from = own ? own.from : defaultFrom;
    return { kind, title, unit, permission, from, defaultFrom, version: own?.revision ?? 0 };
  });
}
