/** The audit log (操作日志): read by filters, exported, verified. There is no route that changes it. */
import { z } from "@hono/zod-openapi";
import { LIMITS } from "../kernel/limits.ts";
import { csvStream, cutSentence, timeCell } from "../platform/http/csv-stream.ts";
import { json, type Api, type ProblemMaker } from "../platform/http/api.ts";
import { describeError, log } from "../platform/log.ts";
import { listAudit, verifyAudit, type AuditFilter, type AuditLine } from "./audit-store.ts";

const EXPORT_PAGE = 1_000;
const EXPORT_ROWS_MAX = 200_000;

const filterQuery = {
  actor: z
    .string()
    .max(LIMITS.idMax + 8)
    .optional()
    .describe("`staff:<id>`"),
  action: z
    .string()
    .max(LIMITS.textMax)
    .optional()
    .describe("Its beginning: `post /api/v1/staff/sales`, `staff.`"),
  subject: z
    .string()
    .max(LIMITS.textMax)
    .optional()
    .describe("Its beginning: `sale:`, `member:m-1`"),
  fromMs: z.coerce.number().int().min(0).max(LIMITS.timeMsMax).optional(),
  toMs: z.coerce.number().int().min(0).max(LIMITS.timeMsMax).optional(),
};

const lineSchema = z
  .object({
    seq: z.int(),
    hash: z.string(),
    entry: z.object({
      entryId: z.string(),
      atMs: z.int(),
      actor: z.string(),
      actorName: z.string(),
      action: z.string(),
      permission: z.string(),
      subject: z.string(),
      status: z.int(),
      reason: z.string(),
      before: z.unknown(),
      after: z.unknown(),
      address: z.string(),
    }),
  })
  .openapi("AuditLine");

/** As many as the console asks for when it exports. */
const PAGE_MAX = 200;

export function auditRoutes(api: Api): void {
  listRoute(api);
  exportRoute(api);
  verifyRoute(api);
}

function listRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/audit-log",
      access: "staff",
      permission: "audit.read",
      tag: "Audit log",
      summary: "What staff did, newest first",
      query: z.object({
        ...filterQuery,
        cursor: z.coerce.number().int().min(1).optional(),
        limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(50),
      }),
      responses: {
        200: {
          description: "Newest first",
          schema: z.object({ items: z.array(lineSchema), nextCursor: z.string().nullable() }),
        },
      },
    },
    async ({ env, session, query, problem }) => {
      try {
        const { cursor: beforeSeq = null, limit } = query;
        const items = await listAudit(env.DB, session.programmeId, {
          ...filterOf(query),
          beforeSeq,
          limit,
        });
        const last = items.length === limit ? items.at(-1) : undefined;
        return json({ items, nextCursor: last ? String(last.seq) : null });
      } catch (error) {
        return unavailable(problem, error);
      }
    },
  );
}

function exportRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/audit-log/export",
      access: "staff",
      permission: "audit.read",
      tag: "Audit log",
      summary: `The audit log as CSV, sent as it is read, up to ${EXPORT_ROWS_MAX} lines`,
      query: z.object(filterQuery),
      responses: { 200: { description: "A file", types: ["text/csv"] } },
    },
    async ({ env, session, query, locale, problem, audit }) => {
      try {
        audit({ action: "audit.export", subject: "audit-log", after: query });
        return await csvStream({
          ...{ name: "audit-log", head: HEAD, rowsMax: EXPORT_ROWS_MAX },
          cutLine: cutSentence(locale, EXPORT_ROWS_MAX),
          page: async (cursor) => {
            const beforeSeq = cursor === null ? null : Number(cursor);
            const filter = { ...filterOf(query), beforeSeq, limit: EXPORT_PAGE };
            const lines = await listAudit(env.DB, session.programmeId, filter);
            const last = lines.length === EXPORT_PAGE ? lines.at(-1) : undefined;
            return { rows: lines.map(cellsOf), next: last ? String(last.seq) : null };
          },
        });
      } catch (error) {
        return unavailable(problem, error);
      }
    },
  );
}

const HEAD = [
  ...["seq", "time", "actor", "name", "action", "subject", "status", "reason"],
  ...["before", "after", "address", "hash"],
];

function cellsOf({ seq, hash, entry }: AuditLine) {
  const { atMs, actor, actorName, action, subject, status, reason, before, after, address } = entry;
  return [
    ...[seq, timeCell(atMs), actor, actorName, action, subject, status, reason],
    ...[JSON.stringify(before), JSON.stringify(after), address, hash],
  ];
}

function verifyRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/audit-log/verify",
      access: "staff",
      permission: "audit.read",
      tag: "Audit log",
      summary:
        "Verifies the chain of the audit log, a page at a time; keep the head outside to prove later that nothing was cut off",
      query: z.object({ fromSeq: z.coerce.number().int().min(0).default(0) }),
      responses: {
        200: {
          description: "How far the chain holds",
          schema: z.object({
            checked: z.int(),
            head: z.object({ seq: z.int(), hash: z.string() }),
            brokenAt: z.int().nullable().describe("The first line that does not follow."),
            nextSeq: z.int().nullable().describe("Pass it on as fromSeq until it is null."),
          }),
        },
      },
    },
    async ({ env, session, query, problem }) => {
      try {
        return json(await verifyAudit(env.DB, session.programmeId, query.fromSeq));
      } catch (error) {
        return unavailable(problem, error);
      }
    },
  );
}

interface FilterQuery {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly subject?: string | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
}

function filterOf(query: FilterQuery): Omit<AuditFilter, "beforeSeq" | "limit"> {
  const { actor = null, action = null, subject = null, fromMs = null, toMs = null } = query;
  return { actor, action, subject, fromMs, toMs };
}

function unavailable(problem: ProblemMaker, error: unknown): Response {
  log("audit_log_failed", { error: describeError(error) });
  return problem("unavailable", {}, 5);
}
