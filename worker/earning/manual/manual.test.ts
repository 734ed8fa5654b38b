import { describe, expect, it } from "vitest";
import { decide, parseAdjustment, propose, type Adjustment } from "./index.ts";

const DAY = 86_400_000;
const TERMS = { pointsFrom: 1_000, alonePerDayMax: 2_000, days: 7 };
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

  it("below the threshold is one person's", () => {
    expect(propose(GRANT, TERMS, "li", 0, 1)).toMatchObject({ state: "approved", decidedBy: "li" });
  });

  it.each([
    ["from the threshold on", 1_000, 0],
    ["for a deduction as for a grant", -1_000, 0],
    ["for small sums that add up", 600, 1_500],
  ])("needs a second person %s", (_, points, movedAloneToday) => {
    const proposal = propose({ ...GRANT, points }, TERMS, "li", movedAloneToday, 1);
    expect(proposal).toMatchObject({ state: "proposed", decidedBy: null });
    expect(decide(proposal, TERMS, "li", true, 2)).toMatchObject({
      kind: "refused",
      refusal: { code: "forbidden", figures: { reason: "own_proposal" } },
    });
    expect(decide(proposal, TERMS, "wu", true, 2)).toMatchObject({
      kind: "ok",
      isToBeBooked: true,
      proposal: { state: "approved", decidedBy: "wu" },
    });
  });

  it("is decided once", () => {
    const proposal = propose({ ...GRANT, points: 5_000 }, TERMS, "li", 0, 1);
    const rejected = decide(proposal, TERMS, "li", false, 2);
    if (rejected.kind !== "ok") throw new Error("expected a decision");
    expect(rejected.isToBeBooked).toBe(false);
    expect(decide(rejected.proposal, TERMS, "wu", true, 3)).toMatchObject({
      refusal: { code: "conflict" },
    });
    expect(decide(rejected.proposal, TERMS, "wu", false, 3)).toMatchObject({ kind: "ok" });
    expect(decide(proposal, TERMS, "wu", true, 1 + 7 * DAY)).toMatchObject({
      refusal: { figures: { reason: "lapsed" } },
    });
  });
});
