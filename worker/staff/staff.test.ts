/** The pure rules of staff. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvCell, csvText } from "../kernel/csv.ts";
import { PERMISSIONS } from "../kernel/permission.ts";
import { redacted } from "../kernel/redact.ts";
import { decideApproval, needsSecond, type Approval } from "./approval.ts";
import { chainHash, followChain, GENESIS, type ChainLine } from "./chain.ts";
import { BUILT_IN_ROLES, heldBy, mayAssign, permissionsOf, PERMISSIONS_OF } from "./roles.ts";
import { mayOverride } from "./tenants.ts";
import { networkOf, waitsOf } from "./throttle.ts";

const permissions = fc.subarray([...PERMISSIONS]);

describe("roles", () => {
  it("give the owner everything, the auditor nothing that writes, finance nothing but reading", () => {
    expect(new Set(PERMISSIONS_OF.owner)).toEqual(new Set(PERMISSIONS));
    for (const role of ["auditor", "finance"] as const) {
      expect(PERMISSIONS_OF[role].filter((word) => !word.endsWith(".read"))).toEqual([]);
    }
  });

  it("that nobody knows give nothing, and neither do words that are no permission", () => {
    expect(permissionsOf(["gone", "odd"], { odd: ["everything", "__proto__"] }).size).toBe(0);
  });

  it("are never given beyond what the giver holds", () => {
    fc.assert(
      fc.property(
        permissions,
        permissions,
        fc.subarray([...BUILT_IN_ROLES]),
        (mine, theirs, roleIds) => {
          const custom = { theirs };
          const giver = { roleIds: ["mine"], permissions: new Set(mine) };
          const asked = [...roleIds, "theirs"];
          if (!mayAssign(giver, asked, custom)) return;
          const given = permissionsOf(asked, custom);
          expect([...given].filter((word) => !giver.permissions.has(word))).toEqual([]);
          expect(asked).not.toContain("owner");
        },
      ),
    );
  });

  it("of somebody bound to stores hold a part of the same, never more", () => {
    fc.assert(
      fc.property(fc.subarray([...BUILT_IN_ROLES]), permissions, (roleIds, own) => {
        const all = heldBy([...roleIds, "own"], { own }, null);
        const bound = heldBy([...roleIds, "own"], { own }, ["jetty"]);
        expect([...bound].filter((word) => !all.has(word))).toEqual([]);
        for (const word of [
          "staff.write",
          "settings.write",
          "goods.write",
          "points.grant",
        ] as const) {
          expect(bound.has(word)).toBe(false);
        }
      }),
    );
  });
});

describe("a store", () => {
  const store = { storeId: "jetty", storeMaySet: ["till_codes"] as const };

  it("decides what its brand lists, for itself; headquarters decide everything", () => {
    expect(mayOverride({ storeIds: ["jetty"] }, store, "till_codes")).toBeNull();
    expect(mayOverride({ storeIds: ["museum"] }, store, "till_codes")).toBe("not_your_store");
    expect(mayOverride({ storeIds: [] }, store, "till_codes")).toBe("not_your_store");
    const closed = { ...store, storeMaySet: [] };
    expect(mayOverride({ storeIds: ["jetty"] }, closed, "till_codes")).toBe("headquarters_decide");
    expect(mayOverride({ storeIds: null }, closed, "till_codes")).toBeNull();
  });
});

describe("a wait", () => {
  it("begins with nothing, grows, and ends within the hour", () => {
    for (const kind of ["account", "device", "address", "second_step", "setup"] as const) {
      const waits = waitsOf(kind);
      expect(waits[0]).toBe(0);
      expect(waits.every((waitMs, at) => at === 0 || waitMs >= (waits[at - 1] ?? 0))).toBe(true);
      expect(Math.max(...waits)).toBeLessThanOrEqual(3_600_000);
    }
  });

  it("counts addresses of version 6 by their network", () => {
    expect(networkOf("2001:db8:1:2:3:4:5:6")).toBe(networkOf("2001:db8:1:2:ffff::1"));
    expect(networkOf("203.0.113.9")).toBe("203.0.113.9");
  });
});

describe("the chain", () => {
  const written = (entries: readonly string[]): ChainLine[] => {
    let hash = GENESIS;
    return entries.map((entry, at) => {
      hash = chainHash(hash, "demo", at + 1, entry);
      return { seq: at + 1, entry, hash };
    });
  };
  const start = { seq: 0, hash: GENESIS };

  it("is followed whole, and from any line that was proved before", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string(), { minLength: 1, maxLength: 20 }),
        fc.nat(),
        (entries, cut) => {
          const lines = written(entries);
          const at = cut % lines.length;
          const half = followChain("demo", start, lines.slice(0, at));
          expect(followChain("demo", half.head, lines.slice(at))).toEqual({
            ...{ head: { seq: lines.length, hash: lines.at(-1)?.hash }, brokenAt: null },
          });
        },
      ),
    );
  });

  it("breaks where a line was changed, dropped, inserted or moved", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string(), { minLength: 3, maxLength: 12 }),
        fc.nat(),
        fc.constantFrom("change", "drop", "insert", "swap"),
        (entries, place, how) => {
          const lines = written(entries);
          const at = place % (lines.length - 1);
          const line = lines[at] as ChainLine;
          if (how === "change") lines[at] = { ...line, entry: `${line.entry}!` };
          if (how === "drop") lines.splice(at, 1);
          if (how === "insert") lines.splice(at, 0, line);
          if (how === "swap") lines.splice(at, 2, lines[at + 1] as ChainLine, line);
          const { brokenAt } = followChain("demo", start, lines);
          expect(brokenAt).toBe(how === "insert" ? at + 2 : at + 1);
        },
      ),
    );
  });
});

describe("a proposal", () => {
  const open: Approval = {
    ...{ approvalId: "a", kind: "points.grant", state: "proposed", subject: "member:m", figure: 5 },
    ...{ reason: "", payload: {}, proposedBy: "staff:a", proposedAtMs: 0, expiresAtMs: 100 },
    ...{ decidedBy: null, decidedAtMs: null, note: null, outcome: null },
  };
  const verbs = ["approve", "reject", "withdraw"] as const;

  it("is needed from its figure on", () => {
    expect([
      needsSecond(4, 5),
      needsSecond(5, 5),
      needsSecond(0, 0),
      needsSecond(1e9, null),
    ]).toEqual([false, true, true, false]);
  });

  it("is never approved by whoever made it, whatever happened to it", () => {
    for (const state of [
      "proposed",
      "approved",
      "rejected",
      "withdrawn",
      "done",
      "refused",
    ] as const) {
      const outcome = decideApproval({ ...open, state }, "approve", {
        actor: "staff:a",
        note: "",
        nowMs: 1,
      });
      expect(outcome).toMatchObject({ kind: "refused", code: "forbidden" });
    }
  });

  it("is decided once: a second word changes nothing or is refused", () => {
    for (const first of verbs) {
      const by = (verb: string) => (verb === "withdraw" ? "staff:a" : "staff:b");
      const decided = decideApproval(open, first, { actor: by(first), note: "", nowMs: 1 });
      if (decided.kind !== "decided") throw new Error("decided");
      for (const second of verbs) {
        const again = decideApproval(decided.approval, second, {
          actor: by(second),
          note: "",
          nowMs: 2,
        });
        if (first === second)
          expect(again).toEqual({ kind: "decided", approval: decided.approval, isRepeat: true });
        else expect(again.kind).toBe("refused");
      }
    }
  });

  it("lapses", () => {
    const late = decideApproval(open, "approve", { actor: "staff:b", note: "", nowMs: 100 });
    expect(late).toMatchObject({ kind: "refused", reason: "lapsed" });
  });
});

describe("what is written down", () => {
  it("says no secret and no personal data, however deep", () => {
    const shown = JSON.stringify(
      redacted({
        ...{
          name: "礼盒",
          points: 5,
          password: "p",
          next: { token: "t", list: [{ phone: "13800000000" }] },
        },
        ...{
          receiverAddress: "滨海路",
          email: "a@b.c",
          idempotencyKey: "k",
          birthday: "2000-01-01",
          isSecret: true,
        },
      }),
    );
    for (const text of ['"p"', '"t"', "138", "滨海路", "a@b.c", "2000"])
      expect(shown).not.toContain(text);
    expect(JSON.parse(shown)).toMatchObject({ name: "礼盒", points: 5, isSecret: true });
  });

  it("stays small, whatever comes", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.stringify(redacted(value)).length).toBeLessThanOrEqual(8_100);
      }),
    );
    expect(redacted({ list: Array.from({ length: 5_000 }, () => "x".repeat(400)) })).toMatchObject({
      isTooLarge: true,
    });
  });
});

describe("a cell of CSV", () => {
  it("never begins like a formula", () => {
    const hostile = [
      "=1+1",
      "+1+1",
      "-1+1",
      "@SUM(A1)",
      "\t=1",
      "\r=1",
      " =1",
      "＝1",
      "|calc",
      "%0A=1",
    ];
    for (const text of hostile) expect(csvCell(text)).toMatch(/^"?'/);
    expect([csvCell("-5"), csvCell("-5.5"), csvCell(-5), csvCell(null)]).toEqual([
      "-5",
      "-5.5",
      "-5",
      "",
    ]);
  });

  it("comes back as it was, but for the apostrophe", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const cell = csvCell(text);
        const inside = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
        expect([text, `'${text}`]).toContain(inside);
      }),
    );
    expect(csvText(["a", "b"], [["x,y", 1]])).toBe('\ufeffa,b\r\n"x,y",1\r\n');
  });
});
