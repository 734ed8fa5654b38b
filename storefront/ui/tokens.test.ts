import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8").replace(
  /\/\*[\s\S]*?\*\//g,
  "",
);
type Values = Readonly<Record<string, string>>;

interface Rule {
  selector: string;
  media: string;
  values: Values;
}

/** The file is flat: rules, and rules inside one level of media. */
function rulesOf(text: string): Rule[] {
  const rules: Rule[] = [];
  let media = "";
  for (const found of text.matchAll(/@media ([^{]+)\{|([^{}]+)\{([^{}]*)\}|\}/g)) {
    const [whole, opens, selector, body] = found;
    if (opens !== undefined) media = opens.trim();
    else if (whole === "}") media = "";
    else rules.push({ selector: (selector ?? "").trim(), media, values: valuesOf(body ?? "") });
  }
  return rules;
}

function valuesOf(body: string): Values {
  return Object.fromEntries(
    [...body.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [
      name ?? "",
      (value ?? "").trim(),
    ]),
  );
}

const rules = rulesOf(css);
const find = (test: (rule: Rule) => boolean): Values => {
  const rule = rules.find(test);
  if (rule === undefined) throw new Error("tokens.css has lost a block this test reads");
  return rule.values;
};

const light = find(
  ({ selector, values }) => selector.includes('[data-scheme="light"]') && "--bg" in values,
);
const darkSystem = find(({ media, values }) => media.includes("dark") && "--bg" in values);
const darkForced = find(
  ({ media, selector, values }) =>
    media === "" && selector === '[data-scheme="dark"]' && "--bg" in values,
);
const brandSystem = find(
  ({ media, values }) => media.includes("dark") && "--brand-solid" in values,
);
const brandForced = find(
  ({ media, selector, values }) =>
    media === "" && selector.startsWith('[data-scheme="dark"]') && "--brand-solid" in values,
);
const THEMES: Record<string, Values> = {
  cinnabar: find(({ selector, values }) => selector === ":root" && "--l-solid" in values),
  ...Object.fromEntries(
    ["tea", "bank", "market"].map((theme) => [
      theme,
      find(
        ({ selector, values }) => selector === `[data-theme="${theme}"]` && "--l-solid" in values,
      ),
    ]),
  ),
};

function luminance(hex: string): number {
  const channels = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  const [r = 0, g = 0, b = 0] = channels.map((c) =>
    c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const WORDS: [string, string][] = [
  ["--text", "--bg"],
  ["--text", "--surface"],
  ["--text", "--surface-2"],
  ["--text", "--surface-3"],
  ["--text-2", "--bg"],
  ["--text-2", "--surface"],
  ["--text-2", "--surface-2"],
  ["--text-2", "--surface-3"],
  ["--text-3", "--bg"],
  ["--text-3", "--surface"],
  ["--text-3", "--surface-2"],
  ["--on-ink", "--ink"],
  ["--on-ink-2", "--ink"],
  ["--on-ink", "--ok-solid"],
  ["--on-brand", "--brand-solid"],
  ["--on-brand", "--brand-press"],
  ["--brand-text", "--surface"],
  ["--brand-text", "--bg"],
  ["--brand-text", "--brand-tint"],
  ["--ok-text", "--ok-tint"],
  ["--ok-text", "--surface"],
  ["--warn-text", "--warn-tint"],
  ["--warn-text", "--surface"],
  ["--danger-text", "--danger-tint"],
  ["--danger-text", "--surface"],
  ["--info-text", "--info-tint"],
  ["--info-text", "--surface"],
  ["--coin-ink", "--coin"],
];
const SHAPES: [string, string][] = [
  ["--line-control", "--surface"],
  ["--line-control", "--bg"],
  ["--focus", "--bg"],
  ["--focus", "--surface"],
];

describe.each(Object.entries(THEMES))("theme %s", (_name, theme) => {
  describe.each([
    ["light", light, "l"],
    ["dark", darkSystem, "d"],
  ] as const)("%s", (_scheme, meaning, prefix) => {
    const brand = (part: string): string => theme[`--${prefix}-${part}`] ?? "";
    const values: Values = {
      ...meaning,
      "--brand-solid": brand("solid"),
      "--brand-press": brand("press"),
      "--on-brand": brand("on"),
      "--brand-text": brand("text"),
      "--brand-tint": brand("tint"),
    };
    const ratio = ([front, ground]: [string, string]): number =>
      contrast(values[front] ?? "", values[ground] ?? "");

    it.each(WORDS)("%s on %s can be read (4.5:1)", (front, ground) =>
      expect(ratio([front, ground])).toBeGreaterThanOrEqual(4.5),
    );
    it.each(SHAPES)("%s on %s can be seen (3:1)", (front, ground) =>
      expect(ratio([front, ground])).toBeGreaterThanOrEqual(3),
    );
    it("a pale brand has a ring that can be seen", () => {
      if (ratio(["--brand-solid", "--surface"]) >= 3) return;
      expect(contrast(brand("ring"), values["--surface"] ?? "")).toBeGreaterThanOrEqual(3);
    });
  });
});

it("the two dark blocks are word for word the same", () => {
  expect(darkForced).toEqual(darkSystem);
  expect(brandForced).toEqual(brandSystem);
});
