import { z } from "@hono/zod-openapi";
import { addressTrait, reportTraits } from "../earning/index.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Env } from "../platform/env.ts";
import { json, type Api } from "../platform/http/api.ts";
import { ADDRESSES_MAX, AddressBook } from "./address-book.ts";
import { parseAddress, phoneOf, regionTree, type Address } from "./core/index.ts";
import { deliver } from "./deliver.ts";
import { conflict, invalid, PROBLEMS } from "./http.ts";
import { OrderGate } from "./order-gate.ts";
import { DeliveryTermsStore } from "./terms-store.ts";
import { addressView, deliveryView } from "./views.ts";
import {
  addressBodySchema,
  addressesSchema,
  addressSchema,
  deliverySchema,
  freightQuoteSchema,
  idSchema,
  orderParams,
  skuIdSchema,
} from "./wire.ts";

const addressParams = z.object({ addressId: idSchema });

/** A member's address book, and what an order needs to reach them. */
export function deliveryMemberRoutes(api: Api): void {
  regionsRoute(api);
  bookRoutes(api);
  quoteRoute(api);
  deliveryRoute(api);
  recipientRoutes(api);
}

function regionsRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/regions",
      access: "public",
      tag: "Delivery",
      summary: "Provinces, cities and districts of the mainland: [code, name, children]",
      responses: {
        200: { description: "Provinces", schema: z.object({ regions: z.array(z.unknown()) }) },
      },
    },
    () => json({ regions: regionTree() }, 200, { "cache-control": "public, max-age=86400" }),
  );
}

function bookRoutes(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/me/addresses",
      access: "member",
      tag: "Delivery",
      summary: "The member's own address book, the default first",
      responses: { 200: { description: "Addresses", schema: addressesSchema } },
    },
    async ({ env, session }) => {
      const book = await AddressBook.open(env, session.programmeId);
      const addresses = await book.list(session.memberId);
      return json({ addresses: addresses.map(addressView), max: ADDRESSES_MAX });
    },
  );
  api.route(
    {
      method: "put",
      path: "/api/v1/me/addresses/{addressId}",
      access: "member",
      tag: "Delivery",
      summary: "Adds an address under an id of the client's making, or changes it",
      params: addressParams,
      body: addressBodySchema,
      responses: { 200: { description: "As it is kept", schema: addressSchema } },
      problems: PROBLEMS,
    },
    async ({ env, session, params, body, nowMs, problem }) => {
      const { isDefault, ...input } = body;
      const parsed = parseAddress(input);
      if (parsed.kind === "invalid") return invalid(problem, parsed.errors);
      const book = await AddressBook.open(env, session.programmeId);
      const wish = { ...parsed.address, addressId: params.addressId, isDefault };
      const outcome = await book.save(session.memberId, wish, nowMs);
      if (outcome === "taken") return problem("not_found");
      if (outcome === "full") return conflict(problem, "address_book_full", { max: ADDRESSES_MAX });
      const saved = await book.find(session.memberId, params.addressId);
      if (saved) await reportAddress(env, session.memberKey, saved, nowMs);
      return saved ? json(addressView(saved)) : problem("not_found");
    },
  );
  api.route(
    {
      method: "delete",
      path: "/api/v1/me/addresses/{addressId}",
      access: "member",
      tag: "Delivery",
      summary: "Removes an address; orders keep the one they were given",
      params: addressParams,
      responses: { 200: { description: "What is left", schema: addressesSchema } },
    },
    async ({ env, session, params }) => {
      const book = await AddressBook.open(env, session.programmeId);
      await book.remove(session.memberId, params.addressId);
      const addresses = await book.list(session.memberId);
      return json({ addresses: addresses.map(addressView), max: ADDRESSES_MAX });
    },
  );
}

function quoteRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/me/freight-quote",
      access: "member",
      tag: "Delivery",
      summary: "What sending goods to one of the member's addresses costs",
      query: z.object({
        skuId: skuIdSchema,
        addressId: idSchema,
        quantity: z.coerce.number().int().min(1).max(LIMITS.quantityMax).default(1),
      }),
      responses: { 200: { description: "The freight", schema: freightQuoteSchema } },
      problems: PROBLEMS,
    },
    async ({ env, session, query, problem }) => {
      const book = await AddressBook.open(env, session.programmeId);
      const address = await book.find(session.memberId, query.addressId);
      if (!address) return problem("not_found");
      const terms = new DeliveryTermsStore(env.DB, session.programmeId);
      const quote = await terms.quote(query.skuId, address.regionCode, query.quantity);
      const isDeliverable = quote.kind === "deliverable";
      return json({ isDeliverable, amountFen: isDeliverable ? quote.amountFen : 0 });
    },
  );
}

function deliveryRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/orders/{orderId}/delivery",
      access: "member",
      tag: "Delivery",
      summary: "How an order reaches its member: address, parcels, vouchers, codes, what is needed",
      params: orderParams,
      responses: { 200: { description: "The delivery", schema: deliverySchema } },
      problems: ["not_found"],
    },
    async (call) => {
      const { env, session, params, locale, nowMs, problem } = call;
      const { programmeId, memberId } = session;
      const gate = new OrderGate(env, programmeId);
      const order = await gate.facts({ memberId, orderId: params.orderId });
      if (!order) return problem("not_found");
      return json(await deliveryView({ env, programmeId, locale, nowMs }, order));
    },
  );
}

/** For the guard of invites: who lives at the same door is no new friend. */
function reportAddress(env: Env, memberKey: string, at: Address, nowMs: number): Promise<void> {
  return reportTraits(env, memberKey, { address: addressTrait(at.regionCode, at.detail) }, nowMs);
}

const ADDRESSABLE = new Set(["placed", "awaiting_payment", "to_ship"]);

function recipientRoutes(api: Api): void {
  orderAddressRoute(api);
  topUpAccountRoute(api);
}

function orderAddressRoute(api: Api): void {
  api.route(
    {
      method: "put",
      path: "/api/v1/orders/{orderId}/address",
      access: "member",
      tag: "Delivery",
      summary: "Sets where an order goes, until a parcel is on its way",
      params: orderParams,
      body: z.object({ addressId: idSchema }).openapi("OrderAddress"),
      responses: { 200: { description: "The delivery", schema: deliverySchema } },
      problems: PROBLEMS,
    },
    async (call) => {
      const { env, session, params, body, locale, nowMs, problem } = call;
      const { programmeId, memberId } = session;
      const gate = new OrderGate(env, programmeId);
      const order = await gate.facts({ memberId, orderId: params.orderId });
      const book = await AddressBook.open(env, programmeId);
      const address = await book.find(memberId, body.addressId);
      if (!order || !address || order.goodsKind !== "physical") return problem("not_found");
      if (!ADDRESSABLE.has(order.state))
        return conflict(problem, "order_state", { state: order.state });
      const terms = new DeliveryTermsStore(env.DB, programmeId);
      const quote = await terms.quote(order.skuId, address.regionCode, order.quantity);
      if (quote.kind === "undeliverable") return conflict(problem, "undeliverable");
      // Freight joins a payment that is still to come; an order that is paid for otherwise pays it at the door.
      if (order.state === "awaiting_payment") {
        const reply = await gate.setFreight(order, quote.amountFen);
        if (reply.kind === "refused")
          return conflict(problem, reply.reason, { state: reply.state });
      }
      if (!(await book.setRecipient(order, address, quote.amountFen, nowMs))) {
        return conflict(problem, "on_its_way");
      }
      await reportAddress(env, session.memberKey, address, nowMs);
      return json(await deliveryView({ env, programmeId, locale, nowMs }, order));
    },
  );
}

function topUpAccountRoute(api: Api): void {
  api.route(
    {
      method: "put",
      path: "/api/v1/orders/{orderId}/account",
      access: "member",
      tag: "Delivery",
      summary: "Sets the phone number a top-up is for; it starts at once",
      params: orderParams,
      body: z.object({ account: z.string().max(30) }).openapi("TopUpAccount"),
      responses: { 200: { description: "The delivery", schema: deliverySchema } },
      problems: PROBLEMS,
    },
    async (call) => {
      const { env, session, params, body, locale, nowMs, problem } = call;
      const { programmeId, memberId } = session;
      const gate = new OrderGate(env, programmeId);
      const order = await gate.facts({ memberId, orderId: params.orderId });
      if (!order || order.goodsKind !== "virtual") return problem("not_found");
      if (order.state !== "issuing")
        return conflict(problem, "order_state", { state: order.state });
      const account = phoneOf(body.account);
      if (account === null) {
        return invalid(problem, [{ path: "account", message: "a mobile number of 11 digits" }]);
      }
      const book = await AddressBook.open(env, programmeId);
      if (!(await book.setAccount(order, account, nowMs))) return conflict(problem, "on_its_way");
      await deliver(env, programmeId, order, nowMs);
      const after = (await gate.facts(order)) ?? order;
      return json(await deliveryView({ env, programmeId, locale, nowMs }, after));
    },
  );
}
