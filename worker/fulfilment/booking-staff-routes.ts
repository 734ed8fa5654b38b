/** Bookings of visits, as stores take them: hours and places, and who comes on a day. */
import { z } from "@hono/zod-openapi";
import { programmeDay, ZONE_OFFSET_MS } from "../kernel/clock.ts";
import { startOfDayMs } from "../kernel/calendar.ts";
import { LIMITS } from "../kernel/limits.ts";
import { json, mayServe, type Api, type Session } from "../platform/http/api.ts";
import { basedOnSchema, seenSchema } from "../platform/http/based-on.ts";
import { BookingDesk } from "./booking-desk.ts";
import { BookingStore, type StoredPlan } from "./booking-store.ts";
import { planProblems } from "./core/index.ts";
import { conflict, invalid, PROBLEMS } from "./http.ts";
import { storesOf } from "./stores.ts";
import { VoucherStore, type StoredVoucher } from "./voucher-store.ts";
import { bookingPlanSchema, storeIdSchema, voucherParams } from "./wire.ts";
import {
  expectedSchema,
  plansLeftSchema,
  plansSchema,
  releasedSchema,
  savedPlanSchema,
} from "./staff-wire.ts";

/** A query cannot say null: the plan of the whole store has an empty SKU. */
const planQuery = z.object({
  skuId: z
    .string()
    .regex(/^(?:[0-9a-z](?:[0-9a-z-]{0,62}[0-9a-z])?)?$/)
    .default(""),
});
const storeParams = z.object({ storeId: storeIdSchema });
type Call = Parameters<Parameters<Api["route"]>[1]>[0];

/** Null: the store may be set up by whoever calls. */
async function refused(
  { env, session, problem }: Pick<Call, "env" | "problem"> & { readonly session: Session },
  storeId: string,
): Promise<Response | null> {
  if (!mayServe(session, storeId)) return problem("forbidden");
  const stores = await storesOf(env, session.programmeId);
  return stores.some((one) => one.storeId === storeId) ? null : problem("not_found");
}

export function bookingStaffRoutes(api: Api): void {
  plansRoute(api);
  savePlanRoute(api);
  removePlanRoute(api);
  expectedRoute(api);
  releaseRoute(api);
}

const planView = ({ plan, ...of }: StoredPlan) => ({ ...of, ...plan });

function plansRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/booking-plans/{storeId}",
      access: "staff",
      permission: "settings.read",
      tag: "Write-off",
      summary:
        "When a store takes bookings: its own plan, those of single goods, and the goods that can have one",
      params: storeParams,
      responses: { 200: { description: "Plans", schema: plansSchema } },
      problems: PROBLEMS,
    },
    async (call) => {
      const { env, session, params } = call;
      const { storeId } = params;
      const refusal = await refused(call, storeId);
      if (refusal) return refusal;
      const store = new BookingStore(env.DB, session.programmeId);
      const [plans, goods] = await Promise.all([store.plansOf(storeId), store.bookableGoods()]);
      return json({ plans: plans.map(planView), goods });
    },
  );
}

function savePlanRoute(api: Api): void {
  api.route(
    {
      method: "put",
      path: "/api/v1/staff/booking-plans/{storeId}",
      access: "staff",
      permission: "settings.write",
      tag: "Write-off",
      summary:
        "Hours, slots and places of a store, or of one SKU there; bookings that stand are kept",
      params: storeParams,
      query: planQuery.extend({ basedOn: basedOnSchema }),
      body: bookingPlanSchema,
      responses: { 200: { description: "As it is kept", schema: savedPlanSchema } },
      problems: PROBLEMS,
    },
    async (call) => {
      const { env, session, params, query, body: plan, nowMs, problem, audit } = call;
      const { storeId } = params;
      const { skuId, basedOn } = query;
      const refusal = await refused(call, storeId);
      if (refusal) return refusal;
      const problems = planProblems(plan);
      if (problems.length > 0) return invalid(problem, problems);
      const store = new BookingStore(env.DB, session.programmeId);
      const by = { savedBy: `staff:${session.memberId}`, nowMs, basedOn };
      const isSaved = await store.savePlan({ storeId, skuId, plan }, by);
      audit({ subject: `booking-plan:${storeId}/${skuId}`, after: plan });
      if (isSaved) return json(planView({ storeId, skuId, plan, savedAtMs: nowMs }));
      const current = await store.planOf(storeId, skuId);
      return current
        ? problem("conflict", { reason: "changed_meanwhile", current: planView(current) })
        : problem("not_found");
    },
  );
}

