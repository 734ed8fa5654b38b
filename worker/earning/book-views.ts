/** Versions of rules and tasks as staff read them. */
import { z } from "@hono/zod-openapi";
import type { RuleVersion, Versioned } from "./rules/index.ts";
import { orNull } from "../platform/http/or-null.ts";

const reportSchema = z
  .object({
    events: z.int(),
    members: z.int(),
    fromMs: z.int().nullable(),
    toMs: z.int().nullable(),
    nowPoints: z.int(),
    draftPoints: z.int(),
    costFen: z.int(),
    winners: z.int(),
    losers: z.int(),
    unchanged: z.int(),
    mostWon: z.array(z.object({ memberKey: z.string(), now: z.int(), draft: z.int() })),
    mostLost: z.array(z.object({ memberKey: z.string(), now: z.int(), draft: z.int() })),
    withheldByCaps: z.int(),
  })
  .openapi("DryRunReport");

export const versionSchema = z
  .object({
    id: z.string(),
    version: z.int(),
    state: z.enum(["draft", "dry_run", "published", "retired"]),
    body: z.record(z.string(), z.unknown()),
    report: orNull(reportSchema),
    savedBy: z.string(),
    savedAtMs: z.int(),
    publishedBy: z.string().nullable(),
    publishedAtMs: z.int().nullable(),
    retiredAtMs: z.int().nullable(),
  })
  .openapi("RuleVersion");

export const viewIn =
  (id: string) =>
  <R extends Versioned>(one: RuleVersion<R>) => {
    const { rule, ...rest } = one;
    return { id, ...rest, body: rule };
  };
