/** What the routes of staff share. */
import { z } from "@hono/zod-openapi";
import { LIMITS } from "../kernel/limits.ts";
import type { Env } from "../platform/env.ts";
import { json, type ProblemMaker, type Session } from "../platform/http/api.ts";
import type { AuditNote } from "../platform/http/audited.ts";
import { describeError, log } from "../platform/log.ts";

export const emailSchema = z
  .email()
  .max(120)
  .transform((text) => text.toLowerCase());
export const nameSchema = z.string().trim().min(1).max(40);
/** What is typed; whether it will do is said by `passwordProblem`. */
export const passwordSchema = z
  .string()
  .max(512)
  .refine((text) => text.trim() !== "", "not blanks alone");
export const idSchema = z
  .string()
  .regex(/^[0-9a-z](?:[0-9a-z-]{0,30}[0-9a-z])?$/, "1–32 of a–z, 0–9 and -");
export const staffIdSchema = z.string().regex(/^stf-[0-9a-f]{1,40}$/);
export const versionSchema = z
  .int()
  .min(0)
  .describe("As it was read, so that nobody saves over another.");
export const codeSchema = z.string().trim().min(1).max(LIMITS.idMax);

/** Answers `work`, or that D1 is away. */
export async function guarded(
  problem: ProblemMaker,
  work: () => Promise<Response>,
): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    log("staff_failed", { error: describeError(error) });
    return problem("unavailable", {}, 5);
  }
}

export interface StaffCall {
  readonly env: Env;
  readonly request: Request;
  readonly session: Session;
  readonly nowMs: number;
  readonly problem: ProblemMaker;
  readonly audit: (note: AuditNote) => void;
}

export function withHeaders(response: Response, headers: Headers): Response {
  for (const [name, value] of headers) response.headers.append(name, value);
  return response;
}

export function fieldProblem(problem: ProblemMaker, path: string, message: string): Response {
  return problem("invalid", { errors: [{ path, message }] });
}

export const okSchema = z.object({ ok: z.literal(true) }).openapi("Done");
export const ok = (): Response => json({ ok: true });

export function unavailable(problem: ProblemMaker, error: unknown): Response {
  log("approvals_failed", { error: describeError(error) });
  return problem("unavailable", {}, 5);
}
