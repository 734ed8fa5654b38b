import { z } from "@hono/zod-openapi";
import { SKU_ID_PATTERN } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { SaleView } from "../redemption/wire.ts";
import { rehearsalReportSchema } from "./rehearsal-report.ts";

const points = z.int().min(0).max(LIMITS.pointsMax);
const amountFen = z.int().min(0).max(LIMITS.amountFenMax);
const limit = z.int().min(1).max(LIMITS.unitsMax);
const title = z.string().trim().min(1).max(LIMITS.textMax);
export const unitsSchema = z.int().min(1).max(LIMITS.unitsMax);
export const timeMsSchema = z.int().min(0).max(LIMITS.timeMsMax);
export const saleParams = z.object({ saleId: z.string().max(128) });
const skuIdSchema = z.string().max(LIMITS.idMax).regex(SKU_ID_PATTERN);

const HOUR_MS = 3_600_000;

const saleTerms = {
  skuId: skuIdSchema,
  pricePoints: points,
  priceFen: amountFen.default(0),
  units: unitsSchema,
  limitPerMember: limit,
  dailyLimitPerMember: limit.nullable().default(null),
  quantityMax: z.int().min(1).max(LIMITS.quantityMax),
  dailyUnits: unitsSchema.nullable().default(null),
  waveIntervalMs: z
    .int()
    .min(1_000)
    .max(24 * HOUR_MS)
    .default(30_000)
    .describe("How long returned units are collected before they go back on the shelf."),
  doors: z
    .int()
    .min(1)
    .max(LIMITS.doorsMax)
    .nullable()
    .default(null)
    .describe("Doors that waiting members are spread over. Null: as the deployment is set."),
};

interface Terms {
  readonly units: number;
  readonly quantityMax: number;
  readonly pricePoints: number;
}
const quantityFits = (sale: Terms): boolean => sale.quantityMax <= sale.units;
const QUANTITY = {
  path: ["quantityMax"],
  message: "one order cannot have more than the sale's units",
};
const priceFits = (sale: Terms): boolean => sale.pricePoints * sale.quantityMax <= LIMITS.pointsMax;
const PRICE = { path: ["pricePoints"], message: "price times quantityMax is out of range" };
const windowFits = (one: { opensAtMs: number; closesAtMs: number }): boolean =>
  one.closesAtMs > one.opensAtMs;
const WINDOW = { path: ["closesAtMs"], message: "closes after it opens" };

export const newSaleSchema = z
  .object({
    ...saleTerms,
    title: title.optional(),
    opensAtMs: timeMsSchema,
    closesAtMs: timeMsSchema,
  })
  .refine(windowFits, WINDOW)
  .refine(priceFits, PRICE)
  .openapi("NewSale");

/** One SKU of a session. */
export const sessionItemSchema = z
  .object({
    ...saleTerms,
    title: title.nullable().default(null).describe("Null: the goods' own."),
  })
  .refine(quantityFits, QUANTITY)
  .refine(priceFits, PRICE)
  .openapi("SessionItem");
export type SessionItem = z.infer<typeof sessionItemSchema>;

const sessionDraftShape = {
  title,
  note: z.string().trim().max(LIMITS.textMax).default("").describe("For staff only."),
  opensAtMs: timeMsSchema,
  closesAtMs: timeMsSchema,
  items: z.array(sessionItemSchema).max(LIMITS.sessionItemsMax),
};

export const sessionDraftSchema = z
  .object(sessionDraftShape)
  .refine(windowFits, WINDOW)
  .openapi("SessionDraft");
export type SessionDraft = z.infer<typeof sessionDraftSchema>;

export const sessionEditSchema = z
  .object({
    ...sessionDraftShape,
    version: z.int().min(1).describe("The version that was edited; another one is 409."),
  })
  .refine(windowFits, WINDOW)
  .openapi("SessionEdit");

export const sessionStateSchema = z.enum(["draft", "scheduling", "scheduled", "cancelled"]);

export const sessionHeadSchema = z.object({
  sessionId: z.string(),
  state: sessionStateSchema,
  version: z.int(),
  ...sessionDraftShape,
  createdBy: z.string(),
  createdAtMs: z.int(),
  updatedBy: z.string(),
  updatedAtMs: z.int(),
});
export interface SessionView extends z.infer<typeof sessionHeadSchema> {
  /** The sales of a scheduled session, as the projection has them. */
  sales: SaleView[];
}

/** What stands against a session, or speaks for it. Only an `error` keeps it from being scheduled. */
export const sessionCheckSchema = z
  .object({
    check: z.enum([
      "items",
      "window",
      "sku_twice",
      "sku_unknown",
      "overlap",
      "units",
      "same_day",
      "rehearsal",
    ]),
    level: z.enum(["ok", "info", "warn", "error"]),
    skuId: z.string().nullable(),
    figures: z.record(z.string(), z.union([z.number(), z.string()])),
  })
  .openapi("SessionCheck");
export type SessionCheck = z.infer<typeof sessionCheckSchema>;

/** A session as members see it: what opens when. */
export const calendarHeadSchema = z.object({
  sessionId: z.string(),
  title: z.string(),
  opensAtMs: z.int(),
  closesAtMs: z.int(),
});
export interface CalendarSession extends z.infer<typeof calendarHeadSchema> {
  sales: SaleView[];
}

export const curveSchema = z.object({
  fromMs: z.int(),
  stepMs: z.int(),
  requests: z.array(z.int()),
  granted: z.array(z.int()),
  shelf: z.array(z.int().nullable()).describe("After the step; null: nothing changed in it."),
});

export const takeSchema = z.object({
  ordinal: z.int(),
  memberId: z.string().describe("Masked."),
  orderId: z.string(),
  quantity: z.int(),
  epoch: z.int(),
  state: z.enum(["granted", "cancelled", "forgone"]),
  shelfAfter: z.int(),
  atMs: z.int(),
});

export const monitorHeadSchema = z.object({
  sessionId: z.string().nullable(),
  reserve: z.int().describe("Units of later days."),
  movedOut: z.int().describe("Units that went back to the standing shelf."),
  requests: z.int().describe("Answers to attempts to redeem, over doors and HTTP."),
  requestsPeak: z.int().describe("Most in one second."),
  tickets: z.int(),
  answers: z.record(z.string(), z.int()).describe("By code."),
  latencyP50Ms: z.int().nullable(),
  latencyP99Ms: z.int().nullable(),
  fine: curveSchema,
  coarse: curveSchema,
  doors: z.array(z.object({ door: z.string(), sockets: z.int(), atMs: z.int() })),
  sockets: z.int(),
  unsettled: z.int(),
  unsettledOldestMs: z.int(),
  projectionLagMs: z.int(),
  events: z.array(
    z.object({
      position: z.int(),
      kind: z.string(),
      actor: z.string().nullable(),
      figures: z.record(z.string(), z.number()),
      atMs: z.int(),
    }),
  ),
  takes: z.array(takeSchema),
});
export interface MonitorView extends z.infer<typeof monitorHeadSchema> {
  sale: SaleView;
}

export const rehearsalSchema = z
  .object({
    rehearsalId: z.string(),
    sessionId: z.string(),
    ...{ skuId: z.string(), title: z.string().describe("What the goods are called.") },
    startedBy: z.string(),
    startedAtMs: z.int(),
    state: z.enum(["running", "proven", "broken", "failed"]),
    report: rehearsalReportSchema,
  })
  .openapi("Rehearsal");
export type RehearsalView = z.infer<typeof rehearsalSchema>;
