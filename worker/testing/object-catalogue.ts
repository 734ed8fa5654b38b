/** The Worker's own routes in the runtime of the test, as staff and members call them. */
import { env } from "cloudflare:workers";
import { applyD1Migrations, createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import type { D1Migration } from "cloudflare:test";
import { inject } from "vitest";
import { createApi } from "../app.ts";
import type { Env } from "../platform/env.ts";

export const bindings = env as unknown as Env;
const { app } = createApi();

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- bodies of many routes: each test says what it expects in them
  readonly body: any;
}

export async function migrate(): Promise<void> {
  await applyD1Migrations(bindings.DB, inject("d1Migrations" as never) as D1Migration[]);
}

export class Caller {
  token = "";

  async login(memberId: string, role: "member" | "staff"): Promise<this> {
    const { body } = await this.send("POST", "/api/v1/dev/login", { memberId, role });
    this.token = String(body.token);
    return this;
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    type = "application/json",
  ): Promise<Reply> {
    const ctx = createExecutionContext();
    const isRaw = typeof body === "string" || body instanceof Uint8Array;
    const response = await app.fetch(
      new Request(`https://mall.test${path}`, {
        method,
        headers: {
          ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
          ...(body === undefined ? {} : { "content-type": type }),
        },
        ...(body === undefined ? {} : { body: isRaw ? (body as BodyInit) : JSON.stringify(body) }),
      }),
      bindings,
      ctx,
    );
    const bytes = new Uint8Array(await response.arrayBuffer());
    const text = new TextDecoder().decode(bytes);
    await waitOnExecutionContext(ctx);
    const isJson = response.headers.get("content-type")?.includes("json") === true;
    return {
      status: response.status,
      headers: response.headers,
      bytes,
      text,
      body: isJson ? JSON.parse(text) : null,
    };
  }

  get(path: string): Promise<Reply> {
    return this.send("GET", path);
  }
}

/** A draft with one SKU; every field may be another. */
export function draft(over: Record<string, unknown> = {}): Record<string, unknown> {
  return { title: "云山白随行保温杯", skus: [{ pricePoints: 900 }], ...over };
}
