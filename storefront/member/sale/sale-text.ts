import { saleText } from "../../locales/sale.ts";
import type { SaleText } from "../../locales/sale.zh-CN.ts";
import type { Text } from "../../locales/zh-CN.ts";
import { useText } from "../../ui/text.tsx";

const merged = new Map<Text, Text & SaleText>();

/** Core words and sale words together; merged once per language. */
export function useSaleText(): Text & SaleText {
  const text = useText();
  let words = merged.get(text);
  if (words === undefined) merged.set(text, (words = saleText(text)));
  return words;
}
