/**
 * Every figure, date, choice and switch that an editor can send, made wrong in every way: the API names the very field. The
 * samples have every field of every schema; a field that is added without a sample fails the last test.
 */
import { describe, expect, it } from "vitest";
import type { ExpiryRule } from "../../accounts/points/index.ts";
import { ruleOf } from "../../testing/points/earning.ts";
import {
  LIFE_CHECK_IN,
  LIFE_INVITES,
  LIFE_REMINDERS,
  LIFE_TIERS,
} from "../../testing/points/life-terms.ts";
import { taskOf } from "../../testing/points/programme.ts";
import { parseTillCode } from "../codes/index.ts";
import { parseTask, parseTerms, TERMS_KINDS, type TermsKind } from "../programme/index.ts";
import { parseRule, type Condition, type Parsed } from "../rules/index.ts";
import { editorSchemas } from "./schemas.ts";

type Json = unknown;
type Read = (input: Json) => Parsed<unknown>;
interface Sample {
  readonly of: string;
  readonly read: Read;
  readonly values: readonly Json[];
}

const CONDITIONS: readonly Condition[] = [
  { kind: "order_amount", minFen: 100, maxFen: 900 },
  { kind: "day_of_week", days: [1] },
  { kind: "day_of_month", days: [8] },
  { kind: "time_of_day", fromMinute: 60, toMinute: 120 },
  { kind: "date_window", fromMs: 6_000, toMs: 7_000 },
  { kind: "nth_order", from: 1, to: 3 },
  { kind: "birthday", daysBefore: 1, daysAfter: 2 },
];
const EXPIRIES: readonly ExpiryRule[] = [
  { kind: "at", atMs: 9_000_000_000 },
  { kind: "after", amount: 30, unit: "days", rounding: { kind: "month_of_year", month: 3 } },
];
const caps = [{ period: "day" as const, pointsMax: 50, timesMax: 2 }];
const after = EXPIRIES[1];
const months = 12;

const TERMS_SAMPLES: Readonly<Record<TermsKind, readonly Json[]>> = {
  earn: [
    { rounding: "floor", walletCaps: caps, expiry: after, pending: { kind: "days", days: 2 } },
  ],
  check_in: [LIFE_CHECK_IN],
  invites: [LIFE_INVITES],
  tiers: [
    { ...LIFE_TIERS, expiry: { kind: "tier_start_date", months } },
    { ...LIFE_TIERS, expiry: { kind: "program_join_date", months } },
    { ...LIFE_TIERS, expiry: { kind: "absolute_expiration", cycleStartMs: 5, months } },
  ],
  growth: [{ perAmount: { growth: 1, perFen: 100 }, registration: 5, checkIn: 1 }],
  reminders: [LIFE_REMINDERS],
  approval: [{ pointsFrom: 1_000, alonePerDayMax: 5_000 }],
  refund: [{ kind: "grace", days: 30 }],
  clawback: [{ policy: "within_balance" }],
  offset: [{ tills: true, mall: true, isStackable: false, holdMinutes: 15 }],
  stored_value: [
    {
      ...{ isOn: true, choicesFen: [5_000], topUpMinFen: 100 },
      ...{ topUpMaxFen: 50_000, balanceMaxFen: 90_000 },
    },
  ],
  rate: [{ rate: { points: 100, fen: 100 }, pointsMin: 1, percentMax: 50, pointsMax: 900 }],
  discounts: CONDITIONS.filter(({ kind }) => !["order_amount", "nth_order"].includes(kind)).map(
    (condition) => ({
      standing: true,
      flash: false,
      discounts: [
        {
          ...{ discountId: "day", title: "day", startsAtMs: 5_000, endsAtMs: 9_000, condition },
          ...{ percent: 80, priority: 1, isStackable: false },
        },
      ],
    }),
  ),
};

const window = { startsAtMs: 5_000, endsAtMs: 9_000 };
const SAMPLES: readonly Sample[] = [
  ...TERMS_KINDS.map((kind) => ({
    of: kind,
    read: (input: Json) => parseTerms(kind, input as Readonly<Record<string, Json>>, 1, {}),
    values: TERMS_SAMPLES[kind].map(withoutFilledIn),
  })),
  {
    of: "rule",
    read: (input) => parseRule(input),
    values: [
      ...CONDITIONS.map((condition) => ruleOf({ ...window, condition, caps })),
      ruleOf({ condition: { kind: "all", of: [{ kind: "not", of: { kind: "birthday_month" } }] } }),
      ruleOf({ benefit: { kind: "fixed", points: 3 }, pending: { kind: "days", days: 2 } }),
      ruleOf({ benefit: { kind: "multiplier", percent: 200 } }),
      ...EXPIRIES.map((expiry) => ruleOf({ ...window, expiry })),
    ],
  },
  {
    of: "task",
    read: (input) => parseTask(input as Readonly<Record<string, Json>>, 1),
    values: [
      ...CONDITIONS.map((condition) => taskOf({ ...window, condition, growth: 3 })),
      taskOf({ kind: "newcomer", newcomerDays: 7 }),
    ].map(withoutFilledIn),
  },
  {
    of: "till code",
    read: parseTillCode,
    values: [
      {
        ...{ codeId: "c", text: "AB12", via: "qr", points: 5, usesMax: 9, usesPerMemberMax: 1 },
        ...{ startsAtMs: 5, expiresAtMs: 9, storeId: null, issuedBy: "s", isRevoked: false },
      },
    ],
  },
];

