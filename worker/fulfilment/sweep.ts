/** Once a minute: what a crash left half done, what couriers and suppliers are asked, what a rotation left under old keys. */
import { DAY_MS } from "../kernel/clock.ts";
import type { Env } from "../platform/env.ts";
import { nextRows, type RoundList } from "../platform/rounds.ts";
import { attempt, attemptEach } from "../platform/upkeep.ts";
import { reseal, rewrapKeys, rotatedProgrammes } from "../vault/index.ts";
import { sealedPhones } from "../members/index.ts";
import { AddressBook, SEALED_COLUMNS, type OrderRef } from "./address-book.ts";
import { CodeDesk } from "./code-desk.ts";
import { RIGHTS_LAW } from "./core/index.ts";
import { issueService } from "./deliver.ts";
import { kuaidi100Of, Kuaidi100, type Logistics } from "./logistics.ts";
import { OrderGate } from "./order-gate.ts";
import { SEALED_RATINGS } from "./rating-store.ts";
import { dueShipments, ShippingDesk, signedLongAgo, type DueShipment } from "./shipping-desk.ts";
import { dueTopUps, TopUpDesk } from "./top-up-desk.ts";
import { halfDoneWriteOffs, VoucherStore } from "./voucher-store.ts";
import { WriteOffDesk } from "./write-off-desk.ts";

/** A supplier that is down keeps each of them waiting for its whole time. */
const TOP_UPS_AT_ONCE = 10;

export async function sweepFulfilment(env: Env, nowMs: number): Promise<void> {
  if (RIGHTS_LAW.halfDoneIsFinished) await finishHalfDone(env, nowMs);
  await askOutside(env, nowMs);
  await issueServiceVouchers(env, nowMs);
  await resealAll(env);
}

async function finishHalfDone(env: Env, nowMs: number): Promise<void> {
  await attemptEach(
    "write_offs",
    await halfDoneWriteOffs(env.DB, nowMs),
    ({ programmeId, act }) => {
      const desk = new WriteOffDesk(env, programmeId);
      return act.state === "reversing" ? desk.finishReversal(act, nowMs) : desk.finish(act, nowMs);
    },
  );
  await attemptEach(
    "half_sent",
    await dueShipments(env.DB, "half_sent", nowMs),
    ({ programmeId, shipment, sentBy }) =>
      new ShippingDesk(env, programmeId).finish(shipment, sentBy, nowMs),
  );
  type Untold = { readonly programmeId: string; readonly voucherId: string };
  const untold = await nextRows<Untold>(env.DB, UNTOLD);
  await attemptEach("used_up", untold, async ({ programmeId, voucherId }) => {
    const voucher = await new VoucherStore(env.DB, programmeId).find(voucherId);
    if (voucher) await new WriteOffDesk(env, programmeId).tellOrder(voucher);
  });
}

/** Vouchers that are used up and whose order may not know it. */
export const UNTOLD: RoundList = {
  ...{ name: "used_up", rows: 100, by: ["programme_id", "rowid"], start: ["", 0] },
  ...{ columns: "programme_id AS programmeId, voucher_id AS voucherId", from: "vouchers" },
  where: "state = 'used_up' AND is_order_told = 0",
};

async function askOutside(env: Env, nowMs: number): Promise<void> {
  await attemptEach(
    "top_ups",
    await dueTopUps(env.DB, nowMs),
    (topUp) => new TopUpDesk(env, topUp.programmeId).go(topUp, nowMs),
    TOP_UPS_AT_ONCE,
  );
  await askCouriers(env, nowMs);
  await attemptEach("signed", await signedLongAgo(env.DB, nowMs), ({ programmeId, ...order }) =>
    new ShippingDesk(env, programmeId).receiveSigned(order, nowMs),
  );
}

/** A service that is down is not waited for a hundred times: the parcels behind are asked for in the next sweep. */
async function askCouriers(env: Env, nowMs: number): Promise<void> {
  const account = kuaidi100Of(env);
  if (!account) return;
  const logistics = new Kuaidi100(account);
  let isAnswered = true;
  await attemptEach("tracking", await dueShipments(env.DB, "to_ask", nowMs), async (due) => {
    if (isAnswered) isAnswered = await askCourier(env, logistics, due, nowMs);
  });
}

/** False: the service did not answer. SF answers only to whoever knows the end of the phone number. */
export async function askCourier(
  env: Env,
  logistics: Logistics,
  { programmeId, shipment }: Omit<DueShipment, "sentBy">,
  nowMs: number,
): Promise<boolean> {
  const book = await AddressBook.open(env, programmeId);
  const recipient = await book.recipient(shipment);
  const phone = recipient?.kind === "address" ? (await book.addressOf(recipient)).phone : "";
  const track = await logistics.track(shipment.carrier, shipment.trackingNo, phone.slice(-4));
  const desk = new ShippingDesk(env, programmeId);
  if (track === "silence") {
    await desk.lookLater(shipment, nowMs);
    return false;
  }
  if (shipment.state === "preparing") return true;
  // Nothing is known of it yet: it stays where it was, and is asked for again.
  const known = { state: shipment.state, points: shipment.points };
  await desk.learn(shipment, track === "unknown" ? known : track, nowMs);
  return true;
}

/** Programme by programme: no index begins with the state of an order. */
export const UNISSUED: RoundList = {
  ...{ name: "service_vouchers", rows: 100, start: ["", 0, 0] },
  by: ["p.programme_id", "o.granted_at_ms", "o.rowid"],
  columns: "o.programme_id AS programmeId, o.member_id AS memberId, o.order_id AS orderId",
  from: "points_programmes AS p CROSS JOIN orders AS o ON o.programme_id = p.programme_id AND o.state = 'to_write_off'",
  where: `o.updated_at_ms > ?4
    AND NOT EXISTS (SELECT 1 FROM vouchers AS v WHERE v.programme_id = o.programme_id AND v.member_id = o.member_id AND v.order_id = o.order_id)`,
};

/** Staff at a store see who is expected, also of members who have not looked at their voucher yet. */
async function issueServiceVouchers(env: Env, nowMs: number): Promise<void> {
  type Unissued = { readonly programmeId: string } & OrderRef;
  const list = await nextRows<Unissued>(env.DB, UNISSUED, nowMs - DAY_MS);
  await attemptEach("service_vouchers", list, async ({ programmeId, ...ref }) => {
    const order = await new OrderGate(env, programmeId).facts(ref);
    if (order?.state !== "to_write_off") return;
    await issueService(env, programmeId, order, nowMs);
  });
}

export const WITH_TERMS: Omit<RoundList, "name"> = {
  ...{ rows: 200, by: ["sku_id"], start: [""], columns: "sku_id AS skuId" },
  ...{ from: "delivery_terms", where: "programme_id = ?2" },
};

/** Of all programmes that have a vault; the work of one run is bounded, the next goes on. */
async function resealAll(env: Env): Promise<void> {
  await attempt("rewrap", () => rewrapKeys(env));
  await attemptEach("reseal", await rotatedProgrammes(env, "fulfilment"), async (programmeId) => {
    await reseal(env, programmeId, [...SEALED_COLUMNS, SEALED_RATINGS, sealedPhones(programmeId)]);
    const list = { ...WITH_TERMS, name: `codes:${programmeId}` };
    const skus = await nextRows<{ skuId: string }>(env.DB, list, programmeId);
    await attemptEach("reseal", skus, ({ skuId }) => new CodeDesk(env, programmeId).reseal(skuId));
  });
}
