/** Cells that the laws pass by: refusals, pending, deficits at the edges, and what was stored before. */
import { describe, expect, it } from "vitest";
import { bookedOr, Purse } from "../../testing/points/purse.ts";
import { STORED_V1, STORED_V1_NOW_MS, storedV1Wallet } from "../../testing/points/stored-v1.ts";
import {
  balanceOf,
  differencesFromLedger,
  entryOfStored,
  findChainFault,
  hashOf,
  offsetOf,
  quoteRefund,
  replay,
  withLots,
  worthFen,
} from "./index.ts";

const DAY = 86_400_000;
const REFUSED = (code: string, figures: object) => ({
  kind: "refused",
  refusal: { code, figures: expect.objectContaining(figures) as object },
});

describe("credits", () => {
  it.each([
    ["points", 0, {}],
    ["points", -5, {}],
    ["points", 1.5, {}],
    ["points", 2e9, {}],
    ["points", Number.NaN, {}],
    ["expiresAtMs", 5, { expiresAtMs: 50 }],
    ["expiresAtMs", 5, { expiresAtMs: 9e15 }],
    ["occurredAtMs", 5, { cause: { occurredAtMs: 200 } }],
    ["pendingUntilMs", 5, { expiresAtMs: 300, pending: { kind: "until", atMs: 300 } as const }],
  ])("name the field that is wrong: %s %s %j", (field, points, wish) => {
    expect(new Purse().credit("k", points, 100, wish)).toEqual(REFUSED("invalid", { field }));
  });

  it("refuse another credit under a used key, and name what differs", () => {
    const purse = new Purse();
    purse.credit("k", 5, 0);
    expect(purse.credit("k", 6, 1)).toEqual(REFUSED("idempotency_mismatch", { fields: "points" }));
    expect(purse.balance(1).active).toBe(5);
  });

  it("keep the lifetime maximum", () => {
    const purse = new Purse();
    purse.credit("a", 999_999_999, 0);
    expect(purse.credit("b", 2, 0)).toEqual(REFUSED("invalid", { field: "points" }));
  });
});

describe("pending points", () => {
  it("become active by the clock, without an entry", () => {
    const purse = new Purse();
    purse.credit("a", 10, 0, { pending: { kind: "until", atMs: DAY } });
    expect(purse.balance(DAY - 1)).toMatchObject({ active: 0, pending: 10 });
    expect(purse.balance(DAY)).toMatchObject({ active: 10, pending: 0 });
    expect(purse.spend("o", 10, DAY - 1)).toEqual(
      REFUSED("points_insufficient", { needed: 10, active: 0 }),
    );
    expect(purse.spend("o", 10, DAY).kind).toBe("booked");
  });

  it("become active by their event, once", () => {
    const purse = new Purse();
    purse.credit("a", 10, 0, { pending: { kind: "event", event: "received:o1" } });
    expect(purse.balance(900 * DAY)).toMatchObject({ active: 0, pending: 10 });
    expect(bookedOr(purse.activate("received:o1", 5)).entries).toMatchObject([
      { type: "activate", points: 0, slices: [{ lotId: 1, points: 10 }] },
    ]);
    expect(purse.activate("received:o1", 6).kind).toBe("replayed");
    expect(purse.balance(5)).toMatchObject({ active: 10, pending: 0 });
  });

  it("whose event came before them are active at once", () => {
    const purse = new Purse();
    purse.activate("received:o1", 1);
    purse.credit("a", 10, 2, { pending: { kind: "event", event: "received:o1" } });
    expect(purse.balance(2)).toMatchObject({ active: 10, pending: 0 });
    expect(purse.audit()).toEqual([]);
  });

  it("that lapse while they wait are written off, not activated", () => {
    const purse = new Purse();
    purse.credit("a", 10, 0, { expiresAtMs: 50, pending: { kind: "event", event: "e" } });
    expect(bookedOr(purse.activate("e", 60)).entries).toMatchObject([
      { type: "expire" },
      { type: "activate", slices: [] },
    ]);
    expect(purse.balance(60)).toMatchObject({ active: 0, pending: 0, expired: 10 });
  });

  it("pay a deficit when they become active, not before", () => {
    const purse = new Purse();
    purse.manualDebit("d", 30, true, 0);
    purse.credit("a", 50, 1, { pending: { kind: "until", atMs: DAY } });
    expect(purse.balance(1)).toMatchObject({ active: 0, pending: 50, negative: 30 });
    expect(purse.balance(DAY)).toMatchObject({ active: 20, pending: 0, negative: 0 });
    // The unseen payment becomes an entry with the next thing that happens.
    expect(purse.hold("h", 20, false, DAY)).toMatchObject({
      kind: "held",
      hold: { isRecorded: true },
    });
    expect(purse.entries.at(-1)).toMatchObject({ type: "hold", paid: [{ lotId: 1, points: 30 }] });
    expect(purse.audit()).toEqual([]);
  });

  it("that became active pay a deficit before the rest of them expires", () => {
    const purse = new Purse();
    purse.manualDebit("d", 30, true, 0);
    purse.credit("a", 50, 1, { expiresAtMs: 5 * DAY, pending: { kind: "until", atMs: DAY } });
    const is = { active: 0, expired: 20, negative: 0 };
    expect(purse.balance(9 * DAY)).toMatchObject(is);
    purse.expire(9 * DAY);
    expect(purse.balance(9 * DAY)).toMatchObject(is);
    expect(purse.wallet).toMatchObject({ deficit: 0, expired: 20 });
  });
});

