import { count } from "../ui/format.ts";

/** Words of the member's own corner, of help and of notices. */
export const mallZhCN = {
  me: {
    title: "我的",
    description: "等级、卡券、邀请与设置",
    guest: "你还没有登录",
    guestBody: "登录后可以看到积分、订单和卡券。",
    login: "登录",
    points: "可用积分",
    held: "占用中",
    orders: "我的订单",
    addresses: "收货地址",
    invite: "邀请好友",
    inviteNote: "好友下单后你得积分",
    verify: "凭证与查验",
    notices: "提醒",
    noticesOff: "已关闭",
    help: "规则与帮助",
    text: "字号",
    textNormal: "标准",
    textLarge: "大字",
    scheme: "深色",
    schemeSystem: "跟随系统",
    schemeLight: "浅色",
    schemeDark: "深色",
    language: "语言",
    languageName: "简体中文",
    logout: "退出登录",
    settings: "设置",
    mine: "我的服务",
  },
  notices: {
    title: "提醒",
    description: "积分到期与活动提醒",
    back: "回到我的",
    expiry: "积分到期提醒",
    on: "已开启",
    off: "已关闭",
    turnOn: "开启",
    turnOff: "关闭",
    row: (points: number, date: string) => `${count(points)} 积分 ${date}到期`,
    left: (days: number) => (days <= 0 ? "今天到期" : `还有 ${count(days)} 天`),
    empty: "现在没有提醒",
    emptyBody: "积分快到期时，会在这里和积分页告诉你。",
    emptyOff: "提醒已关闭。到期日可以在积分页查看。",
    use: "去用掉",
    failed: "没有改成，请再试一次。",
  },
  help: {
    title: "规则与帮助",
    description: "兑换规则、常见问题与联系方式",
    rules: "商城规则",
    faq: "常见问题",
    contact: "联系我们",
    aboutOrder: (id: string) => `联系时报订单号 ${id}，商家据此看到这一单`,
    contactNone: "商家还没有留下联系方式。",
    hours: "服务时间",
    privacy: "隐私说明",
    questions: [
      {
        q: "积分什么时候会被占用？",
        a: "预约秒杀时先占用，抢到才扣；没抢到、取消预约，积分退回原来的批次，到期日不变。",
      },
      {
        q: "重复点「抢」会多扣分吗？",
        a: "不会。同一个单号只成交一次，断网、刷新、换页面都一样。",
      },
      {
        q: "怎么知道抢兑是公平的？",
        a: "每一笔积分都有签名凭证，可以在「凭证与查验」里自己核对。",
      },
      {
        q: "订单能取消吗？",
        a: "发货前可以。取消时会先给你看每一批积分退到哪里。",
      },
    ],
    privacyDefault:
      "我们只在你同意之后保存手机号、微信标识等个人信息，用来识别你的会员身份和完成兑换。你可以随时在「我的」里撤回同意，之后不再使用这些信息。",
  },
};

export type MallText = typeof mallZhCN;
