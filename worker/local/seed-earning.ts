/** How the demo merchant's members earn: terms, rules, tasks and tiers, and a little that has happened already. */
import { DAY_MS } from "../kernel/clock.ts";

/** What the demo asks of the API. */
export interface SeedClient {
  put<T>(path: string, body: unknown): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<T>;
}

const EARNING = "/api/v1/staff/earning";
const HOUR_MS = 3_600_000;

const TERMS: Readonly<Record<string, unknown>> = {
  earn: {
    zoneOffsetMs: 8 * HOUR_MS,
    rounding: "floor",
    walletCaps: [{ period: "day", pointsMax: 3_000, timesMax: null }],
    expiry: { kind: "after", amount: 12, unit: "months", rounding: { kind: "month_end" } },
    pending: { kind: "none" },
  },
  refund: { kind: "grace", days: 30 },
  clawback: { policy: "within_balance" },
  approval: { pointsFrom: 5_000, alonePerDayMax: 20_000 },
  rate: { rate: { points: 100, fen: 100 }, pointsMin: 100, percentMax: 50, pointsMax: null },
  growth: { perAmount: { growth: 1, perFen: 100 }, registration: 10, checkIn: 1 },
  check_in: {
    cycle: "weekly",
    dailyPoints: 5,
    streak: [
      { days: 3, points: 10 },
      { days: 7, points: 50 },
    ],
    cumulative: [],
    combine: "plus",
    afterLast: "restart",
    makeUpDaysMax: 3,
    makeUpPays: true,
  },
  invites: {
    inviterPoints: 100,
    inviteePoints: 50,
    act: "order",
    amountFenMin: 1_000,
    days: 30,
    cap: { period: "month", timesMax: 10 },
    guard: { device: "refuse", network: "review", payment: "refuse", address: "review" },
  },
  tiers: {
    tiers: [
      tier("leaf", "叶友", 0, { earnPercent: 100, checkInBonus: 0, giftPoints: 0 }),
      tier("bud", "芽友", 300, {
        redeemPercent: 98,
        earnPercent: 110,
        checkInBonus: 1,
        giftPoints: 50,
      }),
      tier("spring", "春友", 1_000, {
        redeemPercent: 95,
        earnPercent: 125,
        checkInBonus: 2,
        giftPoints: 150,
      }),
      tier("ancient", "古树友", 3_000, {
        redeemPercent: 90,
        earnPercent: 150,
        checkInBonus: 5,
        giftPoints: 500,
      }),
    ],
    window: { kind: "rolling_months", months: 12 },
    expiry: { kind: "tier_start_date", months: 12 },
    roundTo: "month",
    downgrade: "one_down",
    graceDays: 30,
    onReversal: "at_once",
  },
  offset: { tills: true, mall: true, isStackable: true, holdMinutes: 15 },
  stored_value: {
    ...{ isOn: true, choicesFen: [5_000, 10_000, 20_000, 50_000] },
    ...{ topUpMinFen: 100, topUpMaxFen: 100_000, balanceMaxFen: 500_000 },
  },
  discounts: {
    ...{ standing: true, flash: false },
    discounts: [
      {
        ...{ discountId: "member-day", title: "会员日 8 折", percent: 80, priority: 0 },
        ...{ startsAtMs: null, endsAtMs: null, isStackable: true },
        condition: { kind: "day_of_month", days: [8, 18, 28] },
      },
    ],
  },
  reminders: {
    ladderDays: [15, 7, 1],
    sendMinute: 600,
    quiet: { fromMinute: 1_320, toMinute: 540 },
    pointsMin: 10,
  },
};

function tier(
  tierId: string,
  title: string,
  growthMin: number,
  more: { redeemPercent?: number; earnPercent: number; checkInBonus: number; giftPoints: number },
) {
  const benefits = { redeemPercent: 100, hasExclusivePool: false, ...more };
  return { tierId, title, growthMin, benefits };
}

const RULE = {
  on: ["order", "write_off"],
  startsAtMs: null,
  endsAtMs: null,
  condition: null,
  scope: null,
  priority: 0,
  isStackable: true,
  caps: [],
  expiry: null,
  pending: null,
};

const RULES = [
  {
    ...RULE,
    ...{ ruleId: "spend", title: "消费得分" },
    benefit: { kind: "per_amount", points: 1, perFen: 100, counting: "whole_steps" },
  },
  {
    ...RULE,
    ...{ ruleId: "first-order", title: "首单礼", on: ["order"] },
    benefit: { kind: "fixed", points: 66 },
    condition: { kind: "nth_order", from: 1, to: 1 },
    caps: [{ period: "ever", pointsMax: null, timesMax: 1 }],
  },
  {
    ...RULE,
    ...{ ruleId: "member-day", title: "会员日双倍", priority: 10 },
    benefit: { kind: "multiplier", percent: 200 },
    condition: { kind: "day_of_month", days: [8, 18, 28] },
    caps: [{ period: "day", pointsMax: 500, timesMax: null }],
  },
  {
    ...RULE,
    ...{ ruleId: "birthday", title: "生日礼", on: ["birthday"] },
    benefit: { kind: "fixed", points: 88 },
  },
  {
    ...RULE,
    ...{ ruleId: "register", title: "新会员礼", on: ["registration"] },
    benefit: { kind: "fixed", points: 100 },
    caps: [{ period: "ever", pointsMax: null, timesMax: 1 }],
  },
];

