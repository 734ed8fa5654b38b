/** A sale from its first word to its report, as staff and a member go through it in a browser. */
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SaleView } from "../../redemption/wire.ts";
import { isFocused, Shop, tabTo } from "./browser-shop.ts";
import { Caller, makeMember, until } from "./product.ts";

const WIDE = { viewport: { width: 1440, height: 900 }, locale: "zh-CN" } as const;
let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterAll(() => shop.close());

/** A console of its own for somebody of the staff. */
async function consoleOf(staffId: string): Promise<{ context: BrowserContext; page: Page }> {
  const { token } = await new Caller(shop.origin).login(staffId, "staff");
  const context = await shop.browser.newContext(WIDE);
  await context.addCookies([{ name: "qd_session", value: token, url: shop.origin }]);
  return { context, page: await context.newPage() };
}

function view(saleId: string): Promise<SaleView> {
  return shop.staff.get<SaleView>(`/api/v1/sales/${saleId}`).then(({ body }) => body);
}

describe("a sale", () => {
  it("goes from draft through preview and rehearsal to its publication", async () => {
    await shop.must("/api/v1/staff/skus", {
      ...{ skuId: "walked-cup", title: "云山白随行杯", units: 40, pricePoints: 100 },
    });
    const first = await consoleOf("first-hand");
    const { page } = first;

    // Draft, with the storefront beside it.
    await page.goto(`${shop.origin}/console/sales/sessions/new`);
    await page.getByLabel("场次名").fill("晚八点场");
    const opensAt = new Date(Date.now() + 8 * 3_600_000 + 26 * 3_600_000);
    await page.getByLabel("开抢").fill(`${opensAt.toISOString().slice(0, 11)}20:00`);
    await page.getByLabel("结束").fill(`${opensAt.toISOString().slice(0, 11)}20:30`);
    await page.getByRole("button", { name: "添加好礼" }).click();
    await page.getByRole("button", { name: /云山白随行杯/ }).click();
    // Its fields stand before the button that added it, and take the focus.
    await page.locator(".sale-item input:focus").waitFor();
    await page.getByLabel("总件数").fill("30");
    await page.getByRole("button", { name: "存草稿" }).click();
    await page.waitForURL(/\/sessions\/s-/);
    // Saved under an address of its own: said aloud, and read on from its title.
    await page.getByRole("status").getByText("草稿存好了").waitFor();
    await until(() => isFocused(page.getByRole("heading", { level: 1 })), Boolean);
    await page.getByText("货架 40 件，够 30").waitFor();
    const phone = page.frameLocator("iframe");
    await phone.getByRole("heading", { name: /云山白随行杯/ }).waitFor();
    await phone.getByText("预约，占用 50 积分").waitFor();

    // Rehearsal: real objects, a proof, and nothing left.
    await page.getByLabel("虚拟会员").selectOption("200");
    await tabTo(page, page.getByRole("button", { name: "开始彩排" }));
    await page.keyboard.press("Enter");
    await page.getByText("没有超发，账都对上了").waitFor({ timeout: 60_000 });
    await page.getByText(/彩排通过/).waitFor();

    // Published, members can see it.
    await tabTo(page, page.getByRole("button", { name: "检查并发布" }), "Shift+Tab");
    await page.keyboard.press("Enter");
    await tabTo(page, page.getByRole("dialog").getByRole("button", { name: "发布" }));
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: /看现场/ }).waitFor();
    await first.context.close();
  }, 120_000);

  it("that runs is paused, extended and ended by two people, and members see each", async () => {
    await shop.must("/api/v1/staff/skus", {
      ...{ skuId: "live-cup", title: "现场杯", units: 9, pricePoints: 100 },
    });
    const opensAtMs = Date.now() - 1;
    const draft = await shop.must<{ sessionId: string; version: number }>(
      "/api/v1/staff/sessions",
      {
        ...{ title: "现场", opensAtMs, closesAtMs: opensAtMs + 1_800_000 },
        items: [{ skuId: "live-cup", pricePoints: 7, units: 3, limitPerMember: 1, quantityMax: 1 }],
      },
    );
    const path = `/api/v1/staff/sessions/${draft.sessionId}`;
    await shop.must(`${path}/schedule`, { version: draft.version });
    const saleId = await until(
      async () => (await shop.staff.get<{ sales: SaleView[] }>(path)).body.sales[0]?.saleId ?? "",
      Boolean,
    );
    const first = await consoleOf("first-hand");
    const { page } = first;
    await page.goto(`${shop.origin}/console/sales/live/${encodeURIComponent(saleId)}`);
    await page.getByText("账实相符").waitFor();

    // A member redeems on the phone; the monitor shows it.
    const member = await makeMember(shop.staff, "walker", 20);
    const context = await shop.browser.newContext({
      ...{ viewport: { width: 390, height: 844 }, hasTouch: true, locale: "zh-CN" },
    });
    await context.addCookies([{ name: "qd_session", value: member.token, url: shop.origin }]);
    const phone = await context.newPage();
    await phone.goto(`${shop.origin}/calendar`);
    await phone.getByRole("link", { name: /现场杯/ }).tap();
    await phone.waitForSelector("html[data-live]");
    await phone.getByRole("button", { name: /抢/ }).first().tap();
    await until(
      () => view(saleId),
      ({ redeemed }) => redeemed === 1,
    );
    await page.getByText("1 已兑").waitFor();
    await page.getByRole("cell", { name: "wa***er" }).waitFor();

    // One tap pauses, one resumes; by keys the place is kept.
    await page.getByRole("button", { name: "暂停接单" }).focus();
    await page.keyboard.press("Enter");
    await until(
      () => view(saleId),
      ({ status }) => status === "paused",
    );
    await page.getByRole("button", { name: "恢复接单" }).waitFor();
    await page.keyboard.press("Enter");
    await until(
      () => view(saleId),
      ({ status }) => status === "open",
    );

    // A later end and more units reach the open page by themselves.
    await page.getByRole("button", { name: "延长" }).click();
    const later = new Date(opensAtMs + 8 * 3_600_000 + 7_200_000).toISOString().slice(0, 16);
    await page.getByLabel("新的结束时间").fill(later);
    await page.getByRole("dialog").getByRole("button", { name: "延长" }).click();
    await phone.getByText(/本场延长到/).waitFor({ timeout: 5_000 });
    await page.getByRole("button", { name: "加件数" }).click();
    await page.getByLabel(/^件数/).fill("2");
    await page.getByRole("dialog").getByRole("button", { name: "加件数" }).click();
    await phone.getByText("新增 2 件").waitFor({ timeout: 5_000 });

    // The early end, by keys alone: one asks, who asked cannot agree, another does.
    const end = page.getByRole("button", { name: "提前结束" });
    await tabTo(page, end);
    await page.keyboard.press("Enter");
    await until(() => isFocused(page.getByLabel("为什么")), Boolean);
    await page.keyboard.type("货不对版");
    await tabTo(page, page.getByRole("dialog").getByRole("button", { name: "提请第二个人同意" }));
    await page.keyboard.press("Enter");
    await page.getByText("你提请的，要别人同意").waitFor();
    await until(() => isFocused(end), Boolean);
    const second = await consoleOf("second-hand");
    await second.page.goto(`${shop.origin}/console/sales/live/${encodeURIComponent(saleId)}`);
    const agree = second.page.getByRole("button", { name: "同意并结束" });
    await agree.waitFor();
    await tabTo(second.page, agree);
    // Escape is the safe answer, and leads back to the question.
    await second.page.keyboard.press("Enter");
    await second.page.getByRole("dialog").waitFor();
    await second.page.keyboard.press("Escape");
    await second.page.getByRole("dialog").waitFor({ state: "hidden" });
    await until(() => isFocused(agree), Boolean);
    expect((await view(saleId)).status).toBe("open");
    await second.page.keyboard.press("Enter");
    const yes = second.page.getByRole("dialog").getByRole("button", { name: "同意并结束" });
    await tabTo(second.page, yes);
    await second.page.keyboard.press("Enter");
    await until(
      () => view(saleId),
      ({ status }) => status === "closed",
    );
    // The question and all that could be done are gone: whoever agreed reads on at what the page is now.
    const report = second.page.getByRole("heading", { name: "报告：现场杯" });
    await report.waitFor();
    await until(() => isFocused(report), Boolean);

    // The same page is the report now.
    await page.getByRole("heading", { name: "报告：现场杯" }).waitFor();
    await page.getByText("谁抢到了").waitFor();
    expect(await page.getByText("账实相符").count()).toBe(1);
    await Promise.all([first, second].map((one) => one.context.close()));
    await context.close();
  }, 120_000);
});
