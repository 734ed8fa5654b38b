import type { GrabLabel, GrabSub } from "../member/sale/grab-state.ts";
import type { Announcement, Message } from "../member/sale/sale-model.ts";
import { count, dateName, dayName, timeHm, yuan } from "../ui/format.ts";

/** A sentence per key of a union, each with that member's own figures. */
export type Sentences<U extends { key: string }> = {
  [K in U["key"]]: (figures: Extract<U, { key: K }>) => string;
};
export interface ToastText {
  title: string;
  body: string;
}
type Toasts = { [K in Message["key"]]: (figures: Extract<Message, { key: K }>) => ToastText };

const L = "zh-CN";
const price = (points: number, cashFen: number): string =>
  `${count(points)} 积分${cashFen > 0 ? ` + ${yuan(cashFen)}` : ""}`;

const grabLabel: Sentences<GrabLabel> = {
  loading: () => "加载中",
  login: () => "登录后抢",
  book: ({ points }) => `预约，占用 ${count(points)} 积分`,
  rebook: () => "重新预约",
  booking: () => "预约中",
  exchanging: () => "换门票中",
  forgoing: () => "取消中",
  booked: () => "已预约",
  ready: () => "准备",
  grab: () => "抢",
  redeem: () => "立即兑换",
  sending: () => "提交中",
  queued: () => "排队中",
  inDoubt: () => "核对结果中",
  seeOrder: () => "查看订单",
  pay: ({ fen }) => `去支付 ${yuan(fen)}`,
  seeOrders: () => "查看我的订单",
  seeGoods: () => "看看其他好礼",
  waitWave: () => "等待返场",
  points: () => "去赚积分",
  paused: () => "等待恢复",
};

const grabSub: Sentences<GrabSub> = {
  loading: () => "读取场次",
  price: ({ points, cashFen }) => price(points, cashFen),
  opensAt: ({ opensAtMs, nowMs }) =>
    `${dayName(L, opensAtMs, nowMs)} ${timeHm(opensAtMs)} 开抢 · 可随时取消`,
  becomesGrab: ({ atMs, nowMs }) => {
    const day = dayName(L, atMs, nowMs);
    return `${day === "今天" ? "" : `${day} `}${timeHm(atMs)} 自动变成「抢」`;
  },
  inSeconds: ({ seconds }) => `${seconds} 秒后可点`,
  keepPage: () => "马上就好",
  about: ({ seconds }) => `约 ${seconds} 秒，请别关页面`,
  waited: ({ seconds }) => (seconds < 1 ? "等待回音" : `已等 ${seconds} 秒`),
  asking: ({ times }) => (times < 1 ? "每 2 秒问一次" : `每 2 秒问一次 · 第 ${times} 次`),
  posted: ({ points, cashFen }) =>
    `已扣 ${count(points)} 积分${cashFen > 0 ? ` · ${yuan(cashFen)} 收货时付` : ""}`,
  payBy: ({ atMs }) => `抢到了，${atMs === null ? "" : `${timeHm(atMs)} 前`}付款有效`,
  mayReturn: () => "有退回会在本页返场",
  shortOf: ({ gap }) => (gap === null ? "积分不足" : `还差 ${count(gap)} 积分`),
  limit: ({ used, limit }) => `已达限购 ${used} / ${limit}`,
  rule: ({ rule }) => (rule === "blocked" ? "你的账号被停用了" : "这一场有会员条件"),
  over: () => "本场已结束",
  resumes: () => "恢复后自动可用，不用刷新",
  loginFirst: () => "登录后回到这里",
};

