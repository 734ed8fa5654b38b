/** Who belongs to a segment: conditions over the figures of a member, as a statement of SQL. Pure. */
import { DAY_MS } from "../kernel/clock.ts";

export type Condition =
  /** Purchases of this month and the two before. */
  | { readonly kind: "frequency"; readonly min: number; readonly max: number | null }
  /** The last purchase lies within so many days, or further back (never included). */
  | { readonly kind: "purchased"; readonly days: number; readonly is: "within" | "beyond" }
  | { readonly kind: "redeemed"; readonly days: number; readonly is: "within" | "beyond" }
  | { readonly kind: "active"; readonly days: number; readonly is: "within" | "beyond" }
  | { readonly kind: "balance"; readonly min: number; readonly max: number | null }
  | { readonly kind: "spent"; readonly min: number; readonly max: number | null }
  /** Points whose nearest deadline lies within so many days. */
  | { readonly kind: "expiring"; readonly days: number }
  | { readonly kind: "tier"; readonly tierIds: readonly string[] }
  /** The store they were at last. */
  | { readonly kind: "store"; readonly storeIds: readonly string[] }
  | { readonly kind: "label"; readonly labelIds: readonly string[] }
  /** The first so many of a hundred, by a figure above zero; who ties with the last of them belongs too. */
  | { readonly kind: "top"; readonly percent: number; readonly by: TopFigure };

export const TOP_FIGURES = ["frequency", "balance", "spent"] as const;
export type TopFigure = (typeof TOP_FIGURES)[number];

/** All conditions have to be met. */
export interface SegmentRule {
  readonly all: readonly Condition[];
}

/** What is found out once, before members are gone through: the least figure of those on top. */
export type Basis = Readonly<Partial<Record<TopFigure, number>>>;

/** Segments that every merchant wants, as a start. */
export const PRESETS: readonly {
  readonly presetId: string;
  readonly name: { readonly "zh-CN": string; readonly en: string };
  readonly rule: SegmentRule;
}[] = [
  {
    presetId: "top-frequency",
    name: { "zh-CN": "消费频次前 30%", en: "Top 30% by purchases" },
    rule: { all: [{ kind: "top", percent: 30, by: "frequency" }] },
  },
  {
    presetId: "expiring-soon",
    name: { "zh-CN": "15 天内有积分到期", en: "Points expiring in 15 days" },
    rule: { all: [{ kind: "expiring", days: 15 }] },
  },
  {
    presetId: "drifting",
    name: { "zh-CN": "60 天没来、还有 500 分", en: "Away 60 days with 500 points" },
    rule: {
      all: [
        { kind: "active", days: 60, is: "beyond" },
        { kind: "balance", min: 500, max: null },
      ],
    },
  },
  {
    presetId: "never-redeemed",
    name: { "zh-CN": "有 500 分却一年没兑过", en: "500 points, nothing redeemed in a year" },
    rule: {
      all: [
        { kind: "redeemed", days: 365, is: "beyond" },
        { kind: "balance", min: 500, max: null },
      ],
    },
  },
];

/** Column of each figure that a share is taken of; each has an index behind the programme. */
export const TOP_COLUMNS: Readonly<Record<TopFigure, string>> = {
  frequency: "frequency",
  balance: "active",
  spent: "spent_points",
};

/** A figure above every one that anybody has. */
export const NOBODY = 9e15;

/** Figures of which a share is asked for, with the smallest share each: all conditions have to be met. */
export function topsOf({ all }: SegmentRule): ReadonlyMap<TopFigure, number> {
  const tops = new Map<TopFigure, number>();
  for (const one of all) {
    if (one.kind === "top") tops.set(one.by, Math.min(tops.get(one.by) ?? 100, one.percent));
  }
  return tops;
}

/** How many of `count` are so many of a hundred: at least one where there is anybody. */
export function shareOf(count: number, percent: number): number {
  return Math.min(count, Math.max(count > 0 ? 1 : 0, Math.ceil((count * percent) / 100)));
}

/** What a round has found out, and whom it has told. */
export interface RoundState {
  readonly basis: Basis;
  /** Figure and member that each step of ranking by the next figure came to, from the top on. */
  readonly marks: readonly (readonly [value: number, memberId: string])[];
  /** Accounts are told who came, then who left; up to whom it has come. */
  readonly telling: { readonly side: "gained" | "lost"; readonly after: string };
}

export const FIRST_STATE: RoundState = {
  basis: {},
  marks: [],
  telling: { side: "gained", after: "" },
};

export interface Fragment {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** The rule as a condition on a row `m` of members. */
export function fragmentOf(rule: SegmentRule, basis: Basis, nowMs: number): Fragment {
  const parts = rule.all.map((one) => conditionOf(one, basis, nowMs));
  return {
    sql: parts.map(({ sql }) => `(${sql})`).join(" AND "),
    values: parts.flatMap(({ values }) => values),
  };
}

const range = (column: string, min: number, max: number | null): Fragment => ({
  sql: max === null ? `${column} >= ?` : `${column} >= ? AND ${column} <= ?`,
  values: max === null ? [min] : [min, max],
});

function since(column: string, days: number, is: "within" | "beyond", nowMs: number): Fragment {
  const atMs = nowMs - days * DAY_MS;
  return is === "within"
    ? { sql: `${column} >= ?`, values: [atMs] }
    : { sql: `${column} IS NULL OR ${column} < ?`, values: [atMs] };
}

const among = (column: string, values: readonly string[]): Fragment => ({
  sql: `${column} IN (${values.map(() => "?").join(", ")})`,
  values,
});

function conditionOf(one: Condition, basis: Basis, nowMs: number): Fragment {
  switch (one.kind) {
    case "frequency":
      return range("m.frequency", one.min, one.max);
    case "balance":
      return range("m.active", one.min, one.max);
    case "spent":
      return range("m.spent_points", one.min, one.max);
    case "purchased":
      return since("m.last_purchase_at_ms", one.days, one.is, nowMs);
    case "redeemed":
      return since("m.last_redeemed_at_ms", one.days, one.is, nowMs);
    case "active":
      return since("m.last_active_at_ms", one.days, one.is, nowMs);
    case "expiring":
      return {
        sql: "m.next_expires_at_ms > ? AND m.next_expires_at_ms <= ?",
        values: [nowMs, nowMs + one.days * DAY_MS],
      };
    case "tier":
      return among("m.tier_id", one.tierIds);
    case "store":
      return among("m.last_store_id", one.storeIds);
    case "label": {
      const { sql, values } = among("x.label_id", one.labelIds);
      return {
        sql: `EXISTS (SELECT 1 FROM member_labels x WHERE x.programme_id = m.programme_id AND x.member_id = m.member_id AND ${sql})`,
        values,
      };
    }
    case "top":
      return { sql: `m.${TOP_COLUMNS[one.by]} >= ?`, values: [basis[one.by] ?? NOBODY] };
  }
}
