// @vitest-environment happy-dom
/** What the card under the price says while a tap waits, and of who is kept out: only what is so. */
import { render } from "preact";
import { describe, expect, it } from "vitest";
import { zhCN } from "../../locales/zh-CN.ts";
import { lostSample, saleData, saleSample, T0 } from "../../testing/samples.ts";
import { App } from "../app.tsx";
import { grabState } from "./grab-state.ts";
import { PassCard } from "./pass.tsx";
import { grabInputOf, initialModel, type SaleModel } from "./sale-model.ts";

const live = saleData({ sale: saleSample({ status: "open" }), serverTimeMs: T0 + 2_000 });

function cardOf(over: Partial<SaleModel>): string {
  const model = { ...initialModel(live), ...over };
  const place = document.createElement("div");
  const nothing = (): void => undefined;
  render(
    <App text={zhCN}>
      <PassCard
        {...{ model, grab: grabState(grabInputOf(model)), nextSale: null, doorMissed: false }}
        {...{ onForgo: nothing, onAgain: nothing, onCopy: nothing }}
      />
    </App>,
    place,
  );
  return place.textContent ?? "";
}

const redeeming = (waitMs: number | null): SaleModel["attempt"] => ({
  ...{ kind: "redeem", orderId: "an-order", quantity: 1, epoch: 0, startedAtMs: T0 + 1_000 },
  ...{ inDoubt: false, asks: 0, waitMs },
});

describe("a tap that waits", () => {
  it("may be left alone once it is sent", () => {
    const said = cardOf({ attempt: redeeming(null) });
    expect(said).toContain("已提交");
    expect(said).toContain("可以离开本页");
  });

  it("may not while the server has only said when to come again", () => {
    const said = cardOf({ attempt: redeeming(8_000) });
    expect(said).toContain("已为你排队");
    expect(said).toContain("请别关页面");
    expect(said).not.toMatch(/可以离开|已提交/);
  });
});

describe("who is kept out", () => {
  const refused = (rule: string): string =>
    cardOf({
      verdict: {
        ...{ kind: "refused", orderId: "an-order", code: "not_eligible", epoch: 0, atMs: null },
        figures: { rule },
      },
    });

  it.each([
    ["tier", /指定等级/],
    ["store", /指定门店/],
    ["segment", /部分会员/],
    ["one of a later version", /部分会员/],
    ["blocked", /账号被停用.*客服/],
  ])("is told why: %s", (rule, words) => {
    expect(refused(rule)).toMatch(words);
  });

  it("by the staff is not told of a condition to meet", () => {
    expect(refused("blocked")).not.toMatch(/会员|等级/);
  });
});

describe("a ticket that could not be renewed", () => {
  it("claims no return that nobody has seen", () => {
    const { orderId } = lostSample();
    const said = cardOf({
      verdict: {
        ...{ kind: "refused", orderId, code: "stale", epoch: 0, atMs: null },
        figures: {},
      },
    });
    expect(said).toContain("会退回原批次");
    expect(said).not.toContain("已退回");
  });
});
