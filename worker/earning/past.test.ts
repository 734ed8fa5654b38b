/** What a dry run replays beside kept events: stated points of the ledger, redemptions of the orders, and who the member was. */
import { describe, expect, it } from "vitest";
import { chinaMs, inForce, orderOf, PLAIN, PROGRAMME, ruleOf } from "../testing/points/earning.ts";
import { taskOf } from "../testing/points/programme.ts";
import { notKept, redemptionEvent, statedEvent, withFaces, type LedgerRow } from "./past.ts";
import { dryRun, type PastEvent, type RuleInForce } from "./rules/index.ts";
import { taskDryRun, type PastTaskEvent } from "./tasks/index.ts";

const RATE = { points: 100, fen: 100 };
const AT = chinaMs("2026-05-10T09:00");
const MEMBER = "demo:a";
const TODAY = new Map([[MEMBER, { facts: PLAIN, joinedAtMs: AT - 1 }]]);

function entryOf(ruleId: string, points: number, more: Partial<LedgerRow> = {}): LedgerRow {
  const breakdown = JSON.stringify([
    { ruleId, version: 3, points },
    { ruleId: "double", version: 1, points },
  ]);
  return { memberKey: MEMBER, seq: 1, atMs: AT, sourceId: "x", storeId: null, breakdown, ...more };
}

const costOf = (past: readonly PastEvent[], now: RuleInForce[], draft: RuleInForce[]): object => {
  const { nowPoints, draftPoints, winners, losers } = dryRun(past, now, draft, PROGRAMME, RATE);
  return { nowPoints, draftPoints, winners, losers };
};
const faced = (...found: (ReturnType<typeof statedEvent> | null)[]): readonly PastTaskEvent[] =>
  withFaces(
    found.filter((one) => one !== null),
    [],
    TODAY,
  );

describe("points that a source stated", () => {
  it.each([
    ["check-in", "day-1", "check_in"],
    ["tier", "day-1", "check_in"],
    ["invite", "i1", "invite"],
    ["till-code", "c1", "till_code"],
    ["tier-gift", "gold", "custom"],
    ["two-orders", "two-orders", "task"],
  ])(
    "of %s for %s are an event of kind %s, without what was multiplied",
    (ruleId, sourceId, kind) => {
      expect(statedEvent(entryOf(ruleId, 7, { sourceId }))).toMatchObject({
        event: { kind, memberKey: MEMBER, atMs: AT },
        stated: { ruleId, version: 3, points: 7 },
      });
    },
  );

  it("are not those of a rule, whose event is kept, nor a multiplier's own lot", () => {
    expect(statedEvent(entryOf("welcome", 7, { sourceId: "event-1" }))).toBeNull();
    const tiers = JSON.stringify([{ ruleId: "tier", version: 0, points: 2 }]);
    expect(statedEvent(entryOf("", 0, { breakdown: tiers }))).toBeNull();
    expect(statedEvent(entryOf("", 0, { breakdown: "[]" }))).toBeNull();
  });

  it("cost what a multiplier of their kind adds, and nothing under one of another kind", () => {
    const past = faced(statedEvent(entryOf("check-in", 10)));
    const double = { benefit: { kind: "multiplier", percent: 250 } } as const;
    expect(costOf(past, [], inForce({ on: ["check_in"], ...double }))).toEqual({
      ...{ nowPoints: 10, draftPoints: 25, winners: 1, losers: 0 },
    });
    expect(costOf(past, inForce({ on: ["check_in"], ...double }), [])).toMatchObject({
      ...{ nowPoints: 25, draftPoints: 10, losers: 1 },
    });
    expect(costOf(past, [], inForce({ on: ["task"], ...double }))).toMatchObject({
      draftPoints: 10,
    });
  });

  it("are not multiplied by the tier, and count for the caps of the wallet", () => {
    const gold = new Map([[MEMBER, { facts: { ...PLAIN, tierPercent: 300 }, joinedAtMs: null }]]);
    const entry = statedEvent(entryOf("task-1", 10, { sourceId: "task-1" }));
    const past = withFaces(entry ? [entry] : [], [], gold);
    expect(costOf(past, [], [])).toMatchObject({ nowPoints: 10 });
    const walletCaps = [{ period: "day", pointsMax: 12, timesMax: null }] as const;
    const double = inForce({ on: ["task"], benefit: { kind: "multiplier", percent: 200 } });
    const { draftPoints } = dryRun(past, [], double, { ...PROGRAMME, walletCaps }, RATE);
    expect(draftPoints).toBe(12);
  });

  it("are judged by who the member was at the last kept event, else by who they are", () => {
    const kept = (atMs: number, tierId: string): PastTaskEvent => ({
      event: orderOf(100, { memberKey: MEMBER, atMs, eventId: tierId }),
      ...{ member: { ...PLAIN, tierId }, joinedAtMs: atMs },
    });
    const entry = statedEvent(entryOf("check-in", 5));
    const tierOf = (...past: PastTaskEvent[]): string | null | undefined =>
      withFaces(entry ? [entry] : [], past, TODAY)[0]?.member.tierId;
    expect(tierOf(kept(AT + 1, "later"))).toBeNull();
    expect(tierOf(kept(AT, "gold"), kept(AT + 1, "later"), kept(AT - 9, "silver"))).toBe("gold");
  });
});

