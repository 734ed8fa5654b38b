import * as fc from "fast-check";
import { expect, it } from "vitest";
import { ratesOf, Timeline, TIMELINE_EVERY_MS } from "./timeline.ts";

it("loses no count, however far it is merged", () => {
  const counts = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 2_000 });
  fc.assert(
    fc.property(counts, fc.integer({ min: 1, max: 300 }), (all, pointsMax) => {
      const points = ratesOf(all, pointsMax);
      expect(points.length).toBeLessThanOrEqual(pointsMax);
      const merged = Math.ceil(all.length / pointsMax);
      let counted = 0;
      points.forEach(([, rate], at) => {
        const width = Math.min(merged, all.length - at * merged);
        counted += (rate * width * TIMELINE_EVERY_MS) / 1_000;
      });
      expect(counted).toBeCloseTo(
        all.reduce((sum, one) => sum + one, 0),
        3,
      );
    }),
  );
});

it("counts by its own width from its own start, and what came before the start into the first", () => {
  const timeline = new Timeline(1_000);
  for (const atMs of [990, 1_000, 1_049.9, 1_050, 1_210]) timeline.count(atMs);
  expect(timeline.counts).toEqual([3, 1, 0, 0, 1]);
});
