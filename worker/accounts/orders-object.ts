import { deliver } from "../fulfilment/index.ts";
import { splitMemberKey } from "../kernel/ids.ts";
import type { Env } from "../platform/env.ts";
import { describeError, log } from "../platform/log.ts";
import { EarningObject } from "./earning/earning-object.ts";
import { LifeClock } from "./life-clock.ts";
import { LifeDesk, type Errand } from "./life-desk.ts";
import type {
  AdvanceRequest,
  BeginPaymentReply,
  LifeReply,
  MoneyReply,
  MoneyRequest,
  PaymentRequest,
} from "./life-messages.ts";
import type { Order } from "./orders.ts";

/** The part of an Account that keeps the promise of a grant: payment, delivery, deadlines, refunds. Shell only. */
export abstract class OrdersObject extends EarningObject {
  protected readonly lifeDesk: LifeDesk;
  protected readonly lifeClock: LifeClock;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.lifeDesk = new LifeDesk(this.store, {
      started: (order) => this.earning.redeemed(order),
      ended: (order, nowMs, wasStarted) => {
        this.takeGivenBack(order, nowMs);
        if (wasStarted) this.earning.cancelled(order);
      },
    });
    this.lifeClock = new LifeClock({
      store: this.store,
      commits: this.commits,
      desk: this.lifeDesk,
      now: () => this.clock(),
      run: (memberKey, orderId, errand) => this.#errand(memberKey, orderId, errand),
    });
  }

  /** Writes down that the Sku has to hear of it. Part of the commit. */
  protected abstract takeGivenBack(order: Order, nowMs: number): void;

  // ---- steps by others

  /** Moves an order that is handled outside. Repeating a step answers `already` and changes nothing. */
  advanceOrder(request: AdvanceRequest): Promise<LifeReply> {
    const { memberKey, orderId, step, by, note, key, withinMs } = request;
    const act = {
      by,
      ...(note === undefined ? {} : { note }),
      ...(key === undefined ? {} : { key }),
      ...(withinMs === undefined ? {} : { withinMs }),
    };
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

  async #errand(memberKey: string, orderId: string, errand: Errand): Promise<void> {
    try {
      if (errand.topic === "issue") {
        const { programmeId, memberId } = splitMemberKey(memberKey);
        await deliver(this.env, programmeId, { memberId, orderId }, this.clock());
      }
    } catch (error) {
      log("order_errand_failed", { topic: errand.topic, error: describeError(error) });
    }
  }
}
