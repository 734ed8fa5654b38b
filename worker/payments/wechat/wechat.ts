/** WeChat Pay v3 as a payment provider: JSAPI, H5 and native QR; query, close, refund, notifications, daily bill. */
import { askServer, textOf, type ServerAnswer } from "../ask.ts";
import type {
  BeginAnswer,
  Bill,
  Fetch,
  Heard,
  NoticeCall,
  PaymentOrder,
  PaymentProvider,
  PaymentWord,
  RefundOrder,
  RefundWord,
} from "../provider.ts";
import { parseTradeBill } from "./bill.ts";
import {
  authorization,
  jsapiParams,
  proofOf,
  unseal,
  type Signer,
  type Verifiers,
} from "./protocol.ts";
import { heardResource, paymentWord, refundWord, type Names } from "./words.ts";

export interface WechatAccount {
  readonly appId: string;
  readonly mchId: string;
  readonly apiV3Key: string;
  readonly signer: Signer;
  readonly verifiers: Verifiers;
  /** Public-key mode: the id of the platform's key, named in each request. */
  readonly publicKeyId: string | null;
  readonly baseUrl: string;
}

interface Answer {
  /** 0: no answer, or one that is not the platform's. */
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly word: string;
  /** When the platform signed it, or by our clock where that is behind. */
  readonly atMs: number;
}

const TIMEOUT_MS = 6_000;
const BILL_BYTES_MAX = 32 * 1_048_576;
const PATHS = { jsapi: "jsapi", h5: "h5", qr: "native" } as const;

export class WechatPay implements PaymentProvider {
  readonly name = "wechat";
  readonly scenes = ["jsapi", "h5", "qr"] as const;
  readonly appId: string;
  readonly #account: WechatAccount;
  readonly #fetch: Fetch;

  constructor(account: WechatAccount, fetch: Fetch) {
    this.#account = account;
    this.appId = account.appId;
    this.#fetch = fetch;
  }

