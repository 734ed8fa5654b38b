/** Bad paths, methods and sessions at every documented endpoint: a documented 4xx, and nobody else's data. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PagePath } from "../../pages/paths.ts";
import { STRANGE_PARTS } from "./http-hostile.ts";
import { raw } from "./http-shop.ts";
import { fillPath, type Operation } from "./http-openapi.ts";
import { FITTING, Siege } from "./http-siege.ts";

/** Spoils every fitting body, so that a strange name that is a good one does nothing. */
const NOTHING_TO_OBEY = { points: 0, units: 0, cards: 0, tierEndsAtMs: 0.5, isGenuine: 0 };

/** Things that staff or another system name: of these, a strange name that fits the pattern is a name like any other. */
const NAMES: ReadonlySet<string> = new Set([
  ...["labelId", "segmentId", "templateId", "memberId", "skuId"],
]);

function isName(operation: Operation, name: string, part: string): boolean {
  if (!NAMES.has(name)) return false;
  const { schema } = operation.spec.parameters?.find((one) => one.name === name) ?? {};
  return (
    schema?.pattern !== undefined && new RegExp(schema.pattern).test(part.replaceAll("%2e", "."))
  );
}

let siege: Siege;
beforeAll(async () => {
  siege = await Siege.lay();
});
afterAll(() => siege.lift());

describe("paths and queries", () => {
  it("of sales, orders and members that are none", async () => {
    for (const operation of siege.operations) {
      for (const [, name] of operation.path.matchAll(/\{(\w+)\}/g)) {
        for (const part of STRANGE_PARTS) {
          if (isName(operation, name as string, part)) continue;
          const path = fillPath(operation.path, { ...siege.params, [name as string]: part });
          const query = operation.path.endsWith("/door") ? "?watch=1" : "";
          const spoilt = { ...FITTING[operation.path], ...NOTHING_TO_OBEY };
          const body = operation.spec.requestBody ? { body: JSON.stringify(spoilt) } : {};
          const reply = await siege.ask(operation, { path: path + query, ...body });
          siege.expectRefused(
            `${operation.method} ${path.slice(0, 120)}`,
            reply,
            ...[400, 404],
            // A call of another system has a signature instead of a session.
            ...(operation.path.startsWith("/api/v1/callbacks/") ? [403] : []),
            405,
            422,
            426,
          );
        }
      }
    }
  });

  it("that climb, double their slashes or never end", async () => {
    for (const path of [
      "/api/v1/../../etc/passwd",
      "/api/v1/orders/../../../etc/passwd",
      "/api//v1/orders",
      "/api/v1//orders",
      "/api/",
      "/api/v1",
      "/api/v2/sales",
      "/api/v1/orders/%2e%2e/me",
      `/api/v1/${"a/".repeat(1_000)}`,
      `/api/v1/orders/${"a".repeat(8_000)}`,
    ]) {
      const headers = { authorization: `Bearer ${siege.member.token}` };
      const reply = await raw(siege.shop.origin, { method: "GET", path, headers });
      siege.expectRefused(path.slice(0, 80), reply, 404, 422);
    }
  });

  it("that end in a slash are nowhere, and offer no method that was just asked for", async () => {
    for (const path of ["/api/v1/orders/", "/api/v1/sales/", "/api/v1/orders//cancel"]) {
      for (const method of ["GET", "POST"]) {
        const headers = { authorization: `Bearer ${siege.member.token}` };
        const reply = await raw(siege.shop.origin, { method, path, headers });
        siege.expectRefused(`${method} ${path}`, reply, 404);
      }
    }
  });

  it("with queries that do not fit", async () => {
    let cases = 0;
    for (const operation of siege.operations) {
      for (const { name, schema } of operation.spec.parameters ?? []) {
        const isQuery = operation.spec.parameters?.some(
          (one) => one.name === name && one.in === "query",
        );
        if (!isQuery || operation.path.endsWith("/door")) continue;
        const wrongs = schema.enum
          ? ["2", "true", "", "NaN", "01"].filter((one) => !schema.enum?.includes(one))
          : ["-1", "0", "1.5", "NaN", "Infinity", "1e400", "abc", "%EF%BC%91", "[]", "%00"];
        if (!schema.enum && schema.pattern === undefined && schema.maxLength !== undefined) {
          wrongs.splice(0, wrongs.length, "a".repeat(schema.maxLength + 1));
        }
        // Where nothing is a figure like any other, it fits; so does what a pattern takes as a name.
        const pattern = schema.pattern === undefined ? null : new RegExp(schema.pattern);
        const misfits = wrongs.filter(
          (one) =>
            !(one === "0" && schema.minimum === 0) && !pattern?.test(decodeURIComponent(one)),
        );
        for (const wrong of misfits) {
          const path = `${fillPath(operation.path, siege.params)}?${name}=${wrong}`;
          siege.expectRefused(path.slice(0, 80), await siege.ask(operation, { path }), 422);
          cases += 1;
        }
      }
    }
    expect(cases).toBeGreaterThan(10);
  });
});

