/** Every page of the points centre of a programme that has all of it, ready to be looked at. */
import type { BrowserContextOptions, Page } from "playwright-core";
import { isLive, type Shop, shows } from "./browser-shop.ts";
import type { Stage } from "./browser-stages.ts";
import { buys, giveCards, setUpProgramme } from "./points-programme.ts";

const ready = new WeakMap<Shop, Promise<void>>();

/** Set up once a shop, by the first stage that needs it. */
function programmeOf(shop: Shop): Promise<void> {
  const made = ready.get(shop) ?? setUpProgramme(shop.staff);
  ready.set(shop, made);
  return made;
}

/** A member with a lot that lapses soon, purchases, cards and a task to claim. */
async function member(shop: Shop): Promise<string> {
  await programmeOf(shop);
  const { memberId } = await shop.member(4_860);
  await shop.must(`/api/v1/staff/members/${memberId}/grants`, {
    points: 860,
    reason: "会员日",
    expiresAtMs: Date.now() + 10 * 86_400_000,
    idempotencyKey: `lapses-${memberId}`,
  });
  await buys(shop.staff, memberId, 12_800);
  await giveCards(shop.staff, memberId, 2);
  return memberId;
}

const at =
  (path: string): Stage =>
  async (shop, options) => {
    const page = await (await shop.phoneOf(await member(shop), options)).newPage();
    await page.goto(path);
    await isLive(page);
    return page;
  };

async function after(
  shop: Shop,
  options: BrowserContextOptions,
  path: string,
  act: (page: Page) => Promise<unknown>,
): Promise<Page> {
  const page = await at(path)(shop, options);
  await act(page);
  return page;
}

export const POINTS_STAGES: Readonly<Record<string, Stage>> = {
  "points centre": at("/points"),
  "points, nothing yet": async (shop, options) => {
    await programmeOf(shop);
    const { memberId } = await shop.member(0);
    const page = await (await shop.phoneOf(memberId, options)).newPage();
    await page.goto("/points");
    await isLive(page);
    return page;
  },
  "points, checked in": (shop, options) =>
    after(shop, options, "/points", async (page) => {
      await page.getByRole("button", { name: /签到，领/ }).tap();
      await shows(page, ".outcome", /签到成功/);
    }),
  "check-in": at("/points/check-in"),
  "make-up dialog": (shop, options) =>
    after(shop, options, "/points/check-in", async (page) => {
      await page.locator("button.ck-d.missed").last().tap();
      await page.getByRole("dialog").waitFor();
    }),
  "check-in, refused": (shop, options) =>
    after(shop, options, "/points/check-in", async (page) => {
      await page.route("**/api/v1/me/check-in", (route) => route.abort());
      await page.getByRole("button", { name: /签到，领/ }).tap();
      await shows(page, ".outcome", /网络没有回音/);
    }),
  tasks: at("/points/tasks"),
  invites: at("/points/invite"),
  "a friend's invitation": at("/points/invite?code=ABCD1234"),
  tier: at("/points/tier"),
  "till code": at("/points/code"),
  "ledger entry": at("/points/entries/3"),
  verify: async (shop, options) => {
    const page = await (await shop.context(options)).newPage();
    await page.goto("/verify");
    await isLive(page);
    return page;
  },
  "verify, verified": (shop, options) =>
    after(shop, options, "/points/entries/3", async (page) => {
      await page.getByRole("link", { name: "查验这一笔" }).tap();
      await page.waitForURL(/\/verify#/);
      await isLive(page);
      await shows(page, ".verdict", /签名有效/);
    }),
  "cancel, quoted": async (shop, options) => {
    const { memberId, caller } = await shop.member(1_000);
    const saleId = await shop.sale();
    const orderId = crypto.randomUUID();
    const body = { orderId, quantity: 1, epoch: await shop.epochOf(saleId) };
    await caller.post(`/api/v1/sales/${saleId}/redemptions`, body);
    const page = await (await shop.phoneOf(memberId, options)).newPage();
    await page.goto(`/orders/${orderId}`);
    await isLive(page);
    await page.getByRole("button", { name: "取消订单" }).tap();
    await shows(page, "[role=dialog]", /积分全部退回/);
    return page;
  },
};
