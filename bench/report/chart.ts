/** Line charts as SVG text: axes with round figures, one path a series, nothing that has to be fetched or run. */
import type { Point } from "../load/timeline.ts";

export interface Curve {
  readonly name: string;
  readonly points: readonly Point[];
  /** Which of the page's colours, from 0. */
  readonly colour: number;
  /** One of several rounds, drawn behind the one that is read. */
  readonly isFaint?: boolean;
  /** Holds its value until the next point. */
  readonly isStepped?: boolean;
}

export interface ChartOptions {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly curves: readonly Curve[];
  /** x are shares below 1, spread so that each nine takes the same width. */
  readonly isByPercentile?: boolean;
  /** y in powers of ten; for figures that span several. */
  readonly isLogarithmic?: boolean;
}

const WIDTH = 560;
const HEIGHT = 260;
const LEFT = 66;
const RIGHT = 14;
const TOP = 12;
const BOTTOM = 40;
const TICKS = 5;
const SMALLEST = 1e-6;
/** Of more points than this the eye sees none singly. */
const POINTS_MAX = 300;

export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Figures from 0 that are round and reach beyond `max`: 0, 200, 400 … */
export function ticksTo(max: number, count = TICKS): number[] {
  // What is this small is nothing, and its steps would be lost in rounding.
  if (!(max > SMALLEST)) return [0, 1];
  const rough = max / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((one) => one * power >= rough) ?? 10) * power;
  const ticks: number[] = [];
  for (let at = 0; (at - 1) * step < max; at += 1) ticks.push(Number((at * step).toPrecision(10)));
  return ticks;
}

/** Powers of ten around `min` and `max`. */
export function decadesAround(min: number, max: number): number[] {
  const first = Math.floor(Math.log10(Math.max(min, 0.01)));
  const last = Math.max(first + 1, Math.ceil(Math.log10(Math.max(max, 0.01))));
  return Array.from({ length: last - first + 1 }, (_, at) =>
    Number((10 ** (first + at)).toPrecision(3)),
  );
}

/** Each nine of a percentile takes the same width: 0.9 → 1, 0.99 → 2. */
export function ninesOf(share: number, ninesMax: number): number {
  return share >= 1 ? ninesMax : Math.min(ninesMax, -Math.log10(1 - share));
}

export function figureText(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  if (value >= 1e4) return `${Number((value / 1e3).toPrecision(3))}k`;
  return String(Number(value.toPrecision(3)));
}

interface Scale {
  readonly place: (value: number) => number;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
}

/** Null when there is nothing to draw. */
export function chart(options: ChartOptions): string | null {
  const curves = options.curves
    .map((curve) => ({ ...curve, points: thinned(curve.points.filter(isDrawable)) }))
    .filter(({ points }) => points.length > 0);
  if (curves.length === 0) return null;
  const points = curves.flatMap((curve) => curve.points);
  const x = options.isByPercentile ? percentileScale(points) : timeScale(points);
  const y = options.isLogarithmic ? decadeScale(points) : linearScale(points);
  const { title, xTitle, yTitle } = options;
  const bottom = HEIGHT - BOTTOM;
  const middle = (LEFT + WIDTH - RIGHT) / 2;
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(title)}">`,
    ...y.ticks.map(
      ({ at, text }) =>
        `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}"/>` +
        `<text x="${LEFT - 6}" y="${at + 4}" text-anchor="end">${text}</text>`,
    ),
    ...x.ticks.map(
      ({ at, text }) =>
        `<line class="tick" x1="${at}" x2="${at}" y1="${bottom}" y2="${bottom + 4}"/>` +
        `<text x="${at}" y="${bottom + 17}" text-anchor="middle">${text}</text>`,
    ),
    `<line class="axis" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${bottom}" y2="${bottom}"/>`,
    `<text class="unit" x="${middle}" y="${HEIGHT - 5}" text-anchor="middle">${escapeHtml(xTitle)}</text>`,
    `<text class="unit" transform="translate(13 ${(TOP + bottom) / 2}) rotate(-90)" text-anchor="middle">${escapeHtml(yTitle)}</text>`,
    ...curves.map((curve) => path(curve, x, y)),
    "</svg>",
  ].join("");
}

