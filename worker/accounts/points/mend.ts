/**
 * Records what code before ADR 019 did without an entry: it gave a hold back after its lot had lapsed, and opened a lot of
 * grace for it. Appends the hold and its release, so that the ledger replays to the wallet. Pure.
 */
import { invariant } from "../../kernel/invariant.ts";
import { book } from "./booking.ts";
import { differencesFromLedger, rebuild, type UnrecordedHold } from "./replay.ts";
import { GRACE_SOURCE } from "./types.ts";
import type { Cause, LotSlice, PointsEntry, PointsLot, Wallet } from "./types.ts";
import { withoutEmptyLots } from "./wallet.ts";

export interface Mended {
  readonly wallet: Wallet;
  /** Empty: there was nothing to mend. */
  readonly entries: readonly PointsEntry[];
}

/**
 * `wallet` has its empty lots too, as the rows say. Null: the ledger differs from the wallet by more than releases that were
 * never written, so nothing is written and the audit goes on naming it.
 */
export function mendLedger(
  wallet: Wallet,
  ledger: readonly PointsEntry[],
  unrecorded: readonly UnrecordedHold[],
  nowMs: number,
): Mended | null {
  const lost = lostReleases(wallet, ledger, unrecorded);
  if (!lost) return null;
  let current = wallet;
  const entries: PointsEntry[] = [];
  for (const { lot, from } of lost) {
    const plain = { points: 0, askedPoints: lot.points, overdraft: 0 };
    // The lots of the wallet are right already, so only the ledger moves.
    const held = { ...plain, type: "hold" as const, slices: from, opens: [] };
    const taken = book(current, held, causeOf("hold", lot, nowMs), nowMs);
    const { lotId, points, expiresAtMs } = lot;
    const slices = [{ lotId, points, expiresAtMs }];
    const back = { ...plain, type: "release" as const, slices };
    const opens = [{ ...lot, remaining: points }];
    const given = book(taken.wallet, { ...back, opens }, causeOf("release", lot, nowMs), nowMs);
    current = given.wallet;
    entries.push(taken.entry, given.entry);
  }
  const differing = differencesFromLedger(current, [...ledger, ...entries], unrecorded);
  return differing.length === 0 ? { wallet: withoutEmptyLots(current), entries } : null;
}

interface LostRelease {
  readonly lot: PointsLot;
  /** What was held: lots in which the ledger has more than the wallet. */
  readonly from: readonly LotSlice[];
}

function lostReleases(
  wallet: Wallet,
  ledger: readonly PointsEntry[],
  unrecorded: readonly UnrecordedHold[],
): readonly LostRelease[] | null {
  const { wallet: replayed, unopened } = rebuild(wallet.memberKey, ledger);
  const known = new Set(replayed.lots.map(({ lotId }) => lotId));
  const opened = wallet.lots.filter(
    ({ lotId, source }) => source === GRACE_SOURCE && (unopened.has(lotId) || !known.has(lotId)),
  );
  const stored = new Map(wallet.lots.map(({ lotId, remaining }) => [lotId, remaining]));
  for (const { lotId, points } of unrecorded.flatMap(({ slices }) => slices)) {
    stored.set(lotId, (stored.get(lotId) ?? 0) + points);
  }
  const surplus = replayed.lots
    .filter(({ lotId }) => !unopened.has(lotId))
    .map((lot) => ({ ...lot, points: lot.remaining - (stored.get(lot.lotId) ?? 0) }))
    .filter(({ points }) => points > 0);
  const found: LostRelease[] = [];
  for (const lot of opened) {
    const from: LotSlice[] = [];
    let wanted = lot.points;
    for (const one of surplus) {
      const points = Math.min(one.points, wanted);
      if (points === 0) continue;
      one.points -= points;
      wanted -= points;
      from.push({ lotId: one.lotId, points, expiresAtMs: one.expiresAtMs });
    }
    if (wanted > 0) return null;
    found.push({ lot, from });
  }
  return found;
}

function causeOf(act: "hold" | "release", lot: PointsLot, nowMs: number): Cause {
  invariant(lot.source === GRACE_SOURCE, "only lots of grace were opened without an entry");
  return {
    naturalKey: `${act}:mended-${lot.lotId}`,
    orderId: null,
    sourceId: null,
    breakdown: [],
    actor: "system",
    storeId: null,
    customerNote: "",
    internalNote: "a hold given back before its grace was recorded",
    occurredAtMs: Math.min(lot.earnedAtMs, nowMs),
  };
}