/** As the console sends them: version and zone are the server's. */
function withoutFilledIn(value: Json): Json {
  const { version: _, zoneOffsetMs: __, ...rest } = value as Readonly<Record<string, Json>>;
  return rest;
}

interface Leaf {
  readonly path: readonly string[];
  readonly value: Json;
}

function leavesOf(value: Json, path: readonly string[] = []): Leaf[] {
  if (typeof value !== "object" || value === null) return [{ path, value }];
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, [...path, name]));
}

function changed(value: Json, [name, ...rest]: readonly string[], to: Json): Json {
  if (name === undefined) return to;
  const inner = changed((value as Record<string, Json>)[name], rest, to);
  if (Array.isArray(value)) return value.map((one, at) => (at === Number(name) ? inner : one));
  return { ...(value as object), [name]: inner };
}

/** What is wrong for a leaf, whatever its bounds. */
function wrong({ value }: Leaf): readonly (readonly [string, Json])[] {
  if (typeof value === "number") {
    const figures = { negative: -1, fractional: value + 0.5, absurd: 9e15, text: "7", none: NaN };
    return Object.entries(figures);
  }
  if (typeof value === "boolean") return [["no switch", "yes"]];
  return [];
}

const CASES = SAMPLES.flatMap(({ of, read, values }) =>
  values.flatMap((value) =>
    leavesOf(value).flatMap((leaf) =>
      wrong(leaf).map(([what, to]) => ({ of, read, value, leaf, what, to })),
    ),
  ),
);

/** Fields of a shared schema that these terms refuse as a whole, whatever stands in them. */
const NEVER_TAKEN: Readonly<Record<string, RegExp>> = {
  // A programme goes on, so its points never lapse at one fixed moment.
  earn: /^expiry\.atMs$/,
  // A price is found before there is an order.
  discounts: /^discounts\.\*\.condition\.(?:minFen|maxFen|from|to)$/,
};

describe("the editor's API", () => {
  it("takes every sample as it is", () => {
    for (const { of, read, values } of SAMPLES) {
      for (const value of values) expect(read(value), of).toMatchObject({ kind: "ok" });
    }
  });

  it.each(SAMPLES.map(({ of }) => of))("names each field of %s that is wrong", (name) => {
    const cases = CASES.filter(({ of }) => of === name);
    expect(cases.length + Number(name === "clawback")).toBeGreaterThan(0);
    for (const { read, value, leaf, what, to } of cases) {
      const field = leaf.path.join(".");
      const result = read(changed(value, leaf.path, to));
      const named = result.kind === "invalid" ? result.problems.map((one) => one.field) : "taken";
      expect(named, `${what} ${field}`).toContain(field);
    }
  });

  it.each(SAMPLES.map(({ of }) => of))("refuses a field that %s does not have", (name) => {
    const { read, values } = SAMPLES.find(({ of }) => of === name) as Sample;
    const result = read({ ...(values[0] as object), pointsPerShare: 5 });
    expect(result).toMatchObject({ kind: "invalid", problems: [{ field: "pointsPerShare" }] });
  });

  it("has a sample of every figure and switch of every schema", () => {
    const { terms, rule, task } = editorSchemas();
    const schemas: Readonly<Record<string, Json>> = { ...terms, rule, task };
    for (const [name, schema] of Object.entries(schemas)) {
      const seen = new Set(
        CASES.filter(({ of }) => of === name).map(({ leaf }) => plain(leaf.path)),
      );
      const isSeen = (field: string): boolean =>
        seen.has(field) || NEVER_TAKEN[name]?.test(field) === true;
      const missing = [...fieldsOf(schema, schema)].filter((field) => !isSeen(field));
      expect(missing, name).toEqual([]);
    }
  });
});

/** `caps.0.pointsMax` is `caps.*.pointsMax`, and a condition within a condition is a condition. */
function plain(path: readonly string[]): string {
  const text = path.map((name) => (/^\d+$/.test(name) ? "*" : name)).join(".");
  return text.replaceAll(/(?:\.of(?:\.\*)?)+(?=\.|$)/g, "");
}

function fieldsOf(
  node: Json,
  root: Json,
  path: readonly string[] = [],
  found = new Set<string>(),
  depth = 0,
): Set<string> {
  if (typeof node !== "object" || node === null || depth > 12) return found;
  const { $ref, type, properties, items, anyOf, oneOf } = node as Record<string, Json>;
  const go = (inner: Json, name: readonly string[] = []): void => {
    fieldsOf(inner, root, [...path, ...name], found, depth + 1);
  };
  if (typeof $ref === "string") {
    const target = $ref
      .split("/")
      .slice(1)
      .reduce<Json>((at, name) => (at as Record<string, Json> | undefined)?.[name], root);
    go(target);
  }
  if (type === "integer" || type === "number" || type === "boolean") found.add(plain(path));
  for (const [name, inner] of Object.entries((properties as object | undefined) ?? {})) {
    go(inner, [name]);
  }
  if (items !== undefined) go(items, ["*"]);
  for (const inner of [...((anyOf as Json[]) ?? []), ...((oneOf as Json[]) ?? [])]) go(inner);
  return found;
}
