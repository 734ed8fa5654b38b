/** Goods in and out by CSV, and one change for many goods. */
import { z } from "@hono/zod-openapi";
import type { Cell } from "../kernel/csv.ts";
import { IMPORT_SENTENCES } from "../kernel/import-sentences.ts";
import { LIMITS } from "../kernel/limits.ts";
import { csvStream, cutSentence } from "../platform/http/csv-stream.ts";
import { json, type Api } from "../platform/http/api.ts";
import { loadCategories } from "./categories.ts";
import { loadGoods, loadManyGoods, type GoodsRow } from "./goods-store.ts";
import {
  clashes,
  overtaken,
  standingOf,
  writeAll,
  type ImportCall,
  type Standing,
} from "./import-desk.ts";
import {
  GOODS_COLUMNS,
  LINES_MAX,
  NO,
  partOf,
  planGoodsImport,
  YES,
  type BadLine,
  type ImportedGoods,
  type ImportGround,
} from "./import.ts";
import { listGoods, skuFigures, type SkuFigures } from "./list-store.ts";
import { changeGoods, type SaveReply } from "./staff-goods.ts";
import { GOODS_PROBLEMS, staffListQuery, staffQuery } from "./staff-goods-routes.ts";
import { brandsOf } from "./store-goods-store.ts";
import {
  bulkResultSchema,
  bulkSchema,
  importReportSchema,
  type GoodsDraft,
  type ImportReportView,
} from "./wire.ts";

const BAD_SHOWN = 1_000;

/** A line asks D1 and its shelf several questions; a request may ask a thousand. */
const CALL_LINES_MAX = 100;

/** Three questions to D1 a page: an export of all stays below what one request may ask. */
const EXPORT_PAGE = 400;
const EXPORT_ROWS_MAX = 100_000;

export function exchangeRoutes(api: Api): void {
  importRoute(api);
  exportRoute(api);
  bulkRoute(api);
}

const importQuery = z.object({
  importId: z
    .string()
    .min(8)
    .max(32)
    .regex(/^[0-9A-Za-z-]+$/)
    .describe("The same import sent again writes no goods and moves no stock twice."),
  dryRun: z.enum(["true", "false"]).default("true"),
  fromLine: z.coerce.number().int().min(1).max(1_000_000).default(1),
  linesMax: z.coerce
    .number()
    .int()
    .min(1)
    .max(LINES_MAX)
    .default(LINES_MAX)
    .describe(
      `A long file is written in parts, so that somebody can be told how far it is. A call that writes takes ${CALL_LINES_MAX} at most, and \`nextLine\` says where the next one begins.`,
    ),
});

function importRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/goods-import",
      operationId: "importStaffGoods",
      access: "staff",
      permission: "goods.write",
      tag: "Catalogue",
      summary:
        "Goods from CSV: new ids are drafts with their first stock, known ids get the new words and prices, unless they were saved since the revision that the file names; nothing is written while a line is bad",
      query: importQuery,
      text: { type: "text/csv", description: `First line: columns of ${GOODS_COLUMNS.join(",")}` },
      responses: {
        200: { description: "What was, or would be, written", schema: importReportSchema },
        422: {
          description:
            "Bad lines; nothing was written where nextLine is the fromLine of the request",
          schema: importReportSchema,
        },
      },
      problems: GOODS_PROBLEMS,
    },
    async (call) => {
      const { query, text } = call;
      const importing = { ...call, importId: query.importId };
      const isDryRun = query.dryRun === "true";
      call.audit(isDryRun ? { isLook: true } : { subject: `import:${query.importId}` });
      const plan = planGoodsImport(text, await groundOf(importing));
      const linesMax = isDryRun ? query.linesMax : Math.min(query.linesMax, CALL_LINES_MAX);
      const part = partOf(plan.goods, query.fromLine, linesMax);
      const standing = await standingOf(importing, plan.goods);
      const bad =
        plan.bad.length > 0
          ? plan.bad
          : [
              ...(await overtaken(importing, plan.goods, standing)),
              ...(await clashes(importing, plan.goods)),
            ];
      const report = (
        figures: Pick<ImportReportView, "created" | "changed" | "repeated" | "nextLine">,
        found: readonly BadLine[],
      ): ImportReportView => ({
        ...{ isDryRun, lines: plan.lines, goods: plan.goods.length, ...figures },
        unitsToKnown: unitsToKnown(plan.goods, standing),
        ...{ badCount: found.length, bad: found.slice(0, BAD_SHOWN) },
      });
      if (bad.length > 0) {
        const nextLine = isDryRun ? null : query.fromLine;
        const found = report({ ...foreseen(part.goods, standing), nextLine }, bad);
        return json(found, isDryRun ? 200 : 422);
      }
      if (isDryRun)
        return json(report({ ...foreseen(part.goods, standing), nextLine: part.nextLine }, []));
      const { failed, ...done } = await writeAll(importing, part.goods, standing);
      const written = report({ ...done, nextLine: part.nextLine }, failed);
      return json(written, failed.length > 0 ? 422 : 200);
    },
  );
}

