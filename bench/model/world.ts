/**
 * The world of a search: the Sku, the Accounts, a Gate, Workers and the network between them. Everything that can
 * happen next is a successor: any message that was ever sent is delivered, any outbox or alarm runs, anything crashes.
 */
import { startOf, waitsForCash, type AccountState, type Surroundings } from "./account-state.ts";
import { AccountPart } from "./account.ts";
import type { Bounds } from "./bounds.ts";
import { hasBit, Layout, setBit, type State } from "./layout.ts";
import { toGate, toWorker } from "./doors.ts";
import { bucketOfNotice, describeMessage, type Message } from "./messages.ts";
import { noticeOf } from "./notices.ts";
import { Part, type Outcome } from "./parts.ts";
import type { Rules } from "./rules.ts";
import { Scene } from "./scene.ts";
import { SkuPart, type SkuEvent, type SkuState } from "./sku.ts";
import { happenings } from "./happenings.ts";

/** What has no object of its own: a Gate's memory, clocks, and how much of the bounds is used up. */
export interface Around {
  /** The notice that the Gate holds; 0: none. */
  readonly gateUpTo: number;
  readonly gateNamed: number;
  readonly waves: number;
  readonly crashes: number;
  readonly statusChanges: number;
  /** A bit per Account: the opening has passed on its clock. */
  readonly clocks: number;
}

/** `next` is null when the step was rolled back by a breach. */
export type Visit = (action: () => string, next: State | null, breach: string | null) => void;

/** Actions of a part are numbered: message, then what the step finds around it. */
const MESSAGE_SHIFT = 14;
const ALARM = 0x3000_0000;
const OUTBOX = 0x3100_0000;
const UNPAID = 0x3200_0000;
const EVENT = 0x3300_0000;
const ROWLESS = 0x3400_0000;
const AT_ONCE = 0x3500_0000;

export class World {
  readonly scene: Scene;
  readonly layout: Layout;
  readonly sku: Part<SkuState>;
  readonly account: Part<AccountState>;
  readonly around: Part<Around>;
  readonly #skuPart: SkuPart;
  readonly #accountPart: AccountPart;

  constructor(bounds: Bounds, rules: Rules) {
    this.scene = new Scene(bounds, rules);
    this.layout = new Layout(bounds);
    this.#skuPart = new SkuPart(this.scene);
    this.#accountPart = new AccountPart(this.scene);
    this.sku = new Part((state) =>
      JSON.stringify([{ ...state.sale, terms: 0 }, state.takes, state.grantRows]),
    );
    this.account = new Part((state) => JSON.stringify(state));
    this.around = new Part((state) => JSON.stringify(state));
  }

