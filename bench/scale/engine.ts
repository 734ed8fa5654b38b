/** Discrete events: a clock, a heap of what happens next, and threads that do one thing at a time. */

type Happening = () => void;

/** Happenings in order of time, those of one moment in the order they were asked for. */
export class Engine {
  nowMs = 0;
  readonly #times: number[] = [];
  readonly #turns: number[] = [];
  readonly #happenings: Happening[] = [];
  #turn = 0;

  at(timeMs: number, happening: Happening): void {
    this.#turn += 1;
    this.#push(Math.max(timeMs, this.nowMs), this.#turn, happening);
  }

  after(delayMs: number, happening: Happening): void {
    this.at(this.nowMs + delayMs, happening);
  }

  /** Runs until nothing is left. `arrivals` come from outside, in order of time, without a place on the heap. */
  run(arrivals?: { readonly timesMs: Float64Array; readonly arrive: (at: number) => void }): void {
    const count = arrivals?.timesMs.length ?? 0;
    let next = 0;
    for (;;) {
      const heapMs = this.#times[0] ?? Number.POSITIVE_INFINITY;
      const arrivalMs = next < count ? (arrivals?.timesMs[next] ?? 0) : Number.POSITIVE_INFINITY;
      if (arrivalMs <= heapMs && next < count) {
        this.nowMs = Math.max(this.nowMs, arrivalMs);
        arrivals?.arrive(next);
        next += 1;
      } else if (this.#happenings.length > 0) {
        this.nowMs = heapMs;
        this.#pop()();
      } else return;
    }
  }

  #push(time: number, turn: number, happening: Happening): void {
    const { length } = this.#times;
    this.#times.push(time);
    this.#turns.push(turn);
    this.#happenings.push(happening);
    let at = length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(at, parent)) break;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #pop(): Happening {
    const first = this.#happenings[0] as Happening;
    const last = this.#times.length - 1;
    this.#swap(0, last);
    this.#times.pop();
    this.#turns.pop();
    this.#happenings.pop();
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= last) break;
      const right = left + 1;
      const child = right < last && this.#isBefore(right, left) ? right : left;
      if (!this.#isBefore(child, at)) break;
      this.#swap(at, child);
      at = child;
    }
    return first;
  }

  #isBefore(a: number, b: number): boolean {
    const left = this.#times[a] as number;
    const right = this.#times[b] as number;
    return (
      left < right || (left === right && (this.#turns[a] as number) < (this.#turns[b] as number))
    );
  }

  #swap(a: number, b: number): void {
    swap(this.#times, a, b);
    swap(this.#turns, a, b);
    swap(this.#happenings, a, b);
  }
}

function swap(list: unknown[], a: number, b: number): void {
  const kept = list[a];
  list[a] = list[b];
  list[b] = kept;
}

/** One thing at a time, in the order of arrival. */
export class Thread {
  readonly #engine: Engine;
  #freeAtMs = Number.NEGATIVE_INFINITY;
  busyMs = 0;
  /** The longest that anything had to wait for its turn. */
  waitPeakMs = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  get waitMs(): number {
    return Math.max(0, this.#freeAtMs - this.#engine.nowMs);
  }

  /** Books the next free stretch; answers when it ends. */
  book(costMs: number): number {
    const { waitMs } = this;
    if (waitMs > this.waitPeakMs) this.waitPeakMs = waitMs;
    this.#freeAtMs = this.#engine.nowMs + waitMs + costMs;
    this.busyMs += costMs;
    return this.#freeAtMs;
  }

  run(costMs: number, then: Happening): void {
    this.#engine.at(this.book(costMs), then);
  }
}

interface Job {
  readonly costMs: number;
  /** Decides and writes; true when it wrote. */
  readonly work: () => boolean;
  readonly done: () => void;
}

/** Group commit: jobs that come while a commit is made share the next one. Replies leave when it is confirmed. */
export class Commits {
  readonly #engine: Engine;
  readonly #thread: Thread;
  readonly #turnMs: number;
  readonly #threadMs: number;
  readonly #latencyMs: number;
  readonly #onCommit: () => void;
  #jobs: Job[] = [];
  #isScheduled = false;

  constructor(
    engine: Engine,
    thread: Thread,
    costs: {
      readonly turnMs: number;
      readonly commitThreadMs: number;
      readonly commitLatencyMs: number;
    },
    onCommit: () => void,
  ) {
    this.#engine = engine;
    this.#thread = thread;
    this.#turnMs = costs.turnMs;
    this.#threadMs = costs.commitThreadMs;
    this.#latencyMs = costs.commitLatencyMs;
    this.#onCommit = onCommit;
  }

  run(costMs: number, work: () => boolean, done: () => void): void {
    this.#jobs.push({ costMs, work, done });
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#engine.after(this.#turnMs, () => this.#thread.run(0, () => this.#drain()));
  }

  #drain(): void {
    this.#isScheduled = false;
    const jobs = this.#jobs;
    this.#jobs = [];
    let costMs = 0;
    let isWritten = false;
    for (const job of jobs) {
      costMs += job.costMs;
      if (job.work()) isWritten = true;
    }
    if (isWritten) this.#onCommit();
    const endsAtMs = this.#thread.book(costMs + (isWritten ? this.#threadMs : 0));
    this.#engine.at(endsAtMs + (isWritten ? this.#latencyMs : 0), () => {
      for (const job of jobs) job.done();
    });
  }
}
