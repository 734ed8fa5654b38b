import type { Locale } from "../../worker/pages/page-data.ts";
import { pointsEn } from "./points.en.ts";
import { pointsZhCN, type PointsText } from "./points.zh-CN.ts";

export function pointsText(locale: Locale): PointsText {
  return locale === "en" ? pointsEn : pointsZhCN;
}
