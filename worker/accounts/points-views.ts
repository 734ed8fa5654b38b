/** What people see of points. */
import { civilOf } from "../kernel/calendar.ts";
import { programmeDay, ZONE_OFFSET_MS } from "../kernel/clock.ts";
import type { TierView } from "../tiers/index.ts";
import {
  sumOf,
  type ExpiryCalendar,
  type PointsEntry,
  type PointsLot,
  type WalletBalance,
} from "./points/index.ts";
import type { CancelQuote, PointsReply, ShareNames, TimelinePage } from "./requests.ts";
import type {
  BalanceView,
  EntryView,
  PointsView,
  RefundQuoteView,
  StaffEntryView,
  TimelineView,
} from "./wire.ts";

export function pointsView(reply: PointsReply, zoneOffsetMs = ZONE_OFFSET_MS): PointsView {
  const { active, held, pending, spent, expired, negative } = reply.balance;
  return {
    ...{ active, held, pending, spent, expired, negative },
    balance: balanceView(reply.balance),
    calendar: calendarOf(reply.calendar, zoneOffsetMs),
    heldCalendar: calendarOf(reply.held, zoneOffsetMs),
    lots: reply.lots.map(lotView),
    // By the Account's clock, as the balance: a Worker's stands still within a request, and lags behind it.
    nextExpiry: reply.calendar.deadlines[0] ?? null,
    entries: reply.entries.map((entry) => entryView(entry, reply.names)),
    nextBeforeSeq: reply.nextBeforeSeq,
  };
}

export function tierStanding(view: TierView) {
  const { tierId, source, growth, endsAtMs, projectedTierId, missingToStay, next } = view;
  return {
    ...{ tierId, source, growth, endsAtMs, projectedTierId, missingToStay },
    next: next && { tierId: next.tierId, missingGrowth: next.missing },
  };
}

/** A deadline is the first moment at which points are gone, so its day is the last on which they can be used. */
export function calendarOf(calendar: ExpiryCalendar, zoneOffsetMs: number): PointsView["calendar"] {
  const deadlines = calendar.deadlines.map(({ expiresAtMs, points }) => ({
    day: dayText(programmeDay(expiresAtMs - 1, zoneOffsetMs)),
    expiresAtMs,
    points,
  }));
  if (calendar.lasting === 0) return deadlines;
  return [...deadlines, { day: null, expiresAtMs: null, points: calendar.lasting }];
}

export function dayText(day: number): string {
  const { year, month, day: ofMonth } = civilOf(day);
  const two = (figure: number): string => String(figure).padStart(2, "0");
  return `${year}-${two(month)}-${two(ofMonth)}`;
}

export function lotView(lot: PointsLot): PointsView["lots"][number] {
  const { lotId, source, points, remaining, expiresAtMs, pendingUntilMs, earnedAtMs } = lot;
  const { pendingEvent, originId } = lot;
  return {
    ...{ lotId, source, points, remaining, expiresAtMs, pendingUntilMs },
    ...{ createdAtMs: earnedAtMs, pendingEvent, originId },
  };
}

export function entryView(entry: PointsEntry, names: ShareNames = {}): EntryView {
  const { seq, type, points, balanceAfter, orderId, customerNote } = entry;
  const { sourceId, storeId, occurredAtMs, recordedAtMs, hash, prevHash } = entry;
  return {
    ...{ seq, type, points, balanceAfter, orderId, reason: customerNote, customerNote },
    ...{ sourceId, storeId, occurredAtMs, recordedAtMs, hash, prevHash },
    breakdown: entry.breakdown.map((share) => ({
      kind: names[share.ruleId]?.kind ?? "rule",
      id: share.ruleId,
      name: names[share.ruleId]?.name ?? share.ruleId,
      version: share.version,
      points: share.points,
    })),
  };
}

export function balanceView(balance: WalletBalance): BalanceView {
  const { active, pending, held, spent, expired, clawedBack, negative } = balance;
  return { active, pending, held, spent, expired, clawedBack, deficit: negative };
}

export function staffEntryView(entry: PointsEntry, names: ShareNames = {}): StaffEntryView {
  const { askedPoints, overdraft, actor, internalNote, naturalKey } = entry;
  const paidDeficit = sumOf(entry.paid);
  return {
    ...entryView(entry, names),
    ...{ askedPoints, overdraft, paidDeficit, actor, internalNote, naturalKey },
  };
}

export function timelineView({ items, nextBefore }: TimelinePage): TimelineView {
  return {
    items: items.map(({ atMs, entry, order }) => ({
      atMs,
      kind: entry ? "entry" : "order",
      entry: entry ? staffEntryView(entry) : null,
      order: order ?? null,
    })),
    nextCursor: nextBefore,
  };
}

export function refundQuoteView(quote: CancelQuote): RefundQuoteView {
  const { fates, returned, forfeited, cash } = quote;
  return {
    points: returned,
    forfeited,
    ...{ cashFen: cash.providerFen, storedFen: cash.storedFen, offsetPoints: cash.points },
    slices: fates.map(({ points, fate, expiresAtMs }) => ({
      points,
      expiresAtMs,
      isLapsed: fate !== "own_lot",
      becomes: fate === "own_lot" ? "same_lot" : fate,
      graceUntilMs: fate === "grace" ? expiresAtMs : null,
    })),
  };
}
