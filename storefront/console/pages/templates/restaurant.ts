import { goodsOf, RULES_TEXT, say, type Told } from "./template.ts";

export const restaurant: Told = {
  id: "restaurant",
  look: {
    ...{ logo: null, theme: "cinnabar", corners: "round", rules: RULES_TEXT, privacy: "" },
    contact: { phone: "", hours: "10:00–21:30" },
  },
  home: {
    title: say("首页", "Home"),
    share: {
      title: say("每一餐都攒积分", "Points with every meal"),
      description: say("到店消费有积分，菜品免费兑", "Eat with us, and redeem points for dishes"),
      picture: null,
    },
    blocks: [
      {
        ...{ type: "banner", id: "banner", heightPercent: 50 },
        slides: [
          {
            ...{ picture: "/goods/side-dish.svg", alt: "", link: "/points/check-in" },
            ...{
              title: say("每天签到，换一份小菜", "Check in for a side dish"),
              note: say("连续七天另有惊喜", "Seven days in a row bring more"),
            },
          },
        ],
      },
      { type: "wallet", id: "wallet" },
      { type: "check_in", id: "checkin" },
      { type: "sales", id: "sales", title: say("午市秒杀", "Lunch sale"), max: 3 },
      { type: "suggested", id: "suggested", reasons: ["expiring", "because"], max: 6 },
      {
        ...{
          type: "goods",
          id: "goods",
          title: say("菜品与优惠", "Dishes and offers"),
          layout: "list",
          max: 8,
        },
        ...{ showsBands: false, source: { kind: "all" } },
      },
      {
        ...{ type: "rich_text", id: "story" },
        text: say(
          "## 怎么攒积分\n- 到店消费 1 元积 1 分，结账时报手机号\n- 每天签到得积分\n- 邀请好友，好友首次到店后你得积分",
          "## How points are earned\n- A point for every yuan: give your phone number when you pay\n- Points for checking in every day\n- Invite friends: you earn when they first come",
        ),
      },
    ],
  },
  categories: [
    { id: "dish", title: say("菜品", "Dishes") },
    { id: "drink", title: say("饮料", "Drinks") },
    { id: "voucher", title: say("卡券", "Vouchers") },
  ],
  goods: [
    ...goodsOf(
      "dish",
      "local_service",
      [
        "tpl-side",
        say("小菜一份", "Side dish"),
        say("当日任选，到店出示核销码", "Any of the day; show your code at the store"),
        ["side-dish", "#e9efe0"],
        150,
        800,
        999,
      ],
      [
        "tpl-signature",
        say("招牌砂锅 一份", "Signature clay pot"),
        say("到店出示核销码", "Show your code at the store"),
        ["dish-bowl", "#f6e6d4"],
        880,
        8_800,
        200,
      ],
    ),
    ...goodsOf(
      "drink",
      "local_service",
      [
        "tpl-cold-brew",
        say("冷泡茶一瓶", "Cold-brew tea, a bottle"),
        say("到店出示核销码", "Show your code at the store"),
        ["cold-brew-bottle", "#e3e8df"],
        180,
        1_200,
        500,
      ],
      [
        "tpl-lemon",
        say("手打柠檬茶", "Hand-pounded lemon tea"),
        say("到店出示核销码", "Show your code at the store"),
        ["lemon-tea", "#eef2dc"],
        220,
        1_500,
        500,
      ],
    ),
    ...goodsOf(
      "voucher",
      "coupon",
      [
        "tpl-discount",
        say("满 100 减 20 元券", "¥20 off ¥100"),
        say("堂食可用", "When eating in"),
        ["coupon", "#f3e3d6"],
        400,
        2_000,
        500,
      ],
      [
        "tpl-set-meal",
        say("双人套餐券", "Set meal for two"),
        say("两菜一汤两杯茶", "Two dishes, a soup, two teas"),
        ["set-meal", "#efe6d5"],
        1_800,
        16_800,
        100,
      ],
      [
        ...([
          "tpl-queue-card",
          say("免排队卡 12 次", "Skip the queue, 12 times"),
          say("一年有效，本人使用", "Valid a year, for yourself"),
        ] as const),
        ...([["queue-card", "#f0ddd3"], 2_800, 29_900, 50] as const),
        { usesPerUnit: 12, validDays: 365 },
      ],
    ),
  ],
  pointsPerYuan: 1,
  checkInPoints: 5,
  tasks: [
    {
      ...{
        taskId: "tpl-first-order",
        title: say("第一餐", "Your first meal"),
        detail: say("入会 30 天内来吃第一餐", "Come within 30 days of joining"),
      },
      ...{ on: "order", points: 80 },
    },
    {
      ...{
        taskId: "tpl-check-in",
        title: say("第一次签到", "Your first check-in"),
        detail: say("签到攒分，换一份小菜", "Check in, and redeem a side dish"),
      },
      ...{ on: "check_in", points: 10 },
    },
  ],
  invite: { inviterPoints: 100, inviteePoints: 50 },
  tiers: [
    ["guest", say("食客", "Guest"), 0],
    ["regular", say("熟客", "Regular"), 800],
    ["friend", say("老友", "Friend"), 3_000],
  ],
  sale: { skuId: "tpl-lemon", units: 50, pricePoints: 99 },
};
