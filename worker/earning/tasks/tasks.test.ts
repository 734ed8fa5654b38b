import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chinaMs, CHINA_MS, orderOf, PLAIN } from "../../testing/points/earning.ts";
import {
  advanceTask,
  claimTask,
  parseTaskTerms,
  taskPeriod,
  undoTask,
  type TaskProgress,
  type TaskTerms,
} from "./index.ts";

const DAY = 86_400_000;
const JOINED = chinaMs("2026-06-01T09:00");
const MEMBER = { ...PLAIN, joinedAtMs: JOINED };
const DAILY: TaskTerms = {
  taskId: "two-orders",
  version: 1,
  title: "Two orders a day",
  kind: "daily",
  on: "order",
  condition: { kind: "order_amount", minFen: 1_000, maxFen: null },
  target: 2,
  period: "day",
  points: 20,
  growth: 3,
  claim: "auto",
  newcomerDays: null,
  startsAtMs: null,
  endsAtMs: null,
};
const event = (eventId: string, atMs: number, amountFen = 1_000) =>
  orderOf(amountFen, { eventId, atMs });

describe("a task whose event goes back", () => {
  const done = (ids: readonly string[], from: TaskProgress | null = null): TaskProgress => {
    let progress = from;
    for (const id of ids) {
      const outcome = advanceTask(progress, DAILY, event(id, JOINED), MEMBER, CHINA_MS);
      if (outcome.kind === "moved") ({ progress } = outcome);
    }
    if (!progress) throw new Error("expected progress");
    return progress;
  };

  it("is open again, and what was paid for it is named by its key", () => {
    const paid = done(["a", "b"]);
    const day = taskPeriod(DAILY, JOINED, CHINA_MS);
    expect(undoTask(paid, "c")).toEqual({ kind: "unmoved" });
    expect(undoTask(null, "a")).toEqual({ kind: "unmoved" });
    const undone = undoTask(paid, "a");
    expect(undone).toMatchObject({
      progress: { counted: ["b"], completedAtMs: null, claimedAtMs: null, undone: 1 },
      paidKey: `task:two-orders:${day}`,
    });
    if (undone.kind !== "moved") return;
    expect(undoTask(undone.progress, "a")).toEqual({ kind: "unmoved" });
    // Done again it is paid again, under a key of its own.
    const again = advanceTask(undone.progress, DAILY, event("c", JOINED), MEMBER, CHINA_MS);
    expect(again).toMatchObject({ award: { naturalKey: `task:two-orders:${day}:again-1` } });
    const twice = undoTask(again.kind === "moved" ? again.progress : null, "c");
    expect(twice).toMatchObject({ paidKey: `task:two-orders:${day}:again-1` });
  });

  it("takes nothing back where nothing was paid yet", () => {
    const begun = undoTask(done(["a"]), "a");
    expect(begun).toMatchObject({ progress: { counted: [] }, paidKey: null });
    const waits = { ...done(["a", "b"]), claimedAtMs: null };
    expect(undoTask(waits, "b")).toMatchObject({
      progress: { counted: ["a"], completedAtMs: null },
      paidKey: null,
    });
  });
});

