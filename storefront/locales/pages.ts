import type { Locale } from "../../worker/pages/page-data.ts";
import { pagesEn } from "./pages.en.ts";
import { pagesZhCN, type PagesText } from "./pages.zh-CN.ts";

export function pagesText(locale: Locale): PagesText {
  return locale === "en" ? pagesEn : pagesZhCN;
}
