// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { describe, expect, it } from "vitest";
import type { GoodsTile } from "../../../worker/pages/page-data.ts";
import { zhCN } from "../../locales/zh-CN.ts";
import { homeSample, tileSample } from "../../testing/home-samples.ts";
import { meSample, saleData } from "../../testing/samples.ts";
import { App } from "../app.tsx";
import { HomePage, type HomeData } from "./home-page.tsx";

describe("goods of the home page", () => {
  const cup = tileSample();
  const home = (active: number, goods: GoodsTile[], title = ""): HTMLElement => {
    const shown = goods.map(({ skuId }) => skuId);
    const blocks = homeSample().blocks.map((block) =>
      block.type === "goods" && block.skuIds !== null ? { ...block, title, skuIds: shown } : block,
    );
    const {
      sale: _sale,
      order: _order,
      limitUsed: _used,
      price: _price,
      nextSale: _next,
      ...base
    } = saleData();
    const data = { ...base, ...homeSample(blocks), me: meSample({ active }), goods };
    const place = document.body.appendChild(document.createElement("div"));
    void act(() =>
      render(
        <App text={zhCN}>
          <HomePage data={data as HomeData} />
        </App>,
        place,
      ),
    );
    return place;
  };
  const titles = (place: HTMLElement): string =>
    [...place.querySelectorAll(".h-sec")].map(({ textContent }) => textContent).join(" ");

  it("filters goods by price, in the bands that have some, and says how far the next one is", () => {
    const umbrella = tileSample({ skuId: "umbrella", pricePoints: 5_200, band: "2000+" });
    const place = home(4_860, [cup, umbrella]);
    expect(place.textContent).toContain("还差 340 积分");
    const bands = [...place.querySelectorAll<HTMLButtonElement>(".seg button")];
    expect(bands.map(({ textContent }) => textContent)).toEqual([
      "全部",
      "500–2,000",
      "2,000 以上",
    ]);
    void act(() => bands[1]?.click());
    expect(place.querySelectorAll(".tile")).toHaveLength(1);
    expect(bands[1]?.getAttribute("aria-pressed")).toBe("true");
  });

  it("calls theirs right now what a member has the points for and is there", () => {
    const four = ["a", "b", "c", "d"].map((skuId) => tileSample({ skuId }));
    const others = [
      tileSample({ skuId: "gone", remaining: 0 }),
      tileSample({ skuId: "far", pricePoints: 901 }),
    ];
    const rich = home(900, [...four, ...others]);
    expect(titles(rich)).toContain("现在就能兑900 分以内");
    expect(rich.querySelectorAll(".tile")).toHaveLength(4);
    const poor = home(899, [...four, ...others]);
    expect(titles(poor)).toContain("攒够就能兑");
    expect(poor.querySelectorAll(".tile")).toHaveLength(6);
    const own = home(900, [...four, ...others], "店长推荐");
    expect(own.querySelectorAll(".tile")).toHaveLength(6);
    // A newcomer is not led to what is within reach: nothing is.
    expect(titles(home(0, four, "店长推荐"))).toContain("店长推荐怎么赚");
  });

  it("says all of a price, and that some of it costs more", () => {
    const place = home(900, [tileSample({ priceFen: 990, hasPrices: true })], "店长推荐");
    expect(place.querySelector(".tile")?.textContent).toContain("900积分+ ¥9.90 起");
  });
});
