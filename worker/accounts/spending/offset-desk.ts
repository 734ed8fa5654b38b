/** Points that pay for part of a bill, at a till or in an order. Runs inside a commit: rows, the pure machine, rows. */
import type { OffsetTerms as WhereTerms } from "../../earning/programme/index.ts";
import type { PointsDesk } from "../points-desk.ts";
import {
  balanceOf,
  captureOffset,
  holdOffset,
  offsetFen,
  quoteOffset,
  releaseOffset,
  returnOffset,
  voidedUnseen,
  type OffsetOutcome,
  type OffsetReturnWish,
  type OffsetTerms,
  type OffsetWish,
  type PointsOffset,
} from "../points/index.ts";
import type { AccountStore } from "../store.ts";
import type { OffsetReply, QuoteReply, Refused } from "./messages.ts";

const MINUTE_MS = 60_000;

/** What the programme says of offsets: what points are worth, and where they may be used. */
export interface OffsetRules {
  readonly rate: OffsetTerms;
  readonly offset: WhereTerms;
}

export interface BillAsked {
  readonly billFen: number;
  readonly points: number | null;
  /** Another discount already stands on this bill. */
  readonly isDiscounted: boolean;
}

export interface HoldAsked extends BillAsked {
  readonly offsetId: string;
  readonly storeId: string | null;
  readonly note: string;
  readonly actor: string;
}

export class OffsetDesk {
  readonly #store: AccountStore;
  readonly #points: PointsDesk;
  /** Points came back, so their reminders have to be planned anew. */
  readonly #touched: (memberKey: string) => void;

  constructor(store: AccountStore, points: PointsDesk, touched: (memberKey: string) => void) {
    this.#store = store;
    this.#points = points;
    this.#touched = touched;
  }

  // ---- at a till

  quote(memberKey: string, asked: BillAsked, rules: OffsetRules, nowMs: number): QuoteReply {
    const against = refusalAt(asked, rules);
    if (against) return against;
    const wallet = this.#points.writeOffLapsed(memberKey, nowMs);
    const quote = quoteOffset(wallet, asked.billFen, asked.points, rules.rate, nowMs);
    return { kind: "quote", ...quote, pointsMin: rules.rate.pointsMin };
  }

  hold(memberKey: string, asked: HoldAsked, rules: OffsetRules, nowMs: number): OffsetReply {
    const { offsetId, billFen, points, storeId, note, actor } = asked;
    const known = this.#store.offsets.find(memberKey, offsetId);
    const against = known ? null : refusalAt(asked, rules);
    if (against) return against;
    const expiresAtMs = nowMs + rules.offset.holdMinutes * MINUTE_MS;
    const wish = { memberKey, offsetId, billFen, storeId, note, actor, expiresAtMs };
    const outcome = this.holdFor({ ...wish, requestedPoints: points }, rules.rate, nowMs);
    return this.#reply(outcome, memberKey, nowMs);
  }

  capture(
    memberKey: string,
    offsetId: string,
    wish: { readonly points: number | null; readonly actor: string },
    nowMs: number,
  ): OffsetReply {
    const offset = this.#store.offsets.find(memberKey, offsetId);
    if (!offset) return NOT_FOUND;
    return this.#reply(this.captureOf(offset, wish, nowMs), memberKey, nowMs);
  }

  /** A void of what was never held is remembered and answers as any other: its hold may be on the way. */
  void(memberKey: string, offsetId: string, actor: string, nowMs: number): OffsetReply {
    const offset = this.#store.offsets.find(memberKey, offsetId);
    if (!offset) {
      const voided = voidedUnseen(memberKey, offsetId, nowMs);
      this.#store.offsets.save(voided);
      return this.#reply({ kind: "already", offset: voided }, memberKey, nowMs);
    }
    return this.#reply(this.releaseOf(offset, "voided", actor, nowMs), memberKey, nowMs);
  }

  return(memberKey: string, offsetId: string, wish: OffsetReturnWish, nowMs: number): OffsetReply {
    const offset = this.#store.offsets.find(memberKey, offsetId);
    if (!offset) return NOT_FOUND;
    return this.#reply(this.returnOf(offset, wish, nowMs), memberKey, nowMs);
  }

  view(memberKey: string, offsetId: string, nowMs: number): OffsetReply {
    const offset = this.#store.offsets.find(memberKey, offsetId);
    return offset ? this.#reply({ kind: "already", offset }, memberKey, nowMs) : NOT_FOUND;
  }

  // ---- in whatever commit

  holdFor(wish: OffsetWish, terms: OffsetTerms, nowMs: number): OffsetOutcome {
    const { memberKey, offsetId } = wish;
    const known = this.#store.offsets.find(memberKey, offsetId);
    const wallet = this.#points.writeOffLapsed(memberKey, nowMs);
    return this.#kept(wallet, holdOffset(wallet, known, wish, terms, nowMs));
  }

  captureOf(
    offset: PointsOffset,
    wish: { readonly points: number | null; readonly actor: string },
    nowMs: number,
  ): OffsetOutcome {
    const wallet = this.#store.members.walletWithLots(offset.memberKey, offset.slices);
    const { lapse } = this.#store.terms.of(offset.memberKey);
    const outcome = this.#kept(wallet, captureOffset(wallet, offset, wish, lapse, nowMs));
    return outcome;
  }

  releaseOf(
    offset: PointsOffset,
    to: "voided" | "lapsed",
    actor: string,
    nowMs: number,
  ): OffsetOutcome {
    const wallet = this.#store.members.walletWithLots(offset.memberKey, offset.slices);
    const { lapse } = this.#store.terms.of(offset.memberKey);
    return this.#kept(wallet, releaseOffset(wallet, offset, to, actor, lapse, nowMs));
  }

  returnOf(offset: PointsOffset, wish: OffsetReturnWish, nowMs: number): OffsetOutcome {
    const wallet = this.#store.members.walletWithLots(offset.memberKey, offset.slices);
    const { lapse } = this.#store.terms.of(offset.memberKey);
    return this.#kept(wallet, returnOffset(wallet, offset, wish, lapse, nowMs));
  }

  #kept(
    before: ReturnType<AccountStore["members"]["wallet"]>,
    outcome: OffsetOutcome,
  ): OffsetOutcome {
    if (outcome.kind !== "changed") return outcome;
    this.#store.members.save(before, outcome.wallet, outcome.entries);
    this.#store.offsets.save(outcome.offset);
    this.#touched(outcome.offset.memberKey);
    return outcome;
  }

  #reply(outcome: OffsetOutcome, memberKey: string, nowMs: number): OffsetReply {
    if (outcome.kind === "refused") return outcome;
    const { offset } = outcome;
    const balance = balanceOf(this.#store.members.wallet(memberKey), nowMs);
    const fen = offset.points === 0 ? 0 : offsetFen(offset);
    return { kind: "offset", isReplay: outcome.kind === "already", offset, fen, balance };
  }
}

const NOT_FOUND: Refused = { kind: "refused", refusal: { code: "not_found", figures: {} } };

function refusalAt({ isDiscounted }: BillAsked, { offset }: OffsetRules): Refused | null {
  const reason = !offset.tills
    ? "offset_off"
    : isDiscounted && !offset.isStackable
      ? "offset_not_stackable"
      : null;
  return reason && { kind: "refused", refusal: { code: "conflict", figures: { reason } } };
}
