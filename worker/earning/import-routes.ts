/** Opening balances by CSV: a dry run names every bad line, and nothing is booked while there is one. */
import { z } from "@hono/zod-openapi";
import { askSecond } from "../accounts/index.ts";
import { ORDER_ID_PATTERN } from "../kernel/ids.ts";
import { IMPORT_SENTENCES } from "../kernel/import-sentences.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Locale } from "../pages/page-data.ts";
import { json, type Api } from "../platform/http/api.ts";
import {
  approvalSchema,
  registerApproval,
  type ActOutcome,
  type ApprovedAct,
  type SecondPersonCall,
} from "../staff/index.ts";
import { contentDigest, digestOf, ImportFiles, type ImportedFile } from "./import-files.ts";
import { bookRows } from "./imports.ts";
import {
  IMPORT_COLUMNS,
  IMPORT_LINES_MAX,
  partOf,
  planImport,
  type ImportPlan,
} from "./manual/index.ts";
import { changing, STAFF_PROBLEMS, staffOf } from "./staff-http.ts";
import { EarningStore } from "./store.ts";

const KIND = "points.import";
/** Points of a whole import from which on a merchant who set nothing needs a second person. */
const POINTS_FROM = 100_000;
/**
 * Lines of one call. Each may be of a member in another object, and a request may ask a thousand objects at most: of 2,000 lines over
 * 1,024 Accounts it asks about 880.
 */
const CALL_LINES_MAX = 2_000;
/** Of what a second person agreed to, a call books less: it answers within seconds, and the clock has other work beside it. */
const APPROVED_LINES = 500;
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
      .object({
        importId: z.string(),
        importedBy: z.string(),
        importedAtMs: z.int(),
        nextLine: z
          .int()
          .nullable()
          .describe("The line with which that import goes on; null: it was booked to its end."),
      })
      .nullable()
      .describe("The import that booked these very lines, or began to; null: none."),
    nextLine: z
      .int()
      .nullable()
      .describe("Where the next part begins; the line of this one: nothing of it was booked."),
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
  fromLine: z.coerce.number().int().min(1).max(1_000_000).default(1),
  linesMax: z.coerce
    .number()
    .int()
    .min(1)
    .max(IMPORT_LINES_MAX)
    .default(IMPORT_LINES_MAX)
    .describe(
      `A long file is booked in parts, so that somebody can be told how far it is; a threshold looks at the whole file. A call books ${CALL_LINES_MAX} at most, and \`nextLine\` says where the next one begins.`,
    ),
});

export function importRoutes(api: Api): void {
  registerApproval({
    ...{ kind: KIND, permission: "points.approve", unit: "points", defaultFrom: POINTS_FROM },
    ...{ purse: "points", isOnePerSubject: true },
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
      tag: "Members' points",
      summary:
        "Imports points of many members from CSV; idempotent by importId and line, nothing is booked while a line is bad",
      query: importQuery,
      text: {
        type: "text/csv",
        description: `First line: ${IMPORT_COLUMNS.join(",")}. The last day is the last on which the points can be used.`,
      },
      responses: {
        200: { description: "What was, or would be, booked", schema: reportSchema },
        202: { description: "Waits for a second person", schema: approvalSchema },
        422: {
          description:
            "Bad lines, all of them; nothing was booked where nextLine is the fromLine of the request",
          schema: reportSchema,
        },
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
        const content = await contentDigest(plan.rows);
        const files = new ImportFiles(call.env.DB, session.programmeId);
        const importedBefore = await files.known(content);
        if (!isDryRun && plan.bad.length === 0)
          return importPart(call, plan, { files, content, importedBefore });
        const bad = plan.bad.slice(0, BAD_SHOWN);
        const report = {
          ...{ ...figuresOf(plan, isDryRun), booked: 0, repeated: 0, importedBefore },
          ...{ nextLine: isDryRun ? null : query.fromLine, badCount: plan.bad.length, bad },
        };
        return json(report, isDryRun ? 200 : 422);
      }),
  );
}

const figuresOf = ({ rows, members, points }: ImportPlan, isDryRun: boolean) => ({
  ...{ isDryRun, lines: rows.length, members, points },
});

type ImportCall = SecondPersonCall & {
  readonly query: z.output<typeof importQuery>;
  readonly text: string | undefined;
  readonly locale: Locale;
};

interface KnownFile {
  readonly files: ImportFiles;
  readonly content: string;
  readonly importedBefore: ImportedFile | null;
}

