/** Pages with their data in the first HTML: the shell of the storefront, filled here. */
import type { Context } from "hono";
import { renderPage } from "storefront-ssr";
import { accountOf, loadMe, orderView } from "../accounts/index.ts";
import { MEMBER_ID_PATTERN, ORDER_ID_PATTERN, parseSaleId } from "../kernel/ids.ts";
import { sessionOf } from "../members/index.ts";
import { stubOf, type Env } from "../platform/env.ts";
import type { Api } from "../platform/http/api.ts";
import { localeOf } from "../platform/http/problem.ts";
import { contentSecurityPolicy, SECURITY_HEADERS } from "../platform/http/security.ts";
import { describeError, log } from "../platform/log.ts";
import { memberPrices } from "../earning/index.ts";
import { listSales, listStanding, saleView, type SaleView } from "../redemption/index.ts";
import { consolePage } from "./console-page.ts";
import { OwnApi } from "./own-api.ts";
import type { GoodsTile, PageBase, PageData } from "./page-data.ts";
import {
  checkInPage,
  codePage,
  entryPage,
  invitesPage,
  pointsPage,
  tasksPage,
  tierPage,
  verifyPage,
} from "./points-pages.ts";
import { loginAt, notFound, type PageLoader, type PageRequest, type Redirect } from "./request.ts";
import { fillShell } from "./shell.ts";

type PageContext = Context<{ Bindings: Env }>;

const PAGES: Readonly<Record<string, PageLoader>> = {
  "/": homePage,
  "/s/:saleId": salePage,
  "/orders": ordersPage,
  "/orders/:orderId": orderPage,
  "/points": pointsPage,
  "/points/entries/:seq": entryPage,
  "/points/check-in": checkInPage,
  "/points/tasks": tasksPage,
  "/points/invite": invitesPage,
  "/points/tier": tierPage,
  "/points/code": codePage,
  "/verify": verifyPage,
  "/login": loginPage,
};

export function pageRoutes(api: Api): void {
  for (const [path, load] of Object.entries(PAGES)) {
    api.app.get(path, (c) => page(c, load, api));
  }
  consolePage(api, programmeOf);
}

async function page(c: PageContext, load: PageLoader, api: Api): Promise<Response> {
  const nowMs = Date.now();
  // The language link works without script; with it, a cookie remembers the choice.
  const asked = c.req.query("lang");
  const session = sessionOf(c.req.raw, c.env.SESSION_KEYS, nowMs);
  const programmeId = session?.programmeId ?? c.env.DEFAULT_PROGRAMME;
  const base: PageBase = {
    locale: asked === "en" || asked === "zh-CN" ? asked : localeOf(c.req.raw),
    serverTimeMs: nowMs,
    programme: programmeOf(programmeId),
    me: null,
    devLogin: c.env.DEV_LOGIN === "on",
  };
  try {
    const me = session && (await loadMe(c.env, session));
    const own = new OwnApi(api, c, base.locale);
    const data = await load({ c, api: own, base: { ...base, me }, session, nowMs });
    if ("redirect" in data) return c.redirect(data.redirect, 303);
    return await respond(c, data);
  } catch (error) {
    const requestId = crypto.randomUUID();
    log("page_failed", { requestId, error: describeError(error) });
    return respond(c, { ...base, page: "problem", status: 500, code: "fault", requestId });
  }
}

/** Page of an address that nothing is at. */
export async function notFoundPage(api: Api, c: PageContext): Promise<Response> {
  return page(c, async ({ base }) => notFound(base), api);
}

async function respond(c: PageContext, data: PageData): Promise<Response> {
  const status = data.page === "problem" ? data.status : 200;
  const policy = contentSecurityPolicy(new URL(c.req.url).host);
  const html = await fillShell(c.env, c.req.raw, data, renderPage(data));
  return new Response(html, {
    status,
    headers: {
      ...SECURITY_HEADERS,
      ...(c.env.SHELL_ORIGIN ? {} : { "content-security-policy": policy }),
      "content-type": "text/html; charset=utf-8",
      // The first HTML carries the member's own figures, so nobody else may be given it.
      "cache-control": "private, no-cache",
      vary: "cookie, accept-language",
    },
  });
}

