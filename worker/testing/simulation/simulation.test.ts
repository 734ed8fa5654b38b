import { describe, expect, it } from "vitest";
import { LAW, type Law } from "../../redemption/law.ts";
import { runSeed } from "./run.ts";

const SEEDS = 15_000;
/** A mutant that outlives this many seeds is not caught. */
const MUTANT_SEEDS = 6_000;

/** Each rule dropped, and the invariants that may notice first. */
const MUTANTS: readonly (readonly [keyof Law, readonly string[]])[] = [
  ["idempotentTake", ["I1", "I5", "I6"]],
  ["knownIdFirst", ["I5", "I6"]],
  ["epochCheck", ["I3", "I8"]],
  ["waveRaisesEpoch", ["I3"]],
  ["restockRaisesEpoch", ["I3"]],
  ["cancelOnceAtSku", ["I1"]],
  ["cancelToReturned", ["I3"]],
  ["frozenNoticeComplete", ["I5", "I6"]],
  ["holdOutlivesTimeout", ["I5", "I6"]],
  ["notOpenIsNoVerdict", ["I5", "I6"]],
  ["voidIsForEver", ["I5", "I6"]],
  ["settleOnce", ["I4"]],
  ["cancelOnceAtAccount", ["I4", "assertion"]],
  ["limitCountsPending", ["I7"]],
  ["refusalIsRecorded", ["I6"]],
  ["ticketIsProbed", ["I9"]],
  ["cancelNeverVoidsPending", ["I5", "I6"]],
  ["exchangeAsksFirst", ["I5", "I6"]],
  ["earlyTapMarksNothing", ["I9"]],
];

describe("the protocol on a faulty network", () => {
  it(`keeps every invariant over ${SEEDS} seeds`, () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const run = runSeed(seed);
      expect(run.broken, `seed ${seed}, step ${run.step}: ${run.message}`).toBeNull();
    }
  }, 120_000);

  it.each(MUTANTS)("notices when %s is dropped", (rule, expected) => {
    const mutant: Law = { ...LAW, [rule]: false };
    let caught: string | null = null;
    for (let seed = 1; caught === null && seed <= MUTANT_SEEDS; seed += 1) {
      caught = runSeed(seed, mutant).broken;
    }
    expect(expected).toContain(caught);
  });
});
