/** What never stays in a tree that others read. */
import { describe, expect, it } from "vitest";
import { filesUnder, isScript, isTest, readSource, readText } from "./source.ts";

const MAY_PRINT = /^(?:worker\/platform\/log\.ts|worker\/local\/|worker\/testing\/|bench\/)/;
const TEXTS = /\.(?:ts|tsx|js|mjs|css|html|sql|toml|md|json|sh)$/;
// Written apart, so that this file does not find itself.
const LEFTOVER = new RegExp(
  `\\b(?:${["TO", "DO"].join("")}|${["FIX", "ME"].join("")}|${["XX", "X"].join("")})\\b`,
);

describe("hygiene", () => {
  it("prints through the log only", () => {
    const scripts = ["worker", "storefront", "bench"].flatMap((folder) =>
      filesUnder(folder, isScript),
    );
    const printing = scripts.filter(
      (path) => !MAY_PRINT.test(path) && !isTest(path) && /\bconsole\./.test(readSource(path).code),
    );
    expect(printing).toEqual([]);
  });

  it("leaves no note of unfinished work", () => {
    const isText = (path: string): boolean => TEXTS.test(path) && path !== "package-lock.json";
    expect(filesUnder(".", isText).filter((path) => LEFTOVER.test(readText(path)))).toEqual([]);
  });

  it("skips no test and runs none alone", () => {
    const tests = ["worker", "storefront", "bench"].flatMap((folder) =>
      filesUnder(folder, (path) => /\.test\.tsx?$/.test(path)),
    );
    const marked = tests.filter((path) =>
      /\b(?:it|test|describe)\.(?:only|skip|todo)\b/.test(readSource(path).code),
    );
    expect(marked).toEqual([]);
  });

  it("silences the compiler and the linter only with a reason", () => {
    const scripts = ["worker", "storefront", "bench"].flatMap((folder) =>
      filesUnder(folder, isScript),
    );
    // In two halves, so that this file does not find itself.
    const words = ["@ts-", "ignore|@ts-", "nocheck|(?:ox|es)lint-", "disable"].join("");
    const marks = new RegExp(`(?:${words})(?!.*--\\s*\\S)`);
    const bare = scripts.filter((path) =>
      readText(path)
        .split("\n")
        .some((line) => marks.test(line)),
    );
    expect(bare).toEqual([]);
  });
});

describe("schemas with a name", () => {
  it("are never made nullable, which the document could not say: orNull does it", () => {
    const sources = filesUnder("worker", (path) => path.endsWith(".ts") && !isTest(path)).map(
      (path) => ({ path, text: readSource(path).text }),
    );
    const named = new Set(
      sources.flatMap(({ path, text }) =>
        [...text.matchAll(/^(?:export )?const (\w+Schema) =([^;]*);/gm)]
          .filter(([, , body]) => /\.openapi\("\w+"/.test(body ?? ""))
          .map(([, name]) => `${path.split("/")[1]} ${name}`),
      ),
    );
    expect(named.size).toBeGreaterThan(100);
    const nullable = sources.flatMap(({ path, text }) =>
      [...text.matchAll(/\b(\w+Schema)\s*\.nullable\(\)/g)]
        .filter(([, name]) => named.has(`${path.split("/")[1]} ${name}`))
        .map(([, name]) => `${path} ${name}`),
    );
    expect(nullable).toEqual([]);
  });
});