async function groundOf({ env, session, locale }: ImportCall): Promise<ImportGround> {
  const [categories, brands] = await Promise.all([
    loadCategories(env.DB, session.programmeId),
    brandsOf(env.DB, session.programmeId, "all"),
  ]);
  return {
    categories: wordsOf(categories.map(({ categoryId, name }) => [categoryId, name])),
    brands: wordsOf(brands.map(({ brandId, name }) => [brandId, name])),
    sentences: IMPORT_SENTENCES[locale],
  };
}

/** What would become of goods. */
function foreseen(
  goods: readonly ImportedGoods[],
  { known, written }: Standing,
): Pick<ImportReportView, "created" | "changed" | "repeated"> {
  const repeated = goods.filter(({ goodsId }) => written.has(goodsId)).length;
  const created = goods.filter(({ goodsId }) => !known.has(goodsId)).length;
  return { created, changed: goods.length - created - repeated, repeated };
}

/** Whoever changes prices in an exported file seldom means to bring all its units to stock once more. */
function unitsToKnown(goods: readonly ImportedGoods[], { known, written }: Standing): number {
  return goods
    .filter(({ goodsId }) => known.has(goodsId) && !written.has(goodsId))
    .flatMap(({ skus }) => skus)
    .reduce((sum, { units }) => sum + units, 0);
}

/** A category or a brand is named by its id or by its name. */
function wordsOf(all: readonly (readonly [id: string, name: string])[]): Map<string, string> {
  return new Map([
    ...all.map(([id, name]) => [name, id] as const),
    ...all.map(([id]) => [id, id] as const),
  ]);
}

function exportRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/goods-export",
      access: "staff",
      permission: "goods.read",
      tag: "Catalogue",
      summary: `Goods as CSV, a line a SKU, as the import reads them; up to ${EXPORT_ROWS_MAX} lines of a filter`,
      query: staffListQuery,
      responses: { 200: { description: "A file", types: ["text/csv"] } },
      problems: GOODS_PROBLEMS,
    },
    async (call) => {
      const { env, session } = call;
      const asked = await staffQuery(call, { ...call.query, cursor: undefined });
      return csvStream({
        ...{ name: "goods", head: GOODS_COLUMNS, rowsMax: EXPORT_ROWS_MAX },
        cutLine: cutSentence(call.locale, EXPORT_ROWS_MAX),
        page: async (cursor) => {
          const page = await listGoods(env.DB, { ...asked, limit: EXPORT_PAGE, cursor });
          const ids = page.rows.map(({ goodsId }) => goodsId);
          const [figures, goods] = await Promise.all([
            skuFigures(env.DB, session.programmeId, ids),
            loadManyGoods(env.DB, session.programmeId, ids),
          ]);
          const bySku = Map.groupBy(figures, ({ goodsId }) => goodsId);
          const rows = goods.flatMap((one) => linesOf(one, bySku.get(one.goodsId) ?? []));
          return { rows, next: page.nextCursor };
        },
      });
    },
  );
}

