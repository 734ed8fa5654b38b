/** Bad bodies to every documented endpoint: a documented 4xx with its code, and nothing written. */
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  byPrototype,
  cluttered,
  misfits,
  NO_OBJECTS,
  NO_TEXTS,
  UNREADABLE,
  WRONG_TYPES,
} from "./http-hostile.ts";
import { raw, type Json } from "./http-shop.ts";
import { bodySchemaOf, fillPath, follow, type Operation } from "./http-openapi.ts";
import { FITTING, Siege } from "./http-siege.ts";

let siege: Siege;
beforeAll(async () => {
  siege = await Siege.lay();
});
afterAll(() => siege.lift());

/** Spoils every fitting body, so that a server that believed a wrong type would still write nothing. */
const NOTHING_TO_OBEY: Json = {
  orderId: 0,
  memberId: 0,
  skuId: 0,
  units: 0,
  idempotencyKey: 0,
  requestId: 0,
};

describe("bodies", () => {
  it("has a fitting body for every documented one", () => {
    expect(siege.bodied.map(({ path }) => path)).toEqual(
      expect.arrayContaining(Object.keys(FITTING).filter((path) => path !== "")),
    );
    expect(siege.bodied.filter(({ path }) => !(path in FITTING))).toEqual([]);
  });

  it("that do not fit their schema, field by field", async () => {
    const assaults = siege.bodied.flatMap((operation) => {
      const schema = bodySchemaOf(siege.document, operation);
      const fitting = FITTING[operation.path] ?? {};
      expect(Object.keys(fitting).sort()).toEqual(Object.keys(schema?.properties ?? {}).sort());
      return Object.entries(schema?.properties ?? {}).flatMap(([name, field]) =>
        misfits(follow(siege.document, field)).map((wrong) => ({
          ...{ operation, what: `${operation.path} ${name} ${wrong.slice(0, 60)}` },
          body: JSON.stringify({ ...fitting, [name]: "@" }).replace('"@"', () => wrong),
        })),
      );
    });
    expect(assaults.length).toBeGreaterThan(500);
    await siege.expectAllRefused(assaults, 422);
  });

  it("that lack a field, however much else they have", async () => {
    for (const operation of siege.bodied) {
      const fitting = FITTING[operation.path] ?? {};
      for (const name of bodySchemaOf(siege.document, operation)?.required ?? []) {
        const { [name]: _, ...without } = fitting;
        for (const body of [JSON.stringify(without), cluttered(without)]) {
          siege.expectRefused(
            `${operation.path} without ${name}`,
            await siege.ask(operation, { body }),
            422,
          );
        }
      }
      for (const body of byPrototype(JSON.stringify(fitting))) {
        siege.expectRefused(
          `${operation.path} ${body.slice(0, 60)}`,
          await siege.ask(operation, { body }),
          422,
        );
      }
    }
  });

  it("with half characters and control characters, wherever a text stands and however deep", async () => {
    const assaults = siege.bodied.flatMap((operation) => {
      const fitting = FITTING[operation.path] ?? {};
      return NO_TEXTS.flatMap((wrong) =>
        [...Object.keys(fitting), "beside"].map((name) => ({
          ...{ operation, what: `${operation.path} ${name} ${wrong}` },
          body: JSON.stringify({ ...fitting, [name]: "@" }).replace('"@"', () => wrong),
        })),
      );
    });
    await siege.expectAllRefused(assaults, 422);
  });

  it("that are no object, and no JSON", async () => {
    for (const operation of siege.bodied) {
      for (const body of NO_OBJECTS) {
        siege.expectRefused(
          `${operation.path} ${body.slice(0, 40)}`,
          await siege.ask(operation, { body }),
          422,
        );
      }
      for (const body of UNREADABLE) {
        const what = `${operation.path} ${String(body).slice(0, 40)}`;
        siege.expectRefused(what, await siege.ask(operation, { body }), 400);
        siege.expectRefused(
          `${what} chunked`,
          await siege.ask(operation, { body, chunked: true }),
          400,
        );
      }
    }
  });

  it("of another type", async () => {
    for (const operation of siege.bodied) {
      const body = JSON.stringify({ ...FITTING[operation.path], ...NOTHING_TO_OBEY });
      for (const type of WRONG_TYPES) {
        const { token } = siege.callerFor(operation);
        const reply = await raw(siege.shop.origin, {
          method: operation.method.toUpperCase(),
          path: fillPath(operation.path, siege.params),
          headers: {
            authorization: `Bearer ${token}`,
            ...(type === null ? {} : { "content-type": type }),
          },
          body,
        });
        siege.expectRefused(`${operation.path} as ${type}`, reply, 415);
      }
    }
  });

  it("that are compressed", async () => {
    for (const operation of siege.bodied) {
      const { token } = siege.callerFor(operation);
      const reply = await raw(siege.shop.origin, {
        method: operation.method.toUpperCase(),
        path: fillPath(operation.path, siege.params),
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          "content-encoding": "gzip",
        },
        body: gzipSync(JSON.stringify(FITTING[operation.path])),
      });
      siege.expectRefused(`${operation.path} in gzip`, reply, 415);
    }
  });

  it("of a megabyte that nobody reads: the answer arrives all the same", async () => {
    const path = `/api/v1/sales/${siege.params["saleId"]}/redemptions`;
    const member = { authorization: `Bearer ${siege.member.token}` };
    const asJson = { "content-type": "application/json" };
    const cases = [
      { status: 401, method: "POST", path, headers: asJson },
      { status: 403, method: "POST", path, headers: { ...member, "sec-fetch-site": "cross-site" } },
      { status: 415, method: "POST", path, headers: { ...member, "content-type": "text/plain" } },
      { status: 405, method: "PUT", path, headers: { ...member, ...asJson } },
      { status: 404, method: "POST", path: "/api/v1/nothing", headers: { ...member, ...asJson } },
    ];
    const body = "x".repeat(1_048_576);
    for (const { status, ...request } of cases) {
      const replies = await Promise.all(
        Array.from({ length: 8 }, () => raw(siege.shop.origin, { ...request, body })),
      );
      for (const reply of replies) siege.expectRefused(`${status}`, reply, status);
    }
  });

  it("of ten megabytes that nobody reads: the answer arrives all the same", async () => {
    const headers = { authorization: `Bearer ${siege.member.token}` };
    const asJson = { ...headers, "content-type": "application/json" };
    const body = "x".repeat(10_485_760);
    for (const path of ["/api/v1/nothing", `/api/v1/sales/${siege.params["saleId"]}/redemptions`]) {
      const status = path.endsWith("nothing") ? 404 : 413;
      for (let round = 0; round < 12; round += 1) {
        const request = { method: "POST", path, headers: asJson, body };
        const replies = await Promise.all(
          [false, true].map((chunked) => raw(siege.shop.origin, { ...request, chunked })),
        );
        for (const reply of replies) siege.expectRefused(path, reply, status);
      }
    }
  });

  it("of a megabyte, with their length and without", async () => {
    for (const operation of siege.bodied) {
      const fitting = { ...FITTING[operation.path], pad: "x".repeat(1_048_576) };
      for (const body of [JSON.stringify(fitting), " ".repeat(1_048_576)]) {
        for (const chunked of [false, true]) {
          const reply = await siege.ask(operation, { body, chunked });
          siege.expectRefused(`${operation.path} ${chunked ? "chunked" : "whole"}`, reply, 413);
        }
      }
    }
  });

  it("just over the bound are refused and just under it are read", async () => {
    const operation = siege.bodied.find(({ path }) => path.endsWith("/redemptions")) as Operation;
    const padded = (bytes: number): string => `{}${" ".repeat(bytes - 2)}`;
    for (const chunked of [false, true]) {
      siege.expectRefused(
        "over",
        await siege.ask(operation, { body: padded(16_385), chunked }),
        413,
      );
      siege.expectRefused(
        "under",
        await siege.ask(operation, { body: padded(16_384), chunked }),
        422,
      );
    }
    const wide = `{"a":"${"界".repeat(6_000)}"}`;
    siege.expectRefused(
      "over in bytes",
      await siege.ask(operation, { body: wide, chunked: true }),
      413,
    );
  });
});

describe("afterwards", () => {
  it("the audit is ok and nothing was written", () => siege.expectNothingWritten());
});
