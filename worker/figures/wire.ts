import { z } from "@hono/zod-openapi";

const partSchema = z.object({ type: z.string(), entries: z.int(), points: z.int() });

const goodsSchema = z.object({
  skuId: z.string(),
  title: z.string(),
  picture: z.string(),
  pricePoints: z.int().nullable(),
  units30: z.int().describe("Redeemed and not returned in the last 30 days, today included."),
  points30: z.int(),
  shelf: z.int().nullable().describe("Units anybody may redeem now; null: not on offer."),
  rate: z.number().describe("units30 / (units30 + shelf)."),
});
export type GoodsFigureView = z.infer<typeof goodsSchema>;

const saleSchema = z.object({
  saleId: z.string(),
  skuId: z.string(),
  title: z.string(),
  status: z.enum(["draft", "scheduled", "open", "paused", "closed"]),
  opensAtMs: z.int(),
  closesAtMs: z.int(),
  pricePoints: z.int(),
  priceFen: z.int(),
  units: z.int(),
  remaining: z.int(),
  redeemed: z.int(),
});

const pointsSchema = z.object({
  redeemers30: z.int().describe("Members who redeemed in the last 30 days."),
  active30: z.int().describe("Members with any entry in the last 30 days."),
  issued30: z.int(),
  used30: z.int().describe("Spent by redemptions, less what cancels gave back."),
  issuedBefore: z.int().describe("In the 30 days before."),
  usedBefore: z.int(),
  liability: z.int().describe("Points that members own, those pending and held included."),
  liabilityFen: z.int().describe("Their worth by the programme's rate."),
  rate: z.object({ points: z.int(), fen: z.int() }),
  expiring15: z
    .int()
    .describe("Of each member the points of the nearest deadline, if within 15 days."),
  expiringMembers: z.int(),
  days: z
    .array(z.object({ day: z.string(), issued: z.int(), used: z.int(), expired: z.int() }))
    .describe("The last 90 days, oldest first; days without an entry are left out."),
  sources: z.array(partSchema).describe("Issued in the last 30 days, by type of entry."),
  countedAtMs: z.int().describe("When members were counted; the rest is of now."),
});

export const dashboardSchema = z
  .object({
    atMs: z.int(),
    digestAtMs: z.int().describe("What the ledger took down before is in the figures."),
    today: z.object({ orders: z.int(), points: z.int(), cancelled: z.int() }).nullable(),
    points: pointsSchema.nullable().describe("Null without `points.read`."),
    satisfaction: z
      .object({ ratings30: z.int(), stars30: z.int() })
      .nullable()
      .describe(
        "Ratings of the last 30 days and the sum of their stars. Null without `orders.read`.",
      ),
    hot: z.array(goodsSchema),
    slow: z.array(goodsSchema).describe("Rate below 5 %, slowest first."),
    slowCount: z.int(),
    stockOuts: z.array(goodsSchema),
    stockOutCount: z.int(),
    sales: z
      .array(saleSchema)
      .nullable()
      .describe("Running and coming. Null without `sales.read`."),
    waiting: z
      .object({
        approvals: z.int().nullable(),
        toShip: z.int().nullable(),
        cases: z.int().nullable().describe("After-sales cases that wait for the merchant."),
        words: z.int().nullable().describe("Ratings whose words nobody has read."),
      })
      .describe("Null where the permission is missing."),
  })
  .openapi("Dashboard");
export type DashboardView = z.infer<typeof dashboardSchema>;

export const goodsFiguresSchema = z
  .object({ items: z.array(goodsSchema), nextCursor: z.string().nullable() })
  .openapi("GoodsFigures");
