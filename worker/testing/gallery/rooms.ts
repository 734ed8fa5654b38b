/**
 * Every page of the storefront by its route, in every state that a member can bring it to. The routes are those of the Worker, so a new page
 * does not compile until its states stand here. Whoever looks, `browser-access.test.ts` or `npm run shots`, looks at all of them.
 */
import type { BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import type { PagePath } from "../../pages/paths.ts";
import { isLive, shows } from "../product/browser-shop.ts";
import { everyBlockIsPublished, SALE_STAGES } from "../product/browser-stages.ts";
import type { Who, World } from "./world.ts";

export interface State {
  /** Opens the page and brings it there; `options` say the language and the size of the phone. */
  open(world: World, options: BrowserContextOptions): Promise<Page>;
}

export type States = Readonly<Record<string, State>>;

type Act = (page: Page, world: World) => Promise<unknown>;
type Address = string | ((world: World) => string);
type Owner = (world: World, options: BrowserContextOptions) => Promise<BrowserContext>;

/** The member's link, in a chat. */
const invitation = ({ things }: World): string => `/points/invite?code=${things.inviteCode}`;

/** The page as somebody finds it, and what they do on it. */
function state(as: Who, address: Address, act?: Act): State {
  return opened((world, options) => world.as(as, options), address, act);
}

function opened(owner: Owner, address: Address, act?: Act): State {
  return {
    async open(world, options) {
      const page = await (await owner(world, options)).newPage();
      await page.goto(typeof address === "string" ? address : address(world));
      await isLive(page);
      await act?.(page, world);
      return page;
    },
  };
}

/** As somebody who has just become a member, and is told on this page what that gave. */
function landing(address: Address, act?: Act): State {
  return opened((world, options) => world.consented(options), address, act);
}

/** Who has everything, and who has nothing. A guest is led to the sign-in, which is looked at there. */
const members = (address: Address): States => ({
  member: state("member", address),
  newcomer: state("newcomer", address),
});

/** And who is not signed in. */
const everybody = (address: Address): States => ({
  ...members(address),
  guest: state("guest", address),
});

/** Buttons and links are named in the page's language; a name is found in either. */
const tap =
  (selector: string, name?: RegExp): Act =>
  async (page) => {
    const found = page.locator(selector);
    await (name === undefined ? found : found.filter({ hasText: name })).first().tap();
  };

const dialog =
  (selector: string, name?: RegExp): Act =>
  async (page, world) => {
    await tap(selector, name)(page, world);
    await page.getByRole("dialog").waitFor();
  };

/** On the first day of a week nobody has missed one: then the page is looked at as it is. */
const MISSED = "button.ck-d.missed";
const whereThereIs =
  (selector: string, act: Act): Act =>
  async (page, world) => {
    if ((await page.locator(selector).count()) > 0) await act(page, world);
  };

const offline: Act = async (page) => {
  await page.context().setOffline(true);
  await page.waitForSelector(".net-off:not(:empty), .gd-news, .pad-x .tip, .vc-code .warn");
};

const cutOff =
  (glob: string): Act =>
  async (page) =>
    page.route(glob, (route) => route.abort());

const both =
  (...acts: readonly Act[]): Act =>
  async (page, world) => {
    for (const act of acts) await act(page, world);
  };

const until =
  (selector: string): Act =>
  async (page) =>
    page.locator(selector).first().waitFor();

const CHECK_IN = "main .btn.primary.block";

const order =
  (name: keyof World["things"]) =>
  ({ things }: World): string =>
    `/orders/${things[name]}`;

const sales: States = Object.fromEntries(
  Object.entries(SALE_STAGES).map(([name, stage]) => [
    name,
    { open: ({ shop }, options) => stage(shop, options) } satisfies State,
  ]),
);

const built: States = {
  "every block": {
    async open(world, options) {
      await everyBlockIsPublished(world.shop);
      return state("member", "/p/every-block").open(world, options);
    },
  },
  "not there": state("guest", "/p/nothing"),
};

/** The database is everybody's: whoever harms it waits until it is whole again. */
let whole: Promise<unknown> = Promise.resolve();

/** Opens an address while this was done to the database, which is undone behind it. */
const broken = (address: string, harm: string, undo: string): State => ({
  async open(world, options) {
    const database = await world.shop.product.server.miniflare.getD1Database("DB", "qiangdui");
    const opening = whole.then(async () => {
      await database.prepare(harm).run();
      try {
        return await state("member", address).open(world, options);
      } finally {
        await database.prepare(undo).run();
      }
    });
    whole = opening.catch(() => undefined);
    return opening;
  },
});

const goods: States = {
  fault: broken(
    "/g/enamel-mug",
    "UPDATE goods SET body = '{' || body WHERE goods_id = 'enamel-mug'",
    "UPDATE goods SET body = substr(body, 2) WHERE goods_id = 'enamel-mug'",
  ),
  ...everybody("/g/tangerine-tea"),
  "a voucher": state("member", "/g/milk-tea"),
  "points and cash": state("member", "/g/gaiwan"),
  "points to go": state("newcomer", "/g/tea-stove"),
  confirm: state("member", "/g/fair-cup", dialog(".gd-go")),
  "confirm, no answer": state(
    "member",
    "/g/fair-cup",
    both(dialog(".gd-go"), cutOff("**/redemptions"), tap(".sheet .gd-go"), until(".sheet .spin")),
  ),
  refused: state(
    "blocked",
    "/g/bamboo-scoop",
    both(dialog(".gd-go"), tap(".sheet .gd-go"), until(".cf-no")),
  ),
  redeemed: state(
    "member",
    "/g/osmanthus-teabag",
    both(dialog(".gd-go"), tap(".sheet .gd-go"), until(".cf-end")),
  ),
  offline: state("member", "/g/tangerine-tea", offline),
  "not there": state("guest", "/g/nothing"),
};

const orders: States = {
  "to ship": state("member", order("toShip"), until(".dl-block:not(.dl-wait)")),
  "asks for an address": state("member", order("noAddress"), until(".dl-ask")),
  "address form": state(
    "member",
    order("noAddress"),
    both(
      until(".dl-ask"),
      tap(".dl-block .btn.primary"),
      until(".dl-block form, .dialog, .dl-pick"),
    ),
  ),
  shipped: state("member", order("shipped"), until(".dl-block:not(.dl-wait)")),
  "received?": state("member", order("shipped"), dialog(".dl-block .btn.primary")),
  "after-sale": state("member", order("shipped"), dialog(".aft > .btn")),
  "sent back": state("member", order("returning"), until(".aft-case")),
  unpaid: state("member", order("unpaid")),
  cancel: state("member", order("unpaid"), dialog(".cancel .btn")),
  cancelled: state("member", order("cancelled")),
  voucher: state("member", "/orders/seed-order-milk-tea-1", until(".dl-block:not(.dl-wait)")),
  offline: state("member", order("toShip"), both(until(".dl-block:not(.dl-wait)"), offline)),
  "not there": state("member", "/orders/no-such-order-0001"),
};

export const ROOMS: Readonly<Record<PagePath, States>> = {
  "/": {
    ...everybody("/"),
    blocked: state("blocked", "/"),
    offline: state("member", "/", offline),
  },
  "/p/:pageId": built,
  "/s/:saleId": sales,
  "/calendar": { ...everybody("/calendar"), offline: state("member", "/calendar", offline) },
  "/sessions/:sessionId": {
    ...everybody(({ things }) => `/sessions/${things.sessionId}`),
    "not there": state("guest", "/sessions/nothing"),
  },
  "/g": {
    ...everybody("/g"),
    "a category": state("member", "/g?category=ware&sort=points_up"),
    affordable: state("newcomer", "/g?affordable=1"),
    found: state("member", "/g?q=%E8%8C%B6"),
    "nothing found": state("member", "/g?q=zzzz"),
    "points that lapse": state("member", "/g?within=260&sort=points_down"),
    "database away": broken(
      "/g?kind=coupon&sort=points_up",
      "ALTER TABLE goods RENAME TO goods_away",
      "ALTER TABLE goods_away RENAME TO goods",
    ),
    offline: state("member", "/g", offline),
  },
  "/g/:goodsId": goods,
  "/me": {
    ...everybody("/me"),
    withdraw: landing("/me", dialog("#privacy .btn.quiet")),
    offline: state("member", "/me", offline),
  },
  "/notices": { ...members("/notices"), offline: state("member", "/notices", offline) },
  "/help": { guest: state("guest", "/help") },
  "/orders": {
    ...members("/orders"),
    "an empty tab": state("newcomer", "/orders"),
    offline: state("member", "/orders", offline),
  },
  "/orders/:orderId": orders,
  "/me/addresses": {
    ...members("/me/addresses"),
    form: state("member", "/me/addresses", dialog(".btn.primary.block")),
    "form, wrong": state(
      "newcomer",
      "/me/addresses",
      both(dialog(".btn.primary.block"), tap(".dialog [type=submit]")),
    ),
    "remove?": state("member", "/me/addresses", dialog(".dl-acts .btn.line")),
    offline: state("member", "/me/addresses", offline),
  },
  "/vouchers/:voucherId": {
    live: state("member", ({ things }) => `/vouchers/${things.live}`, until(".bk-days")),
    used: state("member", ({ things }) => `/vouchers/${things.used}`, until(".vc-seal")),
    offline: state(
      "member",
      ({ things }) => `/vouchers/${things.live}`,
      both(until(".vc-code"), offline),
    ),
    "not there": state("member", "/vouchers/nothing-0000000001"),
  },
  "/points": {
    ...members("/points"),
    blocked: state("blocked", "/points"),
    "no such entries": state("newcomer", "/points?direction=out"),
    offline: state("member", "/points", offline),
  },
  "/points/entries/:seq": {
    ...members("/points/entries/1"),
    offline: state("member", "/points/entries/1", offline),
  },
  "/points/check-in": {
    ...members("/points/check-in"),
    "make up?": state("member", "/points/check-in", whereThereIs(MISSED, dialog(MISSED))),
    "no answer": state(
      "member",
      "/points/check-in",
      both(cutOff("**/api/v1/me/check-in"), tap(CHECK_IN), until(".outcome")),
    ),
    refused: state("blocked", "/points/check-in", both(tap(CHECK_IN), until(".outcome"))),
    offline: state("member", "/points/check-in", offline),
  },
  "/points/tasks": {
    ...members("/points/tasks"),
    "no whole birthday": state(
      "newcomer",
      "/points/tasks",
      both(tap(".bday [type=submit]"), until(".bday [role=alert]:not(:empty)")),
    ),
    offline: state("member", "/points/tasks", offline),
  },
  "/points/invite": {
    ...everybody("/points/invite"),
    "a friend's": state("newcomer", invitation),
    "a friend's, guest": state("guest", invitation),
    "a code of nobody": state("newcomer", "/points/invite?code=ABCD1234"),
    welcomed: landing(invitation),
    offline: state("member", "/points/invite", offline),
  },
  "/points/tier": { ...members("/points/tier"), offline: state("member", "/points/tier", offline) },
  "/points/stored-value": {
    ...members("/points/stored-value"),
    offline: state("member", "/points/stored-value", offline),
  },
  "/points/code": {
    ...members("/points/code"),
    wrong: state(
      "member",
      "/points/code?code=AAAA-BBBB-CCCC",
      both(tap("[type=submit]"), until("[aria-invalid=true]")),
    ),
    taken: landing(
      ({ things }) => `/points/code?code=${things.tillCode}`,
      both(tap("[type=submit]"), until(".outcome")),
    ),
    offline: state("member", "/points/code", offline),
  },
  "/offline": { guest: state("guest", "/offline") },
  "/verify": {
    guest: state("guest", "/verify"),
    verified: state("member", "/points/entries/1", async (page) => {
      await page.locator('a[href^="/verify#"]').first().tap();
      await page.waitForURL(/\/verify#/);
      await isLive(page);
      await shows(page, ".verdict", /签名有效|Signed|signature/);
    }),
    wrong: state(
      "guest",
      "/verify",
      both(
        async (page) => page.locator("textarea").first().fill("no receipt"),
        tap("[type=submit]"),
        until("textarea[aria-invalid=true]"),
      ),
    ),
  },
  "/login": {
    guest: state("guest", "/login?returnTo=/points"),
    failed: state("guest", "/login?failed=ticket_used"),
    "not agreed": state("guest", "/login", both(tap(".login [type=submit]"), until(".login-bad"))),
    consent: {
      async open(world, options) {
        const page = await (await world.as("guest", options)).newPage();
        await page.goto("/api/v1/sign-in/wechat?returnTo=/points");
        await page.waitForURL(/step=consent/);
        await isLive(page);
        return page;
      },
    },
  },
};
