/** Which units of an order have left, and when its receipt is taken for granted. Pure. */
import { DAY_MS } from "../../kernel/clock.ts";
/** Of the units that go out, those that are in no parcel yet. More may have left before some were given back. */
export function unitsLeft(
  toSend: number,
  parcels: readonly { readonly quantity: number }[],
): number {
  return Math.max(
    0,
    parcels.reduce((left, { quantity }) => left - quantity, toSend),
  );
}

export const AUTO_RECEIVE_DAYS = 14;
export const AUTO_RECEIVE_SIGNED_DAYS = 7;

/** Two weeks after it left, or a week after the courier says it was signed for, whichever comes first. */
export function receivedByItselfAtMs(sentAtMs: number, signedAtMs: number | null): number {
  const bySent = sentAtMs + AUTO_RECEIVE_DAYS * DAY_MS;
  return signedAtMs === null
    ? bySent
    : Math.min(bySent, signedAtMs + AUTO_RECEIVE_SIGNED_DAYS * DAY_MS);
}
