/** What the HTTP tests share: answers with their very text, members with lots, problems as the contract has them. */
import { request as rawRequest } from "node:http";
import { expect } from "vitest";
import type { OrderView, PointsView } from "../../accounts/wire.ts";
import type { SaleView } from "../../redemption/wire.ts";
import type { OpenApi } from "./http-openapi.ts";
import { Conformity } from "./http-schema.ts";
import {
  Caller,
  makeSale,
  newOrderId,
  startProduct,
  until,
  type Product,
  type ProductOptions,
} from "./product.ts";

export type Json = Record<string, unknown>;

export interface Reply<T = Json> {
  readonly status: number;
  /** The body as it came, for comparisons byte by byte. */
  readonly text: string;
  readonly body: T;
  readonly headers: Readonly<Record<string, string>>;
}

export interface RawRequest {
  readonly method: string;
  /** Sent as it stands: no client tidies it up. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Sends the body without its length. */
  readonly chunked?: boolean;
}

/** One request, written by hand: any method, path and header. An upgrade that is accepted answers 101. */
export function raw(origin: string, wanted: RawRequest): Promise<Reply> {
  const { hostname, port } = new URL(origin);
  const { method, path, headers = {}, body, chunked = false } = wanted;
  const framing: Record<string, string> =
    body === undefined || chunked ? {} : { "content-length": String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const request = rawRequest({
      hostname,
      port,
      method,
      path,
      headers: { ...framing, ...headers },
      agent: false,
    });
    let isAnswered = false;
    request.once("upgrade", (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode ?? 0, text: "", body: {}, headers: {} });
    });
    request.once("response", (response) => {
      isAnswered = true;
      const chunks: Buffer[] = [];
      const finish = (): void => {
        const text = Buffer.concat(chunks).toString("utf8");
        const type = response.headers["content-type"] ?? "";
        const value = /json/.test(type) && text !== "" ? (JSON.parse(text) as Json) : {};
        const all = Object.entries(response.headers).map(([name, said]) => [name, String(said)]);
        resolve({
          status: response.statusCode ?? 0,
          text,
          body: value,
          headers: Object.fromEntries(all) as Record<string, string>,
        });
      };
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("end", finish);
      response.once("error", finish);
    });
    // A server that has refused need not read the rest.
    request.on("error", (error) => {
      if (!isAnswered) reject(error);
    });
    if (body === undefined) request.end();
    else request.end(body);
  });
}

