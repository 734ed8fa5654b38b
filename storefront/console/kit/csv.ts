/** What Excel, WPS and LibreOffice take for the begin of a formula, as the server's own exports know it. */
const FORMULA = /^[\s\u00a0\ufeff]*[=+\-@|%＝＋－＠\t\r]/;
const PLAIN_NUMBER = /^-?\d+(?:\.\d+)?$/;

/** One cell as a spreadsheet takes it: what begins like a formula is made text, so that opening the file runs nothing. */
export function csvCell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = FORMULA.test(value) && !PLAIN_NUMBER.test(value) ? `'${value}` : value;
  return /[",;\t\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csvOf(
  head: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string {
  return [head, ...rows].map((row) => row.map(csvCell).join(",")).join("\r\n");
}

/** What a spreadsheet wrote. On Chinese systems Excel and WPS save a plain CSV as GBK, which is next to never good UTF-8. */
export async function textOfFile(file: Blob): Promise<string> {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

/** Hands a text to the browser as a file. The mark at its start makes spreadsheets read it as UTF-8. */
export function download(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(
    new Blob([`\ufeff${text}\r\n`], { type: "text/csv;charset=utf-8" }),
  );
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
