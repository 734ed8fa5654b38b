import { goodsOf, RULES_TEXT, type Template } from "./template.ts";

export const retail: Template = {
  id: "retail",
  look: {
    ...{ logo: null, theme: "market", corners: "small", rules: RULES_TEXT, privacy: "" },
    contact: { phone: "", hours: "8:00–22:00" },
  },
  home: {
    title: "首页",
    share: { title: "购物有积分，积分能当钱", description: "满百送分，好礼换不停", picture: null },
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
    ...goodsOf(
      "coupon",
      [
        "tpl-coupon-10",
        "满 100 减 10 元券",
        "全场通用",
        ["drink-coupon", "#f3e3d6"],
        200,
        1_000,
        999,
      ],
      ["tpl-notebook", "随身手账", "A5 横线", ["tea-notebook", "#e9eef5"], 280, 2_900, 300],
    ),
    ...goodsOf(
      "home",
      ["tpl-tote", "加厚帆布袋", "12 安帆布，可水洗", ["canvas-tote", "#e3e8df"], 480, 5_900, 300],
      ["tpl-fan", "桌面小风扇", "USB-C 充电", ["desk-fan", "#e6ebe8"], 680, 8_900, 200],
      ["tpl-mug", "搪瓷杯 350 ml", "复古款", ["enamel-mug", "#f6ecd9"], 450, 4_900, 300],
      [
        "tpl-umbrella",
        "晴雨两用伞",
        "UPF 50+",
        ["mountain-umbrella", "#dfe5ee"],
        1_600,
        16_900,
        100,
      ],
    ),
  ],
  pointsPerYuan: 1,
  checkInPoints: 3,
  tiers: [
    ["basic", "普卡", 0],
    ["silver", "银卡", 2_000],
    ["gold", "金卡", 8_000],
  ],
  sale: { skuId: "tpl-fan", units: 30, pricePoints: 380 },
};
