import { expect, it } from "vitest";
import { QueueFull, type CommitQueue } from "./commit-queue.ts";
import { attemptEach, commitOrApart } from "./upkeep.ts";

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

/** Commits that take a job at once; of one that fails nothing is left. */
const commits = { runUnasked: async (work: () => unknown) => work() } as unknown as CommitQueue;

it("does what one of many breaks each apart, and puts that one off", async () => {
  const done: string[] = [];
  const work = (item: number): void => {
    if (item === 2) throw new Error("broken");
    done.push(`did ${item}`);
  };
  const apart = {
    ...{ kind: "test", items: () => [1, 2, 3], work },
    putOff: (item: number) => done.push(`put off ${item}`),
  };
  expect(await commitOrApart(commits, () => work(2), apart)).toBeNull();
  expect(done).toEqual(["did 1", "put off 2", "did 3"]);
});

it("puts nobody off where commits are overloaded", async () => {
  const overloaded = { runUnasked: () => Promise.reject(new QueueFull()) };
  const apart = {
    ...{ kind: "test", items: () => [1] },
    work: () => expect.unreachable(),
    putOff: () => expect.unreachable(),
  };
  await expect(commitOrApart(overloaded as unknown as CommitQueue, () => 1, apart)).rejects.toThrow(
    QueueFull,
  );
});
