// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { OrdersView } from "../../../worker/accounts/wire.ts";
import type { PageData } from "../../../worker/pages/page-data.ts";
import { button, json, OneServer, open, press, settle } from "../../testing/mount.tsx";
import { grantedSample, saleData } from "../../testing/samples.ts";
import { OrdersPage } from "./orders-page.tsx";

const server = new OneServer();
beforeEach(() => server.listen());
afterEach(() => {
  document.body.innerHTML = "";
  vi.unstubAllGlobals();
});

const idOf = (letter: string): string => letter.repeat(26);
const pageOf = (letters: string, nextCursor: string | null): OrdersView => ({
  orders: [...letters].map((letter) => grantedSample({ orderId: idOf(letter), title: letter })),
  nextCursor,
});

function mount(list: OrdersView, tab = "all"): HTMLElement {
  const { sale: _sale, order: _order, limitUsed: _used, price: _price, ...shared } = saleData();
  const { nextSale: _next, page: _page, ...base } = shared;
  const data: Extract<PageData, { page: "orders" }> = { ...base, page: "orders", list, tab };
  return open(data, <OrdersPage data={data} />);
}

const titlesIn = (place: HTMLElement): string =>
  [...place.querySelectorAll("article b:not(.oc-st)")].map((one) => one.textContent).join("");
const toShip = (place: HTMLElement): string | null | undefined =>
  place.querySelector("#tab-ship .num")?.textContent;

async function more(place: HTMLElement, words = "再看更早的"): Promise<void> {
  await press(place, words);
  await settle();
}

it("shows earlier orders when they are asked for, each once, and then no button", async () => {
  const place = mount(pageOf("AB", "9.next"));
  expect(titlesIn(place)).toBe("AB");
  expect(toShip(place)).toBe(" 2+");
  server.reply = () => json(pageOf("BC", null));
  await more(place);
  expect(server.sent.map(({ path }) => path)).toEqual(["/api/v1/orders?cursor=9.next"]);
  expect(titlesIn(place)).toBe("ABC");
  expect(toShip(place)).toBe(" 3");
  expect(() => button(place, "再看更早的")).toThrow("no button");
});

it("says that they did not come, and asks again", async () => {
  const place = mount(pageOf("A", "9.next"));
  await more(place);
  expect(titlesIn(place)).toBe("A");
  server.reply = () => json(pageOf("B", null));
  await more(place, "没有加载出来，再点一次");
  expect(titlesIn(place)).toBe("AB");
});

it("calls no tab empty while older orders may belong there", async () => {
  const place = mount(pageOf("A", "9.next"), "use");
  expect(place.textContent).not.toContain("这里还没有订单");
  server.reply = () => json(pageOf("B", null));
  await more(place);
  expect(place.textContent).toContain("这里还没有订单");
});
