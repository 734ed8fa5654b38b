import { renderToString } from "preact-render-to-string";
import { describe, expect, it } from "vitest";
import type { TierCardView } from "../../../worker/pages/wire.ts";
import { mallZhCN } from "../../locales/mall.zh-CN.ts";
import { pointsZhCN } from "../../locales/points.zh-CN.ts";
import { zhCN } from "../../locales/zh-CN.ts";
import { NOW, tierSample } from "../../testing/points-samples.ts";
import { App } from "../app.tsx";
import { TierCard } from "../tier/tier-page.tsx";
import { TierBenefits } from "./tier-benefits.tsx";

const shown = (tier: TierCardView): string =>
  renderToString(
    <App text={zhCN}>
      <TierBenefits tier={tier} nowMs={NOW} words={mallZhCN.me} />
    </App>,
  );

describe("the tier's card", () => {
  it("says what the tier gives, and what keeps it", () => {
    const html = shown(tierSample());
    for (const { text } of tierSample().benefits) expect(html).toContain(text);
    expect(html).toContain("120 成长值可以保级");
    expect(html).not.toContain("升为墨叶会员后");
  });

  it("says of a tier that gives nothing what the next one would", () => {
    const ladder = [
      { tierId: "leaf", name: "青叶", level: 0, fromGrowth: 0, benefits: [] },
      { tierId: "gold", name: "金叶", level: 1, fromGrowth: 300, benefits: ["兑换 9.5 折"] },
    ];
    const next = { tierId: "gold", name: "金叶", missingGrowth: 20 };
    const tier = tierSample({ benefits: [], ladder, next, missingToStay: 0 });
    expect(shown(tier)).toMatch(/升为金叶后.*兑换 9\.5 折/);
    expect(shown(tier)).not.toContain("保级");
    expect(shown({ ...tier, next: null })).not.toContain("9.5 折");
  });

  it("says apart that it was bought, and until when", () => {
    const card = tierSample({ source: "paid" });
    const html = renderToString(
      <App text={zhCN}>
        <TierCard card={card} nowMs={NOW} words={pointsZhCN} />
      </App>,
    );
    expect(html).toContain("付费会员 · 有效至");
  });
});
