/** Stored value for staff: what the merchant owes, to whom, and each member's ledger. */
import { z } from "@hono/zod-openapi";
import { accountOf } from "../accounts/index.ts";
import { MEMBER_ID_PATTERN, memberKeyOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { json, type Api } from "../platform/http/api.ts";
import { entryPageQuery, entryViewOf } from "./stored-routes.ts";
import { memberStoredSchema, storedReportSchema } from "./wire.ts";

const SUMS = `SELECT owed_fen AS owed, members, topped_up_fen AS topped_up, spent_fen AS spent
  FROM stored_totals WHERE programme_id = ?1`;
/** A bare column beside MAX is of the row that has it: the newest entry of each member. */
const MEMBERS = `SELECT member_id, MAX(seq) AS seq, balance_after_fen, recorded_at_ms FROM stored_entries
  WHERE programme_id = ?1 AND member_id > ?2 GROUP BY member_id ORDER BY member_id LIMIT ?3`;

export function reportRoutes(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/stored-value",
      access: "staff",
      permission: "finance.read",
      tag: "Stored value",
      summary: "What the merchant owes its members in stored value, and who has how much",
      query: z.object({
        limit: z.coerce.number().int().min(1).max(LIMITS.pageRowsMax).default(50),
        cursor: z.string().max(64).default(""),
      }),
      responses: { 200: { description: "A page", schema: storedReportSchema } },
    },
    async ({ env, session, query }) => {
      const { programmeId } = session;
      const [sums, rows] = await env.DB.batch<Record<string, number | string>>([
        env.DB.prepare(SUMS).bind(programmeId),
        env.DB.prepare(MEMBERS).bind(programmeId, query.cursor, query.limit),
      ]);
      const whole = sums?.results[0] ?? {};
      const items = (rows?.results ?? []).map((row) => ({
        memberId: String(row["member_id"]),
        balanceFen: Number(row["balance_after_fen"]),
        lastAtMs: Number(row["recorded_at_ms"]),
      }));
      return json({
        owedFen: Number(whole["owed"] ?? 0),
        toppedUpFen: Number(whole["topped_up"] ?? 0),
        spentFen: Number(whole["spent"] ?? 0),
        members: Number(whole["members"] ?? 0),
        items,
        nextCursor: items.length === query.limit ? (items.at(-1)?.memberId ?? null) : null,
      });
    },
  );

  api.route(
    {
      method: "get",
      path: "/api/v1/staff/members/{memberId}/stored-value",
      access: "staff",
      permission: "finance.read",
      tag: "Stored value",
      summary: "One member's stored value with its ledger, newest first, from the Account itself",
      params: z.object({ memberId: z.string().regex(MEMBER_ID_PATTERN) }),
      query: entryPageQuery(LIMITS.pageRowsMax),
      responses: { 200: { description: "A page", schema: memberStoredSchema } },
    },
    async ({ env, session, params, query: { limit, cursor } }) => {
      const memberKey = memberKeyOf(session.programmeId, params.memberId);
      const account = accountOf(env, memberKey);
      const stored = await account.storedValueOf(memberKey, limit, cursor);
      const { balanceFen, heldFen, entries, nextBeforeSeq } = stored;
      return json({
        ...{ memberId: params.memberId, balanceFen, heldFen },
        entries: entries.map(entryViewOf),
        nextCursor: nextBeforeSeq === null ? null : String(nextBeforeSeq),
      });
    },
  );
}
