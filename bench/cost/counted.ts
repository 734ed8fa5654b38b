/** The meter's figures of one phase, and what they come to for one operation. */
import type { Metered, MeterFigure, Owner } from "../../worker/platform/meter-figures.ts";
import { MESSAGES_PER_REQUEST, OBJECT_MEMORY_GB, type Usage } from "./prices.ts";

export interface Counted {
  readonly name: string;
  readonly title: string;
  /** How many redemptions, refusals or cancels were made. */
  readonly operations: number;
  readonly figures: readonly MeterFigure[];
}

/** Processor time of one Worker request; docs/adr/017 measured two tenths, the rest is a reserve. */
const WORKER_CPU_MS = 0.5;
/** Calls that the tool itself causes. */
const TOOL_CALLS = new Set(["audit", "auditTakes", "auditMembers", "recount", "checkTakes"]);

export interface Line {
  readonly owner: Owner;
  readonly what: string;
  readonly count: number;
}

/** Lines of a kind, largest first. */
export function linesOf(figures: readonly MeterFigure[], kind: Metered): Line[] {
  return figures
    .filter((figure) => figure.kind === kind && !TOOL_CALLS.has(figure.what))
    .map(({ owner, what, count }) => ({ owner, what, count }))
    .sort((a, b) => b.count - a.count);
}

export function total(lines: readonly Line[], isWanted: (line: Line) => boolean = () => true) {
  return lines.filter(isWanted).reduce((sum, line) => sum + line.count, 0);
}

/** Rows written by table, alarms that were set among them; D1 apart. */
export function rowsWritten(figures: readonly MeterFigure[]): Line[] {
  const alarms = linesOf(figures, "setAlarm").map((line) => ({ ...line, what: "(alarm set)" }));
  return [...linesOf(figures, "rowsWritten"), ...alarms].sort((a, b) => b.count - a.count);
}

export const isD1 = (line: Line): boolean => line.owner === "D1";
const isObject = (line: Line): boolean => line.owner !== "D1";

export function usageOf({ figures }: Counted): Usage {
  const rows = rowsWritten(figures);
  const read = linesOf(figures, "rowsRead");
  const workerRequests = total(linesOf(figures, "request"));
  const calls = total(linesOf(figures, "call")) + total(linesOf(figures, "alarm"));
  const messages = total(linesOf(figures, "messageIn"));
  return {
    workerRequests,
    workerCpuMs: workerRequests * WORKER_CPU_MS,
    objectRequests: calls + messages / MESSAGES_PER_REQUEST,
    objectGbSeconds: (total(linesOf(figures, "activeMs")) / 1_000) * OBJECT_MEMORY_GB,
    objectRowsWritten: total(rows, isObject),
    objectRowsRead: total(read, isObject),
    d1RowsWritten: total(rows, isD1),
    d1RowsRead: total(read, isD1),
  };
}

/** Rows written in objects for one operation. With those of D1 what the budget is about. */
export function rowsPerOperation(counted: Counted): number {
  return usageOf(counted).objectRowsWritten / counted.operations;
}

export function d1RowsPerOperation(counted: Counted): number {
  return usageOf(counted).d1RowsWritten / counted.operations;
}
