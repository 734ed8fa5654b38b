/**
 * A domain's door lets out what somebody outside asks for, so that whoever changes the rest has nobody to ask; and what only
 * tests would ask for is no part of the product.
 */
import { posix } from "node:path";
import { expect, it } from "vitest";
import { filesUnder, isScript, isTest, readSource, type Source } from "./source.ts";

const NAMED = /\b(import|export)\s+(?:type\s+)?\{([^}]*)\}\s*from\s*"(\.[^"]+)"/g;

interface Names {
  readonly word: "import" | "export";
  readonly target: string;
  /** Of each name what it is called there, and here. */
  readonly names: readonly (readonly [string, string])[];
}

const SOURCES = ["worker", "storefront", "bench"]
  .flatMap((root) => filesUnder(root, isScript))
  .map(readSource);

function namesIn({ path, text }: Source): Names[] {
  return [...text.matchAll(NAMED)].map(([, word, list = "", specifier = ""]) => ({
    word: word === "export" ? "export" : "import",
    target: posix.normalize(posix.join(posix.dirname(path), specifier)),
    names: list
      .split(",")
      .map((one) => one.trim().replace(/^type\s+/, ""))
      .filter((one) => one !== "")
      .map((one) => {
        const [there = "", here = there] = one.split(/\s+as\s+/);
        return [there, here] as const;
      }),
  }));
}

it("let out no name that nobody asks them for", () => {
  const all = SOURCES.map((source) => ({ path: source.path, found: namesIn(source) }));
  const asked = new Set(
    all.flatMap(({ found }) =>
      found.flatMap(({ target, names }) => names.map(([there]) => `${target} ${there}`)),
    ),
  );
  // The entry's classes are asked for by wrangler.toml.
  const isDoor = (path: string): boolean =>
    path.endsWith("/index.ts") && path !== "worker/index.ts";
  const doors = all.filter(({ path }) => isDoor(path));
  expect(doors.length).toBeGreaterThan(40);
  const idle = doors.flatMap(({ path, found }) =>
    found
      .filter(({ word }) => word === "export")
      .flatMap(({ names }) => names.map(([, here]) => `${path} ${here}`)),
  );
  expect(idle.filter((name) => !asked.has(name))).toEqual([]);
});

const PASSED_ON = /\bexport\s+(?:type\s+)?\{[^}]*\}\s*from\s*"[^"]+"/g;
const EXPORTED =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:const|function\*?|class) ([\w$]+)/gm;

it("let out nothing that the product itself never uses", () => {
  const scripts = SOURCES
    // Tables are the schema that migrations are generated from; most are read by plain SQL.
    .filter(({ path }) => !isTest(path) && !path.endsWith("/d1-schema.ts"))
    // A door only passes on.
    .map(({ path, text }) => ({ path, text: text.replaceAll(PASSED_ON, "") }));
  const uses = new Map<string, number>();
  for (const { text } of scripts)
    for (const [word] of text.matchAll(/[\w$]+/g)) uses.set(word, (uses.get(word) ?? 0) + 1);
  // The bench's budgets and tables are there for its tests.
  const product = scripts.filter(({ path }) => !path.startsWith("bench/"));
  const idle = product.flatMap(({ path, text }) =>
    [...text.matchAll(EXPORTED)].flatMap(([, name = ""]) =>
      uses.get(name) === 1 ? [`${path} ${name}`] : [],
    ),
  );
  expect(idle).toEqual([]);
});
