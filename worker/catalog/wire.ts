/** What goes over HTTP about goods: schemas that validate, document and type it. */
import { z } from "@hono/zod-openapi";
import { AT_STORE, SKU_ID_PATTERN } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { GOODS_KINDS } from "../kernel/goods-kind.ts";
import { orNull } from "../platform/http/or-null.ts";
import { GOODS_ROLES, GOODS_STATES, STOCK_CAUSES } from "./model.ts";

export const idSchema = z
  .string()
  .max(40)
  .regex(SKU_ID_PATTERN, "lower-case letters, digits and inner hyphens")
  .refine((id) => !id.includes(AT_STORE), `without ${AT_STORE}`);
const line = (max: number = LIMITS.textMax) => z.string().trim().max(max);
const text = z.string().trim().min(1).max(LIMITS.textMax);
export const amountFen = z.int().min(0).max(LIMITS.amountFenMax);
export const points = z.int().min(0).max(LIMITS.pointsMax);
const units = z.int().min(1).max(LIMITS.unitsMax);
const timeMs = z.int().min(0).max(LIMITS.timeMsMax);
const colour = z.string().regex(/^#[0-9a-fA-F]{6}$/);
const picturePath = z
  .string()
  .max(160)
  .regex(/^\/(?:media|goods)\/(?!.*\.\.)[0-9A-Za-z/_.-]+$/, "a picture of this shop");
const side = z.int().min(1).max(LIMITS.pictureSideMax);
const pictureSource = z.object({ path: picturePath, width: side });

/** One picture in the widths it was stored in; the widest is `path`. */
export const pictureSchema = z
  .object({
    path: picturePath,
    width: side,
    height: side,
    alt: line().default(""),
    sources: z.array(pictureSource).max(4).default([]),
  })
  .openapi("Picture");
export type Picture = z.infer<typeof pictureSchema>;

/** A piece of a description. Text is text: nothing in it is ever read as markup. */
export const blockSchema = z
  .object({
    kind: z.enum(["heading", "paragraph", "list", "facts", "picture"]),
    text: line(2_000).default(""),
    items: z.array(line(400)).max(40).default([]),
    facts: z
      .array(z.object({ name: line(40), value: line(400) }))
      .max(40)
      .default([]),
    picture: orNull(pictureSchema).default(null),
  })
  .openapi("DescriptionBlock");
export type Block = z.infer<typeof blockSchema>;

const list = (max: number) => z.array(text).min(1).max(max).nullable().default(null);
export const audienceSchema = z
  .object({ tierIds: list(20), segments: list(50), storeIds: list(200) })
  .openapi("Audience");

const axisSchema = z.object({ name: text, values: z.array(text).min(1).max(20) });

export const skuDraftSchema = z
  .object({
    skuId: idSchema.optional().describe("Given by the server for a new one."),
    values: z.array(text).max(3).default([]).describe("One of each axis, in their order."),
    code: z
      .string()
      .trim()
      .max(LIMITS.idMax)
      .regex(/^[\x21-\x7e]*$/, "printable ASCII without spaces")
      .default(""),
    pricePoints: points,
    priceFen: amountFen.default(0),
    lowStockUnits: z.int().min(0).max(LIMITS.unitsMax).nullable().default(null),
    picture: orNull(pictureSchema).default(null),
  })
  .openapi("SkuDraft");

export const goodsDraftSchema = z
  .object({
    title: text,
    subtitle: line().default(""),
    kind: z.enum(GOODS_KINDS).default("physical"),
    role: z.enum(GOODS_ROLES).default("everyday"),
    categoryId: idSchema.nullable().default(null),
    brandId: idSchema.nullable().default(null).describe("Null: of the whole programme."),
    tags: z.array(z.string().trim().min(1).max(20)).max(12).default([]),
    pictures: z.array(pictureSchema).max(9).default([]),
    groundColor: colour.default("#f3ede3"),
    description: z.array(blockSchema).max(60).default([]),
    marketPriceFen: amountFen.nullable().default(null),
    costFen: amountFen.nullable().default(null),
    axes: z.array(axisSchema).max(3).default([]),
    skus: z.array(skuDraftSchema).min(1).max(LIMITS.goodsSkusMax),
    freightFen: amountFen.default(0),
    freightTemplateId: idSchema.nullable().default(null),
    limits: z
      .object({
        perOrder: z.int().min(1).max(LIMITS.quantityMax).default(10),
        perDay: units.nullable().default(null),
        lifetime: units.nullable().default(null),
        window: z
          .object({ days: z.int().min(2).max(366), units })
          .nullable()
          .default(null),
      })
      .default({ perOrder: 10, perDay: null, lifetime: null, window: null }),
    seenBy: orNull(audienceSchema).default(null),
    redeemedBy: orNull(audienceSchema).default(null),
    supplier: z
      .object({ name: line(), code: line(LIMITS.idMax), isDropShipped: z.boolean() })
      .default({ name: "", code: "", isDropShipped: false }),
    position: z.int().min(0).max(1_000_000).default(1_000),
    publishAtMs: timeMs.nullable().default(null),
    withdrawAtMs: timeMs.nullable().default(null),
  })
  .openapi("GoodsDraft");
export type GoodsDraft = z.infer<typeof goodsDraftSchema>;
export type SkuDraft = GoodsDraft["skus"][number];

export const adviceSchema = z.object({
  code: z.enum([
    ...(["above_market", "cash_above_points", "below_cost", "outside_band", "free"] as const),
    ...(["no_market_price", "same_title", "no_picture"] as const),
  ]),
  skuId: z.string().nullable(),
  figures: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type Advice = z.infer<typeof adviceSchema>;

/** One SKU as it stands on its shelf. */
const skuStandSchema = z.object({
  skuId: z.string(),
  values: z.array(z.string()),
  saleId: z.string().nullable().describe("The sale that ordinary redemption goes through."),
  status: z.enum(["open", "paused"]),
  epoch: z.int(),
  pricePoints: z.int(),
  priceFen: z.int(),
  remaining: z.int(),
  quantityMax: z.int(),
});
export type SkuStand = z.infer<typeof skuStandSchema>;

/** The same for the member who asks. */
const memberSkuSchema = skuStandSchema.extend({
  memberPoints: z.int().describe("What a unit costs whoever asks; the list price for a guest."),
  discounts: z.array(z.string()).describe("Titles of what is taken off."),
});
export type MemberSku = z.infer<typeof memberSkuSchema>;

export const goodsCardSchema = z
  .object({
    goodsId: z.string(),
    skuId: z.string().describe("The cheapest variant."),
    title: z.string(),
    subtitle: z.string(),
    kind: z.enum(GOODS_KINDS),
    role: z.enum(GOODS_ROLES),
    categoryId: z.string().nullable(),
    brand: z.object({ brandId: z.string(), name: z.string() }).nullable(),
    tags: z.array(z.string()),
    picture: orNull(pictureSchema),
    groundColor: z.string(),
    pricePoints: z.int().describe("Of the cheapest variant, without discounts."),
    memberPoints: z.int().describe("What it costs whoever asks."),
    priceFen: z.int(),
    hasPrices: z.boolean().describe("Variants differ in price."),
    marketPriceFen: z.int().nullable(),
    remaining: z.int().describe("Units on the standing shelves of all variants."),
    redeemed: z.int(),
    redeemedBy: orNull(audienceSchema).describe("Whom it is for; null: everybody."),
  })
  .openapi("GoodsCard");
export type GoodsCardView = z.infer<typeof goodsCardSchema>;

export const goodsListSchema = z
  .object({
    goods: z.array(goodsCardSchema),
    nextCursor: z.string().nullable(),
    catalogVersion: z.int(),
  })
  .openapi("GoodsList");
export type GoodsListView = z.infer<typeof goodsListSchema>;

const mineSchema = z.object({
  unmet: z
    .enum(["tier", "segment", "store"])
    .nullable()
    .describe("The rule the member does not meet."),
  limits: z.array(
    z.object({
      per: z.enum(["day", "window", "lifetime"]),
      limit: z.int(),
      used: z.int(),
      days: z.int().nullable(),
    }),
  ),
  tierId: z.string().nullable(),
});

export const goodsDetailSchema = goodsCardSchema
  .extend({
    revision: z.int(),
    store: z
      .object({ storeId: z.string(), name: z.string(), address: z.string() })
      .nullable()
      .describe("The store whose own units and prices these are; null: headquarters'."),
    pictures: z.array(pictureSchema),
    description: z.array(blockSchema),
    axes: z.array(axisSchema),
    skus: z.array(memberSkuSchema.extend({ picture: orNull(pictureSchema) })),
    freightFen: z.int(),
    limits: z.object({
      perOrder: z.int(),
      perDay: z.int().nullable(),
      lifetime: z.int().nullable(),
      window: z.object({ days: z.int(), units: z.int() }).nullable(),
    }),
    forTiers: z.array(z.string()).describe("Titles of the tiers it is for; empty: not by tier."),
    mine: mineSchema.nullable().describe("What holds for the member who asks; null for a guest."),
    serverTimeMs: z.int(),
  })
  .openapi("GoodsDetail");
export type GoodsDetailView = z.infer<typeof goodsDetailSchema>;

export const goodsLiveSchema = z
  .object({ revision: z.int(), skus: z.array(memberSkuSchema), serverTimeMs: z.int() })
  .openapi("GoodsLive");
export type GoodsLiveView = z.infer<typeof goodsLiveSchema>;

export const suggestionsSchema = z
  .object({
    active: z.int(),
    affordable: z.array(goodsCardSchema).describe("What the points reach, dearest first."),
    soon: z.array(z.object({ card: goodsCardSchema, gap: z.int() })),
    expiring: z
      .object({ points: z.int(), expiresAtMs: z.int(), goods: z.array(goodsCardSchema) })
      .nullable()
      .describe("Points that lapse next, with goods that those points alone can pay."),
    because: z
      .object({ goodsId: z.string(), title: z.string(), goods: z.array(goodsCardSchema) })
      .nullable()
      .describe("Goods of the same shelf as something the member redeemed, and what that was."),
  })
  .openapi("GoodsSuggestions");
export type SuggestionsView = z.infer<typeof suggestionsSchema>;

const categoryFields = {
  categoryId: idSchema,
  parentId: idSchema.nullable(),
  name: z.string().trim().min(1).max(30),
  isHidden: z.boolean().default(false),
};
export const categoryDraftSchema = z.object(categoryFields).openapi("CategoryDraft");
export type CategoryDraft = z.infer<typeof categoryDraftSchema>;
export const categoryViewSchema = z
  .object({ categoryId: z.string(), parentId: z.string().nullable(), name: z.string() })
  .openapi("Category");
export type CategoryView = z.infer<typeof categoryViewSchema>;

export const staffCategoriesSchema = z.object({
  revision: z.int(),
  categories: z.array(
    z.object({ ...categoryFields, goods: z.int().describe("Goods that lie in it itself.") }),
  ),
});
export type StaffCategoriesView = z.infer<typeof staffCategoriesSchema>;

/** Goods as staff edit them. */
export const staffGoodsSchema = z
  .object({
    goodsId: z.string(),
    revision: z.int(),
    state: z.enum(GOODS_STATES),
    isApplied: z.boolean().describe("False: the shelves have not been told yet."),
    goods: goodsDraftSchema,
    skus: z.array(
      skuStandSchema.extend({
        pricePoints: z.int(),
        inSales: z.int().describe("Units that scheduled and running sales have."),
        redeemed: z.int(),
      }),
    ),
    advice: z.array(adviceSchema),
    updatedAtMs: z.int(),
    updatedBy: z.string(),
    publishedAtMs: z.int().nullable(),
  })
  .openapi("StaffGoods");
export type StaffGoodsView = z.infer<typeof staffGoodsSchema>;

export const staffRowSchema = goodsCardSchema
  .extend({
    revision: z.int(),
    state: z.enum(GOODS_STATES),
    ...{ isLow: z.boolean(), isEmpty: z.boolean().describe("No unit on a shelf or in a sale.") },
    skuCount: z.int(),
    publishAtMs: z.int().nullable(),
    updatedAtMs: z.int(),
    updatedBy: z.string(),
  })
  .openapi("StaffGoodsRow");
export type StaffGoodsRow = z.infer<typeof staffRowSchema>;

export const mixSchema = z
  .object({
    goods: z.int(),
    roles: z.array(
      z.object({
        role: z.enum(GOODS_ROLES),
        goods: z.int(),
        percent: z.number(),
        targetPercent: z.int(),
        missing: z.int().describe("Goods to add, all else equal, to reach the share."),
      }),
    ),
    advice: z.enum(["empty", "good", "more_everyday", "more_quality", "more_special"]),
  })
  .openapi("GoodsMix");
export type MixView = z.infer<typeof mixSchema>;

export const stockCommandSchema = z
  .object({
    requestId: z
      .string()
      .min(16)
      .max(LIMITS.idMax)
      .regex(/^[0-9A-Za-z_-]+$/),
    cause: z.enum(STOCK_CAUSES).describe("`undone`: under a movement's id behind `undo-`"),
    units: z.int().min(-LIMITS.unitsMax).max(LIMITS.unitsMax),
    note: line().default(""),
  })
  .openapi("StockCommand");

const movementSchema = z.object({
  id: z.string(),
  cause: z.enum([...STOCK_CAUSES, "redeemed", "cancelled"]),
  units: z.int(),
  shelfAfter: z.int().nullable(),
  note: z.string(),
  actor: z.string(),
  atMs: z.int(),
  saleId: z.string().nullable(),
  orderId: z.string().nullable(),
});
export type Movement = z.infer<typeof movementSchema>;
export const stockLedgerSchema = z
  .object({
    ...{ skuId: z.string(), title: z.string() },
    shelf: z.int(),
    returned: z.int(),
    inSales: z.int(),
    movements: z.array(movementSchema),
    nextCursor: z.string().nullable(),
  })
  .openapi("StockLedger");
export type StockLedgerView = z.infer<typeof stockLedgerSchema>;

export const importReportSchema = z
  .object({
    isDryRun: z.boolean(),
    lines: z.int(),
    goods: z.int(),
    created: z.int().describe("Goods of this part that are, or would be, new."),
    changed: z.int(),
    repeated: z.int().describe("Goods of this part that an earlier call with this importId wrote."),
    unitsToKnown: z
      .int()
      .describe("Units of the whole file that go to goods which are there, beside what they have."),
    nextLine: z.int().nullable().describe("The fromLine of the next part; null: it was the last."),
    badCount: z.int(),
    bad: z.array(z.object({ line: z.int(), field: z.string(), reason: z.string() })),
  })
  .openapi("GoodsImportReport");
export type ImportReportView = z.infer<typeof importReportSchema>;

export const bulkSchema = z
  .object({
    goodsIds: z.array(idSchema).min(1).max(LIMITS.pageRowsMax),
    act: z.enum(["publish", "withdraw", "category", "add_tag", "remove_tag", "price_percent"]),
    value: z
      .string()
      .trim()
      .max(40)
      .nullable()
      .default(null)
      .describe("The category, the tag, or the new price in percent of the old."),
  })
  .openapi("GoodsBulkEdit");
export const bulkResultSchema = z.object({
  done: z.int(),
  refused: z.array(z.object({ goodsId: z.string(), code: z.string() })),
});
export type BulkResultView = z.infer<typeof bulkResultSchema>;
