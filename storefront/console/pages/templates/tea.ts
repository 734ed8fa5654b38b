import { goodsOf, RULES_TEXT, type Template } from "./template.ts";

export const tea: Template = {
  id: "tea",
  look: {
    ...{ logo: null, theme: "tea", corners: "round", rules: RULES_TEXT, privacy: "" },
    contact: { phone: "", hours: "9:00–22:00" },
  },
  home: {
    title: "首页",
    share: { title: "喝茶攒积分，好礼随时兑", description: "签到、消费都有积分", picture: null },
    blocks: [
      { type: "wallet", id: "wallet" },
      { type: "sales", id: "sales", title: "积分秒杀", max: 3 },
      {
        ...{ type: "quick", id: "quick" },
        entries: [
          { icon: "calendar", title: "签到", note: "天天有分", link: "/points/check-in" },
          { icon: "list", title: "赚积分", note: "做任务", link: "/points/tasks" },
          { icon: "users", title: "邀请好友", note: "一起喝", link: "/points/invite" },
          { icon: "shield", title: "查验", note: "每笔可查", link: "/verify" },
        ],
      },
      { type: "suggested", id: "suggested", reasons: ["expiring", "because"], max: 6 },
      {
        ...{ type: "goods", id: "goods", title: "", layout: "grid", max: 12, showsBands: true },
        source: { kind: "all" },
      },
      {
        ...{ type: "goods", id: "near", title: "", layout: "list", max: 3, showsBands: false },
        source: { kind: "near" },
      },
    ],
  },
  categories: [
    { id: "drink", title: "饮品" },
    { id: "ware", title: "茶器" },
  ],
  goods: [
    ...goodsOf(
      "drink",
      "local_service",
      [
        "tpl-milk-tea",
        "云山鲜奶茶 中杯",
        "到店出示核销码",
        ["milk-tea", "#f3e3d6"],
        300,
        1_800,
        500,
      ],
      [
        "tpl-lemon-tea",
        "手打柠檬茶 大杯",
        "到店出示核销码",
        ["lemon-tea", "#eef2dc"],
        320,
        1_900,
        500,
      ],
    ),
    ...goodsOf("drink", "coupon", [
      "tpl-topping",
      "加料券 任选一份",
      "珍珠、茶冻、奶盖",
      ["topping-coupon", "#f3e3d6"],
      100,
      300,
      999,
    ]),
    ...goodsOf(
      "ware",
      "physical",
      [
        "tpl-coasters",
        "山水杯垫 四只",
        "软木底，不烫桌",
        ["coaster-set", "#f6ecd9"],
        420,
        3_900,
        200,
      ],
      [
        "tpl-travel-cup",
        "随行保温杯 480 ml",
        "316 不锈钢",
        ["travel-cup", "#fcefe9"],
        900,
        12_900,
        200,
      ],
      ["tpl-gaiwan", "盖碗 150 ml", "白瓷手绘", ["gaiwan", "#e3e8df"], 1_100, 15_900, 100],
      [
        "tpl-tea-set",
        "旅行茶具 一壶两杯",
        "竹盒收纳",
        ["travel-tea-set", "#efe6d5"],
        3_200,
        39_900,
        50,
      ],
    ),
  ],
  pointsPerYuan: 1,
  checkInPoints: 5,
  tasks: [
    {
      ...{ taskId: "tpl-first-order", title: "第一杯茶", detail: "入会 30 天内下第一单" },
      ...{ on: "order", points: 60 },
    },
    {
      ...{ taskId: "tpl-check-in", title: "第一次签到", detail: "签到一次，认得积分从哪来" },
      ...{ on: "check_in", points: 10 },
    },
  ],
  invite: { inviterPoints: 100, inviteePoints: 50 },
  tiers: [
    ["leaf", "叶友", 0],
    ["bud", "芽友", 300],
    ["spring", "春友", 1_000],
  ],
  sale: { skuId: "tpl-travel-cup", units: 50, pricePoints: 600 },
};
