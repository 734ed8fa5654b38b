import { LIMITS } from "../kernel/limits.ts";
import { signToken, verifyToken, type KeyRing } from "../kernel/key-ring.ts";

const PURPOSE = "ticket.v1";

/** What a ticket says: the hold that was made, for whom, and until when its door opens. */
export interface TicketClaims {
  readonly memberKey: string;
  readonly saleId: string;
  readonly orderId: string;
  readonly quantity: number;
  readonly epoch: number;
  readonly points: number;
  readonly expiresAtMs: number;
}

export function signTicket(keys: KeyRing, claims: TicketClaims): string {
  const { memberKey, saleId, orderId, quantity, epoch, points, expiresAtMs } = claims;
  return signToken(keys, PURPOSE, [
    memberKey,
    saleId,
    orderId,
    quantity,
    epoch,
    points,
    expiresAtMs,
  ]);
}

/** The claims of a genuine ticket; `expired` bounds the door only, never the hold. */
export function verifyTicket(
  keys: KeyRing,
  ticket: string,
  nowMs: number,
): TicketClaims | "forged" | "expired" {
  if (ticket.length > LIMITS.doorFrameBytesMax) return "forged";
  const claims = verifyToken(keys, PURPOSE, ticket);
  if (!Array.isArray(claims)) return "forged";
  const [memberKey, saleId, orderId, quantity, epoch, points, expiresAtMs] = claims as unknown[];
  const isWhole = [quantity, epoch, points, expiresAtMs].every(Number.isInteger);
  const isText = [memberKey, saleId, orderId].every((part) => typeof part === "string");
  if (!isWhole || !isText) return "forged";
  if (Number(expiresAtMs) <= nowMs) return "expired";
  return {
    memberKey: String(memberKey),
    saleId: String(saleId),
    orderId: String(orderId),
    quantity: Number(quantity),
    epoch: Number(epoch),
    points: Number(points),
    expiresAtMs: Number(expiresAtMs),
  };
}
