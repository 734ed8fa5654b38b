/** Pages kept on the phone for hours without a network: which, whose, and how they say that they are old. Pure. */
import type { PageData } from "../../worker/pages/page-data.ts";
import { offlineEn } from "../locales/offline.en.ts";
import { offlineZhCN } from "../locales/offline.zh-CN.ts";

/** Names of caches; the client clears the first one when a member signs out. */
export const PAGES_CACHE = "qd-pages";
export const ASSETS_CACHE = "qd-assets-";

/** A week: what is older is no last known state any more. */
export const AGE_MAX_MS = 7 * 86_400_000;
export const PAGES_MAX = 24;
/** Vouchers fetched ahead, of those that a kept list offers. */
export const VOUCHERS_MAX = 5;

/** The last known state of these is worth showing. A sale's never is. */
export function isKept(pathname: string): boolean {
  return /^\/(?:points|me|orders(?:\/[^/]+)?|vouchers\/[^/]+)?$/.test(pathname);
}

/** Acts after which the phone may be another member's. */
export function changesMember(method: string, pathname: string): boolean {
  return (
    pathname.startsWith("/api/v1/sign-in") ||
    pathname.startsWith("/api/v1/dev/login") ||
    (method === "DELETE" && /^\/api\/v1\/(?:session|me)\b/.test(pathname))
  );
}

/** In the note itself: no other page carries its style. */
const NOTE_STYLE =
  "padding:8px 16px;text-align:center;font-size:var(--t-small);line-height:var(--lh-small);background:var(--warn-tint);color:var(--warn-text)";

const DATA = /(<script type="application\/json" id="page-data">)([\s\S]*?)(<\/script>)/;

/** The data a page came with; null: it is no page of ours. */
export function dataOf(html: string): PageData | null {
  const json = DATA.exec(html)?.[2];
  if (json === undefined) return null;
  try {
    return JSON.parse(json) as PageData;
  } catch {
    return null;
  }
}

/** Whose page this is; null: nobody's, or one that is not kept. */
export function ownerOf(html: string): { owner: string | null; isKeepable: boolean } {
  const data = dataOf(html);
  const owner = data?.me?.memberId ?? null;
  return { owner, isKeepable: owner !== null && data?.page !== "problem" && !data?.isPreview };
}

/** Links of a kept page that lead to vouchers. */
export function vouchersIn(html: string): string[] {
  const found = [...html.matchAll(/href="(\/vouchers\/[^"?#]+)"/g)].map((match) => match[1] ?? "");
  return [...new Set(found)].slice(0, VOUCHERS_MAX);
}

/**
 * The page as it is shown later: it says of when it is, and its clock has gone on, so that countdowns end at their hour and
 * the codes of a voucher are those of this minute.
 */
export function asSaved(html: string, savedAtMs: number, nowMs: number): string {
  const ageMs = Math.max(0, nowMs - savedAtMs);
  const data = dataOf(html);
  const words = data?.locale === "en" ? offlineEn : offlineZhCN;
  const note = `<p role="status" style="${NOTE_STYLE}">${words.saved(savedAtMs, nowMs)}</p>`;
  // Functions as replacements: a `$` in a member's name must stay a `$`.
  return html
    .replace("<html ", () => `<html data-saved-at="${savedAtMs}" `)
    .replace("<body>", () => `<body>${note}`)
    .replace(DATA, (_all, open: string, json: string, close: string) => {
      if (data === null) return `${open}${json}${close}`;
      const aged = { ...data, serverTimeMs: data.serverTimeMs + ageMs };
      return `${open}${JSON.stringify(aged).replaceAll("<", "\\u003c")}${close}`;
    });
}
