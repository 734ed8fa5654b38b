/** What the routes of fulfilment share. */
import type { Code } from "../kernel/refusal.ts";
import type { ProblemMaker } from "../platform/http/api.ts";
import type { FieldProblem } from "./core/index.ts";

export const MEMBER_PROBLEMS: readonly Code[] = ["unauthenticated", "not_found", "conflict"];
export const STAFF_PROBLEMS: readonly Code[] = [
  "unauthenticated",
  "forbidden",
  "not_found",
  "conflict",
];

export function invalid(problem: ProblemMaker, errors: readonly FieldProblem[]): Response {
  return problem("invalid", { errors });
}

export const conflict = (
  problem: ProblemMaker,
  reason: string,
  figures: Readonly<Record<string, unknown>> = {},
): Response => problem("conflict", { reason, ...figures });