  start(): State {
    const { bounds, messages } = this.scene;
    const { layout } = this;
    const state = new Uint32Array(layout.words);
    state[layout.sku] = this.sku.id(this.#skuPart.start());
    for (let bucket = 0; bucket < bounds.buckets; bucket += 1)
      state[layout.account(bucket)] = this.account.id(startOf(this.scene, bucket));
    state[layout.world] = this.around.id({
      gateUpTo: 0,
      gateNamed: 0,
      waves: 0,
      crashes: 0,
      statusChanges: 0,
      clocks: bounds.startsScheduled ? 0 : (1 << bounds.buckets) - 1,
    });
    if (layout.isExplicit)
      for (let part = 0; part <= bounds.buckets; part += 1)
        state[layout.onDisk(part)] = state[part] ?? 0;
    for (const at of this.scene.orders) {
      const { route, cancels, forgoes } = this.scene.plan(at);
      const sent: Message["kind"][] = [];
      if (route !== "direct") sent.push("ticket");
      if (route === "both" || route === "direct") sent.push("redeem");
      if (cancels) sent.push("cancel");
      if (forgoes) sent.push("forgo");
      for (const kind of sent) setBit(state, layout.net, messages.id(kind, at));
    }
    return state;
  }

  successors(state: State, visit: Visit): void {
    const { messages } = this.scene;
    // Messages first met during this call have not been sent in this state.
    for (let id = 0, count = messages.size; id < count; id += 1) {
      if (hasBit(state, this.layout.net, id)) this.#deliver(state, messages.at(id), visit);
    }
    happenings(this, state, visit);
  }

  // ---- looking

  skuOf(state: State): SkuState {
    return this.sku.at(state[this.layout.sku] ?? 0);
  }

  durableSku(state: State): SkuState {
    return this.sku.at(state[this.layout.onDisk(this.layout.sku)] ?? 0);
  }

  accountOf(state: State, at: number): AccountState {
    return this.account.at(state[this.layout.account(this.scene.bucketOf(at))] ?? 0);
  }

  aroundOf(state: State): Around {
    return this.around.at(state[this.layout.world] ?? 0);
  }

  wasSent(state: State, ...message: Parameters<Scene["messages"]["find"]>): boolean {
    const id = this.scene.messages.find(...message);
    return id !== undefined && hasBit(state, this.layout.net, id);
  }

  /** Notices that any Account, or shares that any Worker was ever sent. */
  sentOf(state: State, kind: "notice" | "share"): Message[] {
    const { messages } = this.scene;
    const found: Message[] = [];
    for (let id = 0; id < messages.size; id += 1) {
      const message = messages.at(id);
      if (message.kind === kind && hasBit(state, this.layout.net, id)) found.push(message);
    }
    return found;
  }

  waitsForCash(state: State, at: number): boolean {
    return waitsForCash(this.scene, this.accountOf(state, at), at);
  }

  // ---- one step of a part

  /** What a message makes of its Account. */
  atAccount(account: number, message: Message, around: Surroundings): Outcome {
    const action =
      (message.id << MESSAGE_SHIFT) |
      (around.falsely << 7) |
      (Number(around.hasWord) << 6) |
      (Number(around.isOpenThere) << 5) |
      (Number(around.isOpenHere) << 4) |
      around.stamp;
    return this.account.step(account, action, (value) =>
      this.#accountPart.deliver(value, message, around),
    );
  }

  atSku(sku: number, message: Message, tapped: boolean): Outcome {
    const action = (message.id << MESSAGE_SHIFT) | Number(tapped);
    return this.sku.step(sku, action, (value) => this.#skuPart.deliver(value, message, tapped));
  }

  skuEvent(sku: number, event: SkuEvent): Outcome {
    return this.sku.step(sku, EVENT + SKU_EVENTS.indexOf(event), (value) =>
      this.#skuPart.happen(value, event),
    );
  }

  grantFromOutbox(sku: number, at: number): Outcome {
    return this.sku.step(sku, OUTBOX + at, (value) => this.#skuPart.sendGrant(value, at));
  }

  alarm(account: number, at: number): Outcome {
    return this.account.step(account, ALARM + at, (value) => this.#accountPart.alarm(value, at));
  }

  cancelFromOutbox(account: number, at: number): Outcome {
    return this.account.step(account, OUTBOX + at, (value) =>
      this.#accountPart.sendCancel(value, at),
    );
  }

  cancelUnpaid(account: number, at: number): Outcome {
    return this.account.step(account, UNPAID + at, (value) =>
      this.#accountPart.cancelUnpaid(value, at),
    );
  }

  refuseWithoutRow(account: number, at: number): Outcome {
    return this.account.step(account, ROWLESS + at, (value) =>
      this.#accountPart.refuseWithoutRow(value, at),
    );
  }

  refuseAtOnce(account: number, at: number, stamp: number): Outcome {
    return this.account.step(account, AT_ONCE + at * 16 + stamp, (value) =>
      this.#accountPart.refuseAtOnce(value, at, stamp),
    );
  }

  // ---- a step of the world

  /** The state after a step of a part; what it sent waits for the commit where commits are explicit. */
  apply(state: State, part: number, outcome: Outcome, action: () => string, visit: Visit): void {
    if (outcome.breach !== null) return visit(action, null, outcome.breach);
    const next = state.slice();
    next[part] = outcome.next;
    const waits = this.layout.isExplicit && this.scene.rules.outputGate;
    const set = waits ? this.layout.waiting(part) : this.layout.net;
    for (const id of outcome.sends) setBit(next, set, id);
    visit(action, next, null);
  }

  /** A change outside the objects; what it sends leaves at once. */
  applyAround(
    state: State,
    change: Partial<Around>,
    sends: readonly number[],
    action: () => string,
    visit: Visit,
  ): void {
    const next = state.slice();
    next[this.layout.world] = this.around.id({ ...this.aroundOf(state), ...change });
    for (const id of sends) setBit(next, this.layout.net, id);
    visit(action, next, null);
  }

  // ---- deliveries

  #deliver(state: State, message: Message, visit: Visit): void {
    const name = describeMessage(message);
    if (message.to === "account") this.#toAccount(state, message, name, visit);
    else if (message.to === "sku") {
      const { sku } = this.layout;
      const outcome = this.atSku(state[sku] ?? 0, message, this.#isTapped(state, message.order));
      this.apply(state, sku, outcome, () => `Sku ← ${name}`, visit);
    } else if (message.to === "gate") toGate(this, state, message, name, visit);
    if (message.kind === "redeem") toWorker(this, state, message, name, visit);
  }

  #isTapped(state: State, at: number): boolean {
    return ((this.accountOf(state, at).tapped >> at) & 1) === 1;
  }

  /** What a message finds around its Account, the stamp aside. */
  surroundings(state: State, at: number): Surroundings {
    const bucket = this.scene.bucketOf(at);
    return {
      stamp: 0,
      isOpenHere: ((this.aroundOf(state).clocks >> bucket) & 1) === 1,
      isOpenThere: this.durableSku(state).sale.status !== "scheduled",
      hasWord: this.#hasWord(state, at),
      falsely: 0,
    };
  }

  /** The Sku's final word on the replaced hold, under the stamp of that hold. */
  #hasWord(state: State, at: number): boolean {
    const { replaces } = this.scene.plan(at);
    const old = replaces === undefined ? null : this.accountOf(state, replaces).orders[replaces];
    if (replaces === undefined || old?.hold !== "pending") return false;
    if (this.wasSent(state, "refused", replaces, old.epoch)) return true;
    const { epoch } = this.skuOf(state).sale;
    for (let now = old.epoch + 1; now <= epoch; now += 1)
      if (this.wasSent(state, "stale", replaces, old.epoch, now)) return true;
    return false;
  }

  #toAccount(state: State, message: Message, name: string, visit: Visit): void {
    const isNotice = message.kind === "notice";
    const bucket = isNotice ? bucketOfNotice(message) : this.scene.bucketOf(message.order);
    const part = this.layout.account(bucket);
    const account = state[part] ?? 0;
    if (message.kind === "ticket" || message.kind === "redeem")
      return this.#toAccountStamped(state, message, name, visit);
    const handle = (falsely: number, note: string): void => {
      const around = { ...NOTHING_AROUND, falsely };
      const outcome = this.atAccount(account, message, around);
      this.apply(state, part, outcome, () => `Account ← ${name}${note}`, visit);
    };
    handle(0, "");
    if (!isNotice) return;
    for (const falsely of this.scene.falsePresents())
      handle(falsely, ` with false presents ${falsely.toString(2)}`);
  }

  /** A request: the stamp matters only where it may make or re-stamp a hold. */
  #toAccountStamped(state: State, message: Message, name: string, visit: Visit): void {
    const { rules } = this.scene;
    const at = message.order;
    const part = this.layout.account(this.scene.bucketOf(at));
    const account = state[part] ?? 0;
    const order = this.account.at(account).orders[at] ?? null;
    const surroundings = this.surroundings(state, at);
    const isStamped =
      !order ||
      (order.hold === "pending" && rules.restamp === "any_time") ||
      (order.hold === "voided" && !rules.law.voidIsForEver);
    if (!isStamped) {
      const outcome = this.atAccount(account, message, surroundings);
      return this.apply(state, part, outcome, () => `Account ← ${name}`, visit);
    }
    for (const stamp of this.#stamps(state, at)) {
      const outcome = this.atAccount(account, message, { ...surroundings, stamp });
      this.apply(state, part, outcome, () => `Account ← ${name}, stamped e${stamp}`, visit);
      if (!order) this.#refusals(state, message, name, stamp, visit);
    }
  }

