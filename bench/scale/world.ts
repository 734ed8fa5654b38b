/** What the objects of the model share: clock, crowd, counters, and how a call travels. */
import type { Random } from "../load/random.ts";
import type { Crowd, Outcome } from "./crowd.ts";
import { Commits, Engine, Thread } from "./engine.ts";
import type { Parameters } from "./parameters.ts";

export const CLASSES = ["Worker", "Gate", "Sku", "Account", "Projector", "D1"] as const;
export type Class = (typeof CLASSES)[number];

/** What is billed, and what an operator wants to see. */
export class Tally {
  readonly requests: Record<Class, number> = perClass();
  readonly waitPeakMs: Record<Class, number> = perClass();
  readonly busyMs: Record<Class, number> = perClass();
  messagesIn = 0;
  messagesOut = 0;
  objectRows = 0;
  objectRowsRead = 0;
  d1Rows = 0;
  overloads = 0;
}

export function perClass(): Record<Class, number> {
  return { Worker: 0, Gate: 0, Sku: 0, Account: 0, Projector: 0, D1: 0 };
}

export class World {
  readonly engine = new Engine();
  readonly tally = new Tally();
  readonly p: Parameters;
  readonly random: Random;
  readonly crowd: Crowd;
  readonly #threads: { readonly owner: Class; readonly thread: Thread }[] = [];
  readonly #shared = new Thread(this.engine);
  /** Told of each verdict: a closed loop sends its next tap then. */
  onVerdict: (id: number, atMs: number) => void = () => undefined;

  constructor(p: Parameters, crowd: Crowd, random: Random) {
    this.p = p;
    this.crowd = crowd;
    this.random = random;
  }

  /** An object has a thread of its own, unless one process serves all. */
  thread(owner: Class): Thread {
    if (this.p.sharedThread === 1) return this.#shared;
    const thread = new Thread(this.engine);
    this.#threads.push({ owner, thread });
    return thread;
  }

  commits(thread: Thread): Commits {
    return new Commits(this.engine, thread, this.p, () => {
      this.tally.objectRows += this.p.commitRows;
    });
  }

  /**
   * A call to an object: a hop there, its turn, its work; `answer` runs after the hop back. `refuse` runs when the object
   * has so much before it that the platform turns the call away.
   */
  call(
    owner: Class,
    thread: Thread,
    serve: (answer: () => void) => void,
    answer: () => void,
    refuse: () => void = answer,
  ): void {
    const { engine, p, tally } = this;
    tally.requests[owner] += 1;
    engine.after(p.hopRttMs / 2, () => {
      if (thread.waitMs > p.overloadAfterMs) {
        tally.overloads += 1;
        engine.after(p.hopRttMs / 2, refuse);
        return;
      }
      thread.run(p.callMs, () => serve(() => engine.after(p.hopRttMs / 2, answer)));
    });
  }

  verdict(id: number, outcome: Outcome, atMs: number): void {
    if (this.crowd.hasVerdict(id)) return;
    this.crowd.verdict(id, outcome, atMs);
    this.onVerdict(id, atMs);
  }

  /** After the run. */
  close(): void {
    for (const { owner, thread } of this.#threads) {
      this.tally.busyMs[owner] += thread.busyMs;
      this.tally.waitPeakMs[owner] = Math.max(this.tally.waitPeakMs[owner], thread.waitPeakMs);
    }
    this.tally.busyMs.Worker += this.#shared.busyMs;
    this.tally.waitPeakMs.Worker = Math.max(this.tally.waitPeakMs.Worker, this.#shared.waitPeakMs);
  }
}
