import { expect, it } from "vitest";
import { fragmentOf, PRESETS, shareOf, topsOf } from "./model.ts";

it("takes a share upwards, and at least one of anybody", () => {
  expect([
    shareOf(0, 30),
    shareOf(1, 30),
    shareOf(10, 30),
    shareOf(11, 30),
    shareOf(3, 100),
  ]).toEqual([0, 1, 3, 4, 3]);
});

it("puts every value into a parameter", () => {
  for (const { rule } of PRESETS) {
    const { sql, values } = fragmentOf(rule, { frequency: 4 }, 1_000);
    expect(sql.match(/\?/g)).toHaveLength(values.length);
  }
  const hostile = "x') OR 1 = 1 --";
  const { sql, values } = fragmentOf(
    {
      all: [
        { kind: "tier", tierIds: [hostile, "gold"] },
        { kind: "label", labelIds: [hostile] },
      ],
    },
    {},
    0,
  );
  expect(sql).not.toContain(hostile);
  expect(values).toEqual([hostile, "gold", hostile]);
});

it("asks for the smallest share of a figure, and lets nobody in where nobody has any", () => {
  const rule = {
    all: [
      { kind: "top", percent: 10, by: "spent" },
      { kind: "top", percent: 30, by: "spent" },
    ],
  } as const;
  expect([...topsOf(rule)]).toEqual([["spent", 10]]);
  expect(fragmentOf(rule, {}, 0).values.every((value) => Number(value) > 1e15)).toBe(true);
});
