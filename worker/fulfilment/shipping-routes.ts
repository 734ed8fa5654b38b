import { z } from "@hono/zod-openapi";
import { LIMITS } from "../kernel/limits.ts";
import { json, type Api, isOfAllStores } from "../platform/http/api.ts";
import { basedOnSchema, seenSchema } from "../platform/http/based-on.ts";
import {
  CARRIERS,
  carrierOf,
  isRegionCode,
  partOf,
  readTrackingList,
  TRACKING_LINES_MAX,
  trackingNoOf,
} from "./core/index.ts";
import { followParcel } from "./courier-routes.ts";
import { conflict, invalid, PROBLEMS } from "./http.ts";
import { kuaidi100Of, Kuaidi100 } from "./logistics.ts";
import { OrderGate } from "./order-gate.ts";
import { ShippingDesk } from "./shipping-desk.ts";
import { askCourier } from "./sweep.ts";
import { DeliveryTermsStore } from "./terms-store.ts";
import { TrackingImport } from "./tracking-import.ts";
import { shipmentView } from "./views.ts";
import {
  deliveryTermsSchema,
  storedTermsSchema,
  idSchema,
  shipmentSchema,
  skuIdSchema,
  staffOrderParams,
} from "./wire.ts";
import { carriersSchema } from "./staff-wire.ts";

/** Parcels, and what sending costs. */
export function shippingRoutes(api: Api): void {
  sendRoute(api);
  importRoute(api);
  trackRoute(api);
  carriersRoute(api);
  templateRoutes(api);
  termsRoutes(api);
}

const newShipmentSchema = z
  .object({
    shipmentId: idSchema.describe("Made by the client: a repeat is the same parcel."),
    carrier: z.string().max(40),
    trackingNo: z.string().max(60),
    quantity: z
      .int()
      .min(1)
      .max(LIMITS.quantityMax)
      .nullable()
      .default(null)
      .describe("Null: all units that are left."),
  })
  .openapi("NewShipment");

function sendRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/orders/{memberId}/{orderId}/shipments",
      access: "staff",
      permission: "orders.ship",
      tag: "Shipping",
      summary: "Sends a parcel of an order; an order may have several; idempotent by shipmentId",
      params: staffOrderParams,
      body: newShipmentSchema,
      responses: {
        201: { description: "On its way", schema: shipmentSchema },
        200: { description: "Was on its way", schema: shipmentSchema },
      },
      problems: PROBLEMS,
    },
    async ({ env, ctx, request, session, params, body, locale, nowMs, problem }) => {
      const carrier = carrierOf(body.carrier);
      const trackingNo = trackingNoOf(body.trackingNo);
      const errors = [
        ...(carrier ? [] : [{ path: "carrier", message: "no carrier of the list" }]),
        ...(trackingNo ? [] : [{ path: "trackingNo", message: "8 to 30 letters and digits" }]),
      ];
      if (!carrier || trackingNo === null) return invalid(problem, errors);
      const desk = new ShippingDesk(env, session.programmeId);
      const { shipmentId, quantity } = body;
      const by = `staff:${session.memberId}`;
      const outcome = await desk.send(
        { ...params, shipmentId, quantity, carrier: carrier.code, trackingNo, by },
        nowMs,
      );
      if (outcome.kind === "refused") {
        if (outcome.reason === "order_unknown") return problem("not_found");
        const figures = outcome.state === undefined ? {} : { state: outcome.state };
        return conflict(problem, outcome.reason, figures);
      }
      const { shipment, isRepeat } = outcome;
      if (!isRepeat) {
        const { origin } = new URL(request.url);
        ctx.waitUntil(followParcel(env, session.programmeId, shipment, origin));
      }
      return json(shipmentView(shipment, locale), isRepeat ? 200 : 201);
    },
  );
}

const lineSchema = z.object({ line: z.int(), reason: z.string() });

const importedSchema = z
  .object({
    sent: z.int(),
    repeated: z.int(),
    bad: z.array(lineSchema),
    warned: z
      .array(lineSchema)
      .describe("Lines that go out all the same: the number is on a parcel of another member."),
    lines: z.int().describe("Lines of the whole file."),
    nextLine: z.int().nullable().describe("The fromLine of the next part; null: it was the last."),
  })
  .openapi("ImportedShipments");

/** A line asks D1, its order and its courier several questions; a request may ask a thousand. */
const CALL_LINES_MAX = 100;

