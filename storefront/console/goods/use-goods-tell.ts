/** What differs between two versions of goods, also on tabs that nobody opened. */
import type { StaffCategoriesView } from "../../../worker/catalog/wire.ts";
import { momentOf, useNames, useWords, yuanOf, type Tell } from "../kit/index.ts";
import type { GoodsValues, Sku } from "./editor-model.ts";
import { EDITOR } from "./editor-words.ts";
import { useBrands } from "./use-brands.ts";
import { GOODS } from "./words.ts";

export function useGoodsTell(tree: StaffCategoriesView | null): Tell {
  const words = useWords(EDITOR);
  const goods = useWords(GOODS);
  const names = useNames();
  const brands = useBrands();
  const { seen, redeemed } = words;
  const fields: Readonly<Record<keyof GoodsValues, string>> = {
    ...{ title: words.name, subtitle: words.subtitle, kind: words.kind, role: words.role },
    ...{ categoryId: words.category, brandId: words.brand, tags: words.tags },
    ...{ position: words.position, groundColor: words.groundColor, pictures: words.pictures },
    ...{ supplierName: words.supplierName, supplierCode: words.supplierCode },
    ...{ isDropShipped: words.isDropShipped, axes: words.axes, skus: words.sku },
    ...{ marketPriceFen: words.market, costFen: words.cost, freightFen: words.freight },
    ...{ perOrder: words.perOrder, perDay: words.perDay, lifetime: words.lifetime },
    ...{ windowDays: words.windowDays, windowUnits: words.windowUnits },
    ...{ seenTiers: `${seen} · ${words.tiers}`, seenSegments: `${seen} · ${words.segments}` },
    ...{ seenStores: `${seen} · ${words.storeIds}`, redeemTiers: `${redeemed} · ${words.tiers}` },
    redeemSegments: `${redeemed} · ${words.segments}`,
    redeemStores: `${redeemed} · ${words.storeIds}`,
    ...{ description: words.tabs.about, publishAtMs: words.publishAtMs },
    withdrawAtMs: words.withdrawAtMs,
  };
  const ofSku: Readonly<Partial<Record<keyof Sku, string>>> = {
    ...{ pricePoints: words.points, priceFen: words.cash, code: words.code },
    ...{ lowStockUnits: words.low, picture: words.pictures, values: words.axisValues },
  };
  const label = (path: string): string | null => {
    const [name = "", place, part] = path.split(".");
    const own = fields[name as keyof GoodsValues];
    if (own === undefined) return null;
    const inside = name === "skus" ? ofSku[part as keyof Sku] : undefined;
    return [own, place === undefined ? "" : Number(place) + 1, inside ?? ""]
      .filter((one) => one !== "")
      .join(" · ");
  };
  const named: Readonly<Record<string, (id: string) => string>> = {
    kind: (id) => goods.kinds[id as keyof typeof goods.kinds] ?? id,
    role: (id) => goods.roles[id as keyof typeof goods.roles] ?? id,
    brandId: (id) => brands.find(({ value }) => value === id)?.title ?? id,
    categoryId: (id) => tree?.categories.find((one) => one.categoryId === id)?.name ?? id,
  };
  const text = (path: string, value: unknown): string | null => {
    const [name = ""] = path.split(".");
    if (typeof value === "string") return named[name]?.(value) ?? null;
    if (typeof value === "number" && path.endsWith("Fen")) return `¥${yuanOf(value)}`;
    if (typeof value === "number" && path.endsWith("Ms")) return momentOf(value);
    if (!Array.isArray(value)) return null;
    const ids = value as readonly string[];
    if (name.endsWith("Tiers")) return ids.map(names.tier).join(" · ") || null;
    if (name.endsWith("Stores")) return ids.map(names.store).join(" · ") || null;
    return null;
  };
  return { label, text };
}
