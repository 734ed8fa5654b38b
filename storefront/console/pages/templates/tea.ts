import { goodsOf, RULES_TEXT, say, type Told } from "./template.ts";

export const tea: Told = {
  id: "tea",
  look: {
    ...{ logo: null, theme: "tea", corners: "round", rules: RULES_TEXT, privacy: "" },
    contact: { phone: "", hours: "9:00–22:00" },
  },
  home: {
    title: say("首页", "Home"),
    share: {
      title: say("喝茶攒积分，好礼随时兑", "Points with every cup"),
      description: say("签到、消费都有积分", "Check in and order, and redeem them for gifts"),
      picture: null,
    },
    blocks: [
      { type: "wallet", id: "wallet" },
      { type: "sales", id: "sales", title: say("积分秒杀", "Flash sales"), max: 3 },
      {
        ...{ type: "quick", id: "quick" },
        entries: [
          {
            icon: "calendar",
            title: say("签到", "Check in"),
            note: say("天天有分", "every day"),
            link: "/points/check-in",
          },
          {
            icon: "list",
            title: say("赚积分", "Earn"),
            note: say("做任务", "tasks"),
            link: "/points/tasks",
          },
          {
            icon: "users",
            title: say("邀请好友", "Invite"),
            note: say("一起喝", "a friend"),
            link: "/points/invite",
          },
          {
            icon: "shield",
            title: say("查验", "Verify"),
            note: say("每笔可查", "each entry"),
            link: "/verify",
          },
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
    { id: "drink", title: say("饮品", "Drinks") },
    { id: "ware", title: say("茶器", "Teaware") },
  ],
  goods: [
    ...goodsOf(
      "drink",
      "local_service",
      [
        "tpl-milk-tea",
        say("云山鲜奶茶 中杯", "Fresh milk tea, medium"),
        say("到店出示核销码", "Show your code at the store"),
        ["milk-tea", "#f3e3d6"],
        300,
        1_800,
        500,
      ],
      [
        "tpl-lemon-tea",
        say("手打柠檬茶 大杯", "Hand-pounded lemon tea, large"),
        say("到店出示核销码", "Show your code at the store"),
        ["lemon-tea", "#eef2dc"],
        320,
        1_900,
        500,
      ],
    ),
    ...goodsOf("drink", "coupon", [
      "tpl-topping",
      say("加料券 任选一份", "Topping of your choice"),
      say("珍珠、茶冻、奶盖", "Pearls, tea jelly or milk foam"),
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
        say("山水杯垫 四只", "Landscape coasters, four"),
        say("软木底，不烫桌", "Cork base, kind to the table"),
        ["coaster-set", "#f6ecd9"],
        420,
        3_900,
        200,
      ],
      [
        "tpl-travel-cup",
        say("随行保温杯 480 ml", "Travel flask 480 ml"),
        say("316 不锈钢", "316 stainless steel"),
        ["travel-cup", "#fcefe9"],
        900,
        12_900,
        200,
      ],
      [
        "tpl-gaiwan",
        say("盖碗 150 ml", "Gaiwan 150 ml"),
        say("白瓷手绘", "White porcelain, hand-painted"),
        ["gaiwan", "#e3e8df"],
        1_100,
        15_900,
        100,
      ],
      [
        "tpl-tea-set",
        say("旅行茶具 一壶两杯", "Travel tea set, pot and two cups"),
        say("竹盒收纳", "In a bamboo case"),
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
      ...{
        taskId: "tpl-first-order",
        title: say("第一杯茶", "Your first cup"),
        detail: say("入会 30 天内下第一单", "Order within 30 days of joining"),
      },
      ...{ on: "order", points: 60 },
    },
    {
      ...{
        taskId: "tpl-check-in",
        title: say("第一次签到", "Your first check-in"),
        detail: say("签到一次，认得积分从哪来", "Check in once and see where points come from"),
      },
      ...{ on: "check_in", points: 10 },
    },
  ],
  invite: { inviterPoints: 100, inviteePoints: 50 },
  tiers: [
    ["leaf", say("叶友", "Leaf"), 0],
    ["bud", say("芽友", "Bud"), 300],
    ["spring", say("春友", "Spring"), 1_000],
  ],
  sale: { skuId: "tpl-travel-cup", units: 50, pricePoints: 600 },
};
