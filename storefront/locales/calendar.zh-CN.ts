import { count } from "../ui/format.ts";

/** Words of the calendar of sales that members see. */
export const calendarZhCN = {
  title: "秒杀日历",
  description: "正在抢、要开抢和刚结束的秒杀场",
  running: "正在抢",
  upcoming: "即将开抢",
  past: "刚结束",
  emptyTitle: "近期没有秒杀场",
  emptyBody: "有新的一场会出现在这里。先看看随时能兑的好礼。",
  toGoods: "看好礼",
  toAll: "看全部场次",
  opensIn: "距开抢",
  endsIn: "距结束",
  opensAt: (day: string, time: string) => `${day} ${time} 开抢`,
  openSince: (day: string, time: string) => `${day} ${time} 开抢`,
  until: (time: string) => `到 ${time}`,
  days: (days: number, hours: string) => `${days} 天 ${hours} 时`,
  left: (remaining: number) => `剩 ${count(remaining)} 件`,
  units: (units: number) => `共 ${count(units)} 件`,
  gone: "已兑完",
  over: "已结束",
  paused: "暂停中",
  redeemed: (units: number) => `兑出 ${count(units)} 件`,
  gap: (points: number) => `还差 ${count(points)} 积分`,
  limit: (units: number) => `每人限 ${count(units)} 件`,
  look: "去看看",
  book: "去预约",
  grab: "去抢",
};

export type CalendarText = typeof calendarZhCN;
