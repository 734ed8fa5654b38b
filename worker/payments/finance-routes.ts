/** Finance for staff: what is wrong, what moved, daily bills, and how the merchant is paid. */
import { z } from "@hono/zod-openapi";
import { accountOf } from "../accounts/index.ts";
import { MEMBER_ID_PATTERN, memberKeyOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { json, type Api } from "../platform/http/api.ts";
import { basedOnSchema } from "../platform/http/based-on.ts";
import { orderIdSchema } from "../redemption/index.ts";
import { alipayAccountSchema, shownAccount, wechatAccountSchema } from "./accounts.ts";
import { moves, reconciled, returnedMoves, troubledMoves } from "./finance.ts";
import { doubtRoutes } from "./doubt-routes.ts";
import { PROVIDERS, type ProviderName } from "./provider.ts";
import { reconcileRoutes } from "./reconcile-routes.ts";
import { standing } from "./standings.ts";
import {
  wrongKeyOf,
  payTermsOf,
  providersOf,
  saveAccount,
  savePayTerms,
  storedAccounts,
  type StoredAccount,
} from "./store.ts";
import { financeSchema, moveSchema, paymentSettingsSchema, payTermsSchema } from "./wire.ts";

const limit = z.coerce.number().int().min(1).max(LIMITS.pageRowsMax).default(50);

export function financeRoutes(api: Api): void {
  summaryRoute(api);
  movesRoute(api);
  repairRoute(api);
  doubtRoutes(api);
  reconcileRoutes(api);
  settingsRoutes(api);
}

function summaryRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/finance",
      access: "staff",
      permission: "finance.read",
      tag: "Finance",
      summary: "Green or red: money that waits for a decision, orders against ledger, daily bills",
      responses: { 200: { description: "The state of the money", schema: financeSchema } },
    },
    async ({ env, session, nowMs }) => {
      const { programmeId } = session;
      const [troubled, returned, standings, bills, providers] = await Promise.all([
        troubledMoves(env, programmeId, LIMITS.pageRowsMax),
        returnedMoves(env, programmeId),
        standing(env, programmeId, nowMs),
        reconciled(env, programmeId, 14),
        providersOf(env, programmeId),
      ]);
      const differences = bills
        .flatMap((bill) => bill.differences)
        .filter(({ explained }) => explained === null).length;
      const wrong = standings.reduce((sum, { count }) => sum + count, 0);
      return json({
        isGreen: troubled.length + wrong + differences === 0,
        troubled: troubled.map(shown),
        returned: returned.map(shown),
        standings,
        bills,
        providers: [...providers.keys()],
      });
    },
  );
}

type Move = Awaited<ReturnType<typeof troubledMoves>>[number];
const shown = <M extends Move>({ programmeId: _own, version: _told, ...move }: M) => move;

function movesRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/finance/moves",
      access: "staff",
      permission: "finance.read",
      tag: "Finance",
      summary: "Money that came and went, newest first",
      query: z.object({
        limit,
        cursor: z
          .string()
          .regex(/^\d{1,16}\..{1,80}$/, "a cursor as an answer gave it")
          .optional(),
      }),
      responses: {
        200: {
          description: "A page",
          schema: z.object({ items: z.array(moveSchema), nextCursor: z.string().nullable() }),
        },
      },
    },
    async ({ env, session, query }) => {
      const [, atMs = "", moveId = ""] = /^(\d+)\.(.*)$/.exec(query.cursor ?? "") ?? [];
      const before = atMs === "" ? null : { atMs: Number(atMs), moveId };
      const rows = await moves(env, session.programmeId, before, query.limit);
      const last = rows.length === query.limit ? rows.at(-1) : undefined;
      const nextCursor = last ? `${last.atMs}.${last.moveId}` : null;
      return json({ items: rows.map(shown), nextCursor });
    },
  );
}

function repairRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/finance/moves/{memberId}/{orderId}/{moveId}/repair",
      access: "staff",
      permission: "orders.refund",
      tag: "Finance",
      summary: "Sends a failed refund once more, or money of the wrong amount back",
      params: z.object({
        memberId: z.string().regex(MEMBER_ID_PATTERN),
        orderId: orderIdSchema,
        moveId: z.string().min(1).max(80),
      }),
      responses: {
        200: { description: "It is on its way", schema: z.object({ ok: z.boolean() }) },
      },
      problems: ["not_found", "conflict"],
    },
    async ({ env, session, params, problem }) => {
      const memberKey = memberKeyOf(session.programmeId, params.memberId);
      const account = accountOf(env, memberKey);
      const reply = await account.repairMoney(memberKey, params.orderId, params.moveId);
      if (reply.kind === "not_found") return problem("not_found");
      if (reply.kind === "refused") return problem("conflict", { reason: reply.reason });
      return json({ ok: true });
    },
  );
}

