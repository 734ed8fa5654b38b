/** A domain's door lets out what somebody outside asks for, so that whoever changes the rest has nobody to ask. */
import { posix } from "node:path";
import { expect, it } from "vitest";
import { filesUnder, isScript, readSource } from "./source.ts";

const NAMED = /\b(import|export)\s+(?:type\s+)?\{([^}]*)\}\s*from\s*"(\.[^"]+)"/g;

interface Names {
  readonly word: "import" | "export";
  readonly target: string;
  /** Of each name what it is called there, and here. */
  readonly names: readonly (readonly [string, string])[];
}

function namesIn(path: string): Names[] {
  return [...readSource(path).text.matchAll(NAMED)].map(([, word, list = "", specifier = ""]) => ({
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
  const scripts = ["worker", "storefront", "bench"].flatMap((root) => filesUnder(root, isScript));
  const all = scripts.map((path) => ({ path, found: namesIn(path) }));
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
