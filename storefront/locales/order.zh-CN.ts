import { count, yuan } from "../ui/format.ts";

/** What a refund would bring back, each to where it came from; a sum of nothing is "". */
export interface RefundEffect {
  readonly points: number;
  readonly cash: string;
  readonly stored: string;
  /** Points that paid part of the cash. */
  readonly offset: number;
  /** Points that have lapsed. */
  readonly lost: number;
}

/** What happens to an order after its grant, for members: states, legs, what happened. */
export const orderZhCN = {
  state: {
    held: "已预约",
    in_doubt: "核对中",
    voided: "未抢到",
    refused: "未成交",
    placed: "已下单",
    awaiting_payment: "待支付",
    to_ship: "待发货",
    to_write_off: "待核销",
    issuing: "发放中",
    shipped: "已发货",
    received: "已完成",
    closed: "已完成",
    cancelled: "已取消",
    refunding: "退款中",
    refunded: "已退款",
  },
  title: {
    placed: "兑换成功",
    awaiting_payment: "积分已扣，等待支付",
    to_ship: "兑换成功，等待发货",
    to_write_off: "兑换成功，到店核销",
    issuing: "兑换成功，正在发放",
    shipped: "商品在路上",
    received: "已完成",
    closed: "已完成",
    cancelled: "已取消，积分已退回",
    refunding: "正在退款",
    refunded: "已退款",
  },
  next: {
    awaiting_payment: "在截止前支付，过时自动取消，积分退回原批次",
    to_ship: "等待商家发货，发货前可取消",
    to_write_off: "到店出示核销码",
    issuing: "正在发放，通常几秒内到账",
    shipped: "收到后请确认收货",
    received: "有问题可以申请售后",
    closed: "这一单已经结束",
    refunding: "款项正在原路退回，以支付渠道到账为准",
    refunded: "应退的款项已原路退回",
  },
  nextPay: (time: string, fen: number) => `${time} 前付 ${yuan(fen)}，过时自动取消，积分退回原批次`,
  /** A top-up waits for its number first. */
  nextOfTopUp: "填好充值号码后发放，一般几分钟到账",
  nextUsedUp: "已经全部使用",
  /** It may have expired: the coupon itself says so. */
  nextOfCoupon: "券已到账，点开看有效期和核销码",
  leg: {
    none: "无",
    held: "占用中",
    posted: "已扣",
    partly_returned: "部分退回",
    returned: "已退回",
    due_on_delivery: "收货时付",
    awaiting: "待支付",
    paid: "已支付",
    partly_refunded: "部分退款",
    refunding: "退款中",
    refunded: "已退款",
    refund_failed: "退款待处理",
    late_paid: "超时支付，退款中",
    void: "已作废",
    free: "免运费",
  },
  legBack: "其中已退回",
  event: {
    lapsed: "超时未支付，自动取消，积分退回原批次",
    failed: "商家无法交付，已全部退回",
    paid: "已支付",
    late_paid: "付款到账时订单已经取消，自动退款",
    paid_twice: "重复付款，多付的自动退回",
    wrong_amount: "收到的金额与订单不符，商家正在核对",
    shipped: "已发货",
    used: "到店核销",
    written_off: "已核销",
    write_off_reversed: "核销已撤销",
    issued: "已发放",
    received: "已收货",
    closed: "订单结束",
    refunding: "退款中",
    refunded: "已退款",
    money_back: "款项已退回付款账户",
    extra_back: "多付的款项已退回付款账户",
  },
  afterSale: {
    title: "售后",
    ask: "申请售后",
    kind: "类型",
    kinds: { refund: "仅退款", return: "退货退款", exchange: "换货" },
    states: {
      applied: "等商家处理",
      agreed: "请寄回商品",
      sent_back: "等商家收货",
      refunding: "退款中",
      done: "已完成",
      refused: "商家未同意",
      goods_refused: "商家拒收退货",
      withdrawn: "已撤回",
    },
    next: {
      applied: "商家到时未处理，按同意办",
      agreed: "寄到商家说的地址，寄出后填上快递单号；到时未寄，申请自动撤回",
      sent_back: "商家收到后退款；到时未处理，按收到办",
      refunding: "积分已退回原批次，款项正在原路退回",
      done: "已办完",
      refused: "不同意这个结果，可以补充说明和照片再申请一次",
      goods_refused: "请联系商家",
      withdrawn: "需要时可以再申请",
    },
    nextOfExchange: {
      sent_back: "商家收到后寄出换的商品；到时没有寄出，按退货退款，积分和现金退给你",
      done: "换货已办完；一直没有收到换的商品，请联系商家",
    } as Readonly<Record<string, string | undefined>>,
    /** Agreed to; what was given out comes back first. */
    takingBack: { state: "商家已同意", next: "正在收回没用过的卡券，收回后积分和款项自动退" },
    /** `cash` is "" where no money goes back. */
    gives: (points: number, cash: string, is: "asked" | "due" | "done") => {
      const what = [...(points > 0 ? [`${count(points)} 积分`] : []), ...(cash ? [cash] : [])];
      return `${{ asked: "申请退回", due: "应退", done: "已退" }[is]} ${what.join("，")}`;
    },
    units: (quantity: number) => `${quantity} 件`,
    until: (when: string) => `${when} 前可以申请`,
    before: (when: string) => `${when} 前`,
    said: (note: string) => `商家说：${note}`,
    /** What time decided, by the note it left. */
    bySilence: {
      goods_used: "卡密已看过或券已用过，商家没有处理，这次不退",
      not_exchanged: "商家到时没有寄出换的商品，已按退货退款",
    } as Readonly<Record<string, string | undefined>>,
    unused: (left: number, total: number) => `共 ${total} 次，还剩 ${left} 次没用。只退没用的次数`,
    pictures: "凭证照片",
    picture: (at: number) => `凭证照片 ${at}`,
    addPicture: "添加照片",
    dropPicture: (at: number) => `去掉照片 ${at}`,
    storing: "上传中",
    notStored: "有照片没有传上：只收图片，每张 2 MB 以内",
    tracking: "快递单号",
    sent: "已寄出",
    withdraw: "撤回申请",
    quantity: "件数",
    reason: "原因",
    reasons: ["商品破损或有瑕疵", "与描述不符", "少发、错发", "没有收到", "不想要了"],
    note: "补充说明",
    noteHint: "不用写电话和地址，商家看得到这一单的",
    reading: "正在核对应退的积分和现金",
    effect: ({ points, cash, stored, offset, lost }: RefundEffect) => {
      const back = points > 0 || cash + stored === "" ? [`${count(points)} 积分退回原批次`] : [];
      if (cash !== "") back.push(`${cash} 原路退回`);
      if (stored !== "") back.push(`${stored} 退回储值余额`);
      if (offset > 0) back.push(`抵现的 ${count(offset)} 积分退回原批次`);
      return `${back.join("，")}${lost > 0 ? `；${count(lost)} 积分已过期，按规则不退` : ""}`;
    },
    exchanging: (quantity: number) => `换同款 ${quantity} 件，不退积分和现金`,
    failed: "没有提交成功，订单没有变化，可以再试一次",
    keep: "先不申请",
    submit: "提交申请",
  },
  pay: {
    title: "支付现金",
    left: "剩余",
    freight: (text: string) => `含运费 ${text}`,
    effect: (points: number) =>
      `${count(points)} 积分已为你占好。到时未付，订单自动取消，积分退回原批次，名额让给别人。`,
    by: { wechat: "微信支付", alipay: "支付宝" },
    scan: "用另一部手机扫码支付",
    scanning: "扫码支付后，这里会自动更新",
    confirming: "正在确认支付结果",
    failed: "没有打开收银台，订单还在，可以再试一次",
    over: "支付时间到了，正在核对结果",
    none: "商家还没有开通在线支付",
    noneHere: "这里付不了，请在微信里打开，或换浏览器打开",
    tender: {
      title: "先抵一部分",
      points: "积分抵现",
      of: (points: string) => `${points} 积分抵现`,
      pointsNote: (points: number, active: number) =>
        `可用 ${count(points)} 积分（共 ${count(active)}），取消或退款时退回原批次`,
      stored: "储值余额",
      storedNote: (balance: string) => `余额 ${balance}`,
      payAll: "确认付清",
      use: (left: string) => `确认，还需支付 ${left}`,
      failed: "没有生效，金额有变，请再看一眼",
    },
  },
};
export type OrderText = typeof orderZhCN;
