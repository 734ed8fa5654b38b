/** What time does to what is held for a till, and to top-ups that nobody spoke of. Driven by one figure, the earliest moment; nothing is scanned. */
import { LIMITS } from "../../kernel/limits.ts";
import { AwakeTimer } from "../../platform/earliest-timer.ts";
import { describeError, log } from "../../platform/log.ts";
import type { TopUp } from "../stored-value/index.ts";

const BATCH = 64;

export interface SpendingClockPorts {
  readonly now: () => number;
  readonly nextAtMs: () => number;
  /** Does what is due, so many at most, and says what must be asked outside. */
  readonly due: (nowMs: number, count: number) => Promise<readonly TopUp[]>;
  /** Never throws. */
  readonly ask: (topUp: TopUp) => Promise<void>;
}

export class SpendingClock {
  readonly #ports: SpendingClockPorts;
  readonly #timer = new AwakeTimer(() => void this.run());
  #isRunning = false;

  constructor(ports: SpendingClockPorts) {
    this.#ports = ports;
  }

  nextAtMs(): number {
    return this.#ports.nextAtMs();
  }

  afterCommit(): void {
    if (this.#isRunning) return;
    const nextAtMs = this.nextAtMs();
    this.#timer.set(nextAtMs, nextAtMs - this.#ports.now());
  }

  /** Never throws; bounded by the work of one alarm, what is left makes the next one due at once. */
  async run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    const { now, due, ask } = this.#ports;
    try {
      for (let done = 0; done < LIMITS.alarmWorkMax; done += BATCH) {
        if (this.nextAtMs() > now()) break;
        for (const topUp of await due(now(), BATCH)) void ask(topUp);
      }
    } catch (error) {
      log("spending_clock_failed", { error: describeError(error) });
    } finally {
      this.#isRunning = false;
    }
    this.afterCommit();
  }
}
