/** Breadth-first search: every state within the bounds, and the shortest way to one in which an invariant is broken. */
import type { Bounds } from "./bounds.ts";
import { Invariants } from "./invariants.ts";
import type { State } from "./layout.ts";
import { Rest } from "./rest.ts";
import type { Rules } from "./rules.ts";
import { Visited } from "./visited.ts";
import { World } from "./world.ts";

export interface Limits {
  readonly statesMax: number;
  readonly elapsedMsMax: number;
  /** Looks also at what is broken once everything has come to rest; off, at each state as it is. */
  readonly looksAtRest: boolean;
  /** Milliseconds of a clock that only runs forward. */
  readonly now: () => number;
  /** Called now and then on long searches. */
  readonly onProgress?: (progress: { readonly states: number; readonly depth: number }) => void;
}

export interface TraceStep {
  readonly action: string;
  /** The state after it; null: a breach rolled it back. */
  readonly state: State | null;
}

export interface Broken {
  /** Begins with the name of the invariant; `at rest:` before it when it breaks only once everything has settled. */
  readonly message: string;
  readonly invariant: string;
  readonly steps: readonly TraceStep[];
}

export interface Search {
  readonly world: World;
  readonly broken: Broken | null;
  /** Every reachable state was visited. */
  readonly isComplete: boolean;
  readonly states: number;
  readonly transitions: number;
  /** Steps from the start to the farthest state. */
  readonly depth: number;
}

const TICK = 1_024;

export function search(bounds: Bounds, rules: Rules, limits: Limits): Search {
  return new BreadthFirst(bounds, rules, limits).run();
}

/**
 * Looks for a state that is broken as it is, and only when there is none for one that breaks on its way to rest: the
 * trace of the former ends where the fault is seen.
 */
export function searchTwice(
  bounds: Bounds,
  rules: Rules,
  limits: Omit<Limits, "looksAtRest">,
): Search {
  const first = search(bounds, rules, { ...limits, looksAtRest: false });
  return first.broken ? first : search(bounds, rules, { ...limits, looksAtRest: true });
}

/** The invariant that a message of a breach names. */
export function invariantOf(message: string): string {
  return /\bI\d+\b/.exec(message)?.[0] ?? "assertion";
}

class BreadthFirst {
  readonly #world: World;
  readonly #invariants: Invariants;
  readonly #rest: Rest;
  readonly #visited: Visited;
  readonly #limits: Limits;
  /** By state: the one it was reached from, -1 for the start. */
  readonly #parents: number[] = [];
  #transitions = 0;
  #depth = 0;
  #broken: Broken | null = null;

  constructor(bounds: Bounds, rules: Rules, limits: Limits) {
    this.#world = new World(bounds, rules);
    this.#invariants = new Invariants(this.#world);
    this.#rest = new Rest(this.#world, this.#invariants);
    this.#visited = new Visited(this.#world.layout.words);
    this.#limits = limits;
  }

  run(): Search {
    const startedAtMs = this.#limits.now();
    this.#meet(this.#world.start(), -1);
    let levelEnd = 1;
    let isComplete = true;
    for (let index = 0; index < this.#visited.count && !this.#broken; index += 1) {
      if (index === levelEnd) {
        this.#depth += 1;
        levelEnd = this.#visited.count;
      }
      if (index % TICK === 0 && this.#isOver(startedAtMs)) {
        isComplete = false;
        break;
      }
      this.#expand(index);
    }
    return {
      world: this.#world,
      broken: this.#broken,
      isComplete: isComplete && !this.#broken,
      states: this.#visited.count,
      transitions: this.#transitions,
      depth: this.#depth,
    };
  }

  #isOver(startedAtMs: number): boolean {
    const { statesMax, elapsedMsMax, now, onProgress } = this.#limits;
    onProgress?.({ states: this.#visited.count, depth: this.#depth });
    return this.#visited.count > statesMax || now() - startedAtMs > elapsedMsMax;
  }

  #expand(index: number): void {
    const from = this.#visited.at(index);
    const epoch = this.#world.durableSku(from).sale.epoch;
    this.#world.successors(from, (action, next, breach) => {
      if (this.#broken) return;
      this.#transitions += 1;
      if (!next)
        return this.#report(breach ?? "", [
          ...this.#trace(index),
          { action: action(), state: null },
        ]);
      if (!this.#meet(next, index)) return;
      if (this.#world.durableSku(next).sale.epoch < epoch)
        this.#report("I8 the epoch fell", this.#trace(this.#visited.count - 1));
    });
  }

  /** Looks at a state when it is first met, so that every state of a level is judged before the next level begins. */
  #meet(state: State, parent: number): boolean {
    if (!this.#visited.add(state)) return false;
    this.#parents.push(parent);
    const message =
      this.#invariants.always(state) ??
      (this.#limits.looksAtRest ? this.#rest.broken(state) : null);
    if (message) this.#report(message, this.#trace(this.#visited.count - 1));
    return true;
  }

  #report(message: string, steps: readonly TraceStep[]): void {
    this.#broken ??= { message, invariant: invariantOf(message), steps };
  }

  /** Only states are kept; what led from one to the next is found again. */
  #trace(index: number): TraceStep[] {
    const steps: TraceStep[] = [];
    for (let at = index; (this.#parents[at] ?? -1) >= 0; at = this.#parents[at] ?? -1) {
      const state = this.#visited.at(at).slice();
      const parent = this.#visited.at(this.#parents[at] ?? 0);
      steps.unshift({ action: actionBetween(this.#world, parent, state), state });
    }
    return steps;
  }
}

function actionBetween(world: World, from: State, to: State): string {
  let found: string | null = null;
  world.successors(from, (action, next) => {
    if (found === null && next?.every((word, at) => word === to[at])) found = action();
  });
  if (found === null) throw new RangeError("a state of the search has no action that leads to it");
  return found;
}
