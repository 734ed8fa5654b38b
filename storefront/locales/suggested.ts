import type { Locale } from "../../worker/pages/page-data.ts";
import { suggestedEn } from "./suggested.en.ts";
import { suggestedZhCN, type SuggestedText } from "./suggested.zh-CN.ts";

export function suggestedText(locale: Locale): SuggestedText {
  return locale === "en" ? suggestedEn : suggestedZhCN;
}
