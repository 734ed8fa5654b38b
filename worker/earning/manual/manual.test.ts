import { describe, expect, it } from "vitest";
import { needsSecond, parseAdjustment, type Adjustment } from "./index.ts";

const TERMS = { pointsFrom: 1_000, alonePerDayMax: 2_000 };
const GRANT: Adjustment = {
  adjustmentId: "a1",
  memberKey: "demo:m",
  points: 999,
  reason: "apology",
  customerNote: "Sorry for the late parcel",
  internalNote: "Ticket 4711",
  expiresAtMs: null,
  mayGoNegative: false,
};

describe("an adjustment by hand", () => {
  it.each([
    ["points", { points: 0 }],
    ["points", { points: 1.5 }],
    ["points", { points: 2e9 }],
    ["reason", { reason: "  " }],
    ["customerNote", { customerNote: "" }],
    ["internalNote", { internalNote: "x".repeat(129) }],
    ["expiresAtMs", { expiresAtMs: 5 }],
    ["expiresAtMs", { points: -5, expiresAtMs: 5_000 }],
    ["mayGoNegative", { mayGoNegative: true }],
  ])("names %s: %j", (field, change) => {
    expect(parseAdjustment(GRANT, 100).kind).toBe("ok");
    const result = parseAdjustment({ ...GRANT, ...change }, 100);
    expect(result.kind === "invalid" && result.problems.map((one) => one.field)).toContain(field);
  });

  it("below the threshold, and within the sum of the day, is one person's", () => {
    expect(needsSecond(GRANT, TERMS, 0)).toBe(false);
    expect(needsSecond(GRANT, TERMS, 1_001)).toBe(false);
  });

  it.each([
    ["from the threshold on", 1_000, 0],
    ["for a deduction as for a grant", -1_000, 0],
    ["for small sums that add up", 600, 1_500],
  ])("needs a second person %s", (_, points, movedAloneToday) => {
    expect(needsSecond({ points }, TERMS, movedAloneToday)).toBe(true);
  });
});
