/** The laws of the wallet, for generated lives. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Purse, GRACE } from "../../testing/points/purse.ts";
import type { ClawbackPolicy, LapsePolicy } from "./index.ts";
import { expiryCalendar, expireDue, quoteRefund, withLots } from "./index.ts";

const START = 1_000_000;

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
const life = fc.array(fc.record({ act, waitMs: fc.integer({ min: 0, max: 12 }) }), {
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
class Player {
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

function playLife(
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

describe("the laws of the wallet", () => {
  it("conservation: credits = active + pending + held + spent + expired + clawed back − deficit", () => {
    fc.assert(
      fc.property(life, (steps) => {
        playLife(steps, ({ purse }, nowMs) => {
          // At the moment itself, and at later ones at which nobody has written anything yet.
          for (const atMs of [nowMs, nowMs + 7, nowMs + 100]) {
            const is = purse.balance(atMs);
            const { active, pending, held, spent, expired, clawedBack, negative } = is;
            for (const part of Object.values(is)) expect(part).toBeGreaterThanOrEqual(0);
            expect(active + pending + held + spent + expired + clawedBack - negative).toBe(
              purse.wallet.granted,
            );
            expect(active === 0 || negative === 0).toBe(true);
          }
        });
      }),
      { numRuns: 400 },
    );
  });

  it("replay from the ledger equals the stored balance, and the chain is whole", () => {
    fc.assert(
      fc.property(life, (steps) => {
        const { player } = playLife(steps, () => undefined);
        expect(player.purse.audit()).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it("balance at any past moment is what the member saw then", () => {
    fc.assert(
      fc.property(life, (steps) => {
        const seen: { atMs: number; balance: unknown; isVisible: boolean }[] = [];
        const { player } = playLife(steps, ({ purse }, nowMs) => {
          const isVisible = [...purse.holds.values()].every((one) => one.isRecorded);
          const before = seen.at(-1);
          if (before?.atMs === nowMs) seen.pop();
          seen.push({ atMs: nowMs, balance: purse.balance(nowMs), isVisible });
        });
        // A hold that the ledger does not know is not in its past either.
        for (const { atMs, balance, isVisible } of seen) {
          if (isVisible) expect(player.purse.balanceAt(atMs)).toEqual(balance);
        }
      }),
    );
  });

  it("FIFO: what lapses first is spent first, and nothing pending or lapsed is spent", () => {
    fc.assert(
      fc.property(life, fc.integer({ min: 1, max: 60 }), (steps, points) => {
        const { player, nowMs } = playLife(steps, () => undefined);
        const { purse } = player;
        const before = purse.wallet;
        if (purse.spend("last", points, nowMs).kind !== "booked") return;
        const entry = purse.entries.at(-1);
        const slices = entry?.slices ?? [];
        const lots = new Map(before.lots.map((lot) => [lot.lotId, lot]));
        const ends = slices.map((slice) => slice.expiresAtMs ?? Number.POSITIVE_INFINITY);
        expect(ends).toEqual([...ends].sort((a, b) => a - b));
        for (const slice of slices) {
          const lot = lots.get(slice.lotId);
          expect(lot?.pendingEvent).toBeNull();
          expect(lot?.pendingUntilMs ?? 0).toBeLessThanOrEqual(nowMs);
          expect(lot?.expiresAtMs ?? nowMs + 1).toBeGreaterThan(nowMs);
        }
        // No spendable lot that lapses earlier keeps a point.
        const last = ends.at(-1) ?? 0;
        for (const lot of purse.wallet.lots) {
          const isSpendable =
            lot.pendingEvent === null &&
            (lot.pendingUntilMs ?? 0) <= nowMs &&
            (lot.expiresAtMs ?? nowMs + 1) > nowMs;
          if (isSpendable) {
            expect(lot.expiresAtMs ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(last);
          }
        }
      }),
    );
  });

  it("a refund returns exactly the slices, whole or in parts", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            points: fc.integer({ min: 1, max: 60 }),
            livesMs: fc.option(fc.integer({ min: 50, max: 90 }), { nil: null }),
          }),
          { minLength: 1, maxLength: 8 },
        ),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 6 }),
        (credits, share, parts) => {
          const purse = new Purse();
          credits.forEach(({ points, livesMs }, at) => {
            const expiresAtMs = livesMs === null ? null : START + livesMs;
            purse.credit(String(at), points, START, { expiresAtMs });
          });
          const before = purse.wallet.lots;
          const total = Math.max(1, Math.floor(purse.balance(START).active * share));
          purse.spend("o", total, START + 1);
          const slices = purse.entries.at(-1)?.slices ?? [];
          let alreadyReturned = 0;
          [...parts, total].forEach((part, at) => {
            const points = Math.min(part, total - alreadyReturned);
            if (points === 0) return;
            purse.refund(`o:${at}`, slices, points, START + 2, { alreadyReturned });
            alreadyReturned += points;
          });
          expect(alreadyReturned).toBe(total);
          expect(purse.wallet.lots).toEqual(before);
          const back = purse.entries.filter((entry) => entry.type === "redeem_rollback");
          const byLot = (all: readonly { lotId: number; points: number }[]) => {
            const sums = new Map<number, number>();
            for (const { lotId, points } of all) sums.set(lotId, (sums.get(lotId) ?? 0) + points);
            return [...sums].sort((a, b) => a[0] - b[0]);
          };
          expect(byLot(back.flatMap((entry) => entry.slices))).toEqual(byLot(slices));
          expect(purse.refund("more", slices, 1, START + 3, { alreadyReturned }).kind).toBe(
            "refused",
          );
        },
      ),
    );
  });

  it("a quote says beforehand what a refund then does", () => {
    fc.assert(
      fc.property(
        life,
        fc.boolean(),
        fc.integer({ min: 0, max: 80 }),
        (steps, forfeits, laterMs) => {
          const { player, nowMs } = playLife(steps, () => undefined);
          const { purse } = player;
          const spent = player.spent.find((one) => one.returned === 0);
          if (!spent || purse.wallet.deficit > 0) return;
          const atMs = nowMs + laterMs;
          purse.expire(atMs);
          const policy: LapsePolicy = forfeits ? { kind: "forfeit" } : GRACE;
          const lots = spent.slices.map(({ lotId }) => purse.lot(lotId)).filter((lot) => !!lot);
          const quote = quoteRefund(withLots(purse.wallet, lots), spent.slices, policy, atMs);
          const before = purse.balance(atMs);
          const points = quote.returned + quote.forfeited;
          purse.refund("quoted", spent.slices, points, atMs, {
            policy,
            quotedForfeit: quote.forfeited,
          });
          const after = purse.balance(atMs);
          expect(after.active - before.active).toBe(quote.returned);
          expect(after.expired - before.expired).toBe(quote.forfeited);
          expect(purse.audit()).toEqual([]);
        },
      ),
    );
  });

  it("no entry twice for one natural key, whatever is repeated", () => {
    fc.assert(
      fc.property(life, (steps) => {
        const doubled = steps.flatMap((step) => [
          step,
          { act: { kind: "repeat" as const }, waitMs: 0 },
        ]);
        const { player } = playLife(doubled, () => undefined);
        const keys = player.purse.entries.map((entry) => entry.naturalKey);
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });

  it("expiry writes one entry a lot, and in bounded calls the same as in one", () => {
    fc.assert(
      fc.property(life, fc.integer({ min: 1, max: 4 }), (steps, max) => {
        const { player, nowMs } = playLife(steps, () => undefined);
        const atMs = nowMs + 200;
        const whole = expireDue(player.purse.wallet, atMs, Number.POSITIVE_INFINITY);
        let { wallet } = player.purse;
        const entries = [];
        for (;;) {
          const sweep = expireDue(wallet, atMs, max);
          expect(sweep.entries.length).toBeLessThanOrEqual(max);
          ({ wallet } = sweep);
          entries.push(...sweep.entries);
          if (sweep.isDone) break;
          expect(sweep.nextDueAtMs).toBe(atMs);
        }
        expect(entries).toEqual(whole.entries);
        expect(wallet).toEqual(whole.wallet);
        const lots = entries.map((entry) => entry.naturalKey.split(":")[1]);
        expect(new Set(lots).size).toBe(lots.length);
        const left = wallet.lots.filter((lot) => lot.remaining > 0);
        expect(left.every(({ expiresAtMs }) => (expiresAtMs ?? atMs + 1) > atMs)).toBe(true);
      }),
    );
  });

  it("the deadlines of the calendar sum to the balance when everything expires", () => {
    fc.assert(
      fc.property(life, (steps) => {
        const { player, nowMs } = playLife(steps, () => undefined);
        const { active, pending } = player.purse.balance(nowMs);
        const { deadlines, lasting } = expiryCalendar(player.purse.wallet, nowMs);
        const ending = deadlines.reduce((sum, one) => sum + one.points, 0);
        expect(ending + lasting).toBe(active + pending);
        expect(deadlines.every((one) => one.expiresAtMs > nowMs)).toBe(true);
      }),
    );
  });
});
