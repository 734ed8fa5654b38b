import { z } from "@hono/zod-openapi";
import { accountOf, orderView } from "../accounts/index.ts";
import type { Cell } from "../kernel/csv.ts";
import { memberKeyOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { sightOf } from "../kernel/masks.ts";
import { mayReveal } from "../staff/index.ts";
import { csvStream, cutSentence, timeCell } from "../platform/http/csv-stream.ts";
import { json, mayServe, type Api, type Session } from "../platform/http/api.ts";
import { isOrderOfStores } from "./store-orders.ts";
import { AddressBook } from "./address-book.ts";
import { addressLine } from "./core/index.ts";
import { conflict, PROBLEMS } from "./http.ts";
import { OrderGate } from "./order-gate.ts";
import { isCursor, OrderList, type ListedOrder, type OrderFilter } from "./order-list.ts";
import { logReveal, revealsOf } from "./reveals.ts";
import { deliveryView } from "./views.ts";
import { CodeDesk } from "./code-desk.ts";
import { maskedSchema, reasonSchema, staffOrderParams } from "./wire.ts";
import { revealedSchema, staffOrderSchema, supplySchema } from "./staff-wire.ts";
import { orNull } from "../platform/http/or-null.ts";

const momentMs = z.coerce.number().int().min(0).max(LIMITS.timeMsMax);
const word = z
  .string()
  .regex(/^[a-z_]{1,40}$/)
  .optional();

const filterSchema = z.object({
  state: word,
  kind: word,
  saleId: z.string().max(128).optional(),
  storeId: z.string().max(LIMITS.idMax).optional(),
  brand: z.string().max(LIMITS.idMax).optional().describe("Of goods that name this brand."),
  supplier: z.string().trim().min(1).max(LIMITS.textMax).optional().describe("Of goods of theirs."),
  sender: z.enum(["shop", "supplier"]).optional().describe("Who sends the goods."),
  fromMs: momentMs.optional(),
  untilMs: momentMs.optional(),
  q: z
    .string()
    .max(LIMITS.idMax)
    .optional()
    .describe(
      "An order id or its beginning, a member id, the last four digits of a phone, or words of the goods.",
    ),
});

const listQuery = filterSchema.extend({
  cursor: z.string().max(160).refine(isCursor, "a cursor as an answer gave it").optional(),
  limit: z.coerce.number().int().min(1).max(LIMITS.pageRowsMax).default(50),
  sort: z.enum(["newest", "oldest"]).default("newest"),
});

const listedSchema = z
  .object({
    memberId: z.string(),
    orderId: z.string(),
    saleId: z.string(),
    skuId: z.string(),
    saleKind: z.enum(["flash", "standing"]),
    title: z.string(),
    spec: z.string().describe("Which of the variants; empty: there is one only."),
    picture: z.string(),
    groundColor: z.string(),
    goodsKind: z.string(),
    state: z.string(),
    quantity: z.int(),
    points: z.int(),
    cashFen: z.int(),
    cashState: z.string(),
    grantedAtMs: z.int(),
    updatedAtMs: z.int(),
    supply: orNull(supplySchema).describe("Null: the goods name no supplier."),
    recipient: orNull(maskedSchema),
    parcels: z.int(),
  })
  .openapi("StaffOrder");

/** Null: they name a store that is none of theirs. Who is bound to stores sees orders of theirs only. */
function filterOf(session: Session, query: z.output<typeof filterSchema>): OrderFilter | null {
  const { storeId } = query;
  if (storeId !== undefined && !mayServe(session, storeId)) return null;
  return {
    state: query.state ?? null,
    goodsKind: query.kind ?? null,
    saleId: query.saleId ?? null,
    storeIds: storeId === undefined ? (session.staff?.storeIds ?? null) : [storeId],
    brandId: query.brand ?? null,
    supplier: query.supplier ?? null,
    sender: query.sender ?? null,
    isOldestFirst: false,
    fromMs: query.fromMs ?? null,
    untilMs: query.untilMs ?? null,
    query: query.q ?? "",
  };
}

/** Orders as staff find and read them. */
export function orderStaffRoutes(api: Api): void {
  listRoutes(api);
  exportRoute(api);
  detailRoute(api);
  revealRoute(api);
}

function listRoutes(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/orders",
      access: "staff",
      permission: "orders.read",
      tag: "Order desk",
      summary: "Orders, newest first; personal data is masked",
      query: listQuery,
      responses: {
        200: {
          description: "A page",
          schema: z.object({ items: z.array(listedSchema), nextCursor: z.string().nullable() }),
        },
      },
      problems: PROBLEMS,
    },
    async ({ env, session, query, problem }) => {
      const list = new OrderList(env, session.programmeId, sightOf(session.staff?.permissions));
      const filter = filterOf(session, query);
      if (!filter) return problem("forbidden", { reason: "not_your_store" });
      const isOldestFirst = query.sort === "oldest";
      return json(await list.page({ ...filter, isOldestFirst }, query.cursor ?? null, query.limit));
    },
  );
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/orders/waiting",
      access: "staff",
      permission: "orders.read",
      tag: "Order desk",
      summary: "How many orders wait in each state; counting stops at ten thousand",
      responses: {
        200: {
          description: "By state",
          schema: z.object({ waiting: z.record(z.string(), z.int()) }),
        },
      },
      problems: PROBLEMS,
    },
    async ({ env, session }) => {
      // Counts are of the whole programme; who is bound to stores is told none.
      if ((session.staff?.storeIds ?? null) !== null) return json({ waiting: {} });
      const { programmeId, staff } = session;
      const list = new OrderList(env, programmeId, sightOf(staff?.permissions));
      return json({ waiting: await list.waiting() });
    },
  );
}

