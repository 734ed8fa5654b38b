/**
 * The checker forgets figures, moments and ledger rows, and it calls the product from its own Sku and Account. Here the
 * product's functions run on full values with a moving clock, beside the checker's parts on forgotten ones: after each step
 * what was kept of the former must be the latter. Where they differ, checker and code have drifted.
 */
import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { finalWord, cancelStep } from "../../worker/accounts/decisions.ts";
import type { Wallet } from "../../worker/accounts/points/index.ts";
import {
  cancelOrder,
  decideHold,
  markWanted,
  post,
  voidHold,
  type Order,
} from "../../worker/accounts/orders.ts";
import {
  advance,
  cancelTake,
  changeStatus,
  decideForgo,
  decideTake,
  draftSale,
  moveOut,
  restock,
  wave,
  type Sale,
  type Take,
  type TakeAnswer,
} from "../../worker/redemption/model.ts";
import { extend } from "../../worker/redemption/terms.ts";
import { walletWith } from "../../worker/testing/points/opening.ts";
import { startOf, type AccountState } from "./account-state.ts";
import { AccountPart } from "./account.ts";
import { configuration, type Bounds } from "./bounds.ts";
import { forgetMember, forgetOrder, forgetSale, forgetTake } from "./forget.ts";
import { BY_ACCOUNT, type Message } from "./messages.ts";
import { FIXED } from "./rules.ts";
import { OPENS_AT_MS, Scene } from "./scene.ts";
import { SkuPart, type SkuEvent, type SkuState } from "./sku.ts";

// Work is bounded by counts; the clock only ends what hangs, also on a machine that is busy with other things.
vi.setConfig({ testTimeout: 300_000 });

/** Three members with two orders each, of one unit and of two, and too few units, points and limit for all. */
const bounds: Bounds = {
  ...configuration("W1"),
  stock: 3,
  limit: 2,
  points: 3,
  buckets: 1,
  isExplicit: false,
};
const ORDERS = bounds.orders.length;
const order = fc.nat({ max: ORDERS - 1 });
const RUNS = { numRuns: 250, seed: 7 };
const LENGTH = { minLength: 20, maxLength: 80, size: "max" } as const;

// ---- Sku

const skuCommand = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom("take", "probe"),
      order,
      // Epochs behind the current one; mostly none, or no story gets far.
      behind: fc.constantFrom(0, 0, 0, 0, 1, -1),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom("cancel_take", "forgo_take"),
      order,
      behind: fc.constant(0),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        "open",
        "open",
        "wave",
        "wave",
        "wave",
        "restock",
        "pause",
        "resume",
        "resume",
        "close",
        "extend",
        "units move out",
      ),
      order: fc.constant(0),
      behind: fc.constant(0),
    }),
  },
);
type SkuCommand = Omit<typeof skuCommand extends fc.Arbitrary<infer C> ? C : never, "behind"> & {
  readonly epoch: number;
};

/** The product's Sku, whole. */
class FullSku {
  sale: Sale;
  readonly takes: (Take | null)[];
  nowMs = 0;

  constructor(scene: Scene) {
    const scheduled = changeStatus(draftSale(scene.terms, bounds.stock), { kind: "schedule" }, 0);
    if (scheduled === "conflict") throw new Error("a draft can be scheduled");
    this.sale = scheduled;
    this.takes = bounds.orders.map(() => null);
  }

  /** Null: makes no sense now, so neither side does it. */
  run(command: SkuCommand, quantity: number): { readonly answer: TakeAnswer | null } | null {
    this.nowMs += 7;
    const known = this.takes[command.order] ?? undefined;
    const { kind, epoch } = command;
    if (kind === "take" || kind === "probe") {
      const item = { epoch, quantity, probe: kind === "probe" };
      const outcome = decideTake(this.sale, known, item, this.nowMs);
      if (outcome.grant) {
        this.sale = outcome.grant.sale;
        this.takes[command.order] = outcome.grant.take;
      }
      return { answer: outcome.answer };
    }
    if (kind === "cancel_take") {
      if (!known || known.state === "forgone") return null;
      const outcome = cancelTake(this.sale, known, this.nowMs);
      if (outcome !== "already") {
        this.sale = outcome.sale;
        this.takes[command.order] = outcome.take;
      }
      return { answer: null };
    }
    if (kind === "forgo_take") {
      const outcome = decideForgo(known, this.sale.epoch, quantity, this.nowMs);
      if (outcome.take) this.takes[command.order] = outcome.take;
      return { answer: outcome.answer };
    }
    return this.#event(kind as SkuEvent) ? { answer: null } : null;
  }

