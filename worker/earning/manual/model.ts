/** Grants and deductions by hand: a reason, two notes, and a second person above a threshold. Pure. */
import { z } from "zod";
import { LIMITS } from "../../kernel/limits.ts";
import type { Refused } from "../../accounts/points/index.ts";
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
  /** After this an undecided proposal lapses. */
  readonly days: number;
}

export type ProposalState = "proposed" | "approved" | "rejected" | "lapsed";

export interface Proposal {
  readonly adjustment: Adjustment;
  readonly proposedBy: string;
  readonly proposedAtMs: number;
  readonly state: ProposalState;
  readonly decidedBy: string | null;
  readonly decidedAtMs: number | null;
}

/** `approved` proposals are booked under `manual:<adjustmentId>`, once. */
export type ProposalOutcome =
  | { readonly kind: "ok"; readonly proposal: Proposal; readonly isToBeBooked: boolean }
  | Refused;

const DAY_MS = 86_400_000;

const note = z.string().max(NOTE_MAX);
const schema: z.ZodType<Adjustment> = z.strictObject({
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
  const parsed = parseWith(schema, input);
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

function refused(code: "forbidden" | "conflict", reason: string): Refused {
  return { kind: "refused", refusal: { code, figures: { reason } } };
}

/** `movedAloneToday` are the points this person booked alone today, so that a large sum cannot be cut into small ones. */
export function propose(
  adjustment: Adjustment,
  terms: ApprovalTerms,
  staff: string,
  movedAloneToday: number,
  nowMs: number,
): Proposal {
  const size = Math.abs(adjustment.points);
  const needsSecond = size >= terms.pointsFrom || movedAloneToday + size > terms.alonePerDayMax;
  return {
    adjustment,
    proposedBy: staff,
    proposedAtMs: nowMs,
    state: needsSecond ? "proposed" : "approved",
    decidedBy: needsSecond ? null : staff,
    decidedAtMs: needsSecond ? null : nowMs,
  };
}

/** A second person decides. Nobody approves what they proposed; anybody may withdraw it. */
export function decide(
  proposal: Proposal,
  terms: ApprovalTerms,
  staff: string,
  isApproved: boolean,
  nowMs: number,
): ProposalOutcome {
  const wanted = isApproved ? "approved" : "rejected";
  if (proposal.state !== "proposed") {
    return proposal.state === wanted
      ? { kind: "ok", proposal, isToBeBooked: isApproved }
      : refused("conflict", proposal.state);
  }
  if (nowMs >= proposal.proposedAtMs + terms.days * DAY_MS) return refused("conflict", "lapsed");
  if (isApproved && staff === proposal.proposedBy) return refused("forbidden", "own_proposal");
  return {
    kind: "ok",
    proposal: { ...proposal, state: wanted, decidedBy: staff, decidedAtMs: nowMs },
    isToBeBooked: isApproved,
  };
}
