/**
 * How much of a long work an object does in one commit, and how long it rests after it: bounded in rows and in time, and
 * always behind whoever waits for this object. Pure.
 */

export interface Pace {
  /** Rows of the next step. */
  readonly rows: number;
  /** Rest after it. */
  readonly restMs: number;
}

export interface StepSeen {
  /** From asking for the step until the object was free again: its work, its commit, and whatever shared the thread. */
  readonly tookMs: number;
  /** Somebody else's command came meanwhile. */
  readonly isBusy: boolean;
}

/** A step that took longer is followed by smaller ones. */
const STEP_MS_WANTED = 8;
const ROWS_MIN = 16;
const ROWS_MORE = 8;
export const ROWS_MAX = 64;
/** Rest for each millisecond of work: beside commands the work gets a tenth of the time, alone it gets half. */
const REST_BUSY = 9;
const REST_ALONE = 1;
const REST_BUSY_MS_MIN = 60;
const REST_ALONE_MS_MIN = 8;
const REST_MS_MAX = 500;

export const FIRST_PACE: Pace = { rows: ROWS_MIN, restMs: REST_ALONE_MS_MIN };

export function nextPace(pace: Pace, { tookMs, isBusy }: StepSeen): Pace {
  const isLong = tookMs > STEP_MS_WANTED;
  const rows = isLong
    ? Math.max(ROWS_MIN, Math.floor(pace.rows / 2))
    : Math.min(ROWS_MAX, pace.rows + ROWS_MORE);
  const wantedMs = Math.ceil(tookMs * (isBusy ? REST_BUSY : REST_ALONE));
  const leastMs = isBusy ? REST_BUSY_MS_MIN : REST_ALONE_MS_MIN;
  return { rows, restMs: Math.min(REST_MS_MAX, Math.max(leastMs, wantedMs)) };
}