async function importPart(
  call: ImportCall,
  plan: ImportPlan,
  { files, content, importedBefore }: KnownFile,
): Promise<Response> {
  const { env, query, text = "", locale, nowMs, session } = call;
  const { importId, fromLine, linesMax } = query;
  const again = query.again === "true";
  const refused = (before: ImportedFile): Response =>
    call.problem("conflict", { reason: "imported_before", ...before });
  if (importedBefore && importedBefore.importId !== importId && !again)
    return refused(importedBefore);
  const { lines, members, points } = figuresOf(plan, false);
  const digest = await digestOf(text);
  // Of the whole file whichever part it is, and for each part the same proposal.
  const waiting = await askSecond(call, {
    // The very lines are what it is about: under another id they are the same act, and wait once.
    ...{
      kind: KIND,
      approvalId: importId,
      subject: `import:${content.slice(0, 16)}`,
      figure: points,
    },
    reason: `${lines} lines, ${members} members`,
    payload: { importId, lines, members, points, digest, again },
  });
  const actor = staffOf(call);
  // Kept beside the proposal, so that what is agreed to is what was sent.
  if (waiting?.status === 202) await files.keep(importId, text, actor, nowMs);
  if (waiting) return waiting;
  const by = { importId, importedBy: actor, importedAtMs: nowMs };
  const other = await files.claim(content, by, again);
  if (other) return refused(other);
  const { rows, nextLine } = partOf(plan.rows, fromLine, Math.min(linesMax, CALL_LINES_MAX));
  const importer = { programmeId: session.programmeId, importId, actor };
  const { bad, ...done } = await bookRows(env, importer, rows, IMPORT_SENTENCES[locale]);
  await files.bookedTo(content, importId, { fromLine, nextLine });
  const report = {
    ...{ ...figuresOf(plan, false), ...done, importedBefore, nextLine },
    ...{ badCount: bad.length, bad: bad.slice(0, BAD_SHOWN) },
  };
  return json(report, bad.length > 0 ? 422 : 200);
}

const progressSchema = z.object({
  booked: z.int(),
  repeated: z.int(),
  refused: z.int(),
  bad: z.array(z.object({ line: z.int(), field: z.string(), reason: z.string() })),
  nextLine: z.int(),
});
const NOTHING_DONE = { booked: 0, repeated: 0, refused: 0, bad: [], nextLine: 1 };

/**
 * Reads again what was sent, as of the moment that it was agreed to: a last day may have passed meanwhile, and then nothing is booked.
 * A part at a time: what is left goes on with the next call, or with the clock.
 */
async function importApproved(act: ApprovedAct<ImportPayload>): Promise<ActOutcome> {
  const { env, programmeId, payload, proposedBy, decidedBy, decidedAtMs, nowMs } = act;
  const { importId, digest, again } = payload;
  const files = new ImportFiles(env.DB, programmeId);
  const csv = await files.kept(importId);
  if (csv === null || (await digestOf(csv)) !== digest) {
    return { kind: "refused", code: "idempotency_mismatch" };
  }
  const { earn } = await new EarningStore(env.DB).snapshot(programmeId, nowMs);
  const plan = planImport(csv, decidedAtMs, earn.zoneOffsetMs);
  const [first] = plan.bad;
  if (first) return { kind: "refused", code: "invalid", figures: { ...first } };
  const content = await contentDigest(plan.rows);
  const importer = { programmeId, importId, actor: `${proposedBy}+${decidedBy}` };
  const by = { importId, importedBy: importer.actor, importedAtMs: nowMs };
  if (await files.claim(content, by, again)) {
    return { kind: "refused", code: "conflict", figures: { reason: "imported_before" } };
  }
  const before = progressSchema.safeParse(act.progress).data ?? NOTHING_DONE;
  const { nextLine: fromLine } = before;
  const { rows, nextLine } = partOf(plan.rows, fromLine, APPROVED_LINES);
  const { booked, repeated, bad } = await bookRows(env, importer, rows);
  await files.bookedTo(content, importId, { fromLine, nextLine });
  const outcome = {
    ...{ booked: before.booked + booked, repeated: before.repeated + repeated },
    ...{
      refused: before.refused + bad.length,
      bad: [...before.bad, ...bad].slice(0, LIMITS.idMax),
    },
  };
  return nextLine === null
    ? { kind: "done", outcome }
    : { kind: "again", progress: { ...outcome, nextLine } };
}
