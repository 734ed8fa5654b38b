import { expect, it } from "vitest";
import { runCrashRounds } from "./rounds.ts";

it("sells exactly, strands nothing and keeps every word across kills", async () => {
  const { rows, breaches } = await runCrashRounds({ rounds: 2, seed: 4_000, members: 120 });
  expect(breaches).toEqual([]);
  expect(rows).toHaveLength(2);
}, 120_000);
