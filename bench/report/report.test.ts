/** Reports say the figures that were measured, in every form, and need nothing from elsewhere. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Histogram } from "../load/histogram.ts";
import type { Figures } from "../load/scenario.ts";
import { conclude } from "./conclusion.ts";
import type { Run } from "./outcome.ts";
import { chart, decadesAround, ninesOf, ticksTo, type Curve } from "./chart.ts";
import { toHtml } from "./html.ts";
import { toMarkdown } from "./markdown.ts";
import { measure, toText } from "./measurement.ts";
import { compare, summarize } from "./summary.ts";

function figures(name: string, perSecond: number, change: Partial<Figures> = {}): Figures {
  const latenciesMs = Float64Array.from({ length: 100 }, (_, at) => at + 1);
  return {
    name,
    perSecond,
    latenciesMs,
    generatorCpu: 0.25,
    serverCpu: 0.9,
    breaches: [],
    ...change,
  };
}

const series = [
  {
    chart: "throughput",
    name: "per second",
    points: [
      [0, 10],
      [1, 4_000],
    ],
  },
  {
    chart: "stock",
    name: "units left",
    points: [
      [0, 500],
      [0.5, 0],
    ],
  },
  { chart: "cpu", name: "server", points: [[0.1, 90]] },
] as const;

const HELLO = 10_000;
const results = [1, 2, 3].flatMap((round) => [
  measure(round, figures("hello", HELLO), HELLO),
  measure(round, figures("door", 12_000 + round, { series }), HELLO),
  measure(round, figures("http", 2_000 * round), HELLO),
  measure(round, figures("calm", Number.NaN), HELLO),
  measure(round, figures("big-membership-few", 1_000 * round), HELLO),
  measure(
    round,
    figures("big-membership-many", 850 * round, {
      notes: [{ name: "resident", value: 123_456.7, unit: "MB" }],
    }),
    HELLO,
  ),
]);

const run: Run = {
  command: "npm run bench -- door <script>alert(1)</script>",
  startedAt: "2026-11-22T00:00:00.000Z",
  machine: {
    ...{ cpu: "A processor", cores: 2, memoryGb: 24, system: "Linux", node: "v24" },
    ...{ workerd: "1", wrangler: "2", miniflare: "3" },
  },
  rounds: 3,
  settings: { door: { sockets: 4_000 }, calm: {} },
  peers: [],
  measurements: results,
  audit: [{ name: "I1", rows: 7, checked: 1, inFlight: 0, ok: true }],
};

const rowOf = (title: string): string[] => {
  const line = toMarkdown(run)
    .split("\n")
    .find((text) => text.startsWith(`| ${title}`));
  return (line ?? "").split("|").map((cell) => cell.trim());
};

describe("a measurement", () => {
  it("has exact percentiles of latencies, and those of a histogram where there is one", () => {
    const exact = measure(1, figures("door", 1), HELLO);
    expect([exact.p50Ms, exact.p90Ms, exact.p99Ms, exact.maxMs]).toEqual([50, 90, 99, 100]);
    expect(exact.count).toBe(100);
    const histogram = new Histogram();
    for (let at = 1; at <= 1_000; at += 1) histogram.record(at);
    const open = measure(
      1,
      figures("open-loop", 1, { histogram, latenciesMs: new Float64Array() }),
      HELLO,
    );
    expect(open.count).toBe(1_000);
    expect(Math.abs(open.p999Ms - 999)).toBeLessThan(1);
  });

  it("draws no percentile that has less than one value beyond it", () => {
    const { latency } = measure(1, figures("door", 1), HELLO);
    expect(latency.map(([share]) => share).filter((share) => share > 0.99 && share < 1)).toEqual(
      [],
    );
    expect(latency.at(-1)).toEqual([1, 100]);
    const heights = latency.map(([, height]) => height);
    expect(heights).toEqual([...heights].sort((a, b) => a - b));
  });

  it("survives JSON: what is not a number is null", () => {
    const calm = measure(1, figures("calm", Number.NaN, { serverCpu: Number.NaN }), HELLO);
    expect(JSON.parse(JSON.stringify(calm))).toEqual(calm);
    expect(calm).toMatchObject({ perSecond: null, ratio: null, serverCpu: null });
    expect(toText(calm)).toContain("server ?");
  });
});

describe("a summary", () => {
  it("takes medians over the rounds, and ratios within a round", () => {
    const [hello, door, http] = summarize(results);
    expect(hello?.line.name).toBe("hello");
    expect(door).toMatchObject({ perSecond: 12_002, ratio: 1.2002, isMet: true });
    expect(http).toMatchObject({ perSecond: 4_000, ratio: 0.4 });
    const [comparison] = compare(results);
    expect(comparison?.ratio).toBeCloseTo(0.85);
    expect(comparison?.isMet).toBe(false);
  });

  it("compares nothing where one side was not measured in that round", () => {
    const lone = results.filter(({ name, round }) => name !== "big-membership-few" || round === 9);
    expect(compare(lone)).toEqual([]);
  });
});

describe("the Markdown", () => {
  it("has a row a line, in the order of the registry, with figures, wishes and answers", () => {
    expect(rowOf("door: takes on one SKU")).toEqual([
      "",
      "door: takes on one SKU, all at T0",
      "12002",
      "1.20",
      "50.0",
      "99.0",
      "25 %",
      "90 %",
      "≥ 1.2 h",
      "yes",
      "",
    ]);
    expect(rowOf("door: tap to verdict").slice(2, 4)).toEqual(["—", "—"]);
    expect(rowOf("hello-world").slice(2, 4)).toEqual(["10000", "—"]);
  });

  it("says the machine, the settings, the notes, the comparison and the audit", () => {
    const text = toMarkdown(run);
    for (const said of [
      "A processor, 2 cores, 24 GB",
      "- door: sockets 4000",
      "resident 123,457 MB",
      "many members to few: 0.85, wanted ≥ 0.9, met: no",
      "7 rows, all ok",
    ])
      expect(text).toContain(said);
    expect(text).not.toContain("calm:");
  });
});

describe("the page", () => {
  const html = toHtml(run);

  it("says every figure of the table and draws what was measured", () => {
    for (const said of [
      "12,002",
      "1.20",
      "≥ 1.2 h",
      "resident 123,457 MB",
      "A processor",
      "<strong>0.85</strong>",
    ])
      expect(html).toContain(said);
    const door = html.slice(html.indexOf('id="door"'), html.indexOf('id="http"'));
    for (const title of [
      "Latency by percentile",
      "Throughput over time",
      "Stock as a watching socket saw it",
      "Processor",
    ])
      expect(door).toContain(`aria-label="${title}"`);
    const http = html.slice(html.indexOf('id="http"'), html.indexOf('id="calm"'));
    expect(http).toContain('aria-label="Latency by percentile"');
    expect(http).not.toContain('aria-label="Stock');
  });

  it("draws every round, all but the middle one faintly", () => {
    const door = html.slice(html.indexOf('id="door"'), html.indexOf('id="http"'));
    const first = door.slice(door.indexOf("<svg"), door.indexOf("</svg>"));
    expect(first.match(/class="curve/g)).toHaveLength(3);
    expect(first.match(/ faint"/g)).toHaveLength(2);
    expect(first).toMatch(/class="curve c0" [^>]*><title>round 2</);
  });

  it("fetches nothing, runs nothing and lets no text become markup", () => {
    expect(html).not.toMatch(/<script|<link|@import|url\(|\ssrc=|https?:/);
    expect(html).toContain("&lt;script&gt;");
    const hrefs = [...html.matchAll(/href="([^"]*)"/g)].map((match) => match[1] ?? "");
    expect(hrefs.length).toBeGreaterThan(3);
    for (const href of hrefs) expect(html).toContain(`id="${href.slice(1)}"`);
  });
});

describe("a conclusion", () => {
  it("is the table where every promise was kept", () => {
    expect(conclude({ run, breaches: [] })).toEqual({
      ...{ exitCode: 0, complaint: "" },
      table: toMarkdown(run),
    });
  });

  it("has no figure at all where one was broken, only its name", () => {
    const { exitCode, table, complaint } = conclude({ run, breaches: ["door: sold 5 of 4 units"] });
    expect({ exitCode, table }).toEqual({ exitCode: 1, table: "" });
    expect(complaint).toContain("door: sold 5 of 4 units");
    expect(complaint).not.toContain("12002");
  });
});

describe("charts", () => {
  const figure = fc.double({ min: 0, max: 1e7, noNaN: true });

  it("put ticks at round figures from 0 to beyond the largest, never many", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e9, noNaN: true }), (max) => {
        const ticks = ticksTo(max);
        expect(ticks[0]).toBe(0);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(max * 0.999_999);
        expect(ticks.at(-2)).toBeLessThan(max);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(8);
      }),
    );
  });

  it("span decades around what they draw", () => {
    fc.assert(
      fc.property(figure, figure, (one, other) => {
        const [low, high] = [Math.min(one, other) + 0.01, Math.max(one, other) + 0.01];
        const decades = decadesAround(low, high);
        expect(decades[0]).toBeLessThanOrEqual(low * 1.01);
        expect(decades.at(-1)).toBeGreaterThanOrEqual(high * 0.999);
      }),
    );
  });

  it("give every nine the same width", () => {
    expect([0.9, 0.99, 0.999].map((share) => Math.round(ninesOf(share, 9)))).toEqual([1, 2, 3]);
    expect(ninesOf(1, 4.5)).toBe(4.5);
  });

  it("stay within their frame, whatever is drawn", () => {
    const points = fc.array(fc.tuple(fc.double({ min: -5, max: 1e5, noNaN: true }), figure), {
      ...{ minLength: 1, maxLength: 700 },
    });
    fc.assert(
      fc.property(points, fc.boolean(), (all, isLogarithmic) => {
        const curve: Curve = {
          ...{ name: "a", colour: 0 },
          points: [...all].sort(([a], [b]) => a - b),
        };
        const svg =
          chart({ title: "t", xTitle: "x", yTitle: "y", curves: [curve], isLogarithmic }) ?? "";
        const path = / d="([^"]+)"/.exec(svg)?.[1] ?? "";
        const places = [...path.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)];
        expect(places.length).toBeGreaterThan(0);
        for (const [, x, y] of places) {
          expect(Number(x)).toBeGreaterThanOrEqual(0);
          expect(Number(x)).toBeLessThanOrEqual(560);
          expect(Number(y)).toBeGreaterThanOrEqual(0);
          expect(Number(y)).toBeLessThanOrEqual(260);
        }
        expect(svg).not.toMatch(/NaN|Infinity/);
      }),
      { numRuns: 50 },
    );
  });

  it("end, however small the largest figure is", () => {
    expect([0, 5e-324, 1e-300, Number.NaN].map((max) => ticksTo(max))).toEqual(
      Array.from({ length: 4 }, () => [0, 1]),
    );
  });

  it("are not drawn of nothing", () => {
    const curves: Curve[] = [{ name: "a", points: [[Number.NaN, 1]], colour: 0 }];
    expect(chart({ title: "t", xTitle: "x", yTitle: "y", curves })).toBeNull();
  });
});
