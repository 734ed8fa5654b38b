/** An Account of the checker: one bucket of members. Holds, posts and voids are the product's own. */
import {
  asksByProbe,
  cancelStep,
  exchangeStep,
  finalWord,
  isEarlyTap,
  isRefusalRecorded,
  isReplayed,
  onSilence,
} from "../../worker/accounts/decisions.ts";
import type { Wallet } from "../../worker/accounts/points/index.ts";
import {
  cancelOrder,
  decideHold,
  markWanted,
  post,
  refuseHold,
  voidHold,
  type HoldCommand,
  type Order,
} from "../../worker/accounts/orders.ts";
import type { TakeAnswer } from "../../worker/redemption/model.ts";
import { usageOf, type AccountState, type Surroundings } from "./account-state.ts";
import { NO_CASH, onCancel, onPayment, type Cash } from "./cash.ts";
import { forgetMember, forgetOrder } from "./forget.ts";
import {
  BY_ACCOUNT,
  BY_DOOR,
  bucketOfNotice,
  namedBy,
  noticeDetail,
  type Message,
} from "./messages.ts";
import { readNotice } from "./notices.ts";
import { Breach, OPENS_AT_MS, type Scene, type Step } from "./scene.ts";

export class AccountPart {
  readonly #scene: Scene;
  #members: (Wallet | null)[] = [];
  #orders: (Order | null)[] = [];
  #cash: Cash[] = [];
  #cancelRows = 0;
  #tapped = 0;
  #ticketed = 0;
  #frozenUpTo = 0;
  #sends: number[] = [];

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  deliver(state: AccountState, message: Message, around: Surroundings): Step<AccountState> {
    return this.#during(state, () => this.#deliver(message, around));
  }

