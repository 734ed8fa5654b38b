/** What users of other systems complain about, one test a complaint. The numbers are those of the list of complaints. */
import { describe, expect, it } from "vitest";
import { expiryCalendar, offsetOf } from "../../accounts/points/index.ts";
import {
  checkIn,
  makeUp,
  newCheckIn,
  withCards,
  type CheckInTerms,
} from "../../earning/check-in/index.ts";
import {
  bindInvite,
  completeInvite,
  type Fingerprints,
  type InviteTerms,
} from "../../earning/invites/index.ts";
import { evaluate, parseRule, reversalOf } from "../../earning/rules/index.ts";
import { addGrowth, newTierState } from "../../tiers/index.ts";
import {
  CHINA_MS,
  chinaMs,
  inForce,
  NO_USE,
  orderOf,
  PLAIN,
  PROGRAMME,
  ruleOf,
} from "./earning.ts";
import { LIFE_TIERS } from "./life-terms.ts";
import { bookedOr, Purse } from "./purse.ts";

const DAY = 86_400_000;

describe("7: cancel or refund does not return the points", () => {
  it("a cancel of part and then of the rest brings back all of it, to the lots it came from", () => {
    const purse = new Purse();
    purse.credit("soon", 60, 0, { expiresAtMs: 10 * DAY });
    purse.credit("late", 60, 0, { expiresAtMs: 90 * DAY });
    const before = purse.wallet.lots;
    purse.spend("order", 100, DAY);
    const slices = purse.find("redeem:order")?.slices ?? [];
    purse.refund("order:1", slices, 35, 2 * DAY);
    purse.refund("order:2", slices, 65, 3 * DAY, { alreadyReturned: 35 });
    expect(purse.wallet.lots).toEqual(before);
  });

  it("a released hold gives everything back, at once", () => {
    const purse = new Purse();
    purse.credit("a", 60, 0, { expiresAtMs: 10 * DAY });
    const before = purse.wallet.lots;
    const outcome = purse.hold("ticket", 60, false, 1);
    if (outcome.kind !== "held") throw new Error("expected a hold");
    expect(purse.balance(1).active).toBe(0);
    purse.release(outcome.hold, 2);
    expect(purse.wallet.lots).toEqual(before);
  });
});

describe("8: a refund lets the buyer keep the earned points, or charges them twice", () => {
  it.each(["only_pending", "within_balance", "allow_negative"] as const)(
    "buying and returning in a loop earns nothing (%s)",
    (policy) => {
      const purse = new Purse();
      for (let round = 0; round < 20; round += 1) {
        const nowMs = round * DAY;
        const event = orderOf(10_000, { eventId: `o${round}`, atMs: chinaMs("2026-06-01") });
        const { points, shares } = evaluate(inForce({}), event, PLAIN, PROGRAMME, NO_USE);
        const pending = { kind: "until", atMs: nowMs + 15 * DAY } as const;
        purse.credit(`earn:${round}`, points, nowMs, { pending, originId: `o${round}` });
        const back = reversalOf({ basisFen: 10_000, shares }, 10_000, 0);
        purse.clawBack(`o${round}`, back.points, policy, nowMs + 1, `o${round}`);
      }
      const is = purse.balance(100 * DAY);
      expect(is.active + is.pending).toBe(0);
      expect(is.negative).toBe(0);
    },
  );

  it("returns in parts and repeats of them take what was earned, once", () => {
    const purse = new Purse();
    purse.credit("earn", 100, 0, { originId: "o" });
    const earned = { basisFen: 999, shares: [{ ruleId: "r", version: 1, points: 100 }] };
    let taken = 0;
    [333, 666, 999, 999].forEach((returnedFen, part) => {
      const { points } = reversalOf(earned, returnedFen, taken);
      if (points === 0) return;
      taken += points;
      purse.clawBack(`o:${part}`, points, "allow_negative", 1 + part, "o");
      expect(purse.clawBack(`o:${part}`, points, "allow_negative", 9, "o").kind).toBe("replayed");
    });
    expect(purse.balance(9)).toMatchObject({ active: 0, negative: 0, clawedBack: 100 });
  });

  it("points spent before the return are owed, and the next points pay them", () => {
    const purse = new Purse();
    purse.credit("earn", 100, 0, { originId: "o" });
    purse.spend("gift", 100, 1);
    purse.clawBack("o", 100, "allow_negative", 2, "o");
    expect(purse.balance(2)).toMatchObject({ active: 0, negative: 100 });
    purse.credit("next", 130, 3);
    expect(purse.balance(3)).toMatchObject({ active: 30, negative: 0 });
  });
});

