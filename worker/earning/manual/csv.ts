/** CSV as RFC 4180 has it: quotes, doubled quotes, both kinds of line ends, a byte order mark. Pure. */

export interface CsvLine {
  /** As an editor counts, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

export type Csv =
  | { readonly kind: "ok"; readonly lines: readonly CsvLine[] }
  /** A quote that nobody closed: what follows it cannot be read. */
  | { readonly kind: "unclosed"; readonly line: number };

const BYTE_ORDER_MARK = "\ufeff";

/** Reads all lines; empty ones are left out. */
export function readCsv(text: string): Csv {
  const source = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  const lines: CsvLine[] = [];
  let cells: string[] = [];
  let cell = "";
  let line = 1;
  let startsAt = 1;
  let isQuoted = false;
  const endCell = (): void => {
    cells.push(cell);
    cell = "";
  };
  const endLine = (): void => {
    endCell();
    if (cells.some((one) => one.trim() !== "")) lines.push({ line: startsAt, cells });
    cells = [];
  };
  for (let at = 0; at < source.length; at += 1) {
    const sign = source[at];
    if (sign === "\n") line += 1;
    if (isQuoted) {
      if (sign !== '"') cell += sign;
      else if (source[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else isQuoted = false;
    } else if (sign === '"' && cell === "") isQuoted = true;
    else if (sign === ",") endCell();
    else if (sign === "\n") {
      endLine();
      startsAt = line;
    } else if (sign !== "\r" || source[at + 1] !== "\n") cell += sign;
  }
  if (isQuoted) return { kind: "unclosed", line: startsAt };
  endLine();
  return { kind: "ok", lines };
}
