import { describe, expect, it } from "vitest";
import type { BillRow } from "./provider.ts";
import { bookedSince, differencesOf, foundLater, type KnownMove } from "./reconcile.ts";

const paid = (txnId: string, amountFen = 990): BillRow => ({
  ...{ kind: "payment", paymentId: `p-${txnId}`, txnId, refundId: null, amountFen },
});
const back = (refundId: string, amountFen = 990): BillRow => ({
  ...{ kind: "refund", paymentId: `p-${refundId}`, txnId: "t", refundId, amountFen },
});
const move = (moveId: string, over: Partial<KnownMove> = {}): KnownMove => ({
  ...{ moveId, kind: "payment", paymentId: `p-${moveId}`, memberId: "m", orderId: "o" },
  ...{ amountFen: 990, state: "order", ...over },
});
const everything = (): boolean => true;

describe("a daily bill against the mall's money", () => {
  it("agrees when every line is known, in any order and however often it is read", () => {
    const bill = [paid("a"), back("r"), paid("b")];
    const known = [move("b"), move("r", { kind: "refund", state: "done" }), move("a")];
    expect(differencesOf(bill, known, everything)).toEqual([]);
    expect(differencesOf([...bill, ...bill], known, everything)).toEqual([]);
  });

  it("names what only the bill has, what only the mall has, and what differs", () => {
    const bill = [paid("a"), paid("lost"), back("r9"), paid("c", 989)];
    const known = [
      ...[move("a"), move("c"), move("ghost"), move("r1", { kind: "refund", state: "done" })],
      move("r2", { kind: "refund", state: "waiting" }),
    ];
    const named = differencesOf(bill, known, everything).map(({ name, moveId }) => [name, moveId]);
    expect(named).toEqual([
      ["payment_unknown_here", "lost"],
      ["refund_unknown_here", "r9"],
      ["amount_differs", "c"],
      ["payment_unknown_there", "ghost"],
      ["refund_unknown_there", "r1"],
    ]);
  });

  it("finds in the next bill what was moved near midnight, and nothing else", () => {
    const known = [move("late"), move("r1", { kind: "refund", state: "done" }), move("ghost")];
    const open = differencesOf([paid("strange")], known, everything);
    const left = foundLater(open, [paid("late"), back("r1"), paid("strange")]);
    expect(left.map(({ name, moveId }) => [name, moveId])).toEqual([
      ["payment_unknown_here", "strange"],
      ["payment_unknown_there", "ghost"],
    ]);
  });

  it("does not miss in a bill what was moved on another day", () => {
    expect(differencesOf([], [move("a")], () => false)).toEqual([]);
  });

  it("no more differs in what was booked after the bill was read, but in another amount", () => {
    const bill = [paid("late"), paid("short"), back("r9"), paid("lost")];
    const open = differencesOf(bill, [move("ghost")], everything);
    const booked = [move("late"), move("short", { amountFen: 890 }), move("r9"), move("ghost")];
    const left = bookedSince(open, new Map(booked.map((one) => [one.moveId, one])));
    expect(left.map(({ name, moveId, ownFen }) => [name, moveId, ownFen])).toEqual([
      ["amount_differs", "short", 890],
      ["payment_unknown_here", "lost", null],
      ["payment_unknown_there", "ghost", 990],
    ]);
  });
});
