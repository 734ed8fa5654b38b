/** A browser of somebody who works here: keeps cookies, and says where its writes come from as a browser does. */
import { TOTP, Secret } from "otpauth";
import { expect } from "vitest";
import { raw, type Json, type Reply } from "./http-shop.ts";
import { startProduct, type Product } from "./product.ts";

export const OWNER = {
  email: "owner@example.com",
  name: "林店主",
  password: "seven islands of tea",
};
export const SETUP_KEY = "a setup key of a test, long enough";

const isText = (headers: Readonly<Record<string, string>>, body: unknown): body is string =>
  typeof body === "string" && headers["content-type"] === "text/csv";

export class StaffBrowser {
  readonly origin: string;
  readonly cookies = new Map<string, string>();
  /** As Cloudflare would tell it. */
  address = "";

  constructor(origin: string) {
    this.origin = origin;
  }

  async send<T = Json>(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Reply<T>> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const reply = (await raw(this.origin, {
      method,
      path,
      headers: {
        origin: this.origin,
        ...(cookie === "" ? {} : { cookie }),
        ...(this.address === "" ? {} : { "cf-connecting-ip": this.address }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isText(headers, body) ? body : JSON.stringify(body) }),
    })) as Reply<T>;
    this.#keep(reply.headers["set-cookie"] ?? "");
    return reply;
  }

  #keep(text: string): void {
    for (const [, name = "", value = ""] of text.matchAll(/(?:^|,\s*)(qd_\w+)=([^;,]*)/g)) {
      if (value === "") this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }

  /** A call that must be obeyed. */
  async do<T = Json>(method: string, path: string, body?: unknown): Promise<T> {
    const reply = await this.send<T>(method, path, body);
    if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${reply.text}`);
    return reply.body;
  }

  signIn(email: string, password: string): Promise<Reply> {
    return this.send("POST", "/api/v1/staff-auth/password", { email, password });
  }

  me(): Promise<Reply> {
    return this.send("GET", "/api/v1/staff/me");
  }
}

/** A product with a first owner, and ways to add colleagues. */
export class StaffShop {
  readonly product: Product;
  readonly owner: StaffBrowser;

  private constructor(product: Product, owner: StaffBrowser) {
    this.product = product;
    this.owner = owner;
  }

  static async open(vars: Readonly<Record<string, string>> = {}): Promise<StaffShop> {
    const product = await startProduct({ SETUP_KEY, MEMBER_RATE: "1000000/1000000", ...vars });
    const owner = new StaffBrowser(product.origin);
    await owner.do("POST", "/api/v1/staff-auth/setup", {
      ...{ setupKey: SETUP_KEY, merchantName: "屿岸茶社" },
      ...OWNER,
    });
    return new StaffShop(product, owner);
  }

  browser(): StaffBrowser {
    return new StaffBrowser(this.product.origin);
  }

  close(): Promise<void> {
    return this.product.close();
  }

  /** Invites somebody, who joins in a browser of their own. */
  async colleague(
    name: string,
    roleIds: readonly string[],
    storeIds: readonly string[] | null = null,
    by = this.owner,
  ): Promise<StaffBrowser & { readonly email: string; readonly password: string }> {
    const email = `${name}@example.com`;
    const password = `${name} drinks green tea`;
    const invite = await by.do<{ path: string }>("POST", "/api/v1/staff/invites", {
      email,
      roleIds,
      storeIds,
    });
    const token = invite.path.split("#")[1];
    const browser = this.browser();
    await browser.do("POST", "/api/v1/staff-auth/join", { token, name: `${name}同事`, password });
    return Object.assign(browser, { email, password });
  }

  async db(): Promise<D1Like> {
    return (await this.product.server.miniflare.getD1Database(
      "DB",
      "qiangdui",
    )) as unknown as D1Like;
  }
}

export interface D1Like {
  prepare(sql: string): {
    bind(...values: unknown[]): {
      run(): Promise<unknown>;
      first<T>(name?: string): Promise<T | null>;
    };
    run(): Promise<unknown>;
    first<T>(name?: string): Promise<T | null>;
  };
}

/** The code that an authenticator app would show, `steps` of thirty seconds from now. */
export function codeOf(secret: string, steps = 0): string {
  const totp = new TOTP({ secret: Secret.fromBase32(secret), digits: 6, period: 30 });
  return totp.generate({ timestamp: Date.now() + steps * 30_000 });
}

export function expectRefusal(reply: Reply, status: number, code: string, reason?: string): void {
  const { body } = reply;
  const told = {
    status: reply.status,
    code: body["code"],
    ...(reason ? { reason: body["reason"] } : {}),
  };
  expect(told).toEqual({ status, code, ...(reason ? { reason } : {}) });
}
