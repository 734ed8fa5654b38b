/** Files and functions stay small enough to be read at once; who does not says why. */
import { describe, expect, it } from "vitest";
import { filesUnder, functionsOf, isScript, isTest, readSource, readText } from "./source.ts";

const FILE_LINES_MAX = 400;
const FUNCTION_LINES_MAX = 70;

/** Path → why it is one file. An entry that is not needed any more fails. */
const LONG_FILES: Readonly<Record<string, string>> = {};

/** `path name` → why it is one function. */
const LONG_FUNCTIONS: Readonly<Record<string, string>> = {};

const isMeasured = (path: string): boolean => isScript(path) || path.endsWith(".css");
const files = ["worker", "storefront", "bench"].flatMap((folder) => filesUnder(folder, isMeasured));

const linesOf = (path: string): number => readText(path).replace(/\n$/, "").split("\n").length;

describe("sizes", () => {
  it(`keeps files to ${FILE_LINES_MAX} lines`, () => {
    const long = files.filter((path) => linesOf(path) > FILE_LINES_MAX);
    expect(
      long.filter((path) => !(path in LONG_FILES)).map((path) => `${path} ${linesOf(path)}`),
    ).toEqual([]);
    expect(Object.keys(LONG_FILES).filter((path) => !long.includes(path))).toEqual([]);
  });

  it(`keeps functions to ${FUNCTION_LINES_MAX} lines`, () => {
    // A `describe` is a chapter, not a function.
    const scripts = files.filter((path) => isScript(path) && !isTest(path));
    const long = scripts.flatMap((path) =>
      functionsOf(readSource(path))
        .filter(({ lines }) => lines > FUNCTION_LINES_MAX)
        .map(({ name, line, lines }) => ({
          key: `${path} ${name}`,
          told: `${path}:${line} ${name} ${lines}`,
        })),
    );
    expect(long.filter(({ key }) => !(key in LONG_FUNCTIONS)).map(({ told }) => told)).toEqual([]);
    expect(
      Object.keys(LONG_FUNCTIONS).filter((key) => !long.some((one) => one.key === key)),
    ).toEqual([]);
  });

  it("has a reason for every exception", () => {
    const reasons = [...Object.entries(LONG_FILES), ...Object.entries(LONG_FUNCTIONS)];
    expect(reasons.filter(([, reason]) => reason.trim().length < 20)).toEqual([]);
  });
});
