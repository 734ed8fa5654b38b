import type { Code, Figures } from "../../kernel/refusal.ts";
import type { Locale } from "../../pages/page-data.ts";
import { conflictText } from "./conflict-texts.ts";

interface ProblemText {
  readonly title: string;
  readonly detail: (figures: Figures) => string;
}

const plain = (title: string, detail: string): ProblemText => ({ title, detail: () => detail });

type Words = Readonly<Record<string, string>>;
type Periods = Readonly<Record<string, (days: Figures[string] | undefined) => string>>;

const RULES_ZH: Words = {
  blocked: "你的账号暂停了积分功能，积分都还在。请联系客服。",
  tier: "这件商品不对你所在的等级开放。",
  segment: "这件商品只对部分会员开放。",
  store: "这件商品只对指定门店的会员开放。",
};
const RULES_EN: Words = {
  blocked:
    "Points are paused for your account; yours are all still there. Please contact the merchant.",
  tier: "This is not open to your tier.",
  segment: "This is open to some members only.",
  store: "This is open to members of certain stores only.",
};
const PERIODS_ZH: Periods = {
  day: () => "每天",
  window: (days) => `每 ${days} 天`,
  lifetime: () => "总共",
};
const PERIODS_EN: Periods = {
  day: () => " a day",
  window: (days) => ` in ${days} days`,
  lifetime: () => " in all",
};

