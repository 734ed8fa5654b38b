/** Alipay as a payment provider: its cashier in a phone's browser or on a page, with RSA2. */
import { z } from "@hono/zod-openapi";
import { DAY_MS } from "../../kernel/clock.ts";
import { askServer, textOf } from "../ask.ts";
import { fenOfYuan, yuanOfFen } from "../money.ts";
import type {
  BeginAnswer,
  Bill,
  Fetch,
  Heard,
  NoticeCall,
  Paid,
  PaymentOrder,
  PaymentProvider,
  PaymentWord,
  RefundOrder,
  RefundWord,
} from "../provider.ts";
import { verify } from "../rsa.ts";
import { readBill } from "./bill.ts";
import { ALIPAY_LAW } from "./law.ts";
import { isNoticeProven, signedNode, signedRequest } from "./protocol.ts";

export interface AlipayAccount {
  readonly appId: string;
  readonly key: CryptoKey;
  /** Alipay's own key, not the merchant's. */
  readonly platformKey: CryptoKey;
  readonly gateway: string;
}

const trade = z.object({
  code: z.string(),
  sub_code: z.string().optional(),
  trade_status: z.string().optional(),
  trade_no: z.string().optional(),
  out_trade_no: z.string().optional(),
  total_amount: z.string().optional(),
  send_pay_date: z.string().optional(),
  // Newer apps are told an id of their own, older ones the buyer's number, which a query and a notice name differently.
  buyer_open_id: z.string().optional(),
  buyer_id: z.string().optional(),
  buyer_user_id: z.string().optional(),
  refund_status: z.string().optional(),
  refund_fee: z.string().optional(),
  fund_change: z.string().optional(),
  bill_download_url: z.string().optional(),
});
type Trade = z.infer<typeof trade>;

interface Answer extends Trade {
  /** By Alipay's clock, or by ours where ours is behind or it told none. */
  readonly atMs: number;
}

const PAID = new Set(["TRADE_SUCCESS", "TRADE_FINISHED"]);
const TIMEOUT_MS = 6_000;
const BILL_TIMEOUT_MS = 20_000;
const BILL_BYTES_MAX = 16 * 1_048_576;

export class Alipay implements PaymentProvider {
  readonly name = "alipay";
  readonly scenes = ["h5"] as const;
  readonly appId: string;
  readonly #account: AlipayAccount;
  readonly #fetch: Fetch;

  constructor(account: AlipayAccount, fetch: Fetch) {
    this.#account = account;
    this.appId = account.appId;
    this.#fetch = fetch;
  }

