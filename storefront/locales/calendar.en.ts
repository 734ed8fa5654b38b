import { count } from "../ui/format.ts";
import type { CalendarText } from "./calendar.zh-CN.ts";

export const calendarEn: CalendarText = {
  title: "Sale calendar",
  description: "Sales that run, come, or have just ended",
  running: "Open now",
  upcoming: "Coming up",
  past: "Just ended",
  emptyTitle: "No sales these days",
  emptyBody: "New ones appear here. Some goods can be redeemed at any time.",
  toGoods: "See the goods",
  toAll: "All sales",
  opensIn: "Opens in",
  endsIn: "Ends in",
  opensAt: (day, time) => `Opens ${day} ${time}`,
  until: (time) => `until ${time}`,
  days: (days, hours) => `${days} d ${hours} h`,
  left: (remaining) => `${count(remaining)} left`,
  units: (units) => `${count(units)} units`,
  gone: "Sold out",
  over: "Ended",
  paused: "Paused",
  redeemed: (units) => `${count(units)} redeemed`,
  limit: (units) => `Limit ${count(units)} each`,
  look: "Have a look",
  book: "Book",
  grab: "Redeem",
};
