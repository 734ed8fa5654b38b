/** What the terms of reminders may be. Pure. */
import { z } from "zod";
import { parseWith, type Parsed, type Problem } from "../earning/rules/index.ts";
import type { ReminderTerms } from "./model.ts";

const minute = z.int().min(0).max(1_439);

export const reminderSchema: z.ZodType<ReminderTerms> = z.strictObject({
  zoneOffsetMs: z.int().min(-43_200_000).max(50_400_000),
  ladderDays: z.array(z.int().min(0).max(90)).min(1).max(6),
  sendMinute: minute,
  quiet: z.strictObject({ fromMinute: minute, toMinute: minute }).nullable(),
  pointsMin: z.int().min(1).max(1_000_000),
});

export function parseReminderTerms(input: unknown): Parsed<ReminderTerms> {
  const parsed = parseWith(reminderSchema, input);
  if (parsed.kind === "invalid") return parsed;
  const { ladderDays, quiet } = parsed.value;
  const problems: Problem[] = [];
  ladderDays.forEach((days, at) => {
    const before = ladderDays[at - 1];
    if (before !== undefined && before <= days) {
      problems.push({ field: `ladderDays.${at}`, reason: "not after the step before" });
    }
  });
  if (quiet && quiet.fromMinute === quiet.toMinute) {
    problems.push({ field: "quiet.toMinute", reason: "quiet all day" });
  }
  return problems.length === 0 ? parsed : { kind: "invalid", problems };
}
