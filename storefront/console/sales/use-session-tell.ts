/** What differs between two versions of a session: its goods by their names, their figures by their fields. */
import type { SaleView } from "../../../worker/redemption/wire.ts";
import { useWords, yuanOf, type Tell } from "../kit/index.ts";
import type { ItemValues } from "./session-values.ts";
import { SALES } from "./words.ts";

export function useSessionTell(goods: ReadonlyMap<string, SaleView>): Tell {
  const words = useWords(SALES);
  const fields: Readonly<Partial<Record<keyof ItemValues, string>>> = {
    ...{
      skuId: words.sectionItem,
      pricePoints: words.price,
      priceFen: words.cash,
      units: words.units,
    },
    ...{ limitPerMember: words.limit, quantityMax: words.perOrder, dailyUnits: words.quota },
    ...{ dailyLimitPerMember: words.daily, waveIntervalMs: words.wave, doors: words.doors },
  };
  const titleOf = (skuId: unknown): string => goods.get(String(skuId))?.title ?? String(skuId);
  return {
    label: (path) => {
      const [list, place, name] = path.split(".");
      if (list !== "items" || place === undefined) return null;
      const field = fields[name as keyof ItemValues];
      return [
        words.sectionItem,
        Number(place) + 1,
        ...(field && name !== "skuId" ? [field] : []),
      ].join(" · ");
    },
    text: (path, value) => {
      if (typeof value === "object" && value !== null && "skuId" in value)
        return titleOf(value.skuId);
      if (path.endsWith(".skuId")) return value === undefined ? null : titleOf(value);
      if (typeof value !== "number") return null;
      if (path.endsWith("Fen")) return `¥${yuanOf(value)}`;
      return path.endsWith("waveIntervalMs") ? `${value / 1_000} ${words.seconds}` : null;
    },
  };
}
