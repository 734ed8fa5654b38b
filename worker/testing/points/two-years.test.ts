/** Two years of life on a simulated clock. The full run of 10,000 members is `npm run life`; here are enough to fail. */
import { beforeAll, describe, expect, it } from "vitest";
import { Purse } from "./purse.ts";
import { liveTwoYears, type Audit } from "./two-years.ts";

const MEMBERS = 300;

describe("two years of members' lives", () => {
  let audit: Audit;
  // On a full machine it takes longer than a test may.
  beforeAll(() => {
    audit = liveTwoYears(MEMBERS, 20_260_601);
  }, 120_000);

  it("end with a clean audit: ledger, wallet, chain, caps", () => {
    expect(audit.faults).toEqual([]);
  });

  it("conserve every point over all members", () => {
    const { granted, active, pending, held, spent, expired, clawedBack, negative } = audit.sums;
    expect(active + pending + held + spent + expired + clawedBack - negative).toBe(granted);
    expect(granted).toBeGreaterThan(MEMBERS * 500);
  });

  it("meet every kind of entry and every source of points", () => {
    const KINDS = [
      "earn_order",
      "activate",
      "hold",
      "capture",
      "release",
      "redeem",
      "redeem_rollback",
      "clawback",
      "expire",
      "manual_credit",
      "manual_debit",
      "check_in",
      "check_in_streak",
      "task",
      "invite_inviter",
      "invite_invitee",
      "tier_gift",
    ];
    const missing = KINDS.filter((kind) => (audit.kinds[kind] ?? 0) === 0);
    expect(missing).toEqual([]);
    expect(audit.repeats).toBeGreaterThan(100);
    expect(audit.reminders).toBeGreaterThan(MEMBERS);
  });

  it("are the same again from the same seed", () => {
    expect(liveTwoYears(10, 5)).toEqual(liveTwoYears(10, 5));
    expect(liveTwoYears(10, 6)).not.toEqual(liveTwoYears(10, 5));
  });
});

describe("the audit", () => {
  const purse = (): Purse => {
    const one = new Purse();
    one.credit("a", 100, 0);
    one.spend("o", 30, 1);
    one.credit("b", 5, 2);
    return one;
  };

  it("notices a balance that was changed beside the ledger", () => {
    const one = purse();
    one.wallet = { ...one.wallet, granted: one.wallet.granted + 7 };
    expect(one.audit()).toEqual(["granted: stored 112, ledger 105"]);
  });

  it("notices a lot that was filled beside the ledger", () => {
    const one = purse();
    one.wallet = {
      ...one.wallet,
      lots: one.wallet.lots.map((lot) => (lot.lotId === 1 ? { ...lot, remaining: 99 } : lot)),
    };
    expect(one.audit()).toEqual(["lot 1: stored 99, ledger 70"]);
  });

  it("notices an entry that was rewritten", () => {
    const one = purse();
    const second = one.entries[1];
    if (!second) throw new Error("a second entry");
    one.entries[1] = { ...second, occurredAtMs: 9 };
    expect(one.audit()).toEqual(['chain: {"kind":"changed","seq":2}']);
  });
});
