import { z } from "@hono/zod-openapi";
import { GOODS_KINDS } from "../kernel/goods-kind.ts";
import {
  AFTER_SALE_STATES,
  CASH_LEG_STATES,
  FREIGHT_LEG_STATES,
  ORDER_STATES,
  POINTS_LEG_STATES,
} from "./orders/index.ts";
import { orNull } from "../platform/http/or-null.ts";

export const lotViewSchema = z
  .object({
    lotId: z.int(),
    source: z.string(),
    points: z.int().describe("Points the lot was credited with."),
    remaining: z.int(),
    expiresAtMs: z.int().nullable(),
    pendingUntilMs: z.int().nullable(),
    pendingEvent: z.string().nullable().describe("Not spendable until this is reported."),
    originId: z.string().nullable(),
    createdAtMs: z.int().describe("When it was earned."),
  })
  .openapi("Lot");

export const ledgerEntryViewSchema = z
  .object({
    seq: z.int(),
    type: z.string(),
    points: z.int().describe("Signed change of the balance."),
    balanceAfter: z.int(),
    orderId: z.string().nullable(),
    reason: z.string().describe("The same as `customerNote`."),
    customerNote: z.string(),
    sourceId: z.string().nullable(),
    storeId: z.string().nullable(),
    breakdown: z
      .array(
        z.object({
          kind: z
            .enum([
              "rule",
              "task",
              "tier",
              "tier_gift",
              "check_in",
              "invite",
              "till_code",
              "discount",
            ])
            .describe("What gave them. A rule and a task have the merchant's name."),
          id: z.string(),
          name: z.string(),
          version: z.int(),
          points: z.int(),
        }),
      )
      .describe("What each version of each rule gave."),
    occurredAtMs: z.int(),
    recordedAtMs: z.int(),
    hash: z.string(),
    prevHash: z.string(),
  })
  .openapi("LedgerEntry");
export type EntryView = z.infer<typeof ledgerEntryViewSchema>;

export type BalanceView = z.infer<typeof balanceSchema>;
export const balanceSchema = z
  .object({
    active: z.int(),
    pending: z.int(),
    held: z.int(),
    spent: z.int(),
    expired: z.int(),
    clawedBack: z.int(),
    deficit: z.int().describe("Points owed; the next active points pay it."),
  })
  .openapi("Balance");

const calendarSchema = z
  .array(
    z.object({
      day: z.string().nullable().describe("The last day on which they can be used; null: any."),
      expiresAtMs: z.int().nullable(),
      points: z.int(),
    }),
  )
  .describe("Soonest first. Sums to active and pending points.");

export const pointsViewSchema = z
  .object({
    active: z.int(),
    held: z.int(),
    pending: z.int(),
    spent: z.int(),
    expired: z.int(),
    negative: z.int(),
    balance: balanceSchema,
    calendar: calendarSchema,
    heldCalendar: calendarSchema.describe(
      "Held points by the day up to which they can be used when they come back. Sums to `held`; none of it is in `calendar`.",
    ),
    lots: z.array(lotViewSchema),
    nextExpiry: z.object({ points: z.int(), expiresAtMs: z.int() }).nullable(),
    entries: z.array(ledgerEntryViewSchema).describe("Newest first."),
    nextBeforeSeq: z.int().nullable().describe("Pass as `beforeSeq` for the next page."),
  })
  .openapi("Points");
export type PointsView = z.infer<typeof pointsViewSchema>;

export const myPointsSchema = pointsViewSchema
  .extend({
    tier: z
      .object({
        tierId: z.string(),
        source: z.enum(["growth", "paid"]),
        growth: z.int().describe("That counts now."),
        endsAtMs: z.int().nullable(),
        projectedTierId: z.string().describe("After it ends, if nothing more is earned."),
        missingToStay: z.int(),
        next: z.object({ tierId: z.string(), missingGrowth: z.int() }).nullable(),
      })
      .nullable()
      .describe(
        "As the member's Account knows the tiers; null: it knows none. More at `/me/tier`.",
      ),
  })
  .openapi("MyPoints");

export const entriesViewSchema = z
  .object({
    entries: z.array(ledgerEntryViewSchema).describe("Newest first."),
    nextCursor: z.string().nullable(),
  })
  .openapi("LedgerEntries");

