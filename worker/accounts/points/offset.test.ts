/** Points for part of a bill: the rules by example, and the laws for generated lives. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  assertWallet,
  captureOffset,
  credit,
  differencesFromLedger,
  findChainFault,
  holdOffset,
  newWallet,
  NO_LEDGER,
  offsetFen,
  quoteOffset,
  releaseOffset,
  returnOffset,
  sumOf,
  type OffsetOutcome,
  type OffsetState,
  type OffsetTerms,
  type PointsEntry,
  type PointsOffset,
  type Wallet,
} from "./index.ts";

const NOW = 1_000_000;
const GRACE = { kind: "grace", days: 30 } as const;
const TERMS: OffsetTerms = {
  rate: { points: 100, fen: 100 },
  pointsMin: 100,
  percentMax: 50,
  pointsMax: null,
};

/** A wallet whose lots lapse one after the other. */
function purse(...lots: readonly number[]): { wallet: Wallet; entries: PointsEntry[] } {
  let wallet = newWallet("demo:m");
  const entries: PointsEntry[] = [];
  lots.forEach((points, at) => {
    const cause = {
      ...{ naturalKey: `g${at}`, orderId: null, sourceId: null, breakdown: [], actor: "staff:t" },
      ...{ storeId: null, customerNote: "", internalNote: "", occurredAtMs: NOW },
    };
    const outcome = credit(
      wallet,
      {
        ...{ type: "manual_credit", points, source: "manual", originId: null, cause },
        ...{ expiresAtMs: NOW + (at + 1) * 1_000, pending: { kind: "none" } },
      },
      NO_LEDGER,
      NOW,
    );
    if (outcome.kind !== "booked") throw new Error(outcome.kind);
    wallet = outcome.wallet;
    entries.push(...outcome.entries);
  });
  return { wallet, entries };
}

const wishOf = (billFen: number, requestedPoints: number | null) => ({
  ...{ memberKey: "demo:m", offsetId: "o1", billFen, requestedPoints, storeId: null },
  ...{ note: "Till 3", actor: "staff:t", expiresAtMs: NOW + 900_000 },
});

function done(outcome: OffsetOutcome): Extract<OffsetOutcome, { kind: "changed" }> {
  if (outcome.kind !== "changed") throw new Error(JSON.stringify(outcome));
  return outcome;
}

describe("what a bill takes", () => {
  const { wallet } = purse(10_000);
  const EVEN = { points: 1, fen: 1 };
  const ODD = { points: 100, fen: 101 };
  it.each([
    // rate, bill, asked, minimum, most of the bill, most points → points
    [EVEN, 2_000, null, 100, 50, null, 1_000],
    [EVEN, 2_000, 99, 100, 50, null, 0],
    [EVEN, 2_000, null, 1_001, 50, null, 0],
    [EVEN, 2_000, null, 100, 100, 700, 700],
    [EVEN, 1_000_000, null, 100, 100, null, 10_000],
    [ODD, 2_000, 999, 100, 50, null, 900],
    [ODD, 201, null, 100, 50, null, 0],
    [ODD, 202, null, 100, 50, null, 100],
    [ODD, 2_000, null, 0, 0, null, 0],
  ])(
    "%o: of %i fen, asked for %s, at least %i, %i %%, at most %s: %i points",
    (rate, billFen, asked, pointsMin, percentMax, pointsMax, points) => {
      const terms = { rate, pointsMin, percentMax, pointsMax };
      const quote = quoteOffset(wallet, billFen, asked, terms, NOW);
      expect(quote.points).toBe(points);
      expect(quote.leftFen).toBe(billFen - (points / rate.points) * rate.fen);
    },
  );
});

