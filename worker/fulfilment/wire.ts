/** What fulfilment says over HTTP. */
import { z } from "@hono/zod-openapi";
import { MEMBER_ID_PATTERN, ORDER_ID_PATTERN, SKU_ID_PATTERN } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { orNull } from "../platform/http/or-null.ts";

export const idSchema = z.string().regex(ORDER_ID_PATTERN);
export const skuIdSchema = z.string().max(LIMITS.idMax).regex(SKU_ID_PATTERN);
export const storeIdSchema = z
  .string()
  .min(1)
  .max(LIMITS.idMax)
  .regex(/^[0-9A-Za-z_.-]+$/);
export const orderParams = z.object({ orderId: idSchema });
export const voucherParams = z.object({ voucherId: z.string().regex(/^[0-9A-Za-z_-]{16,44}$/) });
export const staffOrderParams = z.object({
  memberId: z.string().regex(MEMBER_ID_PATTERN),
  orderId: idSchema,
});
export const reasonSchema = z.string().trim().min(2).max(LIMITS.textMax);

const regionCode = z.string().regex(/^\d{6}$/);

export const addressBodySchema = z
  .object({
    name: z.string().max(60),
    phone: z.string().max(30),
    regionCode,
    detail: z.string().max(300),
    isDefault: z.boolean().default(false),
  })
  .openapi("NewAddress");

export const addressSchema = z
  .object({
    addressId: z.string(),
    isDefault: z.boolean(),
    name: z.string(),
    phone: z.string(),
    regionCode: z.string(),
    region: z.string(),
    detail: z.string(),
  })
  .openapi("Address");

export const addressesSchema = z
  .object({ addresses: z.array(addressSchema), max: z.int() })
  .openapi("Addresses");

export const maskedSchema = z
  .object({ name: z.string(), phone: z.string(), region: z.string(), detail: z.string() })
  .openapi("MaskedAddress");

export const freightQuoteSchema = z
  .object({ isDeliverable: z.boolean(), amountFen: z.int() })
  .openapi("FreightQuote");

export const shipmentSchema = z
  .object({
    shipmentId: z.string(),
    quantity: z.int(),
    carrier: z.string(),
    carrierName: z.string(),
    trackingNo: z.string(),
    state: z.enum([
      "preparing",
      "sent",
      "picked_up",
      "in_transit",
      "out_for_delivery",
      "signed",
      "in_trouble",
      "returned",
    ]),
    points: z.array(z.object({ atMs: z.int(), text: z.string() })).describe("Newest first."),
    sentAtMs: z.int(),
    signedAtMs: z.int().nullable(),
  })
  .openapi("Shipment");

export const voucherSchema = z
  .object({
    voucherId: z.string(),
    orderId: z.string(),
    title: z.string(),
    usesTotal: z.int(),
    usesLeft: z.int(),
    storeIds: z.array(z.string()).nullable().describe("Null: every store."),
    stores: z.array(z.object({ storeId: z.string(), name: z.string(), address: z.string() })),
    validFromMs: z.int(),
    expiresAtMs: z.int(),
    state: z.enum(["live", "used_up", "void", "expired"]),
    bookedStoreId: z.string().nullable(),
    bookedAtMs: z.int().nullable(),
    bookedUntilMs: z.int().nullable(),
    uses: z.array(
      z.object({
        atMs: z.int(),
        uses: z.int(),
        storeName: z.string(),
        isReversed: z.boolean(),
      }),
    ),
  })
  .openapi("Voucher");

const minute = z.int().min(0).max(1_440);

export const bookingPlanSchema = z
  .object({
    weekdays: z.array(z.int().min(1).max(7)).min(1).max(7).describe("1 is Monday."),
    hours: z
      .array(z.object({ fromMinute: minute, untilMinute: minute }))
      .min(1)
      .max(4)
      .describe("Minutes of the programme's day."),
    slotMinutes: z.int().min(5).max(1_440),
    capacity: z.int().min(1).max(1_000).describe("Vouchers that one slot takes."),
    closedDays: z.array(z.string().regex(/^\d{4}-\d{2}-\d{2}$/)).max(200),
    aheadDays: z.int().min(0).max(90),
    leadMinutes: z.int().min(0).max(20_160).describe("Offered until so long before it begins."),
    moveHours: z.int().min(0).max(336).describe("Moved or given up until so long before."),
    moves: z.int().min(0).max(9).describe("Booked again so often."),
  })
  .openapi("BookingPlan");

