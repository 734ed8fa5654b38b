/** Pages with their data in the first HTML: the shell of the storefront, filled here. */
import type { Context } from "hono";
import { renderPage, renderWelcome } from "storefront-ssr";
import { accountOf, loadMe, orderView } from "../accounts/index.ts";
import { parseSaleId } from "../kernel/ids.ts";
import { ringOf, sessionOf } from "../members/index.ts";
import { stubOf, type Env } from "../platform/env.ts";
import type { Api, Session } from "../platform/http/api.ts";
import { localeOf } from "../platform/http/problem.ts";
import { contentSecurityPolicy, SECURITY_HEADERS } from "../platform/http/security.ts";
import { describeError, log } from "../platform/log.ts";
import { maySeeSale } from "../catalog/index.ts";
import { memberPrices } from "../earning/index.ts";
import {
  lookOf,
  previewOf,
  themeCss,
  themeWord,
  type Look,
  type Reading,
} from "../page-builder/index.ts";
import { listSales, saleView } from "../redemption/index.ts";
import { isWechat, loginPage } from "./login-page.ts";
import { helpPage, mePage, noticesPage } from "./mine-pages.ts";
import { calendarPage, sessionPage } from "./calendar-pages.ts";
import { consolePage } from "./console-page.ts";
import { addressesPage, voucherPage } from "./delivery-pages.ts";
import { ApiFailed, OwnApi } from "./own-api.ts";
import { homePage, ownPage } from "./built-page.ts";
import { orderPage, ordersPage } from "./order-pages.ts";
import { goodsListPage, goodsPage } from "./goods-pages.ts";
import type { PageBase, PageData } from "./page-data.ts";
import type { PagePath } from "./paths.ts";
import type { Welcome } from "./wire.ts";
import {
  checkInPage,
  codePage,
  entryPage,
  invitesPage,
  pointsPage,
  storedValuePage,
  tasksPage,
  tierPage,
  verifyPage,
} from "./points-pages.ts";
import { nextSaleOf } from "./next-sale.ts";
import { notFound, type PageLoader, type PageRequest } from "./request.ts";
import { salePreviewPage } from "./sale-preview.ts";
import { channelsOf, isFakeApp, welcomeIn, welcomeSaid } from "../sign-in/index.ts";
import { fillShell, offlineIn, type Dress } from "./shell.ts";

/** What an activity is in the API, and its page. */
const ACTIVITIES = {
  invite: { api: "/api/v1/me/invites", page: "/points/invite" },
  tasks: { api: "/api/v1/me/tasks", page: "/points/tasks" },
  check_in: { api: "/api/v1/me/check-in", page: "/points/check-in" },
  // A picture that the browser draws: pages are told by `sharesPoster`.
  poster: null,
} as const;

type Activity = keyof typeof ACTIVITIES;
type PageContext = Context<{ Bindings: Env }>;

const PAGES: Readonly<Record<PagePath, PageLoader>> = {
  "/": homePage,
  "/p/:pageId": ownPage,
  "/s/:saleId": salePage,
  "/calendar": calendarPage,
  "/sessions/:sessionId": sessionPage,
  "/g": goodsListPage,
  "/g/:goodsId": goodsPage,
  "/me": mePage,
  "/notices": noticesPage,
  "/help": helpPage,
  "/orders": ordersPage,
  "/orders/:orderId": orderPage,
  "/me/addresses": addressesPage,
  "/vouchers/:voucherId": voucherPage,
  "/points": pointsPage,
  "/points/entries/:seq": entryPage,
  "/points/check-in": checkInPage,
  "/points/tasks": tasksPage,
  "/points/invite": invitesPage,
  "/points/tier": tierPage,
  "/points/stored-value": storedValuePage,
  "/points/code": codePage,
  "/verify": verifyPage,
  "/login": loginPage,
  // Fetched ahead by the service worker, and shown where there is neither a network nor a kept page.
  "/offline": async ({ base }) => ({
    ...{ ...base, page: "problem", status: 200, code: "offline", requestId: "" },
  }),
};

