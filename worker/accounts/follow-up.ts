/**
 * Recovery: every pending hold is asked about until its Sku gives a definite word. Driven by timers while the
 * object is awake, by its alarm, its constructor and the cron sweep when those were lost.
 */
import { orderKeyOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { describeError, log } from "../platform/log.ts";
import {
  answerFromNotice,
  verdictFromNotice,
  type NoticeReply,
  type TakeAnswer,
} from "../redemption/index.ts";
import type { Order } from "./orders.ts";
import type { AccountStore } from "./store.ts";

interface Plan {
  nextAtMs: number;
  attempts: number;
}

export interface FollowUpPorts {
  readonly store: AccountStore;
  readonly now: () => number;
  readonly ask: (order: Order) => Promise<Order | null>;
  readonly notice: (saleId: string) => Promise<NoticeReply | null>;
  /** Settles orders that a notice refuses, in one commit each batch. */
  readonly settle: (orders: readonly { order: Order; answer: TakeAnswer }[]) => Promise<void>;
}

const FIRST_ASK_MS = 1_000;
/** Retries cap here while a sale is live. */
const ASK_EVERY_MS_MAX = 5_000;
const AFTER_OPENING_MS = 1_000;
/** From here on one notice is cheaper than a question each. */
const NOTICE_FROM_HOLDS = 32;

export class FollowUp {
  readonly #ports: FollowUpPorts;
  readonly #plans = new Map<string, Plan>();
  #isRunning = false;

  constructor(ports: FollowUpPorts) {
    this.#ports = ports;
  }

  /** The earliest moment at which a pending hold wants attention. */
  nextAtMs(): number {
    let nextAtMs = Number.POSITIVE_INFINITY;
    for (const saleId of this.#ports.store.orders.pending.keys()) {
      nextAtMs = Math.min(nextAtMs, this.#planOf(saleId).nextAtMs);
    }
    return nextAtMs;
  }

  #planOf(saleId: string): Plan {
    let plan = this.#plans.get(saleId);
    if (!plan) {
      plan = { nextAtMs: this.#firstAskMs(saleId), attempts: 0 };
      this.#plans.set(saleId, plan);
    }
    return plan;
  }

  /** Nothing can be decided before the sale opens. */
  #firstAskMs(saleId: string): number {
    const nowMs = this.#ports.now();
    const [order] = this.#ports.store.orders.pending.get(saleId)?.values() ?? [];
    const opensAtMs = order?.opensAtMs ?? nowMs;
    return opensAtMs > nowMs ? opensAtMs + AFTER_OPENING_MS : nowMs + FIRST_ASK_MS;
  }

  /**
   * Asks about everything that is due. Bounded; never throws. False: another run is going on, and what is due stays due
   * until it ends, so a timer that came for it must not be set again before.
   */
  async run(): Promise<boolean> {
    if (this.#isRunning) return false;
    this.#isRunning = true;
    await this.#run();
    this.#isRunning = false;
    return true;
  }

  async #run(): Promise<void> {
    try {
      const nowMs = this.#ports.now();
      for (const saleId of [...this.#plans.keys()]) {
        if (!this.#ports.store.orders.pending.has(saleId)) this.#plans.delete(saleId);
      }
      for (const [saleId, orders] of [...this.#ports.store.orders.pending]) {
        const plan = this.#planOf(saleId);
        if (plan.nextAtMs > nowMs) continue;
        plan.attempts += 1;
        plan.nextAtMs = nowMs + Math.min(FIRST_ASK_MS * 2 ** (plan.attempts - 1), ASK_EVERY_MS_MAX);
        await this.#followUp(saleId, [...orders.values()]);
      }
    } catch (error) {
      log("follow_up_failed", { error: describeError(error) });
    }
  }

  async #followUp(saleId: string, orders: readonly Order[]): Promise<void> {
    globalThis.failpoints?.reach("account:follow-up:before-ask");
    let open = orders;
    if (orders.length >= NOTICE_FROM_HOLDS) open = await this.#applyNotice(saleId, orders);
    await Promise.all(open.slice(0, LIMITS.alarmWorkMax).map((order) => this.#ports.ask(order)));
  }

  /** One notice settles every hold it names as refused; the rest must be asked about. */
  async #applyNotice(saleId: string, orders: readonly Order[]): Promise<readonly Order[]> {
    const reply = await this.#ports.notice(saleId);
    globalThis.failpoints?.reach("account:notice:after-reply");
    if (!reply) return orders;
    const { frozen } = reply.standing;
    if (!frozen || !reply.granted) return orders.filter((order) => order.isWanted);
    const notice = { ...frozen, granted: reply.granted };
    const refused: { order: Order; answer: TakeAnswer }[] = [];
    const open: Order[] = [];
    for (const order of orders) {
      if (verdictFromNotice(notice, orderKeyOf(order), order.epoch) === "refused") {
        refused.push({ order, answer: answerFromNotice(notice, order.epoch) });
      } else if (order.isWanted || order.epoch <= notice.upTo) {
        open.push(order);
      }
    }
    for (let at = 0; at < refused.length; at += LIMITS.outboxBatchMax) {
      await this.#ports.settle(refused.slice(at, at + LIMITS.outboxBatchMax));
    }
    return open;
  }
}
