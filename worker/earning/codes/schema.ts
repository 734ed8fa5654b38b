/** What a till code may be. Pure. */
import { z } from "zod";
import { LIMITS } from "../../kernel/limits.ts";
import { parseWith, type Parsed } from "../rules/index.ts";
import type { TillCode } from "./model.ts";

const word = z.string().min(1).max(LIMITS.idMax);
const moment = z.int().min(0).max(LIMITS.timeMsMax);

const schema: z.ZodType<TillCode> = z.strictObject({
  codeId: word,
  text: word,
  via: z.enum(["staff", "qr"]),
  points: z.int().min(1).max(100_000),
  usesMax: z.int().min(1).max(100_000),
  usesPerMemberMax: z.int().min(1).max(1_000),
  startsAtMs: moment,
  expiresAtMs: moment,
  storeId: word.nullable(),
  issuedBy: word,
  isRevoked: z.boolean(),
});

export function parseTillCode(input: unknown): Parsed<TillCode> {
  const parsed = parseWith(schema, input);
  if (parsed.kind === "invalid") return parsed;
  const { startsAtMs, expiresAtMs, usesMax, usesPerMemberMax } = parsed.value;
  const problems = [];
  if (expiresAtMs <= startsAtMs) {
    problems.push({ field: "expiresAtMs", reason: "ends before it starts" });
  }
  if (usesPerMemberMax > usesMax) {
    problems.push({ field: "usesPerMemberMax", reason: "over the uses of the code" });
  }
  return problems.length === 0 ? parsed : { kind: "invalid", problems };
}