describe("a task", () => {
  it("counts its events, pays once, and begins anew in the next period", () => {
    const first = advanceTask(null, DAILY, event("a", JOINED), MEMBER, CHINA_MS);
    if (first.kind !== "moved") throw new Error("expected progress");
    expect(first).toMatchObject({ progress: { counted: ["a"], completedAtMs: null }, award: null });
    const again = advanceTask(first.progress, DAILY, event("a", JOINED + 1), MEMBER, CHINA_MS);
    expect(again.kind).toBe("unmoved");
    const small = advanceTask(first.progress, DAILY, event("b", JOINED, 999), MEMBER, CHINA_MS);
    expect(small.kind).toBe("unmoved");
    const second = advanceTask(first.progress, DAILY, event("b", JOINED), MEMBER, CHINA_MS);
    const day = taskPeriod(DAILY, JOINED, CHINA_MS);
    expect(second).toMatchObject({
      award: { naturalKey: `task:two-orders:${day}`, points: 20, growth: 3 },
    });
    if (second.kind !== "moved") return;
    expect(advanceTask(second.progress, DAILY, event("c", JOINED), MEMBER, CHINA_MS).kind).toBe(
      "unmoved",
    );
    expect(taskPeriod(DAILY, JOINED + DAY, CHINA_MS)).toBe(day + 1);
  });

  it("waits for the member's tap where it should, and pays one tap", () => {
    const terms: TaskTerms = { ...DAILY, claim: "by_member", target: 1 };
    expect(claimTask(null, terms, JOINED)).toMatchObject({
      kind: "refused",
      refusal: { code: "not_eligible", figures: { reason: "not_completed", done: 0 } },
    });
    const done = advanceTask(null, terms, event("a", JOINED), MEMBER, CHINA_MS);
    if (done.kind !== "moved") throw new Error("expected progress");
    expect(done.award).toBeNull();
    const claimed = claimTask(done.progress, terms, JOINED + 5);
    expect(claimed).toMatchObject({ award: { points: 20 }, progress: { claimedAtMs: JOINED + 5 } });
    if (claimed.kind !== "moved") return;
    expect(claimTask(claimed.progress, terms, JOINED + 6)).toEqual({ kind: "unmoved" });
  });

  it("counts redemptions only where it names them", () => {
    const redeemed = orderOf(1_000, { atMs: JOINED, channel: "redemption" });
    const kind = (condition: TaskTerms["condition"]) =>
      advanceTask(null, { ...DAILY, condition }, redeemed, MEMBER, CHINA_MS).kind;
    expect(kind(null)).toBe("unmoved");
    expect(kind({ kind: "channel", in: ["redemption"] })).toBe("moved");
  });

  it("for newcomers ends with their days", () => {
    const terms: TaskTerms = {
      ...DAILY,
      kind: "newcomer",
      period: "ever",
      newcomerDays: 7,
      target: 1,
    };
    const at = (atMs: number) => advanceTask(null, terms, event("a", atMs), MEMBER, CHINA_MS).kind;
    expect([at(JOINED + 7 * DAY - 1), at(JOINED + 7 * DAY)]).toEqual(["moved", "unmoved"]);
  });

  it("pays one natural key a period, whatever comes in whatever order", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ id: fc.nat(8), day: fc.nat(4) }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 4 }),
        (events, target) => {
          const terms = { ...DAILY, target };
          const rows = new Map<number, TaskProgress>();
          const keys: string[] = [];
          for (const { id, day } of events) {
            const atMs = JOINED + day * DAY;
            const period = taskPeriod(terms, atMs, CHINA_MS);
            const happened = event(`${day}-${id}`, atMs);
            const row = rows.get(period) ?? null;
            const outcome = advanceTask(row, terms, happened, MEMBER, CHINA_MS);
            if (outcome.kind !== "moved") continue;
            rows.set(period, outcome.progress);
            if (outcome.award) keys.push(outcome.award.naturalKey);
          }
          expect(new Set(keys).size).toBe(keys.length);
          for (const row of rows.values()) {
            expect(row.counted.length).toBeLessThanOrEqual(target);
            expect(row.completedAtMs !== null).toBe(row.counted.length === target);
          }
        },
      ),
    );
  });

  it.each([
    ["target", { target: 0 }],
    ["target", { target: 1.5 }],
    ["points", { points: -1 }],
    ["points", { points: 0, growth: 0 }],
    ["newcomerDays", { kind: "newcomer", period: "ever" }],
    ["period", { kind: "newcomer", newcomerDays: 7 }],
    ["period", { period: "week" }],
    ["on", { on: "share" }],
    ["endsAtMs", { startsAtMs: 9, endsAtMs: 9 }],
    ["condition", { on: "check_in" }],
    ["target", { on: "check_in", condition: null, target: 2 }],
    ["target", { on: "registration", condition: null, kind: "custom", period: "ever", target: 2 }],
    ["target", { on: "birthday", condition: null, kind: "custom", period: "year", target: 2 }],
    ["condition.minFen", { condition: { kind: "order_amount", minFen: -4, maxFen: null } }],
  ])("names %s in bad terms: %j", (field, change) => {
    expect(parseTaskTerms(DAILY).kind).toBe("ok");
    const result = parseTaskTerms({ ...DAILY, ...change });
    expect(result.kind === "invalid" && result.problems.map((one) => one.field)).toContain(field);
  });
});
