import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chinaMs, CHINA_MS } from "../../testing/points/earning.ts";
import { planImport, readCsv } from "./index.ts";

const NOW = chinaMs("2026-06-01T12:00");
const HEAD = "memberId,points,reason,lastDay";
const plan = (...lines: readonly string[]) =>
  planImport([HEAD, ...lines].join("\n"), NOW, CHINA_MS);

describe("CSV", () => {
  it("reads back what was written, whatever the cells hold", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r\n", " ", "界") });
    const row = fc.array(cell, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), (rows) => {
        const text = rows
          .map((cells) => cells.map((one) => `"${one.replaceAll('"', '""')}"`).join(","))
          .join("\r\n");
        const read = readCsv(text);
        const wanted = rows.filter((cells) => cells.some((one) => one.trim() !== ""));
        expect(read.kind === "ok" && read.lines.map((line) => line.cells)).toEqual(wanted);
      }),
    );
  });

  it("counts lines as an editor does, over quoted breaks and blank lines", () => {
    const read = readCsv('\ufeffa,b\r\n\r\n"x\ny",1\nlast,2');
    expect(read).toEqual({
      kind: "ok",
      lines: [
        { line: 1, cells: ["a", "b"] },
        { line: 3, cells: ["x\ny", "1"] },
        { line: 5, cells: ["last", "2"] },
      ],
    });
    expect(readCsv('a\n"never closed,\nb')).toEqual({ kind: "unclosed", line: 2 });
  });
});

describe("an import", () => {
  it("ends points with their last day, in the programme's zone", () => {
    const { rows, bad } = plan("m,10,r,2026-06-01", "m,5,r,2028-02-29", "n,1,r,");
    expect(bad).toEqual([]);
    expect(rows.map((row) => row.expiresAtMs)).toEqual([
      ...[chinaMs("2026-06-02"), chinaMs("2028-03-01"), null],
    ]);
  });

  it.each([
    ["memberId", "m:m,1,r,"],
    ["points", "m,0,r,"],
    ["points", "m,-1,r,"],
    ["points", "m,1e3,r,"],
    ["points", "m,1000000001,r,"],
    ["reason", "m,1, ,"],
    ["lastDay", "m,1,r,2026-05-31"],
    ["lastDay", "m,1,r,2027-02-29"],
    ["lastDay", "m,1,r,31.12.2027"],
    ["lastDay", "m,1,r,2150-01-01"],
    ["", "m,1,r"],
    ["", "m,1,r,,"],
  ])("names %s in %s", (field, line) => {
    const { rows, bad } = plan("ok,1,r,", line);
    expect(bad.map((one) => [one.line, one.field])).toEqual([[3, field]]);
    expect(rows).toHaveLength(1);
  });

  it("needs its header and at least a line", () => {
    expect(planImport("", NOW, CHINA_MS).bad).toMatchObject([{ line: 1 }]);
    expect(planImport("m,1,r,", NOW, CHINA_MS).bad).toMatchObject([{ line: 1 }]);
    expect(planImport(HEAD, NOW, CHINA_MS).bad).toMatchObject([{ line: 1 }]);
  });
});
