/** What people see of an account: the model in words, figures and what happens next. */
import { civilOf } from "../kernel/calendar.ts";
import { programmeDay, ZONE_OFFSET_MS } from "../kernel/clock.ts";
import { bucketOf } from "../kernel/ids.ts";
import { accountBuckets, stubOf, type Env } from "../platform/env.ts";
import type { Session } from "../platform/http/api.ts";
import type { Order } from "./orders.ts";
import type { OrderWithLots, PointsReply } from "./requests.ts";
import type { ExpiryCalendar, PointsEntry, PointsLot } from "./points/index.ts";
import type { EntryView, MeView, OrderView, PointsView } from "./wire.ts";

/** The Account object that holds a member. */
export function accountOf(env: Env, memberKey: string) {
  return stubOf(env.ACCOUNT, bucketOf(memberKey, accountBuckets(env)), env);
}

export function orderView({ order, sources }: OrderWithLots): OrderView {
  const state = stateOf(order);
  const returned = state === "cancelled" || state === "voided";
  return {
    orderId: order.orderId,
    saleId: order.saleId,
    ...order.goods,
    quantity: order.quantity,
    epoch: order.epoch,
    outcome: order.grant ? "granted" : order.refusal ? "refused" : "pending",
    state,
    code: order.refusal?.code ?? null,
    figures: order.refusal?.figures ?? {},
    ordinal: order.grant?.ordinal ?? null,
    legs: {
      points: {
        points: order.points,
        state:
          state === "refused" ? "none" : returned ? "returned" : order.grant ? "posted" : "held",
      },
      cash: { amountFen: order.cashFen, state: cashState(order) },
      freight: { amountFen: 0, state: "free" },
    },
    lots: order.slices.map((slice) => ({
      lotId: slice.lotId,
      source: sources[slice.lotId] ?? "unknown",
      points: slice.points,
      expiresAtMs: slice.expiresAtMs,
    })),
    next: nextOf(state),
    canCancel: state === "to_ship",
    timeline: timelineOf(order),
    createdAtMs: order.createdAtMs,
    updatedAtMs: order.updatedAtMs,
    version: order.version,
  };
}

function stateOf(order: Order): OrderView["state"] {
  switch (order.hold) {
    case "pending":
      return order.isWanted ? "in_doubt" : "held";
    case "posted":
      return order.isCancelled ? "cancelled" : "to_ship";
    case "voided":
      return "voided";
    case "refused":
      return "refused";
  }
}

function cashState(order: Order): OrderView["legs"]["cash"]["state"] {
  if (order.cashFen === 0) return "none";
  return order.hold === "posted" && !order.isCancelled ? "due_on_delivery" : "void";
}

function nextOf(state: OrderView["state"]): OrderView["next"] {
  if (state === "held") return "tap";
  if (state === "in_doubt") return "wait";
  return state === "to_ship" ? "ship" : "none";
}

function timelineOf(order: Order): OrderView["timeline"] {
  const { hold, createdAtMs, updatedAtMs } = order;
  if (hold === "refused") return [{ event: "refused", atMs: createdAtMs }];
  const timeline: OrderView["timeline"] = [{ event: "held", atMs: createdAtMs }];
  if (order.grant) timeline.push({ event: "granted", atMs: order.grant.atMs });
  if (hold === "voided") timeline.push({ event: "voided", atMs: updatedAtMs });
  if (order.isCancelled) timeline.push({ event: "cancelled", atMs: updatedAtMs });
  return timeline.toSorted((a, b) => a.atMs - b.atMs);
}

export function pointsView(
  reply: PointsReply,
  nowMs: number,
  zoneOffsetMs = ZONE_OFFSET_MS,
): PointsView {
  const { active, held, pending, spent, expired, negative, clawedBack } = reply.balance;
  const expiring = reply.lots.filter((lot) => lot.expiresAtMs !== null && lot.expiresAtMs > nowMs);
  const nextAtMs =
    expiring.length === 0 ? null : Math.min(...expiring.map((lot) => lot.expiresAtMs ?? 0));
  const points = expiring
    .filter((lot) => lot.expiresAtMs === nextAtMs)
    .reduce((sum, lot) => sum + lot.remaining, 0);
  return {
    ...{ active, held, pending, spent, expired, negative },
    balance: { active, pending, held, spent, expired, clawedBack, deficit: negative },
    calendar: calendarOf(reply.calendar, zoneOffsetMs),
    lots: reply.lots.map(lotView),
    nextExpiry: nextAtMs === null ? null : { points, expiresAtMs: nextAtMs },
    entries: reply.entries.map(entryView),
    nextBeforeSeq: reply.nextBeforeSeq,
  };
}

/** A deadline is the first moment at which points are gone, so its day is the last on which they can be used. */
function calendarOf(calendar: ExpiryCalendar, zoneOffsetMs: number): PointsView["calendar"] {
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

function lotView(lot: PointsLot): PointsView["lots"][number] {
  const { lotId, source, points, remaining, expiresAtMs, pendingUntilMs, earnedAtMs } = lot;
  const { pendingEvent, originId } = lot;
  return {
    ...{ lotId, source, points, remaining, expiresAtMs, pendingUntilMs },
    ...{ createdAtMs: earnedAtMs, pendingEvent, originId },
  };
}

export function entryView(entry: PointsEntry): EntryView {
  const { seq, type, points, balanceAfter, orderId, customerNote } = entry;
  const { sourceId, storeId, occurredAtMs, recordedAtMs, hash, prevHash } = entry;
  return {
    ...{ seq, type, points, balanceAfter, orderId, reason: customerNote, customerNote },
    ...{ sourceId, storeId, occurredAtMs, recordedAtMs, hash, prevHash },
    breakdown: entry.breakdown.map((share) => ({
      kind: "rule",
      id: share.ruleId,
      version: share.version,
      points: share.points,
    })),
  };
}

export async function loadMe(env: Env, session: Session): Promise<MeView> {
  const { balance } = await accountOf(env, session.memberKey).points(session.memberKey, 0, 0);
  const { active, held, pending } = balance;
  return {
    memberId: session.memberId,
    programmeId: session.programmeId,
    role: session.role,
    displayName: session.memberId,
    points: { active, held, pending },
  };
}
