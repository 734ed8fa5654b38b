/** The tables say what may happen; everything else is refused, one by one. */
import { describe, expect, it } from "vitest";
import { GOODS_KINDS } from "../../kernel/goods-kind.ts";
import { apply, giveBack, stepCase } from "./after-sales.ts";
import { advance, beginLife, dueAtMs, unitsToSend, type GrantedOrder } from "./life.ts";
import {
  CASH_LEG_MOVES,
  CASH_LEG_STATES,
  FREIGHT_LEG_MOVES,
  FREIGHT_LEG_STATES,
  mayMove,
  ORDER_MOVES,
  ORDER_STATES,
  ORDER_STEPS,
  POINTS_LEG_MOVES,
  POINTS_LEG_STATES,
  START_STEP,
  stateAfter,
  type OrderState,
  type OrderStep,
} from "./states.ts";
import type { OrderLife } from "./types.ts";

const T0 = 1_700_000_000_000;

function granted(over: Partial<GrantedOrder> = {}): GrantedOrder {
  return {
    ...{ memberKey: "demo:m", orderId: "order-000000000001", goodsKind: "physical", quantity: 1 },
    ...{ points: 100, cashFen: 0, freightFen: 0, payWithinMs: 600_000, createdAtMs: T0 - 5 },
    ...over,
  };
}

/** An order put into a state by hand; what led there does not matter to the table. */
function lifeIn(state: OrderState): OrderLife {
  return { ...beginLife(granted(), T0), state, history: [] };
}

/** Written out a second time, so that a slip in the table is a red test and not a new law. */
const LEGAL: readonly string[] = [
  "placed await_payment awaiting_payment",
  "placed start_shipping to_ship",
  "placed start_write_off to_write_off",
  "placed start_issuing issuing",
  "awaiting_payment start_shipping to_ship",
  "awaiting_payment start_write_off to_write_off",
  "awaiting_payment start_issuing issuing",
  "awaiting_payment lapse cancelled",
  "awaiting_payment cancel cancelled",
  "to_ship cancel cancelled",
  "to_write_off cancel cancelled",
  "issuing cancel cancelled",
  "to_ship fail cancelled",
  "to_write_off fail cancelled",
  "issuing fail cancelled",
  "to_ship ship shipped",
  "shipped ship shipped",
  "to_write_off use to_write_off",
  "to_write_off write_off received",
  "received reverse_write_off to_write_off",
  "to_write_off reverse_write_off to_write_off",
  "received use_coupon received",
  "closed use_coupon closed",
  "received reverse_coupon received",
  "closed reverse_coupon closed",
  "issuing submit issuing",
  "issuing issue received",
  "shipped receive received",
  "received close closed",
  "to_ship refund refunding",
  "to_write_off refund refunding",
  "issuing refund refunding",
  "shipped refund refunding",
  "received refund refunding",
  "closed refund refunding",
  "refunding refunded refunded",
];

const every = ORDER_STATES.flatMap((state) =>
  ORDER_STEPS.map((step): [OrderState, OrderStep] => [state, step]),
);

describe("the table of an order", () => {
  it("is exactly the one written out here", () => {
    const found = every.flatMap(([state, step]) => {
      const to = stateAfter(state, step);
      return to === null ? [] : [`${state} ${step} ${to}`];
    });
    expect(found.toSorted()).toEqual(LEGAL.toSorted());
  });

  it.each(every.filter(([state, step]) => stateAfter(state, step) === null))(
    "refuses from %s: %s",
    (state, step) => {
      const life = lifeIn(state);
      expect(advance(life, step, { by: "system" }, T0 + 1)).toEqual({
        ...{ kind: "refused", reason: "state", state },
      });
    },
  );

  it("ends somewhere: no state but the last ones is without a way on, and they have none", () => {
    const ends = ORDER_STATES.filter((state) =>
      ORDER_STEPS.every((step) => (ORDER_MOVES[step][state] ?? state) === state),
    );
    expect(ends.toSorted()).toEqual(["cancelled", "refunded"]);
  });

  it("starts every kind of goods on its own way", () => {
    for (const kind of GOODS_KINDS) {
      const life = beginLife(granted({ goodsKind: kind }), T0);
      expect(life.state).toBe(stateAfter("placed", START_STEP[kind]));
      const waits = beginLife(granted({ goodsKind: kind, cashFen: 990 }), T0);
      expect(waits.state).toBe("awaiting_payment");
      expect(waits.payByMs).toBe(T0 + 600_000);
      expect(dueAtMs(waits)).toBe(T0 + 600_000);
    }
  });

  it("awaits nothing where cash is due on delivery", () => {
    const life = beginLife(granted({ cashFen: 990, freightFen: 500, payWithinMs: null }), T0);
    expect(life.state).toBe("to_ship");
    expect(life.legs.cash.state).toBe("due_on_delivery");
    expect(life.legs.freight.state).toBe("due_on_delivery");
    expect(dueAtMs(life)).toBeNull();
  });
});

