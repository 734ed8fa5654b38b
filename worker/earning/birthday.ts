/** A birthday without its year: no 30th of February, and the 29th is kept for leap years. */
import { z } from "@hono/zod-openapi";

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

export const birthdaySchema = z
  .object({ month: z.int().min(1).max(12), day: z.int().min(1).max(31) })
  .refine(({ month, day }) => day <= (DAYS[month - 1] ?? 0), {
    path: ["day"],
    message: "no day of this month",
  });
