/** Opening balances by CSV: a dry run names every bad line, and nothing is booked while there is one. */
import { z } from "@hono/zod-openapi";
import { askSecond } from "../accounts/index.ts";
import { ORDER_ID_PATTERN } from "../kernel/ids.ts";
import { IMPORT_SENTENCES } from "../kernel/import-sentences.ts";
import { LIMITS } from "../kernel/limits.ts";
import { json, type Api } from "../platform/http/api.ts";
import {
  approvalSchema,
  registerApproval,
  type ActOutcome,
  type ApprovedAct,
} from "../staff/index.ts";
import { contentDigest, digestOf, ImportFiles } from "./import-files.ts";
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
    importedBefore: z
      .object({ importId: z.string(), importedBy: z.string(), importedAtMs: z.int() })
      .nullable()
      .describe("The import that booked these very lines under another id; null: none."),
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
  /** Sent a second time on purpose. */
  again: z.boolean().default(false),
});
type ImportPayload = z.infer<typeof payloadSchema>;

const importQuery = z.object({
  importId: z.string().regex(ORDER_ID_PATTERN),
  dryRun: z.enum(["true", "false"]).default("true"),
  again: z
    .enum(["true", "false"])
    .default("false")
    .describe("True: book a file whose very lines were booked by another import."),
});

export function importRoutes(api: Api): void {
  registerApproval({
    ...{ kind: KIND, permission: "points.approve", unit: "points", defaultFrom: POINTS_FROM },
    purse: "points",
    title: { "zh-CN": "导入积分", en: "Import points" },
    payload: payloadSchema,
    execute: importApproved,
  });
  importRoute(api);
}

function importRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/points/import",
      access: "staff",
      permission: "points.grant",
      tag: "Earning",
      summary:
        "Imports opening balances from CSV; idempotent by importId and line, nothing is booked while a line is bad",
      query: importQuery,
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
        call.audit(isDryRun ? { isLook: true } : { subject: `import:${query.importId}` });
        const figures = {
          isDryRun,
          lines: plan.rows.length,
          members: plan.members,
          points: plan.points,
        };
        const { importId } = query;
        const files = new ImportFiles(call.env.DB, session.programmeId);
        const content = await contentDigest(plan.rows);
        const importedBefore = await files.before(content, importId);
        const report = (booked: number, repeated: number, bad: readonly BadLine[]) => ({
          ...{ ...figures, booked, repeated, importedBefore },
          ...{ badCount: bad.length, bad: bad.slice(0, BAD_SHOWN) },
        });
        if (plan.bad.length > 0) return json(report(0, 0, plan.bad), isDryRun ? 200 : 422);
        if (isDryRun) return json(report(0, 0, []));
        const again = query.again === "true";
        if (importedBefore && !again) {
          return call.problem("conflict", { reason: "imported_before", ...importedBefore });
        }
        const digest = await digestOf(text);
        const { lines, members, points } = figures;
        const waiting = await askSecond(call, {
          ...{ kind: KIND, approvalId: importId, subject: `import:${importId}`, figure: points },
          reason: `${lines} lines, ${members} members`,
          payload: { importId, lines, members, points, digest, again },
        });
        if (waiting?.status === 202) {
          // Kept beside the proposal, so that what is agreed to is what was sent.
          await files.keep(importId, text, staffOf(call), nowMs);
        }
        if (waiting) return waiting;
        const importer = { programmeId: session.programmeId, importId, actor: staffOf(call) };
        const { actor } = importer;
        await files.note(content, { importId, importedBy: actor, importedAtMs: nowMs });
        const done = await bookRows(call.env, importer, plan.rows, IMPORT_SENTENCES[locale]);
        return json(report(done.booked, done.repeated, done.bad), done.bad.length > 0 ? 422 : 200);
      }),
  );
}

/** Reads again what was sent: a last day may have passed meanwhile, and then nothing is booked. */
async function importApproved(act: ApprovedAct<ImportPayload>): Promise<ActOutcome> {
  const { env, programmeId, payload, proposedBy, decidedBy, nowMs } = act;
  const { importId, digest, again } = payload;
  const files = new ImportFiles(env.DB, programmeId);
  const csv = await files.kept(importId);
  if (csv === null || (await digestOf(csv)) !== digest) {
    return { kind: "refused", code: "idempotency_mismatch" };
  }
  const { earn } = await new EarningStore(env.DB).snapshot(programmeId, nowMs);
  const plan = planImport(csv, nowMs, earn.zoneOffsetMs);
  const [first] = plan.bad;
  if (first) return { kind: "refused", code: "invalid", figures: { ...first } };
  const content = await contentDigest(plan.rows);
  if (!again && (await files.before(content, importId))) {
    return { kind: "refused", code: "conflict", figures: { reason: "imported_before" } };
  }
  const importer = { programmeId, importId, actor: `${proposedBy}+${decidedBy}` };
  await files.note(content, { importId, importedBy: importer.actor, importedAtMs: nowMs });
  const { booked, repeated, bad } = await bookRows(env, importer, plan.rows);
  const refused = bad.length;
  return { kind: "done", outcome: { booked, repeated, refused, bad: bad.slice(0, LIMITS.idMax) } };
}
