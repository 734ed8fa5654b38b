import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chinaMs, CHINA_MS, orderOf } from "../../testing/points/earning.ts";
import {
  bindInvite,
  completeInvite,
  inviteCapPeriod,
  parseInviteTerms,
  reviewInvite,
  TRAITS,
  undoInvite,
  type BindFacts,
  type Fingerprints,
  type Invite,
  type InviteTerms,
  type Trait,
} from "./index.ts";

const DAY = 86_400_000;
const NOW = chinaMs("2026-06-01T09:00");
const TERMS: InviteTerms = {
  version: 1,
  zoneOffsetMs: CHINA_MS,
  inviterPoints: 50,
  inviteePoints: 20,
  act: "order",
  amountFenMin: 3_000,
  days: 30,
  cap: { period: "month", timesMax: 3 },
  guard: { device: "refuse", network: "review", payment: "refuse", address: "review" },
};
const NONE: Fingerprints = { device: [], network: [], payment: [], address: [] };
const prints = (more: Partial<Fingerprints>): Fingerprints => ({ ...NONE, ...more });
const FACTS: BindFacts = {
  inviteId: "i1",
  inviterKey: "demo:ann",
  inviteeKey: "demo:bob",
  existing: null,
  inviterOfInviter: null,
  actsBefore: 0,
};
const act = (more: object = {}) =>
  orderOf(3_000, { eventId: "o1", memberKey: "demo:bob", atMs: NOW + DAY, ...more });

function bound(more: Partial<BindFacts> = {}): Invite {
  const outcome = bindInvite({ ...FACTS, ...more }, NOW);
  if (outcome.kind !== "bound") throw new Error("expected a bound invite");
  return outcome.invite;
}
const facts = (inviter = NONE, invitee = NONE, rewardedInPeriod = 0) => ({
  inviter,
  invitee,
  rewardedInPeriod,
});

describe("binding an invite", () => {
  it.each([
    ["oneself", { inviteeKey: "demo:ann" }, "invited_oneself"],
    ["each other", { inviterOfInviter: "demo:bob" }, "invited_each_other"],
    ["an old member", { actsBefore: 1 }, "not_a_new_member"],
    ["somebody else's", { existing: bound({ inviterKey: "demo:eve" }) }, "already_invited"],
  ])("refuses %s", (_, change, reason) => {
    expect(bindInvite({ ...FACTS, ...change }, NOW)).toMatchObject({
      kind: "refused",
      refusal: { code: "not_eligible", figures: { reason } },
    });
  });

  it("is the same when it comes again", () => {
    expect(bindInvite({ ...FACTS, existing: bound() }, NOW + 5).kind).toBe("replayed");
  });
});

