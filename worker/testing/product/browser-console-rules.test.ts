/** Rules in the console, as staff use them: a rule from its form over the dry run into force, terms compared and taken back. */
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Shop } from "./browser-shop.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
}, 120_000);
afterEach(async () => {
  await shop.putAway();
});
afterAll(async () => {
  const { errors, missing } = shop.complaints;
  await shop.close();
  expect({ errors, missing }).toEqual({ errors: [], missing: [] });
});

async function desk(path: string, memberId = "rules-staff"): Promise<Page> {
  const context = await shop.context({
    ...{ viewport: { width: 1_280, height: 800 }, isMobile: false, hasTouch: false },
  });
  const data = { memberId, role: "staff" };
  await context.request.post("/api/v1/dev/login", { data });
  const page = await context.newPage();
  await page.goto(path);
  return page;
}

const field = (page: Page, name: string) => page.locator(`[id="sf-${name}"]`);

describe("a rule", () => {
  it("goes from its form over a dry run into force, and the list says it in a line", async () => {
    const page = await desk("/console/rules/rules/new");
    await field(page, "ruleId").fill("walk");
    await field(page, "title").fill("到店礼");
    await page.getByLabel("到店核销").check();
    await page.getByRole("combobox", { name: "给多少" }).selectOption({ label: "固定积分" });
    await field(page, "benefit.points").fill("0");
    await page.getByRole("button", { name: "保存草稿" }).click();
    // The server names the field, and the form shows it there.
    await page.locator('[id="sf-benefit.points"][aria-invalid=true]').waitFor();
    await field(page, "benefit.points").fill("12");
    await page.getByRole("button", { name: "保存草稿" }).click();
    await page.waitForURL("**/console/rules/rules/walk");
    await page.getByRole("button", { name: "试算", exact: true }).click();
    await page.getByRole("button", { name: "发布", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "发布" }).click();
    await page.getByText("线上 v1").waitFor();
    await page.goto("/console/rules");
    await page.getByText("到店核销时，每次 12 分。").waitFor();
    expect(await page.getByRole("switch", { name: /到店礼/ }).getAttribute("aria-checked")).toBe(
      "true",
    );
  });
});

describe("terms", () => {
  it("are previewed, saved, shown to who comes second, and taken back", async () => {
    const page = await desk("/console/rules/terms/refund");
    await field(page, "days").fill("45");
    await page.getByText("45", { exact: true }).waitFor();
    await page.getByRole("button", { name: "保存，马上生效" }).click();
    await page.getByText("线上 v1").waitFor();
    const second = await desk("/console/rules/terms/refund", "other-staff");
    await field(second, "days").fill("60");
    await field(page, "days").fill("50");
    await page.getByRole("button", { name: "保存，马上生效" }).click();
    await page.getByText("线上 v2").waitFor();
    // The second is told, with both versions, and decides; nothing typed is lost.
    await second.getByRole("button", { name: "保存，马上生效" }).click();
    const dialog = second.getByRole("dialog");
    await dialog.getByText("60", { exact: true }).waitFor();
    await dialog.getByText("50", { exact: true }).waitFor();
    await dialog.getByRole("button").last().click();
    await second.getByText("线上 v3").waitFor();
    await second.getByRole("button", { name: "历史与回退" }).click();
    await second.getByRole("button", { name: /第 1 版/ }).click();
    await second.getByRole("button", { name: "以这一版为草稿" }).click();
    expect(await field(second, "days").inputValue()).toBe("45");
    await second.getByRole("button", { name: "保存，马上生效" }).click();
    await second.getByText("线上 v4").waitFor();
    const stored = await shop.staff.get<{ terms: unknown }>("/api/v1/staff/earning/terms/refund");
    expect(stored.body.terms).toEqual({ kind: "grace", days: 45 });
  });
});
