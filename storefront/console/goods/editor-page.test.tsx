// @vitest-environment happy-dom
import { act } from "preact/test-utils";
import { expect, it, vi } from "vitest";
import type { StaffGoodsView } from "../../../worker/catalog/wire.ts";
import { consoleWith, drawInConsole, remove } from "../../testing/console.tsx";
import { button } from "../../testing/mount.tsx";
import type { Call } from "../kit/client.ts";
import { draftOf, NEW_GOODS } from "./editor-model.ts";
import { EditorPage } from "./editor-page.tsx";

const draft: StaffGoodsView = {
  ...{ goodsId: "cup", revision: 1, state: "draft", isApplied: true, skus: [] },
  goods: draftOf({ ...NEW_GOODS, title: "盖碗" }, null) as StaffGoodsView["goods"],
  advice: [{ code: "free", skuId: "cup", figures: {} }],
  ...{ updatedAtMs: 1, updatedBy: "staff:stf-1", publishedAtMs: null },
};

it("goods without a price are given away only by whoever was asked", async () => {
  const published = vi.fn<(path: string) => void>();
  const call = ((method: string, path: string) => {
    if (method === "POST") published(path);
    const value = path.startsWith("/api/v1/staff/goods/cup") ? draft : {};
    return Promise.resolve({ ok: true, status: 200, value });
  }) as unknown as Call;
  const place = await drawInConsole(<EditorPage params={{ goodsId: "cup" }} />, consoleWith(call));
  const publish = await vi.waitFor(() => button(place, "现在上架"));
  await act(() => publish.click());
  const question = document.querySelector("dialog") ?? place;
  expect(question.textContent).toContain("什么都不用付");
  expect(published).not.toHaveBeenCalled();
  await act(() => button(question, "现在上架").click());
  await vi.waitFor(() => expect(published).toHaveBeenCalledWith("/api/v1/staff/goods/cup/publish"));
  remove(place);
});
