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
      ["tpl-coffee", "咖啡券一张", "合作门店可用", ["pour-over", "#efe6d5"], 1_800, 3_000, 500],
      [
        "tpl-year-card",
        "影音会员年卡",
        "发放卡密",
        ["annual-card", "#f0ddd3"],
        15_000,
        19_800,
        200,
      ],
    ),
    ...goodsOf(
      "gift",
      [
        "tpl-umbrella-f",
        "商务晴雨伞",
        "八骨加固",
        ["mountain-umbrella", "#dfe5ee"],
        9_000,
        16_900,
        100,
      ],
      ["tpl-notebook-f", "皮面笔记本", "A5", ["tea-notebook", "#e9eef5"], 4_500, 6_900, 200],
      ["tpl-kettle", "手冲咖啡壶", "600 ml", ["pour-over", "#ece5d6"], 12_000, 18_900, 80],
    ),
  ],
  pointsPerYuan: 1,
  checkInPoints: 2,
  tiers: [
    ["standard", "普通客户", 0],
    ["gold", "金卡客户", 10_000],
    ["private", "钻石客户", 50_000],
  ],
  sale: { skuId: "tpl-coffee", units: 100, pricePoints: 900 },
};
