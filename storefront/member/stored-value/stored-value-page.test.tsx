// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { PageData } from "../../../worker/pages/page-data.ts";
import type { StoredEntryView, StoredValueView } from "../../../worker/spending/wire.ts";
import { button, json, OneServer, open, press, settle } from "../../testing/mount.tsx";
import { saleData } from "../../testing/samples.ts";
import { StoredValuePage } from "./stored-value-page.tsx";

const server = new OneServer();
beforeEach(() => server.listen());
afterEach(() => {
  document.body.innerHTML = "";
  vi.unstubAllGlobals();
});

const entry = (seq: number): StoredEntryView => ({
  ...{ seq, type: "capture", amountFen: -100, movedFen: 100, note: `#${seq}` },
  ...{ balanceAfterFen: seq * 100, recordedAtMs: 1_760_000_000_000 },
  ...{ orderId: null, hash: "", prevHash: "" },
});
const LIMITS = { choicesFen: [], topUpMinFen: 1, topUpMaxFen: 2, balanceMaxFen: 2 };
const viewOf = (seqs: readonly number[], nextCursor: string | null): StoredValueView => ({
  ...{ balanceFen: 400, heldFen: 0, terms: { isOn: false, ...LIMITS }, ways: [] },
  ...{ entries: seqs.map(entry), nextCursor },
});

function mount(stored: StoredValueView): HTMLElement {
  const { sale: _sale, order: _order, limitUsed: _used, price: _price, ...shared } = saleData();
  const { nextSale: _next, page: _page, ...base } = shared;
  const data: Extract<PageData, { page: "storedValue" }> = {
    ...base,
    ...{ page: "storedValue", stored, topUpId: null },
  };
  return open(data, <StoredValuePage data={data} />);
}

const notesIn = (place: HTMLElement): string =>
  [...(place.textContent ?? "").matchAll(/#\d/g)].join("");

it("shows earlier movements when they are asked for, and says when they did not come", async () => {
  const place = mount(viewOf([4, 3], "3"));
  await press(place, "再看更早的");
  await settle();
  expect(notesIn(place)).toBe("#4#3");
  server.reply = () => json(viewOf([3, 2], null));
  await press(place, "没有加载出来，再点一次");
  await settle();
  expect(server.sent.map(({ path }) => path)).toEqual(
    Array(2).fill("/api/v1/me/stored-value?cursor=3"),
  );
  expect(notesIn(place)).toBe("#4#3#2");
  expect(() => button(place, "再看更早的")).toThrow("no button");
});
