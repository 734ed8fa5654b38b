import { count } from "../ui/format.ts";
import type { SuggestedText } from "./suggested.zh-CN.ts";

export const suggestedEn: SuggestedText = {
  expiring: "Within your expiring points",
  expiringWhy: (points, day) => `Because ${count(points)} of your points expire on ${day}`,
  affordableWhy: (points) => `Because you have ${count(points)} points to use`,
  because: "You may also like",
  becauseWhy: (title) => `Because you redeemed “${title}”: the same kind, and within your points`,
};