describe("9: an order's status toggles and the points are awarded several times", () => {
  it("one order earns once, however often it is reported", () => {
    const purse = new Purse();
    for (let report = 0; report < 10; report += 1) {
      purse.credit("earn_order:o1:0", 40, report, { type: "earn_order" });
      purse.activate("received:o1", report);
    }
    expect(purse.balance(20).active).toBe(40);
    expect(purse.entries.map(({ type }) => type)).toEqual(["earn_order", "activate"]);
  });

  it("a report of the same order with other points is refused, not added", () => {
    const purse = new Purse();
    purse.credit("earn_order:o1:0", 40, 0);
    expect(purse.credit("earn_order:o1:0", 45, 1)).toMatchObject({
      refusal: { code: "idempotency_mismatch", figures: { fields: "points" } },
    });
  });
});

describe("13: the check-in can be tapped again and again for more points", () => {
  const terms: CheckInTerms = {
    version: 1,
    zoneOffsetMs: CHINA_MS,
    cycle: "weekly",
    dailyPoints: 5,
    streak: [{ days: 2, points: 9 }],
    cumulative: [],
    combine: "plus",
    afterLast: "stop",
    makeUpDaysMax: 6,
    makeUpPays: true,
  };

  it("a hundred taps, a reconnect and a turned clock pay one day", () => {
    let state = withCards(newCheckIn(), 9);
    let points = 0;
    const day = chinaMs("2026-06-03");
    for (let tap = 0; tap < 100; tap += 1) {
      const outcome = checkIn(state, terms, day + (tap % 24) * 3_600_000);
      if (outcome.kind !== "checked") continue;
      ({ state } = outcome);
      for (const award of outcome.awards) points += award.points;
    }
    expect(points).toBe(5);
    // Nor does a card on a day that was checked.
    expect(makeUp(state, terms, state.days[0] ?? 0, day + DAY).kind).toBe("already");
    expect(state.cards).toBe(9);
  });

  it("and the ledger takes a day's key once, even from a state that forgot", () => {
    const purse = new Purse();
    for (let lost = 0; lost < 3; lost += 1) {
      const outcome = checkIn(newCheckIn(), terms, chinaMs("2026-06-03T10:00"));
      if (outcome.kind !== "checked") throw new Error("expected a check-in");
      for (const { naturalKey, points } of outcome.awards) purse.credit(naturalKey, points, lost);
    }
    expect(purse.balance(9).active).toBe(5);
  });
});

describe("14: points expire, but the balance does not know", () => {
  const purseOf = (): Purse => {
    const purse = new Purse();
    purse.credit("a", 10, 0, { expiresAtMs: 5 * DAY });
    purse.credit("b", 20, 0, { expiresAtMs: 9 * DAY });
    purse.credit("c", 30, 0, { expiresAtMs: 9 * DAY });
    return purse;
  };

  it("the balance is right at the second of expiry, before any sweep ran", () => {
    const purse = purseOf();
    expect(purse.balance(5 * DAY - 1).active).toBe(60);
    expect(purse.balance(5 * DAY)).toMatchObject({ active: 50, expired: 10 });
    expect(purse.spend("o", 51, 5 * DAY)).toMatchObject({
      refusal: { code: "points_insufficient", figures: { needed: 51, active: 50 } },
    });
  });

  it("every date is shown, not only the earliest", () => {
    expect(expiryCalendar(purseOf().wallet, 1)).toEqual({
      deadlines: [
        { expiresAtMs: 5 * DAY, points: 10 },
        { expiresAtMs: 9 * DAY, points: 50 },
      ],
      lasting: 0,
    });
  });

  it("a sweep that comes late, in small steps, or twice leaves the same", () => {
    const once = purseOf();
    once.expire(20 * DAY);
    const steps = purseOf();
    let calls = 0;
    while (!steps.expire(20 * DAY, 1).isDone) calls += 1;
    steps.expire(20 * DAY);
    expect(calls).toBe(2);
    expect(steps.wallet).toEqual(once.wallet);
    expect(steps.entries.map(({ type, points }) => [type, points]).slice(3)).toEqual([
      ["expire", -10],
      ["expire", -20],
      ["expire", -30],
    ]);
  });
});

describe("19: the level is not lowered when points are taken away", () => {
  it("growth that a return takes back lowers the tier, as the terms say", () => {
    const now = chinaMs("2026-06-01");
    const up = addGrowth(newTierState(LIFE_TIERS, now), LIFE_TIERS, 3_000, now);
    const down = addGrowth(up.state, LIFE_TIERS, -2_500, now + DAY);
    expect([up.state.tierId, down.state.tierId]).toEqual(["gold", "base"]);
    expect(down.changes).toContainEqual({ kind: "downgraded", from: "gold", to: "base" });
  });

  it("spending points lowers nobody: growth is a value of its own", () => {
    const now = chinaMs("2026-06-01");
    const purse = new Purse();
    purse.credit("a", 3_000, 0);
    const tier = addGrowth(newTierState(LIFE_TIERS, now), LIFE_TIERS, 3_000, now).state;
    purse.spend("o", 3_000, 1);
    expect(addGrowth(tier, LIFE_TIERS, 0, now + DAY).state.tierId).toBe("gold");
  });
});

