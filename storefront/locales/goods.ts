import type { Locale } from "../../worker/pages/page-data.ts";
import { goodsEn } from "./goods.en.ts";
import { goodsZhCN, type GoodsText } from "./goods.zh-CN.ts";

export type { GoodsText };

export function goodsText(locale: Locale): GoodsText {
  return locale === "en" ? goodsEn : goodsZhCN;
}