  /** Nothing was heard of a pending hold for a while. */
  alarm(state: AccountState, at: number): Step<AccountState> {
    return this.#during(state, () => {
      const order = this.#orders[at];
      if (!order) return;
      const word = onSilence({ epoch: order.epoch, opensAtMs: 0 }, this.#scene.rules.law);
      if (word === null) return this.#ask(at, order);
      this.#void(at, order, { kind: "sold_out", stamp: order.epoch, remaining: 0 });
    });
  }

  /** The outbox sends a cancel, for the first time or again. */
  sendCancel(state: AccountState, at: number): Step<AccountState> {
    return this.#during(state, () => this.#send("cancel_take", at));
  }

  /** The cash of a granted order was not paid in time. */
  cancelUnpaid(state: AccountState, at: number): Step<AccountState> {
    return this.#during(state, () => this.#cancelPosted(at));
  }

  /** A refusal for an id without a row, which leaves none. */
  refuseWithoutRow(state: AccountState, at: number): Step<AccountState> {
    return this.#during(state, () => this.#send("told_refused", at));
  }

  /** A refusal for an id whose epoch is over, before it has a hold; the row makes it final. */
  refuseAtOnce(state: AccountState, at: number, stamp: number): Step<AccountState> {
    return this.#during(state, () => {
      const command = this.#commandOf(at, stamp, false);
      const refusal = { code: "stale", figures: {} } as const;
      this.#save(at, refuseHold(command, this.#scene.terms, refusal, OPENS_AT_MS));
      this.#send("told_refused", at);
    });
  }

  #during(state: AccountState, work: () => void): Step<AccountState> {
    this.#members = [...state.members];
    this.#orders = [...state.orders];
    this.#cash = [...state.cash];
    this.#cancelRows = state.cancelRows;
    this.#tapped = state.tapped;
    this.#ticketed = state.ticketed;
    this.#frozenUpTo = state.frozenUpTo;
    this.#sends = [];
    work();
    const isTicketRead = this.#scene.rules.restamp === "direct_on_stale";
    const next: AccountState = {
      members: this.#members.map((member) => member && forgetMember(member)),
      orders: this.#orders.map((order) => order && forgetOrder(order)),
      cash: this.#cash,
      cancelRows: this.#cancelRows,
      tapped: this.#tapped,
      ticketed: isTicketRead ? this.#ticketed : 0,
      frozenUpTo: this.#frozenUpTo,
    };
    return { state: next, sends: this.#sends };
  }

  #deliver(message: Message, around: Surroundings): void {
    const at = message.order;
    switch (message.kind) {
      case "ticket":
        return this.#request(at, around, false);
      case "redeem":
        return this.#request(at, around, true);
      case "granted":
        return this.#post(at, message.epoch);
      case "refused":
        return this.#answer(at, { kind: "sold_out", stamp: message.epoch, remaining: 0 });
      case "forgone":
        return this.#answer(at, { kind: "forgone" });
      case "stale":
        return this.#stale(at, message.epoch, message.detail);
      case "not_open":
        return this.#notOpen(at);
      case "notice":
        return this.#notice(message, around.falsely);
      case "cancel":
        return this.#cancel(at);
      case "forgo":
        if (this.#orders[at]?.hold === "pending") this.#send("forgo_take", at);
        return;
      case "pay":
        return this.#pay(at);
      default:
        throw new RangeError(`an Account is sent no ${message.kind}`);
    }
  }

  // ---- helpers

  #send(...message: Parameters<Scene["messages"]["id"]>): void {
    this.#sends.push(this.#scene.messages.id(...message));
  }

  #member(at: number): Wallet {
    const member = this.#members[this.#scene.plan(at).member];
    if (!member) throw new RangeError("the member lives in another bucket");
    return member;
  }

  #save(at: number, order: Order | null, member?: Wallet): void {
    this.#orders[at] = order;
    if (member) this.#members[this.#scene.plan(at).member] = member;
  }

  /** The answer that a decided order has for ever. */
  #replay(at: number, order: Order): void {
    if (order.hold === "posted") this.#send("told_granted", at);
    else if (order.hold !== "pending") this.#send("told_refused", at);
  }

  #ask(at: number, order: Order): void {
    if (asksByProbe(order, this.#scene.rules.law)) this.#send("probe", at, order.epoch);
    else this.#send("take", at, order.epoch, BY_ACCOUNT);
  }

  #giveTicket(at: number, order: Order): void {
    this.#ticketed |= 1 << at;
    if (this.#scene.plan(at).route === "never_grabs") return;
    if (this.#scene.rules.gateCache === "none") this.#send("take", at, order.epoch, BY_DOOR);
    else this.#send("grab", at, order.epoch);
  }

  // ---- requests

  /** A ticket, or, with `isTap`, a redemption. */
  #request(at: number, around: Surroundings, isTap: boolean): void {
    const { law } = this.#scene.rules;
    if (this.#answersForTwin(at)) return;
    const order = this.#orders[at] ?? null;
    if (!order && around.stamp <= this.#frozenUpTo) return this.#refuseFrozen(at);
    const isOpenQuestion = !order || order.hold === "pending";
    const nowMs = around.isOpenHere ? OPENS_AT_MS : 0;
    if (isTap && isOpenQuestion && isEarlyTap(OPENS_AT_MS, nowMs, law)) return;
    if (order?.hold === "pending") return this.#again(at, order, around, isTap);
    if (order) {
      const isMadeAgain = !isReplayed(order, law) && around.stamp > order.epoch;
      if (!isMadeAgain) return this.#replay(at, order);
    } else if (!this.#exchange(at, around)) return;
    const held = this.#hold(at, around, isTap);
    if (!held) return;
    if (isTap) this.#send("take", at, held.epoch, BY_ACCOUNT);
    else this.#giveTicket(at, held);
  }

  /** Without a row; and the Worker is given what it needs to refuse the rest by itself. */
  #refuseFrozen(at: number): void {
    let known = 0;
    this.#orders.forEach((order, other) => {
      if (order) known |= 1 << other;
    });
    const bucket = this.#scene.bucketOf(at);
    this.#send("told_refused", at);
    this.#send("share", -1, this.#frozenUpTo, noticeDetail(known, bucket));
  }

  /** The request of an id whose hold is pending. */
  #again(at: number, order: Order, around: Surroundings, isTap: boolean): void {
    if (isTap) {
      this.#markTap(at, around);
      this.#save(at, markWanted(order, OPENS_AT_MS));
      return this.#send("take", at, order.epoch, BY_ACCOUNT);
    }
    const isRestamped = this.#scene.rules.restamp === "any_time" && around.stamp > order.epoch;
    const current = isRestamped ? { ...order, epoch: around.stamp } : order;
    this.#save(at, current);
    this.#giveTicket(at, current);
  }

  #markTap(at: number, around: Surroundings): void {
    if (around.isOpenThere) this.#tapped |= 1 << at;
  }

  /** The variant that looks orders up by the client's text finds another member's. */
  #answersForTwin(at: number): boolean {
    if (this.#scene.rules.identity !== "account_by_text" || this.#orders[at]) return false;
    const twin = this.#scene
      .twinsOf(at)
      .map((other) => this.#orders[other])
      .find((other) => other);
    if (!twin) return false;
    this.#replay(at, twin);
    return true;
  }

  /** Whether a hold may be made for an order that may replace another. */
  #exchange(at: number, around: Surroundings): boolean {
    const { rules } = this.#scene;
    const { replaces } = this.#scene.plan(at);
    if (replaces === undefined) return true;
    const old = this.#orders[replaces];
    if (!old) return false;
    const step = exchangeStep(old, rules.law);
    if (step === "hold") return true;
    if (step === "replay") {
      this.#send("told_granted", replaces);
      return rules.exchange === "despite_grant";
    }
    if (step === "void_and_hold" || around.hasWord) {
      this.#void(replaces, old, { kind: "stale", stamp: old.epoch, epoch: around.stamp });
      return true;
    }
    this.#ask(replaces, old);
    return rules.exchange === "beside_pending";
  }

  #hold(at: number, around: Surroundings, isTap: boolean): Order | null {
    const { rules, terms } = this.#scene;
    const { law } = rules;
    const command = this.#commandOf(at, around.stamp, isTap);
    const usage = usageOf(this.#scene, this.#orders, this.#scene.plan(at).member);
    const wallet = this.#member(at);
    const outcome = decideHold({ wallet, command, terms, usage, nowMs: OPENS_AT_MS, law });
    if (outcome.kind === "refused") {
      if (isRefusalRecorded(law)) this.#save(at, outcome.order);
      this.#send("told_refused", at);
      return null;
    }
    if (isTap) this.#markTap(at, around);
    this.#save(at, outcome.order, outcome.wallet);
    return outcome.order;
  }

  #commandOf(at: number, epoch: number, isTap: boolean): HoldCommand {
    const memberKey = this.#scene.memberKey(at);
    const orderId = this.#scene.orderId(at);
    return { memberKey, orderId, quantity: this.#scene.plan(at).quantity, epoch, isTap };
  }

  // ---- the Sku's word

  #post(at: number, stamp: number): void {
    const { law, comparesStampOnPost } = this.#scene.rules;
    const order = this.#orders[at];
    if (!order) throw new Breach("I5 a grant meets no hold");
    const epoch = comparesStampOnPost ? stamp : order.epoch;
    const grant = { epoch, ordinal: 1, remaining: 0, atMs: OPENS_AT_MS };
    const outcome = post(this.#member(at), order, grant, OPENS_AT_MS, law);
    if (outcome === "already") return;
    this.#save(at, outcome.order, outcome.wallet);
    if (this.#scene.plan(at).hasCash) this.#send("pay", at);
    this.#send("told_granted", at);
  }

  #answer(at: number, answer: TakeAnswer): void {
    const order = this.#orders[at];
    if (order) this.#void(at, order, answer);
  }

  #void(at: number, order: Order, answer: TakeAnswer): void {
    const { law, keepsTerminalRows } = this.#scene.rules;
    const word = finalWord(answer, order, law);
    if (!word) return;
    const wallet = this.#member(at);
    const outcome = voidHold({ wallet, order, ...word, nowMs: OPENS_AT_MS, law });
    if (outcome === "ignored") return;
    this.#save(at, keepsTerminalRows ? outcome.order : null, outcome.wallet);
    this.#send("told_refused", at);
  }

  #stale(at: number, stamp: number, epoch: number): void {
    const { restamp, law } = this.#scene.rules;
    const order = this.#orders[at];
    if (order?.hold !== "pending") return;
    const isRestamped =
      restamp === "any_time" ||
      restamp === "on_stale" ||
      (restamp === "direct_on_stale" && ((this.#ticketed >> at) & 1) === 0);
    if (!isRestamped) return this.#void(at, order, { kind: "stale", stamp, epoch });
    if (stamp !== order.epoch && law.refusalNamesStamp) return;
    const current = epoch > order.epoch ? { ...order, epoch } : order;
    this.#save(at, current);
    this.#ask(at, current);
  }

  #notOpen(at: number): void {
    const order = this.#orders[at];
    if (!order) return;
    this.#void(at, order, { kind: "not_open", opensInMs: 0, paused: false });
    const after = this.#orders[at];
    if (after && this.#scene.rules.notOpenClearsTap) this.#save(at, { ...after, isWanted: false });
  }

  #notice(message: Message, falsely: number): void {
    const { rules } = this.#scene;
    const notice = { upTo: message.epoch, named: namedBy(message) };
    const bucket = bucketOfNotice(message);
    if (rules.workerShare !== "none") this.#frozenUpTo = Math.max(this.#frozenUpTo, notice.upTo);
    for (const at of this.#scene.orders) {
      const order = this.#orders[at];
      if (order?.hold !== "pending" || this.#scene.bucketOf(at) !== bucket) continue;
      const verdict = readNotice(this.#scene, notice, falsely, at, order.epoch);
      if (verdict === "refused")
        this.#void(at, order, { kind: "sold_out", stamp: order.epoch, remaining: 0 });
      else if (verdict === "present") {
        if (rules.noticeForm === "bloom") this.#ask(at, order);
        else this.#post(at, order.epoch);
      }
    }
  }

  // ---- cancel, cash

  #cancel(at: number): void {
    const order = this.#orders[at];
    if (!order) return;
    const step = cancelStep(order, this.#scene.rules.law);
    if (step === "ask") this.#ask(at, order);
    else if (step === "void") this.#void(at, order, { kind: "forgone" });
    else if (step === "cancel") this.#cancelPosted(at);
  }

  #cancelPosted(at: number): void {
    const order = this.#orders[at];
    if (!order) return;
    const { law, latePayment } = this.#scene.rules;
    const outcome = cancelOrder(this.#member(at), order, OPENS_AT_MS, law);
    if (outcome.kind !== "cancelled") return;
    this.#save(at, outcome.order, outcome.wallet);
    this.#cancelRows |= 1 << at;
    this.#send("cancel_take", at);
    this.#cash[at] = onCancel(this.#cash[at] ?? NO_CASH, latePayment);
  }

  #pay(at: number): void {
    const order = this.#orders[at];
    if (!order) return;
    const outcome = onPayment(this.#cash[at] ?? NO_CASH, order.isCancelled, this.#scene.rules);
    if (!outcome) return;
    this.#cash[at] = outcome.cash;
    if (!outcome.isRevived) return;
    const member = this.#member(at);
    const { points } = order;
    const lots = member.lots.map((lot) => ({ ...lot, remaining: lot.remaining - points }));
    this.#save(
      at,
      { ...order, isCancelled: false },
      { ...member, spent: member.spent + points, lots },
    );
  }
}
