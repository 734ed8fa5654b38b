/** The product under bad input: fitting bodies to spoil, and the proof that nothing was written. */
import { REGISTER_FITTING, REGISTER_PARAMS, REGISTER_TABLES } from "./http-register-bodies.ts";
import { expect } from "vitest";
import { HttpShop, raw, type Json, type RawRequest, type Reply } from "./http-shop.ts";
import { fillPath, operationsOf, type OpenApi, type Operation } from "./http-openapi.ts";
import { EARNING_FITTING, EARNING_PARAMS } from "./http-earning-bodies.ts";
import { PAYMENTS_FITTING, PAYMENTS_PARAMS } from "./http-payments-bodies.ts";
import { FULFILMENT_FITTING, FULFILMENT_PARAMS } from "./http-fulfilment-bodies.ts";
import { CATALOG_FITTING, CATALOG_PARAMS, CATALOG_TABLES } from "./http-catalog-bodies.ts";
import { SIGN_IN_FITTING } from "./http-sign-in-bodies.ts";
import { PAGES_FITTING, PAGES_PARAMS } from "./http-pages-bodies.ts";
import { SALES_FITTING, SALES_PARAMS } from "./http-sales-bodies.ts";
import { STAFF_FITTING, STAFF_PARAMS, STAFF_TABLES } from "./http-staff-bodies.ts";
import { newOrderId, type Caller } from "./product.ts";

/** The refusals of a request, as docs/contract.md has them. */
const STATUSES_OF: Readonly<Record<string, readonly number[]>> = {
  invalid: [400, 413, 415, 422],
  unauthenticated: [401],
  forbidden: [403],
  not_found: [404],
  method_not_allowed: [405],
  upgrade_required: [426],
  idempotency_mismatch: [422],
  conflict: [409],
};

/** A body that would be obeyed, so that what is wrong with a changed one is the change. */
export const FITTING: Readonly<Record<string, Json>> = {
  ...EARNING_FITTING,
  ...STAFF_FITTING,
  ...PAGES_FITTING,
  ...SIGN_IN_FITTING,
  ...SALES_FITTING,
  ...CATALOG_FITTING,
  ...FULFILMENT_FITTING,
  ...REGISTER_FITTING,
  ...PAYMENTS_FITTING,
  "/api/v1/sales/{saleId}/redemptions": {
    ...{ orderId: newOrderId(), quantity: 1, epoch: 1, pointsMax: 1_000 },
  },
  "/api/v1/sales/{saleId}/tickets": {
    orderId: newOrderId(),
    quantity: 1,
    epoch: 1,
    pointsMax: 1_000,
    replaces: newOrderId(),
  },
  "/api/v1/dev/login": { memberId: "bad-input", role: "member" },
  "/api/v1/staff/skus": {
    skuId: "bad-input",
    title: "货",
    subtitle: "",
    category: "",
    picture: "/goods/placeholder.svg",
    groundColor: "#ffffff",
    marketPriceFen: null,
    units: 1,
    pricePoints: 1,
    priceFen: 0,
    limitPerMember: 1,
    quantityMax: 1,
  },
  "/api/v1/staff/sales": {
    skuId: "bad-input-none",
    title: "货",
    pricePoints: 1,
    priceFen: 0,
    units: 1,
    limitPerMember: 1,
    dailyLimitPerMember: null,
    quantityMax: 1,
    dailyUnits: null,
    waveIntervalMs: 30_000,
    doors: null,
    opensAtMs: 1_900_000_000_000,
    closesAtMs: 1_900_000_100_000,
  },
  "/api/v1/staff/sales/{saleId}/restock": { units: 1, from: "purchase" },
  "/api/v1/staff/members/{memberId}/grants": {
    points: 1,
    reason: "test",
    internalNote: "",
    storeId: null,
    expiresAtMs: null,
    pendingUntilMs: null,
    idempotencyKey: "bad-input",
  },
  "/api/v1/staff/grants": {
    memberIds: ["granted-with-others"],
    points: 1,
    reason: "test",
    internalNote: "",
    storeId: null,
    expiresAtMs: null,
    pendingUntilMs: null,
    idempotencyKey: "bad-input",
  },
  "/api/v1/staff/members/{memberId}/points/claw-back": {
    requestId: "bad-input-0000001",
    points: 1,
    customerNote: "test",
    internalNote: "",
    storeId: null,
    policy: "within_balance",
    originId: null,
  },
};

/** Tables of D1 in which a bad request must leave nothing. */
const TABLES = [
  ...["skus", "sales", "orders", "ledger_entries", "programmes", "programme_terms"],
  ...["rule_versions", "till_codes", "adjustments", "invite_codes"],
  ...["page_documents", "page_versions", "identities", "consents"],
  ...["sale_sessions", "sale_session_sales", "sale_rehearsals"],
  ...CATALOG_TABLES,
  ...STAFF_TABLES,
  ...REGISTER_TABLES,
  ...["addresses", "order_recipients", "delivery_terms", "freight_templates", "shipments"],
  ...["vouchers", "write_offs", "top_ups", "reveals", "ratings"],
];

type Member = Caller & { readonly id: string };

/** A body for an operation; `what` names it where it is not refused. */
interface Assault {
  readonly what: string;
  readonly operation: Operation;
  readonly body: string;
}