describe("pages", () => {
  /** Every page that is of something; the compiler asks for a new one. */
  const OF_SOMETHING: Readonly<Record<Extract<PagePath, `${string}:${string}`>, true>> = {
    ...{ "/p/:pageId": true, "/s/:saleId": true, "/sessions/:sessionId": true },
    ...{ "/g/:goodsId": true, "/orders/:orderId": true, "/vouchers/:voucherId": true },
    "/points/entries/:seq": true,
  };
  const PATHS = [
    ...Object.keys(OF_SOMETHING),
    "/:file",
    "/console/:section",
    "/console/:section/:thing",
  ];

  it("of strange addresses are pages that say so, and break nowhere", async () => {
    const broken: string[] = [];
    for (const path of PATHS) {
      for (const part of [...STRANGE_PARTS, "toString", "hasOwnProperty", "__defineGetter__"]) {
        const at = path.replaceAll(/:\w+/g, () => part);
        for (const { token } of [siege.shop.staff, siege.member]) {
          const headers = { cookie: `qd_session=${token}` };
          const reply = await raw(siege.shop.origin, { method: "GET", path: at, headers });
          const type = reply.headers["content-type"] ?? "";
          const isPage = reply.status < 500 && (reply.status === 303 || type.startsWith("text/"));
          if (!isPage) broken.push(`${at.slice(0, 80)}: ${reply.status} ${type}`);
        }
      }
    }
    expect(broken).toEqual([]);
  });

  it("and files answer HEAD as they answer GET, without a body", async () => {
    for (const path of ["/", "/g", "/console", "/login", "/embed.js", "/favicon.svg", "/nothing"]) {
      const get = await raw(siege.shop.origin, { method: "GET", path });
      const { status, text, headers } = await raw(siege.shop.origin, { method: "HEAD", path });
      expect({ path, status, text, type: headers["content-type"] }).toEqual({
        ...{ path, status: get.status, text: "", type: get.headers["content-type"] },
      });
    }
  });

  it("and routes of a host that is none are the caller's mistake", async () => {
    for (const path of ["/", "/g", "/console", "/nothing"]) {
      const headers = { host: "shop.example:99999" };
      const reply = await raw(siege.shop.origin, { method: "GET", path, headers });
      siege.expectRefused(path, reply, 400);
    }
  });
});

describe("methods", () => {
  it("that a path does not have are 405 with those it has", async () => {
    for (const path of Object.keys(siege.document.paths)) {
      const has = Object.keys(siege.document.paths[path] ?? {}).map((method) =>
        method.toUpperCase(),
      );
      for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
        if (has.includes(method)) continue;
        const reply = await raw(siege.shop.origin, {
          method,
          path: fillPath(path, siege.params),
          headers: { authorization: `Bearer ${siege.shop.staff.token}` },
        });
        siege.expectRefused(`${method} ${path}`, reply, 405);
        const allowed = has.includes("GET") ? [...has, "HEAD"] : has;
        expect(reply.headers["allow"]?.split(", ").sort()).toEqual(allowed.sort());
      }
    }
  });

  it("HEAD answers like GET without a body, and 405 where there is no GET", async () => {
    for (const [path, methods] of Object.entries(siege.document.paths)) {
      const headers = { authorization: `Bearer ${siege.shop.staff.token}` };
      const at = fillPath(path, { ...siege.params, orderId: siege.victimOrder });
      const head = await raw(siege.shop.origin, { method: "HEAD", path: at, headers });
      const get = await raw(siege.shop.origin, { method: "GET", path: at, headers });
      expect({ path, text: head.text }).toEqual({ path, text: "" });
      const wanted = "get" in methods ? get.status : 405;
      expect({ path, status: head.status }).toEqual({ path, status: wanted });
    }
  });
});

