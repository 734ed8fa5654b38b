import { describe, expect, it } from "vitest";
import { changesBetween } from "../kit/diff.ts";
import { booksOf, type RuleVersion } from "./data.ts";
import {
  initialOf,
  orNull,
  pruned,
  resolved,
  variantsOf,
  withValue,
  type SchemaNode,
} from "./schema.ts";
import { ruleLine } from "./sentences.ts";
import { RULES } from "./words.ts";

const ROOT: SchemaNode = {
  type: "object",
  $defs: { cap: { type: "object", properties: { points: { type: "integer", minimum: 1 } } } },
  properties: {
    title: { type: "string" },
    isOn: { type: "boolean" },
    caps: { type: "array", items: { $ref: "#/$defs/cap" } },
    until: { anyOf: [{ type: "integer" }, { type: "null" }] },
    expiry: {
      oneOf: [
        { type: "object", properties: { kind: { type: "string", const: "never" } } },
        {
          type: "object",
          properties: { kind: { enum: ["days", "months"] }, amount: { type: "integer" } },
        },
      ],
    },
  },
};

describe("a schema", () => {
  it("gives a value to begin with, the first form where there are several", () => {
    const begun = { title: "", isOn: false, caps: [], until: null, expiry: { kind: "never" } };
    expect(initialOf(ROOT, ROOT)).toEqual(begun);
    expect(initialOf(ROOT, ROOT.properties?.["caps"]?.items ?? {})).toEqual({ points: 1 });
  });

  it("tells forms apart by their kind, and what may be absent", () => {
    const expiry = ROOT.properties?.["expiry"] ?? {};
    expect(variantsOf(ROOT, expiry)?.map(({ kind }) => kind)).toEqual(["never", "days", "months"]);
    expect(orNull(ROOT, ROOT.properties?.["until"] ?? {})).toEqual({ type: "integer" });
    expect(orNull(ROOT, expiry)).toBeNull();
    expect(() => resolved(ROOT, { $ref: "#/$defs/none" })).toThrow("no schema");
  });

  it("keeps what it knows, of the form that is chosen, and fills in what is missing", () => {
    const kept = pruned(ROOT, ROOT, {
      ...{ title: "t", version: 3, zoneOffsetMs: 0, caps: [{ points: 5, stray: 1 }] },
      expiry: { kind: "never", amount: 7 },
    });
    expect(kept).toEqual({
      ...{ title: "t", isOn: false, caps: [{ points: 5 }], until: null },
      expiry: { kind: "never" },
    });
  });

  it("is changed at a path without touching what is beside it", () => {
    const before = { caps: [{ points: 1 }, { points: 2 }], title: "t" };
    const after = withValue(before, ["caps", 1, "points"], 9);
    expect(after).toEqual({ caps: [{ points: 1 }, { points: 9 }], title: "t" });
    expect(before.caps[1]).toEqual({ points: 2 });
  });
});

describe("what changed", () => {
  it("is named leaf by leaf; lists of figures are one leaf", () => {
    const before = { a: 1, days: [1, 2], caps: [{ points: 5 }], gone: true };
    const after = { a: 2, days: [1, 3], caps: [{ points: 5 }, { points: 7 }] };
    expect(changesBetween(before, after)).toEqual([
      { path: "a", before: 1, after: 2 },
      { path: "days", before: [1, 2], after: [1, 3] },
      { path: "caps.1", before: undefined, after: { points: 7 } },
      { path: "gone", before: true, after: undefined },
    ]);
    expect(changesBetween(before, { ...before })).toEqual([]);
  });
});

describe("a rule", () => {
  it("reads in one line in both languages", () => {
    const rule = {
      on: ["order"],
      condition: { kind: "day_of_month", days: [8, 18] },
      benefit: { kind: "multiplier", percent: 150 },
      caps: [{ period: "day", pointsMax: 500, timesMax: null }],
    };
    const say = (_: readonly string[], choice: string): string => choice;
    expect(ruleLine(rule, RULES.en, say)).toEqual({
      figure: "× 1.5",
      text: "order, on day 8, 18 of the month, 1.5 times, at most 500 points day.",
    });
    expect(ruleLine(rule, RULES["zh-CN"], say).text).toContain("每月 8、18 日");
    const named = (_: readonly string[], kind: string): string =>
      kind === "order" ? "Purchase" : "Write-off at a store";
    const perYuan = {
      ...{ on: ["order", "write_off"], condition: null, caps: null },
      benefit: { kind: "per_amount", points: 1, perFen: 100 },
    };
    expect(ruleLine(perYuan, RULES.en, named).text).toBe(
      "Purchase or write-off at a store, 1 point for each ¥1.",
    );
  });

  it("is gathered from its versions: what is in force beside what is drafted", () => {
    const version = (number: number, state: RuleVersion["state"]): RuleVersion => ({
      ...{ id: "r", version: number, state, body: {}, report: null },
      ...{ savedBy: "staff:a", savedAtMs: number, publishedAtMs: null },
    });
    const [book] = booksOf([version(1, "published"), version(2, "dry_run")]);
    expect(book).toMatchObject({
      live: { version: 1 },
      draft: { version: 2 },
      newest: { version: 2 },
    });
  });
});
