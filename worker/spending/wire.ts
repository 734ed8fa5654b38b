import { z } from "@hono/zod-openapi";
import { STORED_ENTRY_TYPES } from "../accounts/stored-value/index.ts";

const stepSchema = z.object({ points: z.int(), fen: z.int() });

export const offsetQuoteSchema = z
  .object({
    points: z.int().describe("Points that would be taken, in whole conversions."),
    fen: z.int().describe("What they pay of the bill."),
    leftFen: z.int().describe("What is left to pay in money."),
    pointsMax: z.int().describe("The most that this bill takes of this member's points."),
    pointsMin: z.int().describe("Fewer than this pay for nothing."),
    step: stepSchema.describe("One whole conversion."),
    active: z.int().describe("Points that the member may spend now."),
  })
  .openapi("OffsetQuote");
export type OffsetQuoteView = z.infer<typeof offsetQuoteSchema>;

export const offsetSchema = z
  .object({
    offsetId: z.string(),
    memberId: z.string(),
    state: z.enum(["held", "captured", "voided", "lapsed"]),
    billFen: z.int(),
    points: z.int().describe("Points held; once captured, points spent."),
    fen: z.int().describe("What they pay of the bill."),
    leftFen: z.int(),
    returnedPoints: z.int(),
    returns: z.array(
      z.object({
        returnId: z.string(),
        points: z.int(),
        forfeited: z.int().describe("Of these, lost because their lots had lapsed."),
        atMs: z.int(),
      }),
    ),
    storeId: z.string().nullable(),
    note: z.string(),
    createdAtMs: z.int(),
    expiresAtMs: z.int().nullable().describe("When a hold gives its points back by itself."),
    endedAtMs: z.int().nullable(),
    balance: z.int().describe("Points that the member may spend now."),
  })
  .openapi("PointsOffset");
export type OffsetView = z.infer<typeof offsetSchema>;

export const tenderQuoteSchema = z
  .object({
    wholeFen: z.int().describe("The cash of the order, carriage included."),
    points: z
      .object({
        points: z.int(),
        fen: z.int(),
        max: z.int(),
        min: z.int().describe("Fewer than this pay for nothing."),
        step: stepSchema,
        active: z.int(),
      })
      .nullable()
      .describe("Null: points pay for no cash here."),
    stored: z.object({ fen: z.int(), maxFen: z.int(), balanceFen: z.int() }),
    leftFen: z.int().describe("What is left for a provider; 0: the order is paid by this alone."),
  })
  .openapi("TenderQuote");
export type TenderQuoteView = z.infer<typeof tenderQuoteSchema>;

export const storedEntrySchema = z
  .object({
    seq: z.int(),
    type: z.enum(STORED_ENTRY_TYPES),
    movedFen: z.int(),
    amountFen: z.int().describe("Signed change of what the member owns; a hold changes nothing."),
    balanceAfterFen: z.int(),
    orderId: z.string().nullable(),
    note: z.string(),
    recordedAtMs: z.int(),
    hash: z.string(),
    prevHash: z.string(),
  })
  .openapi("StoredEntry");
export type StoredEntryView = z.infer<typeof storedEntrySchema>;

export const storedValueSchema = z
  .object({
    balanceFen: z.int().describe("What may be spent now."),
    heldFen: z.int().describe("Set aside for orders that wait for the rest of their cash."),
    terms: z.object({
      isOn: z.boolean(),
      choicesFen: z.array(z.int()),
      topUpMinFen: z.int(),
      topUpMaxFen: z.int(),
      balanceMaxFen: z.int(),
    }),
    ways: z
      .array(z.object({ provider: z.string(), scenes: z.array(z.string()) }))
      .describe("As of payments; empty: nobody brings money in."),
    entries: z.array(storedEntrySchema).describe("Newest first."),
    nextCursor: z.string().nullable(),
  })
  .openapi("StoredValue");
export type StoredValueView = z.infer<typeof storedValueSchema>;

export const topUpSchema = z
  .object({
    topUpId: z.string(),
    amountFen: z.int(),
    state: z.enum(["open", "paid", "closed"]),
    payByMs: z.int(),
    balanceFen: z.int(),
  })
  .openapi("TopUp");
export type TopUpView = z.infer<typeof topUpSchema>;

export const storedReportSchema = z
  .object({
    owedFen: z.int().describe("What the merchant owes its members: spendable and held."),
    toppedUpFen: z.int(),
    spentFen: z.int(),
    members: z.int(),
    items: z.array(
      z.object({
        memberId: z.string(),
        balanceFen: z.int().describe("Held included."),
        lastAtMs: z.int(),
      }),
    ),
    nextCursor: z.string().nullable(),
  })
  .openapi("StoredReport");
export type StoredReport = z.infer<typeof storedReportSchema>;

export const memberStoredSchema = z
  .object({
    memberId: z.string(),
    balanceFen: z.int(),
    heldFen: z.int(),
    entries: z.array(storedEntrySchema).describe("Newest first."),
    nextCursor: z.string().nullable(),
  })
  .openapi("MemberStoredValue");
export type MemberStoredView = z.infer<typeof memberStoredSchema>;