const isDrawable = ([x, y]: Point): boolean => Number.isFinite(x) && Number.isFinite(y);

/** Keeps the ends, and of the rest as many as can be told apart. */
function thinned(points: readonly Point[]): Point[] {
  const every = Math.ceil(points.length / POINTS_MAX);
  return points.filter((_, at) => at % every === 0 || at === points.length - 1);
}

function path(curve: Curve, x: Scale, y: Scale): string {
  let text = "";
  for (const [px, py] of curve.points) {
    const at = x.place(px).toFixed(1);
    if (curve.isStepped && text !== "") text += `H${at}`;
    text += `${text === "" ? "M" : "L"}${at} ${y.place(py).toFixed(1)}`;
  }
  const faint = curve.isFaint ? " faint" : "";
  // A single point has no line; a dot of the line's width shows it.
  if (curve.points.length === 1) text += "h0.1";
  return `<path class="curve c${curve.colour % 4}${faint}" d="${text}"><title>${escapeHtml(curve.name)}</title></path>`;
}

function scaleOver(
  low: number,
  high: number,
  [from, to]: readonly [number, number],
): (v: number) => number {
  const span = high - low || 1;
  return (value) => from + ((value - low) / span) * (to - from);
}

const ACROSS: readonly [number, number] = [LEFT, WIDTH - RIGHT];
const UPWARDS: readonly [number, number] = [HEIGHT - BOTTOM, TOP];
const round = (figure: number): number => Math.round(figure * 10) / 10;

function timeScale(points: readonly Point[]): Scale {
  const xs = points.map(([x]) => x);
  const low = Math.min(0, ...xs);
  const ticks = ticksTo(Math.max(...xs, 0.05)).filter((tick) => tick <= Math.max(...xs, 0.05));
  const place = scaleOver(low, Math.max(...xs, 0.05), ACROSS);
  return {
    place,
    ticks: ticks.map((tick) => ({ at: round(place(tick)), text: figureText(tick) })),
  };
}

function linearScale(points: readonly Point[]): Scale {
  const ticks = ticksTo(Math.max(...points.map(([, y]) => y)));
  const place = scaleOver(0, ticks.at(-1) ?? 1, UPWARDS);
  return {
    place,
    ticks: ticks.map((tick) => ({ at: round(place(tick)), text: figureText(tick) })),
  };
}

function decadeScale(points: readonly Point[]): Scale {
  const ys = points.map(([, y]) => y);
  const decades = decadesAround(Math.min(...ys), Math.max(...ys));
  const lowest = decades[0] ?? 0.01;
  const exponents = scaleOver(Math.log10(lowest), Math.log10(decades.at(-1) ?? 1), UPWARDS);
  const place = (value: number): number => exponents(Math.log10(Math.max(value, lowest)));
  return {
    place,
    ticks: decades.map((tick) => ({ at: round(place(tick)), text: figureText(tick) })),
  };
}

const NINES = [0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999];

function percentileScale(points: readonly Point[]): Scale {
  const last = Math.max(1, ...points.filter(([x]) => x < 1).map(([x]) => ninesOf(x, 9)));
  // The slowest of all lies half a nine beyond the last share that has a figure.
  const ninesMax = last + 0.5;
  const across = scaleOver(0, ninesMax, ACROSS);
  const place = (share: number): number => across(ninesOf(share, ninesMax));
  const ticks = NINES.filter((share) => ninesOf(share, 9) <= last + 0.01).map((share) => ({
    at: round(place(share)),
    text: `${Number((share * 100).toFixed(3))} %`,
  }));
  return { place, ticks: [...ticks, { at: round(place(1)), text: "all" }] };
}
