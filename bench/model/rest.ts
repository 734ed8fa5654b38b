/**
 * Quiescence: from any state, faults stop, what is on its way is lost, memory is lost, and then alarms, outboxes, willing
 * clients, waves and the close run. Afterwards nothing may be stuck: a state from which that fails has a fault in it
 * already.
 */
import type { Order } from "../../worker/accounts/orders.ts";
import { revert } from "./happenings.ts";
import type { Invariants } from "./invariants.ts";
import { setBit, type State } from "./layout.ts";
import { BY_DOOR, bucketOfNotice, type Message } from "./messages.ts";
import type { Outcome } from "./parts.ts";
import { Breach } from "./scene.ts";
import type { SkuEvent } from "./sku.ts";
import { HashSet } from "./visited.ts";
import type { World } from "./world.ts";

const ROUNDS = 4;
const WAVES = 2;
const DELIVERIES_MAX = 500;
/** More Accounts than any bounds have. */
const ALL_CLOCKS = 255;

export class Rest {
  readonly #world: World;
  readonly #invariants: Invariants;
  /** Rest follows from what is durable and what clients were told alone, and many states share those. */
  readonly #sound = new HashSet();
  #queue: number[] = [];
  #state: State = new Uint32Array();
  #told = { size: -1, words: new Uint32Array() };

  constructor(world: World, invariants: Invariants) {
    this.#world = world;
    this.#invariants = invariants;
  }

  /** What is broken once the world has come to rest from here. Null: nothing, now or when it was asked before. */
  broken(from: State): string | null {
    const state = this.#afterLoss(from);
    return this.#sound.add(state) ? this.#run(state) : null;
  }

