import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildBloom, mayContain } from "./bloom.ts";
import { nextProgrammeMidnightMs, nextProgrammeMonthMs, programmeDay } from "./clock.ts";
import { bucketOf, parseSaleId, saleIdOf, skuKeyOf, splitMemberKey } from "./ids.ts";
import { parseKeyRing, signToken, verifyToken } from "./key-ring.ts";

const SECRET = "0123456789abcdef0123456789abcdef";

describe("Bloom filter", () => {
  it("never misses a member and rarely invents one", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { maxLength: 200 }), (keys) => {
        const filter = buildBloom(keys, keys.length);
        return keys.every((key) => mayContain(filter, key));
      }),
    );
    const keys = Array.from({ length: 10_000 }, (_, at) => `demo:m${at} order-${at}`);
    const filter = buildBloom(keys, keys.length);
    const invented = keys.filter((key) => mayContain(filter, `x${key}`)).length;
    expect(invented).toBeLessThan(150);
    expect(filter.bits.length).toBeLessThanOrEqual(15_000);
  });
});

describe("ids", () => {
  it("find the Sku of a sale without asking anybody", () => {
    expect(parseSaleId(saleIdOf(skuKeyOf("demo", "travel-cup"), 12))).toEqual({
      programmeId: "demo",
      skuId: "travel-cup",
      skuKey: "demo.travel-cup",
      ordinal: 12,
    });
    for (const bad of [
      "",
      "demo",
      "demo.x",
      "demo.x~",
      "demo.x~01",
      "demo.x~-1",
      "demo.X~1",
      "a.b.c~1",
      "../x~1",
      "demo.x~1 ",
    ]) {
      expect(parseSaleId(bad), bad).toBeNull();
    }
  });

  it("spread members evenly and for ever over buckets", () => {
    const counts = new Map<string, number>();
    for (let at = 0; at < 16_000; at += 1) {
      const bucket = bucketOf(`demo:member-${at}`, 16);
      counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
    }
    expect(counts.size).toBe(16);
    expect(Math.max(...counts.values())).toBeLessThan(1_200);
    // Written down: a change would look for members in the wrong object.
    expect(bucketOf("demo:tea-001", 1_024)).toBe("bucket:768");
    expect(bucketOf("demo:tea-001", 0)).toBe("member:demo:tea-001");
    expect(splitMemberKey("demo:a:b")).toEqual({ programmeId: "demo", memberId: "a:b" });
  });
});

describe("tokens", () => {
  const old = parseKeyRing(`k1:${SECRET}`);
  const rotated = parseKeyRing(`k2:${SECRET}x,k1:${SECRET}`);

  it("are verified by every key of the ring and signed by the first", () => {
    const token = signToken(old, "session", [1, "二"]);
    expect(verifyToken(rotated, "session", token)).toEqual([1, "二"]);
    expect(signToken(rotated, "session", []).split(".")[1]).toBe("k2");
    expect(verifyToken(old, "session", signToken(rotated, "session", []))).toBeNull();
  });

  it("do not pass for another purpose, nor changed, nor cut", () => {
    const token = signToken(old, "session", ["a"]);
    expect(verifyToken(old, "ticket", token)).toBeNull();
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom("A", "x", "."), (at, letter) => {
        const forged = token.slice(0, at) + letter + token.slice(at + 1);
        return forged === token || verifyToken(old, "session", forged) === null;
      }),
    );
    for (const bad of ["", ".", "..", "a.k1", "a.k1.b.c"])
      expect(verifyToken(old, "session", bad)).toBeNull();
  });

  it("refuse a secret that could not protect anything", () => {
    expect(() => parseKeyRing("k1:short")).toThrow();
    expect(() => parseKeyRing("")).toThrow();
  });
});

describe("the programme's calendar", () => {
  const zone = 8 * 3_600_000;

  it("turns the day and the month in its own zone", () => {
    const lastSecond = Date.UTC(2026, 10, 30, 15, 59, 59);
    expect(nextProgrammeMidnightMs(lastSecond, zone)).toBe(lastSecond + 1_000);
    expect(nextProgrammeMonthMs(lastSecond, zone)).toBe(lastSecond + 1_000);
    expect(programmeDay(lastSecond + 1_000, zone)).toBe(programmeDay(lastSecond, zone) + 1);
  });
});
