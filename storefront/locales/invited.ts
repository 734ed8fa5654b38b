import type { Locale } from "../../worker/pages/page-data.ts";
import { invitedEn } from "./invited.en.ts";
import { invitedZhCN, type InvitedText } from "./invited.zh-CN.ts";

export function invitedText(locale: Locale): InvitedText {
  return locale === "en" ? invitedEn : invitedZhCN;
}
