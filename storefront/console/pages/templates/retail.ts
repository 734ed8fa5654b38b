import { goodsOf, RULES_TEXT, say, type Told } from "./template.ts";

export const retail: Told = {
  id: "retail",
  look: {
    ...{ logo: null, theme: "market", corners: "small", rules: RULES_TEXT, privacy: "" },
    contact: { phone: "", hours: "8:00–22:00" },
  },
  home: {
    title: say("首页", "Home"),
    share: {
      title: say("购物有积分，好礼换不停", "Shop, earn and redeem"),
      description: say("每消费 1 元得 1 积分", "A point for every yuan you spend"),
      picture: null,
    },
    blocks: [
      {
        ...{ type: "notice", id: "notice" },
        ...{
          text: say(
            "新会员首单多送积分，出示会员码即可累计",
            "New members earn extra on their first order: show your member code at the till",
          ),
          link: "/points/tasks",
        },
      },
      { type: "wallet", id: "wallet" },
      {
        ...{ type: "quick", id: "quick" },
        entries: [
          { icon: "tag", title: say("好礼", "Gifts"), note: say("全部", "all"), link: "/g" },
          {
            icon: "calendar",
            title: say("签到", "Check in"),
            note: say("连签有礼", "every day"),
            link: "/points/check-in",
          },
          {
            icon: "crown",
            title: say("等级", "Tiers"),
            note: say("升级享好礼", "perks"),
            link: "/points/tier",
          },
          { icon: "orders", title: say("订单", "Orders"), note: "", link: "/orders" },
          { icon: "help", title: say("帮助", "Help"), note: "", link: "/help" },
        ],
      },
      { type: "sales", id: "sales", title: say("整点秒杀", "On the hour"), max: 4 },
      { type: "suggested", id: "suggested", reasons: ["expiring", "because"], max: 6 },
      {
        ...{
          type: "goods",
          id: "goods",
          title: say("热门好礼", "Popular gifts"),
          layout: "grid",
          max: 12,
        },
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
    { id: "home", title: say("居家", "Home goods") },
    { id: "coupon", title: say("优惠券", "Coupons") },
  ],
  goods: [
    ...goodsOf("coupon", "coupon", [
      "tpl-coupon-10",
      say("满 100 减 10 元券", "¥10 off ¥100"),
      say("全场通用，到店出示", "On everything; show it at the store"),
      ["coupon", "#f6e6d4"],
      200,
      1_000,
      999,
    ]),
    ...goodsOf(
      "home",
      "physical",
      [
        "tpl-notebook",
        say("随身手账", "Pocket notebook"),
        say("A5 横线", "A5, ruled"),
        ["tea-notebook", "#e9eef5"],
        280,
        2_900,
        300,
      ],
      [
        "tpl-mug",
        say("搪瓷杯 350 ml", "Enamel mug 350 ml"),
        say("复古款", "Old style"),
        ["enamel-mug", "#f6ecd9"],
        450,
        4_900,
        300,
      ],
      [
        "tpl-tote",
        say("加厚帆布袋", "Heavy canvas tote"),
        say("12 安帆布，可水洗", "12 oz canvas, washable"),
        ["canvas-tote", "#e3e8df"],
        480,
        5_900,
        300,
      ],
      [
        "tpl-fan",
        say("桌面小风扇", "Desk fan"),
        say("USB-C 充电", "Charges by USB-C"),
        ["desk-fan", "#e6ebe8"],
        680,
        8_900,
        200,
      ],
      [
        "tpl-umbrella",
        say("晴雨两用伞", "Umbrella for sun and rain"),
        say("UPF 50+", "UPF 50+"),
        ["mountain-umbrella", "#dfe5ee"],
        1_600,
        16_900,
        100,
      ],
      [
        "tpl-tea-set-r",
        say("旅行茶具礼盒", "Travel tea set, boxed"),
        say("一壶两杯", "A pot and two cups"),
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
      ...{
        taskId: "tpl-first-order",
        title: say("首单多送", "More for a first order"),
        detail: say("入会 30 天内下第一单", "Order within 30 days of joining"),
      },
      ...{ on: "order", points: 100 },
    },
    {
      ...{
        taskId: "tpl-check-in",
        title: say("第一次签到", "Your first check-in"),
        detail: say("签到一次，连签另有礼", "Check in once; a streak brings more"),
      },
      ...{ on: "check_in", points: 10 },
    },
  ],
  invite: { inviterPoints: 100, inviteePoints: 50 },
  tiers: [
    ["basic", say("普卡", "Basic"), 0],
    ["silver", say("银卡", "Silver"), 2_000],
    ["gold", say("金卡", "Gold"), 8_000],
  ],
  sale: { skuId: "tpl-fan", units: 30, pricePoints: 380 },
};
