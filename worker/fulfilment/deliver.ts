/** What an Account asks for when an order's goods deliver themselves, and what after-sales asks for when they come back. */
import type { Env } from "../platform/env.ts";
import { describeError, log } from "../platform/log.ts";
import type { OrderRef } from "./address-book.ts";
import { CodeDesk } from "./code-desk.ts";
import { hasAgreed, isGivenBack, OrderGate, type OrderFacts } from "./order-gate.ts";
import { DeliveryTermsStore } from "./terms-store.ts";
import { TopUpDesk } from "./top-up-desk.ts";
import { usesOfAll, VoucherStore, type StoredVoucher } from "./voucher-store.ts";

/** `waiting` says for what: codes to be imported, an account to be named, a supplier's word. */
export type Delivery =
  | { readonly kind: "delivered" }
  | {
      readonly kind: "waiting";
      readonly reason: "codes_short" | "needs_account" | "supplier" | "no_supplier";
    }
  | { readonly kind: "nothing" };

/** Issues what an order is for. Asked again, it goes on where it stopped. */
export async function deliver(
  env: Env,
  programmeId: string,
  ref: OrderRef,
  nowMs: number,
): Promise<Delivery> {
  const order = await new OrderGate(env, programmeId).facts(ref);
  if (!order || order.state !== "issuing") return { kind: "nothing" };
  switch (order.goodsKind) {
    case "card_code":
      return deliverCodes(env, programmeId, order);
    case "coupon":
      return deliverVouchers(env, programmeId, order, nowMs);
    case "virtual":
      return deliverTopUp(env, programmeId, order, nowMs);
    case "physical":
    case "local_service":
      return { kind: "nothing" };
  }
}

async function deliverCodes(env: Env, programmeId: string, order: OrderFacts): Promise<Delivery> {
  const desk = new CodeDesk(env, programmeId);
  const reply = await desk.issue(order.skuId, order, order.quantity);
  if (reply.kind === "returned") return { kind: "nothing" };
  if (reply.kind === "short") {
    log("codes_short", { free: reply.free, wanted: order.quantity });
    return { kind: "waiting", reason: "codes_short" };
  }
  globalThis.failpoints?.reach("fulfilment:codes:issued");
  if (await issued(env, programmeId, order)) return { kind: "delivered" };
  // Cancelled meanwhile: nobody saw the codes, so they are free again.
  await desk.takeBack(order.skuId, order, order.quantity);
  return { kind: "nothing" };
}

async function deliverVouchers(
  env: Env,
  programmeId: string,
  order: OrderFacts,
  nowMs: number,
): Promise<Delivery> {
  const store = new VoucherStore(env.DB, programmeId);
  const terms = await new DeliveryTermsStore(env.DB, programmeId).of(order.skuId);
  const made = await store.issue(order, terms, nowMs);
  if (await issued(env, programmeId, order, usesOfAll(made))) return { kind: "delivered" };
  await store.voidLeft(order);
  return { kind: "nothing" };
}

/** Vouchers of a service, which are made when somebody first looks. An order that ended meanwhile has none. */
export async function issueService(
  env: Env,
  programmeId: string,
  order: OrderFacts,
  nowMs: number,
): Promise<StoredVoucher[]> {
  const store = new VoucherStore(env.DB, programmeId);
  const terms = await new DeliveryTermsStore(env.DB, programmeId).of(order.skuId);
  const made = await store.issue(order, terms, nowMs);
  const now = await new OrderGate(env, programmeId).facts(order);
  if (now && !isGivenBack(now)) return made;
  await store.voidLeft(order);
  return store.ofOrder(order);
}

async function deliverTopUp(
  env: Env,
  programmeId: string,
  order: OrderFacts,
  nowMs: number,
): Promise<Delivery> {
  const terms = await new DeliveryTermsStore(env.DB, programmeId).of(order.skuId);
  const desk = new TopUpDesk(env, programmeId);
  const start = await desk.start(order, terms.product || order.skuId, nowMs);
  if (start !== "started") return { kind: "waiting", reason: start };
  const topUp = await desk.ofOrder(order);
  return topUp?.state === "success"
    ? { kind: "delivered" }
    : { kind: "waiting", reason: "supplier" };
}

async function issued(
  env: Env,
  programmeId: string,
  { memberId, orderId }: OrderFacts,
  usesTotal?: number,
): Promise<boolean> {
  const gate = new OrderGate(env, programmeId);
  const reply = await gate.advance({
    ...{ memberId, orderId, step: "issue", by: "system", key: "issue" },
    ...(usesTotal === undefined ? {} : { usesTotal }),
  });
  if (hasAgreed(reply)) return true;
  // Its receipt may have been closed by now: it was issued all the same.
  return reply.kind === "refused" && (reply.state === "received" || reply.state === "closed");
}

/**
 * `used`: somebody saw the code or used the voucher, so a refund is the merchant's own decision. `held`: the order is given back, and a
 * desk still holds a use of it, which may come back; so it is asked again.
 */
export type TakenBackGoods = "taken" | "used" | "held";

export async function takeBackGoods(
  env: Env,
  programmeId: string,
  ref: OrderRef,
): Promise<TakenBackGoods> {
  try {
    const order = await new OrderGate(env, programmeId).facts(ref);
    if (order?.goodsKind === "card_code") {
      const { kind } = await new CodeDesk(env, programmeId).takeBack(
        order.skuId,
        ref,
        order.quantity,
      );
      return kind === "revealed" ? "used" : "taken";
    }
    const store = new VoucherStore(env.DB, programmeId);
    // The order has said how much of them goes back; a coupon that nobody counted is asked whether it was used at all.
    if (order && isGivenBack(order)) return (await store.voidLeft(ref)) ? "taken" : "held";
    return (await store.voidUnused(ref)) ? "taken" : "used";
  } catch (error) {
    log("take_back_failed", { error: describeError(error) });
    throw error;
  }
}
