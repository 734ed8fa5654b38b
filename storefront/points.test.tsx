// @vitest-environment happy-dom
/** The points centre in the browser: what is shown before, during and after an answer. */
import type { JSX } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PageData } from "../worker/pages/page-data.ts";
import { CheckInPage } from "./member/check-in/check-in-page.tsx";
import { EntryPage } from "./member/entry/entry-page.tsx";
import { InvitesPage } from "./member/invites/invites-page.tsx";
import { OrderPage } from "./member/order/order-page.tsx";
import { PointsPage } from "./member/points/points-page.tsx";
import { TasksPage } from "./member/tasks/tasks-page.tsx";
import { TierPage } from "./member/tier/tier-page.tsx";
import { renderPage } from "./ssr.tsx";
import {
  button,
  json,
  open,
  press,
  refused,
  settle,
  OneServer,
  type Sent,
} from "./testing/mount.tsx";
import {
  baseSample,
  checkInSample,
  ENTRIES,
  entrySample,
  invitesSample,
  pointsSample,
  quoteSample,
  receiptSample,
  tasksSample,
  tierSample,
  walletSample,
} from "./testing/points-samples.ts";
import { grantedSample } from "./testing/samples.ts";

const server = new OneServer();
beforeEach(() => server.listen());
afterEach(() => {
  document.body.innerHTML = "";
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const base = baseSample();
type Of<P extends PageData["page"]> = Extract<PageData, { page: P }>;
const checkIn: Of<"checkIn"> = { ...base, page: "checkIn", checkIn: checkInSample() };
const tasks: Of<"tasks"> = { ...base, page: "tasks", tasks: tasksSample() };
const invites: Of<"invites"> = {
  ...base,
  page: "invites",
  invites: invitesSample(),
  friend: null,
};
const tier: Of<"tier"> = { ...base, page: "tier", tier: tierSample() };
const entry: Of<"entry"> = {
  ...base,
  store: null,
  page: "entry",
  entry: ENTRIES[2] ?? entrySample({ seq: 1 }),
  receipt: receiptSample(),
};
const order: Of<"order"> = {
  ...{ ...base, page: "order", order: grantedSample() },
  ...{ delivery: null, pay: { ways: null, quote: null } },
};

describe("the first HTML", () => {
  it.each([
    ["points", pointsSample(), () => <PointsPage data={pointsSample()} />],
    ["checkIn", checkIn, () => <CheckInPage data={checkIn} />],
    ["tasks", tasks, () => <TasksPage data={tasks} />],
    ["invites", invites, () => <InvitesPage data={invites} />],
    ["tier", tier, () => <TierPage data={tier} />],
    ["entry", entry, () => <EntryPage data={entry} />],
  ] as [string, PageData, () => JSX.Element][])(
    "is taken up without a change: %s",
    (_name, data, page) => {
      const before = document.createElement("div");
      before.innerHTML = renderPage(data).html;
      expect(open(data, page()).innerHTML).toBe(before.innerHTML);
      // Who shows a code of theirs names the device, so that it cannot be a friend's too.
      const told = data.page === "invites" ? ["/api/v1/me/invites/device"] : [];
      expect(server.sent.map(({ path }) => path)).toEqual(told);
    },
  );

  it("offers nothing that the programme does not have", () => {
    const none = { checkIn: null, tasks: null, invites: null, tier: null, reminders: null };
    const { html } = renderPage(pointsSample(none));
    for (const path of ["check-in", "tasks", "invite", "tier"])
      expect(html).not.toContain(`/points/${path}`);
    expect(html).not.toContain('role="switch"');
    const all = renderPage(pointsSample()).html;
    for (const path of ["check-in", "tasks", "invite", "tier"])
      expect(all).toContain(`/points/${path}`);
  });
});

describe("the ledger", () => {
  const seen = (place: ParentNode): number => place.querySelectorAll(".led-r").length;

  it("filters by direction and kind, keeps the address in step, and pages by cursor", async () => {
    server.reply = ({ path }) =>
      json({
        entries: [entrySample({ seq: path.includes("cursor") ? 4 : 9 })],
        nextCursor: path.includes("cursor") ? null : "c-9",
      });
    const place = open(pointsSample(), <PointsPage data={pointsSample()} />);
    await press(place, "获得");
    await settle();
    expect(server.sent[0]?.path).toBe("/api/v1/me/points/entries?limit=20&direction=in");
    expect(location.search).toBe("?direction=in");
    expect(seen(place)).toBe(1);
    await press(place, "再看更早的");
    await settle();
    expect(server.sent[1]?.path).toContain("direction=in&cursor=c-9");
    expect(seen(place)).toBe(2);
    expect(() => button(place, "再看更早的")).toThrow();
    // Only neighbours can be compared, so nothing is said of the chain of a filtered list.
    expect(place.querySelector(".chain")).toBeNull();
    await press(place, "全部");
    await settle();
    expect(location.search).toBe("");
  });

  it("drops the answer to a filter that is no longer chosen", async () => {
    const waiting: ((response: Response) => void)[] = [];
    server.reply = () => new Promise((resolve) => waiting.push(resolve));
    const place = open(pointsSample(), <PointsPage data={pointsSample()} />);
    await press(place, "获得");
    await press(place, "使用");
    await act(async () => waiting[1]?.(json({ entries: [], nextCursor: null })));
    await act(async () => waiting[0]?.(json({ entries: ENTRIES, nextCursor: null })));
    await settle();
    expect(seen(place)).toBe(0);
    expect(place.textContent).toContain("没有符合条件的流水");
  });

  it("keeps what it has when a page does not come, and asks for the same one again", async () => {
    server.reply = () => refused(500, "fault");
    const place = open(pointsSample(), <PointsPage data={pointsSample()} />);
    await press(place, "再看更早的");
    await settle();
    expect(place.textContent).toContain("没读到，积分不受影响");
    expect(seen(place)).toBe(ENTRIES.length);
    server.reply = () => json({ entries: [entrySample({ seq: 123 })], nextCursor: null });
    await press(place, "再读一次");
    await settle();
    expect(server.sent[0]?.path).toBe(server.sent[1]?.path);
    expect(seen(place)).toBe(ENTRIES.length + 1);
  });
});

describe("a page that was away", () => {
  it("says that it is offline, and is right again when the line is back", async () => {
    server.reply = () => json(walletSample({ active: 5_000 }));
    const place = open(pointsSample(), <PointsPage data={pointsSample()} />);
    await act(async () => void dispatchEvent(new Event("offline")));
    expect(place.querySelector("[role=status]")?.textContent).toContain("网络断开");
    await act(async () => void dispatchEvent(new Event("online")));
    await settle();
    expect(place.querySelector("[role=status]")?.textContent).toBe("");
    expect(place.querySelector(".balance b")?.textContent).toBe("5,000");
    server.reply = () => refused(500, "fault");
    await act(async () => void dispatchEvent(new Event("online")));
    await settle();
    expect(place.querySelector("[role=status]")?.textContent).toContain("没能更新余额");
  });
});

describe("cancelling with a quote", () => {
  const cancel = (): Sent[] => server.sent.filter(({ method }) => method === "POST");

  it("cannot be confirmed before the quote is read", async () => {
    server.reply = () => refused(500, "fault");
    const place = open(order, <OrderPage data={order} />);
    await press(place, "取消订单");
    await settle();
    expect(place.querySelector("[role=dialog]")?.textContent).toContain("没读到退回明细");
    await press(place, "取消并退回");
    expect(cancel()).toEqual([]);
    server.reply = ({ path }) =>
      json(path.includes("quote") ? quoteSample() : grantedSample({ state: "cancelled" }));
    await press(place, "再读一次");
    await settle();
    const said = place.querySelector("[role=dialog]")?.textContent ?? "";
    expect(said).toContain("扣了 900 积分，能退回 860");
    expect(said).toContain("回到 11 月 7 日到期的那批");
    expect(said).toContain("原批次已到期，可用到 11 月 24 日");
    expect(said).toContain("原批次已到期，按规则不退");
    await press(place, "取消并退回");
    await settle();
    expect(cancel().map(({ path }) => path)).toEqual([
      `/api/v1/orders/${order.order.orderId}/cancel?forfeitMax=40`,
    ]);
  });

  it("sends nothing until the verb is pressed, and then says what became of the order", async () => {
    server.reply = ({ path }) =>
      json(path.includes("quote") ? quoteSample() : grantedSample({ state: "cancelled" }));
    const place = open(order, <OrderPage data={order} />);
    await press(place, "取消订单");
    await settle();
    await press(place, "先不取消");
    expect(place.querySelector("[role=dialog]")).toBeNull();
    expect(cancel()).toEqual([]);
    await press(place, "取消订单");
    await settle();
    await press(place, "取消并退回");
    await settle();
    expect(cancel()).toHaveLength(1);
    expect(place.querySelector("h1")?.textContent).toContain("已取消");
  });

  it("is asked again when more lapsed since the quote", async () => {
    server.reply = ({ path, method }) =>
      method === "POST"
        ? refused(409, "conflict", { forfeited: 200 })
        : json(path.includes("quote") ? quoteSample() : grantedSample());
    const place = open(order, <OrderPage data={order} />);
    await press(place, "取消订单");
    await settle();
    server.reply = ({ path, method }) =>
      method === "POST"
        ? refused(409, "conflict", { forfeited: 200 })
        : json(path.includes("quote") ? { ...quoteSample(), forfeited: 200 } : grantedSample());
    await press(place, "取消并退回");
    await settle();
    expect(place.querySelector("[role=dialog]")?.textContent).toContain("退回明细变了");
    await press(place, "取消并退回");
    await settle();
    expect(cancel().map(({ path }) => path.split("?")[1])).toEqual([
      "forfeitMax=40",
      "forfeitMax=200",
    ]);
  });
});

describe("reminders", () => {
  it("are turned off and say so only when the server has", async () => {
    server.reply = () => refused(503, "unavailable");
    const place = open(pointsSample(), <PointsPage data={pointsSample()} />);
    const lever = (): Element => place.querySelector("[role=switch]") as Element;
    expect(place.textContent).toContain("860 积分 11 月 7 日到期");
    await press(place, /已开启/);
    await settle();
    expect(lever().getAttribute("aria-checked")).toBe("true");
    server.reply = () => json({ optedOut: true, reminders: [] });
    await press(place, /已开启/);
    await settle();
    expect(server.sent.at(-1)).toMatchObject({ method: "PUT", body: { optedOut: true } });
    expect(lever().getAttribute("aria-checked")).toBe("false");
  });
});
