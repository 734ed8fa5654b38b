import { expect, it, vi } from "vitest";
import { LIMITS } from "../kernel/limits.ts";
import { SkuCourier, type CourierPorts } from "./sku-courier.ts";
import type { UnsettledTake } from "./takes-store.ts";

const take = (position: number, memberKey: string): UnsettledTake =>
  ({
    ...{ position, memberKey, orderId: `order-${position}`, saleId: "demo.sku~1" },
    take: { state: "granted", epoch: 1, quantity: 1, ordinal: position, remaining: 0, atMs: 0 },
  }) as UnsettledTake;

it("brings grants to the Account behind one that never answers, and asks that one once", async () => {
  vi.spyOn(console, "log").mockReturnValue();
  let waiting = [
    ...Array.from({ length: LIMITS.outboxBatchMax * 2 }, (_, at) => take(at + 1, "broken")),
    take(LIMITS.outboxBatchMax * 2 + 1, "well"),
  ];
  const asked: string[] = [];
  const courier = new SkuCourier({
    store: {
      watchers: () => [],
      unprojected: () => [],
      takes: {
        get unsettledCount() {
          return waiting.length;
        },
        unsettled: (count: number, after = 0) =>
          waiting.filter(({ position }) => position > after).slice(0, count),
        delivered: (done: readonly UnsettledTake[]) => {
          waiting = waiting.filter((one) => !done.includes(one));
        },
      },
    },
    commits: { run: async (work: () => unknown) => work() },
    now: () => 0,
    accountOf: (memberKey: string) => memberKey,
    account: (bucket: string) => ({
      settle: async (items: readonly unknown[]) => {
        asked.push(bucket);
        if (bucket === "broken") throw new Error("broken");
        return { settled: items.map((_, at) => at) };
      },
    }),
  } as unknown as CourierPorts);
  vi.useFakeTimers();
  await courier.deliver();
  vi.useRealTimers();
  expect(asked).toEqual(["broken", "well"]);
  expect(waiting.map(({ memberKey }) => memberKey)).not.toContain("well");
  vi.restoreAllMocks();
});