const importQuery = z.object({
  dryRun: z.enum(["true", "false"]).default("false"),
  fromLine: z.coerce.number().int().min(1).max(1_000_000).default(1),
  linesMax: z.coerce
    .number()
    .int()
    .min(1)
    .max(TRACKING_LINES_MAX)
    .default(TRACKING_LINES_MAX)
    .describe(
      `A long file is worked off in parts, so that somebody can be told how far it is. A call takes ${CALL_LINES_MAX} at most, and \`nextLine\` says where the next one begins.`,
    ),
});

function importRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/shipments/import",
      access: "staff",
      permission: "orders.ship",
      tag: "Shipping",
      summary:
        "Sends parcels by a list: order, carrier, tracking number, quantity; names every bad line",
      query: importQuery,
      text: { type: "text/csv", description: "Header and up to 1,000 lines." },
      responses: { 200: { description: "What became of it", schema: importedSchema } },
      problems: PROBLEMS,
    },
    async ({ env, ctx, request, session, query, text, nowMs, audit }) => {
      const { programmeId } = session;
      if (query.dryRun === "true") audit({ isLook: true });
      const list = readTrackingList(text);
      const part = partOf(list, query.fromLine, Math.min(query.linesMax, CALL_LINES_MAX));
      const { origin } = new URL(request.url);
      const desk = new TrackingImport(env, programmeId, `staff:${session.memberId}`);
      const [first] = part.lines;
      const before = list.lines.filter(({ line }) => line < (first?.line ?? 0));
      const { bad, warned, ...counts } =
        query.dryRun === "true"
          ? await desk.check(part.lines, before)
          : await desk.send(part.lines, nowMs, (shipment) =>
              ctx.waitUntil(followParcel(env, programmeId, shipment, origin)),
            );
      return json({
        ...{ ...counts, warned, bad: [...part.bad, ...bad].toSorted((a, b) => a.line - b.line) },
        ...{ lines: list.lines.length + list.bad.length, nextLine: part.nextLine },
      });
    },
  );
}

function trackRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/orders/{memberId}/{orderId}/track",
      access: "staff",
      permission: "orders.read",
      tag: "Shipping",
      summary: "Asks the courier about an order's parcels now",
      params: staffOrderParams,
      responses: {
        200: { description: "Parcels", schema: z.object({ shipments: z.array(shipmentSchema) }) },
      },
      problems: PROBLEMS,
    },
    async ({ env, session, params, locale, nowMs, problem }) => {
      const { programmeId } = session;
      if (!isOfAllStores(session)) return problem("forbidden", { reason: "not_your_store" });
      const order = await new OrderGate(env, programmeId).facts(params);
      if (!order) return problem("not_found");
      const account = kuaidi100Of(env);
      if (!account) return conflict(problem, "no_tracking_service");
      const desk = new ShippingDesk(env, programmeId);
      const logistics = new Kuaidi100(account);
      for (const shipment of await desk.ofOrder(params)) {
        const isAnswered = await askCourier(env, logistics, { programmeId, shipment }, nowMs);
        if (!isAnswered) return problem("unavailable", { reason: "no_tracking_answer" }, 30);
      }
      const shipments = await desk.ofOrder(params);
      return json({ shipments: shipments.map((one) => shipmentView(one, locale)) });
    },
  );
}

function carriersRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/carriers",
      access: "staff",
      permission: "orders.read",
      tag: "Shipping",
      summary: "Couriers by the codes of the tracking service",
      responses: { 200: { description: "Carriers", schema: carriersSchema } },
    },
    ({ locale }) =>
      json({
        carriers: CARRIERS.map(({ code, zh, en }) => ({ code, name: locale === "en" ? en : zh })),
      }),
  );
}

// ---- freight

const regionCode = z.string().refine(isRegionCode, "a province, city or district");
const pieces = z.int().min(1).max(LIMITS.quantityMax);
const amountFen = z.int().min(0).max(LIMITS.amountFenMax);

const templateSchema = z
  .object({
    title: z.string().trim().min(1).max(LIMITS.textMax),
    isDefault: z.boolean().default(false),
    rules: z
      .array(
        z.object({
          regions: z.array(regionCode).max(400).describe("Empty: everywhere else."),
          firstPieces: pieces,
          firstFen: amountFen,
          extraPieces: pieces,
          extraFen: amountFen,
          freeFromPieces: pieces.nullable().default(null),
        }),
      )
      .min(1)
      .max(50),
    undeliverable: z.array(regionCode).max(400).default([]),
  })
  .openapi("FreightTemplate");

