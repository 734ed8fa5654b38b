import { z } from "@hono/zod-openapi";
import { json, type Api } from "../platform/http/api.ts";
import { describeError, log } from "../platform/log.ts";
import { shallowAudit } from "./audit.ts";
import { deepAudit } from "./deep-audit.ts";

const auditRowSchema = z
  .object({
    name: z.string(),
    checked: z.int(),
    inFlight: z.int(),
    ok: z.boolean(),
    figures: z.record(z.string(), z.union([z.number(), z.string()])),
  })
  .openapi("AuditRow");

const auditSchema = z
  .object({
    ok: z.boolean(),
    atMs: z.int(),
    rows: z.array(auditRowSchema),
    cursor: z.string().nullable().describe("Deep only: pass it on until it is null."),
  })
  .openapi("Audit");

/** What the operator of the deployment looks at. */
export function consoleRoutes(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/audit",
      access: "staff",
      permission: "audit.read",
      tag: "Operation",
      summary:
        "Proves the invariants over the objects and D1: shallow from counters, deep by cursor",
      query: z.object({
        deep: z.enum(["0", "1"]).default("0"),
        cursor: z.string().max(1_024).optional(),
      }),
      responses: { 200: { description: "Each invariant with its figures", schema: auditSchema } },
    },
    async ({ env, session, query, nowMs, problem }) => {
      // The figures are of the whole deployment, so they are its operator's and no other merchant's.
      if (session.programmeId !== (env.OPERATOR_PROGRAMME ?? env.DEFAULT_PROGRAMME))
        return problem("forbidden");
      try {
        if (query.deep === "0") {
          const rows = await shallowAudit(env);
          return json({ ok: rows.every((row) => row.ok), atMs: nowMs, rows, cursor: null });
        }
        const page = await deepAudit(env, query.cursor ?? null);
        if (!page) {
          return problem("invalid", {
            errors: [{ path: "query.cursor", message: "not a cursor of this audit" }],
          });
        }
        const { rows, cursor } = page;
        return json({ ok: rows.every((row) => row.ok), atMs: nowMs, rows, cursor });
      } catch (error) {
        log("audit_failed", { error: describeError(error) });
        return problem("unavailable", {}, 5);
      }
    },
  );
}
