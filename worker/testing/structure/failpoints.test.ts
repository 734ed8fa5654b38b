/** The places at which crash rounds let the product die: known by name, one line each, and in no other bundle. */
import { describe, expect, it } from "vitest";
import { FAILPOINTS, FULFILMENT_PLACES, SIDES, WRITTEN } from "../../../bench/crash/failpoints.ts";
import { filesUnder, isScript, isTest, readSource, readText } from "./source.ts";

const sources = filesUnder("worker", (path) => isScript(path) && !isTest(path))
  // Its types, and the local tools, which are in no bundle.
  .filter((path) => !/^worker\/(?:platform\/failpoints\.ts|local\/)/.test(path))
  .map(readSource);

/** Lines that name the global, without the spaces around. */
const uses = sources.flatMap(({ path, text }) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.includes("failpoints?.") || line.includes("globalThis.failpoints"))
    .map((line) => ({ path, line })),
);

function namesOf(verb: RegExp): string[] {
  return uses
    .flatMap(({ line }) => verb.exec(line)?.[1] ?? [])
    .toSorted()
    .filter((name, at, all) => name !== all[at - 1]);
}

describe("failpoints", () => {
  it("are those that crash rounds draw from", () => {
    const places = FAILPOINTS.map(({ place }) => place).filter(
      (place) => !WRITTEN.some((name) => SIDES.some((side) => place === `${name}:${side}`)),
    );
    expect(namesOf(/\.(?:reach|reachSoon)\("([^"]+)"\);$/)).toEqual(
      [...places, ...FULFILMENT_PLACES].toSorted(),
    );
    expect(namesOf(/\.mark\("([^"]+)"\);$/)).toEqual(WRITTEN.toSorted());
  });

  it("are a statement each, which a bundler can drop whole", () => {
    const isWhole = /^globalThis\.failpoints\?\.(?:reach|reachSoon|mark)\("[\w:-]+"\);$/;
    const others = uses.filter(({ line }) => !isWhole.test(line));
    expect(others).toEqual([
      {
        path: "worker/platform/commit-queue.ts",
        line: "this.#hooks = globalThis.failpoints?.around(hooks, storage) ?? hooks;",
      },
    ]);
  });

  it("are the constant `undefined` in what is deployed", () => {
    expect(readText("wrangler.toml")).toMatch(
      /^\[define\]\n"globalThis\.failpoints" = "undefined"$/m,
    );
  });
});
