import { describe, expect, it } from "vitest";
import { Random } from "../load/random.ts";
import { FAILPOINTS, SIDES } from "./failpoints.ts";
import { FULL, planDeaths, SHORT, type Blow, type Death } from "./plan.ts";

const plan = (seed: number, pace = FULL, only: string | null = null): Death[] =>
  planDeaths(seed, new Random(seed), pace, only);
const blowsOf = (deaths: readonly Death[]): Blow[] =>
  deaths.flatMap(({ blow, restart }) => (restart.blow ? [blow, restart.blow] : [blow]));
const SEEDS = Array.from({ length: 1_000 }, (_, at) => at);

describe("a plan", () => {
  it("follows from its seed", () => {
    expect(plan(7)).toEqual(plan(7));
    expect(new Set(SEEDS.map((seed) => JSON.stringify(plan(seed)))).size).toBeGreaterThan(900);
  });

  it("leaves the product with D1 and the machine's clock at the end", () => {
    for (const seed of SEEDS) {
      const last = plan(seed).at(-1)?.restart;
      expect(last).toMatchObject({ isD1Away: false, clockAheadMs: 0 });
    }
  });

  it("comes to every failpoint, in long rounds and in short ones", () => {
    for (const pace of [FULL, SHORT]) {
      const met = new Set(
        SEEDS.flatMap((seed) => blowsOf(plan(seed, pace))).map((blow) =>
          blow.kind === "failpoint" ? blow.place : "moment",
        ),
      );
      expect(FAILPOINTS.filter(({ place }) => !met.has(place))).toEqual([]);
      expect(met).toContain("moment");
    }
  });

  it("knows one failpoint only when told so", () => {
    const only = `sku:take:${SIDES[2]}`;
    const places = SEEDS.flatMap((seed) => blowsOf(plan(seed, FULL, only))).flatMap((blow) =>
      blow.kind === "failpoint" ? [blow.place] : [],
    );
    expect(new Set(places)).toEqual(new Set([only]));
  });
});
