/**
 * A pretended bank with two faces, WeChat Pay and Alipay: own keys, signs like the real ones, and can be told to lose,
 * repeat, hold back and reorder its calls, to take money twice or of the wrong amount, to refuse and to be silent. It
 * serves the cashier page of the demo. Nothing of a deployment reaches it.
 */
import { AlipayDesk, ALIPAY_APP_ID } from "./alipay-desk.ts";
import { cashierPage, paidPage } from "./cashier.ts";
import type { BankKeys } from "./keys.ts";
import { Ledger, type Trade } from "./trades.ts";
import {
  APP_ID,
  MCH_ID,
  MERCHANT_SERIAL,
  PUBLIC_KEY_ID,
  WechatDesk,
  type Notification,
} from "./wechat-desk.ts";

export interface BankPorts {
  readonly keys: BankKeys;
  /** Where the mall is, as its members see it. */
  readonly origin: () => string;
  readonly now: () => number;
  /** `again`: the same word signed anew, as a provider does each time that it was not heard. */
  readonly deliver: (
    notification: Notification,
    again: () => Promise<Notification>,
  ) => Promise<Response>;
}

export class Bank {
  readonly ledger: Ledger;
  readonly #ports: BankPorts;
  /** Calls that wait, oldest first. */
  readonly held: Notification[] = [];

  constructor(ports: BankPorts, ledger = new Ledger()) {
    this.#ports = ports;
    this.ledger = ledger;
  }

  /** What a merchant enters into the settings of its mall to be paid here. */
  account(): { readonly wechat: object; readonly alipay: object } {
    const { keys } = this.#ports;
    return {
      wechat: {
        ...{ appId: APP_ID, mchId: MCH_ID, apiV3Key: keys.apiV3Key },
        ...{ merchantSerial: MERCHANT_SERIAL, privateKeyPem: keys.merchant.privatePem },
        ...{ publicKeyId: PUBLIC_KEY_ID, publicKeyPem: keys.platform.publicPem },
        ...{ certificatesPem: "", baseUrl: `${this.#ports.origin()}/pay-sim/wechat` },
      },
      alipay: {
        ...{ appId: ALIPAY_APP_ID, privateKeyPem: keys.merchant.privatePem },
        ...{ publicKeyPem: keys.platform.publicPem },
        gateway: `${this.#ports.origin()}/pay-sim/alipay/gateway.do`,
      },
    };
  }

  async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const nowMs = this.#ports.now();
    const origin = this.#ports.origin();
    if (pathname === "/account") return Response.json(this.account());
    if (pathname.startsWith("/pay-sim/cashier")) return this.#cashier(request, nowMs);
    if (pathname === "/pay-sim/sheet") return this.#sheet(request);
    const { faults } = this.ledger;
    if (faults.silences > 0) {
      faults.silences -= 1;
      return new Response("", { status: 504 });
    }
    if (pathname.startsWith("/pay-sim/wechat/")) {
      // The platform signs the path that the merchant signed.
      const known = new Set(this.ledger.trades.keys());
      const desk = new WechatDesk(this.ledger, this.#ports.keys, origin);
      const answer = await desk.answer(request, nowMs);
      const begun = [...this.ledger.trades.keys()].filter((id) => !known.has(id));
      if (faults.paysFirst) await Promise.all(begun.map((id) => this.pay(id)));
      return answer;
    }
    if (pathname.startsWith("/pay-sim/alipay/")) {
      return new AlipayDesk(this.ledger, this.#ports.keys, origin).answer(request, nowMs);
    }
    return new Response("not found", { status: 404 });
  }

  // ---- the member at the cashier

  async #cashier(request: Request, nowMs: number): Promise<Response> {
    const { searchParams } = new URL(request.url);
    const trade = this.ledger.trades.get(searchParams.get("id") ?? "");
    if (!trade) return new Response("no such trade", { status: 404 });
    const back = searchParams.get("redirect_url");
    if (back) trade.returnUrl = back;
    if (request.method !== "POST") return cashierPage(trade, nowMs);
    const form = new URLSearchParams(await request.text());
    const how = form.get("how") ?? "pay";
    if (how === "refuse") return Response.redirect(trade.returnUrl, 303);
    if (!this.mayPay(trade)) return cashierPage(trade, nowMs);
    const times = how === "twice" ? 2 : 1;
    const offByFen = how === "short" ? -100 : 0;
    for (let at = 0; at < times; at += 1) await this.pay(trade.id, how === "lost", offByFen);
    return trade.returnUrl === "" ? paidPage(trade) : Response.redirect(trade.returnUrl, 303);
  }

  /** The sheet inside WeChat: the page hands over what the server signed, and the member agrees. */
  async #sheet(request: Request): Promise<Response> {
    const params = (await request.json()) as Record<string, string>;
    const { keys, origin } = this.#ports;
    const id = await new WechatDesk(this.ledger, keys, origin()).sheet(params);
    const trade = id === null ? undefined : this.ledger.trades.get(id);
    if (!trade || !this.mayPay(trade)) {
      return Response.json({ err_msg: "get_brand_wcpay_request:fail" });
    }
    await this.pay(trade.id);
    return Response.json({ err_msg: "get_brand_wcpay_request:ok" });
  }

  mayPay(trade: Trade): boolean {
    return !trade.isClosed && trade.txns.length === 0 && trade.expiresAtMs >= this.#ports.now();
  }

  /** Takes the money and reports it as the faults say. */
  async pay(id: string, isLost = false, offByFen = 0): Promise<void> {
    const trade = this.ledger.trades.get(id);
    if (!trade) throw new Error("no such trade");
    const txn = this.ledger.take(trade, this.#ports.now(), offByFen);
    await this.report(id, txn.txnId, isLost);
  }

  /** Reports a payment, once more or for the first time. */
  async report(id: string, txnId: string, isLost = false): Promise<void> {
    const trade = this.ledger.trades.get(id);
    const txn = trade?.txns.find((one) => one.txnId === txnId);
    if (!trade || !txn) throw new Error("no such payment");
    const { faults } = this.ledger;
    if (isLost) return;
    if (faults.dropNotices > 0) {
      faults.dropNotices -= 1;
      return;
    }
    const desk = trade.provider === "wechat" ? WechatDesk : AlipayDesk;
    const { keys, origin, now } = this.#ports;
    const signed = () => new desk(this.ledger, keys, origin()).notification(trade, txn, now());
    for (let copy = 0; copy < faults.copies; copy += 1) {
      const notification = await signed();
      if (faults.holdNotices) this.held.push(notification);
      else await this.#ports.deliver(notification, signed).catch(() => null);
    }
  }

  /** What was held back comes now, the last one first. */
  async deliverHeld(): Promise<void> {
    for (const notification of this.held.splice(0).toReversed()) {
      const same = () => Promise.resolve(notification);
      await this.#ports.deliver(notification, same).catch(() => null);
    }
  }
}