describe("a hold", () => {
  it("takes what lapses first, once, and says another wish under its id apart", () => {
    const { wallet } = purse(300, 500);
    const held = done(holdOffset(wallet, null, wishOf(1_000, 400), TERMS, NOW));
    expect(held.offset.slices.map(({ lotId, points }) => [lotId, points])).toEqual([
      [1, 300],
      [2, 100],
    ]);
    expect(held.wallet.held).toBe(400);
    const again = holdOffset(held.wallet, held.offset, wishOf(1_000, 400), TERMS, NOW);
    expect(again.kind).toBe("already");
    const other = holdOffset(held.wallet, held.offset, wishOf(1_200, 400), TERMS, NOW);
    expect(other).toMatchObject({ kind: "refused", refusal: { code: "idempotency_mismatch" } });
  });

  it("keeps its conversion when the rate changes", () => {
    const { wallet } = purse(1_000);
    const { offset, wallet: after } = done(
      holdOffset(wallet, null, wishOf(1_000, 400), TERMS, NOW),
    );
    expect(offsetFen(offset)).toBe(400);
    const cheaper = { ...TERMS, rate: { points: 100, fen: 1 } };
    expect(holdOffset(after, offset, wishOf(1_000, 400), cheaper, NOW)).toMatchObject({
      kind: "already",
      offset: { rate: offset.rate },
    });
  });
});

describe("what follows", () => {
  const held = (points = 400) => {
    const { wallet } = purse(300, 500);
    return done(holdOffset(wallet, null, wishOf(2_000, points), TERMS, NOW));
  };

  it("captures a part and gives the rest back to the lots it came from", () => {
    const { wallet, offset } = held();
    const part = done(captureOffset(wallet, offset, { points: 300, actor: "a" }, GRACE, NOW));
    expect(part.wallet).toMatchObject({ held: 0, spent: 300 });
    expect(part.wallet.lots.map(({ remaining }) => remaining)).toEqual([0, 500]);
    expect(part.entries.map(({ type }) => type)).toEqual(["release", "capture"]);
  });

  it("takes whole conversions only", () => {
    const { wallet } = purse(1_000);
    const odd = { ...TERMS, rate: { points: 100, fen: 101 } };
    const { offset, wallet: after } = done(holdOffset(wallet, null, wishOf(2_000, 400), odd, NOW));
    expect(captureOffset(after, offset, { points: 150, actor: "a" }, GRACE, NOW)).toMatchObject({
      kind: "refused",
      refusal: { code: "invalid", figures: { reason: "not_a_whole_conversion" } },
    });
  });

  it("captures nothing at or after the moment it lapses", () => {
    const { wallet, offset } = held();
    const late = captureOffset(wallet, offset, { points: null, actor: "a" }, GRACE, NOW + 900_000);
    expect(late).toMatchObject({ refusal: { figures: { reason: "offset_lapsed" } } });
  });

  it("returns what was consumed last first, once a return, and never more than was spent", () => {
    const { wallet, offset } = held();
    const spent = done(captureOffset(wallet, offset, { points: null, actor: "a" }, GRACE, NOW));
    const wish = { returnId: "r1", points: 100, actor: "a" };
    const back = done(returnOffset(spent.wallet, spent.offset, wish, GRACE, NOW));
    expect(back.wallet.lots.map(({ remaining }) => remaining)).toEqual([0, 500]);
    expect(returnOffset(back.wallet, back.offset, wish, GRACE, NOW).kind).toBe("already");
    const over = { returnId: "r2", points: 301, actor: "a" };
    expect(returnOffset(back.wallet, back.offset, over, GRACE, NOW)).toMatchObject({
      refusal: { code: "limit_reached" },
    });
    const rest = done(
      returnOffset(back.wallet, back.offset, { ...over, points: null }, GRACE, NOW),
    );
    expect(rest.wallet).toMatchObject({ held: 0, spent: 0 });
    expect(rest.wallet.lots.map(({ remaining }) => remaining)).toEqual([300, 500]);
  });

  it("leaves its hold once, and no end of it leads anywhere", () => {
    const from: Record<OffsetState, () => { wallet: Wallet; offset: PointsOffset }> = {
      held: () => held(),
      captured: () => {
        const { wallet, offset } = held();
        return done(captureOffset(wallet, offset, { points: null, actor: "a" }, GRACE, NOW));
      },
      voided: () => {
        const { wallet, offset } = held();
        return done(releaseOffset(wallet, offset, "voided", "a", GRACE, NOW));
      },
      lapsed: () => {
        const { wallet, offset } = held();
        return done(releaseOffset(wallet, offset, "lapsed", "a", GRACE, NOW));
      },
    };
    for (const [state, make] of Object.entries(from)) {
      const at = make();
      const outcomes = {
        captured: captureOffset(at.wallet, at.offset, { points: null, actor: "a" }, GRACE, NOW),
        voided: releaseOffset(at.wallet, at.offset, "voided", "a", GRACE, NOW),
        lapsed: releaseOffset(at.wallet, at.offset, "lapsed", "a", GRACE, NOW),
      };
      for (const to of ["captured", "voided", "lapsed"] as const) {
        expect([state, to, outcomes[to].kind === "changed"]).toEqual([
          ...[state, to],
          state === "held",
        ]);
      }
    }
  });
});

