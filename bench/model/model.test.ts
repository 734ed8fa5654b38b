import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { LAW } from "../../worker/redemption/law.ts";
import { buildBloom, mayContain } from "../../worker/kernel/bloom.ts";
import { CONFIGURATIONS, configuration, isWide } from "./bounds.ts";
import { judge, mutantNamed, type Budget, type Verdict } from "./judge.ts";
import { MUTANTS } from "./mutants.ts";
import { AS_BUILT, rulesWith } from "./rules.ts";
import { Scene } from "./scene.ts";
import { search } from "./search.ts";
import { showTrace } from "./show.ts";
import { mutantTable, tableIn } from "./table.ts";
import { walk } from "./walk.ts";

// Work is bounded by counts; the clock only ends what hangs, also on a machine that is busy with other things.
vi.setConfig({ testTimeout: 300_000 });

/** States bound a search here, never the clock: a slow machine finds the same. */
const BUDGET: Budget = { statesMax: 400_000, elapsedMsMax: Number.POSITIVE_INFINITY, now: () => 0 };

/** States within the bounds: a step that the checker forgets to take would lower them. */
const BARE: readonly (readonly [string, number])[] = [
  ["K1", 6_256],
  ["K2", 42_804],
  ["K4cash", 14_851],
  ["K5s", 41_749],
  ["K5pre", 14_242],
  ["K6two", 72_720],
  ["K7idle", 1_018],
  ["K8forgo", 23_219],
  ["Kcrash", 8_581],
  ["Kpause", 51_238],
  ["Krest", 230_475],
  ["Ksame", 5_363],
  ["Kearly", 15_722],
  ["Kexch", 9_169],
  ["Kexch2", 36_827],
  ["Kexch3", 26_732],
  ["Kgate", 64_332],
  ["Kbody", 6_488],
  ["Kbody2", 171],
];
const BUILT: readonly (readonly [string, number])[] = [
  ["K7idle", 8_562],
  ["Kbody", 49_503],
  ["Kshare", 7_293],
  ["Ksame", 36_715],
];

describe("the fixed protocol", () => {
  it.each(BARE)("holds in %s", (name, states) => {
    const found = search(configuration(name), rulesWith({}), { ...BUDGET, looksAtRest: true });
    expect(found.broken && showTrace(found.world, found.broken)).toBeNull();
    expect([found.isComplete, found.states]).toEqual([true, states]);
  });

  it.each(BUILT)("holds in %s as the product is built", (name, states) => {
    const found = search(configuration(name), rulesWith(AS_BUILT), {
      ...BUDGET,
      looksAtRest: true,
    });
    expect(found.broken && showTrace(found.world, found.broken)).toBeNull();
    expect([found.isComplete, found.states]).toEqual([true, states]);
  });

  it.each([...CONFIGURATIONS.values()].filter(isWide))("holds on walks through $name", (bounds) => {
    for (const change of [{}, AS_BUILT]) {
      const found = walk(bounds, rulesWith(change), { ...WALKS, walksMax: 12 });
      expect(found.broken && showTrace(found.world, found.broken)).toBeNull();
      expect(found.steps).toBeGreaterThan(1_000);
    }
  });
});

const WALKS = {
  firstSeed: 1,
  walksMax: 400,
  stepsMax: 160,
  elapsedMsMax: Number.POSITIVE_INFINITY,
  now: () => 0,
};

describe("holes and mutants", () => {
  const verdicts: Verdict[] = [];

  it.each(MUTANTS)("$id: $what", (mutant) => {
    const verdict = judge(mutant, BUDGET);
    verdicts.push(verdict);
    expect(verdict.search.broken?.invariant ?? null).toBe(mutant.breaks);
    expect(verdict.isAsNamed).toBe(true);
  });

  it("stand in docs/protocol.md as they were found", () => {
    const document = readFileSync(join(import.meta.dirname, "../../docs/protocol.md"), "utf8");
    expect(tableIn(document)).toBe(mutantTable(verdicts));
  });

  it("drop every rule of the law, each to a breach", () => {
    const deadly = MUTANTS.filter(({ breaks }) => breaks !== null);
    const dropped = new Set(deadly.flatMap(({ change }) => Object.keys(change.law ?? {})));
    expect(Object.keys(LAW).filter((rule) => !dropped.has(rule))).toEqual([]);
  });

  it.each(["M4", "M9", "H7", "H12", "H13"])("are caught by walks too: %s", (id) => {
    const { change } = mutantNamed(id);
    expect(walk(configuration("W1"), rulesWith(change), WALKS).broken).not.toBeNull();
  });
});

describe("a trace", () => {
  it("says what was done, what changed and what broke", () => {
    const { search: found } = judge(mutantNamed("M3"), BUDGET);
    expect(found.broken && showTrace(found.world, found.broken).split("\n").slice(-4)).toEqual([
      "        epoch: e1 → e2; shelf: 0 → 1; returned: 1 → 0",
      "   8  Sku ← take(o1 e1 by door)",
      "        rolled back",
      "      ⇒ I8 granted under an old epoch",
    ]);
  });
});

describe("the keys of the checker", () => {
  it.each(["pair", "notice_by_text"] as const)(
    "have no false presents of their own: %s",
    (identity) => {
      for (const bounds of CONFIGURATIONS.values()) {
        const scene = new Scene(bounds, { ...rulesWith({}), identity });
        const keys = bounds.orders.map((_, at) => scene.noticeKey(at));
        for (let set = 0; set < 1 << keys.length; set += 1) {
          const told = keys.filter((_, at) => (set >> at) & 1);
          const filter = buildBloom(told, told.length);
          const present = keys.filter((key) => mayContain(filter, key));
          expect(present, `${bounds.name} ${set}`).toEqual(
            keys.filter((key) => told.includes(key)),
          );
        }
      }
    },
  );
});
