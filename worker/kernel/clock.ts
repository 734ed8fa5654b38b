/** Epoch milliseconds, UTC. Injected everywhere, so that tests own time. */
export type Clock = () => number;

export const DAY_MS = 86_400_000;

/** The zone that every programme runs in: UTC+8. */
export const ZONE_OFFSET_MS = 8 * 3_600_000;

/** Whole days since 1970-01-01 in a zone with a fixed offset. */
export function programmeDay(atMs: number, zoneOffsetMs: number): number {
  return Math.floor((atMs + zoneOffsetMs) / DAY_MS);
}

/** The first moment of the programme day after the one that `atMs` lies in. */
export function nextProgrammeMidnightMs(atMs: number, zoneOffsetMs: number): number {
  return (programmeDay(atMs, zoneOffsetMs) + 1) * DAY_MS - zoneOffsetMs;
}

/** The first moment of the calendar month after the one that `atMs` lies in. */
export function nextProgrammeMonthMs(atMs: number, zoneOffsetMs: number): number {
  const local = new Date(atMs + zoneOffsetMs);
  return Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + 1, 1) - zoneOffsetMs;
}