/** Sentences for the clients that show them as they are; the storefront has its own, keyed by code. */
export const PROBLEM_TEXTS: Readonly<Record<Locale, Readonly<Record<Code, ProblemText>>>> = {
  "zh-CN": {
    sold_out: plain("已兑完", "架上的件数不够这一单，没有扣积分。有退回会在返场放出。"),
    closed: plain("本场已结束", "本场已经结束，没有扣积分。"),
    stale: {
      title: "门票已过期",
      detail: ({ epoch }) => `本场已进入第 ${epoch} 轮，请用新的单号和轮次再来，没有扣积分。`,
    },
    forgone: plain("门票已退回", "这张门票已经退回，积分在原批次。"),
    limit_reached: {
      title: "已达限购",
      detail: ({ limit, used, per, days }) =>
        `每人${PERIODS_ZH[String(per)]?.(days) ?? ""}限 ${limit} 件，你已占用或兑得 ${used} 件。`,
    },
    points_insufficient: {
      title: "积分不足",
      detail: ({ needed, active }) => `需要 ${needed} 积分，你有 ${active} 可用。`,
    },
    not_eligible: {
      title: "没有资格",
      detail: ({ rule }) => RULES_ZH[String(rule)] ?? "这件商品不对你开放。",
    },
    not_open: {
      title: "还没开始",
      detail: ({ opensInMs }) =>
        Number(opensInMs) > 0
          ? `还没开始，早了 ${opensInMs} 毫秒。没有写下任何东西，同一单号到点再来。`
          : "本场暂停中，没有写下任何东西，同一单号稍后再来。",
    },
    ahead: plain("轮次超前", "请求的轮次还没有到，请重新读取场次。"),
    epoch_unknown: {
      title: "轮次不存在",
      detail: ({ epoch }) => `本场现在是第 ${epoch} 轮，请重新读取场次。`,
    },
    price_changed: {
      title: "价格变了",
      detail: ({ points }) =>
        `现在需要 ${points} 积分，高于你同意的数。没有写下任何东西，也没有扣积分。`,
    },
    overloaded: plain("人有点多", "请求太多，没有开始处理，也没有扣积分。请带同一单号稍后再试。"),
    rate_limited: plain("请求太快", "请求太快了，请稍后带同一单号再试。"),
    idempotency_mismatch: plain(
      "单号已用过",
      "这个单号已用于另一份兑换，以第一次的内容为准，没有新扣积分。",
    ),
    invalid: plain("内容有误", "有内容不符合要求，请看标出的地方。"),
    unauthenticated: plain("请先登录", "没有登录，或登录已失效。"),
    forbidden: plain("没有权限", "当前身份不能做这件事。"),
    not_found: plain("没有找到", "这个地址没有内容，或不属于你。"),
    conflict: {
      title: "现在不能这样做",
      detail: (figures) => conflictText("zh-CN", figures),
    },
    method_not_allowed: plain("方法不对", "这个地址不接受该方法。"),
    upgrade_required: plain("需要 WebSocket", "这个地址只接受 WebSocket 升级请求。"),
    unavailable: plain(
      "暂时不可用",
      "资料库暂时连不上，这一步没有完成；兑换照常进行。请稍后再试。",
    ),
    fault: plain("我们这边出错了", "出错的请求没有生效，或会自己完成；带同一单号可以放心再试。"),
  },
  en: {
    sold_out: plain(
      "Sold out",
      "Not enough units on the shelf; no points were used. Returned units come back in a wave.",
    ),
    closed: plain("Sale closed", "This sale has ended; no points were used."),
    stale: {
      title: "Ticket out of date",
      detail: ({ epoch }) =>
        `The sale is in round ${epoch} now. Come again with a new order id; no points were used.`,
    },
    forgone: plain(
      "Ticket given back",
      "This ticket was given back; its points are in their lots.",
    ),
    limit_reached: {
      title: "Limit reached",
      detail: ({ limit, used, per, days }) =>
        `The limit is ${limit} per member${PERIODS_EN[String(per)]?.(days) ?? ""}; you hold or have ${used}.`,
    },
    points_insufficient: {
      title: "Not enough points",
      detail: ({ needed, active }) => `Needs ${needed} points; you have ${active}.`,
    },
    not_eligible: {
      title: "Not eligible",
      detail: ({ rule }) => RULES_EN[String(rule)] ?? "This is not open to you.",
    },
    not_open: {
      title: "Not open",
      detail: ({ opensInMs }) =>
        Number(opensInMs) > 0
          ? `Not open yet: ${opensInMs} ms early. Nothing was written; the same order id counts when it comes again.`
          : "The sale is paused. Nothing was written; send the same order id again later.",
    },
    ahead: plain("Round not reached", "The sale has not reached that round; read the sale again."),
    epoch_unknown: {
      title: "Unknown round",
      detail: ({ epoch }) => `The sale is in round ${epoch}; read the sale again.`,
    },
    price_changed: {
      title: "Price changed",
      detail: ({ points }) =>
        `It costs ${points} points now, more than you agreed to. Nothing was written and no points were used.`,
    },
    overloaded: plain(
      "Busy",
      "Too many requests; nothing was begun and no points were used. Retry with the same order id.",
    ),
    rate_limited: plain(
      "Too fast",
      "Too many requests from you; retry with the same order id in a moment.",
    ),
    idempotency_mismatch: plain(
      "Order id already used",
      "This order id belongs to another redemption, whose outcome stands. Nothing new was used.",
    ),
    invalid: plain("Invalid request", "Something does not fit; each field that is wrong says why."),
    unauthenticated: plain("Sign in first", "There is no session, or it has expired."),
    forbidden: plain("Not allowed", "This identity may not do that."),
    not_found: plain("Not found", "Nothing is here, or it is not yours."),
    conflict: {
      title: "Not possible now",
      detail: (figures) => conflictText("en", figures),
    },
    method_not_allowed: plain("Method not allowed", "This address does not take that method."),
    upgrade_required: plain("WebSocket required", "This address only takes a WebSocket upgrade."),
    unavailable: plain(
      "Unavailable",
      "The database cannot be reached right now, so this was not completed; redemptions go on. Try again in a moment.",
    ),
    fault: plain(
      "Something failed on our side",
      "The failed request had no effect or completes by itself; retrying with the same order id is safe.",
    ),
  },
};
