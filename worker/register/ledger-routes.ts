/** The ledger of all members, for whoever answers for the points: found by filters, exported. */
import { z } from "@hono/zod-openapi";
import { ENTRY_TYPES } from "../accounts/index.ts";
import type { Cell } from "../kernel/csv.ts";
import { LIMITS } from "../kernel/limits.ts";
import { csvStream, cutSentence, timeCell } from "../platform/http/csv-stream.ts";
import { json, type Api } from "../platform/http/api.ts";
import {
  ledgerStatement,
  pageOf,
  readCursor,
  writeCursor,
  type LedgerAsk,
  type LedgerCursor,
  type LedgerRow,
} from "./ledger-list.ts";
import { ledgerListSchema, type LedgerRowView } from "./wire.ts";

const PATH = "/api/v1/staff/ledger";
const EXPORT_PAGE = 1_000;
const EXPORT_ROWS_MAX = 500_000;

const momentMs = z.coerce.number().int().min(0).max(LIMITS.timeMsMax).optional();
const points = z
  .string()
  .regex(/^-?\d{1,9}$/, "a whole number")
  .transform(Number)
  .optional();
const id = z.string().regex(/^[0-9A-Za-z_.:@-]{1,80}$/);

const filterQuery = z.object({
  q: z
    .string()
    .regex(/^[0-9A-Za-z_.@-]{0,64}$/, "the id of a member")
    .default("")
    .describe("The id of a member, whole."),
  type: z.enum(ENTRY_TYPES).optional(),
  rule: id.optional().describe("A rule, task or campaign that gave points by the entry."),
  store: id.optional(),
  actor: id.optional().describe("`member`, `system`, `staff:<id>`."),
  fromMs: momentMs.describe("When the ledger took it down."),
  toMs: momentMs,
  pointsMin: points.describe("Signed: below zero is what was taken away."),
  pointsMax: points,
});

export function ledgerRoutes(api: Api): void {
  listRoute(api);
  exportRoute(api);
}

type Asked = Omit<LedgerAsk, "cursor" | "limit">;

function askOf(programmeId: string, query: z.output<typeof filterQuery>): Asked {
  const { q, type = null, rule = null, store = null, actor = null } = query;
  const { fromMs = null, toMs = null, pointsMin = null, pointsMax = null } = query;
  return {
    ...{ programmeId, memberId: q === "" ? null : q, type, ruleId: rule, storeId: store, actor },
    ...{ fromMs, toMs, pointsMin, pointsMax },
  };
}

async function readPage(
  db: D1Database,
  ask: Asked,
  cursor: LedgerCursor | null,
  limit: number,
): Promise<ReturnType<typeof pageOf>> {
  const { sql, values, by } = ledgerStatement({ ...ask, cursor, limit });
  const { results } = await db
    .prepare(sql)
    .bind(...values)
    .all<LedgerRow>();
  return pageOf(results, by, limit);
}

function listRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: PATH,
      access: "staff",
      permission: "points.read",
      tag: "Members' points",
      summary:
        "Entries of all members' ledgers, newest first; a page may hold fewer rows than asked for and go on",
      query: filterQuery.extend({
        cursor: z.string().max(300).optional(),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      }),
      responses: { 200: { description: "One page", schema: ledgerListSchema } },
    },
    async ({ env, session, query, problem }) => {
      const cursor = query.cursor === undefined ? null : readCursor(query.cursor);
      if (query.cursor !== undefined && !cursor) {
        const errors = [{ path: "query.cursor", message: "not a cursor of this list" }];
        return problem("invalid", { errors });
      }
      const ask = askOf(session.programmeId, query);
      const { rows, next } = await readPage(env.DB, ask, cursor, query.limit);
      return json({ items: rows.map(rowView), nextCursor: writeCursor(next) });
    },
  );
}

interface Share {
  readonly ruleId: string;
  readonly version: number;
  readonly points: number;
}

function rowView(row: LedgerRow): LedgerRowView {
  const { memberId, seq, type, points: moved, balanceAfter, orderId, sourceId } = row;
  const { storeId, actor, breakdown, recordedAtMs } = row;
  const rules = breakdown === null ? [] : (JSON.parse(breakdown) as Share[]);
  return {
    ...{ memberId, seq, type, points: moved, balanceAfter, orderId, sourceId },
    ...{ storeId, actor, recordedAtMs },
    rules: rules.map(({ ruleId, version, points: given }) => ({ ruleId, version, points: given })),
  };
}

function exportRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: `${PATH}/export`,
      access: "staff",
      permission: "points.read",
      tag: "Members' points",
      summary: `The ledger of all members as CSV, sent as it is read, up to ${EXPORT_ROWS_MAX} rows`,
      query: filterQuery,
      responses: { 200: { description: "A file", types: ["text/csv"] } },
    },
    async ({ env, session, query, locale, audit }) => {
      const ask = askOf(session.programmeId, query);
      audit({ action: "ledger.export", subject: "ledger", after: query });
      return csvStream({
        name: "ledger",
        head: locale === "en" ? HEAD_EN : HEAD_ZH,
        rowsMax: EXPORT_ROWS_MAX,
        cutLine: cutSentence(locale, EXPORT_ROWS_MAX),
        page: async (at) => {
          const cursor = at === null ? null : readCursor(at);
          const { rows, next } = await readPage(env.DB, ask, cursor, EXPORT_PAGE);
          return { rows: rows.map(cellsOf), next: writeCursor(next) };
        },
      });
    },
  );
}

const HEAD_EN = [
  ...["time", "member", "seq", "type", "points", "balance", "order", "source"],
  ...["store", "actor", "rules"],
];
const HEAD_ZH = [
  ...["时间", "会员", "序号", "类型", "积分", "余额", "单号", "来源"],
  ...["门店", "操作人", "规则"],
];
function cellsOf(row: LedgerRow): Cell[] {
  const { recordedAtMs, memberId, seq, type, points: moved, balanceAfter } = row;
  const { rules } = rowView(row);
  return [
    ...[timeCell(recordedAtMs), memberId, seq, type, moved, balanceAfter],
    ...[row.orderId, row.sourceId, row.storeId, row.actor],
    rules.map(({ ruleId, version, points: given }) => `${ruleId} v${version}: ${given}`).join("; "),
  ];
}
