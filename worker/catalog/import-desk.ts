/** An import of goods against what is there: what clashes, what was written before, and the writing, each goods once. */
import { ZONE_OFFSET_MS } from "../kernel/clock.ts";
import { IMPORT_SENTENCES } from "../kernel/import-sentences.ts";
import type { Locale } from "../pages/page-data.ts";
import { Team } from "../staff/index.ts";
import { loadGoods, type GoodsRow } from "./goods-store.ts";
import { titleKeyOf } from "./grams.ts";
import type { BadLine, ImportedGoods } from "./import.ts";
import {
  actorOf,
  changeGoods,
  createGoods,
  type SaveReply,
  type StaffCall,
} from "./staff-goods.ts";
import { moveStock } from "./stock.ts";
import { goodsDraftSchema, type GoodsDraft } from "./wire.ts";

/** Bad lines are told in the language of whoever imports. */
export type ImportCall = StaffCall & { readonly locale: Locale; readonly importId: string };

type SkuIds = readonly { readonly skuId: string }[];

interface Known {
  readonly revision: number;
  readonly savedBy: string;
  readonly savedAtMs: number;
}

/** Of the goods of a file: those that are there, and those that this very import has written, with their SKUs as it wrote them. */
export interface Standing {
  readonly known: ReadonlyMap<string, Known>;
  readonly written: ReadonlyMap<string, SkuIds>;
}

export const KNOWN_GOODS = `SELECT goods_id, revision, updated_by, updated_at_ms FROM goods
  WHERE programme_id = ?1 AND goods_id IN (SELECT value FROM json_each(?2))`;
export const WRITTEN_GOODS = `SELECT goods_id, body -> '$.skus' AS skus FROM goods_revisions
  WHERE programme_id = ?1 AND goods_id IN (SELECT value FROM json_each(?2)) AND import_id = ?3`;

export async function standingOf(
  { env, session, importId }: ImportCall,
  goods: readonly ImportedGoods[],
): Promise<Standing> {
  const ids = JSON.stringify(goods.map(({ goodsId }) => goodsId));
  const [known, written] = await env.DB.batch<Record<string, string | number>>([
    env.DB.prepare(KNOWN_GOODS).bind(session.programmeId, ids),
    env.DB.prepare(WRITTEN_GOODS).bind(session.programmeId, ids, importId),
  ]);
  return {
    known: new Map(
      (known?.results ?? []).map((row) => [
        String(row["goods_id"]),
        {
          revision: Number(row["revision"]),
          ...{ savedBy: String(row["updated_by"]), savedAtMs: Number(row["updated_at_ms"]) },
        },
      ]),
    ),
    written: new Map(
      (written?.results ?? []).map((row) => [
        String(row["goods_id"]),
        JSON.parse(String(row["skus"])) as SkuIds,
      ]),
    ),
  };
}

const momentOf = (atMs: number): string =>
  new Date(atMs + ZONE_OFFSET_MS).toISOString().slice(0, 16).replace("T", " ");

/** Goods that somebody has saved since the file was made from them: nothing is written over words that its author never saw. */
export async function overtaken(
  { env, session, locale }: ImportCall,
  goods: readonly ImportedGoods[],
  { known, written }: Standing,
): Promise<BadLine[]> {
  const late = goods.flatMap(({ goodsId, revision, line }) => {
    const now = known.get(goodsId);
    const isLate = now && revision !== null && revision !== now.revision && !written.has(goodsId);
    return isLate ? [{ line, now }] : [];
  });
  if (late.length === 0) return [];
  const people = await new Team(env.DB, session.programmeId).people();
  const names = new Map(people.map(({ staffId, name }) => [`staff:${staffId}`, name]));
  const { changedSince } = IMPORT_SENTENCES[locale];
  return late.map(({ line, now }) => {
    const reason = changedSince(names.get(now.savedBy) ?? "", momentOf(now.savedAtMs));
    return { line, field: "revision", reason };
  });
}

export const TAKEN_CODES = `SELECT asked.value ->> '$.line' AS line, goods_skus.goods_id FROM json_each(?2) AS asked
  CROSS JOIN goods_skus ON goods_skus.programme_id = ?1 AND goods_skus.code <> ''
    AND goods_skus.code = asked.value ->> '$.code'
  WHERE goods_skus.goods_id <> asked.value ->> '$.goodsId'`;
