/** An export as it is read: page after page goes out, and none is kept. */
import { ZONE_OFFSET_MS } from "../../kernel/clock.ts";
import { csvHeaders, csvLine, type Cell } from "../../kernel/csv.ts";
import { describeError, log } from "../log.ts";

export interface CsvPage {
  readonly rows: readonly (readonly Cell[])[];
  /** Where the next page begins; null: this is the last. */
  readonly next: string | null;
}

export interface CsvExport {
  /** Letters, digits and dashes. */
  readonly name: string;
  readonly head: readonly string[];
  readonly rowsMax: number;
  /** The last line where there is more than `rowsMax`: whoever opens the file must not take a part for the whole. */
  readonly cutLine: string;
  readonly page: (cursor: string | null) => Promise<CsvPage>;
}

/** A moment as a spreadsheet reads it and pages show it, on the programme's clock; milliseconds where they tell what came first. */
export function timeCell(atMs: number, precision: "s" | "ms" = "s"): string {
  const [day = "", time = ""] = new Date(atMs + ZONE_OFFSET_MS).toISOString().split("T");
  return `${day} ${time.slice(0, precision === "s" ? 8 : 12)}`;
}

/** The first page is read before the answer begins, so that a failure there is a problem and no broken file. */
export async function csvStream(wish: CsvExport): Promise<Response> {
  const { name, head, rowsMax, cutLine, page } = wish;
  const bytes = new TextEncoder();
  let next: CsvPage | null = await page(null);
  let rows = 0;
  let isGone = false;
  let text = `\ufeff${csvLine(head)}`;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        if (next === null) {
          controller.close();
          return;
        }
        const left = rowsMax - rows;
        const { rows: found, next: cursor }: CsvPage = next;
        text += found.slice(0, left).map(csvLine).join("");
        rows += Math.min(found.length, left);
        const isCut = found.length > left || (cursor !== null && rows >= rowsMax);
        if (isCut) text += csvLine([cutLine]);
        next = isCut || cursor === null ? null : await page(cursor);
        if (isGone) return;
        controller.enqueue(bytes.encode(text));
        text = "";
      } catch (error) {
        log("export_failed", { name, error: describeError(error) });
        controller.error(error);
      }
    },
    cancel() {
      isGone = true;
      next = null;
    },
  });
  return new Response(body, { headers: csvHeaders(name) });
}

/** The last line of an export that was cut off. */
export const cutSentence = (locale: "zh-CN" | "en", rowsMax: number): string =>
  locale === "en"
    ? `Cut off after ${rowsMax} rows: narrow the filter and export again`
    : `已截断：只含前 ${rowsMax} 行，请缩小范围后再导出`;
