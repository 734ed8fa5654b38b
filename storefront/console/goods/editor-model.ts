/** The goods as the form holds them, and as the API takes them. */
import type { GoodsDraft, Picture, StaffGoodsView } from "../../../worker/catalog/wire.ts";

export type Sku = GoodsDraft["skus"][number];

/** One field of the form a name, so that the kit's fields can carry it. */
export interface GoodsValues {
  title: string;
  subtitle: string;
  kind: string;
  role: string;
  categoryId: string | null;
  brandId: string | null;
  tags: string;
  position: number | null;
  groundColor: string;
  pictures: readonly Picture[];
  supplierName: string;
  supplierCode: string;
  isDropShipped: boolean;
  axes: GoodsDraft["axes"];
  skus: readonly Sku[];
  marketPriceFen: number | null;
  costFen: number | null;
  freightFen: number | null;
  perOrder: number | null;
  perDay: number | null;
  windowDays: number | null;
  windowUnits: number | null;
  lifetime: number | null;
  seenTiers: readonly string[];
  seenSegments: readonly string[];
  seenStores: readonly string[];
  redeemTiers: readonly string[];
  redeemSegments: readonly string[];
  redeemStores: readonly string[];
  description: GoodsDraft["description"];
  publishAtMs: number | null;
  withdrawAtMs: number | null;
}

export const EMPTY_SKU: Sku = {
  ...{ values: [], code: "", pricePoints: 0, priceFen: 0, lowStockUnits: null, picture: null },
};

export const NEW_GOODS: GoodsValues = {
  ...{ title: "", subtitle: "", kind: "physical", role: "everyday", categoryId: null, tags: "" },
  brandId: null,
  ...{ position: 1_000, groundColor: "#f3ede3", pictures: [], supplierName: "", supplierCode: "" },
  ...{ isDropShipped: false, axes: [], skus: [EMPTY_SKU], marketPriceFen: null, costFen: null },
  ...{ freightFen: null, perOrder: 5, perDay: null, windowDays: null, windowUnits: null },
  ...{ lifetime: null, seenTiers: [], seenSegments: [], seenStores: [], redeemTiers: [] },
  ...{ redeemSegments: [], redeemStores: [], description: [], publishAtMs: null },
  withdrawAtMs: null,
};

/** Words with commas between, of either width. */
export const wordsOf = (text: string): string[] => [
  ...new Set(
    text
      .split(/[,，、;；\n]/)
      .map((word) => word.trim())
      .filter((word) => word !== ""),
  ),
];

const joined = (words: readonly string[] | null | undefined): string => (words ?? []).join(", ");

export function valuesOf({ goods }: Pick<StaffGoodsView, "goods">): GoodsValues {
  const { seenBy, redeemedBy, limits, supplier } = goods;
  return {
    ...{ title: goods.title, subtitle: goods.subtitle, kind: goods.kind, role: goods.role },
    brandId: goods.brandId,
    ...{ categoryId: goods.categoryId, tags: joined(goods.tags), position: goods.position },
    ...{ groundColor: goods.groundColor, pictures: goods.pictures, axes: goods.axes },
    ...{ supplierName: supplier.name, supplierCode: supplier.code },
    ...{ isDropShipped: supplier.isDropShipped, skus: goods.skus },
    ...{ marketPriceFen: goods.marketPriceFen, costFen: goods.costFen },
    freightFen: goods.freightFen === 0 ? null : goods.freightFen,
    ...{ perOrder: limits.perOrder, perDay: limits.perDay, lifetime: limits.lifetime },
    ...{ windowDays: limits.window?.days ?? null, windowUnits: limits.window?.units ?? null },
    ...{ seenTiers: seenBy?.tierIds ?? [], seenSegments: seenBy?.segments ?? [] },
    ...{ seenStores: seenBy?.storeIds ?? [], redeemTiers: redeemedBy?.tierIds ?? [] },
    ...{ redeemSegments: redeemedBy?.segments ?? [], redeemStores: redeemedBy?.storeIds ?? [] },
    description: goods.description,
    ...{ publishAtMs: goods.publishAtMs, withdrawAtMs: goods.withdrawAtMs },
  };
}

