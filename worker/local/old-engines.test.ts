import { describe, expect, it } from "vitest";
import { bare, findingsIn, TOO_NEW, TOO_NEW_CSS } from "./old-engines.ts";

/** What somebody could write tomorrow, by the rule that must find it. */
const NEWER: Readonly<Record<string, string>> = {
  "logical assignment": "a??=b",
  "private name": "this.#door=1",
  "static block": "class A{static {b()}}",
  "numeric separator": "let a=1_000",
  "await outside of a function": `import{a}from"";await a();`,
  "regular expression looking behind": "/(?<=a)b/",
  "regular expression flags d, v": "/a/v.test(b)",
  "array.at": "a.at(b)",
  "findLast, toSorted, toSpliced, with": "a.toSorted()",
  "sets as operands": "a.isSubsetOf(b)",
  "iterator helpers": "a.values().map(b)",
  "Object.hasOwn, groupBy": "Object.groupBy(a,b)",
  "WeakRef, FinalizationRegistry": "new WeakRef(a)",
  structuredClone: "structuredClone(a)",
  "crypto.randomUUID": "crypto.randomUUID()",
  "AbortSignal.abort, timeout, any": "AbortSignal.any(a)",
  "a listener's signal": `a.addEventListener("",b,{signal:c})`,
  "URL.canParse": "URL.canParse(a)",
  "Intl beyond dates and numbers": `new Intl.DateTimeFormat("",{dateStyle:""})`,
  requestIdleCallback: "requestIdleCallback(a)",
  BroadcastChannel: "new BroadcastChannel(a)",
  "navigator.locks, wakeLock, vibrate, storage": "navigator.locks.request(a)",
  "reportError, Response.json": "reportError(a)",
  "dialog, popover": "a.showModal()",
  "form.requestSubmit, event.submitter": "a.requestSubmit()",
  "canvas: roundRect, letterSpacing, filter": "a.roundRect(0,0,1,1,2)",
  "createImageBitmap, OffscreenCanvas": "createImageBitmap(a)",
  "CompressionStream, TransformStream": "new CompressionStream(a)",
  "view transitions": "document.startViewTransition(a)",
  "showPicker, navigation, scheduler, URLPattern": "navigation.navigate(a)",
  "navigator.userAgentData, canShare": "navigator.canShare(a)",
  "Element.checkVisibility, setHTML": "a.checkVisibility()",
};

const NEWER_CSS: Readonly<Record<string, string>> = {
  "aspect-ratio": "a { aspect-ratio: 1; }",
  inset: "a { inset: 0; }",
  "margin, padding by inline or block": "a { margin-inline: 0; }",
  ":has, :is, :where": "a:has(b) { color: red; }",
  ":not of a list": "a:not(b, c) { color: red; }",
  ":focus-visible, but to take a ring away": "a:focus-visible { outline: 1px; }",
  "dvh, container units": "a { height: 100dvh; }",
  "color-mix, oklch, light-dark": "a { color: color-mix(in srgb, red, blue); }",
  "@layer, @container, @scope, @property": "@layer a { }",
  "flex gap": "a { display: flex; gap: 4px; }",
  "rotate, scale, translate of their own": "a { rotate: 3deg; }",
  "media queries with a range": "@media (width >= 400px) { }",
  "appearance without its prefix": "a { appearance: none; }",
  "mask without its prefix": "a { mask: none; }",
  "backdrop-filter without its prefix": "a { backdrop-filter: none; }",
  "user-select without its prefix": "a { user-select: none; }",
  "clipped or printed without its prefix": "a { background-clip: text; }",
  "overflow: clip": "a { overflow: clip; }",
  subgrid: "a { grid-template-rows: subgrid; }",
  nesting: "a { color: red; &:hover { color: blue; } }",
};

describe("what the oldest engines lack", () => {
  it.each([
    { name: "scripts", rules: TOO_NEW, newer: NEWER },
    { name: "sheets", rules: TOO_NEW_CSS, newer: NEWER_CSS },
  ])("is found in $name by a rule each", ({ rules, newer }) => {
    expect(Object.keys(newer)).toEqual(Object.keys(rules));
    for (const [name, text] of Object.entries(newer))
      expect(findingsIn("a", text, rules), text).toContain(`a: ${name}`);
  });

  it.each([
    ["an apostrophe in a template", "a={b:`WeChat's word`,c:d=>structuredClone(d),e:`it's`}"],
    ["a quote in a regular expression", `a=b.replace(/"/g,"x");structuredClone(a);c="y"`],
    ["a template in a template", "a=`b ${c?`it's ${structuredClone(d)}`:e} f's`"],
    ["a letter of two units", "a=`😀`;structuredClone(a)"],
  ])("is found in a script beside %s", (_, code) => {
    expect(findingsIn("a", bare(code), TOO_NEW)).toEqual(["a: structuredClone"]);
  });

  it("is no word of a text", () => {
    const code = "a=`structuredClone(`;b='.at(1)';c=\"BroadcastChannel\";d=`${e}.at(1)`";
    expect(bare(code)).toBe("a=``;b='';c=\"\";d=`${e}`");
  });

  it("leaves alone what they know, and what takes their ring away in newer ones only", () => {
    const css =
      "a:focus:not(:focus-visible) { outline: none; } b { -webkit-appearance: none; appearance: none; display: grid; grid-gap: 4px; } @media (max-width: 15em) { c { color: red; } }";
    expect(findingsIn("a", css, TOO_NEW_CSS)).toEqual([]);
    const code =
      "const a=b?.c??d;e.replaceAll(f,g);Promise.any([h]);navigator.wakeLock?.request(i);j={...at(k)}";
    expect(findingsIn("a", code, TOO_NEW)).toEqual([]);
  });
});
