/**
 * Writes off lapsed lots of a whole bucket, exact to the day, in steps so small that a redemption never waits for one. Run
 * by the alarm of the earliest due moment; members who come by before are written off when they are touched.
 */
import { LIMITS } from "../kernel/limits.ts";
import type { CommitQueue } from "../platform/commit-queue.ts";
import type { PointsDesk } from "./points-desk.ts";
import type { AccountStore } from "./store.ts";

/** Between two steps the object answers whoever waits. */
const PAUSE_MS = 8;

export class LapseSweeper {
  readonly #store: AccountStore;
  readonly #commits: CommitQueue;
  readonly #desk: PointsDesk;
  readonly #now: () => number;
  #isRunning = false;

  constructor(store: AccountStore, commits: CommitQueue, desk: PointsDesk, now: () => number) {
    this.#store = store;
    this.#commits = commits;
    this.#desk = desk;
    this.#now = now;
  }

  /** When there is something to write off; infinity: never. */
  nextAtMs(): number {
    return this.#store.members.nextDueAtMs();
  }

  /** Bounded by the work of one alarm; what is left makes the next alarm due at once. */
  async run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      for (let done = 0; done < LIMITS.alarmWorkMax; done += LIMITS.expiredPerStepMax) {
        if (this.nextAtMs() > this.#now()) return;
        const hasMore = await this.#commits.run(() =>
          this.#desk.sweepLapsed(this.#now(), LIMITS.expiredPerStepMax),
        );
        if (!hasMore) return;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    } finally {
      this.#isRunning = false;
    }
  }
}
