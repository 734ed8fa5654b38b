/** Goods in and out by CSV, and one change for many goods. */
import { z } from "@hono/zod-openapi";
import type { Cell } from "../kernel/csv.ts";
import { IMPORT_SENTENCES } from "../kernel/import-sentences.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Locale } from "../pages/page-data.ts";
import { csvStream, cutSentence } from "../platform/http/csv-stream.ts";
import { json, type Api } from "../platform/http/api.ts";
import { loadCategories } from "./categories.ts";
import { loadGoods, loadManyGoods, sameTitle, type GoodsRow } from "./goods-store.ts";
import {
  GOODS_COLUMNS,
  NO,
  planGoodsImport,
  YES,
  type BadLine,
  type ImportedGoods,
} from "./import.ts";
import { listGoods, skuFigures, type SkuFigures } from "./list-store.ts";
import {
  actorOf,
  changeGoods,
  createGoods,
  type SaveReply,
  type StaffCall,
} from "./staff-goods.ts";
import { GOODS_PROBLEMS, staffListQuery, staffQuery } from "./staff-goods-routes.ts";
import { moveStock } from "./stock.ts";
import { brandsOf } from "./store-goods-store.ts";
import {
  bulkResultSchema,
  bulkSchema,
  goodsDraftSchema,
  importReportSchema,
  type GoodsDraft,
  type ImportReportView,
} from "./wire.ts";

const BAD_SHOWN = 1_000;
/** Bad lines are told in the language of whoever imports. */
type ImportCall = StaffCall & { readonly locale: Locale };

/** Three questions to D1 a page: an export of all stays below what one request may ask. */
const EXPORT_PAGE = 400;
const EXPORT_ROWS_MAX = 100_000;

export function exchangeRoutes(api: Api): void {
  importRoute(api);
  exportRoute(api);
  bulkRoute(api);
}

function importRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/goods-import",
      access: "staff",
      permission: "goods.write",
      tag: "Staff",
      summary:
        "Goods from CSV: new ids are drafts with their first stock, known ids get the new words and prices; nothing is written while a line is bad",
      query: z.object({
        importId: z
          .string()
          .min(8)
          .max(32)
          .regex(/^[0-9A-Za-z-]+$/)
          .describe("The same import sent again moves no stock twice."),
        dryRun: z.enum(["true", "false"]).default("true"),
      }),
      text: { type: "text/csv", description: `First line: columns of ${GOODS_COLUMNS.join(",")}` },
      responses: {
        200: { description: "What was, or would be, written", schema: importReportSchema },
        422: {
          description: "Bad lines, all of them; nothing was written",
          schema: importReportSchema,
        },
      },
      problems: GOODS_PROBLEMS,
    },
    async (call) => {
      const { env, session, query, text } = call;
      const { programmeId } = session;
      const [all, brands] = await Promise.all([
        loadCategories(env.DB, programmeId),
        brandsOf(env.DB, programmeId, "all"),
      ]);
      const plan = planGoodsImport(text, {
        categories: wordsOf(all.map(({ categoryId, name }) => [categoryId, name])),
        brands: wordsOf(brands.map(({ brandId, name }) => [brandId, name])),
        sentences: IMPORT_SENTENCES[call.locale],
      });
      const known = await knownAmong(call, plan.goods);
      const bad = [...plan.bad, ...(plan.bad.length > 0 ? [] : await clashes(call, plan.goods))];
      const isDryRun = query.dryRun === "true";
      const report: ImportReportView = {
        ...{ isDryRun, lines: plan.lines, goods: plan.goods.length },
        created: plan.goods.length - known.size,
        ...{ changed: known.size, badCount: bad.length, bad: bad.slice(0, BAD_SHOWN) },
      };
      if (bad.length > 0) return json(report, isDryRun ? 200 : 422);
      if (isDryRun) return json(report);
      const failed: BadLine[] = [];
      for (const goods of plan.goods) failed.push(...(await writeOne(call, goods, query.importId)));
      const done = { ...report, badCount: failed.length, bad: failed.slice(0, BAD_SHOWN) };
      return json(done, failed.length > 0 ? 422 : 200);
    },
  );
}

/** A category or a brand is named by its id or by its name. */
function wordsOf(all: readonly (readonly [id: string, name: string])[]): Map<string, string> {
  return new Map([
    ...all.map(([id, name]) => [name, id] as const),
    ...all.map(([id]) => [id, id] as const),
  ]);
}

async function knownAmong(
  { env, session }: StaffCall,
  goods: readonly ImportedGoods[],
): Promise<Set<string>> {
  const ids = JSON.stringify(goods.map(({ goodsId }) => goodsId));
  const { results } = await env.DB.prepare(
    `SELECT goods_id FROM goods WHERE programme_id = ?1 AND goods_id IN (SELECT value FROM json_each(?2))`,
  )
    .bind(session.programmeId, ids)
    .all<{ goods_id: string }>();
  return new Set(results.map((row) => row.goods_id));
}

