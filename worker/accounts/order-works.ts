/**
 * What an order needs from outside: a word of its provider, money sent back, goods that deliver themselves. Each call was
 * claimed in a commit before, and its answer is applied in one; so a call may be made twice, and is made at least once.
 */
import type { TakenBackGoods } from "../fulfilment/index.ts";
import { splitMemberKey } from "../kernel/ids.ts";
import { invariant } from "../kernel/invariant.ts";
import { payerTrait, type PaymentProvider, type ProviderName } from "../payments/index.ts";
import type { CommitQueue } from "../platform/commit-queue.ts";
import { describeError, log } from "../platform/log.ts";
import type { CaseReply } from "./after-sales-desk.ts";
import type { Errand, LifeDesk } from "./life-desk.ts";
import {
  attemptClosed,
  attemptDropped,
  CASH_LAW,
  isBeginningOver,
  isUnderWay,
  unissued,
  type CashRefund,
  type OrderLife,
  type PaymentAttempt,
} from "./orders/index.ts";
import type { AccountStore } from "./store.ts";

export type Providers = ReadonlyMap<ProviderName, PaymentProvider>;

export interface OrderWorksPorts {
  readonly store: AccountStore;
  readonly commits: CommitQueue;
  readonly desk: LifeDesk;
  readonly now: () => number;
  readonly providers: (programmeId: string) => Promise<Providers>;
  /** A provider said who paid, in a commit of its own cause. */
  readonly payerHeard: (memberKey: string, payment: string | null) => void;
  /** Goods that deliver themselves: the deliverer moves the order itself, or is asked again later. */
  readonly deliver: (life: OrderLife) => Promise<unknown>;
  /** Ends what goods that deliver themselves gave. */
  readonly takeBack: (life: OrderLife) => Promise<TakenBackGoods>;
}

export class OrderWorks {
  readonly #ports: OrderWorksPorts;

  constructor(ports: OrderWorksPorts) {
    this.#ports = ports;
  }

  /** Never throws: the claim says when it is tried again. */
  async run(memberKey: string, orderId: string, errand: Errand): Promise<void> {
    try {
      const life = this.#ports.store.lives.stored(memberKey, orderId);
      if (!life) return;
      if (errand.topic === "attempt") await this.#attempt(life, errand.paymentId);
      else if (errand.topic === "refund") await this.#refund(life, errand.refundId);
      else if (errand.topic === "take_back") await this.takeBack(life, errand.caseId);
      else if (life.state === "issuing") await this.#ports.deliver(life);
      else await this.#unissue(life);
    } catch (error) {
      log("order_work_failed", { topic: errand.topic, error: describeError(error) });
    }
  }

  async #unissue(life: OrderLife): Promise<void> {
    if ((await this.#ports.takeBack(life)) === "held") return;
    const { memberKey, orderId } = life;
    const { commits, desk, now } = this.#ports;
    await commits.run(() => {
      const nowMs = now();
      return desk.change(memberKey, orderId, (one) => unissued(one, nowMs), nowMs);
    });
  }

  /** Takes the goods of a case back, and does what was agreed. Throws when nobody knows whether they came back; it is asked again. */
  async takeBack(life: OrderLife, caseId: string): Promise<CaseReply> {
    const wasUsed = (await this.#ports.takeBack(life)) === "used";
    globalThis.failpoints?.reach("account:take-back:after-goods");
    const { memberKey, orderId } = life;
    const { commits, desk, now } = this.#ports;
    const outcome = { memberKey, orderId, caseId, wasUsed };
    return commits.run(() => desk.cases.takenBack(outcome, now()));
  }

  /** Takes a way of paying away while the order still awaits its cash. Never throws. */
  async close(memberKey: string, orderId: string, paymentId: string): Promise<void> {
    try {
      const life = this.#ports.store.lives.stored(memberKey, orderId);
      if (life) await this.#attempt(life, paymentId, true);
    } catch (error) {
      log("order_work_failed", { topic: "close", error: describeError(error) });
    }
  }

  async #providerOf(life: OrderLife, name: string): Promise<PaymentProvider> {
    const { programmeId } = splitMemberKey(life.memberKey);
    const provider = (await this.#ports.providers(programmeId)).get(name as ProviderName);
    invariant(provider, "a provider that took money is still set up", { name });
    return provider;
  }

  /** While the order awaits its cash: is it paid? Afterwards: let nobody pay it any more. */
  async #attempt(life: OrderLife, paymentId: string, isClosing = false): Promise<void> {
    const attempt = life.attempts.find((one) => one.paymentId === paymentId);
    if (!attempt || !isUnderWay(attempt)) return;
    const { now } = this.#ports;
    const provider = await this.#providerOf(life, attempt.provider);
    const word =
      life.state === "awaiting_payment" && attempt.state === "open" && !isClosing
        ? await provider.query(paymentId, now())
        : await provider.close(paymentId, now());
    const { memberKey, orderId } = life;
    await this.#ports.commits.run(() => {
      if (word.kind === "paid") {
        // Before the money: it may complete the very act that the guard of invites looks at.
        this.#ports.payerHeard(memberKey, payerTrait(provider, word));
        this.#ports.desk.receive(memberKey, orderId, word.paid, now());
      } else if (word.kind === "closed") this.#close(life, attempt);
      else if (word.kind === "unknown" && isBeginningOver(attempt, word.atMs))
        this.#close(life, attempt);
      else if (word.kind === "unknown" && isClosing) this.#drop(life, attempt);
    });
  }

  /** Closed by its provider: the same way cannot be begun again, another one can. */
  #close({ memberKey, orderId }: OrderLife, { paymentId }: PaymentAttempt): void {
    const { desk, now } = this.#ports;
    desk.change(memberKey, orderId, (life) => attemptClosed(life, paymentId), now());
  }

  #drop({ memberKey, orderId }: OrderLife, { paymentId }: PaymentAttempt): void {
    const { desk, now } = this.#ports;
    const nowMs = now();
    desk.change(memberKey, orderId, (life) => attemptDropped(life, paymentId, nowMs), nowMs);
  }

  async #refund(life: OrderLife, refundId: string): Promise<void> {
    const refund = life.refunds.find((one) => one.refundId === refundId);
    if (!refund || refund.state === "done") return;
    const provider = await this.#providerOf(life, refund.provider);
    const order = refundOrder(life, refund);
    const { now, commits, desk } = this.#ports;
    const word =
      refund.state === "asked"
        ? await provider.queryRefund(order, now())
        : await provider.refund(order, now());
    await commits.run(() => desk.heard(life.memberKey, life.orderId, refundId, word, now()));
  }
}

function refundOrder(life: OrderLife, refund: CashRefund) {
  const { paymentId, txnId, amountFen, reason, tries } = refund;
  const refundId = CASH_LAW.refundKeepsItsNumber ? refund.refundId : `${refund.refundId}-${tries}`;
  const receipt = life.receipts.find((one) => one.txnId === txnId);
  invariant(receipt, "money goes back from where it came");
  return { refundId, paymentId, txnId, amountFen, totalFen: receipt.amountFen, reason };
}
