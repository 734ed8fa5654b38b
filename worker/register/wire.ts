import { z } from "@hono/zod-openapi";
import { ENTRY_TYPES } from "../accounts/points/index.ts";

const rowSchema = z.object({
  memberId: z.string(),
  name: z.string().describe("Masked."),
  phoneTail: z.string().nullable(),
  firstSeenAtMs: z.int(),
  lastActiveAtMs: z.int(),
  lastRedeemedAtMs: z.int().nullable(),
  lastPurchaseAtMs: z.int().nullable(),
  lastStoreId: z.string().nullable(),
  blockedAtMs: z.int().nullable(),
  active: z.int(),
  pending: z.int(),
  tierId: z.string().nullable(),
  nextExpiresAtMs: z.int().nullable(),
  nextExpiring: z.int(),
  earnedPoints: z.int(),
  spentPoints: z.int(),
  frequency: z.int().describe("Purchases of this month and the two before."),
  mergedInto: z
    .string()
    .nullable()
    .describe("The record this one went into; only a search by id shows such a record."),
});
export type MemberRowView = z.infer<typeof rowSchema>;

export const memberListSchema = z
  .object({
    items: z.array(rowSchema),
    nextCursor: z.string().nullable(),
    order: z
      .string()
      .describe("What the list is ordered by: a filter with an order of its own wins."),
  })
  .openapi("MemberList");

export const memberProfileSchema = rowSchema
  .extend({
    isKnown: z.boolean().describe("False: nobody by this id came yet; figures are zero."),
    hasPhone: z.boolean(),
    blockReason: z.string(),
    note: z.string(),
    version: z.int().describe("Send it back with a change."),
    records: z
      .array(z.object({ memberId: z.string(), atMs: z.int() }))
      .describe("Records of the same person that went into this one."),
    labels: z.array(z.object({ labelId: z.string(), name: z.string() })),
    segments: z.array(z.object({ segmentId: z.string(), name: z.string() })),
  })
  .openapi("MemberProfile");
export type MemberProfileView = z.infer<typeof memberProfileSchema>;

export const revealedSchema = z
  .object({ name: z.string(), phone: z.string().nullable() })
  .openapi("RevealedMember");
export type RevealedView = z.infer<typeof revealedSchema>;

export const namesSchema = z
  .object({
    staff: z.record(z.string(), z.string()).describe("By staff id."),
    stores: z.record(z.string(), z.string()).describe("By store id."),
    tiers: z.record(z.string(), z.string()).describe("By tier id; empty without tiers."),
    approvalKinds: z
      .record(z.string(), z.object({ "zh-CN": z.string(), en: z.string() }))
      .describe("By the kind of act that may need a second person."),
  })
  .openapi("Names");
export type NamesView = z.infer<typeof namesSchema>;

const ledgerRowSchema = z.object({
  memberId: z.string(),
  seq: z.int(),
  type: z.enum(ENTRY_TYPES),
  points: z.int().describe("Signed."),
  balanceAfter: z.int(),
  orderId: z.string().nullable(),
  sourceId: z.string().nullable(),
  storeId: z.string().nullable(),
  actor: z.string().nullable().describe("Null in rows from before this was kept."),
  rules: z.array(z.object({ ruleId: z.string(), version: z.int(), points: z.int() })),
  recordedAtMs: z.int(),
});
export type LedgerRowView = z.infer<typeof ledgerRowSchema>;

export const ledgerListSchema = z
  .object({ items: z.array(ledgerRowSchema), nextCursor: z.string().nullable() })
  .openapi("LedgerList");
