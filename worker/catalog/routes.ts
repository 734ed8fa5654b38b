import { z } from "@hono/zod-openapi";
import { drizzle } from "drizzle-orm/d1";
import { AT_STORE, SKU_ID_PATTERN, skuKeyOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { payWithinMs } from "../payments/index.ts";
import { skus } from "../platform/d1-schema.ts";
import { stubOf } from "../platform/env.ts";
import { json, type Api } from "../platform/http/api.ts";
import { describeError, log } from "../platform/log.ts";
import { staffCategoryRoutes } from "./category-routes.ts";
import { exchangeRoutes } from "./exchange-routes.ts";
import { memberGoodsRoutes } from "./member-routes.ts";
import { indexBareSku } from "./sku-list.ts";
import { staffGoodsRoutes } from "./staff-goods-routes.ts";
import { stockRoutes } from "./stock-routes.ts";
import { storeGoodsRoutes } from "./store-goods-routes.ts";

const text = z.string().trim().min(1).max(LIMITS.textMax);
const points = z.int().min(0).max(LIMITS.pointsMax);
const amountFen = z.int().min(0).max(LIMITS.amountFenMax);
const limit = z.int().min(1).max(LIMITS.unitsMax);
const quantityMax = z.int().min(1).max(LIMITS.quantityMax);

const newSkuSchema = z
  .object({
    skuId: z
      .string()
      .max(LIMITS.idMax)
      .regex(SKU_ID_PATTERN, "lower-case letters, digits and inner hyphens")
      .refine((id) => !id.includes(AT_STORE), `without ${AT_STORE}`)
      .optional()
      .describe("Made up when absent."),
    title: text,
    subtitle: z.string().trim().max(LIMITS.textMax).default(""),
    category: z.string().trim().max(LIMITS.idMax).default(""),
    picture: z
      .string()
      .max(200)
      .regex(/^\/(?!\/)[0-9A-Za-z/_.-]*$/, "a path on this origin")
      .default("/goods/placeholder.svg"),
    groundColor: z
      .string()
      .regex(/^#[0-9a-fA-F]{6}$/)
      .default("#f3ede3"),
    marketPriceFen: amountFen.nullable().default(null),
    units: z
      .int()
      .min(0)
      .max(LIMITS.unitsMax)
      .optional()
      .describe(
        "Units on hand, on the standing shelf. Absent: bought in on demand, each sale stocks what it needs.",
      ),
    pricePoints: points
      .optional()
      .describe("Price of ordinary redemption. Absent: it stays paused."),
    priceFen: amountFen.default(0),
    limitPerMember: limit.default(LIMITS.unitsMax),
    quantityMax: quantityMax.default(10),
  })
  .openapi("NewSku");

const skuCreatedSchema = z
  .object({
    skuId: z.string(),
    skuKey: z.string(),
    standingSaleId: z.string(),
    supply: z.enum(["stocked", "on_demand"]),
  })
  .openapi("Sku");

/** What staff do to goods. */
export function catalogRoutes(api: Api): void {
  skuRoute(api);
  memberGoodsRoutes(api);
  staffGoodsRoutes(api);
  staffCategoryRoutes(api);
  stockRoutes(api);
  storeGoodsRoutes(api);
  exchangeRoutes(api);
}

function skuRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/skus",
      access: "staff",
      permission: "goods.write",
      tag: "Catalogue",
      summary:
        "Makes a SKU without goods, for sales by API only; repeating it with the same id answers 200 and changes nothing",
      body: newSkuSchema,
      responses: {
        201: { description: "Created", schema: skuCreatedSchema },
        200: { description: "Existed", schema: skuCreatedSchema },
      },
    },
    async ({ env, session, body, nowMs, problem }) => {
      const skuId = body.skuId ?? `sku-${crypto.randomUUID().slice(0, 13)}`;
      const skuKey = skuKeyOf(session.programmeId, skuId);
      const row = {
        programmeId: session.programmeId,
        skuId,
        title: body.title,
        category: body.category,
        createdAtMs: nowMs,
      };
      let isNew: boolean;
      try {
        const inserted = await drizzle(env.DB)
          .insert(skus)
          .values(row)
          .onConflictDoNothing()
          .returning();
        isNew = inserted.length > 0;
        if (isNew) await indexBareSku(env.DB, session.programmeId, skuId, body.title).run();
      } catch (error) {
        log("catalogue_write_failed", { error: describeError(error) });
        return problem("unavailable", {}, 5);
      }
      const { title, subtitle, picture, groundColor, marketPriceFen } = body;
      const record = await stubOf(env.SKU, skuKey, env).create({
        skuKey,
        goods: { title, subtitle, picture, groundColor, marketPriceFen },
        supply: body.units === undefined ? "on_demand" : "stocked",
        units: body.units ?? 0,
        pricePoints: body.pricePoints ?? null,
        priceFen: body.priceFen,
        limitPerMember: body.limitPerMember,
        quantityMax: body.quantityMax,
        payWithinMs: await payWithinMs(env, session.programmeId, "standing"),
      });
      const { standingSaleId, supply } = record;
      return json({ skuId, skuKey, standingSaleId, supply }, isNew ? 201 : 200);
    },
  );
}
