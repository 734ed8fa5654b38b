import type { Locale } from "../../worker/pages/page-data.ts";
import { posterEn } from "./poster.en.ts";
import { posterZhCN, type PosterText } from "./poster.zh-CN.ts";

export type { PosterText };

export function posterText(locale: Locale): PosterText {
  return locale === "en" ? posterEn : posterZhCN;
}
