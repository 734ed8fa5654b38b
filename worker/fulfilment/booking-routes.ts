/** Bookings of visits, as members make them. */
import { z } from "@hono/zod-openapi";
import { LIMITS } from "../kernel/limits.ts";
import { json, type Api } from "../platform/http/api.ts";
import { BookingDesk } from "./booking-desk.ts";
import { conflict, PROBLEMS } from "./http.ts";
import { storesOf } from "./stores.ts";
import { voucherView } from "./views.ts";
import { VoucherStore } from "./voucher-store.ts";
import { bookingOfferSchema, storeIdSchema, voucherParams, voucherSchema } from "./wire.ts";

export function bookingRoutes(api: Api): void {
  offerRoute(api);
  bookingRoute(api);
}

function offerRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/me/vouchers/{voucherId}/slots",
      access: "member",
      tag: "Delivery",
      summary: "Slots of a store that have a place free for this voucher",
      params: voucherParams,
      query: z.object({ storeId: storeIdSchema.optional() }),
      responses: { 200: { description: "The offer", schema: bookingOfferSchema } },
      problems: ["not_found"],
    },
    async ({ env, session, params, query, nowMs, problem }) => {
      const { programmeId, memberId } = session;
      const voucher = await new VoucherStore(env.DB, programmeId).find(params.voucherId);
      if (!voucher || voucher.memberId !== memberId) return problem("not_found");
      const stores = await storesOf(env, programmeId);
      const desk = new BookingDesk(env.DB, programmeId);
      const plans = await desk.plansFor(
        voucher,
        stores.map(({ storeId }) => storeId),
      );
      const takes = stores.filter((one) => plans.some(({ storeId }) => storeId === one.storeId));
      const wanted = query.storeId ?? voucher.bookedStoreId ?? takes[0]?.storeId;
      const stored = plans.find(({ storeId }) => storeId === wanted) ?? null;
      return json({
        stores: takes.map(({ storeId, name }) => ({ storeId, name })),
        storeId: stored?.storeId ?? null,
        offer: stored && (await desk.offer(voucher, stored, nowMs)),
      });
    },
  );
}

function bookingRoute(api: Api): void {
  api.route(
    {
      method: "put",
      path: "/api/v1/me/vouchers/{voucherId}/booking",
      access: "member",
      tag: "Delivery",
      summary: "Books a visit, moves it, or gives it up (null)",
      params: voucherParams,
      body: z
        .object({
          storeId: storeIdSchema.nullable(),
          atMs: z.int().min(0).max(LIMITS.timeMsMax).nullable(),
        })
        .openapi("VoucherBooking"),
      responses: { 200: { description: "The voucher", schema: voucherSchema } },
      problems: PROBLEMS,
    },
    async ({ env, session, params, body, nowMs, problem }) => {
      const { programmeId, memberId } = session;
      const vouchers = new VoucherStore(env.DB, programmeId);
      const voucher = await vouchers.find(params.voucherId);
      if (!voucher || voucher.memberId !== memberId) return problem("not_found");
      const stores = await storesOf(env, programmeId);
      const desk = new BookingDesk(env.DB, programmeId);
      const { storeId, atMs } = body;
      if (storeId !== null && atMs !== null) {
        if (!stores.some((one) => one.storeId === storeId)) return conflict(problem, "wrong_store");
        const reply = await desk.book(voucher.voucherId, { storeId, fromMs: atMs }, nowMs);
        if (reply.kind === "refused") return conflict(problem, reply.reason);
        if (reply.kind === "full") return conflict(problem, "slot_full", { others: reply.others });
      } else if (storeId !== null || atMs !== null) {
        return conflict(problem, "store_and_time");
      } else {
        const refusal = await desk.giveUp(voucher, nowMs);
        if (refusal !== null) return conflict(problem, refusal);
      }
      const after = (await vouchers.find(voucher.voucherId)) ?? voucher;
      const acts = await vouchers.writeOffsOf([voucher.voucherId]);
      return json(voucherView(after, stores, acts, nowMs));
    },
  );
}
