/** Every page of the storefront and every state of the sale page, ready to be looked at. */
import type { BrowserContextOptions, Page } from "playwright-core";
import { Line } from "./browser-line.ts";
import { inState, isLive, type Shop, shows } from "./browser-shop.ts";

export type Stage = (shop: Shop, options: BrowserContextOptions) => Promise<Page>;

const LATER_MS = 3 * 86_400_000;

/** A member with points on the sale page. */
async function visitor(
  shop: Shop,
  options: BrowserContextOptions,
  terms: Parameters<Shop["sale"]>[0] = {},
  points = 4_860,
): Promise<{
  page: Page;
  saleId: string;
  line: Line;
  caller: Awaited<ReturnType<Shop["member"]>>["caller"];
}> {
  const { memberId, caller } = await shop.member(points);
  const context = await shop.phoneOf(memberId, options);
  const line = await Line.of(context);
  // Last: from here on its hour runs.
  const saleId = await shop.sale(terms);
  const page = await shop.visit(context, saleId);
  return { page, saleId, line, caller };
}

/** From now on the page's clock says this moment, however long somebody looks; its timers run on. */
async function holdClock(page: Page, laterMs = 0): Promise<void> {
  await page.evaluate((laterBy) => {
    const atMs = performance.now() + laterBy;
    performance.now = () => atMs;
  }, laterMs);
}

/** Requests to these addresses get no answer for as long as the page is open. */
async function unanswered(page: Page, ...globs: readonly string[]): Promise<void> {
  for (const glob of globs) await page.route(glob, () => undefined);
}

/** The tap is on its way, and no answer to it. */
async function tapped(shop: Shop, options: BrowserContextOptions): Promise<Page> {
  const { page, line } = await armed(shop, options);
  line.lostToDoor = (frame) => frame.t === "grab";
  await unanswered(page, "**/api/v1/orders/*");
  await holdClock(page);
  await page.tap("#grab");
  await inState(page, "sending");
  return page;
}

/** With a ticket, and the hour come. */
async function armed(
  shop: Shop,
  options: BrowserContextOptions,
  units = 5,
): Promise<{ page: Page; saleId: string; line: Line }> {
  const { page, saleId, line } = await visitor(shop, options, { opensInMs: 4_500, units });
  await page.tap("#grab");
  await inState(page, "open");
  await shows(page, ".pass", /直连中|Connected/);
  return { page, saleId, line };
}

