/** Two at the same desk: what is typed stands on what it began with, whatever the page reads anew in between. */
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { rule, word } from "./http-two-editors-bodies.ts";
import { Shop } from "./browser-shop.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
}, 120_000);
afterEach(async () => {
  await shop.putAway();
});
afterAll(async () => {
  await shop.close();
});

async function desk(path: string): Promise<Page> {
  const context = await shop.context({
    ...{ viewport: { width: 1_280, height: 900 }, isMobile: false, hasTouch: false },
  });
  await context.request.post("/api/v1/dev/login", { data: { memberId: "late", role: "staff" } });
  const page = await context.newPage();
  await page.goto(path);
  await page.getByRole("main").getByRole("heading", { level: 1 }).waitFor();
  return page;
}

/** A colleague at another desk. */
async function colleague(method: string, path: string, body: unknown): Promise<void> {
  const { status, body: said } = await shop.staff.send(method, `/api/v1/staff${path}`, body);
  if (status > 201) throw new Error(`${path}: ${status} ${JSON.stringify(said)}`);
}

/** The later one is told what differs, and goes on with their own words. */
async function isTold(page: Page, theirs: string, mine: string): Promise<void> {
  const dialog = page.getByRole("dialog").filter({ hasText: "用我的覆盖" });
  await dialog.getByRole("row").filter({ hasText: theirs }).filter({ hasText: mine }).waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
}

describe("what a colleague saves between two looks", () => {
  it("is not written over by whoever moved stock while they typed", async () => {
    const goods = { title: "原来的杯", skus: [{ pricePoints: 40 }] };
    await colleague("POST", "/goods", { goodsId: "moved", goods });
    const page = await desk("/console/goods/moved");
    await page.getByLabel("名称").fill("后改的杯");
    const edited = { ...goods, title: "先改的杯" };
    await colleague("PUT", "/goods/moved", { revision: 1, goods: edited });
    await page.getByRole("tab", { name: "规格与库存" }).click();
    await page.getByRole("button", { name: "出入库" }).first().click();
    await page.getByRole("dialog").getByLabel("件数").fill("5");
    const again = page.waitForResponse((answer) => answer.url().endsWith("/staff/goods/moved"));
    await Promise.all([again, page.keyboard.press("Enter")]);
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "保存" }).click();
    await isTold(page, "先改的杯", "后改的杯");
    await page.getByRole("tab", { name: "基本" }).click();
    expect(await page.getByLabel("名称").inputValue()).toBe("后改的杯");
    await page.getByRole("button", { name: "看哪里不一样" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "用现在的" }).click();
    await page.getByRole("button", { name: "现在上架" }).click();
    await page.getByText("已上架", { exact: true }).first().waitFor();
  });

  it("comes into a rule that is tried while nothing is typed, and nobody publishes it unseen", async () => {
    await colleague("POST", "/earning/rules", rule(41, "tried"));
    const page = await desk("/console/rules/rules/tried");
    const title = page.locator('[id="sf-title"]');
    await colleague("PUT", "/earning/rules/tried", rule(42, "tried"));
    await page.getByRole("button", { name: "试算", exact: true }).click();
    await page.waitForFunction(
      ([id, text]) => document.querySelector<HTMLInputElement>(`[id="${id}"]`)?.value === text,
      ["sf-title", word(42)] as const,
    );
    await colleague("PUT", "/earning/rules/tried", rule(43, "tried"));
    await colleague("POST", "/earning/rules/tried/dry-run", undefined);
    await page.getByRole("button", { name: "发布", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "发布" }).click();
    await page.getByText("有人刚改过同一份内容").waitFor();
    // What stands now comes in, and is published knowingly.
    await page.waitForFunction(
      ([id, text]) => document.querySelector<HTMLInputElement>(`[id="${id}"]`)?.value === text,
      ["sf-title", word(43)] as const,
    );
    await title.fill("第 44 个名字");
    await page.getByRole("button", { name: "保存草稿" }).click();
    await page.getByText("草稿已保存").waitFor();
  });

  it("takes nothing from a card that is typed in when another card is saved", async () => {
    const page = await desk("/console/approvals/thresholds");
    const card = (title: string) => page.locator("section.card", { hasText: title }).first();
    const figure = (title: string) => card(title).locator("input.num").first();
    await figure("发放积分").fill("3000");
    await colleague("PUT", "/approval-kinds/points.grant", { from: 2_000, version: 0 });
    await figure("导入积分").fill("900");
    await card("导入积分").getByRole("button", { name: "保存" }).click();
    await page.getByText("门槛已保存").waitFor();
    await card("发放积分").getByRole("button", { name: "保存" }).click();
    await isTold(page, "2", "3");
    expect(await figure("发放积分").inputValue()).toMatch(/3,?000/);
  });
});

describe("a session that ends while somebody types", () => {
  it("takes nothing away: signed in again, they save what they typed", async () => {
    const goods = { title: "半路的杯", skus: [{ pricePoints: 40 }] };
    await colleague("POST", "/goods", { goodsId: "halfway", goods });
    const page = await desk("/console/goods/halfway");
    await page.getByLabel("名称").fill("写到一半的杯");
    await page.context().clearCookies();
    await page.getByRole("button", { name: "保存" }).click();
    const over = page.getByRole("dialog", { name: /登录已过期/ });
    await over.getByLabel("用户名").fill("late");
    await page.keyboard.press("Enter");
    await over.waitFor({ state: "detached" });
    expect(await page.getByLabel("名称").inputValue()).toBe("写到一半的杯");
    await page.getByRole("button", { name: "保存" }).click();
    await page.getByText("已保存").waitFor();
  });
});
