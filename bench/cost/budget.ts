/**
 * Rows one redemption may write in objects: all tables, index entries, deletes and alarms. Measured by
 * `npm run cost` plus a tenth; lowered when a write is saved, raised only with a reason in the commit.
 */
interface Budget {
  readonly measured: number;
  readonly rowsMax: number;
}

const budget = (measured: number): Budget => ({ measured, rowsMax: measured * 1.1 });

export const ROWS_WRITTEN: Readonly<Record<"door" | "http" | "http_alone" | "cancel", Budget>> = {
  /** Ticket, door, take, settle, in a rush: commits are shared. */
  door: budget(9.13),
  /** One call, in a rush. */
  http: budget(9.26),
  /** One call with no other near it, so that no commit is shared: the most a redemption costs. */
  http_alone: budget(13.17),
  cancel: budget(9.1),
};