const yuanOf = (fen: number | null): string => (fen === null ? "" : (fen / 100).toFixed(2));

function linesOf({ goodsId, revision, body }: GoodsRow, figures: readonly SkuFigures[]): Cell[][] {
  const { title, subtitle, categoryId, kind, role, tags, marketPriceFen, axes, pictures } = body;
  const { supplier } = body;
  return body.skus.map((sku) => {
    const spec = sku.values.map((value, at) => `${axes[at]?.name ?? ""}=${value}`).join(";");
    const stand = figures.find(({ skuId }) => skuId === sku.skuId)?.stand;
    return [
      ...[goodsId, title, subtitle, categoryId ?? "", kind, role, tags.join(";"), spec, sku.code],
      ...[sku.pricePoints, yuanOf(sku.priceFen), yuanOf(marketPriceFen), stand?.remaining ?? 0],
      ...[sku.lowStockUnits, pictures[0]?.path ?? "", body.brandId ?? ""],
      ...[supplier.name, supplier.code, supplier.isDropShipped ? YES[0] : NO[0], revision],
    ];
  });
}

function bulkRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/goods-bulk",
      operationId: "changeStaffGoods",
      access: "staff",
      permission: "goods.write",
      tag: "Catalogue",
      summary: "One change for many goods; each is saved by itself, and those refused are named",
      body: bulkSchema,
      responses: { 200: { description: "What was done", schema: bulkResultSchema } },
      problems: GOODS_PROBLEMS,
    },
    async (call) => {
      const { env, session, body } = call;
      const change = bulkChange(body.act, body.value);
      if (change === null) {
        const message = "a category, a tag, or a percentage from 1 to 1000";
        return call.problem("invalid", { errors: [{ path: "value", message }] });
      }
      let done = 0;
      const refused: { goodsId: string; code: string }[] = [];
      for (const goodsId of new Set(body.goodsIds)) {
        const known = await loadGoods(env.DB, session.programmeId, goodsId);
        const reply: SaveReply = known
          ? await changeGoods(call, goodsId, known.revision, change(known))
          : { kind: "not_found" };
        if (reply.kind === "saved") done += 1;
        else refused.push({ goodsId, code: reply.kind });
      }
      return json({ done, refused });
    },
  );
}

type Change = Parameters<typeof changeGoods>[3];

/** Null: the value does not fit the act. */
function bulkChange(act: string, value: string | null): ((known: GoodsRow) => Change) | null {
  const edited = (edit: (body: GoodsDraft) => Partial<GoodsDraft>) => (known: GoodsRow) => {
    const draft: GoodsDraft = { ...known.body, skus: [...known.body.skus] };
    return { draft: { ...draft, ...edit(draft) } };
  };
  if (act === "publish") return () => ({ state: "published" });
  if (act === "withdraw") return () => ({ state: "withdrawn" });
  if (act === "category") {
    if (value !== null && !/^[0-9a-z-]{1,40}$/.test(value)) return null;
    return edited(() => ({ categoryId: value }));
  }
  if (act === "price_percent") {
    const percent = /^\d{1,4}$/.test(value ?? "") ? Number(value) : 0;
    if (percent < 1 || percent > 1_000) return null;
    const priced = (points: number): number =>
      Math.min(LIMITS.pointsMax, Math.round((points * percent) / 100));
    return edited(({ skus }) => ({
      skus: skus.map((sku) => ({ ...sku, pricePoints: priced(sku.pricePoints) })),
    }));
  }
  if (value === null || value === "" || value.length > 20) return null;
  return edited(({ tags }) => {
    const others = tags.filter((tag) => tag !== value);
    return { tags: act === "add_tag" ? [...others, value].slice(-12) : others };
  });
}
