/** The editor's refusals, the life of a rule, and the dry run. */
import { describe, expect, it } from "vitest";
import {
  chinaMs,
  inForce,
  lineOf,
  orderOf,
  PLAIN,
  PROGRAMME,
  ruleOf,
} from "../../testing/points/earning.ts";
import {
  dryRun,
  parseProgramme,
  parseRule,
  publish,
  recordDryRun,
  retire,
  saveDraft,
  type BookOutcome,
  type EarnRule,
  type RuleBook,
} from "./index.ts";

const RATE = { points: 100, fen: 100 };
const cap = (period: string, pointsMax: unknown, timesMax: unknown = null) => ({
  period,
  pointsMax,
  timesMax,
});
const tier = (...names: string[]) => ({ kind: "tier", in: names });
const all = (...of: unknown[]) => ({ condition: { kind: "all", of } });

describe("the editor's API", () => {
  it("takes a rule as it is", () => {
    const rule = ruleOf({
      condition: {
        kind: "all",
        of: [
          { kind: "order_amount", minFen: 5_000, maxFen: null },
          { kind: "not", of: { kind: "day_of_week", days: [6, 7] } },
        ],
      },
      caps: [
        { period: "day", pointsMax: 100, timesMax: 3 },
        { period: "month", pointsMax: 500, timesMax: null },
      ],
    });
    expect(parseRule(rule)).toEqual({ kind: "ok", value: rule });
  });

  type Case = readonly [field: string, change: object];
  const NEGATIVE: readonly Case[] = [
    ["benefit.points", { benefit: { kind: "fixed", points: -5 } }],
    [
      "benefit.perFen",
      { benefit: { kind: "per_amount", points: 1, perFen: -1, counting: "exact" } },
    ],
    ["caps.0.pointsMax", { caps: [cap("day", -1)] }],
    ["priority", { priority: -1 }],
    ["startsAtMs", { startsAtMs: -1 }],
    ["condition.minFen", { condition: { kind: "order_amount", minFen: -1, maxFen: null } }],
    [
      "expiry.amount",
      { expiry: { kind: "after", amount: -1, unit: "days", rounding: { kind: "none" } } },
    ],
    ["pending.days", { pending: { kind: "days", days: -1 } }],
  ];
  const FRACTIONAL: readonly Case[] = [
    ["benefit.points", { benefit: { kind: "fixed", points: 1.5 } }],
    ["benefit.percent", { benefit: { kind: "multiplier", percent: 150.5 } }],
    ["caps.0.timesMax", { caps: [cap("day", null, 1.2)] }],
    ["endsAtMs", { endsAtMs: 0.5 }],
    ["benefit.points", { benefit: { kind: "fixed", points: Number.NaN } }],
    ["benefit.points", { benefit: { kind: "fixed", points: "7" } }],
  ];
  const ABSURD: readonly Case[] = [
    ["benefit.points", { benefit: { kind: "fixed", points: 1e9 } }],
    [
      "benefit.perFen",
      { benefit: { kind: "per_amount", points: 1, perFen: 0, counting: "exact" } },
    ],
    [
      "benefit.points",
      { benefit: { kind: "per_amount", points: 2_000, perFen: 100, counting: "exact" } },
    ],
    ["benefit.percent", { benefit: { kind: "multiplier", percent: 100 } }],
    ["benefit.percent", { benefit: { kind: "multiplier", percent: 50 } }],
    ["benefit.percent", { benefit: { kind: "multiplier", percent: 20_000 } }],
    ["endsAtMs", { endsAtMs: 9e15 }],
    [
      "expiry.amount",
      { expiry: { kind: "after", amount: 1e6, unit: "days", rounding: { kind: "none" } } },
    ],
    ["condition.days.0", { condition: { kind: "day_of_week", days: [8] } }],
    [
      "condition.fromMinute",
      { condition: { kind: "time_of_day", fromMinute: 1_440, toMinute: 3 } },
    ],
    ["on", { on: [] }],
    ["on.0", { on: ["share"] }],
    ["condition.of", all()],
    ["ruleId", { ruleId: "No Id" }],
    ["title", { title: "" }],
    ["code", { code: "eval(1)" }],
  ];
  const CONTRADICTORY: readonly Case[] = [
    ["endsAtMs", { expiry: { kind: "at", atMs: 150 } }],
    [
      "expiry.atMs",
      {
        expiry: { kind: "at", atMs: 200 + 86_400_000 },
        pending: { kind: "days", days: 1 },
        endsAtMs: 200,
      },
    ],
    ["endsAtMs", { startsAtMs: 200, endsAtMs: 200 }],
    ["expiry.atMs", { expiry: { kind: "at", atMs: 150 }, startsAtMs: 100, endsAtMs: 200 }],
    [
      "expiry.amount",
      { expiry: { kind: "after", amount: 0, unit: "days", rounding: { kind: "none" } } },
    ],
    [
      "pending.days",
      {
        expiry: { kind: "after", amount: 10, unit: "days", rounding: { kind: "none" } },
        pending: { kind: "days", days: 10 },
      },
    ],
    ["on", { on: ["check_in"] }],
    ["on", { on: ["order", "order"] }],
    ["scope", { benefit: { kind: "fixed", points: 3 }, scope: {} }],
    ["caps.0.pointsMax", { benefit: { kind: "fixed", points: 30 }, caps: [cap("day", 20)] }],
    [
      "caps.0.pointsMax",
      {
        benefit: { kind: "per_amount", points: 30, perFen: 3_000, counting: "whole_steps" },
        caps: [cap("order", 29)],
      },
    ],
    [
      "condition.toMs",
      { startsAtMs: 200, condition: { kind: "date_window", fromMs: 100, toMs: 200 } },
    ],
    [
      "condition.of.0.fromMs",
      { endsAtMs: 200, ...all({ kind: "date_window", fromMs: 200, toMs: 300 }) },
    ],
    ["caps.0", { caps: [cap("day", null)] }],
    ["caps.1.period", { caps: [cap("day", 5), cap("day", 7)] }],
    ["caps.0.pointsMax", { caps: [cap("day", 50), cap("month", 20)] }],
    ["caps.1.timesMax", { caps: [cap("year", null, 3), cap("week", null, 4)] }],
    ["condition.maxFen", { condition: { kind: "order_amount", minFen: 9, maxFen: 8 } }],
    ["condition.to", { condition: { kind: "nth_order", from: 3, to: 2 } }],
    ["condition.toMs", { condition: { kind: "date_window", fromMs: 9, toMs: 9 } }],
    ["condition.of.1", all(tier("gold"), tier("silver"))],
    ["condition.of.1", all(tier("gold"), { kind: "not", of: tier("gold") })],
    ["condition.of.1", all({ kind: "day_of_week", days: [1] }, { kind: "day_of_week", days: [2] })],
    [
      "condition.of.1",
      all({ kind: "nth_order", from: 1, to: 1 }, { kind: "nth_order", from: 2, to: null }),
    ],
    ["condition", { condition: { kind: "custom_name", in: ["scan"] } }],
    [
      "condition",
      {
        on: ["task"],
        benefit: { kind: "fixed", points: 3 },
        condition: { kind: "product", in: ["tea"] },
      },
    ],
  ];
  it.each([
    ...NEGATIVE.map(([field, change]) => ["negative", field, change] as const),
    ...FRACTIONAL.map(([field, change]) => ["fractional", field, change] as const),
    ...ABSURD.map(([field, change]) => ["absurd", field, change] as const),
    ...CONTRADICTORY.map(([field, change]) => ["contradictory", field, change] as const),
  ])("refuses what is %s and names %s: %j", (_, field, change) => {
    const result = parseRule({ ...ruleOf(), ...change });
    expect(result.kind).toBe("invalid");
    if (result.kind !== "invalid") return;
    expect(result.problems.map((problem) => problem.field)).toContain(field);
  });

  it("refuses a rule whose points would lapse before the programme makes them active", () => {
    const expiry = { kind: "after", amount: 10, unit: "days", rounding: { kind: "none" } };
    const slow = { ...PROGRAMME, pending: { kind: "days", days: 15 } as const };
    expect(parseRule({ ...ruleOf(), expiry }, PROGRAMME).kind).toBe("ok");
    expect(parseRule({ ...ruleOf(), expiry }, slow)).toMatchObject({
      kind: "invalid",
      problems: [{ field: "pending.days" }],
    });
  });

  it("refuses a rule whose award is over what the programme lets anybody earn", () => {
    const walletCaps = [{ period: "day", pointsMax: 99, timesMax: null }] as const;
    const capped = { ...PROGRAMME, walletCaps };
    const fixed = (points: number) => ({ ...ruleOf(), benefit: { kind: "fixed", points } });
    expect(parseRule(fixed(99), capped).kind).toBe("ok");
    expect(parseRule(fixed(100), capped)).toMatchObject({
      kind: "invalid",
      problems: [{ field: "benefit.points" }],
    });
  });

  it("refuses a programme whose settings make no sense", () => {
    const problems = (change: object): readonly string[] => {
      const result = parseProgramme({ ...PROGRAMME, ...change });
      return result.kind === "ok" ? [] : result.problems.map((problem) => problem.field);
    };
    expect(problems({})).toEqual([]);
    expect(problems({ rounding: "up" })).toEqual(["rounding"]);
    expect(problems({ zoneOffsetMs: 1 })).toEqual(["zoneOffsetMs"]);
    expect(problems({ walletCaps: [cap("decade", 5)] })).toEqual(["walletCaps.0.period"]);
    expect(problems({ walletCaps: [cap("day", 9), cap("year", 5)] })).toEqual([
      "walletCaps.0.pointsMax",
    ]);
    expect(problems({ expiry: { kind: "at", atMs: 5 } })).toEqual(["expiry"]);
    const month = { kind: "after", amount: 1, unit: "months", rounding: { kind: "none" } };
    expect(problems({ expiry: month, pending: { kind: "days", days: 28 } })).toEqual([
      "pending.days",
    ]);
  });
});

