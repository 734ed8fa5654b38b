/** What the check-in terms may be. Pure. */
import { z } from "zod";
import { parseWith, type Parsed, type Problem } from "../rules/index.ts";
import type { CheckInTerms, Milestone } from "./model.ts";

const points = z.int().min(1).max(10_000);
const milestones = z.array(z.strictObject({ days: z.int().min(1).max(366), points })).max(31);

export const checkInSchema: z.ZodType<CheckInTerms> = z.strictObject({
  version: z.int().min(1),
  zoneOffsetMs: z.int().min(-43_200_000).max(50_400_000),
  cycle: z.enum(["weekly", "monthly", "endless"]),
  dailyPoints: z.int().min(0).max(10_000),
  streak: milestones,
  cumulative: milestones,
  combine: z.enum(["plus", "replace"]),
  afterLast: z.enum(["restart", "stop"]),
  makeUpDaysMax: z.int().min(0).max(30),
  makeUpPays: z.boolean(),
});

const CYCLE_DAYS = { weekly: 7, monthly: 31, endless: 366 } as const;

/** Reads check-in terms; problems name their field, such as `streak.2.days`. */
export function parseCheckInTerms(input: unknown): Parsed<CheckInTerms> {
  const parsed = parseWith(checkInSchema, input);
  if (parsed.kind === "invalid") return parsed;
  const { streak, cumulative, cycle, dailyPoints, makeUpDaysMax } = parsed.value;
  const problems = [
    ...tableProblems("streak", streak, CYCLE_DAYS[cycle]),
    ...tableProblems("cumulative", cumulative, CYCLE_DAYS[cycle]),
  ];
  if (dailyPoints === 0 && streak.length === 0 && cumulative.length === 0) {
    problems.push({ field: "dailyPoints", reason: "nothing is ever paid" });
  }
  if (makeUpDaysMax >= CYCLE_DAYS[cycle]) {
    problems.push({ field: "makeUpDaysMax", reason: "longer than the cycle" });
  }
  return problems.length === 0 ? parsed : { kind: "invalid", problems };
}

function tableProblems(field: string, table: readonly Milestone[], daysMax: number): Problem[] {
  return table.flatMap(({ days }, at) => {
    const place = `${field}.${at}.days`;
    if (days > daysMax) return [{ field: place, reason: "longer than the cycle" }];
    const before = table[at - 1];
    return before && before.days >= days ? [{ field: place, reason: "not ascending" }] : [];
  });
}
