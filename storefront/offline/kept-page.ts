/** Pages kept on a device for hours without a network: which, whose, and how they say that they are old. Pure. */
import type { ConsoleStart } from "../../worker/console/wire.ts";
import type { PageData } from "../../worker/pages/page-data.ts";
import { offlineEn } from "../locales/offline.en.ts";
import { offlineZhCN } from "../locales/offline.zh-CN.ts";
import { DAY_MS, HOUR_MS } from "../client/durations.ts";

/** Names of caches; the client clears the first one when a member signs out. */
export const PAGES_CACHE = "qd-pages";
export const DESK_CACHE = "qd-desk";
export const ASSETS_CACHE = "qd-assets-";
export const DESK_ASSETS_CACHE = "qd-desk-assets";

/** Where pages of one kind are kept, and for how long: what is older is no last known state any more. */
export interface Shelf {
  readonly cache: string;
  readonly ageMaxMs: number;
  readonly pagesMax: number;
  readonly ownerOf: (html: string) => PageOwner;
}

const PAGES: Shelf = {
  ...{ cache: PAGES_CACHE, ageMaxMs: 7 * DAY_MS, pagesMax: 24 },
  ownerOf: (html) => ownerOf(html),
};
/** The desk of a store, for as long as a clerk stands at it. */
const DESK: Shelf = {
  ...{ cache: DESK_CACHE, ageMaxMs: 12 * HOUR_MS, pagesMax: 1 },
  ownerOf: (html) => clerkOf(html),
};

/** Null: a page that is never shown from the device. */
export function shelfOf(pathname: string): Shelf | null {
  if (isKept(pathname)) return PAGES;
  return isDesk(pathname) ? DESK : null;
}

/** Vouchers fetched ahead, of those that a kept list offers. */
export const VOUCHERS_MAX = 5;

/** The last known state of these is worth showing. A sale's never is. */
export function isKept(pathname: string): boolean {
  return /^\/(?:points|me|orders(?:\/[^/]+)?|vouchers\/[^/]+)?$/.test(pathname);
}

/** Of the console one page is kept: a store's network is down just when people stand at its counter. */
export const isDesk = (pathname: string): boolean => pathname === "/console/write-off";

/** What somebody stands and waits for: it is shown as it was when the network is nearly gone. */
export const isWaitedFor = (pathname: string): boolean =>
  isDesk(pathname) || pathname.startsWith("/vouchers/");

/** Acts after which the phone may be another member's. */
export function changesMember(method: string, pathname: string): boolean {
  return (
    pathname.startsWith("/api/v1/sign-in") ||
    pathname.startsWith("/api/v1/dev/login") ||
    (method === "DELETE" && /^\/api\/v1\/(?:session|me)\b/.test(pathname))
  );
}

/** Acts after which the desk may be another clerk's. */
export function changesClerk(method: string, pathname: string): boolean {
  if (pathname.startsWith("/api/v1/dev/login")) return true;
  return (
    method !== "GET" &&
    /^\/api\/v1\/(?:session$|staff-auth\/|staff\/me\/(?:sign-out|programme)$)/.test(pathname)
  );
}

/** In the note itself: no other page carries its style. */
const NOTE_STYLE =
  "padding:8px 16px;text-align:center;font-size:var(--t-small);line-height:var(--lh-small);background:var(--warn-tint);color:var(--warn-text)";

/** What a page says once, a kept one has said. */
const ONCE = /<p [^>]*data-once[^>]*>[\s\S]*?<\/p>/;

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

export interface PageOwner {
  /** Null: nobody's. */
  readonly owner: string | null;
  readonly isKeepable: boolean;
}

/** Whose page this is. */
export function ownerOf(html: string): PageOwner {
  const data = dataOf(html);
  const owner = data?.me?.memberId ?? null;
  return { owner, isKeepable: owner !== null && data?.page !== "problem" && !data?.isPreview };
}

const START = /<script type="application\/json" id="console-data">([\s\S]*?)<\/script>/;

/** Which clerk's desk this is: of one programme, and only while they may write off. */
export function clerkOf(html: string): PageOwner {
  const json = START.exec(html)?.[1];
  const { me } = json === undefined ? { me: null } : (JSON.parse(json) as ConsoleStart);
  if (me === null) return { owner: null, isKeepable: false };
  const isKeepable = me.permissions.includes("orders.write_off") && !me.needsSecondStep;
  return { owner: `${me.programmeId}/${me.staffId}`, isKeepable };
}

/** Scripts and styles that a page of the console names. */
export const consoleAssetsIn = (html: string): string[] => [
  ...new Set([...html.matchAll(/"(\/assets\/console\/[^"]+)"/g)].map((match) => match[1] ?? "")),
];

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
  const isEnglish = data ? data.locale === "en" : html.includes('<html lang="en"');
  const words = isEnglish ? offlineEn : offlineZhCN;
  // The phone's clock may be an hour wrong; how much later it is now, it knows.
  const asOfMs = data?.serverTimeMs ?? savedAtMs;
  const note = `<p role="status" data-saved-note style="${NOTE_STYLE}">${words.saved(asOfMs, asOfMs + ageMs)}</p>`;
  // Functions as replacements: a `$` in a member's name must stay a `$`.
  return html
    .replace("<html ", () => `<html data-saved-at="${savedAtMs}" `)
    .replace(ONCE, "")
    .replace("<body>", () => `<body>${note}`)
    .replace(DATA, (_all, open: string, json: string, close: string) => {
      if (data === null) return `${open}${json}${close}`;
      const aged = { ...data, serverTimeMs: data.serverTimeMs + ageMs };
      return `${open}${JSON.stringify(aged).replaceAll("<", "\\u003c")}${close}`;
    });
}
