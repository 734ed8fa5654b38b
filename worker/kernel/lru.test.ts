import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Lru } from "./lru.ts";

const SIZE_MAX = 8;

type Step = readonly ["get" | "set" | "delete", number];
const steps = fc.array(
  fc.tuple(fc.constantFrom("get", "set", "delete"), fc.nat(20)) as fc.Arbitrary<Step>,
  { maxLength: 120 },
);

describe("Lru", () => {
  it("answers as a map would, or forgets", () => {
    fc.assert(
      fc.property(steps, (script) => {
        const lru = new Lru<number, string>(SIZE_MAX);
        const model = new Map<number, string>();
        script.forEach(([kind, key], at) => {
          if (kind === "set") {
            lru.set(key, `v${at}`);
            model.set(key, `v${at}`);
          } else if (kind === "delete") {
            lru.delete(key);
            model.delete(key);
          } else {
            const value = lru.get(key);
            if (value !== undefined) expect(value).toBe(model.get(key));
          }
        });
      }),
    );
  });

  it("keeps what was used last, half its size of it, and never more than its size", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40), { minLength: 1, maxLength: 200 }), (keys) => {
        const lru = new Lru<number, number>(SIZE_MAX);
        for (const key of keys) lru.set(key, key);
        // One less than half of them, because the one that fills the young generation starts the next.
        const lastUsed = [...new Set(keys.toReversed())].slice(0, SIZE_MAX / 2 - 1);
        expect(lastUsed.map((key) => lru.get(key))).toEqual(lastUsed);
        const held = [...new Set(keys)].filter((key) => lru.get(key) !== undefined);
        expect(held.length).toBeLessThanOrEqual(SIZE_MAX);
      }),
    );
  });

  it("forgets everything at once", () => {
    const lru = new Lru<string, number>(SIZE_MAX);
    for (const key of ["a", "b", "c", "d", "e"]) lru.set(key, 1);
    lru.clear();
    expect(["a", "b", "c", "d", "e"].map((key) => lru.get(key))).toEqual(Array(5).fill(undefined));
  });
});
