import { z } from "@hono/zod-openapi";
import { returnPath } from "../kernel/own-path.ts";
import { lookOf } from "../page-builder/index.ts";
import { json, type Api, type ProblemMaker } from "../platform/http/api.ts";
import { RateLimiter } from "../platform/http/rate.ts";
import {
  arrived,
  entered,
  loginAt,
  programmeOf,
  redirect,
  returnTo,
  TAG,
  type Call,
} from "./arrival.ts";
import { channelsOf } from "./channels-store.ts";
import { cookieIn, noticeVersionOf, PENDING_COOKIE, SignInDesk } from "./desk.ts";
import { readTicket, type TicketKey } from "./jwt.ts";
import { maskedPhone, phoneOf } from "./model.ts";
import { notifierOf, PhoneDesk } from "./phone.ts";
import { wechatRoutes } from "./wechat-routes.ts";

/** Damps guessing from one address within an isolate; what counts is counted per phone in D1. */
const ADDRESS_RATE = "20/0.1";
const limiter = new RateLimiter();

const noticeVersion = z
  .string()
  .regex(/^[0-9a-f]{16}$/)
  .nullable()
  .describe("The privacy notice the person agrees to; null: not asked.");
const isEmbedded = z
  .boolean()
  .default(false)
  .describe("The page stands in a frame of another site: its cookie is partitioned.");

const signedInSchema = z
  .object({
    memberId: z.string(),
    isNew: z.boolean(),
    token: z.string().describe("Also set as the session cookie."),
    expiresAtMs: z.int(),
    returnTo: z.string(),
  })
  .openapi("SignedIn");

export function waysIn(api: Api): void {
  wechatRoutes(api);
  ticketRoute(api);
  phoneRoutes(api);
  consentRoute(api);
}

function ticketRoute(api: Api): void {
  api.route(
    {
      ...{ method: "get", path: "/api/v1/sign-in/ticket", access: "public", tag: TAG },
      summary: "Signs a member of the merchant's own app in by a one-time ticket",
      query: z.object({
        ticket: z.string().max(2_048).default("").describe("JWT by the merchant's key."),
        returnTo,
      }),
      responses: { 303: { description: "On to `returnTo`, or to the consent page" } },
    },
    async (call) => {
      const { env, request, query, nowMs } = call;
      const back = returnPath(query.returnTo);
      const programmeId = programmeOf(call);
      const desk = await SignInDesk.open(env, programmeId, nowMs);
      const { ticketKeys } = await channelsOf(env, programmeId, nowMs);
      const keys = await Promise.all(
        ticketKeys.map(async ({ keyId, algorithm, publicKey, secret }): Promise<TicketKey> => {
          const at = `channels.ticketKeys.${keyId}.secret`;
          const key = secret === null ? (publicKey ?? "") : await desk.vault.open(at, secret);
          return { keyId, algorithm, key };
        }),
      );
      const { host } = new URL(request.url);
      const usable = keys.filter(({ key }) => key !== "");
      const reading = readTicket(query.ticket, usable, host, nowMs);
      if (!reading.ok) return redirect(loginAt(back, { failed: `ticket_${reading.reason}` }));
      const { memberId, ticketId, expiresAtMs } = reading.ticket;
      if (!(await desk.store.takeTicket(ticketId, expiresAtMs, nowMs))) {
        return redirect(loginAt(back, { failed: "ticket_used" }));
      }
      const subjects = [{ kind: "ticket" as const, subject: memberId, shown: memberId }];
      return arrived(call, { via: "ticket", memberId, subjects }, back);
    },
  );
}

const phoneSchema = z.string().min(6).max(24);
const PHONE_PROBLEMS = ["not_found", "conflict"] as const;
const badPhone = (problem: ProblemMaker): Response =>
  problem("invalid", { errors: [{ path: "phone", message: "a mobile number" }] });

function mayAsk({ request, nowMs }: Call): boolean {
  const address = request.headers.get("cf-connecting-ip");
  return address === null || limiter.allows(address, ADDRESS_RATE, nowMs);
}

