/**
 * Writes off lapsed lots of a whole bucket, exact to the day, in steps so small that a redemption never waits long for one. Run
 * by the alarm of the earliest due moment; members who come by before are written off when they are touched.
 */
import { LIMITS } from "../kernel/limits.ts";
import type { CommitQueue } from "../platform/commit-queue.ts";
import { FIRST_PACE, nextPace } from "../platform/pace.ts";
import { commitOrApart, STUCK_RETRY_MS } from "../platform/upkeep.ts";
import type { PointsDesk } from "./points-desk.ts";
import type { AccountStore } from "./store.ts";

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
      await this.#steps();
    } finally {
      this.#isRunning = false;
    }
  }

  async #steps(): Promise<void> {
    let pace = FIRST_PACE;
    let left: number = LIMITS.alarmWorkMax;
    while (left > 0) {
      if (this.nextAtMs() > this.#now()) return;
      const { rows, restMs } = pace;
      const startedMs = this.#now();
      const askedBefore = this.#commits.asked;
      if (!(await this.#step(rows))) return;
      left -= rows;
      await new Promise((resolve) => setTimeout(resolve, restMs));
      // A rest that ends late says how long the thread was taken by the commit, by D1 or by others.
      const tookMs = Math.max(0, this.#now() - startedMs - restMs);
      pace = nextPace(pace, { tookMs, isBusy: this.#commits.asked > askedBefore });
    }
  }

  /** False: nothing is left. */
  async #step(rows: number): Promise<boolean> {
    const nowMs = this.#now();
    const { members } = this.#store;
    const hasMore = await commitOrApart(this.#commits, () => this.#desk.sweepLapsed(nowMs, rows), {
      ...{ kind: "account: lapse", items: () => members.dueMembers(nowMs, rows) },
      work: (memberKey: string) => this.#desk.sweepMember(memberKey, nowMs, rows),
      putOff: (memberKey: string) => members.postpone(memberKey, nowMs + STUCK_RETRY_MS),
    });
    return hasMore ?? true;
  }
}
