import { describe, expect, it } from "vitest";
import { pointsEn } from "../../locales/points.en.ts";
import { pointsZhCN } from "../../locales/points.zh-CN.ts";
import { problem } from "../../testing/fakes.ts";
import {
  checkInSample,
  ENTRIES,
  entrySample,
  invitesSample,
  NOW,
  pointsSample,
  quoteSample,
  tasksSample,
  tierSample,
  walletSample,
} from "../../testing/points-samples.ts";
import { wallOf } from "../../ui/format.ts";
import { blanksBefore, isGift, noonMs, stripOf } from "../check-in/check-in-model.ts";
import { ruleLines } from "../invites/invites-page.tsx";
import { pointsBack } from "../order/cancel-dialog.tsx";
import { tasksOf } from "../tasks/tasks-page.tsx";
import { everEarned, firstPendingMs, lapsingSoon, monthsOf } from "./expiry-model.ts";
import {
  byDay,
  filterSearch,
  isChained,
  isFiltered,
  NO_FILTER,
  redeemedOrder,
  ruleOf,
  titleOf,
} from "./ledger-model.ts";
import { waysOf } from "./more-ways.tsx";
import { refusalText } from "./refusal.tsx";

const DAY_MS = 86_400_000;

describe("when points lapse", () => {
  const wallet = walletSample();

  it("sums to what the member has", () => {
    const sum = wallet.calendar.reduce((all, { points }) => all + points, 0);
    expect(sum).toBe(wallet.active + wallet.pending);
  });

  it("adds up, with what was used and went, to all that was ever gained", () => {
    expect(everEarned(wallet.balance)).toBe(4_860 + 320 + 900 + 2_655 + 75);
    expect(everEarned({ ...wallet.balance, active: 0, deficit: 40 })).toBe(320 + 900 + 2_655 + 35);
  });

  it("is drawn for twelve months over the turn of the year", () => {
    const months = monthsOf(wallet.calendar, NOW);
    expect(months).toHaveLength(12);
    expect([months[0], months[3]]).toMatchObject([
      { year: 2025, month: 10, points: 0 },
      { year: 2026, month: 1, points: 0 },
    ]);
    // What is gone at midnight was there until the end of the month before.
    expect(months.filter(({ points }) => points > 0).map(({ month }) => month)).toEqual([
      11, 12, 3, 6,
    ]);
  });

  it("is soon within fifteen days, for points that can be used", () => {
    expect(lapsingSoon(wallet.lots, NOW)).toMatchObject({ points: 860 });
    const [lot] = wallet.lots;
    if (lot === undefined) throw new Error("a lot");
    const end = lot.expiresAtMs ?? 0;
    expect(lapsingSoon([lot], end - 17 * DAY_MS).points).toBe(0);
    expect(lapsingSoon([lot], end - 16 * DAY_MS).points).toBe(860);
    expect(lapsingSoon([lot], end)).toEqual({ points: 0, firstAtMs: null });
    expect(lapsingSoon([{ ...lot, pendingUntilMs: NOW + 1 }], NOW).points).toBe(0);
    expect(firstPendingMs(wallet.lots, NOW)).toBe(Date.parse("2025-10-31T00:00:00+08:00"));
    expect(firstPendingMs([], NOW)).toBeNull();
  });
});

describe("the ledger", () => {
  it("names an entry by its kind and reason, and the rule that gave it", () => {
    const [hold, , shop, , lapse] = ENTRIES;
    if (!hold || !shop || !lapse) throw new Error("entries");
    expect(titleOf(hold, pointsZhCN)).toBe("占用：云山白随行保温杯");
    expect(titleOf(lapse, pointsZhCN)).toBe("到期");
    expect(titleOf({ ...shop, type: "of_tomorrow" }, pointsZhCN)).toBe("镇海路店");
    expect(ruleOf(shop, pointsZhCN)).toBe("每消费 1 元得 1 积分等 2 条规则");
    expect(ruleOf(hold, pointsZhCN)).toBe("");
    // Notes that the programme writes by itself are codes.
    const checked = entrySample({ seq: 1, type: "earn_action", reason: "check_in" });
    const part = { kind: "check_in", id: "check-in", name: "check-in", version: 1, points: 5 };
    const given = { ...checked, breakdown: [{ ...part, kind: "check_in" as const }] };
    expect(ruleOf(given, pointsEn)).toBe("Check-in");
  });

  it("leads to an order only where it is one of this shop", () => {
    const [hold] = ENTRIES;
    if (!hold) throw new Error("an entry");
    expect(redeemedOrder(hold)).toBe(hold.orderId);
    expect(redeemedOrder({ ...hold, type: "earn_order" })).toBeNull();
  });

  it("is cut by programme days", () => {
    const late = entrySample({ seq: 2, occurredAtMs: Date.parse("2025-10-24T16:30:00Z") });
    const early = entrySample({ seq: 1, occurredAtMs: Date.parse("2025-10-24T15:30:00Z") });
    expect(byDay([late, early]).map((day) => day.length)).toEqual([1, 1]);
    expect(byDay(ENTRIES).map((day) => day.length)).toEqual([1, 1, 1, 2]);
  });

  it("sees a link of the chain that does not match", () => {
    expect(isChained(ENTRIES)).toBe(true);
    expect(
      isChained(ENTRIES.map((entry) => ({ ...entry, hash: `0${entry.hash.slice(1)}x` }))),
    ).toBe(false);
    expect(isChained(ENTRIES.filter(({ seq }) => seq !== 126))).toBe(false);
    expect(isChained(ENTRIES.slice(0, 1))).toBeNull();
  });

  it("carries its filter in the address", () => {
    expect(filterSearch(NO_FILTER)).toBe("");
    expect(filterSearch({ direction: "in", type: "earn_order", days: 30 })).toBe(
      "?direction=in&type=earn_order&days=30",
    );
    expect(isFiltered(NO_FILTER)).toBe(false);
    expect(isFiltered({ ...NO_FILTER, days: 30 })).toBe(true);
  });
});

