import { bilingual, plural } from "../kit/words.ts";

export const REMINDERS = bilingual(
  {
    title: "提醒记录",
    note: "积分到期前的提醒，最近 100 条",
    empty: "还没有提醒过",
    emptyHelp: "积分快到期、规则里开了提醒时，会记在这里。",
    optedOut: "会员关闭了提醒，所有渠道都不再发。",
    when: "时间",
    channel: "渠道",
    state: "结果",
    points: "到期积分",
    expires: "最后一天",
    channels: { in_app: "商城内", sms: "短信", wechat: "微信" },
    states: { waiting: "等待发送", sent: "已发出", failed: "发送失败" },
    tries: (n: number) => `试了 ${n} 次`,
  },
  {
    title: "Reminders",
    note: "Before points expire; the newest 100",
    empty: "No reminder went out yet",
    emptyHelp: "They are listed here once points are about to expire and reminders are on.",
    optedOut: "The member turned reminders off, in every channel.",
    when: "Time",
    channel: "Channel",
    state: "Outcome",
    points: "Lapsing points",
    expires: "Last day",
    channels: { in_app: "In the mall", sms: "Text message", wechat: "WeChat" },
    states: { waiting: "Waiting", sent: "Sent", failed: "Failed" },
    tries: (n: number) => `tried ${plural(n, "time")}`,
  },
);
