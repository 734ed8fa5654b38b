import type { Problem } from "../../client/api.ts";

/** What to do with a refused ticket request. `tell` shows the wait, because the server asked for it. */
export type TicketNext =
  | { kind: "final" }
  | { kind: "same" | "epoch" | "unreplaced"; waitMs: number; tell: boolean };

export type RedemptionNext =
  | { kind: "final" }
  | { kind: "ask" }
  | { kind: "same"; waitMs: number; tell: boolean };

const BACKOFF_MS = 500;

function serverWaitMs(problem: Problem, tries: number): number {
  return Math.min(problem.retryAfterMs ?? BACKOFF_MS * 2 ** tries, 10_000);
}

/** No answer, or one that says nothing about the order: the same id may be sent again. */
function isSilence(problem: Problem): boolean {
  return problem.status === 0 || problem.status >= 500;
}

export function answerToTicket(problem: Problem, tries: number): TicketNext {
  const { code } = problem;
  if (code === "overloaded" || code === "rate_limited")
    return { kind: "same", waitMs: serverWaitMs(problem, tries), tell: true };
  if (code === "stale") return { kind: "epoch", waitMs: 0, tell: false };
  if (code === "epoch_unknown" || code === "ahead")
    return { kind: "epoch", waitMs: BACKOFF_MS * 2 ** tries, tell: false };
  if (code === "not_found")
    return tries === 0 ? { kind: "unreplaced", waitMs: 0, tell: false } : { kind: "final" };
  if (isSilence(problem)) return { kind: "same", waitMs: BACKOFF_MS * 2 ** tries, tell: false };
  return { kind: "final" };
}

export function answerToRedemption(problem: Problem, tries: number): RedemptionNext {
  const { code } = problem;
  if (code === "overloaded" || code === "rate_limited")
    return { kind: "same", waitMs: serverWaitMs(problem, tries), tell: true };
  if (code === "epoch_unknown" || code === "ahead")
    return { kind: "same", waitMs: BACKOFF_MS * 2 ** tries, tell: false };
  // Silence is doubt: the request may have been carried out, so the order is asked for before it is repeated.
  if (isSilence(problem)) return { kind: "ask" };
  return { kind: "final" };
}
