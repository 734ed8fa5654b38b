import type { Locale } from "../../worker/pages/page-data.ts";
import { deliveryEn } from "./delivery.en.ts";
import { deliveryZhCN, type DeliveryText } from "./delivery.zh-CN.ts";

export function deliveryText(locale: Locale): DeliveryText {
  return locale === "en" ? deliveryEn : deliveryZhCN;
}
