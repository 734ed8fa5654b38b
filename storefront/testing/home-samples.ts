/** Home pages for tests: as the builder makes them. */
import type { BlockView, InviteOffer } from "../../worker/pages/wire.ts";
import type { GoodsTile, PageData } from "../../worker/pages/page-data.ts";

type HomeParts = Pick<
  Extract<PageData, { page: "home" }>,
  | "page"
  | "pageId"
  | "title"
  | "share"
  | "blocks"
  | "checkIn"
  | "tier"
  | "suggestions"
  | "sales"
  | "goods"
>;

const PLAIN: readonly BlockView[] = [
  { type: "wallet", id: "wallet" },
  { type: "sales", id: "sales", title: "", max: 6 },
  {
    ...{ type: "goods", id: "goods", title: "", layout: "grid", max: 24, showsBands: true },
    skuIds: ["travel-cup"],
  },
  {
    ...{ type: "goods", id: "near", title: "", layout: "list", max: 3, showsBands: false },
    skuIds: null,
  },
];

export const EVERY_BLOCK: readonly BlockView[] = [
  ...PLAIN,
  {
    ...{ type: "banner", id: "banner", heightPercent: 40 },
    slides: [
      { picture: "/goods/white-tea-tin.svg", alt: "白茶", title: "新茶", note: "", link: "/p/tea" },
      { picture: "/goods/gaiwan.svg", alt: "", title: "", note: "", link: null },
    ],
  },
  { type: "notice", id: "notice", text: "国庆发货顺延", link: null },
  {
    ...{ type: "quick", id: "quick" },
    entries: [{ icon: "gift", title: "好礼", note: "", link: "/" }],
  },
  { type: "suggested", id: "suggested", reasons: ["expiring", "because"], max: 6 },
  { type: "tier", id: "tier" },
  { type: "check_in", id: "checkin" },
  {
    ...{ type: "rich_text", id: "words" },
    paragraphs: [
      { kind: "heading", spans: [{ kind: "text", text: "怎么兑" }] },
      { kind: "paragraph", spans: [{ kind: "strong", text: "先攒分" }] },
      { kind: "list", items: [[{ kind: "link", text: "看等级", link: "/points/tier" }]] },
    ],
  },
  {
    ...{ type: "picture", id: "picture", picture: "/goods/gaiwan.svg", alt: "盖碗" },
    ...{ heightPercent: 60, link: null },
  },
  { type: "spacer", id: "space", size: 16 },
];

export function homeSample(blocks: readonly BlockView[] = PLAIN): HomeParts {
  return {
    ...{ page: "home", pageId: "home", title: "首页", blocks: [...blocks] },
    share: { title: "", description: "", picture: null },
    ...{ checkIn: null, tier: null, suggestions: null, sales: [], goods: [] },
  };
}

export function tileSample(over: Partial<GoodsTile> = {}): GoodsTile {
  return {
    ...{ goodsId: "travel-cup", skuId: "travel-cup", saleId: "tea.travel-cup~1" },
    ...{ title: "云山白随行保温杯", subtitle: "480 ml · 墨绿", picture: "/goods/travel-cup.svg" },
    ...{ groundColor: "var(--surface-3)", listPoints: 900, pricePoints: 900, priceFen: 0 },
    ...{ hasPrices: false, marketPriceFen: 16_800, remaining: 500, band: "500-2000" },
    ...over,
  };
}

type LoginParts = Pick<
  Extract<PageData, { page: "login" }>,
  "page" | "returnTo" | "suggestedMemberId" | "offer" | "ways" | "asksConsent" | "notice" | "failed"
>;

export function loginSample(): LoginParts {
  return {
    ...{ page: "login", returnTo: "/", suggestedMemberId: "", asksConsent: false, failed: "" },
    ...{ offer: null, ways: { wechat: true, phone: true } },
    notice: { version: "0".repeat(16), paragraphs: [] },
  };
}

export const offerSample = (over: Partial<InviteOffer> = {}): InviteOffer => ({
  ...{ inviterName: "林*满", inviterPoints: 120, inviteePoints: 60, act: "redemption" },
  ...{ amountFenMin: 0, days: 30 },
  ...over,
});
