/** What goes over HTTP about goods in stores. */
import { z } from "@hono/zod-openapi";
import { GOODS_KINDS } from "../kernel/goods-kind.ts";
import { SKU_ID_PATTERN } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { amountFen, idSchema, pictureSchema, points } from "./wire.ts";
import { orNull } from "../platform/http/or-null.ts";

export const storeIdSchema = z
  .string()
  .max(32)
  .regex(SKU_ID_PATTERN, "lower-case letters, digits and inner hyphens");

export const storeQuerySchema = z
  .string()
  .regex(/^(?:[0-9a-z](?:[0-9a-z-]{0,30}[0-9a-z])?)?$/)
  .optional()
  .describe("The store to shop in; empty: none. Absent: the one in the cookie `qd_store`.");

export const openStoreSchema = z
  .object({
    storeId: z.string(),
    name: z.string(),
    address: z.string(),
    brandId: z.string(),
    brandName: z.string(),
  })
  .openapi("OpenStore");
export type OpenStoreView = z.infer<typeof openStoreSchema>;

export const storeGoodsDraftSchema = z
  .object({
    version: z.int().min(0).max(1_000_000_000).describe("As it was read; 0: nothing was set yet."),
    isHidden: z.boolean().describe("Members who shop in this store are not shown them."),
    sellsOwn: z
      .boolean()
      .describe(
        "The store has units of its own, at its own prices; coupons and local services only.",
      ),
    prices: z
      .array(z.object({ skuId: idSchema, pricePoints: points, priceFen: amountFen }))
      .max(LIMITS.goodsSkusMax)
      .describe("Of variants that cost something else there, once the store has units of its own."),
  })
  .openapi("StoreGoodsDraft");

export const storeGoodsSchema = z
  .object({
    goodsId: z.string(),
    title: z.string(),
    subtitle: z.string(),
    kind: z.enum(GOODS_KINDS),
    groundColor: z.string(),
    picture: orNull(pictureSchema),
    isHidden: z.boolean(),
    sellsOwn: z.boolean(),
    maySellOwn: z.boolean().describe("Goods of this kind can be a store's own."),
    version: z.int(),
    skus: z.array(
      z.object({
        skuId: z.string(),
        storeSkuId: z.string().nullable().describe("The SKU of the store's own units."),
        values: z.array(z.string()),
        pricePoints: z.int().describe("Of headquarters, as `priceFen`."),
        priceFen: z.int(),
        own: z.object({ pricePoints: z.int(), priceFen: z.int() }).nullable(),
        remaining: z.int().nullable().describe("Own units; null: none are kept here."),
      }),
    ),
  })
  .openapi("StoreGoods");
export type StoreGoodsView = z.infer<typeof storeGoodsSchema>;

export const storeGoodsListSchema = z
  .object({
    store: openStoreSchema,
    maySet: z.array(z.string()).describe("What whoever asks may set here."),
    goods: z.array(storeGoodsSchema),
    nextCursor: z.string().nullable(),
  })
  .openapi("StoreGoodsList");
export type StoreGoodsListView = z.infer<typeof storeGoodsListSchema>;