describe("completing an invite", () => {
  it("pays both sides for the invited person's act, once", () => {
    const outcome = completeInvite(bound(), TERMS, act(), facts());
    expect(outcome).toMatchObject({
      kind: "decided",
      invite: { state: "rewarded", actId: "o1" },
      awards: {
        inviter: { naturalKey: "invite_inviter:i1", points: 50 },
        invitee: { naturalKey: "invite_invitee:i1", points: 20 },
      },
      countsIn: inviteCapPeriod(TERMS, NOW + DAY),
    });
    if (outcome.kind !== "decided") return;
    expect(completeInvite(outcome.invite, TERMS, act(), facts()).kind).toBe("unmoved");
  });

  it.each([
    ["a small order", act({ lines: [] })],
    ["another kind of act", act({ kind: "registration" })],
    ["the inviter's own order", act({ memberKey: "demo:ann" })],
    ["an order from before", act({ atMs: NOW - 1 })],
    ["an order after the days", act({ atMs: NOW + 30 * DAY })],
  ])("is not done by %s", (_, event) => {
    expect(completeInvite(bound(), TERMS, event, facts()).kind).toBe("unmoved");
  });

  it("knows a redemption from a purchase", () => {
    const redeemed = act({ channel: "redemption" });
    const kindOf = (terms: InviteTerms, event: typeof redeemed) =>
      completeInvite(bound(), terms, event, facts()).kind;
    expect(kindOf(TERMS, redeemed)).toBe("unmoved");
    const byRedemption: InviteTerms = { ...TERMS, act: "redemption", amountFenMin: 0 };
    expect(kindOf(byRedemption, redeemed)).toBe("decided");
    expect(kindOf(byRedemption, act())).toBe("unmoved");
  });

  it("pays the invitee but not the inviter beyond the cap", () => {
    const outcome = completeInvite(bound(), TERMS, act(), facts(NONE, NONE, 3));
    expect(outcome).toMatchObject({
      awards: { inviter: null, invitee: { points: 20 } },
      countsIn: null,
    });
  });

  it.each(TRAITS)("looks for a shared %s", (trait: Trait) => {
    const same = prints({ [trait]: ["x", "y"] });
    const other = prints({ [trait]: ["y"] });
    const outcome = completeInvite(bound(), TERMS, act(), facts(same, other));
    const state = TERMS.guard[trait] === "refuse" ? "refused" : "in_review";
    expect(outcome).toMatchObject({
      invite: { state, matches: [trait] },
      awards: { inviter: null, invitee: null },
    });
    const ignoring = { ...TERMS, guard: { ...TERMS.guard, [trait]: "ignore" as const } };
    expect(completeInvite(bound(), ignoring, act(), facts(same, other))).toMatchObject({
      invite: { state: "rewarded" },
    });
  });

  it("in review is decided by staff, and the cap still holds", () => {
    const same = prints({ network: ["n"] });
    const outcome = completeInvite(bound(), TERMS, act(), facts(same, same));
    if (outcome.kind !== "decided") throw new Error("expected a decision");
    const { invite } = outcome;
    expect(reviewInvite(invite, TERMS, true, 0, NOW + 9 * DAY)).toMatchObject({
      invite: { state: "rewarded" },
      awards: { inviter: { points: 50 } },
    });
    expect(reviewInvite(invite, TERMS, true, 3, NOW)).toMatchObject({ awards: { inviter: null } });
    expect(reviewInvite(invite, TERMS, false, 0, NOW)).toMatchObject({
      invite: { state: "refused" },
      awards: { inviter: null, invitee: null },
    });
  });

  it("is taken back when the act is undone", () => {
    const outcome = completeInvite(bound(), TERMS, act(), facts());
    if (outcome.kind !== "decided") throw new Error("expected a decision");
    expect(undoInvite(outcome.invite, outcome.awards, "other", NOW)).toBeNull();
    expect(undoInvite(outcome.invite, outcome.awards, "o1", NOW)).toMatchObject({
      invite: { state: "refused" },
      takeBack: {
        inviter: { naturalKey: "undo:invite_inviter:i1", points: 50 },
        invitee: { naturalKey: "undo:invite_invitee:i1", points: 20 },
      },
    });
  });

  it("never pays an inviter more than the cap, in any order of acts", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ invitee: fc.nat(9), day: fc.nat(29) }), { maxLength: 40 }),
        (acts) => {
          const invites = new Map(
            Array.from({ length: 10 }, (_, at) => [
              at,
              bound({ inviteId: `i${at}`, inviteeKey: `demo:${at}` }),
            ]),
          );
          const counts = new Map<number, number>();
          const paidIn = new Map<number, number>();
          const keys: string[] = [];
          acts.forEach(({ invitee, day }, at) => {
            const invite = invites.get(invitee);
            if (!invite) return;
            const atMs = NOW + day * DAY;
            const period = inviteCapPeriod(TERMS, atMs);
            const event = act({ eventId: `o${at}`, memberKey: `demo:${invitee}`, atMs });
            const known = facts(NONE, NONE, counts.get(period) ?? 0);
            const outcome = completeInvite(invite, TERMS, event, known);
            if (outcome.kind !== "decided") return;
            invites.set(invitee, outcome.invite);
            if (outcome.countsIn !== null) {
              counts.set(outcome.countsIn, (counts.get(outcome.countsIn) ?? 0) + 1);
            }
            for (const award of [outcome.awards.inviter, outcome.awards.invitee]) {
              if (award) keys.push(award.naturalKey);
            }
            if (outcome.awards.inviter) paidIn.set(period, (paidIn.get(period) ?? 0) + 1);
          });
          expect(new Set(keys).size).toBe(keys.length);
          for (const count of paidIn.values()) expect(count).toBeLessThanOrEqual(3);
        },
      ),
    );
  });
});

describe("invite terms", () => {
  it.each([
    ["inviterPoints", { inviterPoints: -1 }],
    ["inviterPoints", { inviterPoints: 0, inviteePoints: 0 }],
    ["amountFenMin", { act: "registration" }],
    ["amountFenMin", { act: "redemption" }],
    ["days", { days: 0 }],
    ["cap.timesMax", { cap: { period: "day", timesMax: 0.5 } }],
    ["act", { act: "share" }],
    [
      "guard",
      { guard: { device: "ignore", network: "ignore", payment: "ignore", address: "ignore" } },
    ],
  ])("name %s: %j", (field, change) => {
    expect(parseInviteTerms(TERMS).kind).toBe("ok");
    const result = parseInviteTerms({ ...TERMS, ...change });
    expect(result.kind === "invalid" && result.problems.map((one) => one.field)).toContain(field);
  });
});
