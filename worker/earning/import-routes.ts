/** Opening balances by CSV: a dry run names every bad line, and nothing is booked while there is one. */
import { z } from "@hono/zod-openapi";
import { askSecond } from "../accounts/index.ts";
import { ORDER_ID_PATTERN } from "../kernel/ids.ts";
import { IMPORT_SENTENCES } from "../kernel/import-sentences.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Env } from "../platform/env.ts";
import { json, type Api } from "../platform/http/api.ts";
import {
  approvalSchema,
  registerApproval,
  type ActOutcome,
  type ApprovedAct,
} from "../staff/index.ts";
import { bookRows } from "./imports.ts";
import { IMPORT_COLUMNS, planImport, type BadLine } from "./manual/index.ts";
import { changing, STAFF_PROBLEMS, staffOf } from "./staff-http.ts";
import { EarningStore } from "./store.ts";

const KIND = "points.import";
/** Points of a whole import from which on a merchant who set nothing needs a second person. */
const POINTS_FROM = 100_000;
/** Bad lines that an answer names. */
const BAD_SHOWN = 1_000;

const reportSchema = z
  .object({
    isDryRun: z.boolean(),
    lines: z.int().describe("Good lines."),
    members: z.int(),
    points: z.int(),
    booked: z.int(),
    repeated: z.int().describe("Lines that an earlier call with this importId had booked."),
    badCount: z.int(),
    bad: z.array(z.object({ line: z.int(), field: z.string(), reason: z.string() })),
  })
  .openapi("ImportReport");

const payloadSchema = z.object({
  importId: z.string().regex(ORDER_ID_PATTERN),
  lines: z.int(),
  members: z.int(),
  points: z.int(),
  digest: z.string(),
});
type ImportPayload = z.infer<typeof payloadSchema>;

export function importRoutes(api: Api): void {
  registerApproval({
    ...{ kind: KIND, permission: "points.approve", unit: "points", defaultFrom: POINTS_FROM },
    purse: "points",
    title: { "zh-CN": "导入积分", en: "Import points" },
    payload: payloadSchema,
    execute: importApproved,
  });
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/points/import",
      access: "staff",
      permission: "points.grant",
      tag: "Earning",
      summary:
        "Imports opening balances from CSV; idempotent by importId and line, nothing is booked while a line is bad",
      query: z.object({
        importId: z.string().regex(ORDER_ID_PATTERN),
        dryRun: z.enum(["true", "false"]).default("true"),
      }),
      text: {
        type: "text/csv",
        description: `First line: ${IMPORT_COLUMNS.join(",")}. The last day is the last on which the points can be used.`,
      },
      responses: {
        200: { description: "What was, or would be, booked", schema: reportSchema },
        202: { description: "Waits for a second person", schema: approvalSchema },
        422: { description: "Bad lines, all of them; nothing was booked", schema: reportSchema },
      },
      problems: [...STAFF_PROBLEMS, "idempotency_mismatch"],
    },
    (call) =>
      changing(call, async (terms) => {
        const { session, query, text, locale, nowMs } = call;
        const { earn } = await terms.snapshot(session.programmeId, nowMs);
        const plan = planImport(text ?? "", nowMs, earn.zoneOffsetMs, IMPORT_SENTENCES[locale]);
        const isDryRun = query.dryRun === "true";
        const figures = {
          isDryRun,
          lines: plan.rows.length,
          members: plan.members,
          points: plan.points,
        };
        const report = (booked: number, repeated: number, bad: readonly BadLine[]) => ({
          ...figures,
          ...{ booked, repeated, badCount: bad.length, bad: bad.slice(0, BAD_SHOWN) },
        });
        if (plan.bad.length > 0) return json(report(0, 0, plan.bad), isDryRun ? 200 : 422);
        if (isDryRun) return json(report(0, 0, []));
        const { importId } = query;
        const digest = await digestOf(text);
        const { lines, members, points } = figures;
        const waiting = await askSecond(call, {
          ...{ kind: KIND, approvalId: importId, subject: `import:${importId}`, figure: points },
          reason: `${lines} lines, ${members} members`,
          payload: { importId, lines, members, points, digest },
        });
        if (waiting?.status === 202) {
          // Kept beside the proposal, so that what is agreed to is what was sent.
          await keepImport(call.env, session.programmeId, importId, text, staffOf(call), nowMs);
        }
        if (waiting) return waiting;
        const importer = { programmeId: session.programmeId, importId, actor: staffOf(call) };
        const done = await bookRows(call.env, importer, plan.rows, IMPORT_SENTENCES[locale]);
        return json(report(done.booked, done.repeated, done.bad), done.bad.length > 0 ? 422 : 200);
      }),
  );
}

async function digestOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function keepImport(
  env: Env,
  programmeId: string,
  importId: string,
  csv: string,
  sentBy: string,
  nowMs: number,
): Promise<void> {
  await env.DB.prepare(
    `INSERT INTO points_imports (programme_id, import_id, csv, sent_by, sent_at_ms) VALUES (?1, ?2, ?3, ?4, ?5)
     ON CONFLICT DO NOTHING`,
  )
    .bind(programmeId, importId, csv, sentBy, nowMs)
    .run();
}

/** Reads again what was sent: a last day may have passed meanwhile, and then nothing is booked. */
async function importApproved(act: ApprovedAct<ImportPayload>): Promise<ActOutcome> {
  const { env, programmeId, payload, proposedBy, decidedBy, nowMs } = act;
  const { importId, digest } = payload;
  const csv = await env.DB.prepare(
    "SELECT csv FROM points_imports WHERE programme_id = ?1 AND import_id = ?2",
  )
    .bind(programmeId, importId)
    .first<string>("csv");
  if (csv === null || (await digestOf(csv)) !== digest) {
    return { kind: "refused", code: "idempotency_mismatch" };
  }
  const { earn } = await new EarningStore(env.DB).snapshot(programmeId, nowMs);
  const plan = planImport(csv, nowMs, earn.zoneOffsetMs);
  const [first] = plan.bad;
  if (first) return { kind: "refused", code: "invalid", figures: { ...first } };
  const importer = { programmeId, importId, actor: `${proposedBy}+${decidedBy}` };
  const { booked, repeated, bad } = await bookRows(env, importer, plan.rows);
  const refused = bad.length;
  return { kind: "done", outcome: { booked, repeated, refused, bad: bad.slice(0, LIMITS.idMax) } };
}
