/** Balances from elsewhere, as CSV: every bad line is named, and nothing is booked while there is one. Pure. */
import { dayOf, startOfDayMs } from "../../kernel/calendar.ts";
import { MEMBER_ID_PATTERN } from "../../kernel/ids.ts";
import { IMPORT_SENTENCES, type ImportSentences } from "../../kernel/import-sentences.ts";
import { LIMITS } from "../../kernel/limits.ts";
import { readCsv, type CsvLine } from "./csv.ts";

export interface ImportRow {
  readonly line: number;
  readonly memberId: string;
  readonly points: number;
  readonly reason: string;
  /** The first moment at which the points are gone; null: never. */
  readonly expiresAtMs: number | null;
}

export interface BadLine {
  readonly line: number;
  readonly field: string;
  readonly reason: string;
}

export interface ImportPlan {
  readonly rows: readonly ImportRow[];
  readonly bad: readonly BadLine[];
  readonly points: number;
  readonly members: number;
}

export const IMPORT_COLUMNS = ["memberId", "points", "reason", "lastDay"] as const;
export const IMPORT_LINES_MAX = 5_000;

/** Where and when the lines are read, and in whose language their faults are told. */
interface Ground {
  readonly nowMs: number;
  readonly zoneOffsetMs: number;
  readonly say: ImportSentences;
}

export function planImport(
  text: string,
  nowMs: number,
  zoneOffsetMs: number,
  say: ImportSentences = IMPORT_SENTENCES.en,
): ImportPlan {
  const csv = readCsv(text);
  const nothing = { rows: [], points: 0, members: 0 };
  const wrong = (line: number, field: string, reason: string): ImportPlan => ({
    ...nothing,
    bad: [{ line, field, reason }],
  });
  if (csv.kind === "unclosed") return wrong(csv.line, "", say.unclosed);
  const [header, ...lines] = csv.lines;
  const names = (header?.cells ?? []).map((name) => name.trim());
  if (names.join(",") !== IMPORT_COLUMNS.join(",")) {
    return wrong(header?.line ?? 1, "", say.firstLine(IMPORT_COLUMNS.join(",")));
  }
  if (lines.length === 0) return wrong(header?.line ?? 1, "", say.noLines);
  if (lines.length > IMPORT_LINES_MAX) {
    return wrong(lines[IMPORT_LINES_MAX]?.line ?? 1, "", say.linesMax(IMPORT_LINES_MAX));
  }
  const rows: ImportRow[] = [];
  const bad: BadLine[] = [];
  for (const line of lines) {
    const read = readLine(line, { nowMs, zoneOffsetMs, say });
    if ("row" in read) rows.push(read.row);
    else bad.push(...read.bad);
  }
  let points = 0;
  for (const row of rows) points += row.points;
  return { rows, bad, points, members: new Set(rows.map((row) => row.memberId)).size };
}

/** So many lines from `fromLine` on: a long file is booked in parts, so that somebody can be told how far it is. */
export function partOf(
  rows: readonly ImportRow[],
  fromLine: number,
  linesMax: number,
): { readonly rows: readonly ImportRow[]; readonly nextLine: number | null } {
  const left = rows.filter(({ line }) => line >= fromLine);
  return { rows: left.slice(0, linesMax), nextLine: left[linesMax]?.line ?? null };
}

function readLine(
  { line, cells }: CsvLine,
  { nowMs, zoneOffsetMs, say }: Ground,
): { readonly row: ImportRow } | { readonly bad: readonly BadLine[] } {
  if (cells.length !== IMPORT_COLUMNS.length) {
    const reason = say.columnCount(cells.length, IMPORT_COLUMNS.length);
    return { bad: [{ line, field: "", reason }] };
  }
  const [memberId = "", pointsText = "", reason = "", lastDay = ""] = cells.map((one) =>
    one.trim(),
  );
  const bad: BadLine[] = [];
  const note = (field: string, why: string): void => {
    bad.push({ line, field, reason: why });
  };
  if (!MEMBER_ID_PATTERN.test(memberId)) note("memberId", say.memberId);
  const points = /^[0-9]{1,12}$/.test(pointsText) ? Number(pointsText) : 0;
  if (points < 1 || points > LIMITS.pointsMax) {
    note("points", say.wholeNumber(1, LIMITS.pointsMax));
  }
  if (reason === "" || reason.length > LIMITS.textMax) {
    note("reason", say.shownReason(LIMITS.textMax));
  }
  const expiresAtMs = endOfDay(lastDay, zoneOffsetMs);
  if (expiresAtMs === "wrong") note("lastDay", say.lastDay);
  else if (expiresAtMs !== null && expiresAtMs <= nowMs) note("lastDay", say.passed);
  else if (expiresAtMs !== null && expiresAtMs > LIMITS.timeMsMax) note("lastDay", say.tooLate);
  if (bad.length > 0 || expiresAtMs === "wrong") return { bad };
  return { row: { line, memberId, points, reason, expiresAtMs } };
}

function endOfDay(text: string, zoneOffsetMs: number): number | null | "wrong" {
  if (text === "") return null;
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return "wrong";
  const [year = 0, month = 0, day = 0] = match.slice(1).map(Number);
  if (month < 1 || month > 12 || day < 1) return "wrong";
  const atDay = dayOf({ year, month, day });
  const next =
    month === 12 ? { year: year + 1, month: 1, day: 1 } : { year, month: month + 1, day: 1 };
  return atDay < dayOf(next) ? startOfDayMs(atDay + 1, zoneOffsetMs) : "wrong";
}
