/** Generated lives of one wallet, for the laws that hold in each of them. */
import * as fc from "fast-check";
import { expect } from "vitest";
import type { ClawbackPolicy, LapsePolicy } from "../../accounts/points/index.ts";
import { GRACE, Purse } from "./purse.ts";

export const START = 1_000_000;

/** One act of a life; numbers are turned into something that exists at that moment. */
const act = fc.oneof(
  fc.record({
    kind: fc.constant("credit" as const),
    points: fc.integer({ min: 1, max: 90 }),
    livesMs: fc.option(fc.integer({ min: 1, max: 60 }), { nil: null }),
    waits: fc.constantFrom("none", "until", "event"),
    waitsMs: fc.integer({ min: 1, max: 30 }),
  }),
  fc.record({
    kind: fc.constant("hold" as const),
    points: fc.integer({ min: 1, max: 80 }),
    isRecorded: fc.boolean(),
  }),
  fc.record({
    kind: fc.constantFrom("capture" as const, "release" as const),
    at: fc.nat(20),
    forfeits: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("spend" as const), points: fc.integer({ min: 1, max: 80 }) }),
  fc.record({
    kind: fc.constant("refund" as const),
    at: fc.nat(20),
    points: fc.integer({ min: 1, max: 80 }),
    forfeits: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant("clawback" as const),
    points: fc.integer({ min: 1, max: 120 }),
    policy: fc.constantFrom<ClawbackPolicy>("only_pending", "within_balance", "allow_negative"),
  }),
  fc.record({
    kind: fc.constant("manual_debit" as const),
    points: fc.integer({ min: 1, max: 120 }),
    mayGoNegative: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("activate" as const), at: fc.nat(20) }),
  fc.record({ kind: fc.constant("expire" as const), max: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: fc.constant("repeat" as const) }),
);
type Act = typeof act extends fc.Arbitrary<infer A> ? A : never;
export const life = fc.array(fc.record({ act, waitMs: fc.integer({ min: 0, max: 12 }) }), {
  minLength: 1,
  maxLength: 40,
});

interface Spent {
  readonly key: string;
  readonly slices: readonly { lotId: number; points: number; expiresAtMs: number | null }[];
  returned: number;
  refunds: number;
}

/** Plays acts against a purse and keeps what later acts refer to. */
export class Player {
  readonly purse = new Purse();
  readonly spent: Spent[] = [];
  readonly events: string[] = [];
  #serial = 0;
  #again: () => { readonly kind: string } = () => ({ kind: "replayed" });

  /** Does the act, and remembers how to do it again word for word. */
  #do(command: () => { readonly kind: string }): { readonly kind: string } {
    const first = command();
    this.#again = first.kind === "refused" ? this.#again : command;
    return first;
  }

  play(one: Act, nowMs: number): void {
    this.#serial += 1;
    const key = String(this.#serial);
    const { purse } = this;
    switch (one.kind) {
      case "credit":
        this.#credit(one, key, nowMs);
        break;
      case "hold":
        purse.hold(key, one.points, one.isRecorded, nowMs);
        break;
      case "capture":
      case "release":
        this.#settle(one, nowMs);
        break;
      case "spend": {
        const outcome = this.#do(() => purse.spend(key, one.points, nowMs));
        const entry = purse.find(`redeem:${key}`);
        if (outcome.kind === "booked" && entry) this.#remember(key, entry.slices);
        break;
      }
      case "refund":
        this.#refund(one, nowMs);
        break;
      case "clawback":
        this.#do(() => purse.clawBack(key, one.points, one.policy, nowMs));
        break;
      case "manual_debit":
        this.#do(() => purse.manualDebit(key, one.points, one.mayGoNegative, nowMs));
        break;
      case "activate": {
        const event = this.events[one.at % Math.max(1, this.events.length)];
        if (event) purse.activate(event, nowMs);
        break;
      }
      case "expire":
        purse.expire(nowMs, one.max);
        break;
      case "repeat": {
        const before = purse.wallet;
        expect(this.#again().kind).toBe("replayed");
        expect(purse.wallet).toBe(before);
      }
    }
  }

  #remember(key: string, slices: Spent["slices"]): void {
    this.spent.push({ key, slices, returned: 0, refunds: 0 });
  }

  #credit(one: Extract<Act, { kind: "credit" }>, key: string, nowMs: number): void {
    const expiresAtMs = one.livesMs === null ? null : nowMs + one.livesMs;
    const pending =
      one.waits === "until"
        ? ({ kind: "until", atMs: nowMs + one.waitsMs } as const)
        : one.waits === "event"
          ? ({ kind: "event", event: `e${key}` } as const)
          : ({ kind: "none" } as const);
    if (pending.kind === "event") this.events.push(pending.event);
    this.#do(() => this.purse.credit(key, one.points, nowMs, { expiresAtMs, pending }));
  }

  #settle(one: Extract<Act, { kind: "capture" | "release" }>, nowMs: number): void {
    const holds = [...this.purse.holds.values()];
    const made = holds[one.at % Math.max(1, holds.length)];
    if (!made) return;
    if (one.kind === "capture") {
      this.#do(() => this.purse.capture(made, nowMs));
      this.#remember(made.holdId, made.slices);
    } else {
      const policy: LapsePolicy = one.forfeits ? { kind: "forfeit" } : GRACE;
      this.purse.release(made, nowMs, policy);
    }
  }

  #refund(one: Extract<Act, { kind: "refund" }>, nowMs: number): void {
    const spent = this.spent[one.at % Math.max(1, this.spent.length)];
    if (!spent) return;
    const policy: LapsePolicy = one.forfeits ? { kind: "forfeit" } : { kind: "grace", days: 1 };
    const key = `${spent.key}:${spent.refunds}`;
    const more = { alreadyReturned: spent.returned, policy };
    const outcome = this.#do(() => this.purse.refund(key, spent.slices, one.points, nowMs, more));
    const left = spent.slices.reduce((sum, slice) => sum + slice.points, 0) - spent.returned;
    expect(outcome.kind).toBe(one.points > left ? "refused" : "booked");
    if (outcome.kind !== "booked") return;
    spent.returned += one.points;
    spent.refunds += 1;
  }
}

export function playLife(
  steps: readonly { readonly act: Act; readonly waitMs: number }[],
  check: (player: Player, nowMs: number) => void,
): { readonly player: Player; readonly nowMs: number } {
  const player = new Player();
  let nowMs = START;
  for (const step of steps) {
    nowMs += step.waitMs;
    player.play(step.act, nowMs);
    check(player, nowMs);
  }
  return { player, nowMs };
}
