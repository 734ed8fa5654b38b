/** Points plus cash on a phone: the order waits, the cashier takes the money, the order goes on; and it is given back. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "./browser-launch.ts";
import { HttpShop } from "./http-shop.ts";

let shop: HttpShop;
let browser: Browser;
beforeAll(async () => {
  [shop, browser] = await Promise.all([HttpShop.open({}, { hasBank: true }), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await shop.expectAuditAtRest();
  await shop.close();
});

async function seen(page: Page, name: string): Promise<void> {
  const folder = process.env["SHOTS"];
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}

it("is paid at the cashier page, and cancelled with everything back", async () => {
  const saleId = await shop.sale({ pricePoints: 30, priceFen: 990, units: 3, limitPerMember: 1 });
  const member = await shop.member(100);
  const orderId = await shop.buy(member, saleId);
  const context = await browser.newContext({
    ...{ viewport: { width: 390, height: 844 }, locale: "zh-CN", hasTouch: true },
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  await context.request.post(`${shop.origin}/api/v1/dev/login`, {
    data: { memberId: member.id },
  });
  await page.goto(`${shop.origin}/orders/${orderId}`);
  await page.getByText("¥9.90").first().waitFor();
  const pay = page.getByRole("button", { name: "微信支付" });
  await pay.waitFor();
  await seen(page, "awaiting");
  await pay.click();
  await page.waitForURL("**/pay-sim/cashier**");
  await seen(page, "cashier");
  await page.getByRole("button", { name: /确认支付/ }).click();
  await page.waitForURL(`**/orders/${orderId}**`);
  await page.getByRole("heading", { name: "兑换成功，等待发货" }).waitFor();
  await seen(page, "paid");
  await page.getByRole("button", { name: "取消订单" }).click();
  const sure = page.getByRole("dialog").getByRole("button").last();
  await expect.poll(() => sure.getAttribute("aria-disabled")).toBe("false");
  await sure.click();
  await page.getByRole("heading", { name: "已退款" }).waitFor();
  await seen(page, "refunded");
  expect(await shop.points(member)).toMatchObject({ active: 100, spent: 0 });
  await context.close();
}, 60_000);