  #event(event: SkuEvent): boolean {
    const next = this.#after(event);
    if (!next) return false;
    this.sale = next;
    return true;
  }

  #after(event: SkuEvent): Sale | null {
    const { sale } = this;
    const { status } = sale;
    switch (event) {
      case "open":
        return status === "scheduled" ? advance(sale, OPENS_AT_MS + this.nowMs) : null;
      case "wave":
        return status === "open" && sale.returned > 0 ? wave(sale) : null;
      case "restock":
        return status === "closed" ? null : restock(sale, 1);
      case "extend": {
        const next = status === "closed" ? null : extend(sale, sale.terms.closesAtMs + 9);
        return next === "conflict" ? null : next;
      }
      case "units move out":
        return status === "closed" && sale.returned > 0 ? moveOut(sale).sale : null;
      case "pause":
      case "resume":
      case "close": {
        const isSensible = {
          pause: status === "open",
          resume: status === "paused",
          close: status === "open",
        };
        const next = changeStatus(sale, { kind: event }, this.nowMs);
        return isSensible[event] && next !== "conflict" ? next : null;
      }
      default:
        return null;
    }
  }
}

describe("the Sku of the checker", () => {
  it("decides as the product does on whole values", () => {
    fc.assert(
      fc.property(fc.array(skuCommand, LENGTH), (commands) => {
        const scene = new Scene(bounds, FIXED);
        const part = new SkuPart(scene);
        const full = new FullSku(scene);
        let state: SkuState = { ...part.start(), sale: forgetSale(full.sale) };
        for (const { behind, ...rest } of commands) {
          const command: SkuCommand = { ...rest, epoch: Math.max(1, full.sale.epoch - behind) };
          const { quantity } = scene.plan(command.order);
          const done = full.run(command, quantity);
          if (!done) continue;
          const step = stepOf(scene, part, state, command);
          ({ state } = step);
          expect(state.sale).toEqual(forgetSale(full.sale));
          expect(state.takes).toEqual(full.takes.map((take) => take && forgetTake(take)));
          if (done.answer)
            expect(answersOf(scene, step.sends)).toEqual(kept(done.answer, scene, command));
        }
      }),
      RUNS,
    );
  });
});

function stepOf(scene: Scene, part: SkuPart, state: SkuState, command: SkuCommand) {
  const { kind, epoch } = command;
  if (kind === "take" || kind === "probe" || kind === "cancel_take" || kind === "forgo_take") {
    const detail = kind === "take" ? BY_ACCOUNT : 0;
    const id = scene.messages.id(kind, command.order, epoch, detail);
    return part.deliver(state, scene.messages.at(id), true);
  }
  return part.happen(state, kind as SkuEvent);
}

/** What an Account hears. */
const answersOf = (scene: Scene, sends: readonly number[]): string[] =>
  sends
    .map((id) => scene.messages.at(id))
    .filter(({ to }) => to === "account")
    .map(({ kind, epoch }) => `${kind} ${epoch}`);

/** What an Account makes of a whole answer: a grant with its stamp, a final word with the stamp it names, or nothing. */
function kept(answer: TakeAnswer, scene: Scene, command: SkuCommand): string[] {
  if (answer.kind === "granted") return [`granted ${answer.epoch}`];
  const word = finalWord(answer, { epoch: command.epoch }, scene.rules.law);
  if (!word) return [];
  if (answer.kind === "stale") return [`stale ${word.stamp}`];
  return word.stamp === null ? ["forgone 0"] : [`refused ${word.stamp}`];
}

// ---- Account

const accountCommand = fc.record({
  kind: fc.constantFrom<Message["kind"]>(
    "ticket",
    "redeem",
    "granted",
    "refused",
    "stale",
    "forgone",
    "cancel",
  ),
  order,
  epoch: fc.constantFrom(1, 1, 1, 1, 2),
});
type AccountCommand = typeof accountCommand extends fc.Arbitrary<infer C> ? C : never;