  #run(state: State): string | null {
    this.#state = state;
    this.#queue = [];
    try {
      const found = this.#comeToRest();
      return found && `at rest: ${found}`;
    } catch (error) {
      if (error instanceof Breach) return `at rest: ${error.message}`;
      throw error;
    }
  }

  /** Only what is durable and what clients were told is left. */
  #afterLoss(from: State): State {
    const { layout, scene, around } = this.#world;
    const state = from.slice();
    if (layout.isExplicit)
      for (let part = 0; part <= scene.bounds.buckets; part += 1) revert(this.#world, state, part);
    state[layout.world] = around.id({
      gateUpTo: 0,
      gateNamed: 0,
      waves: 0,
      crashes: 0,
      statusChanges: 0,
      clocks: ALL_CLOCKS,
    });
    const kept = this.#toldWords();
    for (let word = 0; word < layout.setWords; word += 1) {
      const at = layout.net + word;
      state[at] = (state[at] ?? 0) & (kept[word] ?? 0);
    }
    return state;
  }

  #toldWords(): Uint32Array {
    const { messages } = this.#world.scene;
    if (this.#told.size === messages.size) return this.#told.words;
    const words = new Uint32Array(this.#world.layout.setWords);
    for (let id = 0; id < messages.size; id += 1)
      if (messages.at(id).to === "client") setBit(words, 0, id);
    this.#told = { size: messages.size, words };
    return words;
  }

  #comeToRest(): string | null {
    const { alarm } = this.#world.scene.rules;
    this.#recover();
    if (alarm) {
      const missed = this.#missedTap();
      if (missed) return missed;
    }
    this.#openAll();
    this.#eachOrder((at) => {
      if (this.#world.waitsForCash(this.#state, at)) this.#atAccount(at, this.#unpaid(at));
    });
    if (this.#sale().status === "open") {
      this.#sellOut();
      const broken = this.#invariants.inMemory(this.#state) ?? this.#unserved();
      if (broken) return broken;
      this.#event("close");
    }
    this.#recover();
    if (this.#sale().returned > 0 && this.#sale().status === "closed")
      this.#event("units move out");
    return this.#invariants.atRest(this.#state);
  }

  // ---- looking

  #sale() {
    return this.#world.skuOf(this.#state).sale;
  }

  #order(at: number): Order | null {
    return this.#world.accountOf(this.#state, at).orders[at] ?? null;
  }

  #eachOrder(work: (at: number) => void): void {
    for (const at of this.#world.scene.orders) work(at);
  }

  #missedTap(): string | null {
    const { sale } = this.#world.skuOf(this.#state);
    if (sale.status !== "open") return null;
    for (const at of this.#world.scene.orders) {
      const order = this.#order(at);
      const tapped = (this.#world.accountOf(this.#state, at).tapped >> at) & 1;
      if (
        order?.hold === "pending" &&
        tapped &&
        order.epoch === sale.epoch &&
        sale.shelf >= order.quantity
      )
        return `I3 o${at} was tapped while open and a unit is on the shelf, but the alarm alone does not decide it`;
    }
    return null;
  }

  #unserved(): string | null {
    const { sale } = this.#world.skuOf(this.#state);
    for (const at of this.#world.scene.orders) {
      const { route, quantity } = this.#world.scene.plan(at);
      const order = this.#order(at);
      const isWilling = route !== "never_grabs" && order?.hold === "pending";
      if (isWilling && order.epoch <= sale.epoch && sale.shelf >= quantity)
        return `I3 o${at} is willing and undecided while a unit is on the shelf`;
    }
    return null;
  }

  // ---- running

  /** Outboxes and alarms, until nothing more can come of them. */
  #recover(): void {
    const { rules } = this.#world.scene;
    const { layout } = this.#world;
    for (let round = 0; round < ROUNDS; round += 1) {
      this.#eachOrder((at) => {
        const { grantRows } = this.#world.skuOf(this.#state);
        if (rules.skuOutbox && (grantRows >> at) & 1)
          this.#take(layout.sku, this.#world.grantFromOutbox(this.#state[layout.sku] ?? 0, at));
        const account = this.#account(at);
        if ((this.#world.account.at(account).cancelRows >> at) & 1)
          this.#atAccount(at, this.#world.cancelFromOutbox(account, at));
        if (rules.alarm && this.#order(at)?.hold === "pending")
          this.#atAccount(at, this.#world.alarm(this.#account(at), at));
        this.#deliverAll();
      });
    }
  }

  #openAll(): void {
    const { status } = this.#sale();
    if (status === "scheduled") this.#event("open");
    if (status === "paused") this.#event("resume");
  }

  /** Waves, and every client asks once more. */
  #sellOut(): void {
    for (let wave = 0; wave < WAVES; wave += 1) {
      if (this.#sale().returned > 0) this.#event("wave");
      this.#eachOrder((at) => {
        const order = this.#order(at);
        const isOpenQuestion = !order || order.hold === "pending";
        if (!isOpenQuestion || this.#world.scene.plan(at).route === "never_grabs") return;
        this.#queue.push(this.#world.scene.messages.id("redeem", at));
        this.#deliverAll();
        this.#recover();
      });
      this.#eachOrder((at) => {
        if (!this.#world.waitsForCash(this.#state, at)) return;
        this.#queue.push(this.#world.scene.messages.id("pay", at));
        this.#deliverAll();
      });
    }
  }

  #account(at: number): number {
    return this.#state[this.#partOf(at)] ?? 0;
  }

  #partOf(at: number): number {
    return this.#world.layout.account(this.#world.scene.bucketOf(at));
  }

  #unpaid(at: number): Outcome {
    return this.#world.cancelUnpaid(this.#account(at), at);
  }

  #atAccount(at: number, outcome: Outcome): void {
    this.#take(this.#partOf(at), outcome);
    this.#deliverAll();
  }

  #event(event: SkuEvent): void {
    const { sku } = this.#world.layout;
    this.#take(sku, this.#world.skuEvent(this.#state[sku] ?? 0, event));
    this.#deliverAll();
  }

  /** A part's step: what it sends to objects is delivered, what it tells clients is kept. */
  #take(part: number, outcome: Outcome): void {
    if (outcome.breach !== null) throw new Breach(outcome.breach);
    this.#state[part] = outcome.next;
    if (part === this.#world.layout.sku)
      this.#state[this.#world.layout.onDisk(part)] = outcome.next;
    this.#queue.push(...outcome.sends);
  }

  #deliverAll(): void {
    for (let count = 0; ; count += 1) {
      const id = this.#queue.shift();
      if (id === undefined) return;
      if (count > DELIVERIES_MAX) throw new Breach("messages go round without end");
      this.#deliver(this.#world.scene.messages.at(id));
    }
  }

  #deliver(message: Message): void {
    const { layout, scene } = this.#world;
    const { order } = message;
    switch (message.to) {
      case "client":
        return setBit(this.#state, layout.net, message.id);
      case "worker":
        // A share is memory of a Worker, and memory is lost.
        return;
      case "gate":
        // The Gate has lost its notice, so it forwards.
        if (message.kind === "grab")
          this.#queue.push(scene.messages.id("take", order, message.epoch, BY_DOOR));
        return;
      case "sku": {
        const tapped = ((this.#world.accountOf(this.#state, order).tapped >> order) & 1) === 1;
        const outcome = this.#world.atSku(this.#state[layout.sku] ?? 0, message, tapped);
        return this.#take(layout.sku, outcome);
      }
      case "account":
        return this.#deliverToAccount(message);
    }
  }

  #deliverToAccount(message: Message): void {
    const { layout, scene } = this.#world;
    if (message.kind === "notice") {
      const part = layout.account(bucketOfNotice(message));
      const around = { stamp: 0, isOpenHere: true, isOpenThere: true, hasWord: false, falsely: 0 };
      return this.#take(part, this.#world.atAccount(this.#state[part] ?? 0, message, around));
    }
    const { epoch } = this.#sale();
    const stamp = scene.rules.requestNamesEpoch ? scene.namedEpoch(message.order) : epoch;
    const isRequest = message.kind === "redeem" || message.kind === "ticket";
    if (isRequest && stamp > epoch) return;
    const around = {
      ...this.#world.surroundings(this.#state, message.order),
      stamp: isRequest ? stamp : 0,
    };
    const outcome = this.#world.atAccount(this.#account(message.order), message, around);
    this.#take(this.#partOf(message.order), outcome);
  }
}
