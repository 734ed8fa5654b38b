/** Sentences of a preview. */
import type { Period } from "../../kernel/calendar.ts";

export interface ExampleWords {
  readonly never: string;
  readonly lastDay: (day: string) => string;
  readonly afterReceipt: string;
  readonly spendableOn: (day: string) => string;
  readonly worth: (points: number, fen: number) => string;
  readonly checkedIn: (days: number, points: number) => string;
  readonly invited: (inviter: number, invitee: number, days: number) => string;
  readonly inviteCap: (points: number, period: Period) => string;
  readonly tier: (title: string, growth: number, earn: number, redeem: number) => string;
  readonly reminded: (lastDay: string, moments: readonly string[]) => string;
  readonly price: (list: number, tier: string | null, points: number) => string;
  readonly alone: (once: number, day: number) => string;
}

const PERIODS_ZH: Readonly<Record<Period, string>> = {
  day: "每天",
  week: "每周",
  month: "每月",
  quarter: "每季",
  half_year: "每半年",
  year: "每年",
  ever: "总共",
};
const PERIODS_EN: Readonly<Record<Period, string>> = {
  day: "a day",
  week: "a week",
  month: "a month",
  quarter: "a quarter",
  half_year: "half a year",
  year: "a year",
  ever: "in all",
};
const yuan = (fen: number): string => (fen / 100).toFixed(2);
const count = (figure: number): string => figure.toLocaleString("en-US");

export const WORDS: Readonly<Record<"zh-CN" | "en", ExampleWords>> = {
  "zh-CN": {
    never: "今天得的 100 分长期有效。",
    lastDay: (day) => `今天得的 100 分，${day} 是最后一天能用。`,
    afterReceipt: "确认收货后才能用，之前显示为待生效。",
    spendableOn: (day) => `今天得的积分 ${day} 起能用，之前显示为待生效。`,
    worth: (points, fen) => `${points} 分值 ¥${yuan(fen)}。`,
    checkedIn: (days, points) =>
      days === 1 ? `第一天签到得 ${points} 分。` : `连签 ${days} 天共得 ${points} 分。`,
    invited: (inviter, invitee, days) =>
      `好友在 ${days} 天内完成后，邀请人得 ${inviter} 分，好友得 ${invitee} 分；只分享不给分。`,
    inviteCap: (points, period) => `一位邀请人${PERIODS_ZH[period]}最多得 ${points} 分。`,
    tier: (title, growth, earn, redeem) =>
      `${title}：成长值 ${count(growth)} 起，得分 ×${earn / 100}，兑换价${redeem === 100 ? "不打折" : ` ${redeem / 10} 折`}。`,
    reminded: (lastDay, moments) => `${lastDay} 到期的积分，会在 ${moments.join("、")} 提醒。`,
    price: (list, tier, points) =>
      `原价 ${count(list)} 分的好礼，${tier === null ? "会员" : tier}今天 ${count(points)} 分。`,
    alone: (once, day) =>
      `一个人一次最多动 ${count(once)} 分，一天最多 ${count(day)} 分，再多要第二个人同意。`,
  },
  en: {
    never: "100 points earned today never expire.",
    lastDay: (day) => `100 points earned today can be used up to ${day}.`,
    afterReceipt: "They can be used once the order is received; until then they are pending.",
    spendableOn: (day) =>
      `Points earned today can be used from ${day}; until then they are pending.`,
    worth: (points, fen) => `${points} points are worth ¥${yuan(fen)}.`,
    checkedIn: (days, points) =>
      days === 1
        ? `The first day gives ${points} points.`
        : `${days} days in a row give ${points} points.`,
    invited: (inviter, invitee, days) =>
      `A friend who completes within ${days} days brings ${inviter} points to the inviter and gets ${invitee}; sharing itself earns nothing.`,
    inviteCap: (points, period) =>
      `One inviter earns ${points} points ${PERIODS_EN[period]} at most.`,
    tier: (title, growth, earn, redeem) =>
      `${title}: from ${count(growth)} growth, earns ×${earn / 100}, ${redeem === 100 ? "pays full prices" : `pays ${redeem}% of full prices`}.`,
    reminded: (lastDay, moments) =>
      `Points that can be used up to ${lastDay} are announced on ${moments.join(", ")}.`,
    price: (list, tier, points) =>
      `Goods at ${count(list)} points cost ${tier === null ? "members" : tier} ${count(points)} today.`,
    alone: (once, day) =>
      `One person moves ${count(once)} points at once and ${count(day)} a day at most; more needs a second person.`,
  },
};
