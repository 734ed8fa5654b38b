import { describe, expect, it } from "vitest";
import { posterEn } from "../../locales/poster.en.ts";
import { posterZhCN as words } from "../../locales/poster.zh-CN.ts";
import { saleSample, T0 } from "../../testing/samples.ts";
import { codeOf, codePlace, WIDTH_PX } from "./code-place.ts";
import { lines } from "./pen.ts";
import { inviteCard, saleCard } from "./poster-card.ts";

/** Chinese is as wide as it is high, Latin half of that. */
const ruler = {
  width: (text: string, px: number): number =>
    [...text].reduce((sum, one) => sum + (one.charCodeAt(0) > 255 ? px : px / 2), 0),
};

const invites = (inviteePoints: number): Parameters<typeof inviteCard>[0] => ({
  ...{ code: "GP24KM43", link: "https://mall.example/points/invite?code=GP24KM43" },
  ...{ invited: 0, waiting: 0, rewarded: 0, recent: [] },
  rules: {
    ...{ act: "order", amountFenMin: 0, days: 30, inviterPoints: 120, inviteePoints },
    ...{ cap: { period: "month", timesMax: 10 }, guarded: [] },
  },
});

describe("the picture to share", () => {
  it("names the date, since it is looked at on other days, and the list price, since others have another tier", () => {
    const card = saleCard(saleSample(), "https://mall.example/s/1", T0 - 3_600_000, words);
    expect(card.face).toMatchObject({ points: "900", badge: "10 月 25 日 10:00 开抢 · 共 500 件" });
    const live = saleCard(saleSample({ status: "open" }), "https://mall.example/s/1", T0, posterEn);
    expect(live).toMatchObject({ call: "Redeem now" });
    expect(live.face).toMatchObject({ badge: "Until 25 Oct 10:30 · 500 in all" });
  });

  it("says nothing of time once the sale is over", () => {
    const card = saleCard(saleSample({ status: "closed" }), "https://mall.example/s/1", T0, words);
    expect(card.face).toMatchObject({ badge: "" });
  });

  it("never says what the sender is paid", () => {
    const card = inviteCard(invites(50), "屿岸茶社", words);
    expect(JSON.stringify(card)).not.toContain("120");
    expect(card.face).toMatchObject({ points: "50" });
    expect(inviteCard(invites(0), "屿岸茶社", words).face).toMatchObject({ points: "", gift: "" });
  });

  it("breaks Latin between words and Chinese anywhere, and ends in an ellipsis", () => {
    expect(lines(ruler, "云山白随行保温杯", 60, 10, 400, 2)).toEqual(["云山白随行保", "温杯"]);
    expect(lines(ruler, "a canvas tote of cotton", 60, 10, 400, 2)).toEqual([
      "a canvas",
      "tote of…",
    ]);
    expect(lines(ruler, "an-endless-name-without-a-blank", 50, 10, 400, 9)).toHaveLength(4);
    expect(lines(ruler, "", 50, 10, 400, 2)).toEqual([]);
  });

  it("keeps the code inside the card with light modules around it, however long its address", () => {
    for (const length of [20, 60, 120, 200]) {
      const { length: modules } = codeOf(`https://mall.example/${"x".repeat(length)}`);
      const { modulePx, x } = codePlace(modules);
      expect(modulePx).toBeGreaterThanOrEqual(3);
      expect(x + modules * modulePx + 2 * modulePx).toBeLessThan(WIDTH_PX - 32);
    }
  });
});
