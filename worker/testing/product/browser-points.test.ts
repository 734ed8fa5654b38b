/** The points centre in a real browser: what a member sees, taps and gets. */
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { isLive, Shop, shows, textOf } from "./browser-shop.ts";
import { buys, giveCards, invitedBy, setUpProgramme, tillCode } from "./points-programme.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
  await setUpProgramme(shop.staff);
});
afterEach(async () => {
  await shop.putAway();
});
afterAll(async () => {
  const { errors, missing } = shop.complaints;
  await shop.close();
  expect({ errors, missing }).toEqual({ errors: [], missing: [] });
});

async function at(memberId: string, path: string, options = {}): Promise<Page> {
  const page = await (await shop.phoneOf(memberId, options)).newPage();
  await page.goto(path);
  await isLive(page);
  return page;
}

/** Requests of the page that change something. */
function writes(page: Page): string[] {
  const seen: string[] = [];
  page.on("request", (request) => {
    if (request.method() !== "GET") seen.push(new URL(request.url()).pathname);
  });
  return seen;
}

describe("the points page", () => {
  it("has balance, check-in and ways to more in the first HTML, without script", async () => {
    const { memberId } = await shop.member(4_860);
    const context = await shop.phoneOf(memberId, { javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto("/points");
    expect(await textOf(page, ".balance")).toContain("4,860");
    expect(await textOf(page, ".balance")).toMatch(/占用中 0 .*待入账 0 .*快到期 0/);
    expect(await page.locator(".ck li").count()).toBe(7);
    expect(await page.locator(".ways a").allInnerTexts()).toHaveLength(4);
    expect(await textOf(page, ".led-r")).toContain("+4,860");
    // Styled from the first byte: no sheet is asked for.
    const background = await page
      .locator(".ck-d.now")
      .evaluate((node) => getComputedStyle(node).boxShadow);
    expect(background).not.toBe("none");
  });

  it("shows what lapses by day and by lot, summing to the balance", async () => {
    const { memberId } = await shop.member(500);
    await shop.must(`/api/v1/staff/members/${memberId}/grants`, {
      points: 860,
      reason: "会员日",
      expiresAtMs: Date.now() + 10 * 86_400_000,
      idempotencyKey: `lapses-${memberId}`,
    });
    const page = await at(memberId, "/points");
    expect(await textOf(page, ".balance")).toMatch(/快到期 860 最早/);
    const rows = await page.locator(".lot-list li").allInnerTexts();
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatch(/860 分.*到期[\s\S]*还有 1?\d 天/);
    expect(rows[1]).toMatch(/500 分 长期有效/);
    expect(await page.getByRole("img").getAttribute("aria-label")).toMatch(/860 分/);
    await page.getByRole("button", { name: "按批次看" }).tap();
    expect(await textOf(page, ".lot-list")).toMatch(/第 2 批/);
  });

  it("says which rule gave what, and links every entry in a chain", async () => {
    const { memberId } = await shop.member(100);
    await buys(shop.staff, memberId, 12_800);
    const page = await at(memberId, "/points");
    const row = page.locator(".led-r").first();
    expect(await row.innerText()).toMatch(/\+128/);
    expect(await textOf(page, ".chain")).toContain("首尾相扣");
    await row.tap();
    await page.waitForURL(/\/points\/entries\/2$/);
    await isLive(page);
    expect(await textOf(page, ".entry")).toContain("+128");
    expect(await textOf(page, "main")).toMatch(/为什么是这么多.*第 1 版 \+128/);
    expect(await textOf(page, "main")).toContain("zhenhai-road");
    await page.getByRole("link", { name: "返回积分" }).tap();
    await page.waitForURL(/\/points$/);
  });

  it("answers 404 for an entry that is not the member's", async () => {
    const { memberId } = await shop.member(10);
    const context = await shop.phoneOf(memberId);
    for (const seq of ["2", "0", "x", "99999999999999999999"]) {
      const answer = await context.request.get(`/points/entries/${seq}`);
      expect(answer.status(), seq).toBe(404);
    }
  });

  it("asks whoever is not signed in, and comes back to where it was", async () => {
    const page = await (await shop.context()).newPage();
    await page.goto("/points/invite?code=ABCD-1234");
    await isLive(page);
    expect(new URL(page.url()).searchParams.get("returnTo")).toBe("/points/invite?code=ABCD-1234");
    await page.goto("/points?direction=in");
    expect(new URL(page.url()).searchParams.get("returnTo")).toBe("/points?direction=in");
  });
});

describe("check-in", () => {
  it("is done once for many taps, and the balance follows", async () => {
    const { memberId, caller } = await shop.member(10);
    const page = await at(memberId, "/points");
    const sent = writes(page);
    await page.evaluate(() => {
      const button = [...document.querySelectorAll("button")].find(({ textContent }) =>
        textContent?.includes("签到，领"),
      );
      button?.click();
      button?.click();
      button?.click();
    });
    await shows(page, ".outcome", /签到成功，\+5 积分/);
    await shows(page, ".balance", /15/);
    expect(sent).toEqual(["/api/v1/me/check-in"]);
    await shows(page, ".led-r", /\+5/);
    const { body } = await caller.get<{ active: number }>("/api/v1/me/points");
    expect(body.active).toBe(15);
    await page.reload();
    await isLive(page);
    expect(await page.getByRole("button", { name: "今天已签到" }).count()).toBe(1);
  });

  it("in two tabs is one check-in, and the second tab says so", async () => {
    const { memberId } = await shop.member(0);
    const context = await shop.phoneOf(memberId);
    const [first, second] = [await context.newPage(), await context.newPage()];
    for (const page of [first, second]) {
      await page.goto("/points/check-in");
      await isLive(page);
    }
    await first.getByRole("button", { name: "签到，领 5 积分" }).tap();
    await shows(first, ".outcome", /签到成功/);
    await second.getByRole("button", { name: "签到，领 5 积分" }).tap();
    await shows(second, ".outcome", /没有重复加分/);
  });

  it("survives a line that is cut: the same request is sent again", async () => {
    const { memberId, caller } = await shop.member(0);
    const page = await at(memberId, "/points/check-in");
    const bodies: string[] = [];
    await page.route("**/api/v1/me/check-in", async (route) => {
      bodies.push(route.request().postData() ?? "");
      if (bodies.length === 1) {
        // The server has done it; its answer is lost on the way.
        await route.fetch();
        return route.abort();
      }
      return route.continue();
    });
    const button = page.getByRole("button", { name: "签到，领 5 积分" });
    await button.tap();
    await shows(page, ".outcome", /再点一次不会重复/);
    await button.tap();
    await page.getByRole("button", { name: "今天已签到" }).waitFor();
    expect(new Set(bodies).size).toBe(1);
    const { body } = await caller.get<{ active: number }>("/api/v1/me/points");
    expect(body.active).toBe(5);
  });

  it("by keyboard: Enter checks in, the dialog keeps and returns the focus", async () => {
    const { memberId } = await shop.member(0);
    await giveCards(shop.staff, memberId, 2);
    const page = await at(memberId, "/points/check-in");
    await page.getByRole("button", { name: "签到，领 5 积分" }).focus();
    await page.keyboard.press("Enter");
    await shows(page, ".outcome", /签到成功/);
    const focused = (): Promise<string> =>
      page.evaluate(() => document.activeElement?.textContent ?? "");
    expect(await focused()).toContain("今天已签到");
    await page.locator("button.ck-d.missed").last().focus();
    await page.keyboard.press("Enter");
    expect(await focused()).toBe("先不补");
    await page.keyboard.press("Escape");
    expect(await page.getByRole("dialog").count()).toBe(0);
    expect(await focused()).toContain("补签");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await shows(page, ".outcome", /已补签/);
    await shows(page, ".ck-h", /已连签 2 天/);
    expect(await textOf(page, "main")).toContain("补签卡 1 张");
  });
});

describe("tasks", () => {
  it("fill by what the member does, and are claimed once", async () => {
    const { memberId, caller } = await shop.member(0);
    const page = await at(memberId, "/points/tasks");
    expect(await textOf(page, "main")).toContain("到店消费一次");
    expect(await page.getByRole("button", { name: /领取/ }).count()).toBe(0);
    await buys(shop.staff, memberId, 1_000);
    await page.reload();
    await isLive(page);
    expect(await textOf(page, "main")).toContain("1 / 3");
    const sent = writes(page);
    const claim = page.getByRole("button", { name: "领取 20 积分" });
    await claim.dblclick();
    await shows(page, ".pad-x .outcome", /已领 20 积分，可用 30/);
    expect(sent).toEqual(["/api/v1/me/tasks/first-visit/claim"]);
    expect(await claim.count()).toBe(0);
    const { body } = await caller.get<{ active: number }>("/api/v1/me/points");
    expect(body.active).toBe(30);
    await page.reload();
    await isLive(page);
    expect(await textOf(page, "main")).toContain("已领取");
  });
});

describe("invites", () => {
  it("lead a friend to one acceptance, and both to points after the act", async () => {
    const inviter = await shop.member(0);
    const friend = await shop.member(0);
    const page = await at(inviter.memberId, "/points/invite", {
      permissions: ["clipboard-read", "clipboard-write"],
    });
    expect(await textOf(page, "main")).toContain("分享、转发本身不得积分");
    await page.getByRole("button", { name: "复制链接" }).tap();
    await shows(page, ".inv [role=status]", /已复制/);
    const link = await page.evaluate(async () => navigator.clipboard.readText());
    expect(new URL(link).origin).toBe(shop.origin);

    const theirs = await at(friend.memberId, link);
    expect(await textOf(theirs, ".inv")).toMatch(/邀请你加入.*你得 60 积分/);
    await theirs.getByRole("button", { name: "接受邀请" }).tap();
    await shows(theirs, ".outcome", /已接受/);
    await invitedBy(inviter.caller, ({ waiting }) => waiting === 1);
    await buys(shop.staff, friend.memberId, 2_000);
    await invitedBy(inviter.caller, ({ rewarded }) => rewarded === 1);
    await page.reload();
    await isLive(page);
    expect(await textOf(page, "main")).toMatch(/已邀请 1 等待完成 0 已得奖励 1/);
    await page.goto("/points");
    await shows(page, ".balance", /100/);
  });

  it("of oneself are no invites", async () => {
    const { memberId, caller } = await shop.member(0);
    const { code } = await invitedBy(caller, () => true);
    const page = await at(memberId, `/points/invite?code=${code}`);
    expect(await page.getByRole("button", { name: "接受邀请" }).count()).toBe(0);
  });

  it("that nobody sent are refused in words", async () => {
    const { memberId } = await shop.member(0);
    const page = await at(memberId, "/points/invite?code=ZZZZZZZZ");
    await page.getByRole("button", { name: "接受邀请" }).tap();
    await shows(page, ".outcome", /积分没有变/);
  });
});

describe("the tier card", () => {
  it("shows growth, the way to the next tier and what is kept until when", async () => {
    const { memberId } = await shop.member(0);
    await buys(shop.staff, memberId, 40_000);
    const page = await at(memberId, "/points/tier");
    expect(await textOf(page, ".tier")).toMatch(/青叶会员.*成长值 400 再得 600 成长值升到金叶会员/);
    expect(await page.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("40");
    await buys(shop.staff, memberId, 70_000);
    await page.reload();
    await isLive(page);
    expect(await textOf(page, ".tier")).toMatch(/金叶会员.*有效至.*已是最高一级/);
    expect(await textOf(page, "main")).toContain("1.2 倍");
  });
});

describe("a till code", () => {
  it("comes by its link, pays once, and says why not a second time", async () => {
    const { memberId } = await shop.member(0);
    const code = await tillCode(shop.staff, 30);
    const page = await at(memberId, `/points/code?code=${code}`);
    expect(await page.getByLabel("积分码").inputValue()).toBe(code);
    await page.getByRole("button", { name: "领取" }).tap();
    await shows(page, ".outcome", /已领 30 积分，可用 30/);
    await page.getByLabel("积分码").fill(code);
    await page.getByRole("button", { name: "领取" }).tap();
    await shows(page, ".outcome", /积分没有变|用完|领过/);
  });
});

describe("in English", () => {
  it("leaves no Chinese but names that staff gave", async () => {
    const { memberId } = await shop.member(10);
    const context = await shop.phoneOf(memberId, { locale: "en-GB" });
    const page = await context.newPage();
    for (const path of ["", "/check-in", "/tasks", "/invite", "/tier", "/code", "/entries/1"]) {
      await page.goto(`/points${path}`);
      await isLive(page);
      const words = await page.evaluate(() => document.body.innerText);
      const rest = words.replaceAll(
        /青叶会员|金叶会员|到店消费[一三]次|任意门店，每单一次。|中文/g,
        "",
      );
      expect(/[\u3400-\u9fff].*/.exec(rest)?.[0], path).toBeUndefined();
    }
  });
});