describe("21: fake accounts and self-referral farm the invite rewards", () => {
  const TERMS: InviteTerms = {
    version: 1,
    zoneOffsetMs: CHINA_MS,
    inviterPoints: 50,
    inviteePoints: 20,
    act: "order",
    amountFenMin: 3_000,
    days: 30,
    cap: { period: "month", timesMax: 5 },
    guard: { device: "refuse", network: "review", payment: "refuse", address: "refuse" },
  };
  const phone: Fingerprints = { device: ["d1"], network: ["n1"], payment: ["p1"], address: ["a1"] };
  const far: Fingerprints = { device: ["d9"], network: ["n9"], payment: ["p9"], address: ["a9"] };

  const farm = (accounts: number, invitee: Fingerprints, amountFen: number): number => {
    let points = 0;
    let rewardedInPeriod = 0;
    for (let at = 0; at < accounts; at += 1) {
      const inviteeKey = `demo:fake${at}`;
      const bound = bindInvite(
        {
          inviteId: `i${at}`,
          inviterKey: "demo:farmer",
          inviteeKey,
          existing: null,
          inviterOfInviter: null,
          actsBefore: 0,
        },
        at,
      );
      if (bound.kind !== "bound") continue;
      const event = orderOf(amountFen, { memberKey: inviteeKey, atMs: at + 1 });
      const facts = { inviter: phone, invitee, rewardedInPeriod };
      const outcome = completeInvite(bound.invite, TERMS, event, facts);
      if (outcome.kind !== "decided" || !outcome.awards.inviter) continue;
      rewardedInPeriod += 1;
      points += outcome.awards.inviter.points;
    }
    return points;
  };

  it("pays nothing for accounts that share a device, a payment or an address", () => {
    expect(farm(50, phone, 5_000)).toBe(0);
    expect(farm(50, { ...far, device: ["d1"] }, 5_000)).toBe(0);
    expect(farm(50, { ...far, payment: ["p1"] }, 5_000)).toBe(0);
    expect(farm(50, { ...far, address: ["a1"] }, 5_000)).toBe(0);
  });

  it("leaves a shared network to staff, asks for a real act, and caps the rest", () => {
    expect(farm(50, { ...far, network: ["n1"] }, 5_000)).toBe(0);
    expect(farm(50, far, 100)).toBe(0);
    expect(farm(50, far, 5_000)).toBe(5 * 50);
  });

  it("knows no reward for sharing", () => {
    expect(parseRule(ruleOf({ on: ["share" as "order"] }))).toMatchObject({
      kind: "invalid",
      problems: [{ field: "on.0" }],
    });
  });
});

describe("25: tiny remainders, partial rewards, points beyond the order's value", () => {
  const terms = {
    rate: { points: 100, fen: 100 },
    pointsMin: 0,
    percentMax: 100,
    pointsMax: null,
  };

  it("points never exceed the order, and leave no fraction to pay", () => {
    for (let payableFen = 0; payableFen < 3_000; payableFen += 7) {
      for (const rate of [
        { points: 100, fen: 100 },
        { points: 3, fen: 2 },
        { points: 7, fen: 10 },
      ]) {
        const { points, fen, leftFen } = offsetOf(2_000, 1_500, payableFen, { ...terms, rate });
        expect(fen).toBeLessThanOrEqual(payableFen);
        expect(Number.isInteger(points) && Number.isInteger(leftFen)).toBe(true);
        // Every point taken is worth its share: no point is burnt by rounding.
        expect(points * rate.fen).toBe(fen * rate.points);
        expect(fen + leftFen).toBe(payableFen);
      }
    }
  });

  it("an earned fraction is rounded once, in one place", () => {
    const exact = {
      benefit: { kind: "per_amount", points: 1, perFen: 300, counting: "exact" },
    } as const;
    const three = inForce(exact, exact, exact);
    // Three times a third of a point is one point, not three times nothing.
    expect(evaluate(three, orderOf(100), PLAIN, PROGRAMME, NO_USE).points).toBe(1);
  });

  it("a debit takes the whole price or nothing", () => {
    const purse = new Purse();
    purse.credit("a", 99, 0);
    expect(purse.spend("o", 100, 1).kind).toBe("refused");
    expect(purse.balance(1)).toMatchObject({ active: 99, spent: 0 });
    expect(bookedOr(purse.spend("o", 99, 1)).entries[0]).toMatchObject({ points: -99 });
  });
});
