/** Writes CSV that a spreadsheet opens as text and never as a formula. */

/** What Excel, WPS and LibreOffice take for the begin of a formula, full-width forms included. */
const FORMULA = /^[\s\u00a0\ufeff]*[=+\-@|%＝＋－＠\t\r]/;
const PLAIN_NUMBER = /^-?\d+(?:\.\d+)?$/;

export type Cell = string | number | boolean | null;

/** A cell that begins like a formula gets an apostrophe before it; a plain number is left one. */
export function csvCell(value: Cell): string {
  if (value === null) return "";
  const text = String(value);
  const isFormula = typeof value === "string" && FORMULA.test(text) && !PLAIN_NUMBER.test(text);
  const safe = isFormula ? `'${text}` : text;
  return /[",\r\n;\t]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A cell of our own export as it was before: the apostrophe that keeps a spreadsheet from reading a formula is taken off. */
export function readCell(cell: string): string {
  const text = cell.trim();
  return text.startsWith("'") && FORMULA.test(text.slice(1)) ? text.slice(1) : text;
}

export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

/** With the byte order mark by which Excel knows UTF-8. */
export function csvText(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return `\ufeff${[head, ...rows].map(csvLine).join("")}`;
}

/** Answer of an export. `name` is ours: letters, digits and dashes. */
export function csvHeaders(name: string): Record<string, string> {
  return {
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": `attachment; filename="${name}.csv"`,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  };
}