describe("for every life", () => {
  const act = fc.oneof(
    fc.record({ kind: fc.constant("capture"), points: fc.option(fc.integer({ min: 1, max: 9 })) }),
    fc.record({ kind: fc.constantFrom("void", "lapse"), points: fc.constant(null) }),
    fc.record({ kind: fc.constant("return"), points: fc.option(fc.integer({ min: 1, max: 300 })) }),
  );

  it("no point appears or vanishes, and the ledger replays to the wallet", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 5_000 }),
        fc.option(fc.integer({ min: 1, max: 3_000 })),
        fc.constantFrom({ points: 1, fen: 1 }, { points: 100, fen: 100 }, { points: 7, fen: 3 }),
        fc.array(act, { maxLength: 8 }),
        (lots, billFen, asked, rate, acts) => {
          const { wallet: start, entries } = purse(...lots);
          const whole = lots.reduce((sum, points) => sum + points, 0);
          const terms = { rate, pointsMin: 0, percentMax: 80, pointsMax: null };
          const first = holdOffset(start, null, wishOf(billFen, asked), terms, NOW);
          if (first.kind !== "changed") return;
          expect(offsetFen(first.offset)).toBeLessThanOrEqual((billFen * 80) / 100);
          expect(Number.isInteger(offsetFen(first.offset))).toBe(true);
          let { wallet, offset } = first;
          entries.push(...first.entries);
          acts.forEach(({ kind, points }, at) => {
            const nowMs = NOW + at;
            const step = points === null ? null : points * (kind === "return" ? 1 : rate.points);
            const outcome =
              kind === "capture"
                ? captureOffset(wallet, offset, { points: step, actor: "a" }, GRACE, nowMs)
                : kind === "return"
                  ? returnOffset(
                      ...([wallet, offset] as const),
                      { returnId: `r${at}`, points: step, actor: "a" },
                      ...([GRACE, nowMs] as const),
                    )
                  : releaseOffset(
                      ...([wallet, offset, kind === "void" ? "voided" : "lapsed"] as const),
                      ...(["a", GRACE, nowMs] as const),
                    );
            if (outcome.kind !== "changed") return;
            ({ wallet, offset } = outcome);
            entries.push(...outcome.entries);
          });
          assertWallet(wallet);
          expect(wallet.granted).toBe(whole);
          const spent = offset.state === "captured" ? offset.points - offset.returnedPoints : 0;
          expect(wallet.spent).toBe(spent);
          expect(wallet.held).toBe(offset.state === "held" ? sumOf(offset.slices) : 0);
          expect(findChainFault(entries)).toBeNull();
          expect(differencesFromLedger(wallet, entries, [])).toEqual([]);
        },
      ),
    );
  });
});
