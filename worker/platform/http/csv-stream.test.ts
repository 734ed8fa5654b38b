/** Exports that are sent as they are read. */
import { describe, expect, it } from "vitest";
import { csvStream, cutSentence, type CsvExport } from "./csv-stream.ts";

const PAGES: Readonly<Record<string, readonly string[]>> = {
  "": ["a", "=b"],
  1: ["c"],
  2: ["d", "e"],
};
const NEXT: Readonly<Record<string, string | null>> = { "": "1", 1: "2", 2: null };

function wish(rowsMax: number, asked: string[] = []): CsvExport {
  return {
    ...{ name: "rows", head: ["row"], rowsMax, cutLine: cutSentence("en", rowsMax) },
    page: (cursor) => {
      const at = cursor ?? "";
      asked.push(at);
      const rows = (PAGES[at] ?? []).map((cell) => [cell]);
      return Promise.resolve({ rows, next: NEXT[at] ?? null });
    },
  };
}

const linesOf = async (rowsMax: number): Promise<string[]> =>
  (await (await csvStream(wish(rowsMax))).text()).trim().split("\r\n");

describe("an export", () => {
  it("holds every page, with no cell that runs", async () => {
    expect(await linesOf(5)).toEqual(["row", "a", "'=b", "c", "d", "e"]);
  });

  it.each([1, 2, 3, 4])(
    "says in its last line that it was cut off after %i rows",
    async (rowsMax) => {
      const lines = await linesOf(rowsMax);
      expect(lines).toHaveLength(rowsMax + 2);
      expect(lines.at(-1)).toBe(
        `Cut off after ${rowsMax} rows: narrow the filter and export again`,
      );
    },
  );

  it("reads a page only when the reader has room for it", async () => {
    const asked: string[] = [];
    const { body } = await csvStream(wish(9, asked));
    await body?.cancel();
    expect(asked.length).toBeLessThan(3);
  });

  it("is a failure and no broken file when its first page cannot be read", async () => {
    const broken = { ...wish(9), page: () => Promise.reject(new Error("away")) };
    await expect(csvStream(broken)).rejects.toThrow("away");
  });
});
