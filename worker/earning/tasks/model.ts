/** Tasks: newcomer, daily and custom ones. Progress counts each event once; a reward is claimed once a period. Pure. */
import { periodIndex, type Period } from "../../kernel/calendar.ts";
import type { Refused } from "../../accounts/points/index.ts";
import { DAY_MS } from "../../kernel/clock.ts";
import {
  mayMeet,
  meets,
  type Award,
  type Condition,
  type EarnEvent,
  type EventKind,
  type MemberFacts,
} from "../rules/index.ts";

export interface TaskTerms {
  readonly taskId: string;
  readonly version: number;
  readonly title: string;
  readonly kind: "newcomer" | "daily" | "custom";
  readonly on: EventKind;
  readonly condition: Condition | null;
  /** Events that complete it. */
  readonly target: number;
  /** It can be done once in each. */
  readonly period: Period;
  readonly points: number;
  readonly growth: number;
  /** `auto` pays on completion; `by_member` waits for a tap. */
  readonly claim: "auto" | "by_member";
  /** A newcomer's days; null: everybody, always. */
  readonly newcomerDays: number | null;
  readonly startsAtMs: number | null;
  readonly endsAtMs: number | null;
}

/** One member, one task, one period. */
export interface TaskProgress {
  readonly taskId: string;
  readonly period: number;
  /** Ids of the events that counted, at most `target`. */
  readonly counted: readonly string[];
  readonly completedAtMs: number | null;
  readonly claimedAtMs: number | null;
  /** How often its reward was taken back in this period; absent: never. Each reward has a key of its own. */
  readonly undone?: number;
}

export interface TaskMember extends MemberFacts {
  readonly joinedAtMs: number;
}

export type TaskOutcome =
  | {
      readonly kind: "moved";
      readonly progress: TaskProgress;
      readonly award: (Award & { readonly growth: number }) | null;
    }
  | { readonly kind: "unmoved" };

export function taskPeriod(terms: TaskTerms, atMs: number, zoneOffsetMs: number): number {
  return periodIndex(terms.period, atMs, zoneOffsetMs);
}

/** Whether the task is open to this member at this moment. */
export function isTaskOpen(terms: TaskTerms, joinedAtMs: number, atMs: number): boolean {
  if (terms.startsAtMs !== null && atMs < terms.startsAtMs) return false;
  if (terms.endsAtMs !== null && atMs >= terms.endsAtMs) return false;
  return terms.newcomerDays === null || atMs < joinedAtMs + terms.newcomerDays * DAY_MS;
}

/** Counts an event. `progress` is that of the event's period; null: none yet. */
export function advanceTask(
  progress: TaskProgress | null,
  terms: TaskTerms,
  event: EarnEvent,
  member: TaskMember,
  zoneOffsetMs: number,
): TaskOutcome {
  if (event.kind !== terms.on || !isTaskOpen(terms, member.joinedAtMs, event.atMs)) {
    return { kind: "unmoved" };
  }
  if (!mayMeet(terms.condition, event)) return { kind: "unmoved" };
  if (terms.condition && !meets(terms.condition, { event, member, zoneOffsetMs })) {
    return { kind: "unmoved" };
  }
  const period = taskPeriod(terms, event.atMs, zoneOffsetMs);
  const before: TaskProgress = progress ?? {
    taskId: terms.taskId,
    period,
    counted: [],
    completedAtMs: null,
    claimedAtMs: null,
  };
  if (before.completedAtMs !== null || before.counted.includes(event.eventId)) {
    return { kind: "unmoved" };
  }
  const counted = [...before.counted, event.eventId];
  if (counted.length < terms.target) {
    return { kind: "moved", progress: { ...before, counted }, award: null };
  }
  const completed = { ...before, counted, completedAtMs: event.atMs };
  if (terms.claim === "by_member") return { kind: "moved", progress: completed, award: null };
  return {
    kind: "moved",
    progress: { ...completed, claimedAtMs: event.atMs },
    award: awardOf(completed, terms),
  };
}

/** Under which key the reward of a period is, or was, paid. */
export function taskKey({ taskId, period, undone = 0 }: Omit<TaskProgress, "counted">): string {
  return undone === 0 ? `task:${taskId}:${period}` : `task:${taskId}:${period}:again-${undone}`;
}

export type UndoneTask =
  | { readonly kind: "unmoved" }
  | {
      readonly kind: "moved";
      readonly progress: TaskProgress;
      /** The key of the reward that was paid and is to be taken back; null: none was. */
      readonly paidKey: string | null;
    };

/** An event that counted did not last: it counts no more, and a task that stood on it is open again. */
export function undoTask(progress: TaskProgress | null, eventId: string): UndoneTask {
  if (!progress?.counted.includes(eventId)) return { kind: "unmoved" };
  const counted = progress.counted.filter((one) => one !== eventId);
  if (progress.claimedAtMs === null) {
    return {
      kind: "moved",
      progress: { ...progress, counted, completedAtMs: null },
      paidKey: null,
    };
  }
  const undone = (progress.undone ?? 0) + 1;
  return {
    kind: "moved",
    progress: { ...progress, counted, completedAtMs: null, claimedAtMs: null, undone },
    paidKey: taskKey(progress),
  };
}

function awardOf(progress: TaskProgress, terms: TaskTerms): Award & { readonly growth: number } {
  return {
    naturalKey: taskKey(progress),
    points: terms.points,
    growth: terms.growth,
    sourceId: terms.taskId,
  };
}

/** The member takes the reward of a completed task. Completed is enough: the task may have ended since. */
export function claimTask(
  progress: TaskProgress | null,
  terms: TaskTerms,
  nowMs: number,
): TaskOutcome | Refused {
  if (!progress || progress.completedAtMs === null) {
    const done = progress?.counted.length ?? 0;
    return {
      kind: "refused",
      refusal: { code: "not_eligible", figures: { reason: "not_completed", done } },
    };
  }
  if (progress.claimedAtMs !== null) return { kind: "unmoved" };
  return {
    kind: "moved",
    progress: { ...progress, claimedAtMs: nowMs },
    award: awardOf(progress, terms),
  };
}
