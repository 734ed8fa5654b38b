// @vitest-environment happy-dom
/** What the card under the price says while a tap waits, of money, and of who is kept out: only what is so. */
import { render } from "preact";
import { describe, expect, it } from "vitest";
import { zhCN } from "../../locales/zh-CN.ts";
import { grantedSample, lostSample, saleData, saleSample, T0 } from "../../testing/samples.ts";
import { sentence } from "../../ui/text.tsx";
import { App } from "../app.tsx";
import { grabState } from "./grab-state.ts";
import { PassCard } from "./pass.tsx";
import { grabInputOf, grantedBy, initialModel, type SaleModel } from "./sale-model.ts";

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

function buttonOf(over: Partial<SaleModel>): string[] {
  const { label, sub } = grabState(grabInputOf({ ...initialModel(live), ...over }));
  return [sentence(zhCN.grab.label, label), sentence(zhCN.grab.sub, sub)];
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

describe("money beside the points", () => {
  const PAY_WITHIN_MS = 600_000;
  const paidAtOnce = saleSample({ status: "open", payWithinMs: PAY_WITHIN_MS });
  const order = grantedSample();
  const verdict = grantedBy(order);
  const unpaid = {
    ...{ sale: paidAtOnce, verdict },
    order: grantedSample({
      state: "awaiting_payment",
      pay: { amountFen: 990, payByMs: T0 + 660_000 },
    }),
  };

  it("is said before anything is redeemed: at the door, or within so many minutes", () => {
    expect(cardOf({})).toContain("收货时付 ¥9.90");
    const said = cardOf({ sale: paidAtOnce });
    expect(said).toContain("10 分钟内付 ¥9.90");
    expect(said).not.toContain("收货时付");
  });

  it("that is awaited is asked for, with its time, and not left to the door", () => {
    const said = cardOf(unpaid);
    expect(said).toMatch(/还差一步：付 ¥9.90.*10:11 前付.*¥9.90 待支付/);
    expect(said).not.toMatch(/收货时付|等待发货/);
    expect(buttonOf(unpaid)).toEqual(["去支付 ¥9.90", "抢到了，10:11 前付款有效"]);
  });

  it("is asked for before the account has heard of the grant", () => {
    expect(buttonOf({ sale: paidAtOnce, verdict, order: null })[0]).toBe("去支付 ¥9.90");
  });

  it("that was paid, and that is due at the door, asks for nothing", () => {
    expect(cardOf({ sale: paidAtOnce, verdict, order })).toMatch(/等待发货.*¥9.90 已付/);
    expect(cardOf({ verdict, order })).toMatch(/等待发货.*¥9.90 收货时付/);
    expect(buttonOf({ verdict, order })[0]).toBe("查看订单");
  });
});

describe("taking it back", () => {
  it.each([
    ["physical", "发货前可取消"],
    ["local_service", "到店使用前可取消"],
    ["virtual", "提交充值前可取消"],
    ["coupon", "发放后不能取消"],
    ["card_code", "发放后不能取消"],
  ] as const)("is told by what the goods are: %s", (kind, words) => {
    const goods = { goodsId: "goods", kind, spec: "", freightFen: 0 };
    for (const status of ["scheduled", "open"] as const) {
      const said = cardOf({
        sale: saleSample({ status, goods }),
        ...(status === "scheduled" ? { nowMs: T0 - 60_000 } : {}),
      });
      expect(said).toContain(words);
      if (kind !== "physical") expect(said).not.toContain("发货前");
    }
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
    ["tier", /指定等级.*看我的等级/],
    ["store", /指定门店/],
    ["segment", /部分会员/],
    ["one of a later version", /部分会员/],
    ["blocked", /账号被停用.*联系客服$/],
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