export function pageRoutes(api: Api): void {
  for (const [path, load] of Object.entries(PAGES)) {
    api.app.get(path, (c) => page(c, load, api));
  }
  consolePage(api, async (env, programmeId) =>
    programmeOf(programmeId, await lookOf(env, { programmeId, isPreview: false }, Date.now())),
  );
}

async function page(c: PageContext, load: PageLoader, api: Api): Promise<Response> {
  const nowMs = Date.now();
  // The language link works without script; with it, a cookie remembers the choice.
  const asked = c.req.query("lang");
  const storeId = storeNamed(c);
  const session = sessionOf(c.req.raw, c.env.SESSION_KEYS, nowMs);
  const reading = readingOf(c, session, nowMs);
  const { programmeId, isPreview } = reading;
  const look = await lookOf(c.env, reading, nowMs);
  const base: PageBase = {
    locale: asked === "en" || asked === "zh-CN" ? asked : localeOf(c.req.raw),
    serverTimeMs: nowMs,
    programme: programmeOf(programmeId, look),
    me: null,
    devLogin: c.env.DEV_LOGIN === "on",
    isPreview,
    sharesPoster: true,
  };
  try {
    const me = isPreview ? sampleMe(c) : session && (await loadMe(c.env, session));
    const hidden = await hiddenOf(c, programmeId, nowMs);
    base.sharesPoster = !hidden.includes("poster");
    const places = hidden.flatMap((activity) => ACTIVITIES[activity] ?? []);
    const apiPaths = places.map((place) => place.api);
    const own = new OwnApi(api, c, { locale: base.locale, storeId }, apiPaths);
    const data = await load({
      c,
      api: own,
      base: { ...base, me },
      look,
      reading,
      session,
      nowMs,
      hiddenPaths: places.map((place) => place.page),
      storeId,
    });
    if ("redirect" in data) return c.redirect(data.redirect, 303);
    return remembered(c, await respond(c, data, look), storeId);
  } catch (error) {
    const requestId = crypto.randomUUID();
    log("page_failed", { requestId, error: describeError(error) });
    // Lists and words are away and come back; what members hold and redeem is elsewhere.
    const isAway = error instanceof ApiFailed ? error.status === 503 : /\bD1_/.test(String(error));
    const failure = isAway ? { status: 503, code: "unavailable" } : { status: 500, code: "fault" };
    return respond(c, { ...base, page: "problem", ...failure, requestId }, look);
  }
}

const STORE_DAYS = 90;

/** The store of a link or of the code on its counter; what is no store id is nothing. */
function storeNamed(c: PageContext): string | undefined {
  const named = c.req.query("store");
  return named === undefined || /^[0-9a-z-]{0,32}$/.test(named) ? named : undefined;
}

/** The choice stays with the browser: it names a shop and nothing about a person. */
function remembered(c: PageContext, response: Response, storeId: string | undefined): Response {
  if (storeId === undefined) return response;
  const isSecure = new URL(c.req.url).protocol === "https:";
  const maxAge = storeId === "" ? 0 : STORE_DAYS * 86_400;
  const cookie = `qd_store=${storeId}; Path=/; Max-Age=${maxAge}; SameSite=Lax${isSecure ? "; Secure" : ""}`;
  response.headers.append("set-cookie", cookie);
  return response;
}

const inWechat = (c: PageContext): boolean => isWechat(c.req.header("user-agent") ?? "");

/** What the API has and the pages do not offer: inside WeChat, activities whose sharing may not be rewarded there. */
async function hiddenOf(
  c: PageContext,
  programmeId: string,
  nowMs: number,
): Promise<readonly Activity[]> {
  if (!inWechat(c)) return [];
  return (await channelsOf(c.env, programmeId, nowMs)).hiddenInWechat;
}

/** A preview token says whose drafts are shown; otherwise the session does, or the default mall. */
function readingOf(c: PageContext, session: Session | null, nowMs: number): Reading {
  const token = c.req.query("preview");
  const previewed = token ? previewOf(ringOf(c.env.SESSION_KEYS), token, nowMs) : null;
  if (previewed !== null) return { programmeId: previewed, isPreview: true };
  return { programmeId: session?.programmeId ?? c.env.DEFAULT_PROGRAMME, isPreview: false };
}