export const refundQuoteSchema = z
  .object({
    points: z.int().describe("Points that come back."),
    forfeited: z.int().describe("Points that are lost. Pass it as `forfeitMax` to the cancel."),
    cashFen: z.int().describe("Money that goes back to where it was paid from."),
    storedFen: z.int().describe("Stored value that comes back, or is free again."),
    offsetPoints: z.int().describe("Points that paid part of the cash and come back likewise."),
    slices: z.array(
      z.object({
        points: z.int(),
        expiresAtMs: z
          .int()
          .nullable()
          .describe("As they will be; a forfeited slice: when it lapsed."),
        isLapsed: z.boolean(),
        becomes: z.enum(["same_lot", "grace", "forfeit"]),
        graceUntilMs: z.int().nullable(),
      }),
    ),
  })
  .openapi("RefundQuote");
export type RefundQuoteView = z.infer<typeof refundQuoteSchema>;

/** For staff: who, why, and what the policy left of what was asked. */
export const staffEntrySchema = ledgerEntryViewSchema
  .extend({
    askedPoints: z.int(),
    overdraft: z.int().describe("Points that no lot covered."),
    paidDeficit: z.int().describe("Points of it that paid a deficit."),
    actor: z.string(),
    internalNote: z.string(),
    naturalKey: z.string(),
  })
  .openapi("StaffLedgerEntry");
export type StaffEntryView = z.infer<typeof staffEntrySchema>;

export const staffPointsSchema = z
  .object({
    memberId: z.string(),
    balance: balanceSchema,
    calendar: calendarSchema,
    lots: z.array(lotViewSchema),
    entries: z.array(staffEntrySchema).describe("Newest first."),
    nextCursor: z.string().nullable(),
  })
  .openapi("StaffPoints");

export const pointsChangedSchema = z
  .object({ memberId: z.string(), entry: staffEntrySchema, balance: balanceSchema })
  .openapi("PointsChanged");

export const timelineSchema = z
  .object({
    items: z
      .array(
        z.object({
          atMs: z.int(),
          kind: z.enum(["entry", "order"]),
          entry: orNull(staffEntrySchema),
          order: z
            .object({
              event: z.enum(["held", "refused", "voided"]),
              orderId: z.string(),
              saleId: z.string(),
              title: z.string(),
              points: z.int(),
              code: z.string().nullable(),
            })
            .nullable(),
        }),
      )
      .describe("Newest first."),
    nextCursor: z.string().nullable(),
  })
  .openapi("PointsTimeline");
export type TimelineView = z.infer<typeof timelineSchema>;

export const pointsAtSchema = z
  .object({ memberId: z.string(), atMs: z.int(), balance: balanceSchema })
  .openapi("PointsAt");

/** What a member reads of an order's history. */
export const TIMELINE_EVENTS = [
  "held",
  "granted",
  "refused",
  "voided",
  "cancelled",
  "lapsed",
  "failed",
  "paid",
  "late_paid",
  "paid_twice",
  "wrong_amount",
  "shipped",
  "used",
  "written_off",
  "write_off_reversed",
  "issued",
  "received",
  "closed",
  "refunding",
  "refunded",
  "money_back",
  "extra_back",
] as const;

export const orderLotSchema = z.object({
  lotId: z.int(),
  source: z.string(),
  points: z.int(),
  expiresAtMs: z.int().nullable(),
});

export const discountViewSchema = z
  .object({
    discountId: z.string().describe("`tier`: by the member's tier."),
    title: z.string(),
    percent: z.int().describe("What is left to pay; 80 is a fifth off."),
    points: z.int().describe("Points it takes off."),
  })
  .openapi("Discount");

export const memberPriceSchema = z
  .object({
    saleId: z.string(),
    listPoints: z.int(),
    points: z.int().describe("What one unit costs this member now."),
    discounts: z.array(discountViewSchema).describe("Their points make up the difference."),
  })
  .openapi("MemberPrice");
export type MemberPriceView = z.infer<typeof memberPriceSchema>;

