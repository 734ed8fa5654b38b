import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FIRST_PACE, nextPace, ROWS_MAX, type Pace, type StepSeen } from "./pace.ts";

const steps = fc.array(
  fc.record({ tookMs: fc.double({ min: 0, max: 5_000, noNaN: true }), isBusy: fc.boolean() }),
  { maxLength: 100 },
);
const after = (seen: readonly StepSeen[], from: Pace = FIRST_PACE): Pace =>
  seen.reduce(nextPace, from);

describe("the pace of long work", () => {
  it("is bounded whatever was seen, and always goes on", () => {
    fc.assert(
      fc.property(steps, (seen) => {
        const { rows, restMs } = after(seen);
        expect(rows).toBeGreaterThan(0);
        expect(rows).toBeLessThanOrEqual(ROWS_MAX);
        expect(restMs).toBeGreaterThan(0);
        expect(restMs).toBeLessThanOrEqual(500);
      }),
    );
  });

  it("takes a tenth of the time beside commands, and half of it alone", () => {
    const share = (isBusy: boolean): number => {
      const { restMs } = nextPace(FIRST_PACE, { tookMs: 20, isBusy });
      return 20 / (20 + restMs);
    };
    expect(share(true)).toBeCloseTo(1 / 10);
    expect(share(false)).toBeCloseTo(1 / 2);
  });

  it("makes steps smaller while they are long, and larger again", () => {
    const quick = { tookMs: 1, isBusy: false };
    const full = after(Array.from({ length: 20 }, () => quick));
    expect(full.rows).toBe(ROWS_MAX);
    const slow = after([{ tookMs: 30, isBusy: true }], full);
    expect(slow.rows).toBe(ROWS_MAX / 2);
    expect(nextPace(slow, quick).rows).toBeGreaterThan(slow.rows);
  });
});
