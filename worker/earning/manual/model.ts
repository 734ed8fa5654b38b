/** Grants and deductions by hand: a reason, two notes, and a second person above a threshold. Pure. */
import { z } from "zod";
import { LIMITS } from "../../kernel/limits.ts";
import { parseWith, type Parsed } from "../rules/index.ts";

const NOTE_MAX = 128;

export interface Adjustment {
  readonly adjustmentId: string;
  readonly memberKey: string;
  /** Positive grants, negative deducts. */
  readonly points: number;
  /** A word of the merchant's own list, for reports. */
  readonly reason: string;
  /** The member reads it. */
  readonly customerNote: string;
  /** Staff read it. */
  readonly internalNote: string;
  /** Of a grant; null: the programme's own. */
  readonly expiresAtMs: number | null;
  /** Of a deduction: whether a short balance becomes deficit. */
  readonly mayGoNegative: boolean;
}

export interface ApprovalTerms {
  /** From this size on a second person must agree. */
  readonly pointsFrom: number;
  /** Points one person may move alone in a programme day, both ways together. */
  readonly alonePerDayMax: number;
}

const note = z.string().max(NOTE_MAX);
export const adjustmentSchema: z.ZodType<Adjustment> = z.strictObject({
  adjustmentId: z.string().min(1).max(LIMITS.idMax),
  memberKey: z.string().min(3).max(128),
  points: z
    .int()
    .min(0 - LIMITS.pointsMax)
    .max(LIMITS.pointsMax)
    .refine((points) => points !== 0, "moves nothing"),
  reason: z.string().trim().min(1).max(LIMITS.idMax),
  customerNote: note.trim().min(1),
  internalNote: note.trim().min(1),
  expiresAtMs: z.int().min(0).max(LIMITS.timeMsMax).nullable(),
  mayGoNegative: z.boolean(),
});

export function parseAdjustment(input: unknown, nowMs: number): Parsed<Adjustment> {
  const parsed = parseWith(adjustmentSchema, input);
  if (parsed.kind === "invalid") return parsed;
  const { points, expiresAtMs, mayGoNegative } = parsed.value;
  const problems = [];
  if (expiresAtMs !== null && points < 0) {
    problems.push({ field: "expiresAtMs", reason: "a deduction does not expire" });
  }
  if (expiresAtMs !== null && expiresAtMs <= nowMs) {
    problems.push({ field: "expiresAtMs", reason: "has passed" });
  }
  if (mayGoNegative && points > 0) {
    problems.push({ field: "mayGoNegative", reason: "a grant cannot overdraw" });
  }
  return problems.length === 0 ? parsed : { kind: "invalid", problems };
}

/** `movedAloneToday` are the points this person booked alone today, so that a large sum cannot be cut into small ones. */
export function needsSecond(
  { points }: Pick<Adjustment, "points">,
  terms: ApprovalTerms,
  movedAloneToday: number,
): boolean {
  const size = Math.abs(points);
  return size >= terms.pointsFrom || movedAloneToday + size > terms.alonePerDayMax;
}
