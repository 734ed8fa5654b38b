import type { Locale } from "../../worker/pages/page-data.ts";
import { verifyEn } from "./verify.en.ts";
import { verifyZhCN, type VerifyText } from "./verify.zh-CN.ts";

export function verifyText(locale: Locale): VerifyText {
  return locale === "en" ? verifyEn : verifyZhCN;
}
