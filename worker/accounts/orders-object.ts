import { deliver, takeBackGoods } from "../fulfilment/index.ts";
import { splitMemberKey } from "../kernel/ids.ts";
import { invariant } from "../kernel/invariant.ts";
import type { Env } from "../platform/env.ts";
import type { AfterSaleQuote, CaseReply } from "./after-sales-desk.ts";
import { Clocks } from "./clocks.ts";
import { LifeClock } from "./life-clock.ts";
import { errandsOf, LifeDesk, type Errand } from "./life-desk.ts";
import type {
  AdvanceRequest,
  BeginPaymentReply,
  LifeReply,
  MoneyReply,
  MoneyRequest,
  PaymentRequest,
  RefundHeard,
} from "./life-messages.ts";
import { OrderWorks } from "./order-works.ts";
import {
  isUnderWay,
  refundMismatch,
  retryRefund,
  reworded,
  type AfterSaleStep,
  type Application,
  type CaseAct,
  type LifeOutcome,
  type OrderLife,
  type TakingBack,
} from "./orders/index.ts";
import type { Order } from "./orders.ts";
import type { OrderWithLots } from "./requests.ts";
import { SpendingObject } from "./spending/spending-object.ts";

export type CaseRequest = CaseAct & {
  readonly memberKey: string;
  readonly orderId: string;
  readonly caseId: string;
  readonly step: AfterSaleStep;
};

export type AgreeRequest = TakingBack & {
  readonly memberKey: string;
  readonly orderId: string;
  readonly caseId: string;
};