function phoneRoutes(api: Api): void {
  api.route(
    {
      ...{ method: "post", path: "/api/v1/sign-in/phone", access: "public", tag: TAG },
      operationId: "sendPhoneCode",
      summary: "Sends a code to a phone",
      body: z.object({ phone: phoneSchema }).openapi("PhoneCodeRequest"),
      responses: {
        202: {
          description: "On its way",
          schema: z.object({
            validMs: z.int(),
            retryMs: z.int(),
            developmentCode: z
              .string()
              .nullable()
              .describe("Where DEV_LOGIN is on and no gateway."),
          }),
        },
      },
      problems: PHONE_PROBLEMS,
    },
    async (call) => {
      const { env, body, nowMs, problem } = call;
      const phone = phoneOf(body.phone);
      if (phone === null) return badPhone(problem);
      if (!mayAsk(call)) return problem("rate_limited", {}, 60);
      const programmeId = programmeOf(call);
      const channels = await channelsOf(env, programmeId, nowMs);
      const desk = await SignInDesk.open(env, programmeId, nowMs);
      const notifier = await notifierOf(env, channels, desk.vault);
      if (!notifier) return problem("not_found");
      const made = await new PhoneDesk(env, programmeId).make(desk.print("phone", phone), nowMs);
      if ("waitMs" in made) {
        return problem("rate_limited", { waitMs: made.waitMs }, Math.ceil(made.waitMs / 1_000));
      }
      const sent = await notifier.send(phone, made.code);
      if (sent === "refused") return badPhone(problem);
      const isShown = env.DEV_LOGIN === "on" && channels.phone.gatewayUrl === null;
      const developmentCode = isShown ? made.code : null;
      return json({ validMs: 300_000, retryMs: 60_000, developmentCode }, 202);
    },
  );
  verifyRoute(api);
}

function verifyRoute(api: Api): void {
  api.route(
    {
      ...{ method: "post", path: "/api/v1/sign-in/phone/verify", access: "public", tag: TAG },
      summary: "Signs in by a phone and its code, or adds the phone to who is signed in",
      body: z
        .object({
          phone: phoneSchema,
          code: z.string().regex(/^\d{6}$/, "six digits"),
          noticeVersion: noticeVersion.default(null),
          isEmbedded,
          merge: z
            .boolean()
            .default(false)
            .describe(
              "After `both_in_use`: the record of this phone goes into the one that is signed in.",
            ),
        })
        .openapi("PhoneSignIn"),
      responses: { 200: { description: "Signed in", schema: signedInSchema } },
      problems: PHONE_PROBLEMS,
    },
    async (call) => {
      const { env, body, session, nowMs, problem } = call;
      const phone = phoneOf(body.phone);
      if (phone === null) return badPhone(problem);
      if (!mayAsk(call)) return problem("rate_limited", {}, 60);
      const programmeId = programmeOf(call);
      const desk = await SignInDesk.open(env, programmeId, nowMs);
      const print = desk.print("phone", phone);
      const codes = new PhoneDesk(env, programmeId);
      if (!(await codes.isRight(print, body.code, nowMs))) {
        return problem("invalid", {
          errors: [{ path: "code", message: "not the code that was sent, or it has lapsed" }],
        });
      }
      const subjects = [{ kind: "phone" as const, subject: phone, shown: phone }];
      const agreed = await agreedTo(call, body.noticeVersion);
      const finished = await desk.finish(
        { via: "phone", subjects, memberId: null },
        session,
        agreed,
        body.merge,
      );
      if (!finished.ok) return problem("conflict", { reason: finished.reason });
      await codes.use(print);
      return entered(call, desk, finished, { returnTo: "/", isEmbedded: body.isEmbedded });
    },
  );
}

/** Null unless it is the notice that stands now: nobody agrees to a text they were not shown. */
async function agreedTo(call: Call, version: string | null): Promise<string | null> {
  if (version === null) return null;
  const reading = { programmeId: programmeOf(call), isPreview: false };
  const look = await lookOf(call.env, reading, call.nowMs);
  return version === noticeVersionOf(look) ? version : null;
}

function consentRoute(api: Api): void {
  api.route(
    {
      ...{ method: "post", path: "/api/v1/sign-in/consent", access: "public", tag: TAG },
      operationId: "giveConsent",
      summary: "Agrees to the privacy notice, which ends the sign-in",
      body: z
        .object({ noticeVersion: z.string().regex(/^[0-9a-f]{16}$/), isEmbedded })
        .openapi("Consent"),
      responses: { 200: { description: "Signed in", schema: signedInSchema } },
      problems: ["conflict"],
    },
    async (call) => {
      const { env, request, body, session, nowMs, problem } = call;
      const desk = await SignInDesk.open(env, programmeOf(call), nowMs);
      const pending = await desk.openProof(cookieIn(request, PENDING_COOKIE) ?? "");
      if (!pending) return problem("conflict", { reason: "nothing_pending" });
      const agreed = await agreedTo(call, body.noticeVersion);
      if (agreed === null) return problem("conflict", { reason: "notice_changed" });
      const finished = await desk.finish(pending.proof, session, agreed);
      if (!finished.ok) return problem("conflict", { reason: finished.reason });
      const { returnTo: back } = pending;
      return entered(call, desk, finished, { returnTo: back, isEmbedded: body.isEmbedded });
    },
  );
}

/** For the member's own page: what is known, masked, and since when they agree. */
export function shownIdentity(kind: string, shown: string): string {
  return kind === "phone" ? maskedPhone(shown) : shown;
}