/** Codes and titles that other goods have already. */
async function clashes(
  { env, session, locale }: ImportCall,
  goods: readonly ImportedGoods[],
): Promise<BadLine[]> {
  const words = IMPORT_SENTENCES[locale];
  const bad: BadLine[] = [];
  const codes = goods.flatMap(({ goodsId, skus }) =>
    skus.flatMap(({ code, line }) => (code === "" ? [] : [{ code, line, goodsId }])),
  );
  const { results } = await env.DB.prepare(
    `SELECT code, goods_id FROM goods_skus WHERE programme_id = ?1 AND code <> ''
       AND code IN (SELECT value FROM json_each(?2))`,
  )
    .bind(session.programmeId, JSON.stringify(codes.map(({ code }) => code)))
    .all<{ code: string; goods_id: string }>();
  const owner = new Map(results.map((row) => [row.code, row.goods_id]));
  for (const { code, line, goodsId } of codes) {
    const other = owner.get(code);
    if (other !== undefined && other !== goodsId)
      bad.push({ line, field: "code", reason: words.codeOf(other) });
  }
  for (const { goodsId, title, line } of goods) {
    const [twin] = await sameTitle(env.DB, session.programmeId, goodsId, title, 1);
    if (twin !== undefined) bad.push({ line, field: "title", reason: words.titleOf(twin) });
  }
  return bad;
}

const NO_SUPPLIER = { name: "", code: "", isDropShipped: false };

/** The document of one imported goods: over what there is, or new. */
function draftOf(goods: ImportedGoods, known: GoodsRow | null): GoodsDraft {
  const axes = (goods.skus[0]?.spec ?? []).map(([name], at) => ({
    name,
    values: [...new Set(goods.skus.map(({ spec }) => spec[at]?.[1] ?? ""))],
  }));
  const skus = goods.skus.map(({ spec, code, pricePoints, priceFen, lowStockUnits }) => {
    const values = spec.map(([, value]) => value);
    const old = known?.body.skus.find(
      (sku) => JSON.stringify(sku.values) === JSON.stringify(values),
    );
    return { ...old, ...{ values, code, pricePoints, priceFen, lowStockUnits } };
  });
  const { title, subtitle, categoryId, kind, role, tags, marketPriceFen, picture } = goods;
  const pictures =
    picture === null ? {} : { pictures: [{ path: picture, width: 800, height: 800 }] };
  return goodsDraftSchema.parse({
    ...known?.body,
    ...{ title, subtitle, categoryId, kind, role, tags, marketPriceFen, axes, skus },
    ...(goods.brandId === undefined ? {} : { brandId: goods.brandId }),
    supplier: { ...NO_SUPPLIER, ...known?.body.supplier, ...goods.supplier },
    ...pictures,
  });
}

async function writeOne(
  call: ImportCall,
  goods: ImportedGoods,
  importId: string,
): Promise<BadLine[]> {
  const { env, session, nowMs } = call;
  const { programmeId } = session;
  const { goodsId, line } = goods;
  const known = await loadGoods(env.DB, programmeId, goodsId);
  const draft = draftOf(goods, known);
  const reply = known
    ? await changeGoods(call, goodsId, known.revision, { draft })
    : await createGoods(call, goodsId, draft);
  if (reply.kind !== "saved") return [{ line, field: "", reason: reasonOf(reply) }];
  const bad: BadLine[] = [];
  for (const [at, sku] of goods.skus.entries()) {
    const skuId = reply.goods.body.skus[at]?.skuId;
    if (sku.units === 0 || skuId === undefined) continue;
    const moved = await moveStock(env, nowMs, {
      ...{ programmeId, skuId, requestId: `import-${importId}-${sku.line}` },
      ...{ cause: "imported", units: sku.units, note: importId, actor: actorOf(call) },
    });
    if (moved.kind === "mismatch")
      bad.push({
        line: sku.line,
        field: "units",
        reason: IMPORT_SENTENCES[call.locale].otherBefore,
      });
    else if (moved.kind !== "moved")
      bad.push({ line: sku.line, field: "units", reason: moved.kind });
  }
  return bad;
}

function reasonOf(reply: Exclude<SaveReply, { kind: "saved" }>): string {
  if (reply.kind !== "invalid") return reply.kind;
  return reply.problems.map(({ path, message }) => `${path}: ${message}`).join("; ");
}

function exportRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/goods-export",
      access: "staff",
      permission: "goods.read",
      tag: "Staff",
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

function linesOf({ goodsId, body }: GoodsRow, figures: readonly SkuFigures[]): Cell[][] {
  const { title, subtitle, categoryId, kind, role, tags, marketPriceFen, axes, pictures } = body;
  const { supplier } = body;
  return body.skus.map((sku) => {
    const spec = sku.values.map((value, at) => `${axes[at]?.name ?? ""}=${value}`).join(";");
    const stand = figures.find(({ skuId }) => skuId === sku.skuId)?.stand;
    return [
      ...[goodsId, title, subtitle, categoryId ?? "", kind, role, tags.join(";"), spec, sku.code],
      ...[sku.pricePoints, yuanOf(sku.priceFen), yuanOf(marketPriceFen), stand?.remaining ?? 0],
      ...[sku.lowStockUnits, pictures[0]?.path ?? "", body.brandId ?? ""],
      ...[supplier.name, supplier.code, supplier.isDropShipped ? YES[0] : NO[0]],
    ];
  });
}

function bulkRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/goods-bulk",
      access: "staff",
      permission: "goods.write",
      tag: "Staff",
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
