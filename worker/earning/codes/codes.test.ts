import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  codeFromBytes,
  parseTillCode,
  readCode,
  useCode,
  type CodeUse,
  type TillCode,
} from "./index.ts";

const CODE: TillCode = {
  codeId: "c1",
  text: "ABCD",
  via: "staff",
  points: 30,
  usesMax: 5,
  usesPerMemberMax: 2,
  startsAtMs: 100,
  expiresAtMs: 200,
  storeId: "s1",
  issuedBy: "staff:li",
  isRevoked: false,
};
const request = { requestId: "r1", memberKey: "demo:m" };
const UNUSED = { uses: 0, usesByMember: 0, known: null };

describe("a till code", () => {
  it("is one use a request id, under a key of its own", () => {
    const first = useCode(CODE, request, UNUSED, 150);
    expect(first).toMatchObject({
      kind: "used",
      award: { naturalKey: "till_code:c1:1", points: 30 },
    });
    if (first.kind === "refused") return;
    const known = { uses: 1, usesByMember: 1, known: first.use };
    expect(useCode(CODE, request, known, 199)).toMatchObject({
      kind: "replayed",
      award: first.award,
    });
    expect(useCode(CODE, { ...request, memberKey: "demo:x" }, known, 150)).toMatchObject({
      refusal: { code: "idempotency_mismatch" },
    });
  });

  it.each([
    ["before it starts", {}, UNUSED, 99, { reason: "not_started", startsAtMs: 100 }],
    ["once it has expired", {}, UNUSED, 200, { reason: "expired", expiresAtMs: 200 }],
    ["when it was revoked", { isRevoked: true }, UNUSED, 150, { reason: "revoked" }],
    ["when it is used up", {}, { ...UNUSED, uses: 5 }, 150, { reason: "used_up", limit: 5 }],
    ["beyond a member's share", {}, { ...UNUSED, usesByMember: 2 }, 150, { limit: 2, used: 2 }],
  ])("is refused %s", (_, change, facts, nowMs, figures) => {
    expect(useCode({ ...CODE, ...change }, request, facts, nowMs)).toMatchObject({
      kind: "refused",
      refusal: { figures },
    });
  });

  it("is never used more often than it may be, by all or by one", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ member: fc.nat(4), id: fc.nat(12) }), { maxLength: 60 }),
        (requests) => {
          const uses: CodeUse[] = [];
          for (const { member, id } of requests) {
            const asked = { requestId: `${member}-${id}`, memberKey: `demo:${member}` };
            const facts = {
              uses: uses.length,
              usesByMember: uses.filter((use) => use.memberKey === asked.memberKey).length,
              known: uses.find((use) => use.requestId === asked.requestId) ?? null,
            };
            const outcome = useCode(CODE, asked, facts, 150);
            if (outcome.kind === "used") uses.push(outcome.use);
          }
          expect(uses.length).toBeLessThanOrEqual(5);
          expect(new Set(uses.map((use) => use.ordinal)).size).toBe(uses.length);
          for (let member = 0; member < 5; member += 1) {
            const own = uses.filter((use) => use.memberKey === `demo:${member}`);
            expect(own.length).toBeLessThanOrEqual(2);
          }
        },
      ),
    );
  });

  it("is made of signs that are not misread, and one slip of the hand is noticed", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 24, maxLength: 24 }),
        fc.nat(7),
        fc.nat(30),
        (bytes, at, by) => {
          const code = codeFromBytes(bytes, 8);
          if (code === null) return;
          expect(code).toMatch(/^[2-9A-HJKMNP-Z]{8}$/);
          expect(readCode(` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)} `)).toBe(code);
          const alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
          const wrong = alphabet[(alphabet.indexOf(code[at] ?? "2") + 1 + by) % 31] ?? "";
          const typo = code.slice(0, at) + wrong + code.slice(at + 1);
          expect(readCode(typo)).toBe(typo === code ? code : null);
        },
      ),
    );
    expect(codeFromBytes(new Uint8Array(4), 8)).toBeNull();
    expect(readCode("O0O0")).toBeNull();
  });

  it.each([
    ["points", { points: 0 }],
    ["usesMax", { usesMax: 1.5 }],
    ["expiresAtMs", { expiresAtMs: 100 }],
    ["usesPerMemberMax", { usesPerMemberMax: 6 }],
  ])("names %s in bad terms: %j", (field, change) => {
    expect(parseTillCode(CODE).kind).toBe("ok");
    const result = parseTillCode({ ...CODE, ...change });
    expect(result.kind === "invalid" && result.problems.map((one) => one.field)).toContain(field);
  });
});
