/** From one colour of the merchant to every brand token, each measured by WCAG 2.2 and corrected where it would fail. Pure. */
import { invariant } from "../kernel/invariant.ts";

type Rgb = readonly [number, number, number];

/** Brand tokens of one scheme, as storefront/ui/tokens.css names them. */
export interface BrandTokens {
  readonly solid: string;
  readonly press: string;
  readonly on: string;
  readonly text: string;
  readonly tint: string;
  readonly edge: string;
  readonly ring: string;
}

export interface ContrastCheck {
  readonly key: "button" | "price" | "badge" | "edge";
  readonly scheme: "light" | "dark";
  readonly foreground: string;
  readonly background: string;
  /** As used, after any correction. */
  readonly ratio: number;
  /** Of the merchant's colour as it was given. */
  readonly givenRatio: number;
  readonly needed: number;
  readonly isCorrected: boolean;
}

export interface DerivedTheme {
  readonly light: BrandTokens;
  readonly dark: BrandTokens;
  readonly checks: readonly ContrastCheck[];
}

/** Grounds of storefront/ui/tokens.css on which brand words stand; a test holds the two together. */
export const GROUNDS = {
  light: { bg: "#f5f3ef", surface: "#ffffff", well: "#faf8f5" },
  dark: { bg: "#12100e", surface: "#1c1916", well: "#23201c" },
} as const;

const TEXT_RATIO = 4.5;
const EDGE_RATIO = 3;
const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];
const INK = "#1d1a17";
const STEPS = 50;

function rgbOf(hex: string): Rgb {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/.exec(hex);
  invariant(match, "a colour reads #rrggbb");
  return [1, 2, 3].map((at) => Number.parseInt(match[at] ?? "", 16)) as unknown as Rgb;
}

function hexOf(rgb: Rgb): string {
  return `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [r, g, b] = rgbOf(hex).map((part) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** 1–21. */
export function contrastRatio(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function mixed(hex: string, with_: Rgb, share: number): string {
  const from = rgbOf(hex);
  return hexOf(from.map((part, at) => part + ((with_[at] ?? 0) - part) * share) as unknown as Rgb);
}

/** The nearest shade towards `target` that reaches the ratio on every ground. */
function legible(hex: string, target: Rgb, grounds: readonly string[], ratio: number): string {
  for (let step = 0; step <= STEPS; step += 1) {
    const shade = mixed(hex, target, step / STEPS);
    if (grounds.every((ground) => contrastRatio(shade, ground) >= ratio)) return shade;
  }
  return hexOf(target);
}

/** White where it can be read, else ink, else black: one of them always can. */
function wordsOn(solid: string): string {
  return (
    ["#ffffff", INK, "#000000"].find((words) => contrastRatio(words, solid) >= TEXT_RATIO) ??
    "#ffffff"
  );
}

function tokensOf(color: string, scheme: "light" | "dark"): BrandTokens {
  const ground = GROUNDS[scheme];
  const isLight = scheme === "light";
  const towards = isLight ? BLACK : WHITE;
  const paper = rgbOf(ground.surface);
  const tint = mixed(color, paper, isLight ? 0.91 : 0.86);
  const grounds = [ground.bg, ground.surface, ground.well, tint];
  const isFaint = contrastRatio(color, ground.surface) < EDGE_RATIO;
  return {
    solid: color,
    press: mixed(color, BLACK, 0.16),
    on: wordsOn(color),
    text: legible(color, towards, grounds, TEXT_RATIO),
    tint,
    edge: mixed(color, paper, isLight ? 0.72 : 0.66),
    ring: isFaint ? legible(color, towards, [ground.surface], EDGE_RATIO) : "transparent",
  };
}

function checksOf(color: string, tokens: BrandTokens, scheme: "light" | "dark"): ContrastCheck[] {
  const { surface } = GROUNDS[scheme];
  const { solid, on, text, tint, ring } = tokens;
  const edge = ring === "transparent" ? solid : ring;
  const check = (
    key: ContrastCheck["key"],
    pair: readonly [string, string],
    given: readonly [string, string],
    needed: number,
  ): ContrastCheck => ({
    ...{ key, scheme, foreground: pair[0], background: pair[1], needed },
    ratio: contrastRatio(...pair),
    givenRatio: contrastRatio(...given),
    isCorrected: pair[0] !== given[0],
  });
  return [
    check("button", [on, solid], ["#ffffff", solid], TEXT_RATIO),
    check("price", [text, surface], [color, surface], TEXT_RATIO),
    check("badge", [text, tint], [color, tint], TEXT_RATIO),
    check("edge", [edge, surface], [solid, surface], EDGE_RATIO),
  ];
}

/** `color` reads #rrggbb in lower case. */
export function deriveTheme(color: string): DerivedTheme {
  const light = tokensOf(color, "light");
  const dark = tokensOf(color, "dark");
  const checks = [...checksOf(color, light, "light"), ...checksOf(color, dark, "dark")];
  return { light, dark, checks };
}

/** The colours of the house's own themes, so that the builder can measure them like any other. */
export const PRESET_COLORS = {
  cinnabar: "#cc391b",
  tea: "#1f6b4f",
  bank: "#22478f",
  market: "#ffc61a",
} as const;

const CORNERS = {
  square: { 1: 0, 2: 2, 3: 2, 4: 4 },
  small: { 1: 4, 2: 8, 3: 12, 4: 16 },
  round: { 1: 6, 2: 14, 3: 20, 4: 24 },
} as const;

/** What the root of a page is marked with: a theme of the house, or that a style sheet has it all. */
export const themeWord = (theme: string): string => (theme.startsWith("#") ? "custom" : theme);

/** A style sheet that turns the storefront's tokens into the merchant's; empty for a theme of the house as it stands. */
export function themeCss(theme: string, corners: keyof typeof CORNERS): string {
  const rules: string[] = [];
  if (corners !== "small") {
    const radii = Object.entries(CORNERS[corners]).map(([step, px]) => `--r-${step}:${px}px`);
    rules.push(`html:root{${radii.join(";")}}`);
  }
  if (theme.startsWith("#")) {
    const { light, dark } = deriveTheme(theme);
    const sources = [...sourcesOf("l", light), ...sourcesOf("d", dark)];
    rules.push(`html:root{${sources.join(";")}}`);
  }
  return rules.join("");
}

function sourcesOf(prefix: "l" | "d", tokens: BrandTokens): string[] {
  return Object.entries(tokens).map(([name, value]) => `--${prefix}-${name}:${String(value)}`);
}