export const SALE_STAGES: Readonly<Record<string, Stage>> = {
  login: async (shop, options) => {
    const saleId = await shop.sale({ opensInMs: LATER_MS });
    const page = await shop.visit(await shop.context(options), saleId);
    await inState(page, "login");
    return page;
  },
  bookable: async (shop, options) => {
    const { page } = await visitor(shop, options, { opensInMs: 765_000, units: 500 });
    await inState(page, "bookable");
    return page;
  },
  booked: async (shop, options) => {
    const { page } = await visitor(shop, options, { opensInMs: 765_000, units: 500 });
    await page.tap("#grab");
    await inState(page, "booked");
    await shows(page, ".pass", /已与服务器对时|In step with/);
    return page;
  },
  booking: async (shop, options) => {
    const { page } = await visitor(shop, options, { opensInMs: 765_000, units: 500 });
    await unanswered(page, "**/tickets");
    await page.tap("#grab");
    await inState(page, "booking");
    return page;
  },
  arming: async (shop, options) => {
    const { page } = await visitor(shop, options, { opensInMs: 7_000 });
    await page.tap("#grab");
    await inState(page, "arming");
    await holdClock(page);
    return page;
  },
  open: async (shop, options) => (await armed(shop, options)).page,
  "without the door": async (shop, options) => {
    const { page, line } = await armed(shop, options);
    await line.hangUp();
    await shows(page, ".pass", /直连断开|Reconnecting/);
    return page;
  },
  sending: tapped,
  queued: async (shop, options) => {
    const page = await tapped(shop, options);
    await holdClock(page, 1_200);
    await inState(page, "queued");
    return page;
  },
  "queued by the server": async (shop, options) => {
    const { page } = await visitor(shop, options);
    await page.route("**/redemptions", (route) =>
      route.fulfill({
        ...{ status: 503, contentType: "application/problem+json" },
        headers: { "retry-after": "8" },
        json: { code: "overloaded" },
      }),
    );
    await page.tap("#grab");
    await inState(page, "queued");
    return page;
  },
  granted: async (shop, options) => {
    const { page } = await visitor(shop, options);
    await page.tap("#grab");
    await inState(page, "granted");
    await shows(page, ".band", /第几件|Your unit/);
    return page;
  },
  lost: async (shop, options) => {
    const { page, saleId, line } = await armed(shop, options, 1);
    line.lostToPage = (frame) => frame.t === "stock";
    await shop.taken(saleId);
    await page.tap("#grab");
    await shows(page, ".pass", /已退回原批次|back in their lots/);
    return page;
  },
  "sold out": async (shop, options) => {
    const { page, saleId } = await visitor(shop, options, { units: 1 });
    await shop.taken(saleId);
    await inState(page, "sold_out");
    return page;
  },
  "sold out, guest": async (shop, options) => {
    const saleId = await shop.sale({ units: 1 });
    await shop.taken(saleId);
    const page = await shop.visit(await shop.context(options), saleId);
    await inState(page, "sold_out");
    return page;
  },
  stale: async (shop, options) => {
    const { page, saleId } = await armed(shop, options, 1);
    await shop.taken(saleId);
    await inState(page, "sold_out");
    await page.route("**/tickets", (route) => route.fulfill({ status: 409, json: {} }));
    await shop.command(saleId, "restock", { units: 1 });
    await inState(page, "bookable");
    return page;
  },
  wave: async (shop, options) => {
    const { page, saleId } = await armed(shop, options, 1);
    const winner = await shop.taken(saleId);
    await inState(page, "sold_out");
    await winner.caller.post(`/api/v1/orders/${winner.orderId}/cancel`, {});
    await inState(page, "wave");
    return page;
  },
  in_doubt: async (shop, options) => {
    const { page, line } = await armed(shop, options);
    line.cut();
    await page.context().setOffline(true);
    await page.tap("#grab");
    await inState(page, "in_doubt");
    return page;
  },
  points_insufficient: async (shop, options) => {
    const { page } = await visitor(shop, options, {}, 100);
    await inState(page, "points_insufficient");
    return page;
  },
  limit_reached: async (shop, options) => {
    const { page, saleId, caller } = await visitor(shop, options);
    const body = { orderId: crypto.randomUUID(), quantity: 1, epoch: await shop.epochOf(saleId) };
    await caller.post(`/api/v1/sales/${saleId}/redemptions`, body);
    await page.tap("#grab");
    await inState(page, "limit_reached");
    return page;
  },
  blocked: async (shop, options) => {
    const saleId = await shop.sale();
    const { memberId } = await shop.member(600);
    await shop.must(`/api/v1/staff/members/${memberId}/block`, { reason: "风控" });
    const page = await shop.visit(await shop.phoneOf(memberId, options), saleId);
    await page.tap("#grab");
    await inState(page, "not_eligible");
    return page;
  },
  paused: async (shop, options) => {
    const { page, saleId } = await visitor(shop, options);
    await shop.command(saleId, "pause");
    await inState(page, "paused");
    return page;
  },
  closed: async (shop, options) => {
    const { page, saleId } = await visitor(shop, options);
    await shop.command(saleId, "close");
    await inState(page, "closed");
    return page;
  },
};

/** A member with a lot that lapses, one that does not, an order and another one cancelled. */
async function regular(
  shop: Shop,
  options: BrowserContextOptions,
): Promise<{ page: Page; orderId: string }> {
  const { memberId, caller } = await shop.member(2_000);
  await shop.must(`/api/v1/staff/members/${memberId}/grants`, {
    points: 860,
    reason: "消费得分",
    expiresAtMs: Date.now() + 10 * 86_400_000,
    idempotencyKey: `lapses-${memberId}`,
  });
  const redeem = async (orderId: string): Promise<void> => {
    const saleId = await shop.sale();
    const body = { orderId, quantity: 1, epoch: await shop.epochOf(saleId) };
    await caller.post(`/api/v1/sales/${saleId}/redemptions`, body);
  };
  const kept = crypto.randomUUID();
  const cancelled = crypto.randomUUID();
  await redeem(kept);
  await redeem(cancelled);
  await caller.post(`/api/v1/orders/${cancelled}/cancel`, {});
  const page = await (await shop.phoneOf(memberId, options)).newPage();
  return { page, orderId: kept };
}

async function at(page: Page, path: string): Promise<Page> {
  await page.goto(path);
  await isLive(page);
  return page;
}

