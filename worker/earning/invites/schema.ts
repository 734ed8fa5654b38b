/** What the terms of invites may be. Pure. */
import { z } from "zod";
import { PERIODS } from "../../kernel/calendar.ts";
import { LIMITS } from "../../kernel/limits.ts";
import { parseWith, type Parsed } from "../rules/index.ts";
import type { InviteTerms } from "./model.ts";

const action = z.enum(["ignore", "review", "refuse"]);

export const inviteSchema: z.ZodType<InviteTerms> = z.strictObject({
  version: z.int().min(1),
  zoneOffsetMs: z.int().min(-43_200_000).max(50_400_000),
  inviterPoints: z.int().min(0).max(100_000),
  inviteePoints: z.int().min(0).max(100_000),
  act: z.enum(["order", "redemption", "write_off", "registration"]),
  amountFenMin: z.int().min(0).max(LIMITS.amountFenMax),
  days: z.int().min(1).max(365),
  cap: z.strictObject({ period: z.enum(PERIODS), timesMax: z.int().min(1).max(10_000) }),
  guard: z.strictObject({ device: action, network: action, payment: action, address: action }),
});

export function parseInviteTerms(input: unknown): Parsed<InviteTerms> {
  const parsed = parseWith(inviteSchema, input);
  if (parsed.kind === "invalid") return parsed;
  const { inviterPoints, inviteePoints, act, amountFenMin, guard } = parsed.value;
  const problems = [];
  if (inviterPoints === 0 && inviteePoints === 0) {
    problems.push({ field: "inviterPoints", reason: "nothing is ever paid" });
  }
  if (act === "registration" && amountFenMin > 0) {
    problems.push({ field: "amountFenMin", reason: "a registration has no amount" });
  }
  if (act === "redemption" && amountFenMin > 0) {
    problems.push({ field: "amountFenMin", reason: "a redemption is paid in points" });
  }
  if (Object.values(guard).every((one) => one === "ignore")) {
    problems.push({ field: "guard", reason: "nothing stops people who invite themselves" });
  }
  return problems.length === 0 ? parsed : { kind: "invalid", problems };
}
