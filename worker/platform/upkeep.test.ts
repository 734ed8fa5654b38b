import { expect, it } from "vitest";
import { attemptEach } from "./upkeep.ts";

it("does each, some at a time, whatever becomes of the others", async () => {
  const done: number[] = [];
  let going = 0;
  let most = 0;
  await attemptEach(
    "test",
    [1, 2, 3, 4, 5],
    async (one) => {
      going += 1;
      most = Math.max(most, going);
      await Promise.resolve();
      going -= 1;
      if (one % 2 === 0) throw new Error("even");
      done.push(one);
    },
    2,
  );
  expect([done, most]).toEqual([[1, 3, 5], 2]);
});