describe("a deficit", () => {
  it("is not paid by points that lapsed before it arose", () => {
    const purse = new Purse();
    purse.credit("a", 40, 0, { expiresAtMs: DAY });
    purse.clawBack("x", 25, "allow_negative", 2 * DAY);
    expect(purse.balance(2 * DAY)).toMatchObject({ expired: 40, negative: 25 });
  });

  it("takes what a refund brings back", () => {
    const purse = new Purse();
    purse.credit("a", 100, 0);
    purse.spend("o", 100, 1);
    purse.clawBack("x", 60, "allow_negative", 2);
    purse.refund("o", purse.find("redeem:o")?.slices ?? [], 100, 3);
    expect(purse.balance(3)).toMatchObject({ active: 40, negative: 0, spent: 0 });
    expect(purse.audit()).toEqual([]);
  });
});

describe("a refund of lapsed points", () => {
  const lapsed = (): Purse => {
    const purse = new Purse();
    purse.credit("a", 30, 0, { expiresAtMs: DAY });
    purse.credit("b", 20, 0, { expiresAtMs: 90 * DAY });
    purse.spend("o", 40, 1);
    return purse;
  };

  it("shows before the member confirms what comes back and what is lost", () => {
    const purse = lapsed();
    const slices = purse.find("redeem:o")?.slices ?? [];
    const wallet = withLots(
      purse.wallet,
      [1, 2].map((id) => purse.lot(id)).filter((l) => !!l),
    );
    expect(quoteRefund(wallet, slices, { kind: "forfeit" }, 2 * DAY)).toEqual({
      fates: [
        { lotId: 1, points: 30, fate: "forfeit", expiresAtMs: DAY },
        { lotId: 2, points: 10, fate: "own_lot", expiresAtMs: 90 * DAY },
      ],
      returned: 10,
      forfeited: 30,
    });
    expect(quoteRefund(wallet, slices, { kind: "grace", days: 7 }, 2 * DAY)).toMatchObject({
      fates: [{ fate: "grace", expiresAtMs: 9 * DAY }, { fate: "own_lot" }],
      forfeited: 0,
    });
  });

  it("in part reopens what was consumed last, which lives longest", () => {
    const purse = lapsed();
    const slices = purse.find("redeem:o")?.slices ?? [];
    purse.refund("o:1", slices, 15, 2);
    expect(purse.entries.at(-1)?.slices).toEqual([
      { lotId: 2, points: 10, expiresAtMs: 90 * DAY },
      { lotId: 1, points: 5, expiresAtMs: DAY },
    ]);
  });

  it("is refused when more lapsed since the member was asked", () => {
    const purse = lapsed();
    const slices = purse.find("redeem:o")?.slices ?? [];
    const more = { policy: { kind: "forfeit" } as const, quotedForfeit: 0 };
    expect(purse.refund("o", slices, 40, 2 * DAY, more)).toEqual(
      REFUSED("conflict", { forfeited: 30 }),
    );
    expect(purse.refund("o", slices, 40, 2 * DAY, { ...more, quotedForfeit: 30 }).kind).toBe(
      "booked",
    );
    expect(purse.balance(2 * DAY)).toMatchObject({ active: 20, spent: 0, expired: 30 });
    expect(purse.audit()).toEqual([]);
  });

  it("gives grace once, so that redeeming and cancelling does not keep points for ever", () => {
    const purse = new Purse();
    purse.credit("a", 10, 0, { expiresAtMs: DAY });
    let nowMs = 0;
    for (let round = 0; round < 5; round += 1) {
      if (purse.spend(`o${round}`, 10, nowMs).kind !== "booked") break;
      nowMs += 31 * DAY;
      purse.refund(`o${round}`, purse.find(`redeem:o${round}`)?.slices ?? [], 10, nowMs);
    }
    expect(nowMs).toBe(62 * DAY);
    expect(purse.balance(nowMs)).toMatchObject({ active: 0, expired: 10 });
    expect(purse.audit()).toEqual([]);
  });
});

describe("holds", () => {
  it("that the ledger does not know leave no entry when they come back whole", () => {
    const purse = new Purse();
    purse.credit("a", 10, 0);
    const outcome = purse.hold("h", 10, false, 1);
    if (outcome.kind !== "held") throw new Error("expected a hold");
    expect(bookedOr(purse.release(outcome.hold, 2)).entries).toEqual([]);
    expect(purse.balance(2)).toMatchObject({ active: 10, held: 0 });
  });

  it("that the ledger does not know are recorded when they leave a trace", () => {
    const purse = new Purse();
    purse.credit("a", 10, 0, { expiresAtMs: DAY });
    const outcome = purse.hold("h", 10, false, 1);
    if (outcome.kind !== "held") throw new Error("expected a hold");
    expect(bookedOr(purse.release(outcome.hold, 2 * DAY)).entries).toMatchObject([
      { type: "hold", points: 0 },
      { type: "release", points: 0, opens: [{ source: "refund_grace" }] },
    ]);
    expect(purse.audit()).toEqual([]);
  });
});

