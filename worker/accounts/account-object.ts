import { buildBloom } from "../kernel/bloom.ts";
import { parseSaleId } from "../kernel/ids.ts";
import { invariant } from "../kernel/invariant.ts";
import { LIMITS } from "../kernel/limits.ts";
import { isQueueFull } from "../platform/commit-queue.ts";
import { stubOf, type Env } from "../platform/env.ts";
import { AwakeTimer } from "../platform/earliest-timer.ts";
import { describeError, log } from "../platform/log.ts";
import { attempt } from "../platform/upkeep.ts";
import { meterOf } from "../platform/meter.ts";
import { projectorFor } from "../platform/projector-for.ts";
import { WakeUp } from "../platform/wake-up.ts";
import type {
  FrozenEpoch,
  GoodsLimits,
  SettleItem,
  SettleReply,
  SaleStanding,
  TakeAnswer,
} from "../redemption/index.ts";
import { Asker } from "./asker.ts";
import { AccountCourier } from "./courier.ts";
import { onSilence } from "./decisions.ts";
import {
  AccountDesk,
  forgoReply,
  OVERLOADED,
  replay,
  ticketOf,
  type CancelAnswer,
} from "./desk.ts";
import { FollowUp } from "./follow-up.ts";
import { OrdersObject } from "./orders-object.ts";
import type { Order, OrderPlace } from "./orders.ts";
import type {
  CancelQuote,
  CancelReply,
  CancelRequest,
  ForgoReply,
  FrozenShare,
  MemberInGoods,
  OrderReply,
  OrderRequest,
  OrderWithLots,
  RedeemRequest,
  TermsNeeded,
  TicketReply,
  TicketRequest,
} from "./requests.ts";
import { SaleDirectory, type SaleKnowledge } from "./sale-directory.ts";
import type { PointsTerms } from "./terms.ts";

const TERMS_NEEDED: TermsNeeded = { kind: "terms_needed" };

/**
 * The authority for the points, holds, limits and orders of a bucket of members. Shell only: each method
 * validates, loads, lets the model decide and writes in one commit; what must be asked is asked after it.
 */