/** One victim with an order, one member who knocks at every door, and staff who mistype. */
export class Siege {
  readonly shop: HttpShop;
  readonly document: OpenApi;
  readonly operations: readonly Operation[];
  readonly member: Member;
  readonly victim: Member;
  readonly victimOrder: string;
  readonly params: Readonly<Record<string, string>>;
  #before: unknown;

  private constructor(
    shop: HttpShop,
    document: OpenApi,
    people: { member: Member; victim: Member },
    params: Readonly<Record<string, string>>,
    victimOrder: string,
  ) {
    this.shop = shop;
    this.document = document;
    this.operations = operationsOf(document);
    this.member = people.member;
    this.victim = people.victim;
    this.params = params;
    this.victimOrder = victimOrder;
  }

  static async lay(vars: Readonly<Record<string, string>> = {}): Promise<Siege> {
    const shop = await HttpShop.open({ MEMBER_RATE: "1000000/1000000", ...vars });
    const { body } = await shop.send<OpenApi>(shop.staff, "GET", "/api/openapi.json");
    const member = await shop.member(100, "bad-input");
    const victim = await shop.member(100, "victim");
    const saleId = await shop.sale({ units: 5, limitPerMember: 5 });
    const victimOrder = await shop.buy(victim, saleId);
    const params = {
      ...{ saleId, orderId: newOrderId(), memberId: victim.id },
      ...{ seq: "1", programmeId: "demo", ...STAFF_PARAMS, ...EARNING_PARAMS },
      ...PAGES_PARAMS,
      ...SALES_PARAMS,
      ...CATALOG_PARAMS,
      ...FULFILMENT_PARAMS,
      ...REGISTER_PARAMS,
      ...PAYMENTS_PARAMS,
    };
    const siege = new Siege(shop, body, { member, victim }, params, victimOrder);
    await shop.expectAuditAtRest();
    siege.#before = await siege.#everythingWritten();
    return siege;
  }

  lift(): Promise<void> {
    return this.shop.close();
  }

  /** The operations that take a body. */
  get bodied(): readonly Operation[] {
    return this.operations.filter(({ spec }) => spec.requestBody?.content["application/json"]);
  }

  callerFor({ spec }: Operation): Caller {
    return spec["x-access"] === "staff" ? this.shop.staff : this.member;
  }

  ask(operation: Operation, change: Partial<RawRequest> = {}): Promise<Reply> {
    const { token } = this.callerFor(operation);
    return raw(this.shop.origin, {
      method: operation.method.toUpperCase(),
      path: fillPath(operation.path, this.params),
      ...change,
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        ...change.headers,
      },
    });
  }

  /** The same with its fitting body, so that only `headers` decide. */
  askFittingly(operation: Operation, headers: Readonly<Record<string, string>>): Promise<Reply> {
    const body = JSON.stringify(FITTING[operation.path]);
    return this.ask(operation, { headers, ...(operation.spec.requestBody ? { body } : {}) });
  }

  /** Asserts a documented 4xx; `what` names the case in the failure. */
  expectRefused(what: string, reply: Reply, ...statuses: readonly number[]): void {
    const { status, body, headers } = reply;
    const code = String(body["code"]);
    const told = { what, status, code, type: headers["content-type"]?.split(";")[0] };
    const isDocumented = STATUSES_OF[code]?.includes(status) ?? false;
    expect({ ...told, isDocumented }).toEqual({
      what,
      status: expect.toBeOneOf(statuses),
      code: expect.any(String),
      type: "application/problem+json",
      isDocumented: true,
    });
    expect(body["status"]).toBe(status);
    if (code === "invalid") {
      expect(body["errors"]).toEqual(
        expect.arrayContaining([{ path: expect.any(String), message: expect.any(String) }]),
      );
    }
    const said = { ...body, instance: "" };
    expect(JSON.stringify(said)).not.toContain(this.victim.id);
  }

  /** Asks all of these, a few side by side: most of an answer's time is waited for. */
  async expectAllRefused(assaults: readonly Assault[], status: number): Promise<void> {
    const left = [...assaults];
    const LANES = 4;
    const lane = async (): Promise<void> => {
      for (let one = left.shift(); one !== undefined; one = left.shift()) {
        const { what, operation, body } = one;
        this.expectRefused(what, await this.ask(operation, { body }), status);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  }

  /** Nothing is on its way, every invariant holds, and no figure has moved. */
  async expectNothingWritten(): Promise<void> {
    await this.shop.expectAuditAtRest();
    expect(await this.#everythingWritten()).toEqual(this.#before);
  }

  /** Every figure that a write would move. */
  async #everythingWritten(): Promise<unknown> {
    const db = await this.shop.product.server.miniflare.getD1Database("DB", "qiangdui");
    const counts: Json = {};
    for (const table of TABLES) {
      counts[table] = await db.prepare(`SELECT COUNT(*) AS n FROM ${table}`).first("n");
    }
    const audit = await this.shop.send(this.shop.staff, "GET", "/api/v1/audit");
    return {
      counts,
      audit: audit.body["rows"],
      member: await this.shop.points(this.member),
      victim: await this.shop.points(this.victim),
      orders: (await this.shop.send(this.member, "GET", "/api/v1/orders")).body,
      sale: { ...(await this.shop.view(this.params["saleId"] as string)), serverTimeMs: 0 },
    };
  }
}
