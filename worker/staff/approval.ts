/** When an act needs a second person, and who may be it. */

export const APPROVAL_DAYS = 7;

export type ApprovalState = "proposed" | "approved" | "rejected" | "withdrawn" | "done" | "refused";

export interface Approval {
  readonly approvalId: string;
  readonly kind: string;
  readonly state: ApprovalState;
  /** What it is about: `sale:demo.cup~2`. */
  readonly subject: string;
  /** What the threshold is compared with: points, fen, units. */
  readonly figure: number;
  readonly reason: string;
  readonly payload: unknown;
  /** `staff:<id>`. */
  readonly proposedBy: string;
  readonly proposedAtMs: number;
  readonly expiresAtMs: number;
  readonly decidedBy: string | null;
  readonly decidedAtMs: number | null;
  readonly note: string | null;
  readonly outcome: unknown;
}

/** `from` null: never; 0: always. */
export function needsSecond(figure: number, from: number | null): boolean {
  return from !== null && figure >= from;
}

/** Whether a threshold moves so that more can be done alone. */
export function isLoosened(before: number | null, after: number | null): boolean {
  return before !== null && (after === null || after > before);
}

export type Verb = "approve" | "reject" | "withdraw";

export type DecisionOutcome =
  | { readonly kind: "decided"; readonly approval: Approval; readonly isRepeat: boolean }
  | { readonly kind: "refused"; readonly code: "forbidden" | "conflict"; readonly reason: string };

/** Nothing was done by it and nothing will be: who wants the act proposes it anew. */
export function cameToNothing({ state, expiresAtMs }: Approval, nowMs: number): boolean {
  if (state === "proposed") return nowMs >= expiresAtMs;
  return state === "rejected" || state === "withdrawn" || state === "refused";
}

const STATE_OF = { approve: "approved", reject: "rejected", withdraw: "withdrawn" } as const;

/** Whoever proposed may withdraw and never approve; everybody else the other way round. The same word again changes nothing. */
export function decideApproval(
  approval: Approval,
  verb: Verb,
  by: { readonly actor: string; readonly note: string; readonly nowMs: number },
): DecisionOutcome {
  const isOwn = approval.proposedBy === by.actor;
  if (verb === "withdraw" ? !isOwn : isOwn && verb === "approve") {
    return { kind: "refused", code: "forbidden", reason: isOwn ? "own_proposal" : "not_yours" };
  }
  const state = STATE_OF[verb];
  if (approval.state !== "proposed") {
    const isSame =
      approval.state === state ||
      (verb === "approve" && ["done", "refused"].includes(approval.state));
    return isSame
      ? { kind: "decided", approval, isRepeat: true }
      : { kind: "refused", code: "conflict", reason: approval.state };
  }
  if (by.nowMs >= approval.expiresAtMs)
    return { kind: "refused", code: "conflict", reason: "lapsed" };
  const { actor, note, nowMs } = by;
  const decided = { state, decidedBy: actor, decidedAtMs: nowMs, note: note === "" ? null : note };
  return { kind: "decided", approval: { ...approval, ...decided }, isRepeat: false };
}
