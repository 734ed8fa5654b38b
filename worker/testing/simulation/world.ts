/**
 * The protocol's pure core on a faulty network: one sale, a few members, messages that may be late, doubled, reordered
 * or lost. Every change of an Account or the Sku is one commit, so a crash is the loss of all that is in flight.
 */
import {
  asksByProbe,
  cancelStep,
  exchangeStep,
  finalWord,
  isEarlyTap,
  isRefusalRecorded,
  isReplayed,
  onSilence,
} from "../../accounts/decisions.ts";
import type { Wallet } from "../../accounts/points/index.ts";
import {
  cancelOrder,
  decideHold,
  markWanted,
  post,
  voidHold,
  type Order,
} from "../../accounts/orders.ts";
import { frozenNotice, verdictFromNotice, type FrozenNotice } from "../../redemption/frozen.ts";
import type { Law } from "../../redemption/law.ts";
import {
  advance,
  cancelTake,
  changeStatus,
  decideForgo,
  decideTake,
  draftSale,
  restock,
  wave,
  type Sale,
  type SaleTerms,
  type Take,
  type TakeAnswer,
} from "../../redemption/model.ts";
import { extend } from "../../redemption/terms.ts";
import { walletWith } from "../points/opening.ts";
import { Breach } from "./invariants.ts";
import type { Random } from "./random.ts";
import { keyOf, OPENS_AT_MS, type Intent, type Message, type TakeMessage } from "./scene.ts";

export class World {
  readonly law: Law;
  readonly random: Random;
  readonly intents: readonly Intent[];
  nowMs = 0;
  sale: Sale;
  readonly takes = new Map<string, Take>();
  readonly members = new Map<string, Wallet>();
  readonly orders = new Map<string, Order>();
  /** The Sku's outbox of grants and the Accounts' outbox of cancels. */
  readonly grantsOut = new Set<string>();
  readonly cancelsOut = new Set<string>();
  network: Message[] = [];
  /** What clients were told, by order. */
  readonly told = new Map<string, Set<"granted" | "refused">>();
  /** Quantities refused as sold out, by epoch. */
  readonly soldOutSaid: { epoch: number; quantity: number }[] = [];
  /** Orders with a tap that was handled at or after the opening. */
  readonly tapped = new Set<string>();
  /** Grants whose stamp was not the epoch of their moment. */
  readonly staleGrants = new Set<string>();
  waves = 0;

  constructor(
    law: Law,
    random: Random,
    intents: readonly Intent[],
    terms: SaleTerms,
    units: number,
  ) {
    this.law = law;
    this.random = random;
    this.intents = intents;
    const scheduled = changeStatus(draftSale(terms, units), { kind: "schedule" }, 0);
    if (scheduled === "conflict") throw new Error("a draft can be scheduled");
    this.sale = scheduled;
    for (const { memberKey } of intents) {
      if (this.members.has(memberKey)) continue;
      this.members.set(memberKey, walletWith(memberKey, [{ points: 30 }], 0));
    }
  }

  send(message: Message): void {
    this.network.push(message);
  }

  tell(key: string, what: "granted" | "refused"): void {
    const told = this.told.get(key) ?? new Set();
    told.add(what);
    this.told.set(key, told);
  }

  deliver(message: Message): void {
    if (message.to === "sku") return this.#atSku(message);
    if (message.kind === "answer") return this.#answer(message.key, message.answer);
    if (message.kind === "notice") return this.#notice(message.notice);
    const { intent } = message;
    if (message.kind === "ticket") return this.#ticket(intent);
    if (message.kind === "redeem") return this.#redeem(intent);
    return message.kind === "cancel" ? this.#cancel(intent) : this.#forgo(intent);
  }

  // ---- Account

