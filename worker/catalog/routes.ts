import { z } from "@hono/zod-openapi";
import { drizzle } from "drizzle-orm/d1";
import { SKU_ID_PATTERN, parseSaleId, skuKeyOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { skus } from "../platform/d1-schema.ts";
import { stubOf, type Env } from "../platform/env.ts";
import { json, type Api, type ProblemMaker } from "../platform/http/api.ts";
import { describeError, log } from "../platform/log.ts";
import { saleView, saleViewSchema, type StaffCommand } from "../redemption/index.ts";

const text = z.string().trim().min(1).max(LIMITS.textMax);
const points = z.int().min(0).max(LIMITS.pointsMax);
const amountFen = z.int().min(0).max(LIMITS.amountFenMax);
const units = z.int().min(1).max(LIMITS.unitsMax);
const timeMs = z.int().min(0).max(LIMITS.timeMsMax);
const limit = z.int().min(1).max(LIMITS.unitsMax);
const quantityMax = z.int().min(1).max(LIMITS.quantityMax);

const newSkuSchema = z
  .object({
    skuId: z
      .string()
      .max(LIMITS.idMax)
      .regex(SKU_ID_PATTERN, "lower-case letters, digits and inner hyphens")
      .optional()
      .describe("Made up when absent."),
    title: text,
    subtitle: z.string().trim().max(LIMITS.textMax).default(""),
    category: z.string().trim().max(LIMITS.idMax).default(""),
    picture: z
      .string()
      .max(200)
      .regex(/^\/[0-9A-Za-z/_.-]*$/, "a path on this origin")
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

const newSaleSchema = z
  .object({
    skuId: z.string().max(LIMITS.idMax).regex(SKU_ID_PATTERN),
    title: text.optional(),
    pricePoints: points,
    priceFen: amountFen.default(0),
    units,
    limitPerMember: limit,
    dailyLimitPerMember: limit.nullable().default(null),
    quantityMax,
    dailyUnits: units.nullable().default(null),
    opensAtMs: timeMs,
    closesAtMs: timeMs,
  })
  .refine((sale) => sale.closesAtMs > sale.opensAtMs, {
    path: ["closesAtMs"],
    message: "closes after it opens",
  })
  .refine((sale) => sale.quantityMax <= sale.units, {
    path: ["quantityMax"],
    message: "one order cannot have more than the sale's units",
  })
  .refine((sale) => sale.pricePoints * sale.quantityMax <= LIMITS.pointsMax, {
    path: ["pricePoints"],
    message: "price times quantityMax is out of range",
  })
  .openapi("NewSale");

const skuCreatedSchema = z
  .object({
    skuId: z.string(),
    skuKey: z.string(),
    standingSaleId: z.string(),
    supply: z.enum(["stocked", "on_demand"]),
  })
  .openapi("Sku");

const saleParams = z.object({ saleId: z.string().max(128) });

/** What staff do to goods and sales. Part 4 gives it people, permissions and a console. */
export function catalogRoutes(api: Api): void {
  skuRoute(api);
  saleRoute(api);
  for (const kind of ["schedule", "pause", "resume", "wave", "close"] as const) {
    commandRoute(api, kind);
  }
  restockRoute(api);
}

function skuRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/skus",
      access: "staff",
      permission: "goods.write",
      tag: "Staff",
      summary:
        "Opens the books of a SKU; repeating it with the same id answers 200 and changes nothing",
      body: newSkuSchema,
      responses: {
        201: { description: "Created", schema: skuCreatedSchema },
        200: { description: "Existed", schema: skuCreatedSchema },
      },
      problems: ["unauthenticated", "forbidden", "unavailable"],
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
      });
      const { standingSaleId, supply } = record;
      return json({ skuId, skuKey, standingSaleId, supply }, isNew ? 201 : 200);
    },
  );
}

function saleRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/sales",
      access: "staff",
      permission: "sales.write",
      tag: "Staff",
      summary: "Drafts a sale; its units stay on the standing shelf until it is scheduled",
      body: newSaleSchema,
      responses: { 201: { description: "The draft", schema: saleViewSchema } },
      problems: ["unauthenticated", "forbidden", "not_found"],
    },
    async ({ env, session, body, problem }) => {
      const { skuId, title, ...terms } = body;
      const sku = stubOf(env.SKU, skuKeyOf(session.programmeId, skuId), env);
      const snapshot = await sku.draft({ ...terms, title: title ?? null });
      return snapshot ? json(saleView(snapshot), 201) : problem("not_found");
    },
  );
}

function commandRoute(api: Api, kind: Exclude<StaffCommand["kind"], "restock">): void {
  api.route(
    {
      method: "post",
      path: `/api/v1/staff/sales/{saleId}/${kind}`,
      access: "staff",
      permission: "sales.run",
      tag: "Staff",
      summary: `${SUMMARY_OF[kind]}; repeating it changes nothing`,
      params: saleParams,
      responses: { 200: { description: "The sale after it", schema: saleViewSchema } },
      problems: ["unauthenticated", "forbidden", "not_found", "conflict"],
    },
    (call) => runCommand(call, { kind }),
  );
}

const SUMMARY_OF = {
  schedule: "Schedules a draft: its terms are fixed and its units leave the standing shelf",
  pause: "Pauses an open sale; taps made meanwhile wait",
  resume: "Resumes a paused sale",
  wave: "Puts returned units back on the shelf now",
  close: "Closes the sale; what is left goes back to the standing shelf",
} as const;

function restockRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/sales/{saleId}/restock",
      access: "staff",
      permission: "sales.run",
      tag: "Staff",
      summary: "Brings fresh units to the shelf; not idempotent, each call adds",
      params: saleParams,
      body: z.object({ units }),
      responses: { 200: { description: "The sale after it", schema: saleViewSchema } },
      problems: ["unauthenticated", "forbidden", "not_found", "conflict"],
    },
    (call) => runCommand(call, { kind: "restock", units: call.body.units }),
  );
}

interface CommandCall {
  readonly env: Env;
  readonly session: { readonly programmeId: string };
  readonly params: { readonly saleId: string };
  readonly nowMs: number;
  readonly problem: ProblemMaker;
}

async function runCommand(call: CommandCall, command: StaffCommand): Promise<Response> {
  const address = parseSaleId(call.params.saleId);
  // A sale of another programme does not exist for this one's staff.
  if (!address || address.programmeId !== call.session.programmeId)
    return call.problem("not_found");
  const sku = stubOf(call.env.SKU, address.skuKey, call.env);
  const outcome = await sku.command(call.params.saleId, command);
  if (outcome.kind === "not_found") return call.problem("not_found");
  if (outcome.kind === "conflict") {
    return call.problem("conflict", { reason: outcome.reason, ...outcome.figures });
  }
  return json(saleView(outcome.snapshot));
}