export const orderViewSchema = z
  .object({
    orderId: z.string(),
    saleId: z.string(),
    storeId: z
      .string()
      .nullable()
      .describe("The store whose own units these are; null: headquarters'."),
    title: z.string(),
    subtitle: z.string(),
    picture: z.string(),
    groundColor: z.string(),
    quantity: z.int(),
    epoch: z.int(),
    outcome: z.enum(["pending", "granted", "refused"]),
    state: z
      .enum(["held", "in_doubt", "voided", "refused", ...ORDER_STATES])
      .describe(
        "held: an unused ticket; in_doubt: tapped, the answer is being asked for; voided: points returned after a refusal; refused: nothing was taken. A granted order: awaiting_payment until its cash is paid; to_ship, to_write_off or issuing by what its goods are; shipped, received, closed; cancelled: given back or lapsed; refunding, refunded: money or points go back.",
      ),
    code: z.string().nullable().describe("Why it was refused, as in the table of codes."),
    figures: z.record(z.string(), z.union([z.number(), z.string(), z.null()])),
    ordinal: z.int().nullable().describe("Which unit of the sale this is, counted from 1."),
    legs: z.object({
      points: z.object({
        points: z.int(),
        state: z.enum(POINTS_LEG_STATES),
        returned: z.int().describe("Points that came back while the order stands."),
        listPoints: z.int().describe("Without discounts; the same where there was none."),
        discounts: z.array(discountViewSchema).describe("Their points make up the difference."),
      }),
      cash: z.object({
        amountFen: z.int(),
        state: z.enum(CASH_LEG_STATES),
        refundedFen: z.int().describe("Money back, or on its way back."),
      }),
      freight: z.object({ amountFen: z.int(), state: z.enum(FREIGHT_LEG_STATES) }),
    }),
    goodsKind: z.enum(GOODS_KINDS),
    pay: z
      .object({ amountFen: z.int(), payByMs: z.int() })
      .nullable()
      .describe("What is to be paid, and until when; then the order lapses and points come back."),
    tender: z
      .object({
        state: z.enum(["held", "taken"]).describe("Held while the rest is awaited."),
        points: z.int(),
        pointsFen: z.int().describe("What these points pay of the cash."),
        storedFen: z.int().describe("What stored value pays of the cash."),
        backPoints: z.int(),
        backStoredFen: z.int(),
      })
      .nullable()
      .describe("What pays part of the cash without a provider."),
    dueAtMs: z.int().nullable().describe("When it counts as received or closed by itself."),
    lots: z.array(orderLotSchema).describe("The lots the points came from, and go back to."),
    next: z
      .enum(["tap", "wait", "pay", "ship", "visit", "issue", "receive", "refund", "none"])
      .describe(
        "What happens next: the member taps, the answer is awaited, the member pays, the merchant ships, the member shows the code in the store, the goods are issued, the member receives, money goes back.",
      ),
    canCancel: z.boolean(),
    unitsToReturn: z.int().describe("Units that after-sales can be asked for now."),
    uses: z
      .object({ left: z.int(), total: z.int() })
      .nullable()
      .describe(
        "Of a service or coupon that was used in part: only the uses that are left go back.",
      ),
    afterSales: z.array(
      z.object({
        caseId: z.string(),
        kind: z.enum(["refund", "return", "exchange"]),
        state: z.enum(AFTER_SALE_STATES),
        quantity: z.int(),
        points: z.int(),
        cashFen: z.int(),
        reason: z.string(),
        note: z.string(),
        evidence: z.array(z.string()),
        trackingNo: z.string(),
        isTakingBack: z
          .boolean()
          .describe(
            "Agreed to; its goods are being taken back, and it is paid back when they are.",
          ),
        dueAtMs: z.int().nullable().describe("Until when the side it waits for may be silent."),
        history: z.array(z.object({ step: z.string(), atMs: z.int(), note: z.string() })),
      }),
    ),
    timeline: z.array(
      z.object({
        event: z.enum(TIMELINE_EVENTS),
        atMs: z.int(),
        note: z.string().optional(),
      }),
    ),
    createdAtMs: z.int(),
    updatedAtMs: z.int(),
    version: z.int(),
  })
  .openapi("Order");
export type OrderView = z.infer<typeof orderViewSchema>;

export const ordersViewSchema = z.object({
  orders: z.array(orderViewSchema),
  nextCursor: z.string().nullable(),
});
export type OrdersView = z.infer<typeof ordersViewSchema>;

export const meSchema = z
  .object({
    memberId: z.string(),
    programmeId: z.string(),
    role: z.enum(["member", "staff"]),
    displayName: z.string(),
    points: z.object({ active: z.int(), held: z.int(), pending: z.int() }),
  })
  .openapi("Me");
export type MeView = z.infer<typeof meSchema>;
