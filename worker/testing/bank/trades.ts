/** What the pretended bank remembers: trades, money, and how badly it shall behave. */

/** How the next payments are reported. */
export interface Faults {
  /** Calls that are lost on their way. */
  dropNotices: number;
  /** Each call is made so many times. */
  copies: number;
  /** Calls wait until `deliverHeld`, and then come in reverse order. */
  holdNotices: boolean;
  /** The amount that is reported and taken is off by so many fen. */
  offByFen: number;
  /** Refunds that are refused. */
  refuseRefunds: number;
  /** Refunds are answered with `PROCESSING` and are done when they are asked about. */
  slowRefunds: boolean;
  /** Requests that get no answer. */
  silences: number;
  /** Members pay, and the mall is called, before the answer that begins the payment is out. */
  paysFirst: boolean;
}

export const NO_FAULTS: Faults = {
  dropNotices: 0,
  copies: 1,
  holdNotices: false,
  offByFen: 0,
  refuseRefunds: 0,
  slowRefunds: false,
  silences: 0,
  paysFirst: false,
};

export interface Transaction {
  readonly txnId: string;
  readonly amountFen: number;
  readonly paidAtMs: number;
}

export interface BankRefund {
  readonly refundId: string;
  readonly txnId: string;
  readonly amountFen: number;
  isDone: boolean;
  atMs: number;
}

export interface Trade {
  readonly provider: "wechat" | "alipay";
  readonly id: string;
  readonly title: string;
  readonly amountFen: number;
  readonly expiresAtMs: number;
  readonly notifyUrl: string;
  returnUrl: string;
  /** Who pays: whoever the page named, or whoever is at the cashier. */
  payer: string;
  isClosed: boolean;
  readonly txns: Transaction[];
  readonly refunds: BankRefund[];
}

type Opening = Omit<Trade, "isClosed" | "payer" | "txns" | "refunds"> & { readonly payer?: string };

export class Ledger {
  readonly trades: Map<string, Trade>;
  faults: Faults = { ...NO_FAULTS };
  #txns: number;

  /** `known`: the trades of before, where the bank has been closed meanwhile. */
  constructor(known: readonly Trade[] = []) {
    this.trades = new Map(known.map((trade) => [trade.id, trade]));
    this.#txns = known.reduce((sum, { txns }) => sum + txns.length, 0);
  }

  /** The same number opened again is the same trade. */
  open(trade: Opening): Trade {
    const known = this.trades.get(trade.id);
    if (known) return known;
    const opened: Trade = {
      ...trade,
      payer: trade.payer ?? `payer-${trade.id}`,
      isClosed: false,
      txns: [],
      refunds: [],
    };
    this.trades.set(trade.id, opened);
    return opened;
  }

  /** A transaction of its own each time: a member who pays twice pays twice. */
  take(trade: Trade, nowMs: number, offByFen = 0): Transaction {
    this.#txns += 1;
    const txnId = `42${String(nowMs)}${String(this.#txns).padStart(9, "0")}`;
    // Banks tell whole seconds.
    const paidAtMs = Math.floor(nowMs / 1_000) * 1_000;
    const amountFen = trade.amountFen + this.faults.offByFen + offByFen;
    const txn = { txnId, amountFen, paidAtMs };
    trade.txns.push(txn);
    return txn;
  }

  refund(txnId: string, refundId: string, amountFen: number, nowMs: number): BankRefund | null {
    for (const trade of this.trades.values()) {
      const known = trade.refunds.find((one) => one.refundId === refundId);
      if (known) return known;
      const txn = trade.txns.find((one) => one.txnId === txnId);
      if (!txn) continue;
      const back = trade.refunds
        .filter((one) => one.txnId === txnId)
        .reduce((sum, one) => sum + one.amountFen, 0);
      if (back + amountFen > txn.amountFen) return null;
      const isDone = !this.faults.slowRefunds;
      const made: BankRefund = { refundId, txnId, amountFen, isDone, atMs: nowMs };
      trade.refunds.push(made);
      return made;
    }
    return null;
  }

  refundOf(refundId: string): BankRefund | null {
    for (const { refunds } of this.trades.values()) {
      const found = refunds.find((one) => one.refundId === refundId);
      if (found) return found;
    }
    return null;
  }

  /** Money taken and not given back, of all trades. */
  balanceFen(): number {
    let balance = 0;
    for (const { txns, refunds } of this.trades.values()) {
      for (const { amountFen } of txns) balance += amountFen;
      for (const { amountFen } of refunds) balance -= amountFen;
    }
    return balance;
  }
}
