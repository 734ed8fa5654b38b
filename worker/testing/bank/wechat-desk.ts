/** The pretended WeChat Pay: reads signed requests, signs its answers and its calls, as the document of v3 says. */
import type { BankKeys } from "./keys.ts";
import { isSignedBy, sealWith, signWith } from "./keys.ts";
import type { Ledger, Trade, Transaction } from "./trades.ts";

/** That of the pretended WeChat, so that whoever signed in there can pay inside it. */
export const APP_ID = "wxfa0e000000000001";
export const MCH_ID = "1900000001";
export const MERCHANT_SERIAL = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";
export const PUBLIC_KEY_ID = "PUB_KEY_ID_0000000000000024101100397200000006";

export interface Notification {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Said {
  readonly status: number;
  readonly body: unknown;
}
const refuse = (status: number, code: string): Said => ({ status, body: { code, message: code } });
const iso = (atMs: number): string =>
  `${new Date(atMs + 28_800_000).toISOString().slice(0, 19)}+08:00`;

export class WechatDesk {
  readonly #ledger: Ledger;
  readonly #keys: BankKeys;
  readonly #origin: string;

  constructor(ledger: Ledger, keys: BankKeys, origin: string) {
    this.#ledger = ledger;
    this.#keys = keys;
    this.#origin = origin;
  }

  async answer(request: Request, nowMs: number): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const path = pathname.replace(/^\/pay-sim\/wechat/, "") + search;
    const body = await request.text();
    const isProven = await this.#isProven(request, path, body, nowMs);
    if (path.startsWith("/v3/billdownload/") && isProven) return new Response(this.#bill());
    const said = isProven
      ? await this.#said(request.method, pathname.replace(/^\/pay-sim\/wechat/, ""), body, nowMs)
      : refuse(401, "SIGN_ERROR");
    return this.#signed(said, nowMs);
  }

  async #isProven(request: Request, path: string, body: string, nowMs: number): Promise<boolean> {
    const text = request.headers.get("authorization") ?? "";
    const part = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(text)?.[1] ?? "";
    const isFresh = Math.abs(nowMs - Number(part("timestamp")) * 1_000) < 300_000;
    if (!text.startsWith("WECHATPAY2-SHA256-RSA2048 ") || !isFresh) return false;
    if (part("mchid") !== MCH_ID || part("serial_no") !== MERCHANT_SERIAL) return false;
    const message = `${request.method}\n${path}\n${part("timestamp")}\n${part("nonce_str")}\n${body}\n`;
    return isSignedBy(this.#keys.merchant.publicPem, message, part("signature"));
  }

  async #said(method: string, path: string, body: string, nowMs: number): Promise<Said> {
    const asked = (body === "" ? {} : JSON.parse(body)) as Record<string, never>;
    const begin = /^\/v3\/pay\/transactions\/(jsapi|h5|native)$/.exec(path);
    if (method === "POST" && begin) return this.#begin(begin[1] ?? "", asked);
    const trade = /^\/v3\/pay\/transactions\/out-trade-no\/([\w-]+)(\/close)?$/.exec(path);
    if (trade) return this.#trade(trade[1] ?? "", trade[2] !== undefined, nowMs);
    if (method === "POST" && path === "/v3/refund/domestic/refunds")
      return this.#refund(asked, nowMs);
    const refund = /^\/v3\/refund\/domestic\/refunds\/([\w-]+)$/.exec(path);
    if (refund) return this.#refundSaid(refund[1] ?? "", true);
    if (path === "/v3/bill/tradebill") return this.#billSaid();
    return refuse(404, "NOT_FOUND");
  }

