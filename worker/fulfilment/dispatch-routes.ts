import { z } from "@hono/zod-openapi";
import { csvHeaders, csvText } from "../kernel/csv.ts";
import { invariant } from "../kernel/invariant.ts";
import { LIMITS } from "../kernel/limits.ts";
import { sightOf } from "../kernel/masks.ts";
import type { Env } from "../platform/env.ts";
import { cutSentence } from "../platform/http/csv-stream.ts";
import { isOfAllStores, json, type Api } from "../platform/http/api.ts";
import { AddressBook, refKey } from "./address-book.ts";
import {
  addressLine,
  carrierOf,
  SUPPLIER_FILE_HEADS,
  supplierFileLine,
  unitsLeft,
} from "./core/index.ts";
import { PROBLEMS } from "./http.ts";
import { OrderGate } from "./order-gate.ts";
import { OrderList, specsOf, type ListedOrder, type OrderFilter } from "./order-list.ts";
import { logReveals } from "./reveals.ts";
import { ShippingDesk } from "./shipping-desk.ts";
import { listSuppliers, suppliesOf, unitsGivenUp } from "./supply.ts";
import { staffOrderParams } from "./wire.ts";
import { labelsAnswerSchema } from "./staff-wire.ts";

/** What those go by who pack: labels for the shop's own hands, and a file for a supplier who sends by themselves. */
export function dispatchRoutes(api: Api): void {
  labelsRoute(api);
  suppliersRoute(api);
  supplierFileRoute(api);
}

const LABELS_MAX = 100;

const labelsSchema = z
  .object({ orders: z.array(staffOrderParams).min(1).max(LABELS_MAX) })
  .openapi("Labels");

function labelsRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/orders/labels",
      operationId: "createStaffOrderLabels",
      access: "staff",
      permission: "orders.ship",
      tag: "Order desk",
      summary:
        "Names, phones and addresses of orders that are to be sent, for a pick list; each is written down",
      body: labelsSchema,
      responses: { 200: { description: "Labels", schema: labelsAnswerSchema } },
      problems: PROBLEMS,
    },
    async ({ env, session, body, nowMs, problem, audit }) => {
      const { programmeId } = session;
      const sight = sightOf(session.staff?.permissions);
      if (!(sight.name && sight.phone && sight.address))
        return problem("forbidden", { reason: "hidden_from_you" });
      const book = await AddressBook.open(env, programmeId);
      const gate = new OrderGate(env, programmeId);
      const desk = new ShippingDesk(env, programmeId);
      const recipients = await book.recipients(body.orders);
      const labels = await Promise.all(
        body.orders.map(async (ref) => {
          const order = await gate.facts(ref);
          const recipient = recipients.get(refKey(ref));
          const isReady = order?.goodsKind === "physical" && recipient?.kind === "address";
          if (!isReady || (order.state !== "to_ship" && order.state !== "shipped")) return null;
          const address = await book.addressOf(recipient);
          const parcels = await desk.ofOrder(ref);
          // What is still to be taken from the shelf; of an order that has left, what went.
          const quantity = unitsLeft(order.unitsToSend, parcels) || order.unitsToSend;
          return {
            ...{ ...ref, skuId: order.skuId, saleId: order.saleId, title: order.title, quantity },
            ...{ name: address.name, phone: address.phone, line: addressLine(address) },
            parcels: parcels.map(({ carrier, trackingNo }) => ({
              carrier: carrierOf(carrier)?.zh ?? carrier,
              trackingNo,
            })),
          };
        }),
      );
      const ready = labels.filter((label) => label !== null);
      const by = `staff:${session.memberId}`;
      audit({ subject: "orders:labels", after: { orders: ready.length } });
      await logReveals(
        env,
        programmeId,
        ready.map(({ memberId, orderId }) => ({
          ...{ memberId, orderId, what: "address" as const, by, reason: "label", atMs: nowMs },
        })),
      );
      return json({
        labels: await withGoods(env, programmeId, ready),
        left: body.orders.length - ready.length,
      });
    },
  );
}

/** With the variant of the goods and who supplies them. */
async function withGoods<Label extends { readonly saleId: string; readonly skuId: string }>(
  env: Env,
  programmeId: string,
  labels: readonly Label[],
) {
  const skuIds = labels.map(({ skuId }) => skuId);
  const saleIds = labels.map(({ saleId }) => saleId);
  const [supplies, specs] = await Promise.all([
    suppliesOf(env.DB, programmeId, skuIds),
    specsOf(env.DB, saleIds),
  ]);
  return labels.map(({ saleId, ...label }) => ({
    ...label,
    ...{ spec: specs.get(saleId) ?? "", supply: supplies.get(label.skuId) ?? null },
  }));
}

