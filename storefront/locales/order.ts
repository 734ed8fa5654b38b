import type { Locale } from "../../worker/pages/page-data.ts";
import { orderEn } from "./order.en.ts";
import { orderZhCN, type OrderText } from "./order.zh-CN.ts";

export function orderText(locale: Locale): OrderText {
  return locale === "en" ? orderEn : orderZhCN;
}
