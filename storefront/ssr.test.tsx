// @vitest-environment happy-dom
import { hydrate, render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { PageData } from "../worker/pages/page-data.ts";
import { en } from "./locales/en.ts";
import { zhCN } from "./locales/zh-CN.ts";
import { App } from "./member/app.tsx";
import { GrabButton } from "./member/sale/grab-button.tsx";
import { grabState } from "./member/sale/grab-state.ts";
import { SaleAct } from "./member/sale/sale-act.tsx";
import { NO_FILTER } from "./member/points/ledger-model.ts";
import { SaleBody } from "./member/sale/sale-body.tsx";
import { grabInputOf, initialModel, type SaleData } from "./member/sale/sale-model.ts";
import { shareTitle } from "./member/sale/share-title.ts";
import { renderPage } from "./ssr.tsx";
import type { EntryView } from "../worker/pages/wire.ts";
import { ADDRESS, shownSample } from "./testing/delivery-samples.ts";
import { cardSample, goodsListSample, goodsSample } from "./testing/goods-samples.ts";
import {
  EVERY_BLOCK,
  homeSample,
  loginSample,
  offerSample,
  tileSample,
} from "./testing/home-samples.ts";
import {
  checkInSample,
  ENTRIES,
  entrySample,
  evidenceSample,
  invitesSample,
  pointsSample,
  receiptSample,
  tasksSample,
  tierSample,
  walletSample,
} from "./testing/points-samples.ts";
import {
  grantedSample,
  lostSample,
  meSample,
  orderSample,
  saleData,
  saleSample,
  T0,
} from "./testing/samples.ts";

const open = saleSample({ status: "open", remaining: 312 });
const empty = saleSample({ status: "open", remaining: 0, soldOut: true, soldOutAtMs: T0 + 1_284 });
const SALES: Record<string, SaleData> = {
  bookable: saleData(),
  login: saleData({ me: null }),
  booked: saleData({ order: orderSample(), limitUsed: 1 }),
  arming: saleData({ order: orderSample(), limitUsed: 1, serverTimeMs: T0 - 2_900 }),
  open: saleData({ order: orderSample(), limitUsed: 1, sale: open, serverTimeMs: T0 + 1 }),
  granted: saleData({ order: grantedSample(), limitUsed: 1, sale: open, serverTimeMs: T0 + 2_000 }),
  sold_out: saleData({ order: lostSample(), sale: empty, serverTimeMs: T0 + 2_500 }),
  wave: saleData({
    order: lostSample(),
    sale: { ...empty, returned: 8, nextWaveAtMs: T0 + 600_000 },
    serverTimeMs: T0 + 9_000,
  }),
  in_doubt: saleData({
    order: orderSample({ state: "in_doubt" }),
    limitUsed: 1,
    sale: open,
    serverTimeMs: T0 + 5_000,
  }),
  points_insufficient: saleData({ me: meSample({ active: 720, pending: 320 }) }),
  limit_reached: saleData({ limitUsed: 1 }),
  closed: saleData({
    sale: saleSample({ status: "closed", remaining: 3 }),
    nextSale: saleSample({ opensAtMs: T0 + 9e7 }),
    serverTimeMs: T0 + 2e6,
  }),
  paused: saleData({ sale: { ...open, status: "paused" }, serverTimeMs: T0 + 1 }),
};
const shared = (({
  page: _page,
  sale: _sale,
  order: _order,
  limitUsed: _used,
  price: _price,
  nextSale: _next,
  ...base
}) => base)(saleData());
const SHOWN = shownSample(T0);

const OTHERS: Record<string, PageData> = {
  home: {
    ...shared,
    ...homeSample(),
    sales: [saleSample()],
    goods: [tileSample({ skuId: "umbrella", pricePoints: 5_200, band: "2000+" }), tileSample()],
  },
  "home, signed out": { ...shared, ...homeSample(), me: null, sales: [], goods: [] },
  "home, every block": { ...shared, ...homeSample(EVERY_BLOCK) },
  me: {
    ...{ ...shared, page: "me", tier: tierSample(), invites: { points: 100 } },
    vouchers: [
      {
        ...{ voucherId: "o-1-001", title: "饮品券", usesLeft: 2, expiresAtMs: T0 + 86_400_000 },
        ...{ bookedAtMs: T0 + 3_600_000, bookedUntilMs: T0 + 7_200_000 },
      },
    ],
    remindersOff: true,
    identities: {
      hasConsent: true,
      identities: [{ kind: "phone", shown: "138****2607" }],
    },
  },
  "me, a guest": {
    ...{ ...shared, me: null, page: "me", vouchers: [], tier: null, invites: null },
    remindersOff: false,
    identities: null,
  },
  addresses: {
    ...{ ...shared, page: "addresses" },
    addresses: { max: 20, addresses: [ADDRESS] },
  },
  "addresses, none": {
    ...{ ...shared, page: "addresses" },
    addresses: { max: 20, addresses: [] },
  },
  voucher: { ...shared, page: "voucher", shown: SHOWN, booking: null },
  "voucher, used up": {
    ...{ ...shared, page: "voucher", booking: null },
    shown: { ...SHOWN, codes: [], voucher: { ...SHOWN.voucher, state: "used_up", usesLeft: 0 } },
  },
  notices: {
    ...{ ...shared, page: "notices" },
    reminders: {
      optedOut: false,
      reminders: [
        {
          ...{ reminderId: "r1", atMs: T0, points: 320, daysLeft: 7 },
          expiresAtMs: T0 + 7 * 86_400_000,
        },
      ],
    },
  },
  "notices, none": {
    ...{ ...shared, page: "notices" },
    reminders: { optedOut: true, reminders: [] },
  },
  help: {
    ...{ ...shared, page: "help", privacy: [] },
    rules: [{ kind: "paragraph", spans: [{ kind: "text", text: "每人限兑一件" }] }],
    contact: { phone: "400-800 1234", hours: "9:00–22:00" },
  },
  "goods list": goodsListSample(shared),
  "goods list, nothing": goodsListSample(shared, []),
  goods: goodsSample(shared),
  "goods, a guest": { ...goodsSample(shared), me: null },
  orders: {
    ...{ ...shared, page: "orders", tab: "all" },
    list: {
      orders: [
        orderSample(),
        grantedSample({ orderId: "B".repeat(26) }),
        lostSample({ orderId: "C".repeat(26) }),
        grantedSample({ orderId: "D".repeat(26), state: "received", uses: { left: 0, total: 1 } }),
      ],
      nextCursor: null,
    },
  },
  "orders, none": { ...shared, page: "orders", list: { orders: [], nextCursor: null }, tab: "use" },
  order: {
    ...{ ...shared, page: "order", order: grantedSample() },
    ...{ delivery: null, pay: { ways: null, quote: null } },
  },
  points: pointsSample(),
  "points, nothing yet": pointsSample({
    points: walletSample({
      lots: [],
      calendar: [],
      entries: [],
      nextBeforeSeq: null,
      active: 0,
      nextExpiry: null,
    }),
    ledger: { filter: NO_FILTER, entries: { entries: [], nextCursor: null } },
    ...{ checkIn: null, tasks: null, invites: null, tier: null, reminders: null },
  }),
  entry: {
    ...shared,
    page: "entry",
    store: null,
    entry: ENTRIES[2] as EntryView,
    receipt: receiptSample(),
  },
  "entry, from before rules": {
    ...shared,
    page: "entry",
    store: { name: "栈桥店", brandName: "屿岸茶社" },
    entry: entrySample({ seq: 1, type: "opening" }),
    receipt: null,
  },
  verify: { ...shared, page: "verify", evidence: evidenceSample() },
  checkIn: { ...shared, page: "checkIn", checkIn: checkInSample() },
  tasks: { ...shared, page: "tasks", tasks: tasksSample() },
  "tasks, none": { ...shared, page: "tasks", tasks: { tasks: [], birthday: null } },
  "tasks, a birthday told": {
    ...shared,
    page: "tasks",
    tasks: { tasks: [], birthday: { told: { month: 2, day: 29 }, points: 0 } },
  },
  invites: { ...shared, page: "invites", invites: invitesSample(), friend: null },
  "invites, none": {
    ...shared,
    page: "invites",
    invites: invitesSample({ recent: [] }),
    friend: { code: "9ABC-1234", offer: offerSample() },
  },
  tier: { ...shared, page: "tier", tier: tierSample() },
  code: { ...shared, page: "code", code: "" },
  "tier, the highest": {
    ...shared,
    page: "tier",
    tier: tierSample({ next: null, projected: null, progress: 1, benefits: [] }),
  },
  login: { ...shared, ...loginSample() },
  "login, consent": { ...shared, ...loginSample(), asksConsent: true, failed: "both_in_use" },
  "login, invited": { ...shared, ...loginSample(), offer: offerSample() },
  "login, off": {
    ...{ ...shared, ...loginSample() },
    devLogin: false,
    ways: { wechat: false, phone: false },
  },
  problem: { ...shared, page: "problem", status: 404, code: "not_found", requestId: "r-1" },
};

afterEach(() => {
  document.body.innerHTML = "";
  vi.restoreAllMocks();
});

/** Every link of a page must lead to a page that exists. */
const EXISTS =
  /^(\/|\/s\/[^/]+|\/orders(\/[^/]+)?|\/points(\/(check-in|tasks|invite|tier|code|entries\/\d+))?|\/verify(#.*)?|\/me(\/addresses)?|\/vouchers\/[^/]+|\/notices|\/help(\?order=[\w-]+#contact)?|\/p\/[a-z0-9-]+|\/g(\?[^"]*)?|\/g\/[a-z0-9-]+|tel:[\d+]+|data:application\/json;.*|\/login\?returnTo=[^&]+(&amp;way=phone)?|\/api\/v1\/sign-in\/wechat\?returnTo=[^&]+|\?lang=(en|zh-CN)|)$/;

describe.each(Object.entries({ ...SALES, ...OTHERS }))("%s", (name, data) => {
  it.each(["zh-CN", "en"] as const)("renders in %s", (locale) => {
    const page = renderPage({ ...data, locale });
    expect(page.title).not.toBe("");
    expect(page.html).not.toMatch(/undefined|NaN|\[object|null/);
    for (const [, href = ""] of page.html.matchAll(/<a [^>]*href="([^"]*)"/g))
      expect(href).toMatch(EXISTS);
    // Icons are drawn by name: a name without a shape would be a hole.
    const shapes = new Set([...page.html.matchAll(/<symbol id="([^"]+)"/g)].map(([, id]) => id));
    for (const [, used] of page.html.matchAll(/<use href="#([^"]+)"/g))
      expect(shapes, `icon ${used} of ${name}`).toContain(used);
  });
});

describe("the goods list", () => {
  it("says whose goods they are where several brands share points, and is narrowed to one", () => {
    const ware = { brandId: "ware", name: "屿岸器物" };
    const list = goodsListSample(shared, [cardSample({ brand: ware })]);
    const { html } = renderPage(list);
    expect(html).toMatch(/class="note mute">屿岸器物/);
    expect(html).toMatch(/href="[^"]*brand=ware[^"]*"[^>]*>屿岸器物/);
    const one = renderPage({ ...list, brands: [] });
    expect(one.html).not.toContain("屿岸器物");
    const chosen = renderPage({ ...list, filter: { ...list.filter, brand: "ware" } });
    expect(chosen.html).toMatch(/<a [^>]*aria-current="true"[^>]*>屿岸器物/);
    expect(chosen.html).toContain('name="brand" value="ware"');
  });
});

describe("the sale page", () => {
  it.each(Object.entries(SALES))("has its one button in the HTML: %s", (state, data) => {
    const { html } = renderPage(data);
    expect(html.match(/id="grab"/g)).toHaveLength(1);
    expect(html).toContain(`data-state="${state}"`);
    expect(html).toContain("900");
    expect(html).toMatch(/aria-live="assertive"/);
  });

  it.each(Object.entries(SALES))("is taken up without a change: %s", (_state, data) => {
    document.body.innerHTML = renderPage(data).html;
    const parts = [
      ["sale-act", SaleAct],
      ["sale-body", SaleBody],
    ] as const;
    for (const [id, Part] of parts) {
      const place = document.getElementById(id) as HTMLElement;
      const before = place.innerHTML;
      const button = document.getElementById("grab");
      hydrate(
        <App text={zhCN}>
          <Part data={data} controller={null} />
        </App>,
        place,
      );
      expect(place.innerHTML).toBe(before);
      expect(document.getElementById("grab")).toBe(button);
    }
  });

  it("shows how late only by the server's figures", () => {
    expect(renderPage(SALES["sold_out"] as SaleData).html).toContain("128");
    const unknown = saleData({
      order: lostSample({ figures: {} }),
      sale: empty,
      serverTimeMs: T0 + 2_500,
    });
    expect(renderPage(unknown).html).not.toContain("毫秒");
  });

  it("says once that it is paused, and to who booked what is kept", () => {
    const paused = SALES["paused"] as SaleData;
    const said = ({ html }: { html: string }): number => (html.match(/暂停/g) ?? []).length;
    expect(said(renderPage(paused))).toBe(1);
    const booked = renderPage({ ...paused, order: orderSample(), limitUsed: 1 });
    expect(said(booked)).toBe(1);
    expect(booked.html).toContain("门票有效");
    expect(booked.html).toContain("取消预约");
  });

  it("offers a stored picture in the widths there are, and the drawn ones as they are", () => {
    const stored = saleSample({ picture: "/media/demo/cup.webp" });
    expect(renderPage(saleData({ sale: stored })).html).toContain(
      'srcset="/media/demo/cup.webp?w=200 200w,/media/demo/cup.webp?w=400 400w,/media/demo/cup.webp?w=800 800w" sizes="270px"',
    );
    expect(renderPage(saleData()).html).not.toContain("srcset");
  });

  it("keeps its share title to what a chat shows", () => {
    expect(shareTitle(saleSample(), "zh-CN", T0 - 1)).toBe("今天 10:00 抢兑 云山白随…，900 积分");
    expect(shareTitle(saleSample(), "en", T0 - 1)).toMatch(/^Today 10:00 /);
    for (const title of ["杯", "一二三四五六七八九十一二三四五六七八九十"]) {
      expect([...shareTitle(saleSample({ title }), "zh-CN", T0 - 1)].length).toBeLessThanOrEqual(
        24,
      );
    }
  });
});

describe("the button", () => {
  const grab = grabState(grabInputOf(initialModel(SALES["open"] as SaleData)));

  function mounted(state = grab): { button: HTMLElement; acts: () => number } {
    let acts = 0;
    const place = document.body.appendChild(document.createElement("div"));
    void act(() =>
      render(
        <App text={en}>
          <GrabButton grab={state} onAct={() => void (acts += 1)} />
        </App>,
        place,
      ),
    );
    return { button: place.querySelector("button") as HTMLElement, acts: () => acts };
  }
  const down = (button: HTMLElement): boolean =>
    button.dispatchEvent(new PointerEvent("pointerdown", { button: 0, bubbles: true }));
  const click = (button: HTMLElement, detail: number): boolean =>
    button.dispatchEvent(new MouseEvent("click", { detail, bubbles: true }));

  it("acts on finger down, and takes the click that follows for the same act", () => {
    const { button, acts } = mounted();
    down(button);
    expect(acts()).toBe(1);
    click(button, 1);
    expect(acts()).toBe(1);
  });

  it("acts on Enter and Space, which come as a click without a pointer", () => {
    const { button, acts } = mounted();
    click(button, 0);
    expect(acts()).toBe(1);
    down(button);
    click(button, 0);
    expect(acts()).toBe(3);
  });

  it("leaves links to the click, so that a finger put down to scroll goes nowhere", () => {
    const { button, acts } = mounted(
      grabState(grabInputOf(initialModel(SALES["granted"] as SaleData))),
    );
    down(button);
    expect(acts()).toBe(0);
    click(button, 1);
    expect(acts()).toBe(1);
  });

  it("stays focusable while it waits", () => {
    const { button, acts } = mounted(
      grabState(grabInputOf(initialModel(SALES["booked"] as SaleData))),
    );
    expect(button.getAttribute("aria-disabled")).toBe("true");
    expect(button.hasAttribute("disabled")).toBe(false);
    down(button);
    click(button, 1);
    expect(acts()).toBe(0);
  });
});