const supplierSchema = z
  .object({
    supplier: z.string(),
    supplierSends: z.int().describe("Orders that wait for the supplier to send them."),
    shopSends: z.int().describe("Orders of their goods that the shop sends itself."),
  })
  .openapi("Supplier");

function suppliersRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/suppliers",
      access: "staff",
      permission: "orders.read",
      tag: "Shipping",
      summary: "Suppliers that goods name, by name, and how many orders of theirs are to be sent",
      query: z.object({
        cursor: z.string().max(LIMITS.textMax).default(""),
        limit: z.coerce.number().int().min(1).max(LIMITS.pageRowsMax).default(50),
      }),
      responses: {
        200: {
          description: "Of the oldest ten thousand orders to be sent",
          schema: z.object({ items: z.array(supplierSchema), nextCursor: z.string().nullable() }),
        },
      },
      problems: PROBLEMS,
    },
    async ({ env, session, query: { cursor, limit } }) => {
      // Counts are of the whole programme; who is bound to stores is told none.
      if (!isOfAllStores(session)) return json({ items: [], nextCursor: null });
      return json(await listSuppliers(env.DB, session.programmeId, { after: cursor, limit }));
    },
  );
}

/** As many lines as a list of tracking numbers may have: the file comes back whole. */
const FILE_ROWS_MAX = 1_000;
const FILE_PAGE = 500;

function supplierFileRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/orders/supplier-file",
      access: "staff",
      permission: "orders.ship",
      tag: "Shipping",
      summary: `What one supplier is to send, oldest first, up to ${FILE_ROWS_MAX} orders, as CSV with empty columns for courier and tracking number; names, phones and addresses as far as the asker may see them, each written down`,
      query: z.object({ supplier: z.string().trim().min(1).max(LIMITS.textMax) }),
      responses: { 200: { description: "A file", types: ["text/csv"] } },
      problems: PROBLEMS,
    },
    async ({ env, session, query: { supplier }, locale, nowMs, audit }) => {
      const { programmeId } = session;
      const sight = sightOf(session.staff?.permissions);
      const { orders, isCut } = await ordersFor(new OrderList(env, programmeId, sight), supplier);
      const book = await AddressBook.open(env, programmeId);
      const recipients = await book.recipients(orders);
      const givenUp = await unitsGivenUp(env.DB, programmeId, orders);
      const lines = await Promise.all(
        orders.map(async (order) => {
          const recipient = recipients.get(refKey(order));
          invariant(recipient, "an order with a masked address has a whole one");
          const orderedAt = new Date(order.grantedAtMs).toISOString();
          const quantity = order.quantity - (givenUp.get(refKey(order)) ?? 0);
          const supplied = { ...order, quantity, orderedAt };
          return supplierFileLine(supplied, await book.addressOf(recipient), sight);
        }),
      );
      const fields = Object.entries(sight).flatMap(([field, isSeen]) => (isSeen ? [field] : []));
      audit({ subject: `supplier:${supplier}`, after: { orders: orders.length, fields } });
      if (fields.length > 0) {
        const look = { what: "address", by: `staff:${session.memberId}`, atMs: nowMs } as const;
        const reason = `supplier: ${supplier}`;
        await logReveals(
          env,
          programmeId,
          orders.map(({ memberId, orderId }) => ({ ...look, memberId, orderId, reason })),
        );
      }
      const cut = isCut ? [[cutSentence(locale, FILE_ROWS_MAX)]] : [];
      const text = csvText(SUPPLIER_FILE_HEADS[locale], [...lines, ...cut]);
      return new Response(text, { headers: csvHeaders("supplier") });
    },
  );
}

/** Orders that wait for the supplier, oldest first; without those whose members have not said where to. */
async function ordersFor(
  list: OrderList,
  supplier: string,
): Promise<{ readonly orders: readonly ListedOrder[]; readonly isCut: boolean }> {
  const filter: OrderFilter = {
    ...{ state: "to_ship", goodsKind: "physical", supplier, sender: "supplier" },
    ...{ saleId: null, fromMs: null, untilMs: null, query: "", storeIds: null, brandId: null },
    isOldestFirst: true,
  };
  const orders: ListedOrder[] = [];
  let cursor: string | null = null;
  do {
    const page = await list.page(filter, cursor, FILE_PAGE);
    orders.push(...page.items.filter(({ recipient }) => recipient !== null));
    cursor = page.nextCursor;
  } while (cursor !== null && orders.length <= FILE_ROWS_MAX);
  return { orders: orders.slice(0, FILE_ROWS_MAX), isCut: orders.length > FILE_ROWS_MAX };
}
