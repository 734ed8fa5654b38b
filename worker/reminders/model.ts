/** Which reminders of lapsing points are due, when they may be sent, and when the planner looks again. Pure. */
import { minuteOfDay, startOfDayMs } from "../kernel/calendar.ts";
import { DAY_MS, programmeDay } from "../kernel/clock.ts";

export interface ReminderTerms {
  readonly zoneOffsetMs: number;
  /** Days before the points lapse, largest first. */
  readonly ladderDays: readonly number[];
  /** Minute of the day at which a reminder goes out. */
  readonly sendMinute: number;
  /** Nothing is sent from `fromMinute` until `toMinute`; it may go over midnight; null: never quiet. */
  readonly quiet: { readonly fromMinute: number; readonly toMinute: number } | null;
  /** Fewer points are not worth a message. */
  readonly pointsMin: number;
}

export const CHANNELS = ["in_app", "sms", "wechat"] as const;
export type Channel = (typeof CHANNELS)[number];

export interface Deadline {
  readonly expiresAtMs: number;
  readonly points: number;
}

export interface ReminderMember {
  readonly deadlines: readonly Deadline[];
  /** Channels that reach the member and that the member has not turned off. */
  readonly channels: readonly Channel[];
  /** Natural keys of the delivery log. */
  readonly sent: ReadonlySet<string>;
}

export interface Reminder {
  /** Unique in the delivery log: one message a deadline, step and channel. */
  readonly naturalKey: string;
  readonly channel: Channel;
  readonly points: number;
  readonly expiresAtMs: number;
  /** Whole programme days from the day of sending to the day on which the points are gone. */
  readonly daysLeft: number;
  readonly sendAtMs: number;
}

export interface ReminderPlan {
  /** To be sent now. */
  readonly due: readonly Reminder[];
  /** When to plan again; null: not before the member's points change. */
  readonly nextAtMs: number | null;
}

const MINUTE_MS = 60_000;

/** The moment at which the step of a ladder is due: that many programme days before the day on which points are gone. */
function stepAtMs(terms: ReminderTerms, expiresAtMs: number, days: number): number {
  const day = programmeDay(expiresAtMs, terms.zoneOffsetMs) - days;
  return startOfDayMs(day, terms.zoneOffsetMs) + terms.sendMinute * MINUTE_MS;
}

function isQuiet(terms: ReminderTerms, atMs: number): boolean {
  if (!terms.quiet) return false;
  const { fromMinute, toMinute } = terms.quiet;
  const minute = minuteOfDay(atMs, terms.zoneOffsetMs);
  return fromMinute < toMinute
    ? minute >= fromMinute && minute < toMinute
    : minute >= fromMinute || minute < toMinute;
}

/** The first moment from `atMs` on at which a message may be sent. */
export function afterQuiet(terms: ReminderTerms, atMs: number): number {
  if (!terms.quiet || !isQuiet(terms, atMs)) return atMs;
  const day = programmeDay(atMs, terms.zoneOffsetMs);
  const endMs = startOfDayMs(day, terms.zoneOffsetMs) + terms.quiet.toMinute * MINUTE_MS;
  return endMs > atMs ? endMs : endMs + DAY_MS;
}

/** When a step goes out: after the quiet hours, or before them where the points would be gone by then. */
function outsideQuiet(terms: ReminderTerms, atMs: number, expiresAtMs: number): number {
  const afterMs = afterQuiet(terms, atMs);
  if (afterMs < expiresAtMs || !terms.quiet) return afterMs;
  const minutes = minuteOfDay(atMs, terms.zoneOffsetMs) - terms.quiet.fromMinute;
  const sinceMs = (minutes < 0 ? minutes + 1_440 : minutes) * MINUTE_MS;
  return atMs - sinceMs - MINUTE_MS;
}

/**
 * Reminders that are due now. A step that was slept through is not made up for: of the steps that have passed only the last
 * is sent, so nobody gets three messages at once. Nothing is sent for points that are gone.
 */
export function planReminders(
  member: ReminderMember,
  terms: ReminderTerms,
  nowMs: number,
): ReminderPlan {
  const due: Reminder[] = [];
  let nextAtMs: number | null = null;
  const soonest = (atMs: number): void => {
    if (nextAtMs === null || atMs < nextAtMs) nextAtMs = atMs;
  };
  for (const { expiresAtMs, points } of member.deadlines) {
    if (expiresAtMs <= nowMs || points < terms.pointsMin) continue;
    const steps = terms.ladderDays.map((days) => ({
      days,
      atMs: outsideQuiet(terms, stepAtMs(terms, expiresAtMs, days), expiresAtMs),
    }));
    const coming = steps.filter(({ atMs }) => atMs > nowMs && atMs < expiresAtMs);
    for (const { atMs } of coming) soonest(atMs);
    const passed = steps.filter(({ atMs }) => atMs <= nowMs).sort((a, b) => a.days - b.days)[0];
    if (!passed) continue;
    const unsent = member.channels
      .map((channel) => ({ channel, naturalKey: keyOf(expiresAtMs, passed.days, channel) }))
      .filter(({ naturalKey }) => !member.sent.has(naturalKey));
    if (unsent.length === 0) continue;
    const sendAtMs = afterQuiet(terms, nowMs);
    if (sendAtMs > nowMs) {
      if (sendAtMs < expiresAtMs) soonest(sendAtMs);
      continue;
    }
    const daysLeft =
      programmeDay(expiresAtMs, terms.zoneOffsetMs) - programmeDay(nowMs, terms.zoneOffsetMs);
    for (const { channel, naturalKey } of unsent) {
      due.push({ naturalKey, channel, points, expiresAtMs, daysLeft, sendAtMs });
    }
  }
  return { due, nextAtMs };
}

export interface Shown extends Deadline {
  readonly daysLeft: number;
}

/**
 * What reminders say now that were shown before, newest first: one a deadline, of the points that are still there and the days that
 * are left. Points that were spent since lapse no more, and a member is not told so.
 */
export function stillLapsing<T extends Shown>(
  shown: readonly T[],
  deadlines: readonly Deadline[],
  zoneOffsetMs: number,
  nowMs: number,
): T[] {
  const left = new Map(deadlines.map(({ expiresAtMs, points }) => [expiresAtMs, points]));
  return shown.flatMap((one) => {
    const { expiresAtMs } = one;
    const points = left.get(expiresAtMs);
    if (points === undefined) return [];
    left.delete(expiresAtMs);
    const daysLeft = programmeDay(expiresAtMs, zoneOffsetMs) - programmeDay(nowMs, zoneOffsetMs);
    return [{ ...one, points, daysLeft }];
  });
}

function keyOf(expiresAtMs: number, days: number, channel: Channel): string {
  return `expiry_reminder:${expiresAtMs}:${days}:${channel}`;
}