describe("the life of a rule", () => {
  const report = dryRun([], [], [], PROGRAMME, RATE);
  const bookOf = (outcome: BookOutcome): RuleBook => {
    if (outcome.kind !== "ok") throw new Error(JSON.stringify(outcome));
    return outcome.book;
  };
  const withPoints = (points: number): EarnRule => ruleOf({ benefit: { kind: "fixed", points } });
  const CONFLICT = { kind: "refused", refusal: { code: "conflict" } };
  const NO_VERSIONS: RuleBook = { ruleId: "r", versions: [] };

  it("goes from draft by dry run to published and retired", () => {
    const draft = bookOf(saveDraft(NO_VERSIONS, withPoints(1), "li", 1));
    expect(publish(draft, 1, "li", 2)).toMatchObject({
      ...CONFLICT,
      refusal: { figures: { reason: "no_dry_run" } },
    });
    const tried = bookOf(recordDryRun(draft, 1, report));
    const live = bookOf(publish(tried, 1, "wu", 10));
    expect(live.versions).toMatchObject([{ state: "published", publishedBy: "wu" }]);
    expect(recordDryRun(live, 1, report)).toMatchObject(CONFLICT);
    expect(bookOf(retire(live, 20)).versions).toMatchObject([{ state: "retired" }]);
    expect(retire(draft, 20)).toMatchObject(CONFLICT);
  });

  it("needs a new dry run when the draft is changed", () => {
    const draft = bookOf(saveDraft(NO_VERSIONS, withPoints(1), "li", 1));
    const tried = bookOf(recordDryRun(draft, 1, report));
    const changed = bookOf(saveDraft(tried, withPoints(2), "li", 2));
    expect(changed.versions).toMatchObject([{ version: 1, state: "draft", report: null }]);
    expect(publish(changed, 1, "li", 3)).toMatchObject(CONFLICT);
  });

  it("is retired by the next version at the moment that begins, as late events need it", () => {
    let book = NO_VERSIONS;
    for (const [version, points, atMs] of [
      [1, 10, 100],
      [2, 20, 200],
    ] as const) {
      book = bookOf(saveDraft(book, withPoints(points), "li", atMs - 2));
      book = bookOf(recordDryRun(book, version, report));
      book = bookOf(publish(book, version, "wu", atMs));
    }
    expect(book.versions).toMatchObject([
      { state: "retired", rule: withPoints(10), publishedAtMs: 100, retiredAtMs: 200 },
      { state: "published", rule: withPoints(20), publishedAtMs: 200, retiredAtMs: null },
    ]);
  });

  it("is not published when it is already over", () => {
    const over = ruleOf({ endsAtMs: 5 });
    const draft = bookOf(saveDraft(NO_VERSIONS, over, "li", 1));
    expect(publish(bookOf(recordDryRun(draft, 1, report)), 1, "li", 9)).toMatchObject(CONFLICT);
  });
});