function removePlanRoute(api: Api): void {
  api.route(
    {
      method: "delete",
      path: "/api/v1/staff/booking-plans/{storeId}",
      access: "staff",
      permission: "settings.write",
      tag: "Write-off",
      summary: "No more bookings by this plan; those that stand are kept",
      params: storeParams,
      query: planQuery.extend({ basedOn: seenSchema }),
      responses: { 200: { description: "Those that are left", schema: plansLeftSchema } },
      problems: PROBLEMS,
    },
    async (call) => {
      const { env, session, params, query, problem } = call;
      const { storeId } = params;
      const refusal = await refused(call, storeId);
      if (refusal) return refusal;
      const store = new BookingStore(env.DB, session.programmeId);
      const current = await store.removePlan(storeId, query.skuId, query.basedOn);
      if (current)
        return problem("conflict", { reason: "changed_meanwhile", current: planView(current) });
      return json({ plans: (await store.plansOf(storeId)).map(planView) });
    },
  );
}

/** Enough to recognise who comes, too little to write off. */
function expectedView(voucher: StoredVoucher, nowMs: number) {
  const { voucherId, locator, title, usesLeft, usesTotal, expiresAtMs, booking } = voucher;
  const { fromMs = 0, untilMs = 0 } = booking.at ?? {};
  const hasCome = booking.usesLeftThen !== null && booking.usesLeftThen !== usesLeft;
  return {
    ...{ voucherId, locator, title, usesLeft, usesTotal, expiresAtMs, fromMs, untilMs },
    state: hasCome ? "came" : untilMs > nowMs ? "expected" : "missed",
  };
}

function expectedRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/write-offs/expected",
      access: "staff",
      permission: "orders.write_off",
      tag: "Write-off",
      summary: "Who has booked at a store on a day, to be kept for an hour without a network",
      query: z.object({
        storeId: storeIdSchema,
        dayMs: z.coerce.number().int().min(0).max(LIMITS.timeMsMax),
      }),
      responses: { 200: { description: "Bookings, in order of time", schema: expectedSchema } },
      problems: PROBLEMS,
    },
    async ({ env, session, query, nowMs, problem }) => {
      if (!mayServe(session, query.storeId)) return problem("forbidden");
      const day = programmeDay(query.dayMs, ZONE_OFFSET_MS);
      const within = {
        fromMs: startOfDayMs(day, ZONE_OFFSET_MS),
        untilMs: startOfDayMs(day + 1, ZONE_OFFSET_MS),
      };
      const store = new BookingStore(env.DB, session.programmeId);
      const vouchers = await store.booked(query.storeId, within);
      return json({ asOfMs: nowMs, items: vouchers.map((one) => expectedView(one, nowMs)) });
    },
  );
}

function releaseRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/bookings/{voucherId}/release",
      access: "staff",
      permission: "orders.write_off",
      tag: "Write-off",
      summary: "Ends a booking and lets its member choose again, as if they had not booked yet",
      params: voucherParams,
      responses: {
        200: { description: "Released; repeating it changes nothing", schema: releasedSchema },
      },
      problems: PROBLEMS,
    },
    async ({ env, session, params, problem, audit }) => {
      const voucher = await new VoucherStore(env.DB, session.programmeId).find(params.voucherId);
      if (!voucher) return problem("not_found");
      const { bookedStoreId, booking, usesLeft } = voucher;
      if (bookedStoreId === null) return json({ state: "released" });
      if (!mayServe(session, bookedStoreId)) return problem("forbidden");
      if (booking.usesLeftThen !== null && booking.usesLeftThen !== usesLeft) {
        return conflict(problem, "visit_took_place");
      }
      await new BookingDesk(env.DB, session.programmeId).forgive(voucher);
      audit({ subject: `booking:${voucher.voucherId}`, before: { ...booking.at, bookedStoreId } });
      return json({ state: "released" });
    },
  );
}
