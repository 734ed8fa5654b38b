/** The laws of the wallet, for generated lives. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Purse, GRACE } from "../../testing/points/purse.ts";
import { life, playLife, START } from "../../testing/points/wallet-life.ts";
import { expiryCalendar, expireDue, quoteRefund, withLots, type LapsePolicy } from "./index.ts";

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
    // A life leaves few lots open; here are always some with deadlines of their own, earned in any order.
    const lives = fc.uniqueArray(fc.option(fc.integer({ min: 1, max: 60 }), { nil: null }), {
      ...{ minLength: 2, maxLength: 5 },
    });
    fc.assert(
      fc.property(life, lives, fc.integer({ min: 1, max: 60 }), (steps, livesMs, points) => {
        const { player, nowMs } = playLife(steps, () => undefined);
        const { purse } = player;
        livesMs.forEach((ms, at) => {
          const expiresAtMs = ms === null ? null : nowMs + ms;
          purse.credit(`open-${at}`, 15, nowMs, { expiresAtMs });
        });
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
          const backInOrder = back.flatMap((entry) => entry.slices);
          expect(byLot(backInOrder)).toEqual(byLot(slices));
          // What was consumed last, which lives longest, comes back first.
          const consumed = slices.map(({ lotId }) => lotId);
          const places = backInOrder.map(({ lotId }) => consumed.indexOf(lotId));
          expect(places).toEqual([...places].sort((a, b) => b - a));
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