/** A preview shows no real member: a sample, or a guest. */
function sampleMe(c: PageContext): PageBase["me"] {
  if (c.req.query("as") === "guest") return null;
  return {
    memberId: "preview",
    role: "member",
    points: { active: 4_860, pending: 320, held: 900, available: 3_960 },
  } as unknown as PageBase["me"];
}

function programmeOf(programmeId: string, look: Look): PageBase["programme"] {
  const { name, logo, theme } = look;
  return { programmeId, name, logo, theme: themeWord(theme) };
}

/** Page of an address that nothing is at. */
export async function notFoundPage(api: Api, c: PageContext): Promise<Response> {
  return page(c, async ({ base }) => notFound(base), api);
}

/** Said on the page that a newcomer came for, not on a way there or where something failed. */
function welcomeOn({ page: name, me }: PageData, request: Request): Welcome | null {
  return me === null || name === "login" || name === "problem" ? null : welcomeIn(request);
}

async function respond(c: PageContext, data: PageData, look: Look): Promise<Response> {
  const status = data.page === "problem" ? data.status : 200;
  const { programmeId } = data.programme;
  const channels = await channelsOf(c.env, programmeId, data.serverTimeMs);
  const frames = channels.embedOrigins;
  const usesWechat = inWechat(c) && channels.wechat !== null && !isFakeApp(channels.wechat.appId);
  const scripts = usesWechat ? ["https://res.wx.qq.com", "https://res2.wx.qq.com"] : [];
  const policy = contentSecurityPolicy(new URL(c.req.url).host, frames, scripts);
  const css = themeCss(look.theme, look.corners);
  const dress: Dress = { css, frames, usesWechat, offline: offlineIn(c.env), ...viewingOf(c) };
  const welcome = welcomeOn(data, c.req.raw);
  const above = welcome === null ? "" : renderWelcome(welcome, data.locale);
  const rendered = { ...renderPage(data), above };
  const html = await fillShell(c.env, c.req.raw, data, rendered, dress);
  return new Response(html, {
    status,
    headers: {
      ...SECURITY_HEADERS,
      ...(c.env.SHELL_ORIGIN ? {} : { "content-security-policy": policy }),
      "content-type": "text/html; charset=utf-8",
      // The first HTML carries the member's own figures, so nobody else may be given it.
      "cache-control": "private, no-cache",
      vary: "cookie, accept-language",
      ...(status === 503 ? { "retry-after": "5" } : {}),
      ...(welcome === null ? {} : { "set-cookie": welcomeSaid(c.req.raw) }),
    },
  });
}

/** How this member likes to see pages: from a cookie, so that the first paint is right; a preview says it in its address. */
function viewingOf(c: PageContext): { scheme: "light" | "dark" | null; isLarge: boolean } {
  const cookie = c.req.header("cookie") ?? "";
  const scheme = c.req.query("scheme") ?? /(?:^|;\s*)qd_scheme=(light|dark)/.exec(cookie)?.[1];
  const text = c.req.query("text") ?? /(?:^|;\s*)qd_text=(large)/.exec(cookie)?.[1];
  return {
    scheme: scheme === "dark" || scheme === "light" ? scheme : null,
    isLarge: text === "large",
  };
}

async function salePage(request: PageRequest): Promise<PageData> {
  const { c, base, session, nowMs } = request;
  const saleId = c.req.param("saleId") ?? "";
  // No sale has this id. A route of its own beside the parameter is more than the compiled router takes.
  if (saleId === "preview") return salePreviewPage(request);
  const address = parseSaleId(saleId);
  const snapshot = address && (await stubOf(c.env.SKU, address.skuKey, c.env).view(saleId));
  if (!snapshot || snapshot.standing.status === "draft") return notFound(base);
  const sale = saleView(snapshot);
  const asking = { env: c.env, ctx: c.executionCtx, nowMs };
  if (!(await maySeeSale(asking, session, sale))) return notFound(base);
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
    order: mine?.order ? await orderView(c.env, mine.order) : null,
    limitUsed: mine?.limitUsed ?? 0,
    nextSale: nextSaleOf(sales, saleId, nowMs),
  };
}