export class Account extends OrdersObject {
  readonly #sales: SaleDirectory;
  readonly #asker: Asker;
  readonly #courier: AccountCourier;
  readonly #desk: AccountDesk;
  readonly #followUp: FollowUp;
  readonly #wakeUp: WakeUp;
  readonly #followUpTimer = new AwakeTimer(() => void this.#followUpNow());

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#wakeUp = new WakeUp(this.storage);
    const sku = (skuKey: string) => stubOf(env.SKU, skuKey, env);
    this.#sales = new SaleDirectory(this.store, (skuKey, saleId) => sku(skuKey).view(saleId));
    this.#asker = new Asker(sku, (standing) => this.#learn(standing));
    this.#courier = new AccountCourier({
      name: ctx.id.name ?? "account",
      store: this.store,
      commits: this.commits,
      asker: this.#asker,
      now: () => this.clock(),
      isBehind: () => this.lifeClock.isBehind,
      sku,
      projector: projectorFor(ctx.id.name ?? "", env),
    });
    this.#desk = new AccountDesk({
      store: this.store,
      sales: this.#sales,
      outbox: this.#courier,
      points: this.pointsDesk,
      lives: this.lifeDesk,
      standing: (memberKey, nowMs) => this.earning.standingOf(memberKey, nowMs),
      isBlocked: (memberKey) =>
        this.earning.isBlocked(memberKey) || this.store.merges.intoOf(memberKey) !== null,
      price: (...asked) => this.earning.price(...asked),
    });
    this.#followUp = new FollowUp({
      store: this.store,
      now: () => this.clock(),
      ask: (order) => this.#ask(order),
      notice: async (saleId) => {
        const address = parseSaleId(saleId);
        return address && sku(address.skuKey).notice(saleId);
      },
      settle: (verdicts) => this.#settleAll(verdicts),
    });
    void ctx.blockConcurrencyWhile(async () => {
      await this.#wakeUp.load();
      globalThis.failpoints?.reach("account:wake");
      this.afterCommit();
    });
  }

  // ---- redemptions

  /** Hold, take and post in one call. `pending` when the Sku's word could not be had in time. */
  async redeem(request: RedeemRequest): Promise<OrderReply | TermsNeeded> {
    const settled = this.#desk.settledReply(request);
    if (settled) return this.#withFrozen(settled, request);
    if (!this.#knowsPrices(request) && !(await this.#learnsPrices(request))) return TERMS_NEEDED;
    const sale = await this.#sale(request);
    if (!sale) return { kind: "not_found", what: "sale" };
    const step = await this.#commit(() => this.#desk.redeem(request, sale, this.clock()));
    if (!step) return OVERLOADED;
    if ("reply" in step) return this.#withFrozen(step.reply, request);
    const order = await this.#ask(step.ask);
    return this.#withFrozen(replay(order ?? step.ask, step.isRepeat === true), request);
  }

  async memberInGoods(memberKey: string, limits: GoodsLimits | null): Promise<MemberInGoods> {
    return this.#desk.memberInGoods(memberKey, limits, this.clock());
  }

  /** Makes the hold before the hour. Signing the ticket is the Worker's part, after this reply. */
  async ticket(request: TicketRequest): Promise<TicketReply | TermsNeeded> {
    if (!this.#knowsPrices(request) && !(await this.#learnsPrices(request))) return TERMS_NEEDED;
    const sale = await this.#sale(request);
    if (!sale) return { kind: "not_found", what: "sale" };
    const step = await this.#commit(() => this.#desk.ticket(request, sale, this.clock()));
    if (!step) return OVERLOADED;
    if ("reply" in step) return step.reply;
    // The replaced hold is void only on the Sku's word; its void and the new hold are one commit.
    const old = step.ask;
    const answer = await this.#asker.ask(old);
    if (!answer) return OVERLOADED;
    const fresh = this.#sales.known(request.saleId) ?? sale;
    const again = await this.#commit(() => {
      this.#desk.settle(old.memberKey, old.orderId, answer, this.clock());
      return this.#desk.ticket(request, fresh, this.clock());
    });
    if (!again) return OVERLOADED;
    return "reply" in again ? again.reply : ticketOf(again.ask, true);
  }

  /** Gives an unused ticket back, or says that it is granted already. */
  async forgo(memberKey: string, saleId: string, orderId: string): Promise<ForgoReply> {
    const order = this.store.orders.order(memberKey, orderId);
    if (!order || order.saleId !== saleId) return { kind: "not_found", what: "order" };
    if (order.hold !== "pending") return forgoReply(order);
    const address = parseSaleId(saleId);
    if (!address) return { kind: "not_found", what: "sale" };
    const { epoch, quantity } = order;
    const answer = await stubOf(this.env.SKU, address.skuKey, this.env)
      .forgo(saleId, { memberKey, orderId, epoch, quantity, probe: true })
      .catch((error: unknown) => {
        log("forgo_failed", { saleId, error: describeError(error) });
        return null;
      });
    if (!answer) return { kind: "pending" };
    const after = await this.#commit(() =>
      this.#desk.settle(memberKey, orderId, answer, this.clock()),
    );
    return forgoReply(after ?? order);
  }

  async cancel(request: CancelRequest): Promise<CancelReply> {
    const step = await this.#commit(() => this.#desk.cancel(request, this.clock()));
    if (!step) return OVERLOADED;
    if ("reply" in step) return this.#cancelReply(step.reply);
    const asked = await this.#ask(step.ask);
    if (!asked || asked.hold === "pending") return { kind: "pending" };
    const again = await this.#commit(() => this.#desk.cancel(request, this.clock()));
    if (!again) return OVERLOADED;
    return "reply" in again ? this.#cancelReply(again.reply) : { kind: "pending" };
  }

  #cancelReply(answer: CancelAnswer): CancelReply {
    if ("refusal" in answer) return { kind: "conflict", refusal: answer.refusal };
    const { order } = answer;
    if (!order) return { kind: "not_found", what: "order" };
    if (!order.isCancelled) return replay(order);
    return { kind: "cancelled", order: this.withLots(order) };
  }

  /** What a cancel would give back now. Learns newer terms on the way, so that the cancel keeps to the quote. */
  async refundQuote(
    memberKey: string,
    orderId: string,
    terms?: PointsTerms,
  ): Promise<CancelQuote | null> {
    if (terms) await this.commits.run(() => this.pointsDesk.learn(memberKey, terms));
    return this.#desk.refundQuote(memberKey, orderId, this.clock());
  }

  /** Verdicts that others carry: grants from a Sku's outbox, refusals from a door. Idempotent. */
  async settle(items: readonly SettleItem[]): Promise<SettleReply> {
    invariant(items.length <= LIMITS.outboxBatchMax, "a settle batch is bounded");
    const nowMs = this.clock();
    const results = await Promise.allSettled(
      items.map(({ memberKey, orderId, answer }) =>
        this.commits.run(() => this.#desk.settleUnasked(memberKey, orderId, answer, nowMs)),
      ),
    );
    const settled: number[] = [];
    results.forEach((result, at) => {
      if (result.status === "fulfilled") settled.push(at);
    });
    return { settled };
  }

  /** Tells D1 once more all it should know of an order. `above`: the version that D1 has. False: no such order. */
  retell(memberKey: string, orderId: string, above: number): Promise<boolean> {
    return this.#courier.retell(memberKey, orderId, above);
  }

  // ---- reading

  override async order(memberKey: string, orderId: string): Promise<OrderWithLots | null> {
    const order = this.store.orders.order(memberKey, orderId);
    if (!order) return null;
    const isDecidable = order.hold === "pending" && order.opensAtMs <= this.clock();
    const fresh = isDecidable ? await this.#ask(order) : order;
    return this.withLots(fresh ?? order);
  }

  async orders(memberKey: string, count: number, after?: OrderPlace): Promise<OrderWithLots[]> {
    const orders = this.store.orders.orders(memberKey, count, after);
    return orders.map((order) => this.withLots(order));
  }

  /** The member's newest order in a sale and the units that count against its limit. */
  async inSale(
    memberKey: string,
    saleId: string,
  ): Promise<{ order: OrderWithLots | null; limitUsed: number }> {
    const order = this.store.orders.newestInSale(memberKey, saleId);
    const usage = this.store.orders.usage(memberKey, saleId, 0);
    return {
      order: order && this.withLots(order),
      limitUsed: usage.pendingUnits + usage.liveUnits,
    };
  }

  // ---- upkeep

  override async alarm(): Promise<void> {
    meterOf(this.env)?.add("Account", "alarm");
    this.#wakeUp.fired();
    globalThis.failpoints?.reach("account:alarm");
    await this.sweep();
  }

  /** Does everything that is overdue, each apart from the others. Never throws: a failed alarm would be dropped after six tries. */
  async sweep(): Promise<void> {
    await attempt("account: deadlines", () => this.clocks.run());
    await attempt("account: holds", () => this.#followUp.run());
    await attempt("account: deliveries", () => this.#courier.deliver());
    await attempt("account: points", () => this.sweepPoints());
    await attempt("account: earning", () => this.earning.sweep());
    await attempt("account: merging", () => this.merging.run());
    this.#arm();
  }

  // ---- helpers

  async #sale(request: OrderRequest): Promise<SaleKnowledge | null> {
    const sale = await this.#sales.load(request.saleId, request.epoch);
    const frozen = sale?.standing.frozen ?? null;
    if (this.#sales.isNews(frozen)) await this.#freeze(frozen);
    return sale;
  }

  /** A price is found by terms that are as new as those of whoever asks. False: send them along. */
  #knowsPrices({ memberKey, pricing }: OrderRequest): boolean {
    return !pricing || this.earning.knows(memberKey, pricing.revision);
  }

  async #learnsPrices({ memberKey, pricing }: OrderRequest): Promise<boolean> {
    const terms = pricing?.terms;
    if (!terms) return false;
    const learnt = await this.#commit(() => {
      this.earning.learn(memberKey, terms);
      return true;
    });
    return learnt === true;
  }

  /** Null: too many requests wait for this object's next commit, and `work` was not begun. */
  async #commit<T>(work: () => T): Promise<T | null> {
    try {
      return await this.commits.run(work);
    } catch (error) {
      if (isQueueFull(error)) return null;
      throw error;
    }
  }

  /** Asks the Sku and settles its word. Null: no answer could be had, or none could be written down; it is asked again. */
  async #ask(order: Order): Promise<Order | null> {
    const answer = (await this.#asker.ask(order)) ?? onSilence(order);
    if (!answer) return null;
    return this.#commit(() =>
      this.#desk.settle(order.memberKey, order.orderId, answer, this.clock()),
    );
  }

  /** A job each in one commit: a hold that breaks stays pending alone. */
  async #settleAll(verdicts: readonly { order: Order; answer: TakeAnswer }[]): Promise<void> {
    await Promise.allSettled(
      verdicts.map(({ order: { memberKey, orderId }, answer }) =>
        this.commits.run(() => this.#desk.settle(memberKey, orderId, answer, this.clock())),
      ),
    );
  }

  #learn(standing: SaleStanding): void {
    this.#sales.learn(standing);
    const { frozen } = standing;
    if (this.#sales.isNews(frozen)) void this.#freeze(frozen);
  }

  /** Spares rows, and decides nothing: while too many jobs wait it can be left for the next time. */
  async #freeze(frozen: FrozenEpoch): Promise<void> {
    await this.#commit(() => this.#sales.freeze(frozen));
  }

  /** Hands the Worker what it needs to refuse the rest of a sold-out sale by itself. */
  #withFrozen(reply: OrderReply, request: RedeemRequest): OrderReply {
    if (reply.kind !== "refused" || !request.wantsFrozen) return reply;
    const epochs = this.#sales.frozen(request.saleId);
    if (epochs.length === 0) return reply;
    const keys = this.store.orders.keysOfSale(request.saleId);
    const { bits, probes } = buildBloom(keys, keys.length);
    const frozen: FrozenShare = { epochs, bits, probes };
    return { ...reply, frozen };
  }

  protected override takeGivenBack(order: Order, nowMs: number): void {
    this.#courier.cancel(order, nowMs);
  }

  protected override forget(): void {
    super.forget();
    this.#sales.forget();
  }

  protected override afterCommit(): void {
    this.#courier.afterCommit();
    this.earning.afterCommit();
    this.merging.afterCommit();
    this.clocks.afterCommit();
    this.#followUpSoon();
    this.#arm();
  }

  #followUpSoon(): void {
    const nextAtMs = this.#followUp.nextAtMs();
    this.#followUpTimer.set(nextAtMs, nextAtMs - this.clock());
  }

  async #followUpNow(): Promise<void> {
    // False: another run is going on. Set now, the timer would be due at once and spin; its end, or the alarm, goes on.
    if (await this.#followUp.run()) this.#followUpSoon();
  }

  /** One alarm: the earliest moment at which a hold, the outbox or a lapsing lot needs attention. */
  #arm(): void {
    const nowMs = this.clock();
    const dueAtMs = Math.min(
      this.#followUp.nextAtMs(),
      this.#courier.retryAtMs(nowMs),
      this.pointsDueAtMs(),
      this.earning.nextAtMs(),
      this.merging.nextAtMs(),
      this.clocks.nextAtMs(),
    );
    this.#wakeUp.arm(dueAtMs, nowMs);
  }
}