describe("manual debits", () => {
  it("take all or nothing: a short balance is an error, never a skip", () => {
    const purse = new Purse();
    purse.credit("a", 10, 0);
    expect(purse.manualDebit("d", 11, false, 1)).toEqual(
      REFUSED("points_insufficient", { needed: 11, active: 10 }),
    );
    expect(purse.balance(1).active).toBe(10);
    expect(purse.manualDebit("d", 11, true, 1).kind).toBe("booked");
    expect(purse.balance(1)).toMatchObject({ active: 0, negative: 1 });
  });
});

describe("the chain", () => {
  const told = (): Purse => {
    const purse = new Purse();
    purse.credit("a", 10, 0, { cause: { actor: "staff:li", customerNote: "hi" } });
    purse.spend("o", 4, 1);
    purse.credit("b", 10, 2);
    return purse;
  };

  it("names the entry that was changed, left out, put in or moved", () => {
    const { entries } = told();
    const [first, second, third] = entries;
    if (!first || !second || !third) throw new Error("three entries");
    expect(findChainFault(entries)).toBeNull();
    expect(findChainFault([first, { ...second, points: -3 }, third])).toEqual({
      kind: "changed",
      seq: 2,
    });
    expect(findChainFault([first, third])).toMatchObject({ kind: "gap", seq: 2 });
    const forged = { ...second, points: -3 };
    expect(findChainFault([first, { ...forged, hash: hashOf(forged) }, third])).toEqual({
      kind: "broken_link",
      seq: 3,
    });
  });

  it("is not replayed past an entry whose balance does not follow, though it was sealed anew", () => {
    const { entries } = told();
    const [first, second] = entries;
    if (!first || !second) throw new Error("two entries");
    const forged = { ...second, balanceAfter: second.balanceAfter + 1 };
    const sealed = { ...forged, hash: hashOf(forged) };
    expect(findChainFault([first, sealed])).toBeNull();
    expect(() => replay("demo:m", [first, sealed])).toThrow("I10");
  });

  it("stays whole when a person is erased", () => {
    const entries = told().entries.map((entry) => ({
      ...entry,
      actor: "erased",
      customerNote: "",
      internalNote: "",
    }));
    expect(findChainFault(entries)).toBeNull();
  });
});

describe("what was stored before", () => {
  it("reads as a wallet whose ledger verifies and replays", () => {
    const read = STORED_V1.entries.map(entryOfStored);
    expect(findChainFault(read)).toBeNull();
    expect(differencesFromLedger(storedV1Wallet(), read, [])).toEqual([]);
    expect(balanceOf(storedV1Wallet(), STORED_V1_NOW_MS)).toMatchObject({
      active: 50,
      spent: 10,
      expired: 5,
    });
  });

  it("is continued by entries of today on the same chain", () => {
    const purse = new Purse("demo:old");
    const read = STORED_V1.entries.map(entryOfStored);
    purse.take({ kind: "read", wallet: storedV1Wallet(), entries: read });
    purse.spend("o", 12, STORED_V1_NOW_MS);
    expect(purse.entries.map((entry) => entry.hashVersion)).toEqual([1, 1, 1, 1, 1, 1, 1, 2]);
    expect(purse.audit()).toEqual([]);
  });
});

describe("points in money", () => {
  const terms = {
    rate: { points: 100, fen: 100 },
    pointsMin: 0,
    percentMax: 100,
    pointsMax: null,
  };

  it("are worth whole fen, rounded down", () => {
    expect(worthFen(150, { points: 100, fen: 100 })).toBe(150);
    expect(worthFen(7, { points: 3, fen: 1 })).toBe(2);
  });

  it.each([
    ["never more than the order costs", 5_000, 5_000, 1_234, terms, [1_234, 1_234, 0]],
    ["never more than the member has", 5_000, 300, 1_234, terms, [300, 300, 934]],
    [
      "half of the order at most",
      5_000,
      5_000,
      1_235,
      { ...terms, percentMax: 50 },
      [617, 617, 618],
    ],
    ["500 points or none", 499, 5_000, 9_900, { ...terms, pointsMin: 500 }, [0, 0, 9_900]],
    [
      "whole conversions only",
      107,
      900,
      9_900,
      { ...terms, rate: { points: 10, fen: 1 } },
      [100, 10, 9_890],
    ],
  ] as const)("cover %s", (_, wanted, active, payable, rule, [points, fen, leftFen]) => {
    expect(offsetOf(wanted, active, payable, rule)).toEqual({ points, fen, leftFen });
  });
});
