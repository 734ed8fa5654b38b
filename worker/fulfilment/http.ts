/** What the routes of fulfilment share. */
import type { ProblemMaker } from "../platform/http/api.ts";
import type { FieldProblem } from "./core/index.ts";

export const PROBLEMS = ["not_found", "conflict"] as const;

export function invalid(problem: ProblemMaker, errors: readonly FieldProblem[]): Response {
  return problem("invalid", { errors });
}

export const conflict = (
  problem: ProblemMaker,
  reason: string,
  figures: Readonly<Record<string, unknown>> = {},
): Response => problem("conflict", { reason, ...figures });
