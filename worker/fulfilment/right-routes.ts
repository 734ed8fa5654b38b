/** What a member holds instead of a parcel: vouchers with codes for the till, card codes, and the word that a parcel came. */
import { z } from "@hono/zod-openapi";
import { reportReview } from "../earning/index.ts";
import { parseKeyRing } from "../kernel/key-ring.ts";
import { LIMITS } from "../kernel/limits.ts";
import { olderRecords } from "../members/index.ts";
import type { Env } from "../platform/env.ts";
import { json, type Api, type Session } from "../platform/http/api.ts";
import { CodeDesk } from "./code-desk.ts";
import { codesFrom } from "./core/index.ts";
import { conflict, PROBLEMS } from "./http.ts";
import { hasAgreed, OrderGate } from "./order-gate.ts";
import { RatingStore } from "./rating-store.ts";
import { logReveal } from "./reveals.ts";
import { storesOf } from "./stores.ts";
import { deliveryView, mayRate, vouchersOf, voucherView } from "./views.ts";
import { VoucherStore, type StoredVoucher } from "./voucher-store.ts";
import {
  deliverySchema,
  orderParams,
  revealedCodesSchema,
  shownCodesSchema,
  voucherParams,
  voucherSchema,
} from "./wire.ts";

/** A phone without a network shows codes for so many minutes. */
const STEPS = 120;

export function rightRoutes(api: Api): void {
  voucherRoutes(api);
  revealRoute(api);
  receiveRoute(api);
  ratingRoute(api);
}

function voucherRoutes(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/me/vouchers",
      access: "member",
      tag: "Delivery",
      summary: "The member's vouchers, newest first",
      responses: {
        200: { description: "Vouchers", schema: z.object({ vouchers: z.array(voucherSchema) }) },
      },
    },
    async ({ env, session, nowMs }) => {
      const store = new VoucherStore(env.DB, session.programmeId);
      const older = await olderRecords(env, session, nowMs);
      const vouchers = await store.ofMember(session.memberId, ...older);
      const [stores, acts] = await Promise.all([
        storesOf(env, session.programmeId),
        store.writeOffsOf(vouchers.map(({ voucherId }) => voucherId)),
      ]);
      return json({ vouchers: vouchers.map((one) => voucherView(one, stores, acts, nowMs)) });
    },
  );
  api.route(
    {
      method: "get",
      path: "/api/v1/me/vouchers/{voucherId}/codes",
      access: "member",
      tag: "Delivery",
      summary: "The codes of a voucher, minute by minute for the next two hours",
      params: voucherParams,
      responses: { 200: { description: "The codes", schema: shownCodesSchema } },
      problems: ["not_found"],
    },
    async (call) => {
      const { env, session, params, nowMs, problem } = call;
      const { programmeId, memberId } = session;
      const store = new VoucherStore(env.DB, programmeId);
      const known = await store.find(params.voucherId);
      const voucher = known ?? (await madeNow(call, params.voucherId));
      if (!voucher || voucher.memberId !== memberId) return problem("not_found");
      const [stores, acts] = await Promise.all([
        storesOf(env, programmeId),
        store.writeOffsOf([voucher.voucherId]),
      ]);
      const { voucherId, orderId, storeIds, locator } = voucher;
      const subject = { programmeId, voucherId, orderId, storeIds };
      const view = voucherView(voucher, stores, acts, nowMs);
      const ring = parseKeyRing(env.TICKET_KEYS);
      const codes = view.state === "live" ? codesFrom(ring, subject, locator, nowMs, STEPS) : [];
      return json({ voucher: view, serverTimeMs: nowMs, codes });
    },
  );
}

/** A service's vouchers come into being when somebody first looks; a link may be that look. */
async function madeNow(
  call: { readonly env: Env; readonly session: Session; readonly nowMs: number },
  voucherId: string,
): Promise<StoredVoucher | null> {
  const { env, session, nowMs } = call;
  const { programmeId, memberId } = session;
  const orderId = voucherId.replace(/-\d{3,}$/, "");
  const order = await new OrderGate(env, programmeId).facts({ memberId, orderId });
  if (!order) return null;
  await vouchersOf(env, programmeId, order, nowMs);
  return new VoucherStore(env.DB, programmeId).find(voucherId);
}