describe("redemptions that no rule asked for", () => {
  const rowOf = (orderId: string, more: object = {}) => ({
    ...{ memberKey: MEMBER, orderId, saleId: "demo.tea~s1", state: "received" },
    ...{ cashFen: 1_000, atMs: AT, ...more },
  });
  const condition = { kind: "channel", in: ["redemption"] } as const;
  const four = inForce({ condition, benefit: { kind: "fixed", points: 4 } });

  it("cost what the first rule that asks for them would have given, without those that went back", () => {
    const past = faced(
      redemptionEvent(rowOf("o1")),
      redemptionEvent(rowOf("o2", { state: "cancelled" })),
      redemptionEvent(rowOf("o3", { state: "refunded", cashFen: 0 })),
    );
    expect(costOf(past, [], four)).toMatchObject({ nowPoints: 0, draftPoints: 4, winners: 1 });
    expect(costOf(past, [], inForce({}))).toMatchObject({ draftPoints: 0 });
  });

  it("are counted from the first of them", () => {
    const past = faced(
      redemptionEvent(rowOf("o2", { atMs: AT + 5 })),
      redemptionEvent(rowOf("o1")),
    );
    expect(past.map(({ event, member }) => [event.eventId, member.ordersBefore])).toEqual([
      ["o1", 0],
      ["o2", 1],
    ]);
  });

  it("are replayed once where they were kept as well", () => {
    const found = [redemptionEvent(rowOf("o1")), redemptionEvent(rowOf("o2"))];
    const kept = { event: orderOf(1, { eventId: "o1", memberKey: MEMBER }), member: PLAIN };
    const left = notKept(found, [{ ...kept, joinedAtMs: 0 }]);
    expect(left.map(({ event }) => event.eventId)).toEqual(["o2"]);
  });
});

describe("what went back", () => {
  const bought = (returnedFen: number): PastTaskEvent => ({
    ...{ event: orderOf(1_000, { memberKey: MEMBER }), member: PLAIN, joinedAtMs: 0 },
    returned: { returnedFen, basisFen: 1_000 },
  });

  it("earns nothing, in proportion, and frees the caps that it used", () => {
    expect(costOf([bought(1_000)], inForce({}), inForce({}))).toMatchObject({ nowPoints: 0 });
    expect(costOf([bought(250)], inForce({}), [])).toMatchObject({ nowPoints: 7, draftPoints: 0 });
    const caps = [{ period: "day", pointsMax: 10, timesMax: null }] as const;
    const second = { ...bought(0), event: orderOf(1_000, { eventId: "o2", memberKey: MEMBER }) };
    const capped = [{ rule: ruleOf({ caps }), version: 1 }];
    expect(costOf([bought(1_000), second], capped, [])).toMatchObject({ nowPoints: 10 });
  });

  it("moves no task, nor do points that are stated", () => {
    const task = taskOf({ target: 1, points: 9 });
    const paid = (past: PastTaskEvent): number =>
      taskDryRun([past], null, task, 0, RATE).draftPoints;
    expect(paid(bought(500))).toBe(9);
    expect(paid(bought(1_000))).toBe(0);
  });
});