  /** What an Account may say to a new id without the Sku. */
  #refusals(state: State, { order: at }: Message, name: string, stamp: number, visit: Visit): void {
    const { rules } = this.scene;
    const part = this.layout.account(this.scene.bucketOf(at));
    const account = state[part] ?? 0;
    const isCovered = (): boolean =>
      this.sentOf(state, "notice").some((notice) => notice.epoch >= stamp);
    if (rules.rowlessRefusal && isCovered()) {
      const action = () => `Account refuses ${name} e${stamp} without a row`;
      this.apply(state, part, this.refuseWithoutRow(account, at), action, visit);
    }
    if (rules.refusesAtOnce && stamp < this.durableSku(state).sale.epoch) {
      const action = () => `Account refuses ${name} e${stamp} at once, with a row`;
      this.apply(state, part, this.refuseAtOnce(account, at, stamp), action, visit);
    }
  }

  /** What a client may have seen: the sale's epoch as committed, or the one before. */
  #stamps(state: State, at: number): number[] {
    const { rules } = this.scene;
    const { epoch } = this.durableSku(state).sale;
    if (rules.requestNamesEpoch) {
      const named = this.scene.namedEpoch(at);
      return named <= epoch ? [named] : [];
    }
    const stamps = epoch > 1 ? [epoch, epoch - 1] : [epoch];
    if (rules.futureStamp) stamps.push(epoch + 1);
    return stamps;
  }

  /** Whether the Sku has something to publish that would change anything. */
  hasNotice(state: State): boolean {
    return this.scene.rules.accountNotice && noticeOf(this.scene, this.skuOf(state)) !== null;
  }
}

const SKU_EVENTS: readonly SkuEvent[] = [
  "open",
  "wave",
  "units move out",
  "restock",
  "pause",
  "resume",
  "close",
  "clock steps back over the close",
  "next sale scheduled",
  "notice",
];

const NOTHING_AROUND: Surroundings = {
  stamp: 0,
  isOpenHere: false,
  isOpenThere: false,
  hasWord: false,
  falsely: 0,
};
