import { beforeAll, expect, it } from "vitest";
import { buildCrashWorker } from "../../worker/local/build.ts";
import { SHORT } from "./plan.ts";
import { runCrashRounds } from "./rounds.ts";

beforeAll(() => buildCrashWorker());

it("sells exactly, strands nothing and keeps every word across ten rounds of deaths", async () => {
  const { rows, breaches } = await runCrashRounds({ rounds: 10, seed: 4_000, pace: SHORT });
  expect(breaches).toEqual([]);
  expect(rows).toHaveLength(10);
}, 180_000);
