/** Opening balances by CSV: a dry run names every bad line, and nothing is booked while there is one. */
import { z } from "@hono/zod-openapi";
import { bucketOf, memberKeyOf, ORDER_ID_PATTERN } from "../kernel/ids.ts";
import { accountBuckets, stubOf, type Env } from "../platform/env.ts";
import { json, type Api } from "../platform/http/api.ts";
import { IMPORT_COLUMNS, planImport, type BadLine, type ImportRow } from "./manual/index.ts";
import { changing, STAFF_PROBLEMS, staffOf, type StaffCall } from "./staff-http.ts";

/** Grants of one call to an Account. */
const BATCH = 250;
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

export function importRoutes(api: Api): void {
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
        422: { description: "Bad lines, all of them; nothing was booked", schema: reportSchema },
      },
      problems: STAFF_PROBLEMS,
    },
    (call) =>
      changing(call, async (terms) => {
        const { session, query, text, nowMs } = call;
        const { earn } = await terms.snapshot(session.programmeId, nowMs);
        const plan = planImport(text ?? "", nowMs, earn.zoneOffsetMs);
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
        const done = await bookAll(call, plan.rows, query.importId);
        return json(report(done.booked, done.repeated, done.bad), done.bad.length > 0 ? 422 : 200);
      }),
  );
}

interface Booked {
  readonly booked: number;
  readonly repeated: number;
  readonly bad: readonly BadLine[];
}

async function bookAll(
  call: StaffCall,
  rows: readonly ImportRow[],
  importId: string,
): Promise<Booked> {
  const { env, session } = call;
  const keyOf = ({ memberId }: ImportRow): string => memberKeyOf(session.programmeId, memberId);
  const byBucket = Map.groupBy(rows, (row) => bucketOf(keyOf(row), accountBuckets(env)));
  let booked = 0;
  let repeated = 0;
  const bad: BadLine[] = [];
  for (const [bucket, own] of byBucket) {
    for (let at = 0; at < own.length; at += BATCH) {
      const part = own.slice(at, at + BATCH);
      const replies = await grant(env, bucket, part, (row) => ({
        memberKey: keyOf(row),
        points: row.points,
        reason: row.reason,
        internalNote: `import ${importId}`,
        storeId: null,
        actor: staffOf(call),
        idempotencyKey: `import-${importId}-${row.line}`,
        source: "opening",
        expiresAtMs: row.expiresAtMs,
        pendingUntilMs: null,
      }));
      replies.forEach((reply, index) => {
        const { line } = part[index] as ImportRow;
        if (reply.kind === "changed") {
          if (reply.isReplay) repeated += 1;
          else booked += 1;
        } else if (reply.kind === "mismatch") {
          bad.push({ line, field: "", reason: "this line was imported with other content before" });
        } else {
          bad.push({ line, field: "points", reason: "the member would own too many points" });
        }
      });
    }
  }
  return { booked, repeated, bad };
}

type Grants = Parameters<ReturnType<typeof accountAt>["grantMany"]>[0];

function accountAt(env: Env, bucket: string) {
  return stubOf(env.ACCOUNT, bucket, env);
}

function grant(
  env: Env,
  bucket: string,
  rows: readonly ImportRow[],
  requestOf: (row: ImportRow) => Grants[number],
) {
  return accountAt(env, bucket).grantMany(rows.map(requestOf));
}
