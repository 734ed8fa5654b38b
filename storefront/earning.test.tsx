// @vitest-environment happy-dom
/** What gives points: one request for two taps, and nothing shown as done before it is. */
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PageData } from "../worker/pages/page-data.ts";
import type { InviteOffer } from "../worker/pages/wire.ts";
import { CheckInPage } from "./member/check-in/check-in-page.tsx";
import { CodePage } from "./member/code/code-page.tsx";
import { InvitesPage } from "./member/invites/invites-page.tsx";
import { PointsPage } from "./member/points/points-page.tsx";
import { TasksPage } from "./member/tasks/tasks-page.tsx";
import { renderPage } from "./ssr.tsx";
import { loginSample, offerSample } from "./testing/home-samples.ts";
import { button, json, open, press, refused, settle, OneServer } from "./testing/mount.tsx";
import {
  baseSample,
  checkInSample,
  entrySample,
  invitesSample,
  pointsSample,
  tasksSample,
  walletSample,
} from "./testing/points-samples.ts";

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

describe("checking in", () => {
  it("is sent once for two taps, and shown as done when the server says so", async () => {
    let answer: (response: Response) => void = () => undefined;
    server.reply = ({ path, method }) =>
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
    expect(server.sent).toHaveLength(1);
    expect(server.sent[0]).toMatchObject({ method: "POST", path: "/api/v1/me/check-in" });
    expect(server.sent[0]?.body["requestId"]).toMatch(/^[0-9A-Za-z]{16,40}$/);
    expect(place.querySelector(".balance b")?.textContent).toBe("4,860");
    await act(async () =>
      answer(json({ ...checkInSample({ isCheckedIn: true, streak: 5 }), earned: 5 }, 201)),
    );
    await settle();
    expect(place.textContent).toContain("签到成功，+5 积分");
    expect(button(place, "今天已签到").getAttribute("aria-disabled")).toBe("true");
    expect(place.querySelector(".balance b")?.textContent).toBe("4,865");
    // Something new stands in the ledger, so it was read again with the same filter.
    expect(server.sent.at(-1)?.path).toContain("/api/v1/me/points/entries");
    await press(place, "今天已签到");
    expect(server.sent.filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  it("repeats the same request when no answer came", async () => {
    server.reply = () => Promise.reject(new TypeError("offline"));
    const place = open(checkIn, <CheckInPage data={checkIn} />);
    await press(place, "签到，领 5 积分");
    await settle();
    expect(place.textContent).toContain("再点一次不会重复");
    server.reply = () => json({ ...checkInSample({ isCheckedIn: true }), earned: 0 });
    await press(place, "签到，领 5 积分");
    await settle();
    expect(server.sent[0]?.body).toEqual(server.sent[1]?.body);
    expect(place.textContent).toContain("没有重复加分");
  });

  it("asks before it uses a card, and says why a day cannot be made up", async () => {
    server.reply = () => refused(409, "conflict", { reason: "too_long_ago" });
    const place = open(checkIn, <CheckInPage data={checkIn} />);
    await press(place, /补签 10 月 20 日/);
    expect(server.sent).toEqual([]);
    expect(place.querySelector("[role=dialog]")?.textContent).toContain("用后还剩 1 张");
    await press(place, "先不补");
    expect(place.querySelector("[role=dialog]")).toBeNull();
    await press(place, /补签 10 月 20 日/);
    await press(place, "用卡补签");
    await settle();
    expect(server.sent).toMatchObject([
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

describe("a birthday", () => {
  const asks = (over: object = {}): Of<"tasks"> => ({
    ...tasks,
    tasks: { tasks: [], birthday: { told: null, points: 88, ...over } },
  });
  const choose = (place: Element, label: string, value: string): Promise<void> => {
    const select = place.querySelector<HTMLSelectElement>(`select[aria-label="${label}"]`);
    if (!select) throw new Error(label);
    select.value = value;
    return act(async () => void select.dispatchEvent(new Event("change", { bubbles: true })));
  };
  const days = (place: Element): number =>
    place.querySelectorAll('select[aria-label="日"] option').length - 1;

  it("is asked for with what it gives, sent whole, and not asked again", async () => {
    const place = open(asks(), <TasksPage data={asks()} />);
    expect(place.textContent).toContain("当天送 88 积分");
    await press(place, "保存生日");
    await settle();
    expect(server.sent).toEqual([]);
    expect(place.textContent).toContain("请选好月和日");
    await choose(place, "日", "31");
    await choose(place, "月", "2");
    expect(days(place)).toBe(29);
    // The 31st went with the month that has none.
    await press(place, "保存生日");
    await settle();
    expect(server.sent).toEqual([]);
    await choose(place, "日", "29");
    server.reply = () => json({ told: { month: 2, day: 29 }, points: 88 });
    await press(place, "保存生日");
    await settle();
    expect(server.sent).toMatchObject([
      { method: "PUT", path: "/api/v1/me/birthday", body: { month: 2, day: 29 } },
    ]);
    expect(place.textContent).toContain("生日已保存：2 月 29 日");
    expect(() => button(place, "保存生日")).toThrow();
  });

  it("told on another device before is said, and nothing is asked where nothing is given", async () => {
    const place = open(asks(), <TasksPage data={asks()} />);
    await choose(place, "月", "3");
    await choose(place, "日", "4");
    server.reply = () => refused(409, "conflict", { reason: "birthday_told" });
    await press(place, "保存生日");
    await settle();
    expect(place.querySelector("[role=alert]")?.textContent).toContain("生日已经填过");
    const none = { ...tasks, tasks: { tasks: [], birthday: null } };
    expect(renderPage(none).html).not.toContain("生日");
    const known = asks({ told: { month: 3, day: 4 } });
    expect(renderPage(known).html).toContain("你的生日是 3 月 4 日");
  });
});

describe("a task", () => {
  it("is claimed once, and stays claimable when the server refuses", async () => {
    server.reply = () => refused(503, "overloaded");
    const place = open(tasks, <TasksPage data={tasks} />);
    await press(place, "领取 20 积分");
    await settle();
    expect(place.textContent).toContain("人有点多");
    server.reply = () => json({ points: 20, balance: 4_880 }, 201);
    await press(place, "领取 20 积分");
    await settle();
    expect(server.sent.map(({ path }) => path)).toEqual(
      Array(2).fill("/api/v1/me/tasks/review/claim"),
    );
    expect(server.sent[0]?.body).toEqual(server.sent[1]?.body);
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
      const data: PageData = { ...tasks, tasks: { tasks: [{ ...first, link }], birthday: null } };
      expect(renderPage(data).html).not.toContain("elsewhere");
      expect(renderPage(data).html).not.toContain("javascript:");
    }
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
    expect(copied).toEqual(["https://mall.example/points/invite?code=7F3K20A9"]);
    expect(place.querySelector("[role=status]")?.textContent).toBe("已复制");
  });
});

describe("a friend's invitation", () => {
  const asked: Of<"invites"> = { ...invites, friend: { code: "9ABC-1234", offer: offerSample() } };

  it("is accepted by one request for two taps, with the same device each time", async () => {
    server.reply = () => json({ state: "bound" }, 201);
    const place = open(asked, <InvitesPage data={asked} />);
    await act(async () => {
      button(place, "接受邀请").click();
      button(place, "接受邀请").click();
    });
    await settle();
    const device = localStorage.getItem("qd:device");
    expect(server.sent.filter(({ path }) => path === "/api/v1/me/invites/accept")).toMatchObject([
      { body: { code: "9ABC-1234", device } },
    ]);
    expect(place.textContent).toContain("已接受");
    expect(() => button(place, "接受邀请")).toThrow();
  });

  it("says who invites, and what both get by the rule, before and after the sign-in", () => {
    const login = { ...base, ...loginSample() };
    const said = (change: Partial<InviteOffer>): string[] =>
      [
        renderPage({ ...login, offer: offerSample(change) }).html,
        renderPage({ ...asked, friend: { code: "9ABC-1234", offer: offerSample(change) } }).html,
      ].map((html) => html.replaceAll(/<[^>]+>/g, " "));
    for (const html of said({})) {
      expect(html).toContain("林*满 邀请你加入屿岸茶社");
      expect(html).toContain("你得 60 积分，好友得 120 积分");
      expect(html).toContain("第一次兑换后到账");
      expect(html).toContain("30 天");
    }
    for (const html of said({ inviterName: "", inviteePoints: 0, amountFenMin: 5_000 })) {
      expect(html).toContain("好友邀请你加入");
      expect(html).toContain("好友得 120 积分");
      expect(html).toContain("这一笔须满 ¥50");
      expect(html).not.toContain("你得 0");
    }
    expect(renderPage(login).html).not.toContain("邀请你加入");
  });

  it("says why it cannot be accepted", async () => {
    server.reply = () => refused(409, "conflict", { reason: "invited_oneself" });
    const place = open(asked, <InvitesPage data={asked} />);
    await press(place, "接受邀请");
    await settle();
    expect(place.textContent).toContain("这是你自己的邀请码");
  });

  it("is asked of nobody who came by themself", () => {
    const place = open(invites, <InvitesPage data={invites} />);
    expect(() => button(place, "接受邀请")).toThrow();
  });
});

describe("a till code", () => {
  const page: Of<"code"> = { ...base, page: "code", code: "" };
  const write = (place: HTMLElement, text: string): void => {
    const field = place.querySelector("input") as HTMLInputElement;
    field.value = text;
    void act(() => void field.dispatchEvent(new Event("input", { bubbles: true })));
  };
  const submit = async (place: HTMLElement): Promise<void> =>
    act(async () => {
      place
        .querySelector("form")
        ?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    });

  it("is not sent when it cannot be one", async () => {
    const place = open(page, <CodePage data={page} />);
    write(place, "a!");
    await submit(place);
    expect(server.sent).toEqual([]);
    expect(place.querySelector("input")?.getAttribute("aria-invalid")).toBe("true");
  });

  it("is paid once; another code is another request", async () => {
    server.reply = () => json({ points: 30, balance: 4_890 }, 201);
    const place = open(page, <CodePage data={page} />);
    write(place, " ABCD-1234 ");
    await submit(place);
    await settle();
    expect(place.textContent).toContain("已领 30 积分，可用 4,890");
    server.reply = () => refused(409, "conflict", { reason: "used_up" });
    write(place, "ABCD-9999");
    await submit(place);
    await settle();
    expect(place.textContent).toContain("已经用完");
    expect(server.sent.map(({ body }) => body["code"])).toEqual(["ABCD-1234", "ABCD-9999"]);
    expect(server.sent[0]?.body["requestId"]).not.toBe(server.sent[1]?.body["requestId"]);
  });
});
