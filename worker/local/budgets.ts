/** What each page of members weighs, read from the build itself. */
import { gzipSync } from "node:zlib";
import { builtScripts, reached, reachedLater, stemOf } from "./built-scripts.ts";

const KB = 1_024;
/** The pages that a link in a chat opens are the lightest. */
const LIGHT = new Set(["home", "sale"]);
const LIGHT_BYTES_MAX = 40 * KB;
const PAGE_BYTES_MAX = 60 * KB;
/** What DESIGN of the storefront gives the sale page until a tap on its button counts. */
const BUTTON_BYTES_MAX = 22 * KB;

export interface Budget {
  readonly name: string;
  readonly bytes: number;
  readonly bytesMax: number;
}

/** Fetched by pages that have them: parts of an order, of a voucher, of a picture to share. */
const PARTS = new Set(["start-delivery-base", "start-qr"]);
/** Asked for by the entry where they are of use, whatever the page. */
const ANYWHERE = ["wechat", "embed", "offline"];

/**
 * Two budgets a page. At once: the entry, the page's own script with all it imports, and the second language. In all: with
 * everything that a tap on it may bring. The sale page has an entry of its own, and fetches its body after the button lives.
 */
export function pageBudgets(assets: string): Budget[] {
  const codes = builtScripts(assets);
  const bytesOf = (files: ReadonlySet<string>): number =>
    [...files].reduce((sum, file) => sum + gzipSync(codes.get(file) ?? "").length, 0);
  const pages = [...new Set([...codes.keys()].map(stemOf))]
    .filter((stem) => /^(?:start-|other-pages)/.test(stem) && !PARTS.has(stem))
    .sort();
  const budgetsOf = (name: string, stems: readonly string[], more: readonly string[]): Budget[] => {
    const atOnce = reached(codes, ["en", ...stems]);
    const later = reachedLater(codes, reached(codes, ["en", ...stems, ...more, ...ANYWHERE]));
    const bytesMax = LIGHT.has(name) ? LIGHT_BYTES_MAX : PAGE_BYTES_MAX;
    return [
      { name, bytes: bytesOf(atOnce), bytesMax },
      { name: `${name}, in all`, bytes: bytesOf(later), bytesMax: PAGE_BYTES_MAX },
    ];
  };
  return [
    {
      name: "sale, before its button lives",
      bytes: bytesOf(reached(codes, ["sale"])),
      bytesMax: BUTTON_BYTES_MAX,
    },
    ...budgetsOf("sale", ["sale", "sale-body", "share"], ["share-sale"]),
    ...pages.flatMap((stem) => budgetsOf(stem.replace("start-", ""), ["entry", stem], [])),
  ];
}
