import { goodsOf, RULES_TEXT, say, type Told } from "./template.ts";

export const finance: Told = {
  id: "finance",
  look: {
    ...{ logo: null, theme: "bank", corners: "square", privacy: "" },
    rules: say(
      `${RULES_TEXT["zh-CN"]}\n## 风险提示\n积分不能兑换现金，不能转让，不计息。`,
      `${RULES_TEXT.en}\n## Please note\nPoints are not paid out in cash, are not transferable and bear no interest.`,
    ),
    contact: { phone: "", hours: "9:00–18:00" },
  },
  home: {
    title: say("首页", "Home"),
    share: {
      title: say("积分权益中心", "Rewards"),
      description: say("刷卡积分，权益随心兑", "Pay by card, earn points, choose your rewards"),
      picture: null,
    },
    blocks: [
      { type: "tier", id: "tier" },
      { type: "wallet", id: "wallet" },
      {
        ...{ type: "quick", id: "quick" },
        entries: [
          { icon: "gift", title: say("权益", "Rewards"), note: say("全部", "all"), link: "/g" },
          { icon: "clock", title: say("积分明细", "Points"), note: "", link: "/points" },
          { icon: "shield", title: say("凭证查验", "Verify"), note: "", link: "/verify" },
          { icon: "help", title: say("规则", "Rules"), note: "", link: "/help" },
        ],
      },
      { type: "suggested", id: "suggested", reasons: ["expiring", "because"], max: 6 },
      {
        ...{
          type: "goods",
          id: "goods",
          title: say("精选权益", "Selected rewards"),
          layout: "grid",
          max: 12,
        },
        ...{ showsBands: true, source: { kind: "all" } },
      },
      { type: "sales", id: "sales", title: say("限时权益", "For a short time"), max: 3 },
      {
        ...{ type: "rich_text", id: "risk" },
        text: say(
          "积分不能兑换现金，不能转让，不计息。**每一笔积分都有可查验的凭证**，见[凭证与查验](/verify)。",
          "Points are not paid out in cash, are not transferable and bear no interest. **Every entry has evidence that you can verify**: see [evidence](/verify).",
        ),
      },
    ],
  },
  categories: [
    { id: "right", title: say("权益", "Rewards") },
    { id: "gift", title: say("礼品", "Gifts") },
  ],
  goods: [
    ...goodsOf(
      "right",
      "coupon",
      [
        "tpl-store-2",
        say("便利店 2 元券", "¥2 at the convenience store"),
        say("合作门店出示", "Show it at a partner store"),
        ["coupon", "#e9eef5"],
        200,
        200,
        999,
      ],
      [
        "tpl-parking",
        say("停车券 1 小时", "Parking, 1 hour"),
        say("合作车场出示", "Show it at a partner car park"),
        ["parking-coupon", "#dfe5ee"],
        480,
        800,
        500,
      ],
      [
        "tpl-coffee",
        say("咖啡券一张", "A coffee"),
        say("合作门店可用", "At partner stores"),
        ["coffee-cup", "#efe6d5"],
        1_200,
        3_000,
        500,
      ],
      [
        ...([
          "tpl-lounge",
          say("机场贵宾厅 2 次", "Airport lounge, twice"),
          say("一年有效，本人使用", "Valid a year, for yourself"),
        ] as const),
        ...([["lounge-pass", "#dfe5ee"], 8_000, 39_800, 100] as const),
        { usesPerUnit: 2, validDays: 365 },
      ],
    ),
    ...goodsOf(
      "gift",
      "physical",
      [
        "tpl-mug-f",
        say("搪瓷杯 350 ml", "Enamel mug 350 ml"),
        say("送到家", "Delivered to your door"),
        ["enamel-mug", "#f6ecd9"],
        450,
        4_900,
        200,
      ],
      [
        "tpl-tote-f",
        say("加厚帆布袋", "Heavy canvas tote"),
        say("送到家", "Delivered to your door"),
        ["canvas-tote", "#e3e8df"],
        480,
        5_900,
        200,
      ],
      [
        "tpl-notebook-f",
        say("皮面笔记本 A5", "Leather notebook A5"),
        say("送到家", "Delivered to your door"),
        ["tea-notebook", "#e9eef5"],
        1_900,
        6_900,
        200,
      ],
    ),
  ],
  pointsPerYuan: 1,
  checkInPoints: 2,
  tasks: [
    {
      ...{
        taskId: "tpl-first-order",
        title: say("首笔消费", "Your first payment"),
        detail: say("开通 30 天内完成首笔消费", "Pay within 30 days of joining"),
      },
      ...{ on: "order", points: 200 },
    },
    {
      ...{
        taskId: "tpl-check-in",
        title: say("第一次签到", "Your first check-in"),
        detail: say("签到一次，查看积分明细", "Check in once and look at your points"),
      },
      ...{ on: "check_in", points: 10 },
    },
  ],
  invite: { inviterPoints: 200, inviteePoints: 100 },
  tiers: [
    ["standard", say("普通客户", "Standard"), 0],
    ["gold", say("金卡客户", "Gold"), 10_000],
    ["private", say("钻石客户", "Diamond"), 50_000],
  ],
  sale: { skuId: "tpl-coffee", units: 100, pricePoints: 600 },
};
