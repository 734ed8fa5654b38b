// @vitest-environment happy-dom
/** Where a redemption leads: to its payment only where one is awaited. */
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, expect, it, vi } from "vitest";
import { goodsText } from "../../locales/goods.ts";
import { zhCN } from "../../locales/zh-CN.ts";
import { goodsSample } from "../../testing/goods-samples.ts";
import { baseSample } from "../../testing/points-samples.ts";
import { grantedSample, T0 } from "../../testing/samples.ts";
import { App } from "../app.tsx";
import { ConfirmSheet } from "./confirm-sheet.tsx";
import type { GoodsPageState } from "./use-goods.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  document.body.textContent = "";
});

/** The button under the verdict, as it is once the order has been read. */
async function buttonOf(pay: { amountFen: number; payByMs: number } | null): Promise<string> {
  const order = grantedSample({ state: pay ? "awaiting_payment" : "to_ship", pay });
  const read = vi.fn(async () => order);
  const answer = (path: string): object =>
    path.includes("/orders/")
      ? { ok: true, status: 200, headers: new Headers(), json: read }
      : Response.json({}, { status: 404 });
  vi.stubGlobal("fetch", async (path: string) => answer(path));
  const data = goodsSample(baseSample());
  const [sku] = data.goods.skus;
  if (!sku) throw new Error("no variant");
  const nothing = (): void => undefined;
  const state: GoodsPageState = {
    ...{ goods: data.goods, sku, isChanged: false, isOffline: false, active: 4_860 },
    ...{ choose: nothing, confirm: nothing, settle: nothing },
    redeem: { kind: "granted", orderId: order.orderId, points: 900 },
  };
  const place = document.createElement("div");
  document.body.append(place);
  await act(() =>
    render(
      <App text={zhCN}>
        <ConfirmSheet {...{ data, sku, state, words: goodsText("zh-CN"), onClose: nothing }} />
      </App>,
      place,
    ),
  );
  await vi.waitFor(() => expect(read).toHaveResolved());
  await act(() => new Promise((resolve) => setTimeout(resolve)));
  return place.querySelector(".cf-end .primary")?.textContent ?? "";
}

it("to the payment that is awaited", async () => {
  expect(await buttonOf({ amountFen: 990, payByMs: T0 + 600_000 })).toBe("去付 ¥9.90");
});

it("to the order, where the cash is due at the door", async () => {
  expect(await buttonOf(null)).toBe("看订单");
});