const savedTemplateSchema = templateSchema
  .extend({ templateId: z.string(), savedAtMs: z.int() })
  .openapi("SavedFreightTemplate");
const templatesSchema = z.object({ templates: z.array(savedTemplateSchema) });

const templateParams = z.object({
  templateId: z.string().regex(/^[0-9A-Za-z](?:[0-9A-Za-z_-]{0,38}[0-9A-Za-z])?$/),
});

function templateRoutes(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/freight-templates",
      access: "staff",
      permission: "settings.read",
      tag: "Shipping",
      summary: "Freight templates, the default first",
      responses: { 200: { description: "Templates", schema: templatesSchema } },
      problems: PROBLEMS,
    },
    async ({ env, session }) => {
      const templates = await new DeliveryTermsStore(env.DB, session.programmeId).templates();
      return json({ templates });
    },
  );
  api.route(
    {
      method: "put",
      path: "/api/v1/staff/freight-templates/{templateId}",
      access: "staff",
      permission: "settings.write",
      tag: "Shipping",
      summary:
        "Writes a freight template: first and further pieces by region, free from so many, places not served",
      params: templateParams,
      query: z.object({ basedOn: basedOnSchema }),
      body: templateSchema,
      responses: { 200: { description: "As it is kept", schema: savedTemplateSchema } },
      problems: PROBLEMS,
    },
    async ({ env, session, params, query, body, nowMs, problem }) => {
      const store = new DeliveryTermsStore(env.DB, session.programmeId);
      const template = { ...body, templateId: params.templateId };
      const by = { savedBy: `staff:${session.memberId}`, nowMs, basedOn: query.basedOn };
      if (await store.saveTemplate(template, by)) return json({ ...template, savedAtMs: nowMs });
      const current = await store.template(params.templateId);
      return current
        ? problem("conflict", { reason: "changed_meanwhile", current })
        : problem("not_found");
    },
  );
  api.route(
    {
      method: "delete",
      path: "/api/v1/staff/freight-templates/{templateId}",
      access: "staff",
      permission: "settings.write",
      tag: "Shipping",
      summary: "Removes a template; goods that named it go by the default one",
      params: templateParams,
      query: z.object({ basedOn: seenSchema }),
      responses: { 200: { description: "Those that are left", schema: templatesSchema } },
      problems: PROBLEMS,
    },
    async ({ env, session, params, query, problem }) => {
      const store = new DeliveryTermsStore(env.DB, session.programmeId);
      const current = await store.removeTemplate(params.templateId, query.basedOn);
      if (current) return problem("conflict", { reason: "changed_meanwhile", current });
      return json({ templates: await store.templates() });
    },
  );
}

function termsRoutes(api: Api): void {
  const params = z.object({ skuId: skuIdSchema });
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/delivery-terms/{skuId}",
      access: "staff",
      permission: "goods.read",
      tag: "Shipping",
      summary: "How the goods of a SKU reach their members",
      params,
      responses: { 200: { description: "Terms", schema: storedTermsSchema } },
      problems: PROBLEMS,
    },
    async ({ env, session, params: { skuId } }) =>
      json(await new DeliveryTermsStore(env.DB, session.programmeId).of(skuId)),
  );
  api.route(
    {
      method: "put",
      path: "/api/v1/staff/delivery-terms/{skuId}",
      access: "staff",
      permission: "goods.write",
      tag: "Shipping",
      summary:
        "Freight template, uses, validity and stores of a SKU; orders made before keep theirs",
      params,
      query: z.object({ basedOn: basedOnSchema }),
      body: deliveryTermsSchema,
      responses: { 200: { description: "As they are kept", schema: storedTermsSchema } },
      problems: PROBLEMS,
    },
    async ({ env, session, params: { skuId }, query, body, nowMs, problem }) => {
      const store = new DeliveryTermsStore(env.DB, session.programmeId);
      const by = { savedBy: `staff:${session.memberId}`, nowMs, basedOn: query.basedOn };
      if (await store.save(skuId, body, by)) return json({ ...body, savedAtMs: nowMs });
      return problem("conflict", { reason: "changed_meanwhile", current: await store.of(skuId) });
    },
  );
}
