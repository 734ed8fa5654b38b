/** What people see of a delivery: rows in words, personal data masked. */
import { maskPhone, OWN_SIGHT, seen, type Sight } from "../kernel/masks.ts";
import type { Env } from "../platform/env.ts";
import type { Locale } from "../pages/page-data.ts";
import { AddressBook, maskAddress, type OrderRef, type SavedAddress } from "./address-book.ts";
import { BookingStore } from "./booking-store.ts";
import { CodeDesk } from "./code-desk.ts";
import { carrierOf, regionOf, regionText, unitsLeft } from "./core/index.ts";
import { issueService } from "./deliver.ts";
import type { OrderFacts } from "./order-gate.ts";
import { RatingStore } from "./rating-store.ts";
import { ShippingDesk, type Shipment } from "./shipping-desk.ts";
import { storesOf, type Store } from "./stores.ts";
import { TopUpDesk } from "./top-up-desk.ts";
import { hasVouchers, VoucherStore, type StoredVoucher, type WriteOff } from "./voucher-store.ts";
import type { AddressView, DeliveryView, ShipmentView, VoucherView } from "./wire.ts";

export function addressView(saved: SavedAddress): AddressView {
  const region = regionOf(saved.regionCode);
  return { ...saved, region: region ? regionText(region) : "" };
}

export function shipmentView(shipment: Shipment, locale: Locale): ShipmentView {
  const { memberId: _member, orderId: _order, points, ...rest } = shipment;
  const carrier = carrierOf(shipment.carrier);
  const carrierName = carrier ? (locale === "en" ? carrier.en : carrier.zh) : shipment.carrier;
  return { ...rest, carrierName, points: [...points] };
}

export function voucherView(
  voucher: StoredVoucher,
  stores: readonly Store[],
  acts: readonly WriteOff[],
  nowMs: number,
): VoucherView {
  const { voucherId, orderId, title, usesTotal, usesLeft, storeIds, state } = voucher;
  const { validFromMs, expiresAtMs, bookedStoreId, booking } = voucher;
  const nameOf = (storeId: string): string =>
    stores.find((one) => one.storeId === storeId)?.name ?? storeId;
  return {
    ...{ voucherId, orderId, title, usesTotal, usesLeft, validFromMs, expiresAtMs },
    ...{ bookedStoreId, bookedAtMs: booking.at?.fromMs ?? null },
    bookedUntilMs: booking.at?.untilMs ?? null,
    storeIds: storeIds && [...storeIds],
    stores: stores.filter(({ storeId }) => storeIds === null || storeIds.includes(storeId)),
    state: state === "live" && nowMs >= expiresAtMs ? "expired" : state,
    uses: acts
      .filter((act) => act.voucherId === voucherId)
      .map(({ atMs, uses, storeId, state: done }) => ({
        ...{ atMs, uses, storeName: nameOf(storeId) },
        isReversed: done === "reversed",
      })),
  };
}

/** A service's vouchers are made when somebody first looks, or by the sweep; a coupon's when it is issued. */
export async function vouchersOf(
  env: Env,
  programmeId: string,
  order: OrderFacts,
  nowMs: number,
): Promise<VoucherView[]> {
  if (!hasVouchers(order.goodsKind)) return [];
  const store = new VoucherStore(env.DB, programmeId);
  let vouchers = await store.ofOrder(order);
  if (vouchers.length === 0 && order.state === "to_write_off") {
    vouchers = await issueService(env, programmeId, order, nowMs);
  }
  const [stores, acts] = await Promise.all([
    storesOf(env, programmeId),
    store.writeOffsOf(vouchers.map(({ voucherId }) => voucherId)),
  ]);
  return vouchers.map((voucher) => voucherView(voucher, stores, acts, nowMs));
}

/** Whether a store waits to be told when the holder of one of these comes. */
async function takesBookings(
  { env, programmeId, nowMs }: DeliveryCall,
  { skuId }: OrderFacts,
  vouchers: readonly VoucherView[],
): Promise<boolean> {
  const unbooked = vouchers.filter(
    ({ state, bookedUntilMs }) => state === "live" && (bookedUntilMs ?? 0) <= nowMs,
  );
  const storeIds = new Set(unbooked.flatMap(({ stores }) => stores.map((one) => one.storeId)));
  if (storeIds.size === 0) return false;
  const plans = await new BookingStore(env.DB, programmeId).plansFor(skuId, [...storeIds]);
  return plans.length > 0;
}

const IS_HAD = new Set(["received", "closed"]);

/** A coupon is received with its issue: what it is good for its holder knows once it was used, or never will. */
export function mayRate(state: string, vouchers: readonly VoucherView[]): boolean {
  const isKnown = ({ state: one, uses }: VoucherView): boolean =>
    one !== "live" || uses.some(({ isReversed }) => !isReversed);
  return IS_HAD.has(state) && (vouchers.length === 0 || vouchers.some(isKnown));
}

const NEEDS_ADDRESS = new Set(["placed", "awaiting_payment", "to_ship"]);

export interface DeliveryCall {
  readonly env: Env;
  readonly programmeId: string;
  readonly locale: Locale;
  /** Absent: the member's own view. */
  readonly sight?: Sight;
  readonly nowMs: number;
}

export async function deliveryView(call: DeliveryCall, order: OrderFacts): Promise<DeliveryView> {
  const { env, programmeId, locale, nowMs, sight = OWN_SIGHT } = call;
  const book = await AddressBook.open(env, programmeId);
  const [recipient, shipments, vouchers, topUp, codes, rating] = await Promise.all([
    book.recipient(order),
    new ShippingDesk(env, programmeId).ofOrder(order),
    vouchersOf(env, programmeId, order, nowMs),
    new TopUpDesk(env, programmeId).ofOrder(order),
    codesOf(call, order),
    new RatingStore(env, programmeId).ofOrder(order),
  ]);
  const isAddress = recipient?.kind === "address";
  const wantsAddress = order.goodsKind === "physical" && NEEDS_ADDRESS.has(order.state);
  const wantsAccount = order.goodsKind === "virtual" && order.state === "issuing";
  return {
    goodsKind: order.goodsKind,
    state: order.state,
    needs: recipient ? null : wantsAddress ? "address" : wantsAccount ? "account" : null,
    recipient: isAddress ? maskAddress(await book.addressOf(recipient), sight) : null,
    account:
      recipient?.kind === "account"
        ? seen(sight.phone, maskPhone(await book.accountOf(recipient)))
        : null,
    freightFen: recipient?.freightFen ?? 0,
    unitsToShip: order.goodsKind === "physical" ? unitsLeft(order.unitsToSend, shipments) : 0,
    shipments: shipments
      .filter(({ state }) => state !== "preparing")
      .map((one) => shipmentView(one, locale)),
    ...{ vouchers, codes, takesBookings: await takesBookings(call, order, vouchers) },
    mayRate: mayRate(order.state, vouchers),
    topUp: topUp && { state: topUp.state, atMs: topUp.createdAtMs },
    rating: rating && { stars: rating.stars, comment: rating.comment, state: rating.state },
  };
}

async function codesOf(
  { env, programmeId }: DeliveryCall,
  order: OrderFacts,
): Promise<DeliveryView["codes"]> {
  if (order.goodsKind !== "card_code" || !IS_HAD.has(order.state)) {
    return { isIssued: false, firstRevealedAtMs: null, looks: 0 };
  }
  const looks = await new CodeDesk(env, programmeId).looks(order.skuId, order satisfies OrderRef);
  return { isIssued: true, firstRevealedAtMs: looks.at(-1)?.atMs ?? null, looks: looks.length };
}
