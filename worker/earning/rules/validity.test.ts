/** When earned points begin and end: what the editor lets through, a wallet takes, whenever the event comes. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { credit, newWallet, NO_LEDGER, type Cause } from "../../accounts/points/index.ts";
import {
  chinaMs,
  inForce,
  NO_USE,
  orderOf,
  PLAIN,
  PROGRAMME,
  ruleOf,
} from "../../testing/points/earning.ts";
import {
  evaluate,
  grantsOf,
  parseProgramme,
  parseRule,
  type EarnProgramme,
  type EarnRule,
} from "./index.ts";

const DAY_MS = 86_400_000;
const NOON = chinaMs("2026-12-31T12:00");

/** What a wallet says to the lots of an order at this moment. */
function creditsOf(rule: EarnRule, programme: EarnProgramme, atMs: number) {
  const event = orderOf(10_000, { atMs });
  const rules = inForce(rule);
  const given = evaluate(rules, event, PLAIN, programme, NO_USE);
  const cause: Cause = {
    ...{ naturalKey: "k", orderId: "o1", sourceId: "o1", breakdown: [], actor: "system" },
    ...{ storeId: null, customerNote: "", internalNote: "", occurredAtMs: atMs },
  };
  return grantsOf(given, rules, programme, atMs, "received:o1").map((grant) => ({
    ...grant,
    outcome: credit(
      newWallet("demo:m"),
      { ...grant, type: "earn_order", source: "order", originId: "o1", cause },
      NO_LEDGER,
      atMs,
    ),
  }));
}

const after = (amount: number, unit: string, rounding = "none") => ({
  ...{ kind: "after", amount, unit, rounding: { kind: rounding } },
});
const days = (count: number) => ({ kind: "days", days: count }) as const;
const problemsOf = (rule: object, programme: EarnProgramme | null = null) => {
  const parsed = parseRule({ ...ruleOf(), ...rule }, programme);
  return parsed.kind === "ok" ? [] : parsed.problems.map(({ field }) => field);
};

describe("the editor", () => {
  it.each([
    ["3651 days", after(3_651, "days")],
    ["121 months", after(121, "months", "month_end")],
    ["11 years", after(11, "years", "year_end")],
    ["3650 years", after(3_650, "years")],
  ])("refuses a validity of %s, of a rule and of a programme", (_, expiry) => {
    expect(problemsOf({ expiry })).toEqual(["expiry.amount"]);
    expect(parseProgramme({ ...PROGRAMME, expiry })).toMatchObject({
      problems: [{ field: "expiry.amount" }],
    });
  });

  it("counts the programme's waiting time against a fixed end, whichever is saved last", () => {
    const fixed = { endsAtMs: NOON, expiry: { kind: "at", atMs: NOON + 10 * DAY_MS } };
    expect(problemsOf(fixed, PROGRAMME)).toEqual([]);
    expect(problemsOf(fixed, { ...PROGRAMME, pending: days(15) })).toEqual(["expiry.atMs"]);
    // A rule that says for itself how long it waits is judged by that.
    expect(problemsOf({ ...fixed, pending: days(9) }, { ...PROGRAMME, pending: days(15) })).toEqual(
      [],
    );
  });
});

describe("what the editor took", () => {
  const anyExpiry = fc.oneof(
    fc.record({
      kind: fc.constant("after"),
      amount: fc.nat(3_650),
      unit: fc.constantFrom("days", "months", "years"),
      rounding: fc.oneof(
        fc.record({
          kind: fc.constantFrom(
            ...["none", "day_start", "day_end", "week_end", "month_end", "quarter_end"],
            ...["half_year_end", "year_end"],
          ),
        }),
        fc.record({ kind: fc.constant("month_of_year"), month: fc.integer({ min: 1, max: 12 }) }),
      ),
    }),
    fc.record({ kind: fc.constant("at"), atMs: fc.integer({ min: 0, max: 30 }).map(momentOf) }),
    fc.constant({ kind: "never" }),
  );
  const anyPending = fc.oneof(
    fc.constant({ kind: "none" }),
    fc.constant({ kind: "event" }),
    fc.integer({ min: 1, max: 365 }).map(days),
  );
  const anyProgramme = fc.record({ expiry: anyExpiry, pending: anyPending });

  function momentOf(day: number): number {
    return NOON + day * DAY_MS;
  }

  it("is taken by the wallet, also where the programme has changed since the event", () => {
    let judged = 0;
    fc.assert(
      fc.property(
        fc.record({
          expiry: fc.option(anyExpiry, { nil: null }),
          pending: fc.option(anyPending, { nil: null }),
          endsAtMs: fc.option(fc.nat(20).map(momentOf), { nil: null }),
        }),
        anyProgramme,
        anyProgramme,
        // Month ends, the leap day and the turn of a year are among them.
        fc.integer({ min: chinaMs("2027-12-01"), max: chinaMs("2028-03-02") }),
        (change, then, now, someMs) => {
          const first = parseProgramme({ ...PROGRAMME, ...then });
          const later = parseProgramme({ ...PROGRAMME, ...now });
          if (first.kind !== "ok" || later.kind !== "ok") return;
          const rule = parseRule({ ...ruleOf(), ...change }, first.value);
          if (rule.kind !== "ok") return;
          const atMs = rule.value.endsAtMs === null ? someMs : rule.value.endsAtMs - 1;
          for (const programme of [first.value, later.value]) {
            for (const { outcome, points, expiresAtMs } of creditsOf(rule.value, programme, atMs)) {
              judged += 1;
              expect(outcome, JSON.stringify(outcome)).toMatchObject({ kind: "booked" });
              expect([points, expiresAtMs === null || expiresAtMs > atMs]).toEqual([100, true]);
            }
          }
        },
      ),
      { numRuns: 600 },
    );
    expect(judged).toBeGreaterThan(50);
  });

  it("never ends where an older editor let it end in the year 5676", () => {
    const expiry = {
      kind: "after",
      amount: 3_650,
      unit: "years",
      rounding: { kind: "none" },
    } as const;
    const [given] = creditsOf(ruleOf({ expiry }), PROGRAMME, NOON);
    expect([given?.expiresAtMs, given?.outcome.kind]).toEqual([null, "booked"]);
  });

  it("keeps the end that the member was told, and waits no longer than that", () => {
    const rule = ruleOf({ expiry: { kind: "at", atMs: NOON + DAY_MS }, endsAtMs: NOON });
    const slow: EarnProgramme = { ...PROGRAMME, pending: days(15) };
    const [given] = creditsOf(rule, slow, NOON - 1);
    expect(given).toMatchObject({ expiresAtMs: NOON + DAY_MS, pending: { kind: "none" } });
    expect(given?.outcome.kind).toBe("booked");
    const early = creditsOf(rule, slow, NOON - 30 * DAY_MS);
    expect(early[0]?.pending).toMatchObject({ kind: "until" });
  });
});
