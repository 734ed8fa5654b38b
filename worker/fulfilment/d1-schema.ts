import { sql } from "drizzle-orm";
import {
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";

/** Authority: a member's address book. */
export const addresses = sqliteTable(
  "addresses",
  {
    programmeId: text("programme_id").notNull(),
    addressId: text("address_id").notNull(),
    memberId: text("member_id").notNull(),
    isDefault: integer("is_default", { mode: "boolean" }).notNull(),
    regionCode: text("region_code").notNull(),
    /** Sealed JSON: name, phone, detail. */
    sealed: text("sealed").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.addressId] }),
    index("addresses_by_member").on(table.programmeId, table.memberId),
    uniqueIndex("addresses_default")
      .on(table.programmeId, table.memberId)
      .where(sql`is_default = 1`),
  ],
);

/** Authority: where an order goes, as it was when the member said so; later changes of the book do not move it. */
export const orderRecipients = sqliteTable(
  "order_recipients",
  {
    programmeId: text("programme_id").notNull(),
    memberId: text("member_id").notNull(),
    orderId: text("order_id").notNull(),
    /** `address`, or `account` for a top-up. */
    kind: text("kind").notNull(),
    regionCode: text("region_code"),
    freightFen: integer("freight_fen").notNull(),
    sealed: text("sealed").notNull(),
    /** Fingerprint of the phone's last four digits, by which staff find an order. */
    phoneTailPrint: text("phone_tail_print"),
    updatedAtMs: integer("updated_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.memberId, table.orderId] }),
    index("order_recipients_by_phone").on(table.programmeId, table.phoneTailPrint),
  ],
);

/** Authority: how the goods of a SKU reach their members. */
export const deliveryTerms = sqliteTable(
  "delivery_terms",
  {
    programmeId: text("programme_id").notNull(),
    skuId: text("sku_id").notNull(),
    /** JSON: the `DeliveryTerms`. */
    body: text("body").notNull(),
    savedBy: text("saved_by").notNull(),
    savedAtMs: integer("saved_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.programmeId, table.skuId] })],
);

/** Authority: what sending costs, by region. */
export const freightTemplates = sqliteTable(
  "freight_templates",
  {
    programmeId: text("programme_id").notNull(),
    templateId: text("template_id").notNull(),
    isDefault: integer("is_default", { mode: "boolean" }).notNull(),
    /** JSON: the `FreightTemplate`. */
    body: text("body").notNull(),
    savedBy: text("saved_by").notNull(),
    savedAtMs: integer("saved_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.programmeId, table.templateId] })],
);

/** Authority: parcels. An order may have several. */
export const shipments = sqliteTable(
  "shipments",
  {
    programmeId: text("programme_id").notNull(),
    shipmentId: text("shipment_id").notNull(),
    memberId: text("member_id").notNull(),
    orderId: text("order_id").notNull(),
    quantity: integer("quantity").notNull(),
    carrier: text("carrier").notNull(),
    trackingNo: text("tracking_no").notNull(),
    state: text("state").notNull(),
    /** JSON: points of the way, newest first. */
    points: text("points").notNull(),
    sentBy: text("sent_by").notNull(),
    sentAtMs: integer("sent_at_ms").notNull(),
    signedAtMs: integer("signed_at_ms"),
    /** When the courier is asked next; null: never again. */
    askAtMs: integer("ask_at_ms"),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.shipmentId] }),
    index("shipments_by_order").on(table.programmeId, table.memberId, table.orderId),
    uniqueIndex("shipments_by_number").on(
      table.programmeId,
      table.carrier,
      table.trackingNo,
      table.orderId,
    ),
    index("shipments_half_sent")
      .on(table.sentAtMs)
      .where(sql`state = 'preparing'`),
    index("shipments_signed")
      .on(table.signedAtMs)
      .where(sql`signed_at_ms IS NOT NULL`),
    index("shipments_to_ask")
      .on(table.askAtMs)
      .where(sql`ask_at_ms IS NOT NULL`),
  ],
);

/** Authority: vouchers of coupons and local services. */
export const vouchers = sqliteTable(
  "vouchers",
  {
    programmeId: text("programme_id").notNull(),
    voucherId: text("voucher_id").notNull(),
    /** Seven digits, by which a clerk's twelve find it. */
    locator: text("locator").notNull(),
    memberId: text("member_id").notNull(),
    orderId: text("order_id").notNull(),
    skuId: text("sku_id").notNull(),
    /** `coupon`: the order ended with the issue; `service`: it ends with the last use. */
    kind: text("kind").notNull(),
    title: text("title").notNull(),
    usesTotal: integer("uses_total").notNull(),
    usesLeft: integer("uses_left").notNull(),
    /** JSON, or null for every store. */
    storeIds: text("store_ids"),
    validFromMs: integer("valid_from_ms").notNull(),
    expiresAtMs: integer("expires_at_ms").notNull(),
    state: text("state").notNull(),
    /** The slot that the member means to come in. Its places are counted by these columns: a voucher that is void has none. */
    bookedStoreId: text("booked_store_id"),
    bookedAtMs: integer("booked_at_ms"),
    bookedUntilMs: integer("booked_until_ms"),
    /** Whose places they are: the SKU of the plan, "" for the plan of the whole store. */
    bookedPlan: text("booked_plan"),
    /** Bookings so far for the visit that is meant, and the uses that were left then. */
    bookingsMade: integer("bookings_made").notNull().default(0),
    bookedUsesLeft: integer("booked_uses_left"),
    /** The order was told that everything is used. */
    isOrderTold: integer("is_order_told", { mode: "boolean" }).notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.voucherId] }),
    uniqueIndex("vouchers_by_locator").on(table.programmeId, table.locator),
    index("vouchers_by_order").on(table.programmeId, table.memberId, table.orderId),
    index("vouchers_by_booking").on(table.programmeId, table.bookedStoreId, table.bookedAtMs),
    index("vouchers_untold")
      .on(table.programmeId)
      .where(sql`state = 'used_up' AND is_order_told = 0`),
    index("vouchers_by_member").on(table.programmeId, table.memberId, table.createdAtMs),
  ],
);

