import { createExecutionContext, env, SELF } from "cloudflare:test";
import { expect, it } from "vitest";
import { createApi } from "../app.ts";
import type { Env } from "../platform/env.ts";

it("looks members' routes up in the compiled router", async () => {
  const { app } = createApi();
  const request = new Request("http://shop.test/healthz");
  await app.fetch(request, env as unknown as Env, createExecutionContext());
  expect(app.router.name).toBe("SmartRouter + RegExpRouter");
});

it("answers staff paths that no route has as it does any other", async () => {
  const missing = await SELF.fetch("http://shop.test/api/v1/staff/nothing");
  expect(missing.status).toBe(404);
  expect(await missing.json()).toMatchObject({ code: "not_found" });
  const method = await SELF.fetch("http://shop.test/api/v1/staff/sales", { method: "DELETE" });
  expect(method.status).toBe(405);
  expect(method.headers.get("allow")).toContain("POST");
});
