/** How the demo merchant's mall looks: its name, its home page, and a page of its own. */
import type { SeedClient } from "./seed-earning.ts";

const PAGES = "/api/v1/staff/pages";

const LOOK = {
  name: "屿岸茶社",
  logo: null,
  theme: "cinnabar",
  corners: "small",
  contact: { phone: "400-000-0000", hours: "9:00–22:00" },
  rules: `## 兑换规则
- 积分按「先到期先使用」扣减
- 秒杀先预约再开抢，没抢到积分退回原来的批次
- 实物在发货前、到店服务在使用前可以取消，积分退回原批次，到期日不变`,
  privacy: "",
};

const HOME = {
  title: "首页",
  share: { title: "屿岸茶社 · 积分商城", description: "喝茶攒积分，好礼随时兑", picture: null },
  blocks: [
    { type: "wallet", id: "wallet" },
    { type: "sales", id: "sales", title: "", max: 4 },
    {
      ...{ type: "quick", id: "quick" },
      entries: [
        { icon: "calendar", title: "签到", note: "天天有分", link: "/points/check-in" },
        { icon: "list", title: "赚积分", note: "做任务", link: "/points/tasks" },
        { icon: "users", title: "邀请好友", note: "", link: "/points/invite" },
        { icon: "crown", title: "会员等级", note: "", link: "/points/tier" },
        { icon: "shield", title: "查验", note: "", link: "/verify" },
      ],
    },
    { type: "notice", id: "notice", text: "本周新茶上市，茶友怎么喝？", link: "/p/new-tea" },
    { type: "suggested", id: "suggested", reasons: ["expiring", "because"], max: 6 },
    {
      ...{ type: "goods", id: "goods", title: "", layout: "grid", max: 24, showsBands: true },
      source: { kind: "all" },
    },
    {
      ...{ type: "goods", id: "near", title: "", layout: "list", max: 3, showsBands: false },
      source: { kind: "near" },
    },
  ],
};

const NEW_TEA = {
  title: "本周新茶",
  share: {
    title: "云山白茶上市",
    description: "头采一芽一叶",
    picture: "/goods/white-tea-tin.svg",
  },
  blocks: [
    {
      ...{ type: "picture", id: "tin", picture: "/goods/white-tea-tin.svg", alt: "云山白茶铁罐" },
      ...{ heightPercent: 80, link: null },
    },
    {
      ...{ type: "rich_text", id: "words" },
      text: "## 云山白茶\n海拔 1,200 米，头采一芽一叶，日光萎凋。\n- 85 ℃ 水，先快出汤\n- **第三泡最甜**\n兑换规则见[帮助](/help)。",
    },
    {
      ...{ type: "goods", id: "teas", title: "一起泡", layout: "list", max: 4, showsBands: false },
      source: { kind: "category", category: "tea" },
    },
  ],
};

export async function seedPages(staff: SeedClient): Promise<void> {
  for (const [pageId, body] of Object.entries({ look: LOOK, home: HOME, "new-tea": NEW_TEA })) {
    const saved = await staff.put<{ revision: number }>(`${PAGES}/${pageId}/draft`, {
      revision: 0,
      body,
    });
    await staff.post(`${PAGES}/${pageId}/publish`, { revision: saved.revision });
  }
}
