/** Goods by CSV: reads every line, names every bad one, and says what the good ones become. Pure. */
import { readCsv, type CsvLine } from "../earning/manual/index.ts";
import { GOODS_KINDS, type GoodsKind } from "../kernel/goods-kind.ts";
import { readCell } from "../kernel/csv.ts";
import { SKU_ID_PATTERN } from "../kernel/ids.ts";
import { IMPORT_SENTENCES, type ImportSentences } from "../kernel/import-sentences.ts";
import { LIMITS } from "../kernel/limits.ts";
import { titleKeyOf } from "./grams.ts";
import { GOODS_ROLES, type GoodsRole } from "./model.ts";

export const GOODS_COLUMNS = [
  ...["goodsId", "title", "subtitle", "category", "kind", "role", "tags", "spec", "code"],
  ...["pricePoints", "priceYuan", "marketPriceYuan", "units", "lowStockUnits", "picture", "brand"],
  ...["supplier", "supplierCode", "dropShipped", "revision"],
] as const;
type Column = (typeof GOODS_COLUMNS)[number];

/** In the export the first of each. */
export const YES = ["yes", "是"] as const;
export const NO = ["no", "否"] as const;

export const LINES_MAX = 2_000;
const REVISION_MAX = 1_000_000_000;

export interface BadLine {
  readonly line: number;
  readonly field: string;
  readonly reason: string;
}

/** One line: a SKU of goods. Lines of one goods stand under the same id. */
export interface SkuLine {
  readonly line: number;
  readonly spec: readonly (readonly [string, string])[];
  readonly code: string;
  readonly pricePoints: number;
  readonly priceFen: number;
  readonly units: number;
  readonly lowStockUnits: number | null;
}

interface Supplier {
  readonly name: string;
  /** The supplier's own number of the goods. */
  readonly code: string;
  readonly isDropShipped: boolean;
}

export interface ImportedGoods {
  readonly goodsId: string;
  readonly line: number;
  /** Which one the file was made from; null: it does not say, and is written over whatever stands there. */
  readonly revision: number | null;
  readonly title: string;
  readonly subtitle: string;
  readonly categoryId: string | null;
  /** Absent: the file has no column of it, and what is there stays. */
  readonly brandId?: string | null;
  /** Of what the file has columns for; the rest of what is there stays. */
  readonly supplier: Partial<Supplier>;
  readonly kind: GoodsKind;
  readonly role: GoodsRole;
  readonly tags: readonly string[];
  readonly marketPriceFen: number | null;
  readonly picture: string | null;
  readonly skus: readonly SkuLine[];
}

export interface ImportPlan {
  readonly lines: number;
  readonly goods: readonly ImportedGoods[];
  readonly bad: readonly BadLine[];
}

export interface ImportGround {
  /** Categories by id and by name. */
  readonly categories: ReadonlyMap<string, string>;
  /** Brands by id and by name. */
  readonly brands?: ReadonlyMap<string, string>;
  /** The language in which bad lines are told; English where it is left out. */
  readonly sentences?: ImportSentences;
}

const PICTURE = /^\/(?:media|goods)\/(?!.*\.\.)[0-9A-Za-z/_.-]{1,140}$/;
const CODE = /^[\x21-\x7e]*$/;

class LineReader {
  readonly bad: BadLine[] = [];
  readonly words: ImportSentences;
  readonly #line: CsvLine;
  readonly #at: ReadonlyMap<string, number>;

  constructor(line: CsvLine, at: ReadonlyMap<string, number>, words: ImportSentences) {
    this.words = words;
    this.#line = line;
    this.#at = at;
  }

  has(field: Column): boolean {
    return this.#at.has(field);
  }

