/** Virtual time: one heap of events, one turn at a time. The same seed gives the same order, for ever. */
import type { Random } from "../../../worker/testing/simulation/random.ts";

/** Who runs code in a turn: an object, or the world outside the objects. */
export interface Party {
  readonly name: string;
  /** How far this party's clock is ahead of the scheduler's, ms. */
  readonly skewMs: number;
  /** Rises when everything in this party's memory is lost; events of an older life do not run. */
  readonly life: number;
  /** All code of the turn has run, its promises included. */
  endTurn(): void;
  /** Hands something to the world; held back until what the party wrote is durable. */
  output(send: () => void): void;
}

export interface Event {
  readonly atMs: number;
  readonly seq: number;
  readonly party: Party;
  /** Null: runs whatever life the party is in. */
  readonly life: number | null;
  run: (() => void) | null;
}

export class Scheduler {
  nowMs: number;
  /** Whose turn it is. */
  current: Party | null = null;
  turns = 0;
  readonly #random: Random;
  readonly #heap: Event[] = [];
  #seq = 0;

  constructor(startMs: number, random: Random) {
    this.nowMs = startMs;
    this.#random = random;
  }

  get pending(): number {
    return this.#heap.length;
  }

  /** Runs later in a turn of its own. Nothing takes no time at all, and equal delays race. */
  after(party: Party, delayMs: number, run: () => void): Event {
    return this.#plan(party, party.life, delayMs, run);
  }

  /** As `after`, and a crash of the party in between does not matter: what comes from outside. */
  whenever(party: Party, delayMs: number, run: () => void): Event {
    return this.#plan(party, null, delayMs, run);
  }

  #plan(party: Party, life: number | null, delayMs: number, run: () => void): Event {
    const atMs = this.nowMs + Math.max(0, delayMs) + this.#random.next() * 0.2;
    const event: Event = { atMs, seq: (this.#seq += 1), party, life, run };
    this.#push(event);
    return event;
  }

  cancel(event: Event): void {
    event.run = null;
  }

  /** Runs turns until `isDone` or until nothing is left before `untilMs`. */
  run(untilMs: number, isDone: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      let party: Party | null = null;
      const turn = (): void => {
        try {
          party?.endTurn();
          this.current = null;
          party = isDone() ? null : this.#turn(untilMs);
        } catch (error) {
          reject(error);
          return;
        }
        if (party) whenDrained(turn);
        else resolve();
      };
      turn();
    });
  }

  /** Begins the next turn and says whose it is; null: nothing is left to do in time. */
  #turn(untilMs: number): Party | null {
    for (;;) {
      const first = this.#heap[0];
      if (!first || first.atMs > untilMs) {
        this.nowMs = Math.max(this.nowMs, untilMs);
        return null;
      }
      this.#pop();
      const { life, party, run } = first;
      if (run === null || (life !== null && life !== party.life)) continue;
      this.nowMs = first.atMs;
      this.current = party;
      this.turns += 1;
      run();
      return party;
    }
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(event);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (!above || isBefore(above, event)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (heap.length === 0 || !last) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      const right = heap[child + 1];
      const left = heap[child];
      if (!left) break;
      if (right && isBefore(right, left)) child += 1;
      const least = heap[child];
      if (!least || isBefore(last, least)) break;
      heap[at] = least;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.seq < b.seq);
}

const NOTHING = Promise.resolve();

/**
 * Runs when every promise that a turn settled has run: Node comes to a tick that was asked for among promises when no
 * promise is left. Many times cheaper than a phase of the event loop, and nothing simulated needs one.
 */
function whenDrained(run: () => void): void {
  void NOTHING.then(() => process.nextTick(run));
}
