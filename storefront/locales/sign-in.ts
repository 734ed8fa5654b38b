import type { Locale } from "../../worker/pages/page-data.ts";
import { signInEn } from "./sign-in.en.ts";
import { signInZhCN, type SignInText } from "./sign-in.zh-CN.ts";

export function signInText(locale: Locale): SignInText {
  return locale === "en" ? signInEn : signInZhCN;
}