export const bookingOfferSchema = z
  .object({
    stores: z.array(z.object({ storeId: z.string(), name: z.string() })),
    storeId: z
      .string()
      .nullable()
      .describe("Whose slots these are; null: no store takes bookings."),
    offer: z
      .object({
        slots: z.array(z.object({ fromMs: z.int(), untilMs: z.int(), placesLeft: z.int() })),
        bookingsLeft: z.int(),
        moveHours: z.int(),
        moveUntilMs: z.int().nullable(),
      })
      .nullable(),
  })
  .openapi("BookingOffer");

export const deliveryTermsSchema = z
  .object({
    freightTemplateId: storeIdSchema.nullable().default(null),
    usesPerUnit: z.int().min(1).max(1_000),
    validDays: z.int().min(1).max(3_650),
    storeIds: z.array(storeIdSchema).min(1).max(500).nullable().default(null),
    lowStockAt: z.int().min(0).max(LIMITS.unitsMax),
    product: z.string().trim().max(LIMITS.idMax).default(""),
  })
  .openapi("DeliveryTerms");
export const storedTermsSchema = deliveryTermsSchema
  .extend({ savedAtMs: z.int().describe("0: nobody has saved any, and these are the defaults.") })
  .openapi("StoredDeliveryTerms");

export const deliverySchema = z
  .object({
    goodsKind: z.string(),
    state: z.string(),
    needs: z.enum(["address", "account"]).nullable().describe("What the member is asked for now."),
    recipient: orNull(maskedSchema),
    account: z.string().nullable().describe("Masked."),
    freightFen: z.int(),
    unitsToShip: z.int(),
    shipments: z.array(shipmentSchema),
    vouchers: z.array(voucherSchema),
    codes: z.object({
      isIssued: z.boolean(),
      firstRevealedAtMs: z.int().nullable(),
      looks: z.int(),
    }),
    topUp: z
      .object({ state: z.enum(["asked", "processing", "success", "failed"]), atMs: z.int() })
      .nullable(),
    takesBookings: z
      .boolean()
      .describe("Some store takes bookings for a voucher that has no visit ahead of it."),
    mayRate: z.boolean().describe("The member has the goods; of vouchers, has used one."),
    rating: z.object({ stars: z.int(), comment: z.string(), state: z.string() }).nullable(),
  })
  .openapi("Delivery");

export const shownCodesSchema = z
  .object({
    voucher: voucherSchema,
    serverTimeMs: z.int(),
    codes: z.array(
      z.object({ code: z.string(), qr: z.string(), fromMs: z.int(), untilMs: z.int() }),
    ),
  })
  .openapi("VoucherCodes");

export const revealedCodesSchema = z
  .object({ codes: z.array(z.string()), isFirst: z.boolean(), firstAtMs: z.int() })
  .openapi("RevealedCodes");

export type AddressView = z.infer<typeof addressSchema>;
export type AddressesView = z.infer<typeof addressesSchema>;
export type DeliveryView = z.infer<typeof deliverySchema>;
export type ShipmentView = z.infer<typeof shipmentSchema>;
export type VoucherView = z.infer<typeof voucherSchema>;
export type ShownCodesView = z.infer<typeof shownCodesSchema>;
export type RevealedCodesView = z.infer<typeof revealedCodesSchema>;
export type DeliveryTermsView = z.infer<typeof storedTermsSchema>;
export type BookingOfferView = z.infer<typeof bookingOfferSchema>;
export type FreightQuoteView = z.infer<typeof freightQuoteSchema>;
export type { RegionNode } from "./core/index.ts";