const toast: Toasts = {
  notOpen: ({ earlyMs }) => ({
    title: earlyMs === null ? "还没开始" : `还没开始，早了 ${count(earlyMs)} 毫秒`,
    body: "门票还在，不占用次数。",
  }),
  exchanged: ({ open }) => ({
    title: "下一轮，已为你换好门票",
    body: open ? "现在就可以点「抢」。" : "开抢时按钮会自动变成「抢」。",
  }),
  forgone: ({ points }) => ({
    title: `已取消预约，${count(points)} 积分退回原批次`,
    body: "到期日不变。",
  }),
  queueTimedOut: ({ held }) => ({
    title: "排队超时，没有扣积分",
    body: held ? "门票还在，可以再试一次。" : "可以再试一次。",
  }),
  offline: ({ held }) => ({
    title: "网络断开",
    body: held ? "门票还在，连上后自动就位。" : "连上后自动就位。",
  }),
  noAnswer: () => ({ title: "网络没有回音", body: "单号已保存，再点一次不会重复占用。" }),
  priceChanged: ({ points }) => ({
    title: points === null ? "价格变了" : `现在需要 ${count(points)} 积分`,
    body: "没有扣积分，同意就再点一次。",
  }),
  mismatch: () => ({ title: "这个单号已用于另一份兑换", body: "没有新扣积分。" }),
  fault: ({ requestId, held }) => ({
    title: "我们这边出错了",
    body: `${held ? "门票和积分都在。" : "没有扣积分。"}${requestId === "" ? "" : `问题编号 ${requestId}。`}`,
  }),
  copied: ({ text }) => ({ title: "已复制", body: text }),
  extended: ({ closesAtMs }) => ({
    title: `本场延长到 ${timeHm(closesAtMs)}`,
    body: "价格和限购不变。",
  }),
  restocked: ({ units }) => ({ title: `新增 ${count(units)} 件`, body: "价格和限购不变。" }),
  linkCopied: () => ({ title: "链接已复制", body: "发给朋友就能打开这一场。" }),
  linkNotCopied: ({ address }) => ({ title: "没能复制，请长按选取", body: address }),
};

const say: Sentences<Announcement> = {
  minutesLeft: ({ minutes }) => `距开抢 ${minutes} 分钟`,
  secondsLeft: ({ seconds }) => `距开抢 ${seconds} 秒`,
  opened: () => "开抢了",
  stockHalf: ({ remaining }) => `余量过半已兑，还剩 ${count(remaining)} 件`,
  stockLow: ({ remaining }) => `余量不多，还剩 ${count(remaining)} 件`,
  stockNone: () => "已兑完",
};

export const zhCN = {
  locale: L as string,
  unit: { points: "积分" },
  brand: { mall: "积分商城" },
  nav: {
    label: "主导航",
    home: "首页",
    goods: "好礼",
    points: "积分",
    orders: "订单",
    me: "我的",
    otherLanguage: "English",
  },
  common: {
    retry: "重试",
    copy: "复制",
    copied: "已复制",
    back: "返回首页",
    free: "免运费",
    marketPrice: "市场价",
    goHome: "去看看好礼",
    price,
    days: (days: number, hours: string) => `${days} 天 ${hours} 时`,
    over: "本场已结束",
    opensAt: (atMs: number, nowMs: number) => `${dayName(L, atMs, nowMs)} ${timeHm(atMs)} 开抢`,
    session: (atMs: number, nowMs: number) => `${dayName(L, atMs, nowMs)} ${timeHm(atMs)} 场`,
    standing: "全天可兑",
    date: (atMs: number, nowMs: number) => dateName(L, atMs, nowMs),
    day: (atMs: number, nowMs: number) => dayName(L, atMs, nowMs),
    dateTime: (atMs: number, nowMs: number) => `${dateName(L, atMs, nowMs)} ${timeHm(atMs)}`,
    sentences: (...parts: string[]) => parts.map((part) => `${part}。`).join(""),
  },
  grab: { label: grabLabel, sub: grabSub },
  toast,
  toastOrder: "查看原订单",
  say,
  share: "分享",
  verdict: {
    won: "抢兑成功",
    wonStanding: "兑换成功",
    missed: "没抢到",
    gone: (units: number) => `本场 ${count(units)} 件已兑完`,
  },
};

export type Text = typeof zhCN;