/** The part of an Account that keeps the promise of a grant: payment, delivery, deadlines, refunds. Shell only. */
export abstract class OrdersObject extends SpendingObject {
  protected readonly lifeDesk: LifeDesk;
  /** What time does to orders, and to what is held for a till. */
  protected readonly clocks: Clocks;
  protected readonly lifeClock: LifeClock;
  readonly #works: OrderWorks;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.lifeDesk = new LifeDesk(this.store, {
      started: (order) => this.earning.redeemed(order),
      ended: (order, nowMs, wasStarted) => {
        this.takeGivenBack(order, nowMs);
        if (wasStarted) this.earning.cancelled(order);
      },
      tendered: (...states) => this.tenderDesk.book(...states),
      returned: (order, caseId, cashFen) =>
        this.earning.cancelled(order, { returnId: caseId, amountFen: cashFen }),
    });
    this.lifeClock = new LifeClock({
      store: this.store,
      commits: this.commits,
      desk: this.lifeDesk,
      now: () => this.clock(),
      run: (memberKey, orderId, errand) => this.#works.run(memberKey, orderId, errand),
    });
    this.clocks = new Clocks([this.lifeClock, this.spendingClock]);
    this.#works = new OrderWorks({
      store: this.store,
      commits: this.commits,
      desk: this.lifeDesk,
      now: () => this.clock(),
      providers: (programmeId) => this.providers(programmeId),
      payerHeard: this.payerHeard,
      deliver: ({ memberKey, orderId }) => {
        const { programmeId, memberId } = splitMemberKey(memberKey);
        return deliver(env, programmeId, { memberId, orderId }, this.clock());
      },
      takeBack: ({ memberKey, orderId }) => {
        const { programmeId, memberId } = splitMemberKey(memberKey);
        return takeBackGoods(env, programmeId, { memberId, orderId });
      },
    });
  }

  /** Writes down that the Sku has to hear of it. Part of the commit. */
  protected abstract takeGivenBack(order: Order, nowMs: number): void;

  // ---- steps by others

  /** Moves an order that is handled outside. Repeating a step answers `already` and changes nothing. */
  advanceOrder(request: AdvanceRequest): Promise<LifeReply> {
    const { memberKey, orderId, step, ...act } = request;
    return this.commits.run(() =>
      this.lifeDesk.advance(memberKey, orderId, step, act, this.clock()),
    );
  }

  /** The freight of an order whose cash is still awaited, once its address is known. */
  setFreight(memberKey: string, orderId: string, freightFen: number): Promise<LifeReply> {
    return this.commits.run(() =>
      this.lifeDesk.freight(memberKey, orderId, freightFen, this.clock()),
    );
  }

  // ---- money

  beginPayment(request: PaymentRequest): Promise<BeginPaymentReply> {
    const { memberKey, orderId, ...wish } = request;
    return this.commits.run(() =>
      this.lifeDesk.beginPayment(memberKey, orderId, wish, this.clock()),
    );
  }

  /** A verified word of the provider. Idempotent by its transaction. */
  moneyReceived(request: MoneyRequest): Promise<MoneyReply> {
    const { memberKey, orderId, ...money } = request;
    return this.commits.run(() => this.lifeDesk.receive(memberKey, orderId, money, this.clock()));
  }

  /** Asks the provider about every payment that the member may have made. Null: there is no such order. */
  async askPayments(memberKey: string, orderId: string): Promise<OrderWithLots | null> {
    const life = this.store.lives.stored(memberKey, orderId);
    for (const attempt of life?.attempts ?? []) {
      if (!isUnderWay(attempt)) continue;
      const { paymentId } = attempt;
      await this.#works.run(memberKey, orderId, { topic: "attempt", paymentId });
    }
    return this.order(memberKey, orderId);
  }

  /** Lets nobody pay any more what was begun; one that was paid meanwhile is received. */
  async closePayments(memberKey: string, orderId: string): Promise<void> {
    const life = this.store.lives.stored(memberKey, orderId);
    for (const { paymentId, state } of life?.attempts ?? []) {
      if (state === "open") await this.#works.close(memberKey, orderId, paymentId);
    }
  }

  /**
   * Asks about everything of an order that waits for a word from outside, before its time; what is overdue happens first. Answers
   * whether nothing waits any more; null: there is no such order.
   */
  async askOutside(memberKey: string, orderId: string): Promise<boolean | null> {
    await this.lifeClock.run();
    const stored = (): OrderLife | null => this.store.lives.stored(memberKey, orderId);
    const before = stored();
    for (const errand of before ? errandsOf(before, () => true) : []) {
      await this.#works.run(memberKey, orderId, errand);
    }
    if (!(await this.order(memberKey, orderId))) return null;
    const life = stored();
    // What an order that is over asks for once more is no word that it waits for.
    const isWaiting = ({ topic }: Errand): boolean =>
      topic !== "issue" || life?.state === "issuing";
    return !(life && errandsOf(life, () => true).some(isWaiting));
  }

  /** The provider's verified word on a refund. */
  refundHeard(request: RefundHeard): Promise<LifeReply> {
    const { memberKey, orderId, refundId, word } = request;
    return this.commits.run(() =>
      this.lifeDesk.heard(memberKey, orderId, refundId, word, this.clock()),
    );
  }

  /** Sends a failed refund once more, or money of the wrong amount back. */
  repairMoney(memberKey: string, orderId: string, moveId: string): Promise<LifeReply> {
    return this.commits.run(() => {
      const nowMs = this.clock();
      const decide = (life: OrderLife): LifeOutcome =>
        life.refunds.some(({ refundId }) => refundId === moveId)
          ? retryRefund(life, moveId, nowMs)
          : refundMismatch(life, moveId, nowMs);
      return this.lifeDesk.change(memberKey, orderId, decide, nowMs);
    });
  }

  // ---- after-sales

  async afterSaleQuote(
    memberKey: string,
    orderId: string,
    quantity: number,
  ): Promise<AfterSaleQuote | null> {
    return this.lifeDesk.cases.quote(memberKey, orderId, quantity, this.clock());
  }

  applyAfterSale(memberKey: string, orderId: string, wish: Application): Promise<LifeReply> {
    return this.commits.run(() =>
      this.lifeDesk.cases.apply(memberKey, orderId, wish, this.clock()),
    );
  }

  stepAfterSale(request: CaseRequest): Promise<CaseReply> {
    const { memberKey, orderId, caseId, step, ...act } = request;
    return this.commits.run(() =>
      this.lifeDesk.cases.step(memberKey, orderId, caseId, step, act, this.clock()),
    );
  }

  /** Agrees to pay back, at once or after what delivers itself was taken back. */
  async agreeAfterSale(request: AgreeRequest): Promise<CaseReply> {
    const { memberKey, orderId, caseId, ...agreed } = request;
    const reply = await this.commits.run(() =>
      this.lifeDesk.cases.agree({ memberKey, orderId, caseId }, agreed, this.clock()),
    );
    if (reply.kind !== "take_back_first") return reply;
    const life = this.store.lives.stored(memberKey, orderId);
    invariant(life, "what is taken back was given");
    return this.#works.takeBack(life, caseId);
  }

  /** The words of its cases under a newer data key: to be told to D1 like any change. */
  rewordCases(
    memberKey: string,
    orderId: string,
    fresh: ReadonlyMap<string, string>,
  ): Promise<LifeReply> {
    return this.commits.run(() =>
      this.lifeDesk.change(memberKey, orderId, (life) => reworded(life, fresh), this.clock()),
    );
  }

  protected withLots(order: Order): OrderWithLots {
    const sources: Record<number, string> = {};
    const wallet = this.store.members.walletWithLots(order.memberKey, order.slices);
    for (const lot of wallet.lots) {
      if (order.slices.some((slice) => slice.lotId === lot.lotId)) sources[lot.lotId] = lot.source;
    }
    const life = order.hold === "posted" ? this.store.lives.of(order) : null;
    return { order, life, sources };
  }

  abstract order(memberKey: string, orderId: string): Promise<OrderWithLots | null>;
}
