import { array, assert, integer, option, property, record } from "fast-check";
import { expect, it } from "vitest";
import {
  balanceOf,
  newWallet,
  replay,
  transferIn,
  transferOut,
  type PointsLot,
  type Wallet,
} from "./index.ts";
import type { Cause, PointsEntry } from "./types.ts";
import { credit } from "./credit.ts";

const NOW = 1_800_000_000_000;
const cause = (naturalKey: string): Cause => ({
  ...{ naturalKey, orderId: null, sourceId: null, breakdown: [], actor: "system", storeId: null },
  ...{ customerNote: "", internalNote: "", occurredAtMs: NOW - 1_000 },
});

const lot = record({
  points: integer({ min: 1, max: 5_000 }),
  expiresInMs: option(integer({ min: 1, max: 9_000 }), { nil: null }),
  waitsMs: option(integer({ min: 1, max: 500 }), { nil: null }),
});

function walletWith(
  memberKey: string,
  lots: readonly { points: number; expiresInMs: number | null; waitsMs: number | null }[],
): { wallet: Wallet; entries: PointsEntry[] } {
  let wallet = newWallet(memberKey);
  const entries: PointsEntry[] = [];
  lots.forEach(({ points, expiresInMs, waitsMs }, at) => {
    const expiresAtMs = expiresInMs === null ? null : NOW + expiresInMs;
    const atMs =
      waitsMs === null || (expiresInMs !== null && waitsMs >= expiresInMs) ? null : NOW + waitsMs;
    const pending =
      atMs === null ? ({ kind: "none" } as const) : ({ kind: "until", atMs } as const);
    const command = {
      type: "promo",
      points,
      source: "promo",
      originId: `o${at}`,
      expiresAtMs,
      pending,
    } as const;
    const outcome = credit(
      wallet,
      { ...command, cause: cause(`k${at}`) },
      { find: () => null },
      NOW,
    );
    if (outcome.kind !== "booked") throw new Error("the lot of a test was refused");
    ({ wallet } = outcome);
    entries.push(...outcome.entries);
  });
  return { wallet, entries };
}

const shape = ({ remaining, expiresAtMs, pendingUntilMs, originId }: PointsLot) => ({
  ...{ remaining, expiresAtMs, pendingUntilMs, originId },
});

it("keeps every point, deadline and waiting time, parcel by parcel, and both ledgers replay", () => {
  assert(
    property(
      array(lot, { maxLength: 12 }),
      array(lot, { maxLength: 4 }),
      integer({ min: 1, max: 5 }),
      (theirs, mine, size) => {
        const from = walletWith("p:from", theirs);
        const into = walletWith("p:into", mine);
        const before = balanceOf(from.wallet, NOW).active + balanceOf(into.wallet, NOW).active;
        const granted = from.wallet.granted + into.wallet.granted;
        const wanted = [...from.wallet.lots, ...into.wallet.lots].map(shape);
        for (let parcel = 1; ; parcel += 1) {
          const out = transferOut(from.wallet, size, cause(`transfer_out:m:${parcel}`), NOW);
          if (!out) break;
          from.wallet = out.wallet;
          from.entries.push(...out.entries);
          const come = transferIn(
            into.wallet,
            out.lots,
            cause(`transfer_in:m:${parcel}`),
            { find: () => null },
            NOW,
          );
          if (come.kind !== "booked") throw new Error("a parcel was refused");
          into.wallet = come.wallet;
          into.entries.push(...come.entries);
        }
        expect(balanceOf(from.wallet, NOW)).toMatchObject({ active: 0, pending: 0 });
        expect(balanceOf(into.wallet, NOW).active).toBe(before);
        expect(from.wallet.granted + into.wallet.granted).toBe(granted);
        const byText = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
        expect(into.wallet.lots.map(shape).sort(byText)).toEqual(wanted.sort(byText));
        for (const { wallet, entries } of [from, into]) {
          expect(balanceOf(replay(wallet.memberKey, entries), NOW)).toEqual(balanceOf(wallet, NOW));
        }
      },
    ),
  );
});

it("answers a parcel that came before with its entry", () => {
  const { wallet } = walletWith("p:from", [{ points: 9, expiresInMs: null, waitsMs: null }]);
  const out = transferOut(wallet, 9, cause("transfer_out:m:1"), NOW);
  const first = transferIn(
    newWallet("p:into"),
    out?.lots ?? [],
    cause("transfer_in:m:1"),
    { find: () => null },
    NOW,
  );
  if (first.kind !== "booked") throw new Error("the first one was refused");
  const [entry] = first.entries;
  const ledger = { find: () => entry ?? null };
  const again = transferIn(first.wallet, out?.lots ?? [], cause("transfer_in:m:1"), ledger, NOW);
  expect(again).toEqual({ kind: "replayed", entry });
});

it("takes nothing out of a record that owes points", () => {
  const { wallet } = walletWith("p:from", [{ points: 9, expiresInMs: null, waitsMs: 5 }]);
  const owing = { ...wallet, deficit: 3, clawedBack: 3 };
  expect(transferOut(owing, 9, cause("transfer_out:m:1"), NOW)).toBeNull();
});
