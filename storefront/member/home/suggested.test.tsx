import { describe, expect, it } from "vitest";
import type { PageData } from "../../../worker/pages/page-data.ts";
import { renderPage } from "../../ssr.tsx";
import { cardSample } from "../../testing/goods-samples.ts";
import { homeSample } from "../../testing/home-samples.ts";
import { meSample, saleData, T0 } from "../../testing/samples.ts";

const DAY_MS = 86_400_000;
const SUGGESTIONS = {
  expiring: {
    ...{ points: 420, expiresAtMs: T0 + 8 * DAY_MS },
    goods: [cardSample({ goodsId: "sachet", title: "茶包" })],
  },
  because: {
    ...{ goodsId: "gaiwan", title: "白瓷盖碗" },
    goods: ["a", "b", "c"].map((goodsId) => cardSample({ goodsId, title: `茶器 ${goodsId}` })),
  },
};

type HomeData = Extract<PageData, { page: "home" }>;
type Reasons = Extract<HomeData["blocks"][number], { type: "suggested" }>["reasons"];

function home(reasons: Reasons, change: Partial<HomeData> = {}): string {
  const { sale: _sale, order: _order, limitUsed: _used, price: _price, ...shared } = saleData();
  const { nextSale: _next, page: _page, ...base } = shared;
  const blocks = [{ type: "suggested" as const, id: "s", reasons, max: 2 }];
  const data = { ...base, ...homeSample(blocks), me: meSample(), suggestions: SUGGESTIONS };
  return renderPage({ ...data, ...change } as HomeData).html;
}

describe("goods that the home page suggests", () => {
  it("say why, in the merchant's order, and not more than so many a reason", () => {
    const html = home(["because", "expiring"]);
    const because = html.indexOf("因为你兑过「白瓷盖碗」");
    const expiring = html.indexOf("因为你有 420 积分");
    expect(because).toBeGreaterThan(0);
    expect(expiring).toBeGreaterThan(because);
    expect(html).toContain("茶器 b");
    expect(html).not.toContain("茶器 c");
    expect(home(["expiring"])).not.toContain("因为你兑过");
    expect(home(["expiring"], { locale: "en" })).toContain("Because 420 of your points expire");
  });

  it("are not there for guests, nor for members of whom no reason is true", () => {
    const both: Reasons = ["because", "expiring"];
    expect(home(both, { me: null, suggestions: null })).not.toContain("因为");
    expect(home(both, { suggestions: { expiring: null, because: null } })).not.toContain("因为");
  });

  it("have a place in the builder's preview, which nobody is a member of", () => {
    expect(home(["because"], { isPreview: true, suggestions: null })).toContain("会员在这里看到");
  });
});
