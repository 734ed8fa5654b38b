/** A member chooses when to come. */
import {
  bookingsLeft,
  bookingsMade,
  chooseSlot,
  leaveRefusal,
  moveUntilMs,
  offeredSlots,
  placesLeft,
  type BookingRefusal,
  type Slot,
} from "./core/index.ts";
import { BookingStore, type StoredPlan } from "./booking-store.ts";
import { VoucherStore, type StoredVoucher } from "./voucher-store.ts";

export interface FreeSlot extends Slot {
  readonly placesLeft: number;
}

export type BookingReply =
  | { readonly kind: "booked"; readonly voucher: StoredVoucher }
  | { readonly kind: "refused"; readonly reason: BookingRefusal | "no_bookings" }
  /** Somebody was quicker; these are the nearest that are free. */
  | { readonly kind: "full"; readonly others: readonly FreeSlot[] };

export interface Offer {
  readonly slots: readonly FreeSlot[];
  readonly bookingsLeft: number;
  readonly moveHours: number;
  /** Until when the booking that stands can be moved or given up; null without one ahead. */
  readonly moveUntilMs: number | null;
}

const OTHERS_MAX = 6;
/** A voucher that changes under one's hands this often is somebody else's turn. */
const TRIES = 4;

export class BookingDesk {
  readonly #bookings: BookingStore;
  readonly #vouchers: VoucherStore;

  constructor(db: D1Database, programmeId: string) {
    this.#bookings = new BookingStore(db, programmeId);
    this.#vouchers = new VoucherStore(db, programmeId);
  }

  /** The plans that a voucher can be booked by, among these stores. */
  plansFor(voucher: StoredVoucher, storeIds: readonly string[]): Promise<StoredPlan[]> {
    const served = storeIds.filter((one) => voucher.storeIds?.includes(one) ?? true);
    return this.#bookings.plansFor(voucher.skuId, served);
  }

  async offer(voucher: StoredVoucher, stored: StoredPlan, nowMs: number): Promise<Offer> {
    const { plan } = stored;
    const { booking, usesLeft } = voucher;
    const isAhead = booking.at !== null && booking.at.untilMs > nowMs;
    return {
      slots: await this.#free(voucher, stored, nowMs),
      bookingsLeft: bookingsLeft(plan, booking, usesLeft),
      moveHours: plan.moveHours,
      moveUntilMs: isAhead && booking.at ? moveUntilMs(plan, booking.at) : null,
    };
  }

  async #free(voucher: StoredVoucher, stored: StoredPlan, nowMs: number): Promise<FreeSlot[]> {
    const offered = offeredSlots(stored.plan, voucher.expiresAtMs, nowMs);
    const [first, last] = [offered[0], offered.at(-1)];
    if (!first || !last) return [];
    const within = { fromMs: first.fromMs, untilMs: last.untilMs };
    const taken = await this.#bookings.taken(stored, within);
    return offered
      .map((slot) => ({ ...slot, placesLeft: placesLeft(stored.plan, slot, taken) }))
      .filter((slot) => slot.placesLeft > 0);
  }

  /** Repeating it changes nothing. */
  async book(
    voucherId: string,
    { storeId, fromMs }: { readonly storeId: string; readonly fromMs: number },
    nowMs: number,
  ): Promise<BookingReply> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const voucher = await this.#vouchers.find(voucherId);
      if (!voucher || voucher.state !== "live")
        return { kind: "refused", reason: "outside_validity" };
      const { booking, usesLeft } = voucher;
      const isThere = booking.at?.fromMs === fromMs && voucher.bookedStoreId === storeId;
      if (isThere && booking.usesLeftThen === usesLeft) return { kind: "booked", voucher };
      const [stored] = await this.plansFor(voucher, [storeId]);
      if (!stored) return { kind: "refused", reason: "no_bookings" };
      const slot = chooseSlot(stored.plan, voucher, fromMs, nowMs);
      if (typeof slot === "string") return { kind: "refused", reason: slot };
      const made = bookingsMade(booking, usesLeft) + 1;
      if (await this.#bookings.book(voucher, stored, slot, made)) continue;
      const free = await this.#free(voucher, stored, nowMs);
      if (free.some((one) => one.fromMs === fromMs)) continue;
      return { kind: "full", others: nearest(free, fromMs) };
    }
    return { kind: "full", others: [] };
  }

  /** Null: the booking is given up, or there was none. */
  async giveUp(voucher: StoredVoucher, nowMs: number): Promise<BookingRefusal | null> {
    const { bookedStoreId, booking } = voucher;
    if (bookedStoreId === null) return null;
    const [stored] = await this.plansFor(voucher, [bookedStoreId]);
    const refusal = stored ? leaveRefusal(stored.plan, booking, nowMs) : null;
    if (refusal === null) await this.#bookings.release(voucher, false);
    return refusal;
  }

  /** Staff let somebody who missed a visit, or cannot come, choose anew. */
  async forgive(voucher: StoredVoucher): Promise<void> {
    await this.#bookings.release(voucher, true);
  }
}

function nearest(free: readonly FreeSlot[], fromMs: number): FreeSlot[] {
  const away = (slot: Slot): number => Math.abs(slot.fromMs - fromMs);
  return free
    .toSorted((a, b) => away(a) - away(b))
    .slice(0, OTHERS_MAX)
    .toSorted((a, b) => a.fromMs - b.fromMs);
}
