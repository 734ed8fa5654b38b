/** What the staff routes of earning share: free-form bodies read by the modules' own schemas, and saves that retry. */
import { z } from "@hono/zod-openapi";
import type { Env } from "../platform/env.ts";
import type { ProblemMaker, Session } from "../platform/http/api.ts";
import { describeError, log } from "../platform/log.ts";
import type { Problem } from "./rules/index.ts";
import { EarningStore } from "./store.ts";
import { forgetTerms } from "./terms-cache.ts";

export const STAFF_PROBLEMS = ["not_found", "conflict"] as const;

/** A body whose fields are documented in docs/points.md and read by its module, which names a wrong field by its path. */
export const freeBody = (name: string, description: string) =>
  z.record(z.string().max(64), z.unknown()).openapi(name, { description });

export function invalid(problem: ProblemMaker, problems: readonly Problem[]): Response {
  const errors = problems.slice(0, 20).map(({ field, reason }) => ({
    path: field,
    message: reason,
  }));
  return problem("invalid", { errors });
}

export interface StaffCall {
  readonly env: Env;
  readonly session: Session;
  readonly nowMs: number;
  readonly problem: ProblemMaker;
}

export const staffOf = ({ session }: StaffCall): string => `staff:${session.memberId}`;

/** How often a write is tried again after somebody else changed the programme meanwhile. */
const TRIES = 4;

/**
 * Reads, decides and writes; again from the start when the programme changed meanwhile. `work` answers a response, or null
 * when its write came too late.
 */
export async function changing(
  call: StaffCall,
  work: (store: EarningStore) => Promise<Response | null>,
): Promise<Response> {
  const { env, session, problem } = call;
  try {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const response = await work(new EarningStore(env.DB));
      if (response) {
        forgetTerms(session.programmeId);
        return response;
      }
    }
    return problem("conflict", { reason: "changed_meanwhile" });
  } catch (error) {
    log("earning_terms_failed", { error: describeError(error) });
    return problem("unavailable", {}, 5);
  }
}