/** One merchant until part 4 brings brands and their themes. */
function programmeOf(programmeId: string): PageBase["programme"] {
  return { programmeId, name: "屿岸茶社", theme: "cinnabar" };
}

async function homePage({ c, base, session, nowMs }: PageRequest): Promise<PageData> {
  const { programmeId } = base.programme;
  const [sales, standing] = await Promise.all([
    listSales(c.env, programmeId, nowMs),
    listStanding(c.env, programmeId, nowMs),
  ]);
  const all = [...(sales ?? []), ...(standing ?? [])];
  const prices = session ? await memberPrices(c.env, session.memberKey, all, nowMs) : [];
  const own = new Map(prices.map(({ saleId, points }) => [saleId, points]));
  const priceOf = ({ saleId, pricePoints }: SaleView): number => own.get(saleId) ?? pricePoints;
  return {
    ...base,
    page: "home",
    sales: (sales ?? []).map((sale) => ({ ...sale, pricePoints: priceOf(sale) })),
    goods: (standing ?? []).map((sale) => tileOf(sale, priceOf(sale))),
  };
}

function tileOf(sale: SaleView, pricePoints: number): GoodsTile {
  const {
    skuId,
    saleId,
    title,
    subtitle,
    picture,
    groundColor,
    pricePoints: listPoints,
    marketPriceFen,
    remaining,
  } = sale;
  const band = pricePoints < 500 ? "100-500" : pricePoints < 2_000 ? "500-2000" : "2000+";
  return {
    skuId,
    saleId,
    title,
    subtitle,
    picture,
    groundColor,
    listPoints,
    pricePoints,
    marketPriceFen,
    remaining,
    band,
  };
}

async function salePage({ c, base, session, nowMs }: PageRequest): Promise<PageData> {
  const saleId = c.req.param("saleId") ?? "";
  const address = parseSaleId(saleId);
  const snapshot = address && (await stubOf(c.env.SKU, address.skuKey, c.env).view(saleId));
  if (!snapshot || snapshot.standing.status === "draft") return notFound(base);
  const sale = saleView(snapshot);
  const [mine, prices, sales] = await Promise.all([
    session ? accountOf(c.env, session.memberKey).inSale(session.memberKey, saleId) : null,
    session ? memberPrices(c.env, session.memberKey, [sale], nowMs) : [],
    snapshot.standing.status === "closed" ? listSales(c.env, address.programmeId, nowMs) : [],
  ]);
  return {
    ...base,
    page: "sale",
    sale,
    price: prices[0] ?? null,
    order: mine?.order ? orderView(mine.order) : null,
    limitUsed: mine?.limitUsed ?? 0,
    nextSale: sales?.find((one) => one.saleId !== saleId && one.closesAtMs > nowMs) ?? null,
  };
}

async function ordersPage({ c, base, session }: PageRequest): Promise<PageData | Redirect> {
  if (!session) return loginAt(c);
  const orders = await accountOf(c.env, session.memberKey).orders(session.memberKey, 50);
  return { ...base, page: "orders", orders: orders.map(orderView) };
}

async function orderPage({ c, base, session }: PageRequest): Promise<PageData | Redirect> {
  if (!session) return loginAt(c);
  const orderId = c.req.param("orderId") ?? "";
  if (!ORDER_ID_PATTERN.test(orderId)) return notFound(base);
  const order = await accountOf(c.env, session.memberKey).order(session.memberKey, orderId);
  if (!order) return notFound(base);
  return { ...base, page: "order", order: orderView(order) };
}

async function loginPage({ c, base }: PageRequest): Promise<PageData> {
  const returnTo = c.req.query("returnTo") ?? "/";
  // Only a path of this origin: anything else would make the login a springboard to a foreign page.
  const isOwn = /^\/(?![/\\])/.test(returnTo);
  const as = c.req.query("as") ?? "";
  const suggestedMemberId = MEMBER_ID_PATTERN.test(as) ? as : "";
  return { ...base, page: "login", returnTo: isOwn ? returnTo : "/", suggestedMemberId };
}
