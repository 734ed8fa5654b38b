import { goodsOf, RULES_TEXT, type Template } from "./template.ts";

export const restaurant: Template = {
  id: "restaurant",
  look: {
    ...{ logo: null, theme: "cinnabar", corners: "round", rules: RULES_TEXT, privacy: "" },
    contact: { phone: "", hours: "10:00–21:30" },
  },
  home: {
    title: "首页",
    share: { title: "每一餐都攒积分", description: "到店消费有积分，菜品免费兑", picture: null },
    blocks: [
      {
        ...{ type: "banner", id: "banner", heightPercent: 50 },
        slides: [
          {
            ...{ picture: "/goods/side-dish.svg", alt: "", link: "/points/check-in" },
            ...{ title: "每天签到，换一份小菜", note: "连续七天另有惊喜" },
          },
        ],
      },
      { type: "wallet", id: "wallet" },
      { type: "check_in", id: "checkin" },
      { type: "sales", id: "sales", title: "午市秒杀", max: 3 },
      { type: "suggested", id: "suggested", reasons: ["expiring", "because"], max: 6 },
      {
        ...{ type: "goods", id: "goods", title: "菜品与优惠", layout: "list", max: 8 },
        ...{ showsBands: false, source: { kind: "all" } },
      },
      {
        ...{ type: "rich_text", id: "story" },
        text: "## 怎么攒积分\n- 到店消费 1 元积 1 分，结账时报手机号\n- 每天签到得积分\n- 邀请好友，好友首次到店后你得积分",
      },
    ],
  },
  categories: [
    { id: "dish", title: "菜品" },
    { id: "drink", title: "饮料" },
    { id: "voucher", title: "卡券" },
  ],
  goods: [
    ...goodsOf(
      "dish",
      "local_service",
      ["tpl-side", "小菜一份", "当日任选，到店出示核销码", ["side-dish", "#e9efe0"], 150, 800, 999],
      [
        "tpl-signature",
        "招牌砂锅 一份",
        "到店出示核销码",
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
        "冷泡茶一瓶",
        "到店出示核销码",
        ["cold-brew-bottle", "#e3e8df"],
        180,
        1_200,
        500,
      ],
      ["tpl-lemon", "手打柠檬茶", "到店出示核销码", ["lemon-tea", "#eef2dc"], 220, 1_500, 500],
    ),
    ...goodsOf(
      "voucher",
      "coupon",
      ["tpl-discount", "满 100 减 20 元券", "堂食可用", ["coupon", "#f3e3d6"], 400, 2_000, 500],
      ["tpl-set-meal", "双人套餐券", "两菜一汤两杯茶", ["set-meal", "#efe6d5"], 1_800, 16_800, 100],
      [
        ...(["tpl-queue-card", "免排队卡 12 次", "一年有效，本人使用"] as const),
        ...([["queue-card", "#f0ddd3"], 2_800, 29_900, 50] as const),
        { usesPerUnit: 12, validDays: 365 },
      ],
    ),
  ],
  pointsPerYuan: 1,
  checkInPoints: 5,
  tasks: [
    {
      ...{ taskId: "tpl-first-order", title: "第一餐", detail: "入会 30 天内来吃第一餐" },
      ...{ on: "order", points: 80 },
    },
    {
      ...{ taskId: "tpl-check-in", title: "第一次签到", detail: "签到攒分，换一份小菜" },
      ...{ on: "check_in", points: 10 },
    },
  ],
  invite: { inviterPoints: 100, inviteePoints: 50 },
  tiers: [
    ["guest", "食客", 0],
    ["regular", "熟客", 800],
    ["friend", "老友", 3_000],
  ],
  sale: { skuId: "tpl-lemon", units: 50, pricePoints: 99 },
};
