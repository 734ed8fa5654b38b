/** The rows behind the dashboard's counts of goods: which SKUs are out, and which go slowly. */
import { z } from "@hono/zod-openapi";
import { LIMITS } from "../kernel/limits.ts";
import { json, type Api } from "../platform/http/api.ts";
import { GOODS, IS_SLOW, ON_OFFER, type GoodsRow } from "./dashboard-store.ts";
import { goodsView, isShownTo } from "./dashboard.ts";
import { goodsFiguresSchema } from "./wire.ts";

/** Shelves of one page that are looked at for a rate; fewer may be shown, and the page goes on. */
const LOOKED_AT = 2_000;

/** Every statement by its name, so that a test can look at its plan. `?2` and `?3` are the cursor: the shelf and the row of the last. */
export const GOODS_LIST_SQL = {
  out: `${GOODS.replace("FROM", ", s.rowid AS place, 1 AS fits FROM")} WHERE ${ON_OFFER} AND s.shelf = 0
      AND (s.shelf, s.rowid) < (?2, ?3) ORDER BY s.shelf DESC, s.rowid DESC LIMIT ?4`,
  slow: `${GOODS.replace("FROM", `, s.rowid AS place, ${IS_SLOW} AS fits FROM`)} WHERE ${ON_OFFER} AND s.shelf > 0
      AND (s.shelf, s.rowid) < (?2, ?3) ORDER BY s.shelf DESC, s.rowid DESC LIMIT ?4`,
} as const;

interface Listed extends GoodsRow {
  readonly shelf: number;
  readonly place: number;
  readonly fits: number;
}

const BEFORE_ALL = { shelf: Number.MAX_SAFE_INTEGER, place: 0 };

export function goodsListRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/goods-figures",
      access: "staff",
      permission: "goods.read",
      tag: "Figures",
      summary:
        "SKUs on offer that are out of stock, or of which fewer than one unit in twenty went",
      query: z.object({
        of: z.enum(["out", "slow"]),
        cursor: z
          .string()
          .regex(/^\d{1,15}\.\d{1,15}$/, "a cursor as an answer gave it")
          .optional(),
        limit: z.coerce.number().int().min(1).max(LIMITS.pageRowsMax).default(50),
      }),
      responses: { 200: { description: "Fullest shelf first", schema: goodsFiguresSchema } },
    },
    async ({ env, session, query }) => {
      const [shelf, place] = (query.cursor ?? "").split(".").map(Number);
      const from = place === undefined ? BEFORE_ALL : { shelf: shelf ?? 0, place };
      const rowsMax = query.of === "slow" ? LOOKED_AT : query.limit;
      const { results } = await env.DB.prepare(GOODS_LIST_SQL[query.of])
        .bind(session.programmeId, from.shelf, from.place, rowsMax)
        .all<Listed>();
      const storeIds = session.staff?.storeIds ?? null;
      const fitting = results.filter(({ fits, skuId }) => fits !== 0 && isShownTo(storeIds, skuId));
      const shown = fitting.slice(0, query.limit);
      const isCut = fitting.length > query.limit;
      const last = isCut ? shown.at(-1) : results.at(-1);
      const isMore = isCut || results.length === rowsMax;
      return json({
        items: shown.map(({ place: _row, fits: _fits, ...row }) => goodsView(row)),
        nextCursor: isMore && last ? `${last.shelf}.${last.place}` : null,
      });
    },
  );
}