/** The product's Account, whole: its pure functions put together as `AccountDesk` does. */
class FullAccount {
  readonly members: Wallet[];
  readonly orders: (Order | null)[];
  readonly #scene: Scene;
  #nowMs = OPENS_AT_MS;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.members = Array.from({ length: scene.members }, (_, at) =>
      walletWith(`demo:m${at}`, [{ points: bounds.points }], 0),
    );
    this.orders = bounds.orders.map(() => null);
  }

  /** False: the product would call it a breach or nothing was asked, so neither side does it. */
  run({ kind, order: at, epoch }: AccountCommand): boolean {
    this.#nowMs += 11;
    const known = this.orders[at] ?? null;
    if (kind === "ticket" || kind === "redeem") {
      if (!known) this.#hold(at, epoch, kind === "redeem");
      else if (kind === "redeem" && known.hold === "pending")
        this.orders[at] = markWanted(known, this.#nowMs);
      return true;
    }
    if (!known) return kind !== "granted";
    if (kind === "granted") return this.#post(at, known, epoch);
    if (kind === "cancel") {
      if (cancelStep(known) === "cancel") this.#cancel(at, known);
      return true;
    }
    return this.#refuse(at, known, ANSWERS[kind]?.(epoch) ?? null);
  }

  #member(at: number): Wallet {
    const member = this.members[this.#scene.plan(at).member];
    if (!member) throw new Error("no such member");
    return member;
  }

  #save(at: number, saved: Order, member?: Wallet): void {
    this.orders[at] = saved;
    if (member) this.members[this.#scene.plan(at).member] = member;
  }

  #hold(at: number, epoch: number, isTap: boolean): void {
    const { quantity, member } = this.#scene.plan(at);
    const command = {
      memberKey: this.#scene.memberKey(at),
      orderId: this.#scene.orderId(at),
      quantity,
      epoch,
      isTap,
    };
    const mine = this.orders.filter((one) => one?.memberKey === `demo:m${member}`);
    const units = (isWanted: (one: Order) => boolean): number =>
      mine.reduce((sum, one) => sum + (one && isWanted(one) ? one.quantity : 0), 0);
    const usage = {
      pendingUnits: units((one) => one.hold === "pending"),
      liveUnits: units((one) => one.hold === "posted" && !one.isCancelled),
      todayUnits: 0,
    };
    const outcome = decideHold({
      ...{ wallet: this.#member(at), command, terms: this.#scene.terms, usage },
      nowMs: this.#nowMs,
    });
    this.#save(at, outcome.order, outcome.kind === "held" ? outcome.wallet : undefined);
  }

  #post(at: number, known: Order, epoch: number): boolean {
    if (known.epoch !== epoch || known.hold === "voided" || known.hold === "refused") return false;
    const grant = { epoch, ordinal: 3, remaining: 1, atMs: this.#nowMs };
    const outcome = post(this.#member(at), known, grant, this.#nowMs);
    if (outcome !== "already") this.#save(at, outcome.order, outcome.wallet);
    return true;
  }

  #refuse(at: number, known: Order, answer: TakeAnswer | null): boolean {
    const word = answer && finalWord(answer, known);
    if (!word) return false;
    const outcome = voidHold({
      ...{ wallet: this.#member(at), order: known, refusal: word.refusal, stamp: word.stamp },
      nowMs: this.#nowMs,
    });
    if (outcome !== "ignored") this.#save(at, outcome.order, outcome.wallet);
    return true;
  }

  #cancel(at: number, known: Order): void {
    const outcome = cancelOrder(this.#member(at), known, this.#nowMs);
    if (outcome.kind === "cancelled") this.#save(at, outcome.order, outcome.wallet);
  }
}

/** `closed` stands for `refused` here, and `sold_out` in the checker: to an Account they are one word. */
const ANSWERS: Partial<Record<Message["kind"], (stamp: number) => TakeAnswer>> = {
  refused: (stamp) => ({ kind: "closed", stamp, closedAtMs: 5 }),
  stale: (stamp) => ({ kind: "stale", stamp, epoch: stamp + 1 }),
  forgone: () => ({ kind: "forgone" }),
};

describe("the Account of the checker", () => {
  it("decides as the product does on whole values", () => {
    fc.assert(
      fc.property(fc.array(accountCommand, LENGTH), (commands) => {
        const scene = new Scene(bounds, FIXED);
        const part = new AccountPart(scene);
        const full = new FullAccount(scene);
        let state: AccountState = startOf(scene, 0);
        for (const command of commands) {
          if (!full.run(command)) continue;
          const { kind, order: at, epoch } = command;
          const stamp = kind === "stale" ? epoch + 1 : 0;
          const message = scene.messages.at(scene.messages.id(kind, at, epoch, stamp));
          ({ state } = part.deliver(state, message, {
            stamp: epoch,
            isOpenHere: true,
            isOpenThere: true,
            hasWord: false,
            falsely: 0,
          }));
          expect(state.orders).toEqual(full.orders.map((one) => one && forgetOrder(one)));
          expect(state.members).toEqual(full.members.map(forgetMember));
        }
      }),
      RUNS,
    );
  });
});