describe("sessions", () => {
  it("missing, forged, and garbage are 401 on every route that needs one", async () => {
    const [payload = "", keyId = "", mac = ""] = siege.member.token.split(".");
    const asStaff = Buffer.from(JSON.stringify(["demo", siege.member.id, "staff", 4e12]));
    const tokens = [
      "",
      "garbage",
      "a.b.c",
      `${payload}.${keyId}.`,
      `${payload}.${keyId}.${mac}x`,
      `${payload}.${keyId}.${mac.slice(1)}`,
      `${payload}..${mac}`,
      `${payload}.none.${mac}`,
      `${asStaff.toString("base64url")}.${keyId}.${mac}`,
      "x".repeat(5_000),
      "null",
      "[object Object]",
    ];
    for (const operation of siege.operations.filter(({ spec }) => spec["x-access"] !== "public")) {
      const request = {
        method: operation.method.toUpperCase(),
        path: fillPath(operation.path, siege.params),
        ...(operation.spec.requestBody ? { body: JSON.stringify(FITTING[operation.path]) } : {}),
      };
      const type = { "content-type": "application/json" };
      const all: Record<string, string>[] = [
        {},
        ...tokens.map((token) => ({ authorization: `Bearer ${token}` })),
        ...tokens.map((token) => ({ cookie: `qd_session=${token}` })),
        { authorization: siege.member.token },
        { authorization: `Basic ${Buffer.from("a:b").toString("base64")}` },
        { cookie: `qd_session2=${siege.member.token}` },
      ];
      for (const headers of all) {
        const reply = await raw(siege.shop.origin, {
          ...request,
          headers: { ...type, ...headers },
        });
        siege.expectRefused(
          `${operation.path} ${JSON.stringify(headers).slice(0, 60)}`,
          reply,
          401,
        );
        expect(reply.body["code"]).toBe("unauthenticated");
      }
    }
  });

  it("of a member are 403 on every staff route", async () => {
    const headers = { authorization: `Bearer ${siege.member.token}` };
    for (const operation of siege.operations.filter(({ spec }) => spec["x-access"] === "staff")) {
      const reply = await siege.askFittingly(operation, headers);
      siege.expectRefused(operation.path, reply, 403);
      expect(reply.body["code"]).toBe("forbidden");
    }
  });

  it("of another member find nothing of the victim's", async () => {
    for (const [method, path] of [
      ["GET", `/api/v1/orders/${siege.victimOrder}`],
      ["POST", `/api/v1/orders/${siege.victimOrder}/cancel`],
      ["DELETE", `/api/v1/sales/${siege.params["saleId"]}/tickets/${siege.victimOrder}`],
    ] as const) {
      const reply = await siege.shop.send(siege.member, method, path);
      siege.expectRefused(path, reply, 404);
    }
    const list = await siege.shop.send(siege.member, "GET", "/api/v1/orders");
    expect(list.text).not.toContain(siege.victimOrder);
  });

  it("carried by a page of another site may write nothing", async () => {
    const headers = { "sec-fetch-site": "cross-site" };
    for (const operation of siege.operations.filter(({ method }) => method !== "get")) {
      const reply = await siege.askFittingly(operation, headers);
      siege.expectRefused(`${operation.method} ${operation.path}`, reply, 403);
      expect(reply.body["code"]).toBe("forbidden");
    }
  });
});

describe("afterwards", () => {
  it("the audit is ok and nothing was written", () => siege.expectNothingWritten());
});
