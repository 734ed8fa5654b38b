/** A built product of a test file's own: its server, its clients, its sales. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer, type Server, type ServerOptions } from "../../local/server.ts";
import type { Bank } from "../bank/bank.ts";

export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly body: T;
  readonly headers: Headers;
}

export interface Product {
  readonly origin: string;
  readonly server: Server;
  close(): Promise<void>;
}

export type ProductOptions = Pick<ServerOptions, "hasBank" | "courierStepsMs" | "supplierWorkMs">;

export async function startProduct(
  vars: Readonly<Record<string, string>> = {},
  options: ProductOptions = {},
): Promise<Product> {
  const dataDir = mkdtempSync(join(tmpdir(), "qiangdui-"));
  // The runtime takes a free port itself: one that was looked for before may be gone by then.
  const server = await startServer({ port: 0, dataDir, vars, ...options });
  return {
    origin: server.origin,
    server,
    close: async () => {
      await server.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** One caller of the API, signed in or not. */
export class Caller {
  readonly origin: string;
  token = "";

  constructor(origin: string) {
    this.origin = origin;
  }

  async login(memberId: string, role: "member" | "staff" = "member"): Promise<this> {
    const { body } = await this.post<{ token: string }>("/api/v1/dev/login", { memberId, role });
    this.token = body.token;
    return this;
  }

  get<T = Record<string, unknown>>(path: string): Promise<Answer<T>> {
    return this.send<T>("GET", path);
  }

  post<T = Record<string, unknown>>(path: string, body?: unknown): Promise<Answer<T>> {
    return this.send<T>("POST", path, body);
  }

  delete<T = Record<string, unknown>>(path: string): Promise<Answer<T>> {
    return this.send<T>("DELETE", path);
  }

  async send<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const response = await fetch(this.origin + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const value = text === "" ? {} : (JSON.parse(text) as unknown);
    return { status: response.status, body: value as T, headers: response.headers };
  }
}

let made = 0;

/** A SKU and a scheduled sale of it. */
export async function makeSale(
  staff: Caller,
  terms: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  made += 1;
  const skuId = `sku-${made}`;
  const nowMs = Date.now();
  await obeyed(staff, "/api/v1/staff/skus", { skuId, title: `货 ${made}` });
  const draft = await obeyed<{ saleId: string }>(staff, "/api/v1/staff/sales", {
    skuId,
    title: `货 ${made}`,
    pricePoints: 10,
    units: 5,
    limitPerMember: 1,
    quantityMax: 1,
    opensAtMs: nowMs,
    closesAtMs: nowMs + 3_600_000,
    ...terms,
  });
  await obeyed(staff, `/api/v1/staff/sales/${draft.saleId}/schedule`);
  return draft.saleId;
}

/** A call of the set-up: whatever is refused there would only show as a riddle later. */
async function obeyed<T>(staff: Caller, path: string, body?: unknown): Promise<T> {
  const answer = await staff.post<T>(path, body);
  if (answer.status < 300) return answer.body;
  throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
}

export async function makeMember(staff: Caller, memberId: string, points: number): Promise<Caller> {
  const member = await new Caller(staff.origin).login(memberId);
  if (points > 0) {
    const grant = { points, reason: "test", idempotencyKey: `test-${memberId}` };
    await obeyed(staff, `/api/v1/staff/members/${memberId}/grants`, grant);
  }
  return member;
}

/** A fresh order id, as a client makes it. */
export function newOrderId(): string {
  return crypto.randomUUID().replaceAll("-", "");
}

/** Waits for a condition, not for a time; the bound only ends a test that would hang. */
export async function until<T>(
  read: () => Promise<T>,
  isMet: (value: T) => boolean,
  boundMs = 10_000,
): Promise<T> {
  const endsAtMs = Date.now() + boundMs;
  for (;;) {
    const value = await read();
    if (isMet(value)) return value;
    if (Date.now() > endsAtMs)
      throw new Error(`not met in ${boundMs} ms: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** The pretended bank of a product that was started with one. */
export function bankOf({ server }: Product): Bank {
  if (!server.bank) throw new Error("this product has no bank");
  return server.bank;
}

/** Every row of D1 that says it is of a programme, as one text; `but`: tables that change by themselves. */
export async function rowsOf(
  { server }: Product,
  programmeId: string,
  but: readonly string[] = [],
): Promise<string> {
  const db = await server.miniflare.getD1Database("DB", "qiangdui");
  const { results } = await db
    .prepare(
      `SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%programme\\_id%' ESCAPE '\\' ORDER BY name`,
    )
    .all<{ name: string }>();
  if (results.length < 16) throw new Error("a programme lies in more tables than these");
  const parts: string[] = [];
  for (const { name } of results.filter((table) => !but.includes(table.name))) {
    const rows = await db
      .prepare(`SELECT * FROM ${name} WHERE programme_id = ?1`)
      .bind(programmeId)
      .all();
    parts.push(`${name} ${JSON.stringify(rows.results)}`);
  }
  return parts.join("\n");
}
