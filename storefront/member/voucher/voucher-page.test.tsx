// @vitest-environment happy-dom
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { shownSample } from "../../testing/delivery-samples.ts";
import { json, OneServer, open, settle } from "../../testing/mount.tsx";
import { renderPage } from "../../ssr.tsx";
import { saleData, T0 } from "../../testing/samples.ts";
import { VoucherPage, type VoucherData } from "./voucher-page.tsx";

const MINUTE_MS = 60_000;
const TURN_MS = Math.ceil(T0 / MINUTE_MS) * MINUTE_MS;
const OLD = "482719300001";
const NEW = "482719300002";

const server = new OneServer();
beforeEach(() => server.listen());
afterEach(() => {
  document.body.innerHTML = "";
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** As the server answers at that moment: the codes of its minute and the next. */
function shownAt(atMs: number): VoucherData["shown"] {
  const all = [OLD, NEW].map((code, at) => ({
    ...{ code, qr: `QD1.${code}.proof` },
    ...{ fromMs: TURN_MS + (at - 1) * MINUTE_MS, untilMs: TURN_MS + at * MINUTE_MS },
  }));
  const codes = all.filter(({ untilMs }) => untilMs > atMs);
  return { ...shownSample(atMs), codes };
}

function pageAt(openedAtMs: number, readAtMs: number): VoucherData {
  const { sale: _sale, order: _order, limitUsed: _used, price: _price, ...shared } = saleData();
  const { nextSale: _next, page: _page, ...base } = shared;
  return {
    ...base,
    page: "voucher",
    serverTimeMs: openedAtMs,
    shown: shownAt(readAtMs),
    booking: null,
  };
}

const codeOf = (place: HTMLElement): string | null =>
  place.querySelector("[data-code]")?.getAttribute("data-code") ?? null;

it("has a code at every moment, also when it asked just before the minute turned", async () => {
  vi.useFakeTimers({ now: TURN_MS - 3_100 });
  const data = pageAt(TURN_MS - 3_100, TURN_MS - 3_100);
  const place = open(data, <VoucherPage data={data} />);
  // Asked 100 ms before the turn and answered 100 ms after it, by a server that has only codes of its own minute on.
  server.reply = async () => {
    await new Promise((done) => setTimeout(done, 200));
    return json(shownAt(Date.now()));
  };
  const seen: string[] = [];
  for (let passedMs = 0; passedMs < 5_000; passedMs += 50) {
    await act(async () => void (await vi.advanceTimersByTimeAsync(50)));
    const code = codeOf(place);
    expect(code, `after ${passedMs} ms`).not.toBeNull();
    if (code !== null && code !== seen.at(-1)) seen.push(code);
  }
  expect(seen).toEqual([OLD, NEW]);
});

it("offers the slots that came with the page in its first markup, and asks for none", async () => {
  const fromMs = T0 + 3_600_000;
  const slots = [{ fromMs, untilMs: fromMs + 1_800_000, placesLeft: 3 }];
  const data: VoucherData = {
    ...pageAt(T0, T0),
    booking: {
      ...{ stores: [{ storeId: "zhenhai", name: "镇海路店" }], storeId: "zhenhai" },
      offer: { slots, bookingsLeft: 2, moveHours: 2, moveUntilMs: null },
    },
  };
  expect(renderPage(data).html).toContain(`data-slot="${fromMs}"`);
  const place = open(data, <VoucherPage data={data} />);
  await settle();
  expect(place.querySelectorAll("[data-slot]")).toHaveLength(1);
  expect(server.sent.filter(({ path }) => path.includes("/slots"))).toEqual([]);
});

it("asks for the slots where they did not come with the page", async () => {
  server.reply = () => json({ stores: [], storeId: null, offer: null });
  const data = pageAt(T0, T0);
  open(data, <VoucherPage data={data} />);
  await settle();
  expect(server.sent.map(({ path }) => path)).toEqual(["/api/v1/me/vouchers/v1/slots"]);
});

it("shows the first code of a page that began before the minute turned and was read after", () => {
  vi.useFakeTimers({ now: TURN_MS + 10 });
  const data = pageAt(TURN_MS - 5, TURN_MS + 2);
  const place = open(data, <VoucherPage data={data} />);
  expect(codeOf(place)).toBe(NEW);
});
