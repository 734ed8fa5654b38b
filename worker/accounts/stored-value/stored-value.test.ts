/** The laws of stored value, for generated lives. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  assertStored,
  beginTopUp,
  bookStored,
  claimTopUp,
  closedTopUp,
  newStoredWallet,
  ownedFen,
  receivedTopUp,
  replayStored,
  STORED_ENTRY_TYPES,
  type StoredEntry,
  type StoredWallet,
} from "./index.ts";

const NOW = 1_000_000;
const cause = (naturalKey: string) => ({ naturalKey, orderId: null, sourceId: null, note: "" });

function play(acts: readonly { type: (typeof STORED_ENTRY_TYPES)[number]; fen: number }[]) {
  let wallet: StoredWallet = newStoredWallet("demo:m");
  const entries: StoredEntry[] = [];
  acts.forEach(({ type, fen }, at) => {
    const bound =
      type === "capture" || type === "release"
        ? wallet.heldFen
        : type === "refund"
          ? wallet.spentFen
          : fen;
    const moved = Math.min(fen, bound);
    if (moved === 0) return;
    const known = (key: string): boolean => entries.some(({ naturalKey }) => naturalKey === key);
    const ask = () => bookStored(wallet, type, moved, cause(`k${at}`), known, NOW + at);
    const outcome = ask();
    if (outcome.kind !== "booked") {
      expect(type === "hold" && moved > wallet.balanceFen).toBe(true);
      return;
    }
    ({ wallet } = outcome);
    entries.push(outcome.entry);
    expect(ask().kind).toBe("already");
  });
  return { wallet, entries };
}
const acts = fc.array(
  fc.record({
    type: fc.constantFrom(...STORED_ENTRY_TYPES),
    fen: fc.integer({ min: 1, max: 2_000 }),
  }),
  { maxLength: 40 },
);

describe("stored value", () => {
  it("keeps every fen, numbers without a gap, and replays to what it is", () => {
    fc.assert(
      fc.property(acts, (life) => {
        const { wallet, entries } = play(life);
        assertStored(wallet);
        expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, at) => at + 1));
        expect(entries.reduce((sum, { amountFen }) => sum + amountFen, 0)).toBe(ownedFen(wallet));
        expect(replayStored("demo:m", entries)).toEqual(wallet);
      }),
    );
  });

  it("finds a ledger that was changed, whatever was changed in it", () => {
    const { entries } = play([
      { type: "top_up", fen: 5_000 },
      { type: "hold", fen: 1_000 },
      { type: "capture", fen: 1_000 },
    ]);
    const spoilt = (change: (entry: StoredEntry) => StoredEntry): unknown =>
      replayStored(
        "demo:m",
        entries.map((entry, at) => (at === 1 ? change(entry) : entry)),
      );
    expect(spoilt((entry) => entry)).not.toBeNull();
    expect(spoilt((entry) => ({ ...entry, movedFen: 999 }))).toBeNull();
    expect(spoilt((entry) => ({ ...entry, orderId: "other" }))).toBeNull();
    expect(spoilt((entry) => ({ ...entry, naturalKey: "k0" }))).toBeNull();
    expect(spoilt((entry) => ({ ...entry, seq: 3 }))).toBeNull();
    expect(replayStored("demo:m", entries.slice(1))).toBeNull();
  });

  it("holds no more than is there", () => {
    const { wallet } = play([{ type: "top_up", fen: 100 }]);
    expect(bookStored(wallet, "hold", 101, cause("h"), () => false, NOW)).toMatchObject({
      kind: "refused",
      refusal: { figures: { reason: "stored_value_insufficient", balanceFen: 100 } },
    });
  });
});

describe("a top-up", () => {
  const begun = beginTopUp(
    {
      ...{ memberKey: "demo:m", topUpId: "t", paymentId: "p", provider: "wechat" },
      ...{ scene: "h5", amountFen: 5_000 },
    },
    NOW,
  );
  const money = { txnId: "x", amountFen: 5_000, paidAtMs: NOW };

  it("counts a transaction once, also one that comes after it was closed", () => {
    const paid = receivedTopUp(closedTopUp(begun), money);
    expect(paid).toMatchObject({ state: "paid", askAtMs: null });
    expect(paid && receivedTopUp(paid, money)).toBeNull();
    expect(paid && receivedTopUp(paid, { ...money, txnId: "y" })?.receipts).toHaveLength(2);
  });

  it("is asked about at growing distances", () => {
    const first = claimTopUp(begun, NOW + 30_000);
    const second = claimTopUp(first, first.askAtMs ?? 0);
    expect((second.askAtMs ?? 0) - (first.askAtMs ?? 0)).toBeGreaterThan(
      (first.askAtMs ?? 0) - NOW - 30_000,
    );
  });
});
