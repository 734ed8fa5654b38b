import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TakeItem } from "./messages.ts";
import type { TakeAnswer } from "./model.ts";
import { packAnswers, packItems, unpackAnswers, unpackItems } from "./packing.ts";

const figure = fc.nat();
const id = fc.stringMatching(/^[0-9A-Za-z_.@-]{1,40}$/);
const item: fc.Arbitrary<TakeItem> = fc.record({
  memberKey: id,
  orderId: id,
  epoch: figure,
  quantity: figure,
  probe: fc.boolean(),
});
const kind = <K extends string>(name: K): fc.Arbitrary<K> => fc.constant(name);
const answer: fc.Arbitrary<TakeAnswer> = fc.oneof(
  fc.record({
    kind: kind("granted"),
    epoch: figure,
    quantity: figure,
    ordinal: figure,
    remaining: figure,
    atMs: fc.integer({ min: 0, max: 4_102_444_800_000 }),
  }),
  fc.record({ kind: kind("forgone") }),
  fc.record({ kind: kind("ahead"), epoch: figure }),
  fc.record({ kind: kind("closed"), stamp: figure, closedAtMs: figure }),
  fc.record({ kind: kind("stale"), stamp: figure, epoch: figure }),
  fc.record({ kind: kind("not_open"), opensInMs: figure, paused: fc.boolean() }),
  fc.record({ kind: kind("sold_out"), stamp: figure, remaining: figure }),
  fc.record({ kind: kind("undecided") }),
);

describe("packed batches", () => {
  it("bring every item back as it was", () => {
    fc.assert(
      fc.property(fc.array(item), (items) => {
        expect(unpackItems(packItems(items))).toEqual(items);
      }),
    );
  });

  it("bring every answer back as it was", () => {
    fc.assert(
      fc.property(fc.array(answer), (answers) => {
        expect(unpackAnswers(packAnswers(answers), answers.length)).toEqual(answers);
      }),
    );
  });

  it("take a word they do not know for no answer, and refuse a torn text", () => {
    expect(unpackAnswers("deferred 3\n", 1)).toEqual([{ kind: "undecided" }]);
    expect(() => unpackAnswers("granted 1 1", 1)).toThrow(/line end/);
    expect(() => unpackAnswers("forgone\n", 2)).toThrow(/its answer/);
    expect(() => unpackItems("m o x 1 0\n")).toThrow(/whole/);
  });
});
