import type { Locale } from "../../worker/pages/page-data.ts";
import { birthdayEn } from "./birthday.en.ts";
import { birthdayZhCN, type BirthdayText } from "./birthday.zh-CN.ts";

export function birthdayText(locale: Locale): BirthdayText {
  return locale === "en" ? birthdayEn : birthdayZhCN;
}
