/** What fulfilment answers to staff over HTTP. */
import { z } from "@hono/zod-openapi";
import { orderViewSchema } from "../accounts/index.ts";
import { bookingPlanSchema, deliverySchema } from "./wire.ts";
import { orNull } from "../platform/http/or-null.ts";

const itemsOf = <S extends z.ZodType>(schema: S) => z.object({ items: z.array(schema) });

// ---- orders

export const supplySchema = z
  .object({
    supplier: z.string(),
    supplierCode: z.string().describe("Their own number of the goods."),
    skuCode: z.string(),
    isDropShipped: z.boolean().describe("They send it, not the shop."),
  })
  .openapi("Supply");

export const staffOrderSchema = z
  .object({
    memberId: z.string(),
    skuId: z.string(),
    order: orderViewSchema,
    delivery: deliverySchema,
    reveals: z
      .array(z.object({ what: z.string(), by: z.string(), reason: z.string(), atMs: z.int() }))
      .describe("Who looked at what in clear, and why."),
  })
  .openapi("StaffOrderDetail");

export const revealedSchema = z
  .union([
    z.object({ account: z.string() }).describe("The account that a top-up goes to."),
    z
      .object({
        name: z.string(),
        phone: z.string(),
        regionCode: z.string(),
        detail: z.string(),
        line: z.string().describe("Region and street in one line."),
      })
      .describe("The address."),
    z.object({ codes: z.array(z.string()) }).describe("The card codes."),
  ])
  .openapi("RevealedOrder");

export const labelsAnswerSchema = z
  .object({
    labels: z.array(
      z.object({
        memberId: z.string(),
        orderId: z.string(),
        skuId: z.string(),
        title: z.string(),
        spec: z.string().describe("Which of the variants; empty: there is one only."),
        quantity: z.int().describe("Still to be sent; of an order that has left, what went."),
        name: z.string(),
        phone: z.string(),
        line: z.string(),
        parcels: z.array(z.object({ carrier: z.string(), trackingNo: z.string() })),
        supply: orNull(supplySchema),
      }),
    ),
    left: z.int().describe("Orders that have nothing to be sent."),
  })
  .openapi("ShippingLabels");

// ---- shipping

export const carriersSchema = z
  .object({ carriers: z.array(z.object({ code: z.string(), name: z.string() })) })
  .openapi("Carriers");

// ---- bookings

export const savedPlanSchema = bookingPlanSchema
  .extend({
    storeId: z.string(),
    skuId: z.string().describe("Empty: the plan of the whole store."),
    savedAtMs: z.int(),
  })
  .openapi("SavedBookingPlan");
export const plansLeftSchema = z.object({ plans: z.array(savedPlanSchema) });
export const plansSchema = plansLeftSchema
  .extend({
    goods: z
      .array(z.object({ skuId: z.string(), title: z.string() }))
      .describe("Those that can have a plan of their own."),
  })
  .openapi("BookingPlans");

export const expectedSchema = z
  .object({
    asOfMs: z.int(),
    items: z.array(
      z.object({
        voucherId: z.string(),
        locator: z.string(),
        title: z.string(),
        usesLeft: z.int(),
        usesTotal: z.int(),
        expiresAtMs: z.int(),
        fromMs: z.int(),
        untilMs: z.int(),
        state: z.enum(["came", "expected", "missed"]),
      }),
    ),
  })
  .openapi("ExpectedVisits");

export const releasedSchema = z.object({ state: z.literal("released") });

// ---- the desk

export const reversedSchema = z.object({ state: z.literal("reversed") });
export const deskStoresSchema = z
  .object({
    stores: z.array(z.object({ storeId: z.string(), name: z.string(), address: z.string() })),
  })
  .openapi("DeskStores");

// ---- codes, top-ups, ratings

export const codeStockSchema = itemsOf(
  z.object({
    skuId: z.string(),
    title: z.string(),
    free: z.int(),
    issued: z.int(),
    withdrawn: z.int(),
    revealed: z.int(),
    lowStockAt: z.int(),
    isLow: z.boolean(),
  }),
).openapi("CodeStock");
export const codesTakenSchema = z
  .object({
    added: z.int(),
    free: z.int().describe("Free codes of the SKU after it."),
    duplicates: z.array(z.int()).describe("Lines of codes that were here already, from 1."),
  })
  .openapi("CodesTaken");
export const codesWithdrawnSchema = z.object({ withdrawn: z.int() });

const topUpStateSchema = z.enum(["asked", "processing", "success", "failed"]);
export const topUpSchema = z.object({
  state: topUpStateSchema,
  attempts: z.int(),
  reason: z.string().describe("What the supplier said of a failure."),
});
export const troubledTopUpsSchema = itemsOf(
  topUpSchema.extend({
    topUpId: z.string(),
    memberId: z.string(),
    orderId: z.string(),
    createdAtMs: z.int(),
  }),
).openapi("TroubledTopUps");
export const topUpHeardSchema = z.object({ state: topUpStateSchema });

const stars = z.int().min(1).max(5);
export const satisfactionSchema = z
  .object({
    count: z.int(),
    stars: z.number().describe("The mean of all, those with hidden words too."),
    comments: z.array(z.object({ stars, comment: z.string(), atMs: z.int() })),
  })
  .openapi("Satisfaction");
const listedRatingSchema = z.object({
  memberId: z.string(),
  orderId: z.string(),
  skuId: z.string(),
  title: z.string(),
  picture: z.string(),
  stars,
  comment: z.string(),
  state: z.enum(["waiting", "shown", "hidden"]),
  atMs: z.int(),
});
export const ratingsSchema = itemsOf(listedRatingSchema)
  .extend({ nextCursor: z.string().nullable() })
  .openapi("Ratings");
export const ratingDecidedSchema = z.object({ state: z.enum(["shown", "hidden", "waiting"]) });
