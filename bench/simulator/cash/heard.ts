/** What people were told of orders that are walked to their end: states, codes, holds at other tills, write-offs. */
import { keyOf } from "../key.ts";
import type { Witness } from "../witness.ts";

/** A bill at another till, as its last answer had it. */
export interface HeardOffset {
  readonly memberKey: string;
  readonly offsetId: string;
  readonly state: string;
  readonly points: number;
  readonly returnedPoints: number;
}

export class Heard {
  /** By member and offset. */
  readonly offsets = new Map<string, HeardOffset>();
  /** Those that somebody heard were done. */
  readonly writeOffs = new Map<string, "done" | "reversed">();
  /** Points that were asked back of each hold, and never answered for. */
  readonly #doubts = new Map<string, number>();
  readonly #demand: Witness["demand"];
  /** The state in which each order was seen last by its member. */
  readonly #states = new Map<string, string>();
  /** Whose each code is that somebody was shown. */
  readonly #codes = new Map<string, string>();

  constructor(demand: Witness["demand"]) {
    this.#demand = demand;
  }

  state(memberKey: string, orderId: string, state: string): void {
    this.#states.set(keyOf(memberKey, orderId), state);
  }

  lastState(memberKey: string, orderId: string): string | null {
    return this.#states.get(keyOf(memberKey, orderId)) ?? null;
  }

  /** The codes of an order, as its member was shown them. */
  codes(memberKey: string, orderId: string, quantity: number, codes: readonly string[]): void {
    const key = keyOf(memberKey, orderId);
    this.#demand("V1", codes.length === quantity, () => `${key} was shown ${codes.length} codes`);
    for (const code of codes) {
      const owner = this.#codes.get(code) ?? key;
      this.#demand("V1", owner === key, () => `${code} was shown to ${owner} and to ${key}`);
      this.#codes.set(code, key);
    }
  }

  sawCodes(key: string): boolean {
    return [...this.#codes.values()].includes(key);
  }

  /** A hold has one outcome: what is captured, voided or lapsed stays so. */
  offset(told: HeardOffset): void {
    const key = keyOf(told.memberKey, told.offsetId);
    const before = this.offsets.get(key);
    const isEnded = before !== undefined && before.state !== "held";
    // An answer of before the end may be heard after it.
    if (isEnded && told.state === "held") return;
    const isSame = !isEnded || before.state === told.state;
    this.#demand("T1", isSame, () => `${key} was told ${before?.state} and ${told.state}`);
    if (!isEnded || told.returnedPoints >= before.returnedPoints) this.offsets.set(key, told);
  }

  doubtReturn(memberKey: string, offsetId: string, points: number): void {
    const key = keyOf(memberKey, offsetId);
    this.#doubts.set(key, this.doubtedPoints(key) + points);
  }

  doubtedPoints(key: string): number {
    return this.#doubts.get(key) ?? 0;
  }

  writeOff(writeOffId: string, state: "done" | "reversed"): void {
    this.writeOffs.set(writeOffId, state);
  }
}
