import type { Text } from "./zh-CN.ts";
import { saleEn } from "./sale.en.ts";
import { saleZhCN, type SaleText } from "./sale.zh-CN.ts";

/** The core words and the sale page's own, in the language of the core. */
export function saleText(text: Text): Text & SaleText {
  return { ...text, ...(text.locale === "en" ? saleEn : saleZhCN) };
}