/** Authority: when a store takes bookings, and how many. */
export const bookingPlans = sqliteTable(
  "booking_plans",
  {
    programmeId: text("programme_id").notNull(),
    storeId: text("store_id").notNull(),
    /** "" for everything that has no plan of its own there. */
    skuId: text("sku_id").notNull(),
    /** JSON: the `BookingPlan`. */
    body: text("body").notNull(),
    savedBy: text("saved_by").notNull(),
    savedAtMs: integer("saved_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.programmeId, table.storeId, table.skuId] })],
);

/** Authority: every write-off, from the moment it holds its uses until the order has agreed. */
export const writeOffs = sqliteTable(
  "write_offs",
  {
    programmeId: text("programme_id").notNull(),
    writeOffId: text("write_off_id").notNull(),
    voucherId: text("voucher_id").notNull(),
    memberId: text("member_id").notNull(),
    orderId: text("order_id").notNull(),
    uses: integer("uses").notNull(),
    storeId: text("store_id").notNull(),
    staffId: text("staff_id").notNull(),
    /** JSON: who the clerk was then, and on which device. */
    snapshot: text("snapshot").notNull(),
    /** `pending`, `done`, `refused`, `reversing`, `reversed`. */
    state: text("state").notNull(),
    atMs: integer("at_ms").notNull(),
    reversedBy: text("reversed_by"),
    reversedAtMs: integer("reversed_at_ms"),
    reason: text("reason").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.writeOffId] }),
    index("write_offs_by_store").on(table.programmeId, table.storeId, table.atMs),
    index("write_offs_by_time").on(table.programmeId, table.atMs),
    index("write_offs_by_voucher").on(table.programmeId, table.voucherId),
    index("write_offs_pending")
      .on(table.atMs)
      .where(sql`state = 'pending'`),
    index("write_offs_reversing")
      .on(table.atMs)
      .where(sql`state = 'reversing'`),
  ],
);

/** Authority: top-ups at a supplier. */
export const topUps = sqliteTable(
  "top_ups",
  {
    programmeId: text("programme_id").notNull(),
    /** Also the merchant's number at the supplier, so that asking twice books once. */
    topUpId: text("top_up_id").notNull(),
    memberId: text("member_id").notNull(),
    orderId: text("order_id").notNull(),
    skuId: text("sku_id").notNull(),
    product: text("product").notNull(),
    quantity: integer("quantity").notNull(),
    state: text("state").notNull(),
    attempts: integer("attempts").notNull(),
    nextTryAtMs: integer("next_try_at_ms"),
    reason: text("reason").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.topUpId] }),
    index("top_ups_by_order").on(table.programmeId, table.memberId, table.orderId),
    index("top_ups_by_state").on(table.programmeId, table.state, table.updatedAtMs),
    index("top_ups_due")
      .on(table.nextTryAtMs)
      .where(sql`next_try_at_ms IS NOT NULL`),
  ],
);

/** Authority: who looked at personal data or at codes, when and why. Only ever added to. */
export const reveals = sqliteTable(
  "reveals",
  {
    programmeId: text("programme_id").notNull(),
    revealId: text("reveal_id").notNull(),
    /** `address` or `code`. */
    what: text("what").notNull(),
    memberId: text("member_id").notNull(),
    orderId: text("order_id").notNull(),
    /** `member`, or `staff:<id>`. */
    by: text("by").notNull(),
    reason: text("reason").notNull(),
    atMs: integer("at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.revealId] }),
    index("reveals_by_order").on(table.programmeId, table.memberId, table.orderId, table.atMs),
  ],
);

/** Authority: what members say of an order after they have it. */
export const ratings = sqliteTable(
  "ratings",
  {
    programmeId: text("programme_id").notNull(),
    memberId: text("member_id").notNull(),
    orderId: text("order_id").notNull(),
    skuId: text("sku_id").notNull(),
    stars: integer("stars").notNull(),
    comment: text("comment").notNull(),
    /** `waiting`, `shown`, `hidden`. */
    state: text("state").notNull(),
    decidedBy: text("decided_by"),
    atMs: integer("at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.memberId, table.orderId] }),
    index("ratings_by_state").on(table.programmeId, table.state, table.atMs),
    index("ratings_by_sku").on(table.programmeId, table.skuId, table.state),
    index("ratings_by_time").on(table.programmeId, table.atMs),
  ],
);
