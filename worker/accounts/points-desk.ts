/**
 * The one way in which points of an Account change beside redemptions. Runs inside a commit: reads rows, lets the wallet
 * decide, writes rows. Whatever earns points changes them through `change`.
 */
import { splitMemberKey } from "../kernel/ids.ts";
import { invariant } from "../kernel/invariant.ts";
import { LIMITS } from "../kernel/limits.ts";
import {
  activate,
  activationKey,
  balanceOf,
  clawBack,
  credit,
  expireDue,
  manualDebit,
  type Cause,
  type EntryLookup,
  type LotSlice,
  type Outcome,
  type PointsEntry,
  type Wallet,
} from "./points/index.ts";
import type {
  ActivateRequest,
  ByHand,
  ChangeReply,
  ClawBackRequest,
  DeductRequest,
  GrantRequest,
} from "./requests.ts";
import type { AccountStore } from "./store.ts";
import type { PointsTerms } from "./terms.ts";

const GRANT_TYPES = {
  manual: "manual_credit",
  opening: "opening",
  campaign: "promo",
} as const;
const GRANT_KEYS = { manual: "grant", opening: "grant", campaign: "promo" } as const;

export class PointsDesk {
  readonly #store: AccountStore;

  constructor(store: AccountStore) {
    this.#store = store;
  }