/** One unit of an order, given back before it was sent or after. */
function givenBack(life: OrderLife, kind: "refund" | "return"): OrderLife {
  const caseId = "case-0001";
  const wish = { caseId, kind, quantity: 1, reason: "", note: "", evidence: [] };
  let after = apply(life, wish, 50, T0 + 2);
  const steps =
    kind === "refund"
      ? (["agree_refund"] as const)
      : (["agree", "send_back", "take_back"] as const);
  for (const step of steps) {
    if (after.kind !== "changed") throw new Error(after.kind);
    after = stepCase(after.life, caseId, step, { by: "staff:a" }, T0 + 3);
  }
  if (after.kind !== "changed") throw new Error(after.kind);
  return giveBack(after.life, caseId, { returned: 50, ofOrder: 100 }, T0 + 3);
}

describe("a step", () => {
  it("repeated changes nothing", () => {
    const once = advance(lifeIn("to_ship"), "ship", { by: "staff:a" }, T0);
    if (once.kind !== "changed") throw new Error(once.kind);
    const twice = advance(once.life, "ship", { by: "staff:b" }, T0 + 9);
    expect(twice).toEqual({ kind: "already", life: once.life });
  });

  it("sets the deadline of what follows, and takes away that of what is over", () => {
    const shipped = advance(lifeIn("to_ship"), "ship", { by: "staff:a", withinMs: 1_000 }, T0);
    if (shipped.kind !== "changed") throw new Error(shipped.kind);
    expect(dueAtMs(shipped.life)).toBe(T0 + 1_000);
    const received = advance(shipped.life, "receive", { by: "member", withinMs: 5_000 }, T0 + 10);
    if (received.kind !== "changed") throw new Error(received.kind);
    expect(received.life).toMatchObject({ receiveByMs: null, closeByMs: T0 + 5_010 });
    const closed = advance(received.life, "close", { by: "system" }, T0 + 5_010);
    expect(closed.kind === "changed" && dueAtMs(closed.life)).toBeNull();
  });

  it("goes in several parcels: what is unsent is not received, and its time begins with the last parcel", () => {
    const ordered = { ...beginLife(granted({ quantity: 3 }), T0), history: [] };
    const parcel = (key: string, units: number) => ({ by: "staff:a", key, units, withinMs: 1_000 });
    const one = advance(ordered, "ship", parcel("parcel-1", 1), T0 + 1);
    if (one.kind !== "changed") throw new Error(one.kind);
    expect(one.life).toMatchObject({ state: "shipped", shippedUnits: 1 });
    expect(dueAtMs(one.life)).toBeNull();
    for (const by of ["member", "system"]) {
      expect(advance(one.life, "receive", { by, key: by }, T0 + 2)).toEqual({
        ...{ kind: "refused", reason: "units_unsent", state: "shipped" },
      });
    }
    expect(advance(one.life, "ship", parcel("parcel-1", 1), T0 + 2).kind).toBe("already");
    const two = advance(one.life, "ship", parcel("parcel-2", 2), T0 + 3);
    if (two.kind !== "changed") throw new Error(two.kind);
    expect(dueAtMs(two.life)).toBe(T0 + 1_003);
    expect(advance(two.life, "receive", { by: "member" }, T0 + 4).kind).toBe("changed");
  });

  it("may be received once after-sales gave back what was never sent", () => {
    const ordered = { ...beginLife(granted({ quantity: 2 }), T0), history: [] };
    const sent = advance(ordered, "ship", { by: "staff:a", key: "parcel-1", units: 1 }, T0 + 1);
    if (sent.kind !== "changed") throw new Error(sent.kind);
    const back = givenBack(sent.life, "refund");
    expect(dueAtMs(back)).not.toBeNull();
    expect(advance(back, "receive", { by: "member" }, T0 + 4).kind).toBe("changed");
  });

  it("sends no unit that was given back before it left, also where its parcel was packed already", () => {
    const ordered = { ...beginLife(granted({ quantity: 3 }), T0), history: [] };
    const kept = givenBack(ordered, "refund");
    const parcel = (units: number) => ({ by: "staff:a", key: `of-${units}`, units });
    expect(unitsToSend(kept)).toBe(2);
    expect(advance(kept, "ship", parcel(3), T0 + 4)).toMatchObject({ reason: "too_much" });
    const sent = advance(kept, "ship", parcel(2), T0 + 4);
    if (sent.kind !== "changed") throw new Error(sent.kind);
    expect(dueAtMs(sent.life)).not.toBeNull();
    expect(advance(sent.life, "ship", parcel(1), T0 + 5)).toMatchObject({ reason: "too_much" });
  });

  it("still owes what it did not send when something that it sent came back", () => {
    const ordered = { ...beginLife(granted({ quantity: 3 }), T0), history: [] };
    const sent = advance(ordered, "ship", { by: "staff:a", key: "parcel-1", units: 1 }, T0 + 1);
    if (sent.kind !== "changed") throw new Error(sent.kind);
    const back = givenBack(sent.life, "return");
    expect(advance(back, "receive", { by: "member" }, T0 + 5)).toMatchObject({
      reason: "units_unsent",
    });
    const rest = { by: "staff:a", key: "parcel-2", units: 2 };
    expect(advance(back, "ship", rest, T0 + 5).kind).toBe("changed");
  });

  it("counts the uses of a card, and a used card is not given back", () => {
    let life = lifeIn("to_write_off");
    for (const uses of [1, 2]) {
      const used = advance(life, "use", { by: "staff:a" }, T0 + uses);
      if (used.kind !== "changed") throw new Error(used.kind);
      life = used.life;
      expect(life.uses).toBe(uses);
    }
    for (const step of ["cancel", "refund", "fail"] as const) {
      expect(advance(life, step, { by: "member" }, T0 + 3)).toMatchObject({ reason: "used" });
    }
    const back = advance(life, "reverse_write_off", { by: "staff:b" }, T0 + 4);
    expect(back.kind === "changed" && back.life.uses).toBe(1);
    const nothing = advance(lifeIn("to_write_off"), "reverse_write_off", { by: "staff:b" }, T0);
    expect(nothing).toMatchObject({ kind: "refused", reason: "state" });
  });
});