  text(field: Column, max: number = LIMITS.textMax): string {
    const at = this.#at.get(field);
    const cell = readCell(at === undefined ? "" : (this.#line.cells[at] ?? ""));
    if (cell.length > max) this.say(field, this.words.textMax(max));
    return cell;
  }

  say(field: Column, reason: string): void {
    this.bad.push({ line: this.#line.line, field, reason });
  }

  /** A whole number from 0 to `max`, or null where the cell is empty. */
  count(field: Column, max: number): number | null {
    const cell = this.text(field).replaceAll(",", "");
    if (cell === "") return null;
    const value = /^\d{1,15}$/.test(cell) ? Number(cell) : Number.NaN;
    if (value <= max) return value;
    this.say(field, this.words.wholeNumber(0, max));
    return null;
  }

  /** Yuan with up to two decimals, as fen. */
  amount(field: Column): number | null {
    const cell = this.text(field).replaceAll(",", "").replace(/^¥/, "");
    if (cell === "") return null;
    const match = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(cell);
    const fen = match
      ? Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0"))
      : Number.NaN;
    if (fen <= LIMITS.amountFenMax) return fen;
    this.say(field, this.words.amount);
    return null;
  }

  /** One of a few words; the first where the cell is empty. */
  word<T extends string>(field: Column, words: readonly T[]): T {
    const cell = this.text(field);
    const found = words.find((word) => word === cell);
    if (found === undefined && cell !== "") this.say(field, this.words.oneOf(words.join(", ")));
    return found ?? (words[0] as T);
  }

  /** An empty cell is a no. */
  yesNo(field: Column): boolean {
    const cell = this.text(field).toLowerCase();
    const isYes = (YES as readonly string[]).includes(cell);
    if (!isYes && cell !== "" && !(NO as readonly string[]).includes(cell))
      this.say(field, this.words.oneOf([...YES, ...NO].join(", ")));
    return isYes;
  }

  parts(field: Column, max: number): string[] {
    return this.text(field, 400)
      .split(/[;；]/)
      .map((part) => part.trim())
      .filter((part, at, all) => part !== "" && all.indexOf(part) === at)
      .slice(0, max);
  }
}

/** The whole plan. Nothing of it is written while one line is bad. */
export function planGoodsImport(text: string, ground: ImportGround): ImportPlan {
  const csv = readCsv(text);
  const words = ground.sentences ?? IMPORT_SENTENCES.en;
  const none = (line: number, reason: string): ImportPlan => ({
    ...{ lines: 0, goods: [], bad: [{ line, field: "", reason }] },
  });
  if (csv.kind === "unclosed") return none(csv.line, words.unclosed);
  const [head, ...lines] = csv.lines;
  if (!head) return none(1, words.empty);
  const names = head.cells.map((cell) => cell.trim());
  const unknown = names.find((name) => !(GOODS_COLUMNS as readonly string[]).includes(name));
  if (unknown !== undefined) return none(head.line, words.unknownColumn(unknown.slice(0, 40)));
  for (const needed of ["goodsId", "title", "pricePoints"]) {
    if (!names.includes(needed)) return none(head.line, words.columnMissing(needed));
  }
  if (names.includes("dropShipped") && !names.includes("supplier"))
    return none(head.line, words.columnMissing("supplier"));
  if (lines.length > LINES_MAX) return none(LINES_MAX + 2, words.linesMax(LINES_MAX));
  const at = new Map(names.map((name, index) => [name, index]));
  const bad: BadLine[] = [];
  const byId = new Map<string, ImportedGoods>();
  for (const line of lines) {
    const reader = new LineReader(line, at, words);
    const read = readLine(reader, line.line, ground);
    const known = byId.get(read.goodsId);
    if (known) checkTogether(reader, known, read);
    bad.push(...reader.bad);
    byId.set(read.goodsId, known ? together(known, read) : read);
  }
  const goods = [...byId.values()];
  bad.push(...duplicates(goods, words));
  return { lines: lines.length, goods, bad: bad.toSorted((a, b) => a.line - b.line) };
}

/**
 * Goods from the line `fromLine` on, of `linesMax` lines in all and at least one; `nextLine`: where to go on, null at the end.
 * Goods stand where the first of their lines does, and are never cut.
 */
export function partOf(
  goods: readonly ImportedGoods[],
  fromLine: number,
  linesMax: number,
): { readonly goods: readonly ImportedGoods[]; readonly nextLine: number | null } {
  const left = goods.filter(({ line }) => line >= fromLine);
  let lines = 0;
  const end = left.findIndex(({ skus }, at) => (lines += skus.length) > linesMax && at > 0);
  return end === -1
    ? { goods: left, nextLine: null }
    : { goods: left.slice(0, end), nextLine: left[end]?.line ?? null };
}

function readLine(reader: LineReader, line: number, ground: ImportGround): ImportedGoods {
  const goodsId = reader.text("goodsId", 40);
  if (!SKU_ID_PATTERN.test(goodsId)) {
    reader.say("goodsId", reader.words.goodsId);
  }
  const title = reader.text("title");
  if (title === "") reader.say("title", reader.words.missing);
  const category = reader.text("category");
  const categoryId = category === "" ? null : (ground.categories.get(category) ?? null);
  if (category !== "" && categoryId === null) reader.say("category", reader.words.category);
  const brand = reader.text("brand");
  const brandId = brand === "" ? null : (ground.brands?.get(brand) ?? null);
  if (brand !== "" && brandId === null) reader.say("brand", reader.words.brand);
  const picture = reader.text("picture", 160);
  if (picture !== "" && !PICTURE.test(picture)) reader.say("picture", reader.words.picture);
  const pricePoints = reader.count("pricePoints", LIMITS.pointsMax);
  if (pricePoints === null && reader.text("pricePoints") === "") {
    reader.say("pricePoints", reader.words.missing);
  }
  const code = reader.text("code", LIMITS.idMax);
  if (!CODE.test(code)) reader.say("code", reader.words.code);
  const sku: SkuLine = {
    line,
    spec: readSpec(reader),
    code,
    pricePoints: pricePoints ?? 0,
    priceFen: reader.amount("priceYuan") ?? 0,
    units: reader.count("units", LIMITS.unitsMax) ?? 0,
    lowStockUnits: reader.count("lowStockUnits", LIMITS.unitsMax),
  };
  return {
    ...{ goodsId, line, title, subtitle: reader.text("subtitle"), categoryId },
    revision: reader.count("revision", REVISION_MAX),
    ...(reader.has("brand") ? { brandId } : {}),
    supplier: readSupplier(reader),
    kind: reader.word("kind", GOODS_KINDS),
    role: reader.word("role", GOODS_ROLES),
    tags: reader.parts("tags", 12).map((tag) => tag.slice(0, 20)),
    marketPriceFen: reader.amount("marketPriceYuan"),
    picture: picture === "" ? null : picture,
    skus: [sku],
  };
}

function readSupplier(reader: LineReader): Partial<Supplier> {
  const name = reader.text("supplier");
  const isDropShipped = reader.yesNo("dropShipped");
  if (isDropShipped && name === "") reader.say("supplier", reader.words.supplierMissing);
  // Goods that no supplier is named for any more are sent by the shop.
  const saysSender = reader.has("dropShipped") || (reader.has("supplier") && name === "");
  return {
    ...(reader.has("supplier") ? { name } : {}),
    ...(reader.has("supplierCode") ? { code: reader.text("supplierCode", LIMITS.idMax) } : {}),
    ...(saysSender ? { isDropShipped } : {}),
  };
}

/** `颜色=白;容量=350 ml` */
function readSpec(reader: LineReader): [string, string][] {
  return reader.parts("spec", 3).map((part) => {
    const at = part.search(/[=＝]/);
    if (at <= 0 || at === part.length - 1) reader.say("spec", reader.words.spec);
    return [part.slice(0, at).trim(), part.slice(at + 1).trim()];
  });
}

/** A variant that was added to an exported file by hand states no revision of its own. */
const together = (known: ImportedGoods, read: ImportedGoods): ImportedGoods => ({
  ...known,
  revision: known.revision ?? read.revision,
  skus: [...known.skus, ...read.skus],
});

const axesOf = ({ spec }: SkuLine): string => spec.map(([name]) => name).join("\n");

/** Lines of one goods have to say the same of it, and a different spec each. */
function checkTogether(reader: LineReader, known: ImportedGoods, read: ImportedGoods): void {
  if (read.title !== known.title) reader.say("title", reader.words.otherTitle(known.line));
  if (JSON.stringify(read.supplier) !== JSON.stringify(known.supplier))
    reader.say("supplier", reader.words.otherSupplier(known.line));
  const hasBoth = read.revision !== null && known.revision !== null;
  if (hasBoth && read.revision !== known.revision)
    reader.say("revision", reader.words.otherRevision(known.line));
  const [sku] = read.skus as [SkuLine];
  const first = known.skus[0] as SkuLine;
  if (sku.spec.length === 0) return reader.say("goodsId", reader.words.standsIn(known.line));
  if (axesOf(sku) !== axesOf(first)) return reader.say("spec", reader.words.otherSpec(known.line));
  const twin = known.skus.find((one) => JSON.stringify(one.spec) === JSON.stringify(sku.spec));
  if (twin) reader.say("spec", reader.words.sameAs(twin.line));
}

/** The same title under two ids, or one code twice, is more often a slip than a wish. */
function duplicates(goods: readonly ImportedGoods[], words: ImportSentences): BadLine[] {
  const bad: BadLine[] = [];
  const seen = new Map<string, number>();
  const once = (key: string, line: number, field: string): void => {
    const before = seen.get(key);
    if (before === undefined) seen.set(key, line);
    else bad.push({ line, field, reason: words.sameAs(before) });
  };
  for (const one of goods) {
    if (one.title !== "") once(`title ${titleKeyOf(one.title)}`, one.line, "title");
    for (const { code, line } of one.skus) if (code !== "") once(`code ${code}`, line, "code");
  }
  return bad;
}
