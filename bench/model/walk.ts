/** Seeded random walks through bounds too wide for a search. A seed gives the same walk for ever. */
import type { Bounds } from "./bounds.ts";
import { Invariants } from "./invariants.ts";
import type { State } from "./layout.ts";
import { Rest } from "./rest.ts";
import type { Rules } from "./rules.ts";
import { invariantOf, type Broken, type TraceStep } from "./search.ts";
import { World } from "./world.ts";

export interface WalkLimits {
  readonly firstSeed: number;
  readonly walksMax: number;
  readonly stepsMax: number;
  readonly elapsedMsMax: number;
  readonly now: () => number;
  readonly onProgress?: (progress: { readonly walks: number; readonly steps: number }) => void;
}

export interface Walks {
  readonly world: World;
  readonly broken: Broken | null;
  /** Of the walk that broke, else of the last one. */
  readonly seed: number;
  readonly walks: number;
  readonly steps: number;
}

/** Coming to rest is tried at every so many steps. */
const REST_EVERY = 3;

export function walk(bounds: Bounds, rules: Rules, limits: WalkLimits): Walks {
  const startedAtMs = limits.now();
  const world = new World(bounds, rules);
  const invariants = new Invariants(world);
  const rest = new Rest(world, invariants);
  let walks = 0;
  let steps = 0;
  let seed = limits.firstSeed;
  let broken: Broken | null = null;
  while (!broken && walks < limits.walksMax && limits.now() - startedAtMs < limits.elapsedMsMax) {
    seed = limits.firstSeed + walks;
    const one = walkOnce(world, invariants, rest, randomOf(seed), limits.stepsMax);
    walks += 1;
    steps += one.steps;
    ({ broken } = one);
    limits.onProgress?.({ walks, steps });
  }
  return { world, broken, seed, walks, steps };
}

function walkOnce(
  world: World,
  invariants: Invariants,
  rest: Rest,
  random: () => number,
  stepsMax: number,
): { readonly broken: Broken | null; readonly steps: number } {
  let state = world.start();
  const trace: TraceStep[] = [];
  const ends = (message: string) => ({
    broken: { message, invariant: invariantOf(message), steps: trace },
    steps: trace.length,
  });
  while (trace.length < stepsMax) {
    const choices = choicesFrom(world, state);
    const choice = choices[Math.floor(random() * choices.length)];
    if (!choice) break;
    trace.push({ action: choice.action(), state: choice.next });
    if (!choice.next) return ends(choice.breach ?? "");
    const fell = world.durableSku(choice.next).sale.epoch < world.durableSku(state).sale.epoch;
    if (fell) return ends("I8 the epoch fell");
    state = choice.next;
    const isRestTried = trace.length % REST_EVERY === 0;
    const message = invariants.always(state) ?? (isRestTried ? rest.broken(state) : null);
    if (message) return ends(message);
  }
  return { broken: null, steps: trace.length };
}

interface Choice {
  readonly action: () => string;
  readonly next: State | null;
  readonly breach: string | null;
}

/** Steps that change nothing would only make a walk shorter. */
function choicesFrom(world: World, state: State): Choice[] {
  const choices: Choice[] = [];
  world.successors(state, (action, next, breach) => {
    if (!next || next.some((word, at) => word !== state[at]))
      choices.push({ action, next, breach });
  });
  return choices;
}

/** mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
