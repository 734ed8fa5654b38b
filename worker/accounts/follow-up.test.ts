import { describe, expect, it } from "vitest";
import { FollowUp, type FollowUpPorts } from "./follow-up.ts";
import type { Order } from "./orders.ts";

const order = (saleId: string): Order =>
  ({ saleId, memberKey: "demo:m", orderId: saleId, isWanted: true, opensAtMs: 0 }) as Order;

describe("the follow-up of pending holds", () => {
  it("tells whoever calls it during a run that it has not run, though something is still due", async () => {
    const answers: (() => void)[] = [];
    const asked: string[] = [];
    const pending = new Map(
      ["a~1", "b~1"].map((saleId) => [saleId, new Map([[saleId, order(saleId)]])]),
    );
    let nowMs = 0;
    const followUp = new FollowUp({
      store: { orders: { pending } },
      now: () => nowMs,
      ask: (one: Order) => {
        asked.push(one.saleId);
        return new Promise((resolve) => void answers.push(() => resolve(null)));
      },
    } as unknown as FollowUpPorts);
    followUp.nextAtMs();
    nowMs = 2_000;
    const first = followUp.run();
    expect(await followUp.run()).toBe(false);
    // The other sale is still due: a timer set for it now would be due at once, over and over.
    expect(followUp.nextAtMs()).toBeLessThanOrEqual(nowMs);
    expect(asked).toEqual(["a~1"]);
    answers[0]?.();
    await new Promise(setImmediate);
    answers[1]?.();
    expect(await first).toBe(true);
    expect(asked).toEqual(["a~1", "b~1"]);
    expect(followUp.nextAtMs()).toBeGreaterThan(nowMs);
  });
});
