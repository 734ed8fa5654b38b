import { count } from "../ui/format.ts";

/** Why goods are shown to somebody: always a figure or an act of their own. */
export const suggestedZhCN = {
  expiring: "快到期的积分够兑",
  expiringWhy: (points: number, day: string) => `因为你有 ${count(points)} 积分 ${day}到期`,
  affordableWhy: (points: number) => `因为你有 ${count(points)} 积分可用`,
  because: "你可能还喜欢",
  becauseWhy: (title: string) => `因为你兑过「${title}」，这些是同一类，积分也够`,
};

export type SuggestedText = typeof suggestedZhCN;
