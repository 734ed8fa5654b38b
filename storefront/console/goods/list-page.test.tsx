// @vitest-environment happy-dom
import { act } from "preact/test-utils";
import { expect, it, vi } from "vitest";
import type { StaffGoodsRow } from "../../../worker/catalog/wire.ts";
import { consoleWith, drawInConsole, remove } from "../../testing/console.tsx";
import { button, press } from "../../testing/mount.tsx";
import type { Call } from "../kit/client.ts";
import { GoodsListPage } from "./list-page.tsx";

const rowOf = (goodsId: string, isEmpty: boolean, pricePoints = 100): StaffGoodsRow => ({
  ...{ goodsId, isEmpty, title: goodsId, subtitle: "", kind: "physical", role: "everyday" },
  ...{ categoryId: null, brand: null, tags: [], picture: null, groundColor: "#fff" },
  ...{ pricePoints, priceFen: 0, hasPrices: false, marketPriceFen: null, redeemedBy: null },
  ...{ skuId: goodsId, memberPoints: 100, remaining: isEmpty ? 0 : 9, redeemed: 0 },
  ...{ revision: 1, state: "draft", isLow: false, skuCount: 1, publishAtMs: null },
  ...{ updatedAtMs: 1, updatedBy: "staff:stf-1" },
});

/** Answers the page's lists, and hears what is changed. */
function shopOf(goods: readonly StaffGoodsRow[]) {
  const changed = vi.fn<(body: unknown) => void>();
  const call = ((method: string, path: string, body: unknown) => {
    if (method === "POST") changed(body);
    const value = path.startsWith("/api/v1/staff/goods?")
      ? { goods, nextCursor: null }
      : path === "/api/v1/staff/goods-bulk"
        ? { done: goods.length, refused: [] }
        : null;
    const refused = { code: "not_found", detail: "", errors: [], figures: {}, reference: null };
    return Promise.resolve(
      value === null
        ? { ok: false, status: 404, problem: refused }
        : { ok: true, status: 200, value },
    );
  }) as unknown as Call;
  return { changed, mall: consoleWith(call) };
}

/** The list with all of its rows chosen. */
async function chosenOf(goods: readonly StaffGoodsRow[]) {
  history.replaceState(null, "", "/console/goods");
  const { changed, mall } = shopOf(goods);
  const place = await drawInConsole(<GoodsListPage />, mall);
  const all = await vi.waitFor(() => {
    const found = place.querySelector<HTMLInputElement>("thead input[type=checkbox]");
    if (!found) throw new Error("no rows yet");
    return found;
  });
  await act(() => all.click());
  return { place, changed };
}

it("whoever publishes many is told first how many of them have no units, and may all the same", async () => {
  const goods = [rowOf("cup", true), rowOf("tote", false), rowOf("tin", true)];
  const { place, changed } = await chosenOf(goods);
  await press(place, "上架");
  expect(document.querySelector("dialog")?.textContent).toContain("其中 2 件还没有库存");
  expect(changed).not.toHaveBeenCalled();
  await act(() => button(document.querySelector("dialog") ?? place, "上架").click());
  await vi.waitFor(() =>
    expect(changed).toHaveBeenCalledWith({
      ...{ act: "publish", value: null, goodsIds: ["cup", "tote", "tin"] },
    }),
  );
  remove(place);
});

it("whoever publishes many is told first how many of them are given away", async () => {
  const { place, changed } = await chosenOf([rowOf("cup", false), rowOf("tote", false, 0)]);
  await press(place, "上架");
  expect(document.querySelector("dialog")?.textContent).toContain("其中 1 件是 0 积分、0 元");
  await act(() => button(document.querySelector("dialog") ?? place, "取消").click());
  expect(changed).not.toHaveBeenCalled();
  remove(place);
});

it("where every one of them has units and a price, they are published without a question", async () => {
  const { place, changed } = await chosenOf([rowOf("cup", false), rowOf("tote", false)]);
  await press(place, "上架");
  await vi.waitFor(() => expect(changed).toHaveBeenCalledOnce());
  expect(document.querySelector("dialog")).toBeNull();
  remove(place);
});
