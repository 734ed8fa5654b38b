/**
 * Rows one redemption may write, in objects and in D1: all tables, index entries, deletes and alarms. Measured by
 * `npm run cost` plus a tenth; lowered when a write is saved, raised only with a reason in the commit.
 */
interface Budget {
  readonly measured: number;
  readonly rowsMax: number;
}

interface Budgets {
  readonly objects: Budget;
  readonly d1: Budget;
}

const budget = (measured: number): Budget => ({ measured, rowsMax: measured * 1.1 });
const budgets = (objects: number, d1: number): Budgets => ({
  objects: budget(objects),
  d1: budget(d1),
});

export const ROWS_WRITTEN: Readonly<Record<"door" | "http" | "http_alone" | "cancel", Budgets>> = {
  /** Ticket, door, take, settle, in a rush: commits are shared. */
  door: budgets(8.13, 9.03),
  /** One call, in a rush. */
  http: budgets(8.27, 9.07),
  /** One call with no other near it, so that no commit is shared: the most a redemption costs. */
  http_alone: budgets(12.17, 9.67),
  cancel: budgets(7.15, 6.03),
};
