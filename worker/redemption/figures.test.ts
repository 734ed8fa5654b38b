import { describe, expect, it } from "vitest";
import { latencyAt, newFigures, recordAnswers, recordUnits, requestsOf, Tally } from "./figures.ts";

const OPENS = 1_000_000;

describe("the figures of a sale", () => {
  it("count answers once, bookings apart, and draw requests where they were asked", () => {
    const figures = newFigures(OPENS, OPENS + 1_800_000);
    const tally = new Tally();
    tally.add("ticketed", OPENS - 9_000, OPENS - 8_990);
    tally.add("granted", OPENS + 10, OPENS + 14);
    tally.add("sold_out", OPENS + 20, OPENS + 320);
    tally.add("sold_out", OPENS + 250, OPENS + 252);
    const said = tally.take();
    expect(said && tally.take()).toBeNull();
    if (said) recordAnswers(figures, said);
    expect(figures.answers).toEqual({ ticketed: 1, granted: 1, sold_out: 2 });
    expect(requestsOf(figures)).toBe(3);
    expect(figures.fine.steps.map(({ requests }) => requests)).toEqual([2, 0, 1]);
    expect([latencyAt(figures.latency, 0.5), latencyAt(figures.latency, 0.99)]).toEqual([5, 300]);
  });

  it("keep the shelf of each step, and give what comes after the last to the whole only", () => {
    const figures = newFigures(OPENS, OPENS + 1_800_000);
    recordUnits(figures, OPENS + 40, 3, 7);
    recordUnits(figures, OPENS + 60, 2, 5);
    recordUnits(figures, OPENS + 3_600_000, 1, 4);
    expect(figures.fine.steps).toEqual([{ requests: 0, granted: 5, shelf: 5 }]);
    expect(figures.coarse.steps.at(-1)).toEqual({ requests: 0, granted: 1, shelf: 4 });
    expect(figures.coarse.steps.length).toBeLessThanOrEqual(1_200);
    expect(latencyAt(figures.latency, 0.5)).toBeNull();
  });
});
