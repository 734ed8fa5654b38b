import { describe, expect, it } from "vitest";
import {
  asSaved,
  changesClerk,
  changesMember,
  clerkOf,
  consoleAssetsIn,
  dataOf,
  isKept,
  ownerOf,
  shelfOf,
  vouchersIn,
} from "./kept-page.ts";
import { HOUR_MS } from "../client/durations.ts";
import { renderWelcome } from "../ssr.tsx";
import { meSample, T0 } from "../testing/samples.ts";

const pageOf = (data: object): string =>
  `<!doctype html><html lang="zh-CN"><body><div id="app"></div><script type="application/json" id="page-data">${JSON.stringify(data).replaceAll("<", "\\u003c")}</script></body></html>`;
const HOME = { page: "home", locale: "zh-CN", serverTimeMs: T0, isPreview: false, me: meSample() };

describe("kept pages", () => {
  it.each(["/", "/points", "/me", "/orders", "/orders/7F3K", "/vouchers/7F3K-001"])(
    "%s is worth showing later",
    (path) => expect(isKept(path)).toBe(true),
  );
  it.each([
    "/s/demo.cup~1",
    "/g",
    "/points/code",
    "/console",
    "/login",
    "/api/v1/orders",
    "/me/addresses",
  ])("%s is not", (path) => expect(isKept(path)).toBe(false));

  it("belong to the member that they show, and to nobody else", () => {
    expect(ownerOf(pageOf(HOME))).toEqual({ owner: "chen", isKeepable: true });
    expect(ownerOf(pageOf({ ...HOME, me: null }))).toEqual({ owner: null, isKeepable: false });
    expect(ownerOf(pageOf({ ...HOME, isPreview: true })).isKeepable).toBe(false);
    expect(ownerOf(pageOf({ ...HOME, page: "problem" })).isKeepable).toBe(false);
    expect(ownerOf("<html>a captive portal</html>")).toEqual({ owner: null, isKeepable: false });
  });

  it.each([
    ["POST", "/api/v1/sign-in/phone/verify"],
    ["GET", "/api/v1/sign-in/ticket"],
    ["POST", "/api/v1/dev/login"],
    ["DELETE", "/api/v1/session"],
  ])("are forgotten at %s %s", (method, path) => expect(changesMember(method, path)).toBe(true));

  it("stay at what members do all day", () => {
    expect(changesMember("GET", "/api/v1/me/points")).toBe(false);
    expect(changesMember("POST", "/api/v1/sales/demo.cup~1/tickets")).toBe(false);
  });

  it("say of when they are, in their own language, and their clock has gone on", () => {
    const later = asSaved(pageOf(HOME), T0, T0 + 3_600_000);
    expect(later).toContain(`<html data-saved-at="${T0}" lang="zh-CN">`);
    expect(later).toContain("这是 10 月 25 日 10:00 的内容");
    expect(dataOf(later)?.serverTimeMs).toBe(T0 + 3_600_000);
    expect(asSaved(pageOf({ ...HOME, locale: "en" }), T0, T0 + 1)).toContain("as of 25 Oct 10:00");
    // By the server's clock: this phone's was an hour wrong when the page was kept.
    expect(asSaved(pageOf(HOME), T0 + HOUR_MS, T0 + HOUR_MS + 60_000)).toContain("10:00 的内容");
    // A phone whose clock was set back makes no page younger than it is.
    expect(dataOf(asSaved(pageOf(HOME), T0, T0 - 60_000))?.serverTimeMs).toBe(T0);
  });

  it("do not greet a newcomer again", () => {
    const note = renderWelcome({ points: 100, isPending: false }, "zh-CN");
    const page = pageOf(HOME).replace("<body>", `<body>${note}`);
    expect(page).toContain("100 积分");
    expect(asSaved(page, T0, T0 + 1)).not.toContain("100 积分");
  });

  it("leave a member's name as it is, dollars and brackets with it", () => {
    const me = { ...meSample(), displayName: "$& <b>陈</b> $1" };
    const later = asSaved(pageOf({ ...HOME, me }), T0, T0 + 5);
    expect(dataOf(later)?.me?.displayName).toBe(me.displayName);
    expect(later).not.toContain("<b>陈");
  });

  it("of the console are the desk alone, for its clerk and half a day", () => {
    const deskOf = (me: object | null): string =>
      `<html lang="en"><script src="/assets/console/main-1.js"></script><link href="/assets/console/main-1.js"><script type="application/json" id="console-data">${JSON.stringify({ me })}</script>`;
    const lin = { programmeId: "demo", staffId: "lin", permissions: ["orders.write_off"] };
    expect(clerkOf(deskOf(lin))).toEqual({ owner: "demo/lin", isKeepable: true });
    expect(clerkOf(deskOf({ ...lin, permissions: [] })).isKeepable).toBe(false);
    expect(clerkOf(deskOf({ ...lin, needsSecondStep: true })).isKeepable).toBe(false);
    expect(clerkOf(deskOf(null))).toEqual({ owner: null, isKeepable: false });
    expect(clerkOf("<html>a captive portal</html>").isKeepable).toBe(false);
    expect(consoleAssetsIn(deskOf(lin))).toEqual(["/assets/console/main-1.js"]);
    expect(asSaved(deskOf(lin), T0, T0)).toContain('data-saved-at="');
    expect(shelfOf("/console/write-off")?.ageMaxMs).toBe(12 * 3_600_000);
    expect(shelfOf("/console/orders")).toBeNull();
  });

  it.each([
    ["POST", "/api/v1/staff/me/sign-out"],
    ["POST", "/api/v1/staff-auth/password"],
    ["DELETE", "/api/v1/session"],
  ])("of the desk are forgotten at %s %s", (method, path) =>
    expect(changesClerk(method, path)).toBe(true),
  );

  it("of the desk stay at what clerks do all day", () => {
    expect(changesClerk("GET", "/api/v1/staff-auth/state")).toBe(false);
    expect(changesClerk("POST", "/api/v1/staff/write-offs")).toBe(false);
  });

  it("know the vouchers of a list, a few of them, each once", () => {
    const links = [1, 1, 2, 3, 4, 5, 6].map((n) => `<a href="/vouchers/order-00${n}">`).join("");
    expect(vouchersIn(links)).toHaveLength(5);
    expect(vouchersIn('<a href="/orders/1">')).toEqual([]);
  });
});
