import { LIMITS } from "../kernel/limits.ts";
import { describeError, log } from "./log.ts";

interface Job {
  readonly work: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export interface CommitHooks {
  /** Runs inside the transaction, after all work: counters and the like. */
  readonly beforeCommit: () => void;
  /** Runs after the commit, before replies: alarms, outbox timers. */
  readonly afterCommit: () => void;
  /** Throws away what memory knows beyond the rows, after a rollback. */
  readonly forget: () => void;
}

const QUEUE_FULL = "overloaded: too many jobs wait for the next commit";

/** Thrown to callers whose job was never started because too many wait. */
export class QueueFull extends Error {
  override readonly name = "QueueFull";

  constructor() {
    super(QUEUE_FULL);
  }
}

/** The same, also where an object threw it: over RPC an error keeps its text and loses its class. */
export function isQueueFull(error: unknown): boolean {
  return error instanceof Error && error.message.includes(QUEUE_FULL);
}

/**
 * Group commit. The runtime makes one fsync per event-loop turn, so work that arrives while the last
 * commit is being flushed waits here and shares the next one. Replies leave after the commit: the
 * output gate holds them.
 */
export class CommitQueue {
  readonly #storage: DurableObjectStorage;
  readonly #hooks: CommitHooks;
  #jobs: Job[] = [];
  #isScheduled = false;
  #asked = 0;

  constructor(storage: DurableObjectStorage, hooks: CommitHooks) {
    this.#storage = storage;
    this.#hooks = globalThis.failpoints?.around(hooks, storage) ?? hooks;
  }

  /** Commands so far. Who does long work looks whether it grew, and rests longer when it did. */
  get asked(): number {
    return this.#asked;
  }

  /** `work` is synchronous, reads and writes rows, and has no other effect: it may run twice. */
  run<T>(work: () => T): Promise<T> {
    this.#asked += 1;
    return this.#enqueue(work);
  }

  /** The same for work of the object's own, that nobody waits for: sweeps, marks of what was delivered. */
  runUnasked<T>(work: () => T): Promise<T> {
    return this.#enqueue(work);
  }

  #enqueue<T>(work: () => T): Promise<T> {
    if (this.#jobs.length >= LIMITS.queueJobsMax) return Promise.reject(new QueueFull());
    return new Promise<T>((resolve, reject) => {
      this.#jobs.push({ work, resolve: resolve as (value: unknown) => void, reject });
      if (this.#isScheduled) return;
      this.#isScheduled = true;
      setTimeout(() => this.#drain(), 0);
    });
  }

  #drain(): void {
    this.#isScheduled = false;
    const jobs = this.#jobs;
    this.#jobs = [];
    const results = this.#commit(jobs);
    if (results) {
      this.#hooks.afterCommit();
      jobs.forEach((job, at) => job.resolve(results[at]));
      return;
    }
    // One job broke the batch; nothing of it was written. Each runs alone now, so that only the broken one fails.
    for (const job of jobs) {
      try {
        const value = this.#storage.transactionSync(() => {
          const result = job.work();
          this.#hooks.beforeCommit();
          return result;
        });
        job.resolve(value);
      } catch (error) {
        this.#hooks.forget();
        log("commit_failed", { error: describeError(error) });
        job.reject(error);
      }
    }
    this.#hooks.afterCommit();
  }

  #commit(jobs: readonly Job[]): unknown[] | null {
    try {
      return this.#storage.transactionSync(() => {
        const results = jobs.map((job) => job.work());
        this.#hooks.beforeCommit();
        return results;
      });
    } catch (error) {
      this.#hooks.forget();
      log("commit_batch_failed", { jobs: jobs.length, error: describeError(error) });
      return null;
    }
  }
}
