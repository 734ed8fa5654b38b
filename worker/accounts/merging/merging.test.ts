import { expect, it, vi } from "vitest";
import { Merging, type MergingPorts } from "./merging.ts";
import type { Parcel } from "./messages.ts";

it("carries the parcels behind one that cannot be delivered, and tries that one again later", async () => {
  vi.spyOn(console, "log").mockReturnValue();
  const waiting = new Set(["a-broken", "b-well"]);
  const delivered: string[] = [];
  const merging = new Merging({
    account: {
      merges: {
        isIdle: false,
        senders: () => [...waiting],
        stale: () => [],
        waiting: (fromKey: string) => (waiting.has(fromKey) ? { fromKey } : null),
        row: () => null,
        taken: ({ fromKey }: Parcel) => waiting.delete(fromKey),
      },
    },
    commits: { run: async (work: () => unknown) => work() },
    now: () => 1_000,
    deliver: async ({ fromKey }: Parcel) => {
      if (fromKey === "a-broken") throw new Error("broken");
      delivered.push(fromKey);
    },
  } as unknown as MergingPorts);
  await merging.run();
  expect([delivered, [...waiting]]).toEqual([["b-well"], ["a-broken"]]);
  expect(merging.nextAtMs()).toBeGreaterThan(1_000);
  vi.restoreAllMocks();
});