export const TAKEN_TITLES = `SELECT asked.value ->> '$.line' AS line, (
    SELECT goods_id FROM goods WHERE programme_id = ?1 AND title_key = asked.value ->> '$.key'
      AND goods_id <> asked.value ->> '$.goodsId' LIMIT 1) AS goods_id
  FROM json_each(?2) AS asked`;

/** Codes and titles that other goods have already; two questions for a file, however long it is. */
export async function clashes(
  { env, session, locale }: ImportCall,
  goods: readonly ImportedGoods[],
): Promise<BadLine[]> {
  const words = IMPORT_SENTENCES[locale];
  const codes = goods.flatMap(({ goodsId, skus }) =>
    skus.flatMap(({ code, line }) => (code === "" ? [] : [{ code, line, goodsId }])),
  );
  const titles = goods.map(({ goodsId, title, line }) => ({
    ...{ goodsId, line, key: titleKeyOf(title) },
  }));
  const [byCode, byTitle] = await env.DB.batch<{ line: number; goods_id: string | null }>([
    env.DB.prepare(TAKEN_CODES).bind(session.programmeId, JSON.stringify(codes)),
    env.DB.prepare(TAKEN_TITLES).bind(session.programmeId, JSON.stringify(titles)),
  ]);
  const told = (field: string, say: (goodsId: string) => string, rows: typeof byCode): BadLine[] =>
    (rows?.results ?? []).flatMap(({ line, goods_id: other }) =>
      other === null ? [] : [{ line, field, reason: say(other) }],
    );
  return [...told("code", words.codeOf, byCode), ...told("title", words.titleOf, byTitle)];
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

export interface Written {
  readonly created: number;
  readonly changed: number;
  readonly repeated: number;
  readonly failed: readonly BadLine[];
}

/**
 * The document of goods and the mark of the import are one commit, and units are moved by line, so an import that broke anywhere
 * is taken up again: what it wrote stays as it is, also where somebody has edited it since.
 */
export async function writeAll(
  call: ImportCall,
  all: readonly ImportedGoods[],
  { written }: Standing,
): Promise<Written> {
  const done = { created: 0, changed: 0, repeated: 0 };
  const failed: BadLine[] = [];
  for (const goods of all) {
    const before = written.get(goods.goodsId);
    const reply = before ? null : await saveOne(call, goods);
    if (reply && reply.kind !== "saved") {
      const reason = reasonOf(reply, call.locale);
      failed.push({ line: goods.line, field: "", reason });
      continue;
    }
    done[reply === null ? "repeated" : reply.isNew ? "created" : "changed"] += 1;
    failed.push(...(await bringUnits(call, goods, before ?? reply?.goods.body.skus ?? [])));
  }
  return { ...done, failed };
}

async function saveOne(call: ImportCall, goods: ImportedGoods): Promise<SaveReply> {
  const { goodsId } = goods;
  const known = await loadGoods(call.env.DB, call.session.programmeId, goodsId);
  const draft = draftOf(goods, known);
  return known
    ? changeGoods(call, goodsId, goods.revision ?? known.revision, { draft })
    : createGoods(call, goodsId, draft);
}

async function bringUnits(
  call: ImportCall,
  goods: ImportedGoods,
  skus: SkuIds,
): Promise<BadLine[]> {
  const { env, session, nowMs, importId, locale } = call;
  const words = IMPORT_SENTENCES[locale];
  const bad: BadLine[] = [];
  for (const [at, { units, line }] of goods.skus.entries()) {
    const skuId = skus[at]?.skuId;
    if (units === 0 || skuId === undefined) continue;
    const moved = await moveStock(env, nowMs, {
      ...{ programmeId: session.programmeId, skuId, requestId: `import-${importId}-${line}` },
      ...{ cause: "imported", units, note: importId, actor: actorOf(call) },
    });
    if (moved.kind === "moved") continue;
    const reason = moved.kind === "mismatch" ? words.otherBefore : words.notMoved;
    bad.push({ line, field: "units", reason });
  }
  return bad;
}

function reasonOf(reply: Exclude<SaveReply, { kind: "saved" }>, locale: Locale): string {
  const words = IMPORT_SENTENCES[locale];
  if (reply.kind === "invalid")
    return reply.problems.map(({ path, message }) => `${path}: ${message}`).join("; ");
  return reply.kind === "code_taken" ? words.codeTaken : words.editedMeanwhile;
}
