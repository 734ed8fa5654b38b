/** The generated document: OpenAPI 3.1, every route of the contract, each with its access said. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { unplaced } from "../../../bench/lists/which.ts";
import { EARNING_ROUTES } from "./http-earning-bodies.ts";
import { FULFILMENT_ROUTES } from "./http-fulfilment-bodies.ts";
import { CATALOG_ROUTES } from "./http-catalog-bodies.ts";
import { PAYMENTS_ROUTES } from "./http-payments-bodies.ts";
import { REGISTER_ROUTES } from "./http-register-bodies.ts";
import { STAFF_ROUTES } from "./http-staff-bodies.ts";
import { SIGN_IN_ROUTES } from "./http-sign-in-bodies.ts";
import { PAGES_ROUTES } from "./http-pages-bodies.ts";
import { SALES_ROUTES } from "./http-sales-bodies.ts";
import { HttpShop } from "./http-shop.ts";
import { operationsOf, type OpenApi, type Operation, type OperationSpec } from "./http-openapi.ts";

const ROUTES: Readonly<Record<string, "public" | "member" | "staff">> = {
  "get /healthz": "public",
  "get /api/openapi.json": "public",
  "get /api/v1/sales": "public",
  "get /api/v1/sales/{saleId}": "public",
  "post /api/v1/sales/{saleId}/tickets": "member",
  "delete /api/v1/sales/{saleId}/tickets/{orderId}": "member",
  "get /api/v1/sales/{saleId}/door": "public",
  "get /api/v1/look": "public",
  "get /api/v1/open-pages": "public",
  "post /api/v1/sales/{saleId}/redemptions": "member",
  "get /api/v1/orders": "member",
  "get /api/v1/orders/{orderId}": "member",
  "post /api/v1/orders/{orderId}/cancel": "member",
  "get /api/v1/me": "member",
  "get /api/v1/me/points": "member",
  ...Object.fromEntries(Object.entries(SALES_ROUTES).map(([route, [access]]) => [route, access])),
  ...Object.fromEntries(Object.entries(EARNING_ROUTES).map(([route, [access]]) => [route, access])),
  ...Object.fromEntries(
    Object.entries({
      ...FULFILMENT_ROUTES,
      ...CATALOG_ROUTES,
      ...PAYMENTS_ROUTES,
      ...REGISTER_ROUTES,
    }).map(([route, [access]]) => [route, access]),
  ),
  ...Object.fromEntries(Object.entries(STAFF_ROUTES).map(([route, [access]]) => [route, access])),
  ...Object.fromEntries(Object.entries(PAGES_ROUTES).map(([route, [access]]) => [route, access])),
  ...Object.fromEntries(Object.entries(SIGN_IN_ROUTES).map(([route, [access]]) => [route, access])),
  "post /api/v1/dev/login": "public",
  "delete /api/v1/session": "public",
  "get /api/v1/audit": "staff",
  "post /api/v1/staff/skus": "staff",
  "post /api/v1/staff/sales": "staff",
  "post /api/v1/staff/sales/{saleId}/schedule": "staff",
  "post /api/v1/staff/sales/{saleId}/pause": "staff",
  "post /api/v1/staff/sales/{saleId}/resume": "staff",
  "post /api/v1/staff/sales/{saleId}/wave": "staff",
  "post /api/v1/staff/sales/{saleId}/close": "staff",
  "post /api/v1/staff/sales/{saleId}/restock": "staff",
  "post /api/v1/staff/members/{memberId}/grants": "staff",
  "post /api/v1/staff/grants": "staff",
  "get /api/v1/me/points/entries": "member",
  "get /api/v1/me/points/entries/{seq}/receipt": "member",
  "get /api/v1/orders/{orderId}/refund-quote": "member",
  "get /api/v1/evidence/{programmeId}/roots": "public",
  "post /api/v1/staff/members/{memberId}/points/claw-back": "staff",
  "get /api/v1/staff/members/{memberId}/points": "staff",
  "get /api/v1/staff/members/{memberId}/points/timeline": "staff",
  "get /api/v1/staff/members/{memberId}/points/at": "staff",
};

let shop: HttpShop;
let document: OpenApi;
let operations: readonly Operation[];
beforeAll(async () => {
  shop = await HttpShop.open();
  document = (await shop.send<OpenApi>(shop.staff, "GET", "/api/openapi.json")).body;
  operations = operationsOf(document);
});
afterAll(() => shop.close());

const waitsForApproval = ({ responses }: OperationSpec): boolean =>
  JSON.stringify(responses["202"] ?? {}).includes('schemas/Approval"');

describe("the OpenAPI document", () => {
  it("is 3.1 and lists every route of the contract, and no other", () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    const access = operations.map(({ method, path, spec }) => [
      `${method} ${path}`,
      spec["x-access"],
    ]);
    expect(Object.fromEntries(access)).toEqual(ROUTES);
  });

  it("says of each whether it needs a session, by schemes that it defines", () => {
    const schemes = Object.keys(document.components.securitySchemes ?? {});
    for (const { method, path, spec } of operations) {
      const ways = (spec.security ?? []).map((one) => Object.keys(one));
      const needed = ways.flat();
      const needsSession = ways.length > 0 && ways.every((names) => names.length > 0);
      const route = `${method} ${path}`;
      expect({ route, needsSession }).toEqual({
        route,
        needsSession: spec["x-access"] !== "public",
      });
      expect({ route, undefinedSchemes: needed.filter((name) => !schemes.includes(name)) }).toEqual(
        { route, undefinedSchemes: [] },
      );
    }
  });

  it("describes every parameter of a path, every answer and the problems", () => {
    for (const { method, path, spec } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const described = (spec.parameters ?? []).filter((one) => one.in === "path");
      const route = `${method} ${path}`;
      expect({ route, described: described.map((one) => one.name) }).toEqual({
        route,
        described: inPath,
      });
      const statuses = Object.keys(spec.responses);
      expect(statuses.some((status) => /^[123]\d\d$/.test(status))).toBe(true);
      expect(spec.responses["default"]?.content).toHaveProperty(["application/problem+json"]);
      expect(spec.summary).toMatch(/\S/);
    }
  });

  it("says what each parameter of a path, and each of a page, means", () => {
    const mute = operations.flatMap(({ method, path, spec }) =>
      (spec.parameters ?? [])
        .filter((one) => one.in === "path" || ["limit", "cursor"].includes(one.name))
        .filter(({ description, schema }) => !description && !schema.description)
        .map(({ name }) => `${method} ${path} ${name}`),
    );
    expect(mute).toEqual([]);
  });

  it("says of each route what no other does", () => {
    const summaries = operations.map(({ spec }) => spec.summary);
    expect(summaries.filter((one, at) => summaries.indexOf(one) !== at)).toEqual([]);
  });

  it("groups every route under a tag that it describes, and has no tag without routes", () => {
    const used = new Set(operations.flatMap(({ spec }) => spec.tags));
    expect(document.tags.map(({ name }) => name).toSorted()).toEqual([...used].toSorted());
  });

  it("says what is asked before a route: who calls, from where, and whether somebody else agrees", () => {
    for (const { method, path, spec } of operations) {
      const access = spec["x-access"];
      const before = [
        ...(access === "public" ? [] : ["unauthenticated"]),
        ...(access === "staff" || method !== "get" ? ["forbidden"] : []),
        // The id of a proposal may stand for another one, or be taken in the same moment.
        ...(waitsForApproval(spec) ? ["conflict", "idempotency_mismatch"] : []),
      ];
      const codes = spec.responses["default"]?.description.replace(/^.*Codes: /, "").split(", ");
      expect({ route: `${method} ${path}`, codes }).toEqual({
        route: `${method} ${path}`,
        codes: expect.arrayContaining(before) as unknown,
      });
    }
  });

  it("says what every answer with a body holds", () => {
    const mute = operations.flatMap(({ method, path, spec }) =>
      Object.entries(spec.responses)
        .filter(([status, { content }]) => /^20[012]$/.test(status) && !content)
        .map(([status]) => `${method} ${path} ${status}`),
    );
    // The provider's own words: WeChat wants none, Alipay a plain `success`.
    expect(mute).toEqual(["post /api/v1/payments/{programmeId}/{provider}/notify 200"]);
  });

  it("has no name that stands for null: who refers to one says so", () => {
    const names = Object.entries(document.components.schemas)
      .filter(([, { type = [] }]) => [type].flat().includes("null"))
      .map(([name]) => name);
    expect(names).toEqual([]);
  });

  it("refers only to what it holds", () => {
    const { schemas, examples } = document.components;
    const held = { schemas: Object.keys(schemas), examples: Object.keys(examples) };
    const wanted = JSON.stringify(document).matchAll(/"#\/components\/(schemas|examples)\/(\w+)"/g);
    const lost = [...wanted].filter(
      ([, kind, name]) => !held[kind as keyof typeof held].includes(name ?? ""),
    );
    expect(lost).toEqual([]);
  });

  it("gives a generated client a name for every operation", () => {
    const names = operations.map(({ spec }) => spec.operationId);
    expect(names.filter((name) => !/^[a-z][A-Za-z0-9]+$/.test(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(["redeem", "createSaleTicket", "listGoods"]));
  });

  it("has no list of the console that is not timed over a large merchant's rows, or said to need none", () => {
    expect(unplaced(document.paths)).toEqual([]);
  });

  it("has an example of every problem, and each route names its own", () => {
    const codes = document.components.schemas["Problem"]?.properties?.["code"]?.enum ?? [];
    const { examples } = document.components;
    expect(Object.keys(examples)).toEqual(codes);
    for (const [code, { value }] of Object.entries(examples)) {
      expect(value).toMatchObject({ code, status: expect.any(Number) as number });
    }
    const redeem = operations.find(({ path }) => path.endsWith("/redemptions"));
    const content = redeem?.spec.responses["default"]?.content?.["application/problem+json"];
    const own = Object.keys((content as { examples: object }).examples);
    expect(own).toEqual(expect.arrayContaining(["sold_out", "not_eligible", "not_open"]));
  });
});
