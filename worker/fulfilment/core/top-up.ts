/** Direct top-up (直充): a supplier books something to an account that the member named. Pure. */

/** `asked`: on its way to the supplier. `processing`: the supplier has it. The last two are final. */
export type TopUpState = "asked" | "processing" | "success" | "failed";

export interface TopUp {
  readonly topUpId: string;
  readonly state: TopUpState;
  readonly attempts: number;
  readonly nextTryAtMs: number;
  /** What the supplier said of a failure; for staff. */
  readonly reason: string;
}

/** What a supplier says, now or by its callback. `unknown`: it never heard of it, so it is sent again. */
export type SupplierWord = "processing" | "success" | "failed" | "unknown";

const RETRY_MS = [5_000, 30_000, 120_000, 600_000, 1_800_000] as const;

export const isDone = ({ state }: TopUp): boolean => state === "success" || state === "failed";

/** Final words stay: whatever comes after them, and in whatever order, changes nothing. */
export function hear(topUp: TopUp, word: SupplierWord, reason: string, nowMs: number): TopUp {
  if (isDone(topUp)) return topUp;
  if (word === "success" || word === "failed") {
    return { ...topUp, state: word, reason: word === "failed" ? reason : "" };
  }
  if (word === "processing")
    return { ...topUp, state: "processing", nextTryAtMs: later(topUp, nowMs) };
  return { ...topUp, nextTryAtMs: later(topUp, nowMs) };
}

/** Something is about to be asked of the supplier: counted before it is sent, so that a crash costs a try and no money. */
export function attempt(topUp: TopUp, nowMs: number): TopUp {
  const next = { ...topUp, attempts: topUp.attempts + 1 };
  return { ...next, nextTryAtMs: later(next, nowMs) };
}

function later({ attempts }: TopUp, nowMs: number): number {
  return nowMs + (RETRY_MS[Math.min(Math.max(attempts - 1, 0), RETRY_MS.length - 1)] ?? 0);
}

/** After so many tries without a final word a person looks at it. It is never decided by silence. */
export const ATTEMPTS_BEFORE_HELP = 8;
