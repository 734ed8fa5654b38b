/** Composition root: every route of the Worker, and the clock and session they run with. */
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import {
  accountRoutes,
  accountStaffRoutes,
  pointsRoutes,
  pointsStaffRoutes,
} from "./accounts/index.ts";
import { blobRoutes } from "./blobs/index.ts";
import { campaignRoutes } from "./campaigns/index.ts";
import { catalogRoutes, maySeeSale } from "./catalog/index.ts";
import { earningRoutes } from "./earning/index.ts";
import { consoleRoutes } from "./console/index.ts";
import { figuresRoutes } from "./figures/index.ts";
import { evidenceRoutes } from "./evidence/index.ts";
import { fulfilmentRoutes } from "./fulfilment/routes.ts";
import { currentSession, memberRoutes, olderRecords, sessionOf } from "./members/index.ts";
import { mergeRoutes } from "./merges/routes.ts";
import { changeOf, openPagesRoutes, tellOpenPages } from "./open-pages/index.ts";
import { pageBuilderRoutes } from "./page-builder/index.ts";
import { isShell, notFoundPage, pageRoutes } from "./pages/index.ts";
import { afterSalesRoutes } from "./after-sales/routes.ts";
import { paymentRoutes } from "./payments/routes.ts";
import type { Env } from "./platform/env.ts";
import { Api, json } from "./platform/http/api.ts";
import { withMeanings } from "./platform/http/parameters.ts";
import { localeOf, problemResponse } from "./platform/http/problem.ts";
import { RateLimiter } from "./platform/http/rate.ts";
import { readAway } from "./platform/http/read.ts";
import { withSecurityHeaders } from "./platform/http/security.ts";
import { TAGS } from "./platform/http/tags.ts";
import { registerRoutes } from "./register/index.ts";
import { segmentRoutes } from "./segments/index.ts";
import { redemptionRoutes } from "./redemption/routes.ts";
import { appendAudit, staffRoutes, staffSession } from "./staff/index.ts";
import { signInRoutes, wechatVerifyFile } from "./sign-in/index.ts";
import { salesRoutes } from "./sales/routes.ts";
import { spendingRoutes } from "./spending/routes.ts";

const limiter = new RateLimiter();

export function createApi(): Api {
  const api = new Api({
    session: (request, env, ctx, nowMs) =>
      currentSession(sessionOf(request, env.SESSION_KEYS, nowMs), env, ctx, nowMs),
    olderRecords: (session, env, nowMs) => olderRecords(env, session, nowMs),
    mayWrite: (memberKey, env, nowMs) => limiter.allows(memberKey, env.MEMBER_RATE, nowMs),
    staffSession,
    record: (call, env, ctx) => {
      const change = changeOf(call);
      if (change) ctx.waitUntil(tellOpenPages(env, call.programmeId, change));
      return appendAudit(env.DB, call);
    },
    clock: () => Date.now(),
  });
  api.route(
    {
      method: "get",
      path: "/healthz",
      access: "public",
      tag: "Operation",
      summary: "Says that the Worker serves",
      responses: { 200: { description: "Serving", schema: z.object({ ok: z.boolean() }) } },
    },
    () => json({ ok: true }),
  );
  api.route(
    {
      method: "get",
      path: "/api/openapi.json",
      access: "public",
      tag: "Operation",
      summary: "This document",
      responses: { 200: { description: "OpenAPI 3.1", schema: z.looseObject({}) } },
    },
    () => json(openApiDocument(api), 200, { "cache-control": "public, max-age=60" }),
  );
  redemptionRoutes(api, maySeeSale);
  accountRoutes(api);
  memberRoutes(api);
  catalogRoutes(api);
  blobRoutes(api);
  salesRoutes(api);
  accountStaffRoutes(api);
  earningRoutes(api);
  pointsRoutes(api);
  pointsStaffRoutes(api);
  fulfilmentRoutes(api);
  evidenceRoutes(api);
  staffRoutes(api);
  consoleRoutes(api);
  figuresRoutes(api);
  registerRoutes(api);
  mergeRoutes(api);
  segmentRoutes(api);
  campaignRoutes(api);
  pageBuilderRoutes(api);
  paymentRoutes(api);
  spendingRoutes(api);
  signInRoutes(api);
  afterSalesRoutes(api);
  openPagesRoutes(api);
  pageRoutes(api);

  api.onMissing((c) => missing(api, c));
  return api;
}

/** What no route answers: a file, the page that says so, or a problem with the methods that the path has. */
async function missing(api: Api, c: Context<{ Bindings: Env }>): Promise<Response> {
  const { path, method } = c.req;
  const isApi = /^\/api(?:\/|$)/.test(path) || path === "/healthz";
  const isRead = method === "GET" || method === "HEAD";
  if (!isApi && isRead && !isShell(path)) {
    const verifyFile = await wechatVerifyFile(c.env, path, Date.now());
    if (verifyFile) return verifyFile;
    const asset = await c.env.ASSETS.fetch(c.req.raw);
    return asset.status === 404 ? notFoundPage(api, c) : withSecurityHeaders(asset);
  }
  if (!isApi && isRead) return notFoundPage(api, c);
  const allowed = api.methodsOf(path);
  const code = allowed.length > 0 ? "method_not_allowed" : "not_found";
  const response = problemResponse({ code, locale: localeOf(c.req.raw), instance: path });
  if (allowed.length > 0) response.headers.set("allow", allowed.join(", "));
  await readAway(c.req.raw);
  return response;
}

const DESCRIPTION = `Points mall with flash redemption.

**Sign in.** Cookie \`qd_session\`, or the same token as \`authorization: Bearer\`. On a development server \`POST /api/v1/dev/login\` gives one.

**Redeem.** Read \`epoch\` from \`GET /api/v1/sales/{saleId}\`, make an order id, keep it, and send both to \`POST /api/v1/sales/{saleId}/redemptions\`.
\`201\` is granted; the same request again is \`200\` with the same body. \`202\`, a timeout and a broken connection decide nothing: send the same
request again. Before a rush take a ticket instead, open the WebSocket at its \`doorUrl\` and send \`{"t":"grab"}\`.

**Refusals** are \`application/problem+json\` (RFC 9457) with a stable \`code\`, the figures of that code and a sentence in the language of
\`accept-language\` (\`zh-CN\` or \`en\`). docs/contract.md says which codes are final for an order id, and has the door's frames.

Times are epoch milliseconds (\`…AtMs\`), points whole numbers, money whole fen.`;

function openApiDocument(api: Api): unknown {
  const document = api.app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Qiangdui 抢兑",
      version: "0.1.0",
      description: DESCRIPTION,
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    },
    servers: [{ url: "/", description: "The origin that serves this document" }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
  });
  return withMeanings(document);
}