/** A page asks D1 three times: an export of all stays below what one request may ask. */
const EXPORT_PAGE = 500;
const EXPORT_ROWS_MAX = 100_000;

function exportRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/orders/export",
      access: "staff",
      permission: "orders.read",
      tag: "Order desk",
      summary: `Orders as CSV, sent as it is read, up to ${EXPORT_ROWS_MAX} rows; personal data is masked`,
      query: filterSchema,
      responses: { 200: { description: "A file", types: ["text/csv"] } },
      problems: PROBLEMS,
    },
    async ({ env, session, query, locale, audit, problem }) => {
      const list = new OrderList(env, session.programmeId, sightOf(session.staff?.permissions));
      const filter = filterOf(session, query);
      if (!filter) return problem("forbidden", { reason: "not_your_store" });
      audit({ subject: "orders:export", after: query });
      const head =
        locale === "en"
          ? [
              "order",
              "member",
              "goods",
              "kind",
              "state",
              "quantity",
              "points",
              "cash",
              "granted",
              "supplier",
              "name",
              "phone",
              "region",
            ]
          : [
              "单号",
              "会员",
              "商品",
              "类型",
              "状态",
              "数量",
              "积分",
              "现金",
              "成交时间",
              "供应商",
              "收货人",
              "手机",
              "地区",
            ];
      return csvStream({
        ...{ name: "orders", head, rowsMax: EXPORT_ROWS_MAX },
        cutLine: cutSentence(locale, EXPORT_ROWS_MAX),
        page: async (cursor) => {
          const page = await list.page(filter, cursor, EXPORT_PAGE);
          return { rows: page.items.map(cellsOf), next: page.nextCursor };
        },
      });
    },
  );
}

function cellsOf(row: ListedOrder): Cell[] {
  const { recipient, supply } = row;
  return [
    ...[row.orderId, row.memberId, row.title, row.goodsKind, row.state, row.quantity],
    ...[row.points, (row.cashFen / 100).toFixed(2), timeCell(row.grantedAtMs)],
    supply?.supplier ?? "",
    ...[recipient?.name ?? "", recipient?.phone ?? "", recipient?.region ?? ""],
  ];
}

function detailRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/orders/{memberId}/{orderId}",
      access: "staff",
      permission: "orders.read",
      tag: "Order desk",
      summary: "One order from its authority: legs, timeline, delivery, who looked at what",
      params: staffOrderParams,
      responses: { 200: { description: "The order", schema: staffOrderSchema } },
      problems: PROBLEMS,
    },
    async ({ env, session, params, locale, nowMs, problem }) => {
      const { programmeId } = session;
      const order = await new OrderGate(env, programmeId).facts(params);
      const memberKey = memberKeyOf(programmeId, params.memberId);
      const whole = await accountOf(env, memberKey).order(memberKey, params.orderId);
      if (!order || !whole) return problem("not_found");
      const bound = session.staff?.storeIds ?? null;
      if (bound && !(await isOrderOfStores(env.DB, programmeId, params, bound)))
        return problem("forbidden", { reason: "not_your_store" });
      const [shown, delivery, reveals] = await Promise.all([
        orderView(env, whole),
        deliveryView(
          { env, programmeId, locale, nowMs, sight: sightOf(session.staff?.permissions) },
          order,
        ),
        revealsOf(env, programmeId, params),
      ]);
      return json({
        ...{ memberId: params.memberId, skuId: order.skuId, order: shown, delivery },
        reveals: reveals.map(({ what, by, reason, atMs }) => ({ what, by, reason, atMs })),
      });
    },
  );
}

const revealSchema = z
  .object({ what: z.enum(["address", "code"]), reason: reasonSchema })
  .openapi("RevealOrder");

function revealRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/orders/{memberId}/{orderId}/reveal",
      access: "staff",
      permission: "members.reveal",
      tag: "Order desk",
      summary:
        "Shows the address or the card codes of one order; who asks says why, and it is written down",
      params: staffOrderParams,
      body: revealSchema,
      responses: { 200: { description: "In clear", schema: revealedSchema } },
      problems: PROBLEMS,
    },
    async ({ env, session, params, body, nowMs, problem, audit }) => {
      const { programmeId } = session;
      const by = `staff:${session.memberId}`;
      const sight = sightOf(session.staff?.permissions);
      if (body.what === "address" && !(sight.name && sight.phone && sight.address)) {
        return problem("forbidden", { reason: "hidden_from_you" });
      }
      if (!(await mayReveal(env, session, nowMs))) return problem("rate_limited", {}, 600);
      const note = { what: body.what, by, reason: body.reason, atMs: nowMs, ...params };
      audit({
        subject: `order:${params.orderId}`,
        reason: body.reason,
        after: { what: body.what },
      });
      if (body.what === "address") {
        const book = await AddressBook.open(env, programmeId);
        const recipient = await book.recipient(params);
        if (!recipient) return problem("not_found");
        await logReveal(env, programmeId, note);
        if (recipient.kind === "account") return json({ account: await book.accountOf(recipient) });
        const address = await book.addressOf(recipient);
        return json({ ...address, line: addressLine(address) });
      }
      const order = await new OrderGate(env, programmeId).facts(params);
      if (!order) return problem("not_found");
      const desk = new CodeDesk(env, programmeId);
      const reply = await desk.reveal(order.skuId, params, by, body.reason);
      if (reply.kind !== "revealed") return conflict(problem, reply.kind);
      await logReveal(env, programmeId, note);
      return json({ codes: reply.codes });
    },
  );
}