  #begin(scene: string, asked: Record<string, unknown>): Said {
    const amount = asked["amount"] as { total: number };
    const id = String(asked["out_trade_no"]);
    if (asked["appid"] !== APP_ID || asked["mchid"] !== MCH_ID) return refuse(400, "PARAM_ERROR");
    const payer = asked["payer"] as { openid?: string } | undefined;
    if (scene === "jsapi" && !/^o[\w-]{6,40}$/.test(payer?.openid ?? "")) {
      return refuse(400, "PARAM_ERROR");
    }
    const trade = this.#ledger.open({
      ...{ provider: "wechat", id, title: String(asked["description"]), amountFen: amount.total },
      ...{ expiresAtMs: Date.parse(String(asked["time_expire"])), returnUrl: "" },
      notifyUrl: String(asked["notify_url"]),
      ...(payer?.openid === undefined ? {} : { payer: payer.openid }),
    });
    if (trade.amountFen !== amount.total) return refuse(400, "INVALID_REQUEST");
    if (trade.txns.length > 0) return refuse(400, "ORDERPAID");
    if (trade.isClosed) return refuse(400, "ORDER_CLOSED");
    const cashier = `${this.#origin}/pay-sim/cashier?id=${id}`;
    if (scene === "h5") return { status: 200, body: { h5_url: cashier } };
    if (scene === "native") return { status: 200, body: { code_url: cashier } };
    return { status: 200, body: { prepay_id: `wx${id}` } };
  }

  /** What WeChat's sheet on the phone does: the page's parameters count only with the merchant's signature. */
  async sheet(params: Readonly<Record<string, string>>): Promise<string | null> {
    const { appId, timeStamp, nonceStr, package: prepay = "", paySign = "" } = params;
    const message = `${appId}\n${timeStamp}\n${nonceStr}\n${prepay}\n`;
    const isOurs = appId === APP_ID && params["signType"] === "RSA";
    const isProven = await isSignedBy(this.#keys.merchant.publicPem, message, paySign);
    return isOurs && isProven ? prepay.replace(/^prepay_id=wx/, "") : null;
  }

  #trade(id: string, isClose: boolean, nowMs: number): Said {
    const trade = this.#ledger.trades.get(id);
    if (!trade) return refuse(404, "ORDER_NOT_EXIST");
    if (!isClose) return { status: 200, body: stateOf(trade, trade.txns[0] ?? null, nowMs) };
    if (trade.txns.length > 0) return refuse(400, "ORDERPAID");
    trade.isClosed = true;
    return { status: 204, body: null };
  }

  #refund(asked: Record<string, unknown>, nowMs: number): Said {
    const { faults } = this.#ledger;
    if (faults.refuseRefunds > 0) {
      faults.refuseRefunds -= 1;
      return refuse(403, "NOT_ENOUGH");
    }
    const refundId = String(asked["out_refund_no"]);
    const { refund } = asked["amount"] as { refund: number };
    const made = this.#ledger.refund(String(asked["transaction_id"]), refundId, refund, nowMs);
    return made ? this.#refundSaid(refundId, false) : refuse(400, "INVALID_REQUEST");
  }

  #refundSaid(refundId: string, isQuery: boolean): Said {
    const made = this.#ledger.refundOf(refundId);
    if (!made) return refuse(404, "RESOURCE_NOT_EXISTS");
    if (isQuery) made.isDone = true;
    const status = made.isDone ? "SUCCESS" : "PROCESSING";
    return {
      status: 200,
      body: {
        ...{ refund_id: `50${refundId}`, out_refund_no: refundId, transaction_id: made.txnId },
        ...{ status, ...(made.isDone ? { success_time: iso(made.atMs) } : {}) },
        amount: { refund: made.amountFen, total: made.amountFen, currency: "CNY" },
      },
    };
  }

  async #signed({ status, body }: Said, nowMs: number): Promise<Response> {
    const text = body === null ? "" : JSON.stringify(body);
    const headers = await this.#stamped(text, nowMs);
    return new Response(text === "" ? null : text, {
      status,
      headers: { ...headers, "content-type": "application/json" },
    });
  }

  async #stamped(text: string, nowMs: number): Promise<Record<string, string>> {
    const timestamp = String(Math.floor(nowMs / 1_000));
    const nonce = crypto.randomUUID().replaceAll("-", "");
    const message = `${timestamp}\n${nonce}\n${text}\n`;
    return {
      "wechatpay-timestamp": timestamp,
      "wechatpay-nonce": nonce,
      "wechatpay-serial": PUBLIC_KEY_ID,
      "wechatpay-signature": await signWith(this.#keys.platform.privatePem, message),
    };
  }

  /** The call that tells the merchant of a payment. */
  async notification(trade: Trade, txn: Transaction, nowMs: number): Promise<Notification> {
    const nonce = crypto.randomUUID().slice(0, 12);
    const text = JSON.stringify(stateOf(trade, txn, nowMs));
    const body = JSON.stringify({
      ...{ id: crypto.randomUUID(), create_time: iso(nowMs), resource_type: "encrypt-resource" },
      ...{ event_type: "TRANSACTION.SUCCESS", summary: "支付成功" },
      resource: {
        ...{ original_type: "transaction", algorithm: "AEAD_AES_256_GCM" },
        ...{ associated_data: "transaction", nonce },
        ciphertext: await sealWith(this.#keys.apiV3Key, nonce, "transaction", text),
      },
    });
    const headers = await this.#stamped(body, nowMs);
    return {
      url: trade.notifyUrl,
      headers: { ...headers, "content-type": "application/json" },
      body,
    };
  }

  async #billSaid(): Promise<Said> {
    const digest = await crypto.subtle.digest("SHA-1", new TextEncoder().encode(this.#bill()));
    const hash = Buffer.from(digest).toString("hex");
    const url = `${this.#origin}/pay-sim/wechat/v3/billdownload/file?token=bill`;
    return { status: 200, body: { hash_type: "SHA1", hash_value: hash, download_url: url } };
  }

  #bill(): string {
    const head =
      "\uFEFF交易时间,公众账号ID,商户号,微信订单号,商户订单号,交易状态,应结订单金额,微信退款单号,商户退款单号,退款金额,退款状态";
    const lines = [head];
    const yuan = (fen: number): string => (fen / 100).toFixed(2);
    const line = (...fields: string[]): void =>
      void lines.push(fields.map((field) => `\`${field}`).join(","));
    for (const { id, txns, refunds, provider } of this.#ledger.trades.values()) {
      if (provider !== "wechat") continue;
      for (const { txnId, amountFen, paidAtMs } of txns) {
        line(
          iso(paidAtMs),
          APP_ID,
          MCH_ID,
          txnId,
          id,
          "SUCCESS",
          yuan(amountFen),
          "0",
          "0",
          "0.00",
          "",
        );
      }
      for (const { txnId, refundId, amountFen, atMs } of refunds) {
        const back = yuan(amountFen);
        line(
          iso(atMs),
          APP_ID,
          MCH_ID,
          txnId,
          id,
          "REFUND",
          "0.00",
          `50${refundId}`,
          refundId,
          back,
          "SUCCESS",
        );
      }
    }
    lines.push("总交易单数,应结订单总金额,退款总金额", `\`${lines.length - 1},\`0.00,\`0.00`);
    return lines.join("\r\n");
  }
}

function stateOf(trade: Trade, txn: Transaction | null, nowMs: number): object {
  const names = { appid: APP_ID, mchid: MCH_ID, out_trade_no: trade.id };
  if (!txn) {
    const isOver = trade.isClosed || trade.expiresAtMs < nowMs;
    return { ...names, trade_state: isOver ? "CLOSED" : "NOTPAY" };
  }
  return {
    ...names,
    trade_state: trade.refunds.length > 0 ? "REFUND" : "SUCCESS",
    transaction_id: txn.txnId,
    success_time: iso(txn.paidAtMs),
    payer: { openid: trade.payer },
    amount: { total: txn.amountFen, payer_total: txn.amountFen, currency: "CNY" },
  };
}