function settingsRoutes(api: Api): void {
  const path = "/api/v1/staff/finance/settings";
  api.route(
    {
      method: "get",
      path,
      access: "staff",
      permission: "settings.read",
      tag: "Finance",
      summary: "How the merchant is paid; secrets are never shown again",
      responses: { 200: { description: "The settings", schema: paymentSettingsSchema } },
    },
    async ({ env, session, request }) => {
      const { programmeId } = session;
      const stored = await storedAccounts(env, programmeId);
      const live = await providersOf(env, programmeId);
      const { flashMinutes, standingMinutes, savedAtMs } = await payTermsOf(env, programmeId);
      const { origin } = new URL(request.url);
      return json({
        terms: { flashMinutes, standingMinutes, savedAtMs },
        isPretended: stored.length === 0 && live.size > 0,
        accounts: PROVIDERS.map((provider) => accountView(stored, programmeId, provider, origin)),
      });
    },
  );
  termsRoute(api, `${path}/terms`);
  accountRoute(api, `${path}/wechat`, "wechat", wechatAccountSchema);
  accountRoute(api, `${path}/alipay`, "alipay", alipayAccountSchema);
}

/** Without its secrets. */
function accountView(
  all: readonly StoredAccount[],
  programmeId: string,
  provider: ProviderName,
  origin: string,
) {
  const one = all.find((some) => some.provider === provider);
  return {
    provider,
    isEnabled: one?.isEnabled ?? false,
    account: one ? shownAccount(provider, one.account) : null,
    notifyUrl: `${origin}/api/v1/payments/${programmeId}/${provider}/notify`,
    savedBy: one?.savedBy ?? null,
    savedAtMs: one?.savedAtMs ?? null,
  };
}

const basedOn = z.object({ basedOn: basedOnSchema });

function termsRoute(api: Api, path: string): void {
  api.route(
    {
      method: "put",
      path,
      access: "staff",
      permission: "settings.write",
      tag: "Finance",
      summary: "How long orders wait for their cash; sales that are drafted from now on keep to it",
      query: basedOn,
      body: payTermsSchema,
      responses: { 200: { description: "Saved", schema: payTermsSchema } },
      problems: ["conflict"],
    },
    async ({ env, session, query, body, nowMs, problem }) => {
      const by = { savedBy: `staff:${session.memberId}`, nowMs, basedOn: query.basedOn };
      if (await savePayTerms(env, session.programmeId, body, by)) return json(body);
      const { flashMinutes, standingMinutes, savedAtMs } = await payTermsOf(
        env,
        session.programmeId,
      );
      const current = { flashMinutes, standingMinutes, savedAtMs };
      return problem("conflict", { reason: "changed_meanwhile", current });
    },
  );
}

function accountRoute(
  api: Api,
  path: string,
  provider: "wechat" | "alipay",
  schema: typeof wechatAccountSchema | typeof alipayAccountSchema,
): void {
  api.route(
    {
      method: "put",
      path,
      access: "staff",
      permission: "settings.write",
      tag: "Finance",
      summary: `Sets up ${provider === "wechat" ? "WeChat Pay" : "Alipay"}; keys are checked, sealed, and never shown again`,
      query: basedOn,
      body: z.object({ isEnabled: z.boolean(), account: schema }),
      bodyBytesMax: 65_536,
      responses: { 200: { description: "Saved", schema: z.object({ ok: z.boolean() }) } },
      problems: ["conflict"],
    },
    async ({ env, session, query, body, nowMs, problem, request }) => {
      const { isEnabled, account } = body;
      const isReal = env.DEV_LOGIN === "on" || isKnownHost(account);
      if (!isReal) {
        return problem("invalid", {
          errors: [{ path: "account", message: "another host than the provider's" }],
        });
      }
      const bad = await wrongKeyOf(provider, account);
      if (bad)
        return problem("invalid", {
          errors: [{ path: `account.${bad}`, message: "is no such key" }],
        });
      const stored = {
        provider,
        isEnabled,
        account,
        savedBy: `staff:${session.memberId}`,
        savedAtMs: nowMs,
      };
      const { programmeId } = session;
      if (await saveAccount(env, programmeId, stored, query.basedOn)) return json({ ok: true });
      const { origin } = new URL(request.url);
      const now = await storedAccounts(env, programmeId);
      const current = accountView(now, programmeId, provider, origin);
      return problem("conflict", { reason: "changed_meanwhile", current });
    },
  );
}

/** Money of a deployment goes to the providers themselves and to nobody who calls themselves so. */
function isKnownHost(account: object): boolean {
  const url =
    "baseUrl" in account
      ? String(account.baseUrl)
      : "gateway" in account
        ? String(account.gateway)
        : "";
  const { protocol, hostname } = new URL(url);
  const isKnown =
    /^(?:api2?\.mch\.weixin\.qq\.com|openapi(?:-sandbox\.dl)?\.alipay(?:dev)?\.com)$/.test(
      hostname,
    );
  return protocol === "https:" && isKnown;
}
