/** The pretended Alipay: one gateway, forms signed with RSA2, answers whose own object is signed. */
import { billArchive } from "./alipay-bill.ts";
import { tooLatePage } from "./cashier.ts";
import type { BankKeys } from "./keys.ts";
import { isSignedBy, signWith } from "./keys.ts";
import type { Ledger, Trade, Transaction } from "./trades.ts";
import type { Notification } from "./wechat-desk.ts";

export const ALIPAY_APP_ID = "2021000000000001";

const BILL_FILE = "/bill.zip";

type Fields = Readonly<Record<string, string>>;
const joined = (fields: Fields, without: readonly string[]): string =>
  Object.keys(fields)
    .filter((name) => fields[name] !== "" && !without.includes(name))
    .toSorted()
    .map((name) => `${name}=${fields[name]}`)
    .join("&");
const yuan = (fen: number): string => (fen / 100).toFixed(2);
const beijing = (atMs: number): string =>
  new Date(atMs + 28_800_000).toISOString().slice(0, 19).replace("T", " ");

export class AlipayDesk {
  readonly #ledger: Ledger;
  readonly #keys: BankKeys;
  readonly #origin: string;

  constructor(ledger: Ledger, keys: BankKeys, origin: string) {
    this.#ledger = ledger;
    this.#keys = keys;
    this.#origin = origin;
  }

  async answer(request: Request, nowMs: number): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname.endsWith(BILL_FILE)) {
      const day = searchParams.get("day") ?? "";
      return new Response(Uint8Array.from(billArchive(this.#ledger.trades.values(), day)));
    }
    const text = request.method === "GET" ? new URL(request.url).search : await request.text();
    const fields = Object.fromEntries(new URLSearchParams(text));
    const isProven = await isSignedBy(
      this.#keys.merchant.publicPem,
      joined(fields, ["sign"]),
      fields["sign"] ?? "",
    );
    if (!isProven || fields["app_id"] !== ALIPAY_APP_ID)
      return new Response("isv.invalid-signature", { status: 400 });
    const content = JSON.parse(fields["biz_content"] ?? "{}") as Record<string, string>;
    const method = fields["method"] ?? "";
    if (method === "alipay.trade.wap.pay") return this.#begin(fields, content, nowMs);
    return this.#signed(method, this.#said(method, content, nowMs), nowMs);
  }

  /** The member's browser arrives with the signed order, and goes on to the cashier. */
  #begin(fields: Fields, content: Fields, nowMs: number): Response {
    const id = content["out_trade_no"] ?? "";
    const expiresAtMs = Date.parse(`${(content["time_expire"] ?? "").replace(" ", "T")}+08:00`);
    if (expiresAtMs <= nowMs && !this.#ledger.trades.has(id)) return tooLatePage();
    const trade = this.#ledger.open({
      ...{ provider: "alipay", id, title: content["subject"] ?? "" },
      amountFen: Math.round(Number(content["total_amount"]) * 100),
      expiresAtMs,
      ...{ notifyUrl: fields["notify_url"] ?? "", returnUrl: fields["return_url"] ?? "" },
    });
    return new Response(null, {
      status: 302,
      headers: { location: `${this.#origin}/pay-sim/cashier?id=${trade.id}` },
    });
  }

  #said(method: string, content: Fields, nowMs: number): object {
    const ok = { code: "10000", msg: "Success" };
    const none = { code: "40004", msg: "Business Failed", sub_code: "ACQ.TRADE_NOT_EXIST" };
    if (method === "alipay.trade.refund") {
      const fen = Math.round(Number(content["refund_amount"]) * 100);
      const refundId = content["out_request_no"] ?? "";
      const isKnown = this.#ledger.refundOf(refundId) !== null;
      const made = this.#ledger.refund(content["trade_no"] ?? "", refundId, fen, nowMs);
      if (!made) return { ...none, sub_code: "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL" };
      return { ...ok, trade_no: made.txnId, fund_change: isKnown ? "N" : "Y" };
    }
    if (method === "alipay.trade.fastpay.refund.query") {
      const made = this.#ledger.refundOf(content["out_request_no"] ?? "");
      return made ? { ...ok, refund_status: "REFUND_SUCCESS" } : ok;
    }
    if (method === "alipay.data.dataservice.bill.downloadurl.query") {
      // Of a day that is not over there is none.
      const isOver = (content["bill_date"] ?? "") < beijing(nowMs).slice(0, 10);
      const url = `${this.#origin}/pay-sim/alipay${BILL_FILE}?day=${content["bill_date"]}`;
      return isOver
        ? { ...ok, bill_download_url: url }
        : { ...none, sub_code: "isp.bill_not_exist" };
    }
    const trade = this.#ledger.trades.get(content["out_trade_no"] ?? "");
    if (!trade) return none;
    if (method === "alipay.trade.close") {
      if (trade.txns.length > 0) return { ...none, sub_code: "ACQ.TRADE_STATUS_ERROR" };
      trade.isClosed = true;
      return { ...ok, out_trade_no: trade.id };
    }
    return { ...ok, ...stateOf(trade, trade.txns[0] ?? null) };
  }

  async #signed(method: string, body: object, nowMs: number): Promise<Response> {
    const node = JSON.stringify(body);
    const signature = await signWith(this.#keys.platform.privatePem, node);
    const name = `${method.replaceAll(".", "_")}_response`;
    const headers = { date: new Date(nowMs).toUTCString() };
    return new Response(`{"${name}":${node},"sign":"${signature}"}`, { headers });
  }

  async notification(trade: Trade, txn: Transaction, nowMs: number): Promise<Notification> {
    const fields: Fields = {
      ...{
        app_id: ALIPAY_APP_ID,
        notify_type: "trade_status_sync",
        notify_id: crypto.randomUUID(),
      },
      ...{ notify_time: beijing(nowMs), charset: "utf-8", version: "1.0", sign_type: "RSA2" },
      ...(stateOf(trade, txn) as Fields),
      gmt_payment: beijing(txn.paidAtMs),
    };
    const sign = await signWith(
      this.#keys.platform.privatePem,
      joined(fields, ["sign", "sign_type"]),
    );
    return {
      url: trade.notifyUrl,
      headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
      body: new URLSearchParams({ ...fields, sign }).toString(),
    };
  }
}

function stateOf(trade: Trade, txn: Transaction | null): object {
  if (!txn)
    return {
      out_trade_no: trade.id,
      trade_status: trade.isClosed ? "TRADE_CLOSED" : "WAIT_BUYER_PAY",
    };
  return {
    ...{ out_trade_no: trade.id, trade_no: txn.txnId, trade_status: "TRADE_SUCCESS" },
    ...{
      buyer_id: trade.payer,
      total_amount: yuan(txn.amountFen),
      send_pay_date: beijing(txn.paidAtMs),
    },
  };
}