const everyBlock = new WeakMap<Shop, Promise<void>>();

/** A page of the builder with one of each; published once, whoever asks first. */
export function everyBlockIsPublished(shop: Shop): Promise<void> {
  const published = everyBlock.get(shop) ?? publishEveryBlock(shop);
  everyBlock.set(shop, published);
  return published;
}

async function publishEveryBlock(shop: Shop): Promise<void> {
  const path = "/api/v1/staff/pages/every-block";
  const link = "/help";
  const blocks = [
    ...["wallet", "tier", "check_in"].map((type) => ({ type, id: type.replace("_", "") })),
    {
      ...{ type: "banner", id: "banner", heightPercent: 40 },
      slides: ["gaiwan", "milk-tea"].map((name) => ({
        ...{ picture: `/goods/${name}.svg`, alt: "", title: "新茶上市", note: "头采", link },
      })),
    },
    { type: "suggested", id: "suggested", reasons: ["because", "expiring"], max: 4 },
    { type: "notice", id: "notice", text: "国庆期间发货顺延两天", link },
    {
      ...{ type: "quick", id: "quick" },
      entries: ["gift", "clock", "list", "users", "crown"].map((icon) => ({
        ...{ icon, title: "签到有礼", note: "天天有分", link },
      })),
    },
    { type: "sales", id: "sales", title: "整点秒杀", max: 3 },
    { type: "rich_text", id: "words", text: "## 规则\n- 先到先得\n**必读** [帮助](/help)" },
    {
      ...{ type: "picture", id: "picture", picture: "/goods/gaiwan.svg", alt: "盖碗" },
      ...{ heightPercent: 60, link },
    },
    { type: "spacer", id: "space", size: 16 },
    {
      ...{ type: "goods", id: "goods", title: "好礼", layout: "list", max: 4, showsBands: true },
      source: { kind: "all" },
    },
  ];
  const body = { title: "活动", share: { title: "", description: "", picture: null }, blocks };
  const saved = await shop.staff.send<{ revision: number }>("PUT", `${path}/draft`, {
    ...{ revision: 0, body },
  });
  await shop.must(`${path}/publish`, { revision: saved.body.revision });
}

export const PAGE_STAGES: Readonly<Record<string, Stage>> = {
  "home, nobody": async (shop, options) => at(await (await shop.context(options)).newPage(), "/"),
  home: async (shop, options) => {
    await shop.goods();
    await shop.sale({ opensInMs: LATER_MS });
    return at((await regular(shop, options)).page, "/");
  },
  goods: async (shop, options) => {
    const saleId = await shop.goods();
    const { memberId } = await shop.member(900);
    return shop.visit(await shop.phoneOf(memberId, options), saleId);
  },
  "picture to share": async (shop, options) => {
    const page = await shop.visit(await shop.context(options), await shop.goods());
    await page.getByRole("button", { name: "分享" }).tap();
    await page.locator("img.poster").waitFor();
    return page;
  },
  login: async (shop, options) =>
    at(await (await shop.context(options)).newPage(), "/login?returnTo=/points"),
  points: async (shop, options) => at((await regular(shop, options)).page, "/points"),
  orders: async (shop, options) => at((await regular(shop, options)).page, "/orders"),
  "no orders": async (shop, options) => {
    const { memberId } = await shop.member(0);
    return at(await (await shop.phoneOf(memberId, options)).newPage(), "/orders");
  },
  order: async (shop, options) => {
    const { page, orderId } = await regular(shop, options);
    return at(page, `/orders/${orderId}`);
  },
  dialog: async (shop, options) => {
    const { page, orderId } = await regular(shop, options);
    await at(page, `/orders/${orderId}`);
    await page.getByRole("button", { name: "取消订单" }).tap();
    await page.getByRole("dialog").waitFor();
    return page;
  },
  me: async (shop, options) => at((await regular(shop, options)).page, "/me"),
  "me, nobody": async (shop, options) => at(await (await shop.context(options)).newPage(), "/me"),
  reminders: async (shop, options) => at((await regular(shop, options)).page, "/notices"),
  help: async (shop, options) => at(await (await shop.context(options)).newPage(), "/help"),
  "page of every block": async (shop, options) => {
    await everyBlockIsPublished(shop);
    return at((await regular(shop, options)).page, "/p/every-block");
  },
  "not found": async (shop, options) =>
    at(await (await shop.context(options)).newPage(), "/s/nothing"),
};