function audienceOf(
  tierIds: readonly string[],
  segments: readonly string[],
  stores: readonly string[],
): GoodsDraft["seenBy"] {
  const some = (words: readonly string[]): string[] | null =>
    words.length > 0 ? [...words] : null;
  const audience = {
    tierIds: some(tierIds),
    segments: some(segments),
    storeIds: some(stores),
  };
  return Object.values(audience).every((list) => list === null) ? null : audience;
}

/** `kept`: what the form does not show, such as the freight template. */
export function draftOf(values: GoodsValues, kept: GoodsDraft | null): GoodsDraft {
  const { windowDays: days, windowUnits: units } = values;
  return {
    ...{ title: values.title.trim(), subtitle: values.subtitle.trim() },
    kind: values.kind as GoodsDraft["kind"],
    role: values.role as GoodsDraft["role"],
    brandId: values.brandId,
    ...{ categoryId: values.categoryId, tags: wordsOf(values.tags) },
    ...{ position: values.position ?? 1_000, groundColor: values.groundColor },
    pictures: [...values.pictures],
    supplier: {
      ...{ name: values.supplierName, code: values.supplierCode },
      isDropShipped: values.isDropShipped,
    },
    ...{ axes: values.axes, skus: [...values.skus] },
    ...{ marketPriceFen: values.marketPriceFen, costFen: values.costFen },
    ...{ freightFen: values.freightFen ?? 0, freightTemplateId: kept?.freightTemplateId ?? null },
    limits: {
      ...{ perOrder: values.perOrder ?? 1, perDay: values.perDay, lifetime: values.lifetime },
      window: days !== null && units !== null ? { days, units } : null,
    },
    seenBy: audienceOf(values.seenTiers, values.seenSegments, values.seenStores),
    redeemedBy: audienceOf(values.redeemTiers, values.redeemSegments, values.redeemStores),
    description: values.description.filter(
      (block) =>
        block.text !== "" ||
        block.items.length > 0 ||
        block.facts.length > 0 ||
        block.picture !== null,
    ),
    ...{ publishAtMs: values.publishAtMs, withdrawAtMs: values.withdrawAtMs },
  };
}

/** The rows that the axes make. What stood there for the same values stays, prices and all. */
export function matrixOf(axes: GoodsDraft["axes"], before: readonly Sku[]): Sku[] {
  const full = axes.filter(({ values }) => values.length > 0);
  const rows = full.reduce<string[][]>(
    (all, { values }) => all.flatMap((row) => values.map((value) => [...row, value])),
    [[]],
  );
  const [first = EMPTY_SKU] = before;
  return rows.slice(0, 100).map((values) => {
    const known = before.find((sku) => JSON.stringify(sku.values) === JSON.stringify(values));
    if (known) return known;
    const { pricePoints, priceFen, lowStockUnits } = first;
    return { ...EMPTY_SKU, values, pricePoints, priceFen, lowStockUnits };
  });
}

/** Puts an entry of a list at another place. */
export function movedTo<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  if (to < 0 || to >= list.length || from === to) return next;
  const [entry] = next.splice(from, 1);
  if (entry !== undefined) next.splice(to, 0, entry);
  return next;
}

/** Where the server's errors stand in the form. */
export function formPath(path: string): string {
  const inside = path.replace(/^goods\./, "");
  const names: readonly [RegExp, string][] = [
    [/^limits\.window(?:\..*)?$/, "windowDays"],
    [/^limits\./, ""],
    [/^supplier\.name$/, "supplierName"],
    [/^supplier\.code$/, "supplierCode"],
    [/^seenBy(?:\..*)?$/, "seenSegments"],
    [/^redeemedBy(?:\..*)?$/, "redeemSegments"],
  ];
  const found = names.find(([pattern]) => pattern.test(inside));
  return found ? inside.replace(found[0], found[1]) : inside;
}
