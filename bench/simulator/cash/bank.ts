/**
 * The payment provider of a life: the pretended bank of the tests, behind a network of its own. What it is told may get no
 * answer, what it tells may be late, lost, repeated or overtaken; it takes money twice, too late, or another amount.
 */
import { Bank } from "../../../worker/testing/bank/bank.ts";
import type { Trade } from "../../../worker/testing/bank/trades.ts";
import type { Notification } from "../../../worker/testing/bank/wechat-desk.ts";
import type { Party } from "../runtime/scheduler.ts";
import type { Simulation } from "../runtime/simulation.ts";
import { SimRequest, SimResponse } from "../runtime/web.ts";
import { callOutside, neighbour } from "./outside-call.ts";

/** The same secret on both sides: signatures are simulated. */
const pairOf = (secret: string) => {
  const pem = Buffer.from(secret).toString("base64");
  return { privatePem: pem, publicPem: pem };
};
const KEYS = {
  platform: pairOf("the platform's key"),
  merchant: pairOf("the merchant's key"),
  apiV3Key: "0123456789abcdef0123456789abcdef",
};
/** As the product waits. */
const TIMEOUT_MS = 6_000;
/** The bank calls again until it is heard. */
const CALL_AGAIN_MS = [15_000, 15_000, 30_000, 180_000] as const;

/** Hands a call of the bank to the mall; the status it answered, null: none came back. */
export type ToMall = (notification: Notification) => Promise<number | null>;

/** What it says of one payment: at first as it was signed then, later signed anew, because an old signature is refused. */
interface Word {
  readonly first: Notification;
  readonly again: () => Promise<Notification>;
}

export class SimBank {
  readonly ledger: Bank["ledger"];
  /** That it has still to make. */
  callsWaiting = 0;
  readonly #sim: Simulation;
  readonly #bank: Bank;
  readonly #toMall: ToMall;
  readonly #self: Party;
  #isSure = false;
  /** Trades that were begun before their deadline. */
  readonly #inTime = new Set<string>();

  constructor(sim: Simulation, toMall: ToMall) {
    this.#sim = sim;
    this.#toMall = toMall;
    this.#self = neighbour(sim, "bank");
    this.#bank = new Bank({
      keys: KEYS,
      origin: () => "https://shop",
      now: () => Math.floor(sim.scheduler.nowMs),
      deliver: (notification, again) => {
        this.#tell({ first: notification, again });
        return Promise.resolve(new SimResponse() as unknown as Response);
      },
    });
    this.ledger = this.#bank.ledger;
  }

  /** As the product sees it. */
  binding(): unknown {
    return { fetch: (request: SimRequest) => this.#ask(request) };
  }

  #ask(request: SimRequest): Promise<unknown> {
    const path = new URL(request.url).pathname;
    // What the demo's merchant is set up with is known to the mall already.
    if (path === "/account") return this.#bank.fetch(request as unknown as Request);
    return callOutside(this.#sim, this.#self, {
      ...{ who: "bank", what: path, silence: "bank_silent", timeoutMs: TIMEOUT_MS },
      answer: () => this.#answer(request, path),
    });
  }

  async #answer(request: SimRequest, path: string): Promise<Response> {
    const { faults, trace } = this.#sim;
    const isRefund = request.method === "POST" && path.includes("/refund/");
    this.ledger.faults.refuseRefunds = isRefund && faults.strikes("refund_refused") ? 1 : 0;
    this.ledger.faults.slowRefunds = isRefund && faults.strikes("refund_slow");
    const response = await this.#bank.fetch(request as unknown as Request);
    this.#begins();
    this.#keepsItsWord(path);
    trace.say("bank", () => `${request.method} ${path.slice(8)} answers ${response.status}`);
    return response;
  }

  #begins(): void {
    const { scheduler } = this.#sim;
    for (const { id, expiresAtMs } of this.ledger.trades.values()) {
      if (expiresAtMs > scheduler.nowMs) this.#inTime.add(id);
    }
  }

  /** Asked about a trade past its deadline it said that the trade is closed, so no money comes late any more. */
  #keepsItsWord(path: string): void {
    const trade = this.ledger.trades.get(path.split("/").at(-1) ?? "");
    const isOver =
      trade && trade.txns.length === 0 && trade.expiresAtMs < this.#sim.scheduler.nowMs;
    if (isOver) trade.isClosed = true;
  }

  // ---- members at the cashier

  /** The member's browser goes where the mall sends it: a provider that was asked nothing before is brought a signed order. */
  async opens(handOver: unknown): Promise<void> {
    const { kind, url } = (handOver ?? {}) as { readonly kind?: string; readonly url?: string };
    if (kind !== "redirect" || !url?.includes("/alipay/")) return;
    await this.#bank.fetch(new SimRequest(url) as unknown as Request);
    this.#begins();
  }

  /** Takes the money of a trade unless it is closed, and reports it. False: nothing was taken. */
  async pays(paymentId: string): Promise<boolean> {
    const { faults, scheduler, trace } = this.#sim;
    const trade = this.ledger.trades.get(paymentId);
    if (!trade || trade.isClosed || trade.txns.length > 0) return false;
    // A payment that is under way at its deadline may come through.
    const isOver = trade.expiresAtMs < scheduler.nowMs;
    if (isOver && !(this.#inTime.has(paymentId) && faults.strikes("pays_late"))) return false;
    const times = faults.strikes("pays_twice") ? 2 : 1;
    // Asked, it names one payment of a trade; of a second one only its call tells, and the daily bill.
    this.#isSure = times > 1;
    for (let at = 0; at < times; at += 1) {
      this.ledger.faults.offByFen = faults.strikes("pays_wrong") ? otherBy(trade.amountFen) : 0;
      trace.say("bank", () => `takes the money of ${paymentId}`);
      await this.#bank.pay(paymentId);
    }
    return true;
  }

  // ---- its calls

  #tell(word: Word): void {
    const { faults, random, trace } = this.#sim;
    if (!this.#isSure && faults.strikes("notice_lost"))
      return trace.say("bank", () => "never tells of it");
    const lateMs = faults.strikes("notice_late") ? random.next() * 120_000 : random.next() * 300;
    this.#call(word, lateMs, 0);
    if (faults.strikes("notice_twice")) this.#call(word, random.next() * 90_000, Infinity);
  }

  #call(word: Word, afterMs: number, tries: number): void {
    this.callsWaiting += 1;
    this.#sim.scheduler.after(this.#self, afterMs, () => void this.#speak(word, tries));
  }

  async #speak(word: Word, tries: number): Promise<void> {
    const isRepeat = tries > 0 && tries < Infinity;
    const status = await this.#toMall(isRepeat ? await word.again() : word.first);
    this.callsWaiting -= 1;
    const againMs = CALL_AGAIN_MS[tries];
    const isHeard = status !== null && status < 300;
    if (!isHeard && againMs !== undefined) this.#call(word, againMs, tries + 1);
  }
}

/** What it takes more or less than was asked, fen; never so little that nothing was paid. */
const otherBy = (amountFen: number): number => (amountFen > 1 ? -1 : 1);

/** Money that a trade took and did not give back, fen. */
export function keptOf({ txns, refunds }: Trade): number {
  const sum = (list: readonly { readonly amountFen: number }[]): number =>
    list.reduce((total, { amountFen }) => total + amountFen, 0);
  return sum(txns) - sum(refunds);
}