  #member(memberKey: string): Wallet {
    const member = this.members.get(memberKey);
    if (!member) throw new Error("unknown member");
    return member;
  }

  #save(order: Order, member?: Wallet): void {
    this.orders.set(keyOf(order), order);
    if (member) this.members.set(order.memberKey, member);
  }

  #replayed(order: Order | undefined): boolean {
    if (!order || !isReplayed(order, this.law)) return false;
    this.tell(keyOf(order), order.hold === "posted" ? "granted" : "refused");
    return true;
  }

  #hold(intent: Intent, isTap: boolean): Order | null {
    const { memberKey, orderId, quantity } = intent;
    // A page may have read the sale a moment ago, but never an epoch that is still to come.
    const epoch = Math.max(1, this.sale.epoch - (this.random.chance(0.25) ? 1 : 0));
    const mine = [...this.orders.values()].filter((order) => order.memberKey === memberKey);
    const units = (wanted: (order: Order) => boolean): number =>
      mine.filter(wanted).reduce((sum, order) => sum + order.quantity, 0);
    const usage = {
      pendingUnits: units((order) => order.hold === "pending"),
      liveUnits: units((order) => order.hold === "posted" && !order.isCancelled),
      todayUnits: 0,
    };
    const command = { memberKey, orderId, quantity, epoch, isTap };
    const outcome = decideHold({
      ...{ wallet: this.#member(memberKey), command, terms: this.sale.terms, usage },
      ...{ nowMs: this.nowMs, law: this.law },
    });
    if (outcome.kind === "held") {
      this.#save(outcome.order, outcome.wallet);
      return outcome.order;
    }
    if (isRefusalRecorded(this.law)) this.#save(outcome.order);
    this.tell(keyOf(intent), "refused");
    return null;
  }

  #ticket(intent: Intent): void {
    const order = this.orders.get(keyOf(intent));
    if (this.#replayed(order)) return;
    if (order?.hold === "pending") return this.#giveTicket(intent, order);
    const old =
      intent.replaces === null
        ? undefined
        : this.orders.get(`${intent.memberKey} ${intent.replaces}`);
    if (intent.replaces !== null && !old) return;
    if (old) {
      const step = exchangeStep(old, this.law);
      if (step === "replay") return this.tell(keyOf(old), "granted");
      if (step === "ask") return this.ask(old);
      if (step === "void_and_hold")
        this.#void(old, { kind: "stale", stamp: old.epoch, epoch: this.sale.epoch });
    }
    const held = this.#hold(intent, false);
    if (held) this.#giveTicket(intent, held);
  }

  #giveTicket(intent: Intent, order: Order): void {
    if (intent.route === "never_taps") return;
    const { epoch, quantity } = order;
    this.send({
      to: "sku",
      kind: "take",
      key: keyOf(order),
      epoch,
      quantity,
      probe: false,
      via: "door",
    });
  }

  #redeem(intent: Intent): void {
    const order = this.orders.get(keyOf(intent));
    if (this.#replayed(order)) return;
    if (isEarlyTap(OPENS_AT_MS, this.nowMs, this.law)) return;
    if (this.nowMs >= OPENS_AT_MS) this.tapped.add(keyOf(intent));
    if (order?.hold === "pending") {
      const wanted = markWanted(order, this.nowMs);
      this.#save(wanted);
      return this.ask(wanted);
    }
    const held = this.#hold(intent, true);
    if (held) this.ask(held);
  }

  ask(order: Order): void {
    const { epoch, quantity } = order;
    const probe = asksByProbe(order, this.law);
    this.send({
      to: "sku",
      kind: "take",
      key: keyOf(order),
      epoch,
      quantity,
      probe,
      via: "account",
    });
  }

  /** The alarm of a pending hold: nothing was heard, so it asks again. */
  alarm(order: Order): void {
    const word = onSilence(order, this.law);
    if (word) this.#void(order, word);
    else this.ask(order);
  }

  #answer(key: string, answer: TakeAnswer): void {
    const order = this.orders.get(key);
    if (answer.kind === "granted") {
      if (!order) throw new Breach("I5", `${key} was granted without a hold`);
      const outcome = post(this.#member(order.memberKey), order, answer, this.nowMs, this.law);
      if (outcome !== "already") this.#save(outcome.order, outcome.wallet);
      this.grantsOut.delete(key);
      return this.tell(key, "granted");
    }
    if (order) this.#void(order, answer);
  }

  #void(order: Order, answer: TakeAnswer): void {
    const word = finalWord(answer, order, this.law);
    if (!word) return;
    const member = this.#member(order.memberKey);
    const outcome = voidHold({
      ...{ wallet: member, order, refusal: word.refusal, stamp: word.stamp },
      ...{ nowMs: this.nowMs, law: this.law },
    });
    if (outcome === "ignored") return;
    this.#save(outcome.order, outcome.wallet);
    this.tell(keyOf(order), "refused");
  }

  #notice(notice: FrozenNotice): void {
    for (const order of this.orders.values()) {
      if (order.hold !== "pending" || order.epoch > notice.upTo) continue;
      if (verdictFromNotice(notice, keyOf(order), order.epoch) === "ask") this.ask(order);
      else this.#void(order, { kind: "sold_out", stamp: order.epoch, remaining: 0 });
    }
  }

  #cancel(intent: Intent): void {
    const order = this.orders.get(keyOf(intent));
    if (!order) return;
    const step = cancelStep(order, this.law);
    if (step === "ask") return this.ask(order);
    if (step === "void") return this.#void(order, { kind: "forgone" });
    if (step === "none") return;
    const outcome = cancelOrder(this.#member(order.memberKey), order, this.nowMs, this.law);
    if (outcome.kind !== "cancelled") return;
    this.#save(outcome.order, outcome.wallet);
    this.cancelsOut.add(keyOf(order));
  }

  #forgo(intent: Intent): void {
    const order = this.orders.get(keyOf(intent));
    if (order?.hold !== "pending") return;
    const { epoch, quantity } = order;
    this.send({ to: "sku", kind: "forgo", key: keyOf(order), epoch, quantity });
  }

  // ---- Sku

  #atSku(message: Extract<Message, { to: "sku" }>): void {
    this.sale = advance(this.sale, this.nowMs, this.law);
    if (message.kind === "take") return this.#take(message);
    if (message.kind === "cancel") return this.#cancelTake(message.key);
    if (message.kind === "forgo") {
      const known = this.takes.get(message.key);
      const outcome = decideForgo(known, message.epoch, message.quantity, this.nowMs);
      if (outcome.take) this.takes.set(message.key, outcome.take);
      this.send({ to: "account", kind: "answer", key: message.key, answer: outcome.answer });
    }
  }

  #take(message: TakeMessage): void {
    const { key } = message;
    if (message.via === "door" && this.nowMs >= OPENS_AT_MS) this.tapped.add(key);
    const outcome = decideTake(this.sale, this.takes.get(key), message, this.nowMs, this.law);
    if (outcome.grant) {
      if (message.epoch !== this.sale.epoch) this.staleGrants.add(key);
      this.sale = outcome.grant.sale;
      this.takes.set(key, outcome.grant.take);
      this.grantsOut.add(key);
    }
    const { answer } = outcome;
    if (answer.kind === "sold_out") {
      this.soldOutSaid.push({ epoch: this.sale.epoch, quantity: message.quantity });
    }
    if (message.via === "door") this.#tellDoor(key, answer);
    if (message.via === "account" || answer.kind !== "granted") {
      this.send({ to: "account", kind: "answer", key, answer });
    }
  }

  #tellDoor(key: string, answer: TakeAnswer): void {
    if (answer.kind === "granted") return this.tell(key, "granted");
    const order = this.orders.get(key);
    if (order && finalWord(answer, order, this.law)) this.tell(key, "refused");
  }

  #cancelTake(key: string): void {
    const outcome = cancelTake(this.sale, this.takes.get(key), this.nowMs, this.law);
    this.cancelsOut.delete(key);
    if (outcome === "already") return;
    this.sale = outcome.sale;
    this.takes.set(key, outcome.take);
  }

  // ---- the world

  publishNotice(): void {
    const granted = [...this.takes]
      .filter(([, take]) => take.state !== "forgone")
      .map(([key, take]) => ({ key, epoch: take.epoch }));
    const notice = frozenNotice(this.sale, granted, this.law);
    if (notice) this.send({ to: "account", kind: "notice", notice });
  }

  wave(): void {
    this.sale = wave(this.sale, this.law);
    this.waves += 1;
  }

  restock(): void {
    if (this.sale.status !== "closed") this.sale = restock(this.sale, 1, this.law);
  }

  extend(): void {
    const next = extend(this.sale, this.sale.terms.closesAtMs + 1, this.law);
    if (next !== "conflict") this.sale = next;
  }

  changeStatus(kind: "pause" | "resume" | "close"): void {
    const next = changeStatus(this.sale, { kind }, this.nowMs);
    if (next !== "conflict") this.sale = next;
  }
}
