import { describe, expect, it } from "vitest";
import { Purse } from "../../testing/points/purse.ts";
import { differencesFromLedger } from "./replay.ts";
import { mendLedger } from "./mend.ts";
import { GRACE_SOURCE, type Wallet } from "./types.ts";

const DAY = 86_400_000;

/** Thirty points whose lot lapsed while they were held, given back as a lot of grace that no entry tells of. */
function graced(): { readonly purse: Purse; readonly wallet: Wallet } {
  const purse = new Purse();
  purse.credit("g", 30, 0, { expiresAtMs: DAY });
  const [lot] = purse.wallet.lots;
  if (!lot) throw new Error("no lot");
  const grace = { ...lot, lotId: 2, source: GRACE_SOURCE, expiresAtMs: 32 * DAY };
  const wallet = { ...purse.wallet, lotSeq: 2, lots: [{ ...lot, remaining: 0 }, grace] };
  return { purse, wallet };
}

describe("a ledger that lacks the release of a hold", () => {
  it("is given the hold and its release, and replays to the wallet, whose points do not move", () => {
    const { purse, wallet } = graced();
    expect(differencesFromLedger(wallet, purse.entries, [])).not.toEqual([]);
    const mended = mendLedger(wallet, purse.entries, [], 40 * DAY);
    expect(mended?.entries).toMatchObject([
      { type: "hold", points: 0, slices: [{ lotId: 1, points: 30 }] },
      { type: "release", points: 0, opens: [{ lotId: 2, points: 30 }] },
    ]);
    expect(mended?.wallet).toMatchObject({ granted: 30, held: 0, lots: [{ remaining: 30 }] });
    const whole = [...purse.entries, ...(mended?.entries ?? [])];
    expect(mended && differencesFromLedger(mended.wallet, whole, [])).toEqual([]);
    expect(mended && mendLedger(mended.wallet, whole, [], 41 * DAY)?.entries).toEqual([]);
  });

  it("is left as it is where anything else differs, so that the audit goes on naming it", () => {
    const { purse, wallet } = graced();
    const richer = { ...wallet, granted: 31, spent: 1 };
    expect(mendLedger(richer, purse.entries, [], 40 * DAY)).toBeNull();
    const lots = wallet.lots.map((lot) => ({ ...lot, points: 40 }));
    expect(mendLedger({ ...wallet, lots }, purse.entries, [], 40 * DAY)).toBeNull();
  });

  it("is left as it is where nothing lacks", () => {
    const purse = new Purse();
    purse.credit("g", 30, 0, { expiresAtMs: DAY });
    purse.expire(DAY);
    expect(mendLedger(purse.wallet, purse.entries, [], 2 * DAY)?.entries).toEqual([]);
  });
});
