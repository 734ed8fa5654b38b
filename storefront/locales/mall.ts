import type { Locale } from "../../worker/pages/page-data.ts";
import { mallEn } from "./mall.en.ts";
import { mallZhCN, type MallText } from "./mall.zh-CN.ts";

export function mallText(locale: Locale): MallText {
  return locale === "en" ? mallEn : mallZhCN;
}
