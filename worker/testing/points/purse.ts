/** A wallet with its ledger and its holds in memory: what an Account would keep, for tests. */
import {
  activate,
  balanceAt,
  balanceOf,
  capture,
  clawBack,
  credit,
  differencesFromLedger,
  expireDue,
  findChainFault,
  hold,
  manualDebit,
  newWallet,
  refund,
  release,
  spend,
  withLots,
  withoutEmptyLots,
  type Cause,
  type ClawbackPolicy,
  type CreditType,
  type Hold,
  type LapsePolicy,
  type LotSlice,
  type Outcome,
  type PendingRule,
  type PointsEntry,
  type PointsLot,
  type Wallet,
  type WalletBalance,
} from "../../accounts/points/index.ts";

export const GRACE: LapsePolicy = { kind: "grace", days: 30 };

export function causeOf(naturalKey: string, nowMs: number, more: Partial<Cause> = {}): Cause {
  return {
    naturalKey,
    orderId: null,
    sourceId: null,
    breakdown: [],
    actor: "system",
    storeId: null,
    customerNote: "",
    internalNote: "",
    occurredAtMs: nowMs,
    ...more,
  };
}

export interface CreditWish {
  readonly type?: CreditType;
  readonly expiresAtMs?: number | null;
  readonly pending?: PendingRule;
  readonly originId?: string | null;
  readonly source?: string;
  readonly cause?: Partial<Cause>;
}

export class Purse {
  wallet: Wallet;
  readonly entries: PointsEntry[] = [];
  readonly holds = new Map<string, Hold>();
  readonly #byKey = new Map<string, PointsEntry>();
  readonly #lots = new Map<number, PointsLot>();

  constructor(memberKey = "demo:m") {
    this.wallet = newWallet(memberKey);
  }

  find(naturalKey: string): PointsEntry | null {
    return this.#byKey.get(naturalKey) ?? null;
  }

  /** As the shell does: new entries to the ledger, lots to their rows, empty lots out of memory. */
  take<O extends { readonly kind: string }>(outcome: O): O {
    if ("wallet" in outcome && "entries" in outcome) {
      const { wallet, entries } = outcome as unknown as {
        wallet: Wallet;
        entries: readonly PointsEntry[];
      };
      for (const entry of entries) {
        if (this.#byKey.has(entry.naturalKey)) throw new Error(`twice: ${entry.naturalKey}`);
        this.#byKey.set(entry.naturalKey, entry);
        this.entries.push(entry);
      }
      for (const lot of wallet.lots) this.#lots.set(lot.lotId, lot);
      this.wallet = withoutEmptyLots(wallet);
    }
    return outcome;
  }

  loaded(slices: readonly LotSlice[]): Wallet {
    const lots = slices.map(({ lotId }) => this.#lots.get(lotId));
    return withLots(
      this.wallet,
      lots.filter((lot) => lot !== undefined),
    );
  }

  credit(key: string, points: number, nowMs: number, wish: CreditWish = {}): Outcome {
    const command = {
      type: wish.type ?? "manual_credit",
      points,
      source: wish.source ?? "test",
      originId: wish.originId ?? null,
      expiresAtMs: wish.expiresAtMs ?? null,
      pending: wish.pending ?? ({ kind: "none" } as const),
      cause: causeOf(key, nowMs, wish.cause),
    };
    return this.take(credit(this.wallet, command, this, nowMs));
  }

  activate(event: string, nowMs: number): Outcome {
    return this.take(
      activate(this.wallet, event, causeOf(`activate:${event}`, nowMs), this, nowMs),
    );
  }

  hold(holdId: string, points: number, isRecorded: boolean, nowMs: number) {
    const command = { holdId, points, isRecorded, cause: causeOf(`hold:${holdId}`, nowMs) };
    const outcome = this.take(hold(this.wallet, command, this, nowMs));
    if (outcome.kind === "held") this.holds.set(holdId, outcome.hold);
    return outcome;
  }

  capture(made: Hold, nowMs: number): Outcome {
    const cause = causeOf(`redeem:${made.holdId}`, nowMs, { orderId: made.holdId });
    const outcome = this.take(capture(this.wallet, made, cause, this, nowMs));
    this.holds.delete(made.holdId);
    return outcome;
  }

  release(made: Hold, nowMs: number, policy: LapsePolicy = GRACE): Outcome {
    const cause = causeOf(`release:${made.holdId}`, nowMs);
    const outcome = this.take(release(this.loaded(made.slices), made, policy, cause, this, nowMs));
    this.holds.delete(made.holdId);
    return outcome;
  }

  spend(orderId: string, points: number, nowMs: number): Outcome {
    const cause = causeOf(`redeem:${orderId}`, nowMs, { orderId });
    return this.take(spend(this.wallet, { type: "redeem", points, cause }, this, nowMs));
  }

  refund(
    key: string,
    slices: readonly LotSlice[],
    points: number,
    nowMs: number,
    more: { alreadyReturned?: number; policy?: LapsePolicy; quotedForfeit?: number | null } = {},
  ): Outcome {
    const command = {
      slices,
      alreadyReturned: more.alreadyReturned ?? 0,
      points,
      policy: more.policy ?? GRACE,
      quotedForfeit: more.quotedForfeit ?? null,
      cause: causeOf(`redeem_rollback:${key}`, nowMs),
    };
    return this.take(refund(this.loaded(slices), command, this, nowMs));
  }

  clawBack(
    key: string,
    points: number,
    policy: ClawbackPolicy,
    nowMs: number,
    originId: string | null = null,
  ): Outcome {
    const cause = causeOf(`clawback:${key}`, nowMs);
    const command = { points, policy, originId, cause };
    return this.take(clawBack(this.wallet, command, this, nowMs));
  }

  manualDebit(key: string, points: number, mayGoNegative: boolean, nowMs: number): Outcome {
    const cause = causeOf(`manual:${key}`, nowMs);
    return this.take(manualDebit(this.wallet, { points, mayGoNegative, cause }, this, nowMs));
  }

  expire(nowMs: number, entriesMax = Number.POSITIVE_INFINITY) {
    const sweep = expireDue(this.wallet, nowMs, entriesMax);
    this.take({ kind: "swept", ...sweep });
    return sweep;
  }

  balance(nowMs: number): WalletBalance {
    return balanceOf(this.wallet, nowMs);
  }

  balanceAt(atMs: number): WalletBalance {
    return balanceAt(this.wallet.memberKey, this.entries, atMs);
  }

  /** The lot as its row says, empty or not. */
  lot(lotId: number): PointsLot | undefined {
    return this.#lots.get(lotId);
  }

  /** What does not agree between wallet, ledger and chain; empty: all is well. */
  audit(): readonly string[] {
    const unrecorded = [...this.holds.values()].filter((one) => !one.isRecorded);
    const found = [...differencesFromLedger(this.wallet, this.entries, unrecorded)];
    const fault = findChainFault(this.entries);
    if (fault) found.push(`chain: ${JSON.stringify(fault)}`);
    return found;
  }
}

/** The outcome as booked, or a failure of the test that expected it. */
export function bookedOr(outcome: Outcome) {
  if (outcome.kind !== "booked") throw new Error(`expected booked: ${JSON.stringify(outcome)}`);
  return outcome;
}
