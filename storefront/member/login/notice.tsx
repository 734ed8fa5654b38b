import type { JSX } from "preact";
import { mallText } from "../../locales/mall.ts";
import { RichText } from "../home/blocks.tsx";
import type { LoginData } from "./dev-login.tsx";

/** The privacy notice whole: the merchant's own words, or those that come with the mall. */
export function Notice({ data }: { data: LoginData }): JSX.Element {
  const { paragraphs } = data.notice;
  return paragraphs.length > 0 ? (
    <RichText paragraphs={paragraphs} />
  ) : (
    <p class="small sec">{mallText(data.locale).help.privacyDefault}</p>
  );
}