/** Asserts a problem of the contract: status, code, the fields every problem has, and those of this one. */
export function expectProblem(
  reply: Pick<Reply<unknown>, "status" | "body" | "headers">,
  status: number,
  code: string,
  fields: Json = {},
): void {
  expect({ status: reply.status, body: reply.body }).toMatchObject({
    status,
    body: {
      type: expect.stringMatching(/^https:\/\//),
      title: expect.stringMatching(/\S/),
      status,
      code,
      detail: expect.stringMatching(/\S/),
      instance: expect.stringMatching(/^\//),
      ...fields,
    },
  });
  expect(reply.headers["content-type"]).toMatch(/^application\/problem\+json/);
}

export interface Redeeming {
  readonly orderId?: string;
  readonly quantity?: number;
  readonly epoch?: number;
  readonly replaces?: string;
}

let members = 0;

/** A product of the file's own, its staff, and the calls the tests make. */
export class HttpShop {
  readonly product: Product;
  readonly staff: Caller;
  readonly #conformity: Conformity;

  private constructor(product: Product, staff: Caller, document: OpenApi) {
    this.product = product;
    this.staff = staff;
    this.#conformity = new Conformity(document);
  }

  static async open(
    vars: Readonly<Record<string, string>> = {},
    options: ProductOptions = {},
  ): Promise<HttpShop> {
    // Without a key the routes of the first owner are not there; what they do is tested with one.
    const product = await startProduct({ SETUP_KEY: "", ...vars }, options);
    const staff = await new Caller(product.origin).login("http-staff", "staff");
    const { body } = await staff.get<OpenApi>("/api/openapi.json");
    return new HttpShop(product, staff, body);
  }

  get origin(): string {
    return this.product.origin;
  }

  close(): Promise<void> {
    return this.product.close();
  }

  /** Every answer that a test gets by this is as the OpenAPI document says, whatever the test is about. */
  async send<T = Json>(
    who: Caller,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Reply<T>> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const reply = await raw(this.origin, {
      method,
      path,
      headers: {
        ...(who.token === "" ? {} : { authorization: `Bearer ${who.token}` }),
        ...(text === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(text === undefined ? {} : { body: text }),
    });
    expect(this.#conformity.breaches({ method, path }, reply)).toEqual([]);
    return reply as Reply<T>;
  }

  // ---- members

  /** A member nobody has heard of, with one lot of so many points that never lapses. */
  async member(points = 0, name = "m"): Promise<Caller & { readonly id: string }> {
    members += 1;
    const id = `${name}-${members}`;
    const caller = await new Caller(this.origin).login(id);
    if (points > 0) await this.grant(id, points);
    return Object.assign(caller, { id });
  }

  async grant(memberId: string, points: number, expiresAtMs: number | null = null): Promise<void> {
    const body = { points, reason: "test", expiresAtMs, idempotencyKey: newOrderId() };
    const path = `/api/v1/staff/members/${memberId}/grants`;
    expect((await this.send(this.staff, "POST", path, body)).status).toBe(201);
  }

  async points(who: Caller, query = ""): Promise<PointsView> {
    const reply = await this.send<PointsView>(who, "GET", `/api/v1/me/points${query}`);
    expect(reply.status).toBe(200);
    return reply.body;
  }

  // ---- sales

  sale(terms: Json = {}): Promise<string> {
    return makeSale(this.staff, terms);
  }

  async view(saleId: string): Promise<SaleView> {
    const reply = await this.send<SaleView>(this.staff, "GET", `/api/v1/sales/${saleId}`);
    expect(reply.status).toBe(200);
    return reply.body;
  }

  /** A staff command that must be obeyed. */
  async command(saleId: string, kind: string, body?: unknown): Promise<SaleView> {
    const path = `/api/v1/staff/sales/${saleId}/${kind}`;
    const reply = await this.send<SaleView>(this.staff, "POST", path, body);
    expect({ kind, status: reply.status }).toEqual({ kind, status: 200 });
    return reply.body;
  }

  restock(saleId: string, units: number): Promise<SaleView> {
    return this.command(saleId, "restock", { units });
  }

  // ---- orders

  redeem(who: Caller, saleId: string, what: Redeeming = {}): Promise<Reply> {
    return this.send(who, "POST", `/api/v1/sales/${saleId}/redemptions`, bodyOf(what));
  }

  ticket(who: Caller, saleId: string, what: Redeeming = {}): Promise<Reply> {
    return this.send(who, "POST", `/api/v1/sales/${saleId}/tickets`, bodyOf(what));
  }

  forgo(who: Caller, saleId: string, orderId: string): Promise<Reply> {
    return this.send(who, "DELETE", `/api/v1/sales/${saleId}/tickets/${orderId}`);
  }

  cancel(who: Caller, orderId: string): Promise<Reply<OrderView>> {
    return this.send<OrderView>(who, "POST", `/api/v1/orders/${orderId}/cancel`);
  }

  order(who: Caller, orderId: string): Promise<Reply<OrderView>> {
    return this.send<OrderView>(who, "GET", `/api/v1/orders/${orderId}`);
  }

  /** Redeems one unit, which must be granted; gives the order id. */
  async buy(who: Caller, saleId: string, what: Redeeming = {}): Promise<string> {
    const orderId = what.orderId ?? newOrderId();
    const reply = await this.redeem(who, saleId, { ...what, orderId });
    expect({ status: reply.status, code: reply.body["code"] }).toEqual({ status: 201 });
    return orderId;
  }

  // ---- the proof

  /** Waits until nothing is on its way, then every invariant must hold, shallow and deep. */
  async expectAuditAtRest(): Promise<void> {
    const shallow = await until(
      () => this.send<Audit>(this.staff, "GET", "/api/v1/audit"),
      ({ status, body }) => status === 200 && body.rows.every((row) => row.inFlight === 0),
      20_000,
    );
    expect(shallow.body.rows.filter((row) => !row.ok)).toEqual([]);
    expect(shallow.body.ok).toBe(true);
    expect((await this.deepAudit()).filter((row) => !row.ok)).toEqual([]);
  }

  async deepAudit(): Promise<AuditRow[]> {
    const rows: AuditRow[] = [];
    let cursor: string | null = null;
    do {
      const page: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const path = `/api/v1/audit?deep=1${page}`;
      const reply: Reply<Audit> = await this.send<Audit>(this.staff, "GET", path);
      expect(reply.status).toBe(200);
      rows.push(...reply.body.rows);
      ({ cursor } = reply.body);
    } while (cursor !== null);
    return rows;
  }
}

export interface AuditRow {
  readonly name: string;
  readonly checked: number;
  readonly inFlight: number;
  readonly ok: boolean;
  readonly figures: Readonly<Record<string, number | string>>;
}

export interface Audit {
  readonly ok: boolean;
  readonly atMs: number;
  readonly rows: readonly AuditRow[];
  readonly cursor: string | null;
}

function bodyOf(what: Redeeming): Json {
  const { orderId = newOrderId(), quantity = 1, epoch = 1, replaces } = what;
  return { orderId, quantity, epoch, ...(replaces === undefined ? {} : { replaces }) };
}