describe("the tables of the legs", () => {
  const legs = [
    ["points", POINTS_LEG_STATES, POINTS_LEG_MOVES],
    ["cash", CASH_LEG_STATES, CASH_LEG_MOVES],
    ["freight", FREIGHT_LEG_STATES, FREIGHT_LEG_MOVES],
  ] as const;

  it.each(legs)("%s names only its own states", (_name, states, moves) => {
    expect(Object.keys(moves).toSorted()).toEqual([...states].toSorted());
    for (const to of Object.values(moves).flat()) expect(states).toContain(to);
  });

  it("keep money that came from being void, and void money from being kept", () => {
    expect(mayMove(CASH_LEG_MOVES, "paid", "void")).toBe(false);
    expect(mayMove(CASH_LEG_MOVES, "void", "paid")).toBe(false);
    expect(mayMove(CASH_LEG_MOVES, "refunded", "paid")).toBe(false);
    expect(mayMove(POINTS_LEG_MOVES, "returned", "posted")).toBe(false);
    expect(mayMove(FREIGHT_LEG_MOVES, "void", "paid")).toBe(false);
  });
});

describe("a case of codes", () => {
  it("waits for nothing to be sent back: its money would leave, and the code stay", () => {
    const codes = {
      ...beginLife(granted({ goodsKind: "card_code" }), T0),
      state: "received" as const,
    };
    const wish = { caseId: "case-0001", kind: "refund", quantity: 1 } as const;
    const asked = apply(codes, { ...wish, reason: "", note: "", evidence: [] }, 100, T0);
    if (asked.kind !== "changed") throw new Error(asked.kind);
    const step = (name: "agree" | "agree_refund") =>
      stepCase(asked.life, "case-0001", name, { by: "staff:a" }, T0 + 1);
    expect(step("agree")).toMatchObject({ kind: "refused", reason: "case_state" });
    expect(step("agree_refund").kind).toBe("changed");
  });
});

describe("a case for part of an order", () => {
  const wish = {
    ...({ caseId: "case-0001", kind: "refund", quantity: 1 } as const),
    ...{ reason: "", note: "", evidence: [] },
  };
  const received = (goodsKind: GrantedOrder["goodsKind"]): OrderLife => ({
    ...beginLife(granted({ goodsKind, quantity: 2 }), T0),
    state: "received",
  });

  it("is for parcels only: codes and vouchers are given back with their whole order", () => {
    expect(apply(received("physical"), wish, 100, T0).kind).toBe("changed");
    for (const kind of ["virtual", "card_code", "coupon", "local_service"] as const) {
      const part = apply(received(kind), wish, 100, T0);
      expect(part).toMatchObject({ kind: "refused", reason: "whole_only" });
      expect(apply(received(kind), { ...wish, quantity: 2 }, 100, T0).kind).toBe("changed");
    }
  });

  it("of what cannot be sent is a refund, which asks first whether it was seen or used", () => {
    for (const kind of ["return", "exchange"] as const) {
      const sent = { ...wish, kind, quantity: 2 };
      expect(apply(received("physical"), sent, 100, T0).kind).toBe("changed");
      for (const goods of ["virtual", "card_code", "coupon", "local_service"] as const) {
        expect(apply(received(goods), sent, 100, T0).kind).toBe("refused");
      }
    }
  });
});