  get #names(): Names {
    const { appId, mchId } = this.#account;
    return { appId, mchId };
  }

  async begin(order: PaymentOrder, nowMs: number): Promise<BeginAnswer> {
    const { appId, mchId, signer } = this.#account;
    const { scene, openId } = order;
    if (scene === "jsapi" && openId === null) return { kind: "refused", word: "no_open_id" };
    const path = `/v3/pay/transactions/${PATHS[scene]}`;
    const body = {
      appid: appId,
      mchid: mchId,
      description: order.title.slice(0, 42),
      out_trade_no: order.paymentId,
      time_expire: rfc3339(order.expiresAtMs),
      notify_url: order.notifyUrl,
      amount: { total: order.amountFen, currency: "CNY" },
      ...(scene === "jsapi" ? { payer: { openid: openId } } : {}),
      ...(scene === "h5"
        ? { scene_info: { payer_client_ip: order.clientIp, h5_info: { type: "Wap" } } }
        : {}),
    };
    const answer = await this.#call("POST", path, body, nowMs);
    if (answer.body["code"] === "ORDERPAID") return { kind: "paid" };
    if (answer.status === 0 || answer.status >= 500) return { kind: "silence", word: answer.word };
    if (answer.status !== 200) return { kind: "refused", word: answer.word };
    const text = (key: string): string => String(answer.body[key] ?? "");
    if (scene === "qr") return { kind: "begun", handOver: { kind: "qr", text: text("code_url") } };
    if (scene === "h5") {
      const url = new URL(text("h5_url"));
      url.searchParams.set("redirect_url", order.returnUrl);
      return { kind: "begun", handOver: { kind: "redirect", url: url.href } };
    }
    const stamp = stampOf(nowMs);
    const params = await jsapiParams(signer, appId, text("prepay_id"), stamp);
    return { kind: "begun", handOver: { kind: "jsapi", params } };
  }

  async query(paymentId: string, nowMs: number): Promise<PaymentWord> {
    const path = `/v3/pay/transactions/out-trade-no/${paymentId}?mchid=${this.#account.mchId}`;
    const answer = await this.#call("GET", path, null, nowMs);
    if (answer.status === 404) return { kind: "unpaid" };
    if (answer.status !== 200) return { kind: "silence", word: answer.word };
    return paymentWord(answer.body, this.#names);
  }

  async close(paymentId: string, nowMs: number): Promise<PaymentWord> {
    const { mchId } = this.#account;
    const path = `/v3/pay/transactions/out-trade-no/${paymentId}/close`;
    const answer = await this.#call("POST", path, { mchid: mchId }, nowMs);
    if (answer.status === 204) return { kind: "closed" };
    if (answer.status === 404) return { kind: "unknown", atMs: answer.atMs };
    // Paid, or closed before: its own word says which.
    if (answer.status >= 400 && answer.status < 500) return this.query(paymentId, nowMs);
    return { kind: "silence", word: answer.word };
  }

  async refund(order: RefundOrder, nowMs: number): Promise<RefundWord> {
    const body = {
      transaction_id: order.txnId,
      out_refund_no: order.refundId,
      reason: order.reason,
      amount: { refund: order.amountFen, total: order.totalFen, currency: "CNY" },
    };
    const answer = await this.#call("POST", "/v3/refund/domestic/refunds", body, nowMs);
    if (answer.status === 0 || answer.status >= 500 || answer.status === 429) {
      return { kind: "silence" };
    }
    if (answer.status !== 200) return { kind: "refused", word: answer.word };
    return refundWord(answer.body, order, nowMs);
  }

  async queryRefund(order: RefundOrder, nowMs: number): Promise<RefundWord> {
    const path = `/v3/refund/domestic/refunds/${order.refundId}`;
    const answer = await this.#call("GET", path, null, nowMs);
    // Unknown there: the request was lost, and the same number may be sent again.
    if (answer.status === 404) return this.refund(order, nowMs);
    return answer.status === 200 ? refundWord(answer.body, order, nowMs) : { kind: "silence" };
  }

  async hear({ headers, body, nowMs }: NoticeCall): Promise<Heard> {
    const proof = await proofOf(headers, body, this.#account.verifiers, nowMs);
    if (proof !== "proven") return { kind: "forged", word: proof };
    return heardResource(body, this.#names, (sealed) => unseal(sealed, this.#account.apiV3Key));
  }

  acknowledge(isTaken: boolean): Response {
    if (isTaken) return new Response(null, { status: 204 });
    return Response.json({ code: "FAIL", message: "not taken" }, { status: 500 });
  }

  async bill(day: string, nowMs: number): Promise<Bill> {
    const path = `/v3/bill/tradebill?bill_date=${day}&bill_type=ALL`;
    const answer = await this.#call("GET", path, null, nowMs);
    const url = answer.body["download_url"];
    if (answer.status !== 200 || typeof url !== "string")
      return { kind: "none", word: answer.word };
    const { pathname, search } = new URL(url);
    const { baseUrl } = this.#account;
    const file = url.startsWith(baseUrl) ? url.slice(baseUrl.length) : pathname + search;
    // The bill itself is not signed; its hash was, in the answer before.
    const bytes = await this.#download(file, nowMs);
    if (bytes === null || (await sha1(bytes)) !== String(answer.body["hash_value"]).toLowerCase()) {
      return { kind: "none", word: "bill_hash" };
    }
    return { kind: "bill", rows: parseTradeBill(new TextDecoder().decode(bytes)) };
  }

  /** Bytes and no text: reading it as text would drop the mark that the file begins with, which the hash counts. */
  async #download(path: string, nowMs: number): Promise<Uint8Array<ArrayBuffer> | null> {
    const answer = await this.#send("GET", path, "", nowMs, BILL_BYTES_MAX);
    return answer?.status === 200 ? answer.bytes : null;
  }

  /** An answer counts only when the platform signed it; one that nobody signed is no answer. */
  async #call(method: string, path: string, body: unknown, nowMs: number): Promise<Answer> {
    const sent = body === null ? "" : JSON.stringify(body);
    const answer = await this.#send(method, path, sent, nowMs);
    if (!answer) return { status: 0, body: {}, word: "no answer", atMs: nowMs };
    const { status, headers } = answer;
    const text = textOf(answer);
    const proof = await proofOf(headers, text, this.#account.verifiers, nowMs);
    if (proof !== "proven") {
      // Errors before the merchant is known come unsigned; they say why the set-up does not work.
      const isRefusal = status >= 400 && status < 500;
      const said = isRefusal ? parsed(text) : {};
      return { status: 0, body: {}, word: String(said["code"] ?? proof), atMs: nowMs };
    }
    const said = parsed(text);
    const word = String(said["code"] ?? status);
    const signedAtMs = Number(headers.get("wechatpay-timestamp")) * 1_000;
    return { status, body: said, word, atMs: Math.min(nowMs, signedAtMs) };
  }

  async #send(
    method: string,
    path: string,
    body: string,
    nowMs: number,
    bytesMax?: number,
  ): Promise<ServerAnswer | null> {
    const { signer, publicKeyId, baseUrl } = this.#account;
    const headers = new Headers({
      accept: "application/json",
      authorization: await authorization(signer, method, path, stampOf(nowMs), body),
      "user-agent": "qiangdui",
    });
    if (publicKeyId !== null) headers.set("wechatpay-serial", publicKeyId);
    if (body !== "") headers.set("content-type", "application/json");
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const init = { method, headers, signal, ...(body === "" ? {} : { body }) };
    return askServer(this.#fetch, new Request(baseUrl + path, init), bytesMax);
  }
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  if (text === "") return {};
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}

const stampOf = (nowMs: number) => ({
  timestamp: String(Math.floor(nowMs / 1_000)),
  nonce: crypto.randomUUID().replaceAll("-", ""),
});

/** Beijing time, as the platform writes it. */
function rfc3339(atMs: number): string {
  return `${new Date(atMs + 28_800_000).toISOString().slice(0, 19)}+08:00`;
}

async function sha1(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-1", bytes);
  return Buffer.from(digest).toString("hex");
}