describe("check-in", () => {
  const view = checkInSample();
  const stripFor = (day: string): string[] =>
    stripOf({ ...view, day }).map((one) => one.day.slice(-2));

  it("shows the week around today, and a weekly cycle whole", () => {
    expect(stripFor("2025-10-25")).toEqual(["21", "22", "23", "24", "25", "26", "27"]);
    expect(stripFor("2025-10-01")).toEqual(["01", "02", "03", "04", "05", "06", "07"]);
    expect(stripFor("2025-10-31")).toEqual(["25", "26", "27", "28", "29", "30", "31"]);
    const week = view.cycle.days.slice(0, 7);
    expect(stripOf({ ...view, cycle: { kind: "weekly", days: week } })).toBe(week);
  });

  it("marks the days that pay more, and sets the 1st under its weekday", () => {
    expect(view.cycle.days.filter((day) => isGift(day, view)).map(({ day }) => day)).toEqual([
      "2025-10-27",
    ]);
    // 1 October 2025 is a Wednesday.
    expect(blanksBefore(view.cycle.days, (ms) => wallOf(ms).weekday)).toBe(2);
    expect(blanksBefore([], () => 0)).toBe(0);
    expect(wallOf(noonMs("2025-10-25")).day).toBe(25);
  });
});

describe("what gives more", () => {
  it("lists only what the programme has, and where the member stands", () => {
    expect(waysOf(pointsSample(), pointsZhCN).map(({ name, sub }) => `${name} ${sub}`)).toEqual([
      "做任务 1 个可以领",
      "邀请好友 每位得 100 积分",
      "金叶会员 差 1,320 成长值到墨叶会员",
      "输码领积分 小票上的码",
    ]);
    expect(
      waysOf({ tasks: null, invites: null, tier: null, storedFen: null }, pointsZhCN).map(
        ({ href }) => href,
      ),
    ).toEqual(["/points/code"]);
    const done = {
      tasks: { tasks: [], birthday: null },
      invites: null,
      tier: tierSample({ next: null }),
      storedFen: null,
      hasTillCodes: false,
    };
    expect(waysOf(done, pointsEn).map(({ sub }) => sub)).toEqual([
      "All done",
      "Highest tier",
      "from a receipt",
    ]);
    const asked = { ...done, tasks: { tasks: [], birthday: { told: null, points: 88 } } };
    expect(waysOf(asked, pointsEn)[0]?.sub).toBe("1 in progress");
  });

  it("puts tasks that can be claimed first", () => {
    const [first, second] = tasksSample().tasks;
    if (!first || !second) throw new Error("tasks");
    const mixed = [second, first, { ...first, taskId: "c", state: "claimable" as const }];
    expect(tasksOf(mixed, "newcomer").map(({ state }) => state)).toEqual([
      "claimable",
      "open",
      "claimed",
    ]);
  });

  it("says among the rules of invites that sharing pays nothing", () => {
    const lines = ruleLines(invitesSample(), pointsZhCN);
    expect(lines).toContain("分享、转发本身不得积分");
    expect(lines).toEqual([
      "好友完成第一笔消费后，双方到账",
      "这一笔须满 ¥10",
      "好友接受邀请后 30 天内完成才算",
      "分享、转发本身不得积分",
      "好友须是新会员，一人只能被邀请一次",
      "每月最多奖励你 10 位",
      "同一设备、网络、支付账户、地址视为本人：不予奖励，或由店员核实后再定",
    ]);
    const { rules } = invitesSample();
    const cap = { period: "ever", timesMax: 3 } as const;
    const open = invitesSample({
      rules: { ...rules, cap, act: "of_tomorrow", amountFenMin: 0, guarded: ["device"] },
    });
    expect(ruleLines(open, pointsZhCN)[0]).toBe(pointsZhCN.invites.actOther);
    expect(ruleLines(open, pointsZhCN)).toHaveLength(6);
    expect(ruleLines(open, pointsZhCN)).toContain("总共最多奖励你 3 位");
    expect(ruleLines(open, pointsZhCN).at(-1)).toContain("同一设备视为本人");
  });
});

describe("refusals and quotes", () => {
  it("count what comes back, without what is forfeited", () => {
    expect(pointsBack(quoteSample())).toBe(860);
  });

  it.each([
    [problem("network", 0), "网络没有回音"],
    [problem("timeout", 0), "网络没有回音"],
    [problem("unauthenticated", 401), "登录已过期"],
    [problem("overloaded", 503), "人有点多"],
    [problem("fault", 500, { reference: "r-9" }), "问题编号 r-9"],
    [problem("conflict", 409, { reason: "no_card" }), "补签卡用完了"],
    [problem("not_eligible", 403, { reason: "of_tomorrow" }), "没有成功，积分没有变"],
    [problem("not_found", 404), "已经下架"],
    [problem("idempotency_mismatch", 422), "没有重复入账"],
  ])("say what happened and that nothing is lost: %#", (answer, text) => {
    if (answer.ok) throw new Error("a refusal");
    expect(refusalText(answer.problem, pointsZhCN)).toContain(text);
    expect(refusalText(answer.problem, pointsEn)).not.toMatch(/[\u4e00-\u9fff]/);
  });
});
