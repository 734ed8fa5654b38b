/** Figures of a refusal: what helps the person, and never more. */
export type Figures = Readonly<Record<string, number | string | null>>;

/** Refusals that are final for their order id: stored, or following from a frozen epoch, and replayed word for word. */
export const FINAL_CODES = [
  "sold_out",
  "closed",
  "stale",
  "forgone",
  "limit_reached",
  "points_insufficient",
  "not_eligible",
] as const;
export type FinalCode = (typeof FINAL_CODES)[number];

/** A refusal that decides nothing: the same id may be sent again. */
export type OpenCode =
  | "not_open"
  | "ahead"
  | "epoch_unknown"
  | "price_changed"
  | "overloaded"
  | "rate_limited";

/** A request that was never a redemption of this member. */
export type RequestCode =
  | "idempotency_mismatch"
  | "invalid"
  | "unauthenticated"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "method_not_allowed"
  | "upgrade_required"
  | "unavailable"
  | "fault";

export type Code = FinalCode | OpenCode | RequestCode;

export interface Refusal<C extends Code = Code> {
  readonly code: C;
  readonly figures: Figures;
}

export type FinalRefusal = Refusal<FinalCode>;
