/** Caps per rule and per wallet, counted in periods of the programme. Pure. */
import { periodIndex } from "../../kernel/calendar.ts";
import type { Cap, CapChange, CapUsage, CapUse } from "./types.ts";

/** The rule id under which the caps of the whole wallet are counted. */
export const WALLET = "*";

const NOTHING: CapUse = { points: 0, times: 0 };

/** Names one cap in one period. A new version of a rule goes on counting where the old one stopped. */
export function capKey(ruleId: string, cap: Cap, atMs: number, zoneOffsetMs: number): string {
  const index = cap.period === "order" ? 0 : periodIndex(cap.period, atMs, zoneOffsetMs);
  return `${ruleId}:${cap.period}:${index}`;
}

export interface CapRoom {
  readonly points: number;
  /** The cap that leaves the least; null: none does. */
  readonly tightest: Cap | null;
}

/** How many points the caps still let through at this moment. */
export function roomUnder(
  caps: readonly Cap[],
  ruleId: string,
  usage: CapUsage,
  atMs: number,
  zoneOffsetMs: number,
): CapRoom {
  let room: CapRoom = { points: Number.MAX_SAFE_INTEGER, tightest: null };
  for (const cap of caps) {
    // An event is its own period: nothing was used of it before.
    const used =
      cap.period === "order"
        ? NOTHING
        : (usage.get(capKey(ruleId, cap, atMs, zoneOffsetMs)) ?? NOTHING);
    const isSpent = cap.timesMax !== null && used.times >= cap.timesMax;
    const points = isSpent
      ? 0
      : Math.max(0, (cap.pointsMax ?? Number.MAX_SAFE_INTEGER) - used.points);
    if (points < room.points) room = { points, tightest: cap };
  }
  return room;
}

/** What an award of `points` uses of each cap that counts over time. */
export function useOf(
  caps: readonly Cap[],
  ruleId: string,
  points: number,
  atMs: number,
  zoneOffsetMs: number,
): readonly CapChange[] {
  if (points === 0) return [];
  return caps
    .filter((cap) => cap.period !== "order")
    .map((cap) => ({ key: capKey(ruleId, cap, atMs, zoneOffsetMs), points, times: 1 }));
}

export function withUse(usage: CapUsage, changes: readonly CapChange[]): CapUsage {
  const next = new Map(usage);
  for (const { key, points, times } of changes) {
    const used = next.get(key) ?? NOTHING;
    next.set(key, {
      points: Math.max(0, used.points + points),
      times: Math.max(0, used.times + times),
    });
  }
  return next;
}