const HAS_CODES = new Set(["received", "closed"]);

function revealRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/orders/{orderId}/codes/reveal",
      access: "member",
      tag: "Delivery",
      summary: "Shows the card codes of an order; every look is written down, a later one says why",
      params: orderParams,
      body: z
        .object({
          reason: z.string().trim().max(LIMITS.textMax).describe("Empty at the first look."),
        })
        .openapi("RevealCodes"),
      responses: { 200: { description: "The codes", schema: revealedCodesSchema } },
      problems: PROBLEMS,
    },
    async ({ env, session, params, body, nowMs, problem }) => {
      const { programmeId, memberId } = session;
      const ref = { memberId, orderId: params.orderId };
      const order = await new OrderGate(env, programmeId).facts(ref);
      if (!order || order.goodsKind !== "card_code") return problem("not_found");
      if (!HAS_CODES.has(order.state))
        return conflict(problem, "order_state", { state: order.state });
      const desk = new CodeDesk(env, programmeId);
      const reply = await desk.reveal(order.skuId, ref, "member", body.reason);
      if (reply.kind === "not_issued") return conflict(problem, "not_issued");
      if (reply.kind === "reason_needed") {
        return conflict(problem, "reason_needed", { firstAtMs: reply.firstAtMs });
      }
      await logReveal(env, programmeId, {
        ...{ ...ref, what: "code", by: "member", reason: body.reason, atMs: nowMs },
      });
      const { codes, isFirst, firstAtMs } = reply;
      return json({ codes, isFirst, firstAtMs });
    },
  );
}

function receiveRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/orders/{orderId}/receive",
      access: "member",
      tag: "Delivery",
      summary: "Confirms that the member has what was sent; repeating it changes nothing",
      params: orderParams,
      responses: { 200: { description: "The delivery", schema: deliverySchema } },
      problems: PROBLEMS,
    },
    async ({ env, session, params, locale, nowMs, problem }) => {
      const { programmeId, memberId } = session;
      const gate = new OrderGate(env, programmeId);
      const ref = { memberId, orderId: params.orderId };
      const reply = await gate.advance({ ...ref, step: "receive", by: "member", key: "member" });
      if (reply.kind === "not_found") return problem("not_found");
      if (!hasAgreed(reply) && reply.kind === "refused") {
        const reason = reply.reason === "units_unsent" ? "units_unsent" : "order_state";
        return conflict(problem, reason, { state: reply.state });
      }
      const order = await gate.facts(ref);
      if (!order) return problem("not_found");
      return json(await deliveryView({ env, programmeId, locale, nowMs }, order));
    },
  );
}

function ratingRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/orders/{orderId}/rating",
      operationId: "rateOrder",
      access: "member",
      tag: "Delivery",
      summary: "Rates what was received, once; words are shown when staff have read them",
      params: orderParams,
      body: z
        .object({ stars: z.int().min(1).max(5), comment: z.string().trim().max(300).default("") })
        .openapi("NewRating"),
      responses: { 200: { description: "The delivery", schema: deliverySchema } },
      problems: PROBLEMS,
    },
    async ({ env, session, params, body, locale, nowMs, problem }) => {
      const { programmeId, memberId } = session;
      const ref = { memberId, orderId: params.orderId };
      const order = await new OrderGate(env, programmeId).facts(ref);
      if (!order) return problem("not_found");
      if (!HAS_CODES.has(order.state))
        return conflict(problem, "order_state", { state: order.state });
      if (!mayRate(order.state, await vouchersOf(env, programmeId, order, nowMs)))
        return conflict(problem, "not_used_yet");
      const store = new RatingStore(env, programmeId);
      const isNew = await store.rate({ ...ref, skuId: order.skuId, ...body, atMs: nowMs });
      const known = isNew ? null : await store.ofOrder(ref);
      if (known && (known.stars !== body.stars || known.comment !== body.comment)) {
        return conflict(problem, "rated_already");
      }
      await reportReview(env, programmeId, { ...ref, atMs: known?.atMs ?? nowMs }, nowMs);
      return json(await deliveryView({ env, programmeId, locale, nowMs }, order));
    },
  );
}