const TASK = {
  condition: null,
  growth: 0,
  claim: "by_member",
  newcomerDays: null,
  startsAtMs: null,
  endsAtMs: null,
};

const TASKS = [
  {
    ...TASK,
    ...{ taskId: "first-cup", title: "第一杯茶", detail: "入会 30 天内下第一单", link: "/" },
    ...{ kind: "newcomer", on: "order", target: 1, period: "ever", points: 60, newcomerDays: 30 },
  },
  {
    ...TASK,
    ...{ taskId: "daily-tea", title: "今天喝茶", detail: "当天任意一单", link: "/" },
    ...{ kind: "daily", on: "order", target: 1, period: "day", points: 10 },
  },
  {
    ...TASK,
    ...{ taskId: "regular", title: "本月常客", detail: "一个月内三单", link: "/" },
    ...{ kind: "custom", on: "order", target: 3, period: "month", points: 120, growth: 20 },
  },
  {
    ...TASK,
    ...{ taskId: "week-of-taps", title: "签到一周", detail: "本周签到满五天" },
    ...{ kind: "custom", on: "check_in", target: 5, period: "week", points: 20 },
    link: "/points/check-in",
  },
];

/** Terms in force, rules published, and orders of the last days for some members. */
export async function seedEarning(
  staff: SeedClient,
  members: readonly string[],
  nowMs: number,
): Promise<void> {
  for (const [kind, body] of Object.entries(TERMS)) {
    await staff.put(`${EARNING}/terms/${kind}`, body);
  }
  for (const rule of RULES) await publish(staff, "rules", rule.ruleId, rule);
  for (const task of TASKS) await publish(staff, "tasks", task.taskId, task);
  await staff.post(`${EARNING}/till-codes`, {
    ...{ requestId: "demo-till-code-0001", via: "qr", points: 20 },
    ...{ usesMax: 500, usesPerMemberMax: 1, storeId: "jetty" },
    ...{ startsAtMs: nowMs - DAY_MS, expiresAtMs: nowMs + 90 * DAY_MS },
  });
  for (const [at, memberId] of members.entries()) await seedLife(staff, memberId, at);
}

async function publish(
  staff: SeedClient,
  shelf: "rules" | "tasks",
  id: string,
  body: object,
): Promise<void> {
  await staff.post(`${EARNING}/${shelf}`, body);
  await staff.post(`${EARNING}/${shelf}/${id}/dry-run`);
  await staff.post(`${EARNING}/${shelf}/${id}/publish`);
}

/** Which of them bought a membership. */
const BUYER = 5;

/** A registration, orders, a return now and then, a few cards for missed check-ins, and one membership that was bought. */
async function seedLife(staff: SeedClient, memberId: string, at: number): Promise<void> {
  const report = async (eventId: string, more: object): Promise<void> => {
    // Rules hold from their publication on, so all of it happens now.
    const event = { eventId, memberId, atMs: Date.now(), ...more };
    await staff.post(`${EARNING}/events`, event);
  };
  const birthday = { month: 1 + (at % 12), day: 1 + (at % 28) };
  await report(`seed-reg-${memberId}`, { kind: "registration", birthday });
  for (let number = 0; number <= at % 3; number += 1) {
    const amountFen = 1_800 + ((at * 37 + number * 53) % 60) * 500;
    const lines = [{ productId: "tea", categoryIds: ["tea"], amountFen }];
    await report(`seed-order-${memberId}-${number}`, { kind: "order", lines, channel: "shop" });
  }
  if (at % 5 === 2) {
    const body = { memberId, returnId: "seed", amountFen: 900 };
    await staff.post(`${EARNING}/events/seed-order-${memberId}-0/returns`, body);
  }
  const cards = { requestId: `seed-cards-${memberId}-01`, cards: 2 };
  await staff.post(`/api/v1/staff/members/${memberId}/make-up-cards`, cards);
  if (at !== BUYER) return;
  const paid = { kind: "money", amountFen: 19_900, method: "wechat" };
  const membership = {
    requestId: `seed-member-${memberId}-01`,
    tierId: "spring",
    months: 12,
    paid,
  };
  await staff.post(`/api/v1/staff/members/${memberId}/membership`, membership);
}
