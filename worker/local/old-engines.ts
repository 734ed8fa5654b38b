/** Whether the oldest engines of the target can read and run the pages: es2020, Chrome 87, Safari 14. Read from the build itself. */
import { globSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync, Visitor } from "vite";

export type Rules = Readonly<Record<string, RegExp>>;

/** What the bundler does not lower, and what nobody polyfills. A use behind `?.` is one that goes without. */
export const TOO_NEW: Rules = {
  "logical assignment": /(?:\?\?|\|\||&&)=/,
  "private name": /this\.#\w/,
  "static block": /\bstatic\s*\{/,
  "numeric separator": /\b\d+_\d/,
  "await outside of a function": /^(?:import[^;]*;)*(?:await|var [\w$]+=await)\b/,
  "regular expression looking behind": /\(\?<[=!]/,
  "regular expression flags d, v": /\/[gimsuy]*[dv][gimsuy]*\.(?:test|exec)\(/,
  // Not what a minifier may call a function of ours: `...at(`.
  "array.at": /[^.]\.at\(/,
  "findLast, toSorted, toSpliced, with":
    /\.(?:findLast|findLastIndex|toSorted|toReversed|toSpliced|with)\(/,
  "sets as operands": /\.(?:isSubsetOf|isSupersetOf|symmetricDifference|isDisjointFrom)\(/,
  "iterator helpers":
    /\.(?:values|keys|entries)\(\)\.(?:map|filter|take|drop|toArray|find|some|every)\(/,
  "Object.hasOwn, groupBy":
    /\b(?:Object\.(?:hasOwn|groupBy)|Map\.groupBy|Array\.fromAsync|Promise\.withResolvers|Promise\.try)\b/,
  "WeakRef, FinalizationRegistry": /\b(?:WeakRef|FinalizationRegistry)\b/,
  structuredClone: /\bstructuredClone\(/,
  "crypto.randomUUID": /\brandomUUID\b/,
  "AbortSignal.abort, timeout, any": /\bAbortSignal\.(?:abort|timeout|any)\b|\.throwIfAborted\(/,
  "a listener's signal": /addEventListener\([^()]*\{[^{}]*\bsignal\b/,
  "URL.canParse": /\bURL\.(?:canParse|parse)\b/,
  "Intl beyond dates and numbers":
    /\bIntl\.(?:ListFormat|DisplayNames|Segmenter|DurationFormat)\b|\b(?:dateStyle|timeStyle)\b/,
  requestIdleCallback: /\brequestIdleCallback\(/,
  BroadcastChannel: /\bBroadcastChannel\b/,
  "navigator.locks, wakeLock, vibrate, storage":
    /\bnavigator\.(?:locks|wakeLock|vibrate|storage|permissions)[.(]/,
  "reportError, Response.json": /\breportError\(|\bResponse\.json\(/,
  "dialog, popover": /\.(?:showModal|showPopover|togglePopover)\(/,
  "form.requestSubmit, event.submitter": /\.requestSubmit\(|\.submitter\b/,
  "canvas: roundRect, letterSpacing, filter": /\.roundRect\(|\.letterSpacing\s*=/,
  "createImageBitmap, OffscreenCanvas": /\b(?:createImageBitmap|OffscreenCanvas)\b/,
  "CompressionStream, TransformStream":
    /\b(?:De)?[cC]ompressionStream\b|\b(?:Transform|TextDecoder|TextEncoder)Stream\b/,
  "view transitions": /\.startViewTransition\(/,
  "showPicker, navigation, scheduler, URLPattern":
    /\.showPicker\(|\bnavigation\.|\bscheduler\.(?:yield|postTask)|\bURLPattern\b/,
  "navigator.userAgentData, canShare": /\bnavigator\.(?:userAgentData|canShare)[.(]/,
  "Element.checkVisibility, setHTML": /\.(?:checkVisibility|setHTML)\(/,
};

/** What these engines drop, with the rule around it where it is a selector. What is only an ornament may be newer. */
export const TOO_NEW_CSS: Rules = {
  "aspect-ratio": /[;{]\s*aspect-ratio\s*:/,
  inset: /[;{]\s*inset(?:-(?:inline|block))?\s*:/,
  "margin, padding by inline or block": /[;{]\s*(?:margin|padding)-(?:inline|block)\s*:/,
  ":has, :is, :where": /:(?:has|is|where)\(/,
  ":not of a list": /:not\([^()]*,/,
  ":focus-visible, but to take a ring away": /(?<!:not\():focus-visible/,
  "dvh, container units": /\d(?:dvh|svh|lvh|dvw|cqw|cqh|cqi|rlh|lh)\b/,
  "color-mix, oklch, light-dark": /(?:color-mix|oklch|oklab|light-dark|color)\(/,
  "@layer, @container, @scope, @property": /@(?:layer|container|scope|property|starting-style)\b/,
  "flex gap": /display:\s*(?:inline-)?flex[^}]*[;\s]gap\s*:/,
  "rotate, scale, translate of their own": /[;{]\s*(?:rotate|scale|translate)\s*:/,
  "media queries with a range": /@media[^{]*[<>]=?/,
  "appearance without its prefix": /\{(?![^}]*-webkit-appearance)[^}]*[;{\s]appearance\s*:/,
  "mask without its prefix": /\{(?![^}]*-webkit-mask)[^}]*[;{\s]mask(?:-image)?\s*:/,
  "backdrop-filter without its prefix": /\{(?![^}]*-webkit-backdrop)[^}]*[;{\s]backdrop-filter\s*:/,
  "user-select without its prefix": /\{(?![^}]*-webkit-user-select)[^}]*[;{\s]user-select\s*:/,
  "clipped or printed without its prefix":
    /\{(?![^}]*-webkit-(?:background-clip|print-color))[^}]*[;{\s](?:background-clip\s*:\s*text|print-color-adjust\s*:)/,
  "overflow: clip": /overflow(?:-[xy])?\s*:\s*clip\b/,
  subgrid: /\bsubgrid\b/,
  nesting: /\{[^{}]*&[^{}]*\{/,
};

/** Words are no syntax: strings of all three kinds are emptied, as a parser finds them, since an apostrophe in a template begins none. */
export function bare(code: string): string {
  const { program, errors } = parseSync("built.js", code);
  if (errors.length > 0) throw new Error(`unreadable: ${errors[0]?.message}`);
  const words: { readonly from: number; readonly to: number }[] = [];
  new Visitor({
    Literal: ({ value, start, end }) => {
      if (typeof value === "string") words.push({ from: start + 1, to: end - 1 });
    },
    TemplateElement: ({ start, end }) => void words.push({ from: start, to: end }),
  }).visit(program);
  const kept: string[] = [];
  let at = 0;
  for (const { from, to } of words.toSorted((a, b) => a.from - b.from)) {
    kept.push(code.slice(at, from));
    at = to;
  }
  return [...kept, code.slice(at)].join("");
}
const withoutComments = (css: string): string => css.replaceAll(/\/\*[\s\S]*?\*\//g, "");

export function findingsIn(file: string, text: string, rules: Rules): string[] {
  return Object.entries(rules)
    .filter(([, pattern]) => pattern.test(text))
    .map(([name]) => `${file}: ${name}`);
}

/** Sheets of single pages are text in the renderer, so they are read where they are written. */
function pageSheets(root: string): string[] {
  return globSync("storefront/{ui,member}/**/*.css", { cwd: root });
}

/** What the oldest engine would stumble over, as `file: what`; empty is good. */
export function tooNew(root: string): string[] {
  const client = join(root, "dist/client");
  const assets = join(client, "assets");
  const scripts = readdirSync(assets).filter((file) => file.endsWith(".js"));
  const read = (...path: string[]): string => readFileSync(join(...path), "utf8");
  const inlined = (file: string): string =>
    [...read(client, file).matchAll(/<style>([\s\S]*?)<\/style>/g)]
      .map(([, css]) => css)
      .join("\n");
  return [
    ...scripts.flatMap((file) => findingsIn(file, bare(read(assets, file)), TOO_NEW)),
    // The service worker and what a merchant's page loads are no assets, and run in the same engines.
    ...["sw.js", "embed.js"].flatMap((file) => findingsIn(file, bare(read(client, file)), TOO_NEW)),
    ...["shell.html", "sale-shell.html"].flatMap((file) =>
      findingsIn(file, inlined(file), TOO_NEW_CSS),
    ),
    ...pageSheets(root).flatMap((file) =>
      findingsIn(file, withoutComments(read(root, file)), TOO_NEW_CSS),
    ),
  ];
}