describe("the dry run", () => {
  const order = (memberKey: string, amountFen: number, categoryId: string, hour: number) => ({
    event: orderOf(amountFen, {
      eventId: `${memberKey}-${hour}`,
      memberKey,
      atMs: chinaMs(`2026-05-10T${String(hour).padStart(2, "0")}:00`),
      lines: [lineOf(amountFen, { categoryIds: [categoryId] })],
    }),
    member: PLAIN,
  });
  const PAST = [
    order("a", 10_000, "tea", 9),
    order("a", 5_000, "tea", 10),
    order("b", 8_000, "ware", 9),
    order("c", 50, "tea", 11),
  ];
  const NOW = inForce({});

  it("shows cost, winners and losers against the rules in force", () => {
    const scope = {
      productIds: [],
      categoryIds: ["tea"],
      labels: [],
      exceptProductIds: [],
      exceptCategoryIds: [],
      exceptLabels: [],
    };
    const draft = inForce({
      scope,
      benefit: { kind: "per_amount", points: 2, perFen: 100, counting: "whole_steps" },
    });
    expect(dryRun(PAST, NOW, draft, PROGRAMME, RATE)).toEqual({
      events: 4,
      members: 3,
      fromMs: chinaMs("2026-05-10T09:00"),
      toMs: chinaMs("2026-05-10T11:00"),
      nowPoints: 230,
      draftPoints: 300,
      costFen: 70,
      winners: 1,
      losers: 1,
      unchanged: 1,
      mostWon: [{ memberKey: "a", now: 150, draft: 300 }],
      mostLost: [{ memberKey: "b", now: 80, draft: 0 }],
      withheldByCaps: 0,
    });
  });

  it("counts the caps of the draft, and is the same in any order of events", () => {
    const draft = inForce({ caps: [{ period: "day", pointsMax: 120, timesMax: null }] });
    const report = dryRun(PAST, NOW, draft, PROGRAMME, RATE);
    expect(report).toMatchObject({ draftPoints: 200, costFen: -30, withheldByCaps: 30 });
    expect(dryRun([...PAST].reverse(), NOW, draft, PROGRAMME, RATE)).toEqual(report);
  });

  it("of the same rules costs nothing and moves nobody", () => {
    expect(dryRun(PAST, NOW, NOW, PROGRAMME, RATE)).toMatchObject({
      costFen: 0,
      winners: 0,
      losers: 0,
      unchanged: 3,
    });
  });
});
