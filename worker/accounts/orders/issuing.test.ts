/** Goods that deliver themselves, and an order that ends while they are on their way. */
import { describe, expect, it } from "vitest";
import { invariant } from "../../kernel/invariant.ts";
import { advance, beginLife, dueAtMs, unissued } from "./life.ts";
import type { OrderStep } from "./states.ts";
import type { OrderLife } from "./types.ts";

const NOW = 1_700_000_000_000;
const LATER = NOW + 60_000;

const begun: OrderLife = beginLife(
  {
    ...{ memberKey: "demo:m", orderId: "order-of-codes-1", goodsKind: "card_code", quantity: 2 },
    ...{ points: 10, cashFen: 0, freightFen: 0, payWithinMs: null, createdAtMs: NOW },
  },
  NOW,
);

function stepped(life: OrderLife, step: OrderStep): OrderLife {
  const outcome = advance(life, step, { by: "system" }, LATER);
  invariant(outcome.kind === "changed", "the step is possible");
  return outcome.life;
}

describe("an order that waits for its codes", () => {
  const asked: OrderLife = { ...begun, issueTries: 1, issueAtMs: NOW + 2_000 };

  it("asks for nothing more once it has them", () => {
    expect(stepped(asked, "issue").issueAtMs).toBeNull();
  });

  it("asks for them back when it ends after its vault was asked, through a refund too, until that is answered", () => {
    const cancelled = stepped(asked, "cancel");
    expect(dueAtMs(cancelled)).toBe(LATER);
    const refunding = stepped(asked, "refund");
    expect(stepped(refunding, "refunded").issueAtMs).toBe(LATER);
    // What was being written when its deliverer died may land after the first answer.
    for (const issueTries of [1, 2, 7]) {
      const once = unissued({ ...cancelled, issueTries }, LATER + 59_999);
      expect(once.kind === "changed" && dueAtMs(once.life)).toBe(LATER + 60_000);
    }
    const answered = unissued(cancelled, LATER + 60_000);
    expect(answered.kind === "changed" && dueAtMs(answered.life)).toBeNull();
    expect(unissued({ ...cancelled, issueAtMs: null }, LATER).kind).toBe("already");
  });

  it("ends without a word when nobody was asked yet, and is not forgotten while it waits", () => {
    expect(stepped(begun, "cancel").issueAtMs).toBeNull();
    expect(unissued(asked, LATER).kind).toBe("already");
  });
});

describe("a service that is given back", () => {
  const service = beginLife(
    {
      ...{ memberKey: "demo:m", orderId: "order-of-visit-1", goodsKind: "local_service" },
      ...{
        quantity: 1,
        points: 10,
        cashFen: 0,
        freightFen: 0,
        payWithinMs: null,
        createdAtMs: NOW,
      },
    },
    NOW,
  );

  it("asks for its vouchers back, and not when they are used", () => {
    for (const step of ["cancel", "refund"] as const) {
      const ended = stepped(service, step);
      expect(ended.issueAtMs).toBe(LATER);
      const answered = unissued(ended, LATER + 60_000);
      expect(answered).toMatchObject({ kind: "changed", life: { issueAtMs: null } });
    }
    expect(stepped(service, "use").issueAtMs).toBeNull();
    expect(stepped(service, "write_off").issueAtMs).toBeNull();
  });
});
