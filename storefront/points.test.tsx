// @vitest-environment happy-dom
/** The points centre in the browser: what a tap sends, and what is shown before, during and after. */
import { hydrate, type JSX } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PageData } from "../worker/pages/page-data.ts";
import { zhCN } from "./locales/zh-CN.ts";
import { App } from "./member/app.tsx";
import { CheckInPage } from "./member/check-in/check-in-page.tsx";
import { EntryPage } from "./member/entry/entry-page.tsx";
import { InvitesPage } from "./member/invites/invites-page.tsx";
import { OrderPage } from "./member/order/order-page.tsx";
import { PointsPage } from "./member/points/points-page.tsx";
import { TasksPage } from "./member/tasks/tasks-page.tsx";
import { TierPage } from "./member/tier/tier-page.tsx";
import { renderPage } from "./ssr.tsx";
import {
  baseSample,
  checkInSample,
  ENTRIES,
  entrySample,
  invitesSample,
  pointsSample,
  receiptSample,
  quoteSample,
  tasksSample,
  tierSample,
  walletSample,
} from "./testing/points-samples.ts";
import { grantedSample } from "./testing/samples.ts";

type Sent = { method: string; path: string; body: Record<string, unknown> };
type Reply = (sent: Sent) => Response | Promise<Response>;

let sent: Sent[] = [];
let reply: Reply = () => new Response("{}", { status: 500 });
const json = (body: unknown, status = 200): Response =>
  new Response(JSON.stringify(body), { status });
const refused = (status: number, code: string, figures: object = {}): Response =>
  json({ code, instance: "i", ...figures }, status);

beforeEach(() => {
  sent = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const body = typeof init.body === "string" ? JSON.parse(init.body) : {};
    const one = { method: init.method ?? "GET", path, body };
    sent.push(one);
    return reply(one);
  });
});
afterEach(() => {
  document.body.innerHTML = "";
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** As in the browser: the Worker's markup first, taken up by the script. */
function open(data: PageData, page: JSX.Element): HTMLElement {
  const place = document.body.appendChild(document.createElement("div"));
  place.innerHTML = renderPage(data).html;
  void act(() => hydrate(<App text={zhCN}>{page}</App>, place));
  return place;
}

const settle = async (): Promise<void> =>
  act(async () => void (await new Promise((done) => setTimeout(done, 5))));

function button(place: ParentNode, words: string | RegExp): HTMLElement {
  const found = [...place.querySelectorAll("button")].find(({ textContent }) =>
    typeof words === "string" ? textContent === words : words.test(textContent ?? ""),
  );
  if (found === undefined) throw new Error(`no button ${String(words)}`);
  return found;
}

const press = async (place: ParentNode, words: string | RegExp): Promise<void> => {
  await act(async () => button(place, words).click());
};

const base = baseSample();
type Of<P extends PageData["page"]> = Extract<PageData, { page: P }>;
const checkIn: Of<"checkIn"> = { ...base, page: "checkIn", checkIn: checkInSample() };
const tasks: Of<"tasks"> = { ...base, page: "tasks", tasks: tasksSample() };
const invites: Of<"invites"> = { ...base, page: "invites", invites: invitesSample() };
const tier: Of<"tier"> = { ...base, page: "tier", tier: tierSample() };
const entry: Of<"entry"> = {
  ...base,
  page: "entry",
  entry: ENTRIES[2] ?? entrySample({ seq: 1 }),
  receipt: receiptSample(),
};
const order: Of<"order"> = { ...base, page: "order", order: grantedSample(), hasQuote: true };

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
      expect(sent).toEqual([]);
    },
  );

  it("offers nothing that the programme does not have", () => {
    const none = { checkIn: null, tasks: null, invites: null, tier: null, ledger: null };
    const { html } = renderPage(pointsSample(none));
    for (const path of ["check-in", "tasks", "invite", "tier"])
      expect(html).not.toContain(`/points/${path}`);
    expect(html).not.toContain("<select");
    const all = renderPage(pointsSample()).html;
    for (const path of ["check-in", "tasks", "invite", "tier"])
      expect(all).toContain(`/points/${path}`);
  });
});

