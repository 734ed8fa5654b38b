/**
 * What time does to orders: unpaid ones lapse, shipped ones count as received, finished ones close; and what must be asked
 * outside is asked. Driven by one figure, the earliest moment of all; nothing is scanned.
 */
import { LIMITS } from "../kernel/limits.ts";
import type { CommitQueue } from "../platform/commit-queue.ts";
import { AwakeTimer } from "../platform/earliest-timer.ts";
import { describeError, log } from "../platform/log.ts";
import { STUCK_RETRY_MS } from "../platform/upkeep.ts";
import type { OrderRef } from "../redemption/index.ts";
import type { Errand, LifeDesk } from "./life-desk.ts";
import type { AccountStore } from "./store.ts";

export interface LifeClockPorts {
  readonly store: AccountStore;
  readonly commits: CommitQueue;
  readonly desk: LifeDesk;
  readonly now: () => number;
  /** Does one errand outside; never throws. */
  readonly run: (memberKey: string, orderId: string, errand: Errand) => Promise<void>;
}

/**
 * Orders of one commit. Each commit is waited for until it is on the disk, so ten thousand at one instant take few of them; a
 * redemption that shares one waits for it a tenth of a second at most.
 */
const BATCH = 1_024;
/** Moments that lie closer together share a commit: an fsync for each would be all that the object does in a rush. */
const GATHER_MS = 50;

export class LifeClock {
  readonly #ports: LifeClockPorts;
  readonly #timer = new AwakeTimer(() => void this.run());
  #isRunning = false;
  #lastRunAtMs = 0;
  #isBehind = false;

  constructor(ports: LifeClockPorts) {
    this.#ports = ports;
  }

  nextAtMs(): number {
    return this.#ports.store.lives.nextDueAtMs();
  }

  /** More was due than one commit takes. What can wait, waits. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  afterCommit(): void {
    if (this.#isRunning) return;
    const nextAtMs = this.nextAtMs();
    const nowMs = this.#ports.now();
    const restMs = Math.min(GATHER_MS, this.#lastRunAtMs + GATHER_MS - nowMs);
    this.#timer.set(nextAtMs, Math.max(restMs, nextAtMs - nowMs));
  }

  /** Bounded by the work of one alarm; what is left makes the next one due at once. Never throws. */
  async run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      for (let done = 0; done < LIMITS.dueOrdersMax; done += BATCH) {
        if (this.nextAtMs() > this.#ports.now()) break;
        if (!(await this.#batch())) break;
      }
    } catch (error) {
      log("order_clock_failed", { error: describeError(error) });
    } finally {
      this.#isRunning = false;
      this.#isBehind = false;
      this.#lastRunAtMs = this.#ports.now();
    }
    this.afterCommit();
  }

  /** False: nothing of it moved on, so going on at once would find the same again. */
  async #batch(): Promise<boolean> {
    const { store, commits, desk, now } = this.#ports;
    const due = store.lives.due(now(), BATCH);
    this.#isBehind = due.length === BATCH;
    this.#warm(due);
    // A job each in one commit: an order that breaks fails alone.
    const done = await Promise.allSettled(
      due.map(({ memberKey, orderId }) => commits.run(() => desk.due(memberKey, orderId, now()))),
    );
    let moved = 0;
    done.forEach((result, at) => {
      const order = due[at];
      if (result.status === "rejected" || !order) return;
      moved += 1;
      for (const errand of result.value) {
        void this.#ports.run(order.memberKey, order.orderId, errand);
      }
    });
    const stuck = due.filter((_, at) => done[at]?.status === "rejected");
    if (stuck.length > 0) {
      await commits.run(() => store.lives.postpone(stuck, now() + STUCK_RETRY_MS));
    }
    return moved > 0;
  }

  /** Only spares statements. A row that cannot be read is met again by the order that needs it, and that one fails alone. */
  #warm(due: readonly OrderRef[]): void {
    try {
      this.#ports.store.warm(due);
    } catch (error) {
      log("warm_failed", { orders: due.length, error: describeError(error) });
    }
  }
}
