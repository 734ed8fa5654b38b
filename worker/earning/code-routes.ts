import { z } from "@hono/zod-openapi";
import { ORDER_ID_PATTERN } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { json, type Api } from "../platform/http/api.ts";
import { refusedInStore } from "../staff/index.ts";
import { codeFromBytes, parseTillCode, type TillCode } from "./codes/index.ts";
import { CodesStore } from "./codes-store.ts";
import { changing, invalid, STAFF_PROBLEMS } from "./staff-http.ts";

const momentMs = z.int().min(0).max(LIMITS.timeMsMax);
const CODE_SIGNS = 8;

const newCodeSchema = z
  .object({
    requestId: z.string().regex(ORDER_ID_PATTERN),
    via: z.enum(["staff", "qr"]),
    points: z.int().min(1).max(100_000),
    usesMax: z.int().min(1).max(100_000),
    usesPerMemberMax: z.int().min(1).max(1_000),
    startsAtMs: momentMs,
    expiresAtMs: momentMs,
    storeId: z
      .string()
      .min(1)
      .max(LIMITS.idMax)
      .regex(/^[0-9A-Za-z_.-]+$/)
      .nullable(),
  })
  .openapi("NewTillCode");

const codeSchema = z
  .object({
    codeId: z.string(),
    code: z.string().describe("What is typed or scanned; its last sign is a check."),
    via: z.enum(["staff", "qr"]),
    points: z.int(),
    usesMax: z.int(),
    usesPerMemberMax: z.int(),
    startsAtMs: z.int(),
    expiresAtMs: z.int(),
    storeId: z.string().nullable(),
    issuedBy: z.string(),
    isRevoked: z.boolean(),
  })
  .openapi("TillCode");

/** Codes that give points at a store. Issued, then revoked or over: what a code gives never changes. */
export function codeRoutes(api: Api): void {
  issueRoute(api);
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/earning/till-codes",
      access: "staff",
      permission: "rules.read",
      tag: "Earning rules",
      summary: "Till codes, newest first",
      responses: {
        200: { description: "Newest first", schema: z.object({ items: z.array(codeSchema) }) },
      },
      problems: STAFF_PROBLEMS,
    },
    (call) =>
      changing(call, async () => {
        const { session } = call;
        const codes = await new CodesStore(call.env.DB).list(session.programmeId);
        const bound = session.staff?.storeIds ?? null;
        const shown = bound
          ? codes.filter(({ storeId }) => storeId && bound.includes(storeId))
          : codes;
        return json({ items: shown.map(codeView) });
      }),
  );
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/earning/till-codes/{codeId}/revoke",
      access: "staff",
      permission: "codes.issue",
      tag: "Earning rules",
      summary: "Revokes a code: it gives no more points; repeating it changes nothing",
      params: z.object({ codeId: z.string().regex(ORDER_ID_PATTERN) }),
      responses: { 200: { description: "The code after it", schema: codeSchema } },
      problems: STAFF_PROBLEMS,
    },
    (call) =>
      changing(call, async () => {
        const { env, session, params, problem } = call;
        const codes = new CodesStore(env.DB);
        const known = await codes.code(session.programmeId, params.codeId);
        const refused = known && (await refusedInStore(call, known.storeId, "till_codes"));
        if (refused) return refused;
        const code = await codes.revoke(session.programmeId, params.codeId);
        return code ? json(codeView(code)) : problem("not_found");
      }),
  );
}

function issueRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/earning/till-codes",
      access: "staff",
      permission: "codes.issue",
      tag: "Earning rules",
      summary: "Issues a till code; idempotent by requestId",
      body: newCodeSchema,
      responses: {
        201: { description: "Issued", schema: codeSchema },
        200: { description: "Issued before", schema: codeSchema },
      },
      problems: [...STAFF_PROBLEMS, "idempotency_mismatch"],
    },
    (call) =>
      changing(call, async () => {
        const { env, session, body, nowMs, problem } = call;
        const { requestId, ...terms } = body;
        const refused = await refusedInStore(call, terms.storeId, "till_codes");
        if (refused) return refused;
        const text = codeFromBytes(crypto.getRandomValues(new Uint8Array(64)), CODE_SIGNS);
        const parsed = parseTillCode({
          ...terms,
          codeId: requestId,
          text,
          issuedBy: session.memberId,
          isRevoked: false,
        });
        if (parsed.kind === "invalid") return invalid(problem, parsed.problems);
        const codes = new CodesStore(env.DB);
        const known = await codes.code(session.programmeId, requestId);
        if (!known && terms.expiresAtMs <= nowMs) {
          return invalid(problem, [{ field: "expiresAtMs", reason: "lies in the past" }]);
        }
        const issued = known ?? (await codes.issue(session.programmeId, parsed.value, nowMs));
        // Another code has this text by chance: made up anew.
        if (!issued) return null;
        const fields = Object.entries(terms)
          .filter(([name, value]) => issued[name as keyof TillCode] !== value)
          .map(([name]) => name);
        if (fields.length > 0) return problem("idempotency_mismatch", { fields });
        return json(codeView(issued), known ? 200 : 201);
      }),
  );
}

function codeView({ text, ...code }: TillCode) {
  return { ...code, code: text };
}
