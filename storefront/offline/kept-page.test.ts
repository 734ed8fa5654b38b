import { describe, expect, it } from "vitest";
import { asSaved, changesMember, dataOf, isKept, ownerOf, vouchersIn } from "./kept-page.ts";
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
    // A phone whose clock was set back makes no page younger than it is.
    expect(dataOf(asSaved(pageOf(HOME), T0, T0 - 60_000))?.serverTimeMs).toBe(T0);
  });

  it("leave a member's name as it is, dollars and brackets with it", () => {
    const me = { ...meSample(), displayName: "$& <b>陈</b> $1" };
    const later = asSaved(pageOf({ ...HOME, me }), T0, T0 + 5);
    expect(dataOf(later)?.me?.displayName).toBe(me.displayName);
    expect(later).not.toContain("<b>陈");
  });

  it("know the vouchers of a list, a few of them, each once", () => {
    const links = [1, 1, 2, 3, 4, 5, 6].map((n) => `<a href="/vouchers/order-00${n}">`).join("");
    expect(vouchersIn(links)).toHaveLength(5);
    expect(vouchersIn('<a href="/orders/1">')).toEqual([]);
  });
});
