import { goodsOf, RULES_TEXT, type Template } from "./template.ts";

export const finance: Template = {
  id: "finance",
  look: {
    ...{ logo: null, theme: "bank", corners: "square", privacy: "" },
    rules: `${RULES_TEXT}\n## 风险提示\n积分不能兑换现金，不能转让，不计息。`,
    contact: { phone: "", hours: "9:00–18:00" },
  },
  home: {
    title: "首页",
    share: { title: "积分权益中心", description: "刷卡积分，权益随心兑", picture: null },
    blocks: [
      { type: "tier", id: "tier" },
      { type: "wallet", id: "wallet" },
      {
        ...{ type: "quick", id: "quick" },
        entries: [
          { icon: "gift", title: "权益", note: "全部", link: "/g" },
          { icon: "clock", title: "积分明细", note: "", link: "/points" },
          { icon: "shield", title: "凭证查验", note: "", link: "/verify" },
          { icon: "help", title: "规则", note: "", link: "/help" },
        ],
      },
      { type: "suggested", id: "suggested", reasons: ["expiring", "because"], max: 6 },
      {
        ...{ type: "goods", id: "goods", title: "精选权益", layout: "grid", max: 12 },
        ...{ showsBands: true, source: { kind: "all" } },
      },
      { type: "sales", id: "sales", title: "限时权益", max: 3 },
      {
        ...{ type: "rich_text", id: "risk" },
        text: "积分不能兑换现金，不能转让，不计息。**每一笔积分都有可查验的凭证**，见[凭证与查验](/verify)。",
      },
    ],
  },
  categories: [
    { id: "right", title: "权益" },
    { id: "gift", title: "礼品" },
  ],
  goods: [
    ...goodsOf(
      "right",
      "coupon",
      ["tpl-store-2", "便利店 2 元券", "合作门店出示", ["coupon", "#e9eef5"], 200, 200, 999],
      [
        "tpl-parking",
        "停车券 1 小时",
        "合作车场出示",
        ["parking-coupon", "#dfe5ee"],
        480,
        800,
        500,
      ],
      ["tpl-coffee", "咖啡券一张", "合作门店可用", ["coffee-cup", "#efe6d5"], 1_200, 3_000, 500],
      [
        ...(["tpl-lounge", "机场贵宾厅 2 次", "一年有效，本人使用"] as const),
        ...([["lounge-pass", "#dfe5ee"], 8_000, 39_800, 100] as const),
        { usesPerUnit: 2, validDays: 365 },
      ],
    ),
    ...goodsOf(
      "gift",
      "physical",
      ["tpl-mug-f", "搪瓷杯 350 ml", "送到家", ["enamel-mug", "#f6ecd9"], 450, 4_900, 200],
      ["tpl-tote-f", "加厚帆布袋", "送到家", ["canvas-tote", "#e3e8df"], 480, 5_900, 200],
      ["tpl-notebook-f", "皮面笔记本 A5", "送到家", ["tea-notebook", "#e9eef5"], 1_900, 6_900, 200],
    ),
  ],
  pointsPerYuan: 1,
  checkInPoints: 2,
  tasks: [
    {
      ...{ taskId: "tpl-first-order", title: "首笔消费", detail: "开通 30 天内完成首笔消费" },
      ...{ on: "order", points: 200 },
    },
    {
      ...{ taskId: "tpl-check-in", title: "第一次签到", detail: "签到一次，查看积分明细" },
      ...{ on: "check_in", points: 10 },
    },
  ],
  invite: { inviterPoints: 200, inviteePoints: 100 },
  tiers: [
    ["standard", "普通客户", 0],
    ["gold", "金卡客户", 10_000],
    ["private", "钻石客户", 50_000],
  ],
  sale: { skuId: "tpl-coffee", units: 100, pricePoints: 600 },
};
