/**
 * Reads what strace saw of the product and holds every acknowledged answer against the disk: when the answer left, had
 * the write-ahead log of each object that answers for the order been synced with that order in it?
 */

/** What an answer says of an order, and so what must be on the disk before it. */
export type Word = "ticket" | "granted-at-door" | "granted" | "cancelled";

export interface TraceReport {
  /** All fsyncs, and those of logs of Accounts and Skus. */
  readonly fsyncs: number;
  readonly accountFsyncs: number;
  readonly skuFsyncs: number;
  /** Answers that left, by what they said. */
  readonly answers: Readonly<Record<Word, number>>;
  /** Answers that left before what they say was synced. Empty: acknowledged means on the disk. */
  readonly early: readonly string[];
}

/** What is known of one order, in numbers of fsyncs so far; 0: not yet. */
interface Known {
  /** The first one that had it in a Sku's log: its take. Later ones may be those of neighbours in the same page. */
  skuFirst: number;
  accountLast: number;
  /** When the last answer on it left. */
  toldAt: number;
}

const CALL = /^\s*(\d+)\s+[\d.]+\s+(?:<\.\.\. )?(\w+)/;
const LOG_FILE = /qiangdui-(Account|Sku)\/[0-9a-f]+\.sqlite-wal/;
const IS_SOCKET = /^\s*\d+\s+[\d.]+\s+\w+\(\d+<(?:TCP|TCPv6|socket)/;

export class TraceReader {
  readonly #orderIds: RegExp;
  /** Log file → orders in pages written since its last fsync. */
  readonly #written = new Map<string, Set<string>>();
  readonly #known = new Map<string, Known>();
  /** Thread → file of an fsync that another thread's line interrupted. */
  readonly #unfinished = new Map<string, string>();
  readonly #early: string[] = [];
  readonly #answers: Record<Word, number> = {
    ticket: 0,
    "granted-at-door": 0,
    granted: 0,
    cancelled: 0,
  };
  #fsyncs = 0;
  #accountFsyncs = 0;
  #skuFsyncs = 0;

  /** `orderIds` matches the order ids of the load, globally. */
  constructor(orderIds: RegExp) {
    this.#orderIds = orderIds;
  }

  read(line: string): void {
    const [, thread = "", call = ""] = CALL.exec(line) ?? [];
    if (call === "fsync" || call === "fdatasync") this.#readSync(line, thread);
    else if (call.startsWith("pwrite")) this.#readWrite(line);
    else if (IS_SOCKET.test(line)) this.#readAnswer(line);
  }

  report(): TraceReport {
    return {
      fsyncs: this.#fsyncs,
      accountFsyncs: this.#accountFsyncs,
      skuFsyncs: this.#skuFsyncs,
      answers: this.#answers,
      early: this.#early,
    };
  }

  #readWrite(line: string): void {
    const file = LOG_FILE.exec(line)?.[0];
    if (file === undefined) return;
    const orders = this.#written.get(file) ?? new Set();
    for (const [orderId] of line.matchAll(this.#orderIds)) orders.add(orderId);
    this.#written.set(file, orders);
  }

  /** It counts from its return on; one that failed does not. */
  #readSync(line: string, thread: string): void {
    const file = LOG_FILE.exec(line)?.[0] ?? this.#unfinished.get(thread) ?? "";
    if (line.includes("<unfinished")) {
      this.#unfinished.set(thread, file);
      return;
    }
    this.#unfinished.delete(thread);
    if (!/= 0(?: <|$)/.test(line.trimEnd())) return;
    this.#fsyncs += 1;
    const isAccount = file.includes("Account");
    if (isAccount) this.#accountFsyncs += 1;
    if (file.includes("Sku")) this.#skuFsyncs += 1;
    for (const orderId of this.#written.get(file) ?? []) {
      const known = this.#knownOf(orderId);
      if (isAccount) known.accountLast = this.#fsyncs;
      else known.skuFirst ||= this.#fsyncs;
    }
    this.#written.delete(file);
  }

  #readAnswer(line: string): void {
    // Several answers may leave in one write: each is looked at from its order id on.
    const ids = [...line.matchAll(this.#orderIds)];
    ids.forEach((match, at) => {
      const [orderId] = match;
      const word = wordOf(line.slice(match.index, ids[at + 1]?.index));
      if (word === null) return;
      this.#answers[word] += 1;
      const known = this.#knownOf(orderId);
      if (!isOnDisk(word, known))
        this.#early.push(`${orderId} was told ${word}: ${JSON.stringify(known)}`);
      known.toldAt = this.#fsyncs;
    });
  }

  #knownOf(orderId: string): Known {
    let known = this.#known.get(orderId);
    if (!known) {
      known = { skuFirst: 0, accountLast: 0, toldAt: 0 };
      this.#known.set(orderId, known);
    }
    return known;
  }
}

/** In strace's text every quote of JSON is escaped. */
function wordOf(text: string): Word | null {
  if (text.includes('\\"doorUrl\\"')) return "ticket";
  if (text.includes('\\"state\\":\\"cancelled\\"')) return "cancelled";
  if (!text.includes('\\"outcome\\":\\"granted\\"')) return null;
  return text.includes('\\"ordinal\\"') ? "granted-at-door" : "granted";
}

/** A ticket is a hold, a verdict a take, a grant a post after its take, a cancel a commit after the grant was told. */
function isOnDisk(word: Word, { skuFirst, accountLast, toldAt }: Known): boolean {
  switch (word) {
    case "ticket":
      return accountLast > 0;
    case "granted-at-door":
      return accountLast > 0 && skuFirst > 0;
    case "granted":
      return skuFirst > 0 && accountLast > skuFirst;
    case "cancelled":
      return skuFirst > 0 && accountLast > toldAt;
  }
}
