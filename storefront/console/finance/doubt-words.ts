import { bilingual } from "../kit/index.ts";

/** Words by a word of the server, which may learn new ones. */
const by = (words: Readonly<Record<string, string>>): Readonly<Record<string, string>> => words;

export const DOUBT_WORDS = bilingual(
  {
    title: "没有回音的订单",
    note: (minutes: number) => `超过 ${minutes} 分钟没有回音的；系统一直在问，有了回音自动了结`,
    count: (count: number) => `${count} 单`,
    what: by({
      payment: "不知道付了没有",
      refund: "退款还没有被受理",
      refund_slow: "退款受理三天还没到账",
      unpaid: "付款时限已过，订单还在等",
      goods: "卡券还没有发放",
    }),
    next: by({
      payment:
        "订单已经不等这笔付款了，支付渠道还没有说买家付没付。系统会继续问，最长隔一小时：没付就关闭；付了自动原路退回。",
      refund:
        "支付渠道没有回答。系统用同一个退款单号继续发起，最长隔一小时，不会多退；八次没有回音会转到上面，由你决定。",
      refund_slow: "支付渠道已经受理，钱还没有退到。系统继续查询；现在也可以到商户平台按单号核实。",
      unpaid: "到时系统应当自动取消并退回积分。现在问一次，会员账户会马上把它办完。",
      goods: "卡密不够，或发放没有回音。系统自己再发，最长隔五分钟；卡密不够时请先导入卡密。",
    }),
    since: (moment: string) => `${moment} 起`,
    ask: "现在问一次",
    settled: "有结果了，这一单已了结",
    stays: "还是没有回音，系统会继续问",
  },
  {
    title: "Orders without an answer",
    note: (minutes) =>
      `Unanswered for more than ${minutes} minutes; the system goes on asking, and an answer settles them`,
    count: (count) => `${count} ${count === 1 ? "order" : "orders"}`,
    what: {
      payment: "Paid or not: nobody knows",
      refund: "The refund was not accepted yet",
      refund_slow: "The refund was accepted three days ago and is not done",
      unpaid: "Its time to pay is over, and it still waits",
      goods: "The code or coupon was not given yet",
    },
    next: {
      payment:
        "The order does not wait for this payment any more, and the provider has not said whether the buyer paid. It is asked again by itself, an hour apart at most: unpaid, it is closed; paid, the money goes back.",
      refund:
        "The provider did not answer. The refund is sent again by itself under the same number, an hour apart at most, and never twice; after eight tries without an answer it stands above for you to decide.",
      refund_slow:
        "The provider accepted it and the money is not back. It is asked again by itself; the provider's console knows it by its number.",
      unpaid:
        "It should have been cancelled by now, with its points back. Ask once, and the member's account does so at once.",
      goods:
        "Card codes are short, or nobody answered. It is tried again by itself, five minutes apart at most; import codes where they are short.",
    },
    since: (moment) => `since ${moment}`,
    ask: "Ask now",
    settled: "There is an answer, and the order is settled",
    stays: "No answer yet; the system goes on asking",
  },
);
