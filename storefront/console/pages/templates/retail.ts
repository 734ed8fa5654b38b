import { goodsOf, RULES_TEXT, type Template } from "./template.ts";

export const retail: Template = {
  id: "retail",
  look: {
    ...{ logo: null, theme: "market", corners: "small", rules: RULES_TEXT, privacy: "" },
    contact: { phone: "", hours: "8:00–22:00" },
  },
  home: {
    title: "首页",
    share: { title: "购物有积分，好礼换不停", description: "每消费 1 元得 1 积分", picture: null },
    blocks: [
      {
        ...{ type: "notice", id: "notice" },
        ...{ text: "新会员首单多送积分，出示会员码即可累计", link: "/points/tasks" },
      },
      { type: "wallet", id: "wallet" },
      {
        ...{ type: "quick", id: "quick" },
        entries: [
          { icon: "tag", title: "好礼", note: "全部", link: "/g" },
          { icon: "calendar", title: "签到", note: "连签有礼", link: "/points/check-in" },
          { icon: "crown", title: "等级", note: "升级享好礼", link: "/points/tier" },
          { icon: "orders", title: "订单", note: "", link: "/orders" },
          { icon: "help", title: "帮助", note: "", link: "/help" },
        ],
      },
      { type: "sales", id: "sales", title: "整点秒杀", max: 4 },
      { type: "suggested", id: "suggested", reasons: ["expiring", "because"], max: 6 },
      {
        ...{ type: "goods", id: "goods", title: "热门好礼", layout: "grid", max: 12 },
        ...{ showsBands: true, source: { kind: "all" } },
      },
      { type: "tier", id: "tier" },
      {
        ...{ type: "goods", id: "near", title: "", layout: "list", max: 3, showsBands: false },
        source: { kind: "near" },
      },
    ],
  },
  categories: [
    { id: "home", title: "居家" },
    { id: "coupon", title: "优惠券" },
  ],
  goods: [
    ...goodsOf("coupon", "coupon", [
      "tpl-coupon-10",
      "满 100 减 10 元券",
      "全场通用，到店出示",
      ["coupon", "#f6e6d4"],
      200,
      1_000,
      999,
    ]),
    ...goodsOf(
      "home",
      "physical",
      ["tpl-notebook", "随身手账", "A5 横线", ["tea-notebook", "#e9eef5"], 280, 2_900, 300],
      ["tpl-mug", "搪瓷杯 350 ml", "复古款", ["enamel-mug", "#f6ecd9"], 450, 4_900, 300],
      ["tpl-tote", "加厚帆布袋", "12 安帆布，可水洗", ["canvas-tote", "#e3e8df"], 480, 5_900, 300],
      ["tpl-fan", "桌面小风扇", "USB-C 充电", ["desk-fan", "#e6ebe8"], 680, 8_900, 200],
      [
        "tpl-umbrella",
        "晴雨两用伞",
        "UPF 50+",
        ["mountain-umbrella", "#dfe5ee"],
        1_600,
        16_900,
        100,
      ],
      [
        "tpl-tea-set-r",
        "旅行茶具礼盒",
        "一壶两杯",
        ["travel-tea-set", "#efe6d5"],
        3_200,
        39_900,
        50,
      ],
    ),
  ],
  pointsPerYuan: 1,
  checkInPoints: 3,
  tasks: [
    {
      ...{ taskId: "tpl-first-order", title: "首单多送", detail: "入会 30 天内下第一单" },
      ...{ on: "order", points: 100 },
    },
    {
      ...{ taskId: "tpl-check-in", title: "第一次签到", detail: "签到一次，连签另有礼" },
      ...{ on: "check_in", points: 10 },
    },
  ],
  invite: { inviterPoints: 100, inviteePoints: 50 },
  tiers: [
    ["basic", "普卡", 0],
    ["silver", "银卡", 2_000],
    ["gold", "金卡", 8_000],
  ],
  sale: { skuId: "tpl-fan", units: 30, pricePoints: 380 },
};
