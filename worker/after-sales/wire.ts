import { z } from "@hono/zod-openapi";
import { PICTURE_FILE } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";

const EVIDENCE_MAX = 6;

export const caseIdSchema = z.string().regex(/^[0-9A-Za-z_-]{8,40}$/);

export const applySchema = z
  .object({
    caseId: caseIdSchema.describe("Made by the client; the same again is the same case."),
    kind: z
      .enum(["refund", "return", "exchange"])
      .describe("refund: nothing comes back to the merchant; return, exchange: the goods do."),
    quantity: z.int().min(1).max(LIMITS.quantityMax),
    reason: z.string().trim().min(1).max(LIMITS.textMax),
    note: z.string().trim().max(500).default(""),
    evidence: z
      .array(z.string().regex(PICTURE_FILE, "the name of a stored picture"))
      .max(EVIDENCE_MAX)
      .default([])
      .describe("Names of pictures that were stored with this order."),
  })
  .openapi("ApplyForAfterSale");

export const afterSaleQuoteSchema = z
  .object({
    points: z.int(),
    cashFen: z.int().describe("All of it, whichever way it was paid."),
    providerFen: z.int().describe("Of it, what a provider pays back."),
    storedFen: z.int().describe("Of it, what comes back as stored value."),
    offsetPoints: z.int().describe("Points that paid part of it, and come back to their lots."),
    returned: z.int().describe("Points of it that come back."),
    forfeited: z.int().describe("Points of it that are lost, because their lots lapsed."),
    slices: z.array(
      z.object({
        points: z.int(),
        becomes: z.enum(["own_lot", "grace", "forfeit"]),
        expiresAtMs: z.int().nullable(),
      }),
    ),
  })
  .openapi("AfterSaleQuote");
export type AfterSaleQuoteView = z.infer<typeof afterSaleQuoteSchema>;

export const caseRowSchema = z
  .object({
    memberId: z.string(),
    orderId: z.string(),
    caseId: z.string(),
    kind: z.string(),
    state: z.string(),
    quantity: z.int(),
    points: z.int(),
    cashFen: z.int(),
    reason: z.string().describe("In the member's words; numbers in it are masked."),
    title: z.string(),
    spec: z.string().describe("Which of the variants; empty: there is one only."),
    appliedAtMs: z.int(),
    dueAtMs: z.int().nullable(),
    waitsFor: z
      .object({ approvalId: z.string(), proposedBy: z.string(), proposedAtMs: z.int() })
      .nullable()
      .describe("The proposal to pay it back that waits for a second person."),
  })
  .openapi("AfterSaleRow");
export type CaseRowView = z.infer<typeof caseRowSchema>;

export const decideSchema = z
  .object({
    note: z.string().trim().max(500).describe("The member reads it; a refusal needs one."),
    points: z.int().min(0).max(LIMITS.pointsMax).optional().describe("Less than was asked for."),
    cashFen: z.int().min(0).max(LIMITS.amountFenMax).optional(),
    evenIfUsed: z
      .boolean()
      .default(false)
      .describe("Pays back although the member has seen the code or used the coupon."),
    approvalId: caseIdSchema
      .optional()
      .describe("Made by the client, where a second person is needed."),
  })
  .openapi("DecideAfterSale");

/** What staff may do, as their routes call it. */
export const STAFF_STEPS = {
  agree: "agree",
  "agree-refund": "agree_refund",
  refuse: "refuse",
  "take-back": "take_back",
  "refuse-goods": "refuse_goods",
  replace: "replace",
} as const;
