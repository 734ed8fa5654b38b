/** docs/storage-schema.md against the migrations and the code: whoever is asked what is kept, and of whom, reads it there. */
import { describe, expect, it } from "vitest";
import { filesUnder, isScript, isTest, readText } from "./source.ts";

const DOCUMENT = readText("docs/storage-schema.md");

/** Tables as they stand after every migration, each with the columns of its primary key. */
function tablesOf(folder: string): Map<string, readonly string[]> {
  const tables = new Map<string, readonly string[]>();
  for (const path of filesUnder(`migrations/${folder}`, (file) => file.endsWith(".sql"))) {
    const sql = readText(path).replaceAll(/--.*$/gm, "").replaceAll("`", "");
    for (const [, made, body = "", dropped, from, to] of sql.matchAll(
      /CREATE TABLE (\w+)\s*\(([\s\S]*?)\n\)|DROP TABLE (\w+)|ALTER TABLE (\w+) RENAME TO (\w+)/g,
    )) {
      if (made !== undefined) tables.set(made, keyOf(body));
      if (dropped !== undefined) tables.delete(dropped);
      if (from === undefined || to === undefined) continue;
      tables.set(to, tables.get(from) ?? []);
      tables.delete(from);
    }
  }
  return tables;
}

function keyOf(body: string): readonly string[] {
  const ofTable = /PRIMARY KEY\s*\(([^)]*)\)/.exec(body)?.[1];
  const ofColumn = /^\s*(\w+)[^,\n]*PRIMARY KEY/m.exec(body)?.[1];
  return (ofTable ?? ofColumn ?? "").split(",").map((column) => column.trim());
}

/** The rows of all tables below a heading, but for their heads. */
function rowsBelow(heading: RegExp): string[][] {
  const chapters = DOCUMENT.split(/^## /m).filter((chapter) => heading.test(chapter));
  return chapters
    .flatMap((chapter) => chapter.split("\n"))
    .filter((line) => line.startsWith("| `"))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

const CHAPTERS = [
  ["account", /^Account objects/],
  ["sku", /^Sku objects/],
  ["codes", /^CodeVault objects/],
  ["d1", /^D1/],
] as const;
/** Made by the tools that migrate, and by no file of ours. */
const OF_TOOLS = new Set(["d1_migrations", "schema_migrations"]);

describe("the storage schema", () => {
  it.each(CHAPTERS)("of %s has a line for each table and no other, with its key", (folder, of) => {
    const rows = rowsBelow(of);
    const lines = new Map(rows.map(([name = "", key = ""]) => [name, key]));
    expect(lines.size).toBe(rows.length);
    const tables = tablesOf(folder);
    expect(tables.size).toBeGreaterThan(1);
    const named = [...lines.keys()].map((name) => name.replaceAll("`", ""));
    expect(named.filter((name) => !OF_TOOLS.has(name)).toSorted()).toEqual(
      [...tables.keys()].filter((name) => !OF_TOOLS.has(name)).toSorted(),
    );
    const keyless = [...tables].flatMap(([name, columns]) => {
      const told = new Set(lines.get(`\`${name}\``)?.match(/\w+/g));
      return columns.filter((column) => !told.has(column)).map((column) => `${name} ${column}`);
    });
    expect(keyless).toEqual([]);
  });

  it("says of everything what it holds, who writes it and whether it is personal", () => {
    const rows = [/objects/, /^D1/, /^In the browser/, /^R2/].flatMap(rowsBelow);
    expect(rows.length).toBeGreaterThan(100);
    expect(rows.filter((cells) => cells.length < 4 || cells.includes(""))).toEqual([]);
  });

  it("names every cookie and every item of the browser, and none that is gone", () => {
    const sources = ["worker", "storefront"].flatMap((folder) =>
      filesUnder(folder, (path) => isScript(path) && !isTest(path)),
    );
    const code = sources.map((path) => readText(path)).join("\n");
    const used = new Set(
      [...code.matchAll(/["`](qd[_:.-][a-z][\w:.-]*)/g)].map(([, name = ""]) => name),
    );
    const items = rowsBelow(/^In the browser/).flatMap(([cell = ""]) =>
      [...cell.matchAll(/`(qd[^`]*)`/g)].map(([, name = ""]) => name),
    );
    expect(used.size).toBeGreaterThan(12);
    expect([...used].filter((name) => !items.some((item) => item.startsWith(name)))).toEqual([]);
    expect(items.filter((item) => ![...used].some((name) => item.startsWith(name)))).toEqual([]);
  });
});