describe("checking in", () => {
  it("is sent once for two taps, and shown as done when the server says so", async () => {
    let answer: (response: Response) => void = () => undefined;
    reply = ({ path, method }) =>
      method === "POST"
        ? new Promise((resolve) => (answer = resolve))
        : json(
            path.includes("entries")
              ? { entries: [], nextCursor: null }
              : walletSample({ active: 4_865, entries: [entrySample({ seq: 129 })] }),
          );
    const place = open(pointsSample(), <PointsPage data={pointsSample()} />);
    await press(place, "签到，领 5 积分");
    await press(place, "签到中");
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ method: "POST", path: "/api/v1/me/check-in" });
    expect(sent[0]?.body["requestId"]).toMatch(/^[0-9A-Za-z]{16,40}$/);
    expect(place.querySelector(".balance b")?.textContent).toBe("4,860");
    await act(async () =>
      answer(json({ ...checkInSample({ isCheckedIn: true, streak: 5 }), earned: 5 }, 201)),
    );
    await settle();
    expect(place.textContent).toContain("签到成功，+5 积分");
    expect(button(place, "今天已签到").getAttribute("aria-disabled")).toBe("true");
    expect(place.querySelector(".balance b")?.textContent).toBe("4,865");
    // Something new stands in the ledger, so it was read again with the same filter.
    expect(sent.at(-1)?.path).toContain("/api/v1/me/points/entries");
    await press(place, "今天已签到");
    expect(sent.filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  it("repeats the same request when no answer came", async () => {
    reply = () => Promise.reject(new TypeError("offline"));
    const place = open(checkIn, <CheckInPage data={checkIn} />);
    await press(place, "签到，领 5 积分");
    await settle();
    expect(place.textContent).toContain("再点一次不会重复");
    reply = () => json({ ...checkInSample({ isCheckedIn: true }), earned: 0 });
    await press(place, "签到，领 5 积分");
    await settle();
    expect(sent[0]?.body).toEqual(sent[1]?.body);
    expect(place.textContent).toContain("没有重复加分");
  });

  it("asks before it uses a card, and says why a day cannot be made up", async () => {
    reply = () => refused(409, "conflict", { reason: "too_long_ago" });
    const place = open(checkIn, <CheckInPage data={checkIn} />);
    await press(place, /补签 10 月 20 日/);
    expect(sent).toEqual([]);
    expect(place.querySelector("[role=dialog]")?.textContent).toContain("用后还剩 1 张");
    await press(place, "先不补");
    expect(place.querySelector("[role=dialog]")).toBeNull();
    await press(place, /补签 10 月 20 日/);
    await press(place, "用卡补签");
    await settle();
    expect(sent).toMatchObject([
      { path: "/api/v1/me/check-in/make-up", body: { day: "2025-10-20" } },
    ]);
    expect(place.querySelector("[role=status]")?.textContent).toContain("这一天太久了");
  });

  it("offers no card where there is none", () => {
    const data = { ...checkIn, checkIn: checkInSample({ makeUpCards: 0 }) };
    const place = open(data, <CheckInPage data={data} />);
    expect(() => button(place, /补签 10 月 20 日/)).toThrow();
    expect(place.textContent).toContain("没有补签卡");
  });
});

describe("a task", () => {
  it("is claimed once, and stays claimable when the server refuses", async () => {
    reply = () => refused(503, "overloaded");
    const place = open(tasks, <TasksPage data={tasks} />);
    await press(place, "领取 20 积分");
    await settle();
    expect(place.textContent).toContain("人有点多");
    reply = () => json({ points: 20, balance: 4_880 }, 201);
    await press(place, "领取 20 积分");
    await settle();
    expect(sent.map(({ path }) => path)).toEqual(Array(2).fill("/api/v1/me/tasks/review/claim"));
    expect(sent[0]?.body).toEqual(sent[1]?.body);
    expect(place.textContent).toContain("已领 20 积分，可用 4,880");
    expect(() => button(place, "领取 20 积分")).toThrow();
  });

  it("leads nowhere but into this shop", () => {
    const [first] = tasksSample().tasks;
    if (first === undefined) throw new Error("a task");
    for (const link of [
      "https://elsewhere.example/",
      "//elsewhere.example",
      "javascript:alert(1)",
    ]) {
      const data: PageData = { ...tasks, tasks: { tasks: [{ ...first, link }] } };
      expect(renderPage(data).html).not.toContain("elsewhere");
      expect(renderPage(data).html).not.toContain("javascript:");
    }
  });
});

describe("the ledger", () => {
  const seen = (place: ParentNode): number => place.querySelectorAll(".led-r").length;

  it("filters by direction and kind, keeps the address in step, and pages by cursor", async () => {
    reply = ({ path }) =>
      json({
        entries: [entrySample({ seq: path.includes("cursor") ? 4 : 9 })],
        nextCursor: path.includes("cursor") ? null : "c-9",
      });
    const place = open(pointsSample(), <PointsPage data={pointsSample()} />);
    await press(place, "获得");
    await settle();
    expect(sent[0]?.path).toBe("/api/v1/me/points/entries?limit=20&direction=in");
    expect(location.search).toBe("?direction=in");
    expect(seen(place)).toBe(1);
    await press(place, "再看更早的");
    await settle();
    expect(sent[1]?.path).toContain("direction=in&cursor=c-9");
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
    reply = () => new Promise((resolve) => waiting.push(resolve));
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
    reply = () => refused(500, "fault");
    const place = open(pointsSample(), <PointsPage data={pointsSample()} />);
    await press(place, "再看更早的");
    await settle();
    expect(place.textContent).toContain("没读到，积分不受影响");
    expect(seen(place)).toBe(ENTRIES.length);
    reply = () => json({ entries: [entrySample({ seq: 123 })], nextCursor: null });
    await press(place, "再读一次");
    await settle();
    expect(sent[0]?.path).toBe(sent[1]?.path);
    expect(seen(place)).toBe(ENTRIES.length + 1);
  });

  it("pages by sequence where it cannot be filtered", async () => {
    const data = pointsSample({ ledger: null });
    reply = () => json(walletSample({ entries: [entrySample({ seq: 123 })], nextBeforeSeq: null }));
    const place = open(data, <PointsPage data={data} />);
    await press(place, "再看更早的");
    await settle();
    expect(sent[0]?.path).toBe("/api/v1/me/points?limit=20&beforeSeq=124");
    expect(seen(place)).toBe(ENTRIES.length + 1);
  });
});

describe("a page that was away", () => {
  it("says that it is offline, and is right again when the line is back", async () => {
    reply = () => json(walletSample({ active: 5_000 }));
    const place = open(pointsSample(), <PointsPage data={pointsSample()} />);
    await act(async () => void dispatchEvent(new Event("offline")));
    expect(place.querySelector("[role=status]")?.textContent).toContain("网络断开");
    await act(async () => void dispatchEvent(new Event("online")));
    await settle();
    expect(place.querySelector("[role=status]")?.textContent).toBe("");
    expect(place.querySelector(".balance b")?.textContent).toBe("5,000");
    reply = () => refused(500, "fault");
    await act(async () => void dispatchEvent(new Event("online")));
    await settle();
    expect(place.querySelector("[role=status]")?.textContent).toContain("没能更新余额");
  });
});

describe("cancelling with a quote", () => {
  const cancel = (): Sent[] => sent.filter(({ method }) => method === "POST");

  it("cannot be confirmed before the quote is read", async () => {
    reply = () => refused(500, "fault");
    const place = open(order, <OrderPage data={order} />);
    await press(place, "取消订单");
    await settle();
    expect(place.querySelector("[role=dialog]")?.textContent).toContain("没读到退回明细");
    await press(place, "取消并退回");
    expect(cancel()).toEqual([]);
    reply = ({ path }) =>
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
      `/api/v1/orders/${order.order.orderId}/cancel`,
    ]);
  });
});

describe("an invite", () => {
  it("is copied whole, and says when it was not", async () => {
    const copied: string[] = [];
    vi.spyOn(navigator.clipboard, "writeText").mockImplementation(async (text) => {
      copied.push(text);
    });
    const place = open(invites, <InvitesPage data={invites} />);
    await press(place, "复制链接");
    await settle();
    expect(copied).toEqual(["https://mall.example/invite/7F3K20A9"]);
    expect(place.querySelector("[role=status]")?.textContent).toBe("已复制");
  });
});
