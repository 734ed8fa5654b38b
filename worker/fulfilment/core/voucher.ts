/** A voucher: a right to be served at a store so many times. Pure. */

/** `live` until all uses are gone; `void` when its order was given back. Expiry follows from the clock. */
export type VoucherState = "live" | "used_up" | "void";

export interface Voucher {
  readonly voucherId: string;
  readonly memberId: string;
  readonly orderId: string;
  readonly title: string;
  readonly usesTotal: number;
  readonly usesLeft: number;
  /** Null: every store of the programme. */
  readonly storeIds: readonly string[] | null;
  readonly validFromMs: number;
  readonly expiresAtMs: number;
  readonly state: VoucherState;
}

export type WriteOffRefusal =
  | "wrong_store"
  | "not_yet_valid"
  | "expired"
  | "used_up"
  | "not_enough_uses"
  | "void";

/** Null: this many uses may be written off here and now. */
export function writeOffRefusal(
  voucher: Voucher,
  storeId: string,
  uses: number,
  nowMs: number,
): WriteOffRefusal | null {
  if (voucher.state === "void") return "void";
  if (voucher.storeIds !== null && !voucher.storeIds.includes(storeId)) return "wrong_store";
  if (voucher.usesLeft === 0) return "used_up";
  if (nowMs < voucher.validFromMs) return "not_yet_valid";
  if (nowMs >= voucher.expiresAtMs) return "expired";
  return uses > voucher.usesLeft ? "not_enough_uses" : null;
}
