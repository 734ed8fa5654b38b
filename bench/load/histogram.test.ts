/** The histogram against the sorted values it stands for. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Histogram } from "./histogram.ts";
import { percentile } from "./stats.ts";

const latencies = fc.array(fc.double({ min: 0, max: 4e6, noNaN: true }), {
  minLength: 1,
  maxLength: 300,
});
const shares = fc.double({ min: 0, max: 1, noNaN: true });

function histogramOf(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

describe("a histogram", () => {
  it("says every percentile to a thousandth of itself, or to the microsecond", () => {
    fc.assert(
      fc.property(latencies, shares, (values, share) => {
        const exact = percentile(Float64Array.from(values), Math.max(share, 1e-9));
        const said = histogramOf(values).percentile(share);
        expect(Math.abs(said - exact)).toBeLessThanOrEqual(Math.max(exact / 1_000, 0.001));
      }),
    );
  });

  it("counts everything, and knows the largest exactly", () => {
    fc.assert(
      fc.property(latencies, (values) => {
        const histogram = histogramOf(values);
        expect(histogram.count).toBe(values.length);
        expect(histogram.maxMs).toBe(Math.max(...values));
        expect(histogram.percentile(1)).toBeLessThanOrEqual(histogram.maxMs);
      }),
    );
  });

  it("never falls as the share rises", () => {
    fc.assert(
      fc.property(latencies, shares, shares, (values, one, other) => {
        const histogram = histogramOf(values);
        const [low, high] = one < other ? [one, other] : [other, one];
        expect(histogram.percentile(low)).toBeLessThanOrEqual(histogram.percentile(high));
      }),
    );
  });

  it("merges to what recording both would have made, and survives its own JSON", () => {
    fc.assert(
      fc.property(latencies, latencies, (left, right) => {
        const merged = histogramOf(left);
        merged.merge(histogramOf(right));
        expect(merged.toJSON()).toEqual(histogramOf([...left, ...right]).toJSON());
        const text = JSON.stringify(merged);
        const read = Histogram.fromJSON(JSON.parse(text) as ReturnType<Histogram["toJSON"]>);
        expect(read.toJSON()).toEqual(merged.toJSON());
        expect(read.count).toBe(merged.count);
      }),
    );
  });

  it("has no percentile of nothing, and takes a clock's rounding below zero for zero", () => {
    expect(new Histogram().percentile(0.5)).toBeNaN();
    expect(histogramOf([-0.0004]).percentile(0.5)).toBe(0);
  });
});
