/** Addresses and paths that lead to another site: in a query, a link, a picture. What takes one comes from the OpenAPI document. */
import { z } from "@hono/zod-openapi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lookSchema, pageBodySchema } from "../../page-builder/document.ts";
import { operationsOf, type OpenApi, type Operation } from "./http-openapi.ts";
import { HttpShop, raw } from "./http-shop.ts";
import type { Caller } from "./product.ts";

let shop: HttpShop;
let member: Caller;
let operations: readonly Operation[];
beforeAll(async () => {
  shop = await HttpShop.open();
  member = await shop.member();
  const { body } = await shop.send<OpenApi>(shop.staff, "GET", "/api/openapi.json");
  operations = operationsOf(body);
});
afterAll(() => shop.close());

describe("an address that leads away (open redirect)", () => {
  const AWAY = [
    ...["https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example"],
    ...["\\\\evil.example", "/\t/evil.example", "/\n//evil.example", "javascript:alert(1)"],
    ...[
      "https:evil.example",
      "/%09//evil.example",
      "http://127.0.0.1@evil.example",
      " //evil.example",
    ],
    ...[
      "data:text/html,<script>alert(1)</script>",
      "/.//evil.example/..//",
      "/\u0000/evil.example",
    ],
  ];

  it("is followed by no route, whatever parameter carries it", async () => {
    const routes = operations.filter(({ method, path }) => method === "get" && !path.includes("{"));
    const carriers = [
      "/login",
      "/",
      "/console",
      ...routes
        .filter(({ spec }) =>
          spec.parameters?.some(({ name }) => /return|redirect|next|url|back|state/i.test(name)),
        )
        .map(({ path }) => path),
    ];
    expect(carriers).toEqual(
      expect.arrayContaining(["/api/v1/sign-in/wechat", "/api/v1/sign-in/ticket"]),
    );
    const led: string[] = [];
    for (const path of carriers) {
      for (const away of AWAY) {
        const names = ["returnTo", "redirect", "next", "url", "back", "ticket", "state", "code"];
        const query = new URLSearchParams(names.map((name) => [name, away])).toString();
        const headers = { cookie: `qd_session=${member.token}` };
        const reply = await raw(shop.origin, { method: "GET", path: `${path}?${query}`, headers });
        const { location } = reply.headers;
        if (reply.status >= 500) led.push(`${path} ${away}: ${reply.status}`);
        if (location === undefined) continue;
        if (new URL(location, shop.origin).origin !== shop.origin)
          led.push(`${path} → ${location}`);
      }
    }
    expect(led).toEqual([]);
  });
});

describe("a path that leads away", () => {
  it("is taken nowhere where a path of this origin is", async () => {
    const { body } = await shop.send<object>(shop.staff, "GET", "/api/openapi.json");
    const editor = await shop.send<object>(shop.staff, "GET", "/api/v1/staff/earning/schemas");
    const page = z.toJSONSchema(pageBodySchema, { io: "input" });
    const text = JSON.stringify([body, editor.body, page, z.toJSONSchema(lookSchema)]);
    const patterns = [...text.matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)].map(
      ([, written = '""']) => JSON.parse(written) as string,
    );
    const ofPaths = [...new Set(patterns)].filter((pattern) => {
      const meant = new RegExp(pattern, "u");
      // What takes any word takes no paths in particular, and is no address on a page.
      if (meant.test("cup-01")) return false;
      return ["/points/tasks", "/goods/cup.svg", "/media/demo/cup.png"].some((path) =>
        meant.test(path),
      );
    });
    expect(ofPaths.length).toBeGreaterThan(3);
    const away = [
      "//evil.example",
      "//evil.example/goods/cup.svg",
      "/\\evil.example",
      "javascript:/a",
    ];
    const led = ofPaths.flatMap((pattern) =>
      away
        .filter((address) => new RegExp(pattern, "u").test(address))
        .map((address) => `${pattern} ${address}`),
    );
    expect(led).toEqual([]);
  });
});