  /**
   * One transition of a member's wallet, in the commit that runs now. Lapsed lots are written off first. `slices` name lots
   * that must be in memory though they may be empty. Several changes of one member may follow each other in a commit.
   */
  change(
    memberKey: string,
    nowMs: number,
    transition: (wallet: Wallet, ledger: EntryLookup) => Outcome,
    slices: readonly LotSlice[] = [],
  ): Outcome {
    this.writeOffLapsed(memberKey, nowMs);
    const wallet = this.#store.members.walletWithLots(memberKey, slices);
    const outcome = transition(wallet, this.#store.entries.lookup(memberKey));
    if (outcome.kind === "booked") {
      this.#store.members.save(wallet, outcome.wallet, outcome.entries);
    }
    return outcome;
  }

  /** Lots that lapsed leave the balance before anything is decided on it. What is over the bound is left to the sweep. */
  writeOffLapsed(memberKey: string, nowMs: number): Wallet {
    const wallet = this.#store.members.wallet(memberKey);
    const sweep = expireDue(wallet, nowMs, LIMITS.expiredPerTouchMax);
    if (sweep.entries.length === 0) return wallet;
    this.#store.members.save(wallet, sweep.wallet, sweep.entries);
    return sweep.wallet;
  }

  /** Terms that came with a command; those that are older than what is known say nothing. */
  learn(memberKey: string, terms: PointsTerms | undefined): void {
    if (terms) this.#store.terms.learn(splitMemberKey(memberKey).programmeId, terms);
  }

  // ---- by hand

  grant(request: GrantRequest, nowMs: number): ChangeReply {
    const { memberKey, points, source, expiresAtMs, pendingUntilMs } = request;
    const outcome = this.change(memberKey, nowMs, (wallet, ledger) => {
      const cause = causeOf(request, `${GRANT_KEYS[source]}:${request.idempotencyKey}`, nowMs);
      const originId = source === "campaign" ? request.idempotencyKey : null;
      const command = {
        type: GRANT_TYPES[source],
        ...{ points, source, originId },
        expiresAtMs,
        pending:
          pendingUntilMs === null
            ? ({ kind: "none" } as const)
            : ({ kind: "until", atMs: pendingUntilMs } as const),
        cause: { ...cause, sourceId: originId },
      };
      return credit(wallet, command, ledger, nowMs);
    });
    globalThis.failpoints?.mark("account:grant");
    return this.#reply(outcome, memberKey, nowMs, (entry) => {
      const fields: string[] = [];
      if (entry.customerNote !== request.reason) fields.push("reason");
      if ((entry.slices[0]?.expiresAtMs ?? null) !== expiresAtMs) fields.push("expiresAtMs");
      const waitsUntilMs = entry.opens[0]?.pendingUntilMs ?? null;
      if (waitsUntilMs !== pendingUntilMs) fields.push("pendingUntilMs");
      return fields;
    });
  }

  deduct(request: DeductRequest, nowMs: number): ChangeReply {
    const { memberKey, points, mayGoNegative } = request;
    const cause = causeOf(request, `manual_debit:${request.idempotencyKey}`, nowMs);
    const outcome = this.change(memberKey, nowMs, (wallet, ledger) =>
      manualDebit(wallet, { points, mayGoNegative, cause }, ledger, nowMs),
    );
    return this.#reply(outcome, memberKey, nowMs, (entry) => differingReason(entry, request));
  }

  clawBack(request: ClawBackRequest, nowMs: number): ChangeReply {
    const { memberKey, points, originId } = request;
    this.learn(memberKey, request.terms);
    const policy = request.policy ?? this.#store.terms.of(memberKey).clawback;
    const cause: Cause = {
      ...causeOf(request, `clawback:${request.idempotencyKey}`, nowMs),
      sourceId: originId,
    };
    const outcome = this.change(memberKey, nowMs, (wallet, ledger) =>
      clawBack(wallet, { points, policy, originId, cause }, ledger, nowMs),
    );
    return this.#reply(outcome, memberKey, nowMs, (entry) => differingReason(entry, request));
  }

  /** An event happened for which points wait, or will. */
  activate(request: ActivateRequest, nowMs: number): ChangeReply {
    const { memberKey, event } = request;
    const cause = causeOf(request, activationKey(event), nowMs);
    const outcome = this.change(memberKey, nowMs, (wallet, ledger) =>
      activate(wallet, event, cause, ledger, nowMs),
    );
    return this.#reply(outcome, memberKey, nowMs, () => []);
  }

  #reply(
    outcome: Outcome,
    memberKey: string,
    nowMs: number,
    differing: (entry: PointsEntry) => readonly string[],
  ): ChangeReply {
    if (outcome.kind === "refused") {
      const { code, figures } = outcome.refusal;
      if (code !== "idempotency_mismatch") return outcome;
      return { kind: "mismatch", fields: String(figures["fields"]).split(",") };
    }
    const isReplay = outcome.kind === "replayed";
    const entry = isReplay ? outcome.entry : outcome.entries.at(-1);
    invariant(entry, "a change writes an entry");
    const fields = isReplay ? differing(entry) : [];
    if (fields.length > 0) return { kind: "mismatch", fields };
    const balance = balanceOf(this.#store.members.wallet(memberKey), nowMs);
    return { kind: "changed", entry, isReplay, balance };
  }

  // ---- the sweep

  /**
   * Writes off lots that lapsed, of many members, in this commit: `entriesMax` at most. True: there may be more. A row may
   * name its member too early, so members count as well as entries, and their rows are put right.
   */
  sweepLapsed(nowMs: number, entriesMax: number): boolean {
    let left = entriesMax;
    const due = this.#store.members.dueMembers(nowMs, entriesMax);
    for (const memberKey of due) {
      if (left <= 0) return true;
      const { entries, isDone } = this.sweepMember(memberKey, nowMs, left);
      left -= Math.max(1, entries);
      if (!isDone) return true;
    }
    return due.length === entriesMax;
  }

  /** Writes off what has lapsed of one member, so many entries at most. */
  sweepMember(
    memberKey: string,
    nowMs: number,
    entriesMax: number,
  ): { readonly entries: number; readonly isDone: boolean } {
    const { members } = this.#store;
    const wallet = members.wallet(memberKey);
    const { wallet: after, entries, isDone, nextDueAtMs } = expireDue(wallet, nowMs, entriesMax);
    if (entries.length > 0) members.save(wallet, after, entries);
    if (isDone) members.swept(memberKey, nextDueAtMs);
    return { entries: entries.length, isDone };
  }
}

function causeOf(
  request: Pick<ByHand, "actor" | "reason" | "internalNote" | "storeId">,
  naturalKey: string,
  nowMs: number,
): Cause {
  const { actor, reason, internalNote, storeId } = request;
  return {
    naturalKey,
    orderId: null,
    sourceId: null,
    breakdown: [],
    actor,
    storeId,
    customerNote: reason,
    internalNote,
    occurredAtMs: nowMs,
  };
}

function differingReason(entry: PointsEntry, request: Pick<ByHand, "reason">): readonly string[] {
  return entry.customerNote === request.reason ? [] : ["reason"];
}
