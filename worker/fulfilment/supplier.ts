/**
 * The supplier of direct top-ups (直充): the port, and a protocol of signed JSON over HTTPS. Requests and callbacks carry time,
 * nonce and an HMAC over both and the body's meaning, so that nobody forges one and an old one is refused.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Env } from "../platform/env.ts";
import type { SupplierWord } from "./core/index.ts";

export interface TopUpOrder {
  readonly topUpId: string;
  readonly product: string;
  readonly account: string;
  readonly quantity: number;
}

export interface SupplierAnswer {
  readonly word: SupplierWord;
  readonly reason: string;
}

export interface Supplier {
  /** Books it, or says what became of it: the same number is never booked twice. Throws when no answer can be had. */
  submit(order: TopUpOrder): Promise<SupplierAnswer>;
  /** What became of it. */
  query(topUpId: string): Promise<SupplierAnswer>;
}

export interface SupplierAccount {
  readonly keyId: string;
  readonly secret: string;
  readonly url: string;
}

const ANSWER_WITHIN_MS = 8_000;
const STALE_MS = 5 * 60_000;

export function supplierAccountOf(env: Env): SupplierAccount | null {
  const [key = "", url = ""] = (env.TOP_UP_SUPPLIER ?? "").split(" ", 2);
  const [keyId = "", ...rest] = key.split(":");
  const secret = rest.join(":");
  return keyId === "" || secret === "" || url === "" ? null : { keyId, secret, url };
}

/** Over everything that means something, each part on a line of its own. */
export function supplierSign(secret: string, parts: readonly (string | number)[]): string {
  return createHmac("sha256", secret).update(parts.join("\n")).digest("hex");
}

export interface SignedCallback {
  readonly topUpId: string;
  readonly state: "processing" | "success" | "fail";
  readonly reason: string;
  readonly atMs: number;
  readonly nonce: string;
  readonly sign: string;
}

/** Whether the supplier said it, and lately. A true one that is sent again changes nothing, because final words stay. */
export function isCallback(account: SupplierAccount, told: SignedCallback, nowMs: number): boolean {
  const { topUpId, state, reason, atMs, nonce, sign } = told;
  if (Math.abs(nowMs - atMs) > STALE_MS) return false;
  const wanted = Buffer.from(
    supplierSign(account.secret, ["callback", topUpId, state, reason, atMs, nonce]),
  );
  const given = Buffer.from(sign);
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}

export const wordOf = (state: string): SupplierWord =>
  state === "fail" ? "failed" : state === "success" || state === "processing" ? state : "unknown";

export class HttpSupplier implements Supplier {
  readonly #account: SupplierAccount;
  readonly #fetch: typeof fetch;

  constructor(account: SupplierAccount, send: typeof fetch = (...args) => fetch(...args)) {
    this.#account = account;
    this.#fetch = send;
  }

  submit({ topUpId, product, account, quantity }: TopUpOrder): Promise<SupplierAnswer> {
    return this.#call("/top-ups", { topUpId, product, account, quantity });
  }

  query(topUpId: string): Promise<SupplierAnswer> {
    return this.#call("/queries", { topUpId });
  }

  async #call(path: string, body: Readonly<Record<string, string | number>>) {
    const { keyId, secret, url } = this.#account;
    const atMs = Date.now();
    const nonce = crypto.randomUUID();
    const text = JSON.stringify(body);
    const response = await this.#fetch(`${url}${path}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-key": keyId,
        "x-time": String(atMs),
        "x-nonce": nonce,
        "x-sign": supplierSign(secret, [path, atMs, nonce, text]),
      },
      body: text,
      redirect: "manual",
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    if (!response.ok) throw new Error(`the supplier answered ${response.status}`);
    const told: { state?: unknown; reason?: unknown } = await response.json();
    const reason = typeof told.reason === "string" ? told.reason.slice(0, 120) : "";
    return { word: wordOf(String(told.state)), reason };
  }
}
