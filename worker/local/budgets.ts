/** What each page of members weighs, and whether the oldest engine of the target can read it. Read from the build itself. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { builtScripts, reached, reachedLater, stemOf } from "./built-scripts.ts";

const KB = 1_024;
/** The pages that a link in a chat opens are the lightest. */
const LIGHT = new Set(["home", "sale"]);
const LIGHT_BYTES_MAX = 40 * KB;
const PAGE_BYTES_MAX = 60 * KB;

export interface Budget {
  readonly name: string;
  readonly bytes: number;
  readonly bytesMax: number;
}

/** Fetched by pages that have them: parts of an order, of a voucher, of a picture to share. */
const PARTS = new Set(["start-delivery", "start-delivery-base", "start-qr"]);
/** Asked for by the entry where they are of use, whatever the page. */
const ANYWHERE = ["wechat", "embed", "offline"];

/**
 * Two budgets a page. At once: the entry, the page's own script with all it imports, and the second language. In all: with
 * everything that a tap on it may bring. The sale's own parts are in the entry, and the body that it fetches after the button lives.
 */
export function pageBudgets(assets: string): Budget[] {
  const codes = builtScripts(assets);
  const bytesOf = (files: ReadonlySet<string>): number =>
    [...files].reduce((sum, file) => sum + gzipSync(codes.get(file) ?? "").length, 0);
  const pages = [...new Set([...codes.keys()].map(stemOf))]
    .filter((stem) => /^(?:start-|other-pages)/.test(stem) && !PARTS.has(stem))
    .sort();
  const budgetsOf = (name: string, stems: readonly string[], more: readonly string[]): Budget[] => {
    const atOnce = reached(codes, ["entry", "en", ...stems]);
    const later = reachedLater(
      codes,
      reached(codes, ["entry", "en", ...stems, ...more, ...ANYWHERE]),
    );
    const bytesMax = LIGHT.has(name) ? LIGHT_BYTES_MAX : PAGE_BYTES_MAX;
    return [
      { name, bytes: bytesOf(atOnce), bytesMax },
      { name: `${name}, in all`, bytes: bytesOf(later), bytesMax: PAGE_BYTES_MAX },
    ];
  };
  return [
    ...budgetsOf("sale", ["sale-body", "share"], ["share-sale"]),
    ...pages.flatMap((stem) => budgetsOf(stem.replace("start-", ""), [stem], [])),
  ];
}

/** Newer than es2020, Chrome 87 or Safari 14: what the bundler does not lower, and what nobody polyfills. */
const TOO_NEW: Readonly<Record<string, RegExp>> = {
  "logical assignment": /(?:\?\?|\|\||&&)=/,
  "private name": /this\.#\w/,
  "static block": /\bstatic\s*\{/,
  "numeric separator": /\b\d+_\d/,
  "array.at": /\.at\(-/,
  "findLast, toSorted, toSpliced, with":
    /\.(?:findLast|findLastIndex|toSorted|toReversed|toSpliced)\(/,
  "Object.hasOwn, groupBy": /\bObject\.(?:hasOwn|groupBy)\b/,
  structuredClone: /\bstructuredClone\(/,
  "crypto.randomUUID": /\brandomUUID\b/,
  "AbortSignal.timeout, any": /\bAbortSignal\.(?:timeout|any)\b/,
  "URL.canParse": /\bURL\.canParse\b/,
  "regular expression flags d, v": /\/[gimsuy]*[dv][gimsuy]*\.(?:test|exec)\(/,
};
const TOO_NEW_CSS: Readonly<Record<string, RegExp>> = {
  "aspect-ratio": /[;{]\s*aspect-ratio\s*:/,
  inset: /[;{]\s*inset\s*:/,
  ":has": /:has\(/,
  dvh: /\d(?:dvh|svh|lvh)\b/,
  "color-mix, oklch, light-dark": /(?:color-mix|oklch|light-dark)\(/,
  "flex gap": /display:\s*(?:inline-)?flex[^}]*[;\s]gap\s*:/,
};

/** Strings are words, not syntax. */
const bare = (code: string): string =>
  code.replaceAll(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, '""');

function findingsIn(file: string, text: string, rules: Readonly<Record<string, RegExp>>): string[] {
  return Object.entries(rules)
    .filter(([, pattern]) => pattern.test(text))
    .map(([name]) => `${file}: ${name}`);
}

/** What the oldest engine would stumble over, as `file: what`; empty is good. */
export function tooNew(clientDir: string): string[] {
  const assets = join(clientDir, "assets");
  const scripts = readdirSync(assets).filter((file) => file.endsWith(".js"));
  const shell = readFileSync(join(clientDir, "shell.html"), "utf8");
  const sheets = [...shell.matchAll(/<style>([\s\S]*?)<\/style>/g)].map((match) => match[1] ?? "");
  return [
    ...scripts.flatMap((file) =>
      findingsIn(file, bare(readFileSync(join(assets, file), "utf8")), TOO_NEW),
    ),
    // The service worker is no asset, and runs in the same engines.
    ...findingsIn("sw.js", bare(readFileSync(join(clientDir, "sw.js"), "utf8")), TOO_NEW),
    ...findingsIn("shell.html", sheets.join("\n"), TOO_NEW_CSS),
  ];
}