  /** Nothing is asked of Alipay yet: the member's browser brings the signed order along. */
  async begin(order: PaymentOrder, nowMs: number): Promise<BeginAnswer> {
    const content = {
      out_trade_no: order.paymentId,
      product_code: "QUICK_WAP_WAY",
      subject: order.title,
      total_amount: yuanOfFen(order.amountFen),
      time_expire: beijing(order.expiresAtMs),
    };
    const query = await this.#signed("alipay.trade.wap.pay", content, nowMs, {
      notify_url: order.notifyUrl,
      return_url: order.returnUrl,
    });
    const url = `${this.#account.gateway}?${query.toString()}`;
    return { kind: "begun", handOver: { kind: "redirect", url } };
  }

  async query(paymentId: string, nowMs: number): Promise<PaymentWord> {
    const said = await this.#call("alipay.trade.query", { out_trade_no: paymentId }, nowMs);
    if (!said) return { kind: "silence", word: "no answer" };
    // Nobody opened its cashier yet.
    if (said.sub_code === "ACQ.TRADE_NOT_EXIST") return { kind: "unpaid" };
    if (said.code !== "10000") return { kind: "silence", word: said.sub_code ?? said.code };
    if (said.trade_status === "TRADE_CLOSED") return { kind: "closed" };
    if (!PAID.has(said.trade_status ?? "")) return { kind: "unpaid" };
    const paid = paidOf(said, said.send_pay_date ?? "");
    return paid
      ? { kind: "paid", paid, payer: payerOf(said) }
      : { kind: "silence", word: "incomplete" };
  }

  async close(paymentId: string, nowMs: number): Promise<PaymentWord> {
    const said = await this.#call("alipay.trade.close", { out_trade_no: paymentId }, nowMs);
    if (!said) return { kind: "silence", word: "no answer" };
    if (said.code === "10000") return { kind: "closed" };
    if (said.sub_code === "ACQ.TRADE_NOT_EXIST") {
      const { atMs } = said;
      return ALIPAY_LAW.unknownTradeMayBePaid ? { kind: "unknown", atMs } : { kind: "closed" };
    }
    return this.query(paymentId, nowMs);
  }

  async refund(order: RefundOrder, nowMs: number): Promise<RefundWord> {
    const content = {
      trade_no: order.txnId,
      refund_amount: yuanOfFen(order.amountFen),
      out_request_no: order.refundId,
      refund_reason: order.reason,
    };
    const said = await this.#call("alipay.trade.refund", content, nowMs);
    if (!said || said.code === "20000") return { kind: "silence" };
    if (said.code !== "10000") return { kind: "refused", word: said.sub_code ?? said.code };
    // Without a change of funds only a query can tell whether it went.
    return said.fund_change === "Y" ? { kind: "done", atMs: nowMs } : { kind: "asked" };
  }

  async queryRefund(order: RefundOrder, nowMs: number): Promise<RefundWord> {
    const content = { trade_no: order.txnId, out_request_no: order.refundId };
    const said = await this.#call("alipay.trade.fastpay.refund.query", content, nowMs);
    if (!said) return { kind: "silence" };
    if (said.refund_status === "REFUND_SUCCESS") return { kind: "done", atMs: nowMs };
    // The same number sent again is the same refund.
    return said.code === "10000" ? this.refund(order, nowMs) : { kind: "silence" };
  }

  async hear({ body, nowMs }: NoticeCall): Promise<Heard> {
    const fields = Object.fromEntries(new URLSearchParams(body));
    if (fields["sign_type"] !== "RSA2") return { kind: "forged", word: "no_signature" };
    if (!(await isNoticeProven(fields, this.#account.platformKey))) {
      return { kind: "forged", word: "wrong_signature" };
    }
    if (fields["app_id"] !== this.#account.appId) return { kind: "forged", word: "another app" };
    const sentAtMs = atBeijing(fields["notify_time"] ?? "");
    // It repeats a call for a day and stamps each with its own time.
    if (Number.isNaN(sentAtMs) || Math.abs(nowMs - sentAtMs) > DAY_MS) {
      return { kind: "forged", word: "stale" };
    }
    if (!PAID.has(fields["trade_status"] ?? "")) return { kind: "other" };
    const said = trade.safeParse({ ...fields, code: "10000" });
    const paid = said.success ? paidOf(said.data, fields["gmt_payment"] ?? "") : null;
    if (!said.success || !paid) return { kind: "forged", word: "incomplete" };
    return { kind: "paid", paid, payer: payerOf(said.data) };
  }

  acknowledge(isTaken: boolean): Response {
    return new Response(isTaken ? "success" : "failure", { status: isTaken ? 200 : 500 });
  }

  async bill(day: string, nowMs: number): Promise<Bill> {
    const content = { bill_type: "trade", bill_date: day };
    const method = "alipay.data.dataservice.bill.downloadurl.query";
    const said = await this.#call(method, content, nowMs);
    if (!said) return { kind: "none", word: "no answer" };
    const { bill_download_url: address } = said;
    if (said.code !== "10000" || address === undefined)
      return { kind: "none", word: said.sub_code ?? said.code };
    const archive = await this.#download(address);
    const rows = archive && readBill(archive);
    return rows ? { kind: "bill", rows } : { kind: "none", word: "unreadable bill" };
  }

  /** Its address is signed and the bill is not, so it only ever points at what is asked about by signed calls. */
  async #download(address: string): Promise<Uint8Array | null> {
    if (!isOfAlipay(address, this.#account.gateway)) return null;
    const signal = AbortSignal.timeout(BILL_TIMEOUT_MS);
    const request = new Request(address, { redirect: "manual", signal });
    const answer = await askServer(this.#fetch, request, BILL_BYTES_MAX);
    return answer?.status === 200 ? answer.bytes : null;
  }

  #signed(
    method: string,
    content: Readonly<Record<string, string>>,
    nowMs: number,
    more: Readonly<Record<string, string>> = {},
  ): Promise<URLSearchParams> {
    const fields = {
      app_id: this.#account.appId,
      method,
      charset: "utf-8",
      sign_type: "RSA2",
      timestamp: beijing(nowMs),
      version: "1.0",
      ...more,
      biz_content: JSON.stringify(content),
    };
    return signedRequest(fields, this.#account.key);
  }

  /** Null: no answer, or one that Alipay did not sign. */
  async #call(
    method: string,
    content: Readonly<Record<string, string>>,
    nowMs: number,
  ): Promise<Answer | null> {
    const body = await this.#signed(method, content, nowMs);
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const request = new Request(this.#account.gateway, { method: "POST", body, signal });
    const answer = await askServer(this.#fetch, request);
    if (!answer) return null;
    const text = textOf(answer);
    const node = signedNode(text, `${method.replaceAll(".", "_")}_response`);
    const signature = /"sign"\s*:\s*"([^"]+)"/.exec(text)?.[1];
    if (node === null || !signature) return null;
    if (!(await verify(this.#account.platformKey, node, signature))) return null;
    const said = trade.safeParse(JSON.parse(node));
    return said.success ? { ...said.data, atMs: toldAtMs(answer.headers, nowMs) } : null;
  }
}

/** The signed part of an answer has no time; its head has. */
function toldAtMs(headers: Headers, nowMs: number): number {
  const toldMs = Date.parse(headers.get("date") ?? "");
  return ALIPAY_LAW.timeIsItsOwn && toldMs < nowMs ? toldMs : nowMs;
}

/** Bills lie on hosts of their own, all of them Alipay's; a pretended one has them beside its gateway. */
function isOfAlipay(address: string, gateway: string): boolean {
  const url = URL.parse(address);
  if (!url) return false;
  return /\.alipay(?:dev)?\.com$/.test(url.hostname) || url.origin === new URL(gateway).origin;
}

function payerOf(said: Trade): string | null {
  return said.buyer_open_id || said.buyer_id || said.buyer_user_id || null;
}

function paidOf(said: Trade, time: string): Paid | null {
  const { out_trade_no: paymentId, trade_no: txnId, total_amount: amount } = said;
  const amountFen = fenOfYuan(amount ?? "");
  const paidAtMs = atBeijing(time);
  // Nothing was paid by less than a fen, and nothing could go back.
  if (!paymentId || !txnId || !amountFen || Number.isNaN(paidAtMs)) return null;
  return { paymentId, txnId, amountFen, paidAtMs };
}

const beijing = (atMs: number): string =>
  new Date(atMs + 28_800_000).toISOString().slice(0, 19).replace("T", " ");

const atBeijing = (text: string): number => Date.parse(`${text.trim().replace(" ", "T")}+08:00`);
