import { describe, expect, it } from "vitest";
import { walletWith } from "../testing/points/opening.ts";
import { balanceOf, expiryCalendar, heldCalendar } from "./points/index.ts";
import { pointsView } from "./points-views.ts";

const NOW_MS = 1_800_000_000_000;

describe("points as a member sees them", () => {
  it("lapse in every figure at the same moment, that of the Account", () => {
    const wallet = walletWith(
      "demo:m",
      [
        { points: 12, expiresAtMs: NOW_MS + 1_000 },
        { points: 30, expiresAtMs: NOW_MS + 9_000 },
      ],
      NOW_MS,
    );
    const seenAt = (nowMs: number) => {
      const { active, nextExpiry, calendar } = pointsView({
        ...{ seq: wallet.seq, balance: balanceOf(wallet, nowMs), lots: wallet.lots },
        ...{ calendar: expiryCalendar(wallet, nowMs), held: heldCalendar([]) },
        ...{ entries: [], names: {}, nextBeforeSeq: null },
      });
      return { active, nextExpiry, deadlines: calendar.length };
    };
    expect(seenAt(NOW_MS + 999)).toEqual({
      active: 42,
      nextExpiry: { points: 12, expiresAtMs: NOW_MS + 1_000 },
      deadlines: 2,
    });
    expect(seenAt(NOW_MS + 1_000)).toEqual({
      active: 30,
      nextExpiry: { points: 30, expiresAtMs: NOW_MS + 9_000 },
      deadlines: 1,
    });
    expect(seenAt(NOW_MS + 9_000)).toEqual({ active: 0, nextExpiry: null, deadlines: 0 });
  });
});
