const day = (month: number, at: number): string => `${month} 月 ${at} 日`;

export const birthdayZhCN = {
  title: "生日礼",
  gives: (points: number) =>
    points > 0
      ? `告诉我们你的生日，当天送 ${points.toLocaleString("zh-CN")} 积分。`
      : "告诉我们你的生日，到时有积分优惠。",
  once: "只要月和日。保存后自己不能改，填错了找客服。生日当天才填，从明年起算。",
  month: "月",
  day: "日",
  months: (month: number) => `${month} 月`,
  days: (at: number) => `${at} 日`,
  save: "保存生日",
  saving: "保存中",
  saved: (month: number, at: number) => `生日已保存：${day(month, at)}`,
  known: (month: number, at: number, points: number) =>
    points > 0
      ? `你的生日是 ${day(month, at)}，当天送 ${points.toLocaleString("zh-CN")} 积分。`
      : `你的生日是 ${day(month, at)}，到时有积分优惠。`,
  incomplete: "请选好月和日。",
  told: "生日已经填过，要改请找客服。",
};

export type BirthdayText = typeof birthdayZhCN;
