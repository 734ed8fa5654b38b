/** Replays past events through a draft of a task beside the version in force. Pure. */
import { worthFen, type ConversionRate } from "../../accounts/points/index.ts";
import {
  isTakenBack,
  type DryRunReport,
  type MemberChange,
  type PastEvent,
} from "../rules/index.ts";
import { advanceTask, taskPeriod, type TaskProgress, type TaskTerms } from "./model.ts";

/** Members named in a report. */
const NAMED_MAX = 20;

export interface PastTaskEvent extends PastEvent {
  readonly joinedAtMs: number;
}

/** Points that completed tasks would have paid, as if every reward was claimed. `now` null: no version is in force. */
export function taskDryRun(
  events: readonly PastTaskEvent[],
  now: TaskTerms | null,
  draft: TaskTerms,
  zoneOffsetMs: number,
  rate: ConversionRate,
): DryRunReport {
  const ordered = [...events].sort(
    (a, b) => a.event.atMs - b.event.atMs || (a.event.eventId < b.event.eventId ? -1 : 1),
  );
  const before = paidBy(ordered, now, zoneOffsetMs);
  const after = paidBy(ordered, draft, zoneOffsetMs);
  const changes = [...new Set(ordered.map(({ event }) => event.memberKey))].map(
    (memberKey): MemberChange => ({
      memberKey,
      now: before.get(memberKey) ?? 0,
      draft: after.get(memberKey) ?? 0,
    }),
  );
  const gain = (one: MemberChange): number => one.draft - one.now;
  const won = changes.filter((one) => gain(one) > 0).sort((a, b) => gain(b) - gain(a));
  const lost = changes.filter((one) => gain(one) < 0).sort((a, b) => gain(a) - gain(b));
  const nowPoints = changes.reduce((sum, one) => sum + one.now, 0);
  const draftPoints = changes.reduce((sum, one) => sum + one.draft, 0);
  const difference = draftPoints - nowPoints;
  return {
    events: ordered.length,
    members: changes.length,
    fromMs: ordered[0]?.event.atMs ?? null,
    toMs: ordered.at(-1)?.event.atMs ?? null,
    nowPoints,
    draftPoints,
    costFen: Math.sign(difference) * worthFen(Math.abs(difference), rate),
    winners: won.length,
    losers: lost.length,
    unchanged: changes.length - won.length - lost.length,
    mostWon: won.slice(0, NAMED_MAX),
    mostLost: lost.slice(0, NAMED_MAX),
    withheldByCaps: 0,
  };
}

function paidBy(
  events: readonly PastTaskEvent[],
  terms: TaskTerms | null,
  zoneOffsetMs: number,
): ReadonlyMap<string, number> {
  const paid = new Map<string, number>();
  if (!terms) return paid;
  const rows = new Map<string, TaskProgress>();
  for (const past of events) {
    const { event, member, joinedAtMs } = past;
    // A task that pays counts acts; what it pays by its own word is none.
    if (past.stated || isTakenBack(past)) continue;
    const key = `${event.memberKey} ${taskPeriod(terms, event.atMs, zoneOffsetMs)}`;
    const moved = advanceTask(
      rows.get(key) ?? null,
      terms,
      event,
      { ...member, joinedAtMs },
      zoneOffsetMs,
    );
    if (moved.kind !== "moved") continue;
    rows.set(key, moved.progress);
    if (moved.progress.completedAtMs === null) continue;
    paid.set(event.memberKey, (paid.get(event.memberKey) ?? 0) + terms.points);
  }
  return paid;
}
