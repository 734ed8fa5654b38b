import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashOf } from "./ledger.ts";
import { activePoints, consume, sumOf, type Lot } from "./lots.ts";
import { assertMember, balanceOf, credit, expireLots, newMember, type Member } from "./model.ts";
import { cancelOrder, decideHold, differingFields, post, voidHold, type Order } from "./orders.ts";
import { termsFor } from "../testing/simulation/scene.ts";

const NOW = 1_000_000;
const DAY = 86_400_000;

const lotsArbitrary = fc
  .array(
    fc.record({
      points: fc.integer({ min: 1, max: 500 }),
      expiresAtMs: fc.option(fc.integer({ min: NOW - 10, max: NOW + 1_000 }), { nil: null }),
      pendingUntilMs: fc.option(fc.integer({ min: NOW - 10, max: NOW + 10 }), { nil: null }),
    }),
    { maxLength: 12 },
  )
  .map((lots) =>
    lots.map((lot, at): Lot => ({
      ...lot,
      lotId: at + 1,
      source: "test",
      remaining: lot.points,
      createdAtMs: 0,
    })),
  );

function memberWith(grants: readonly { points: number; expiresAtMs: number | null }[]): Member {
  let member = newMember("demo:m");
  grants.forEach(({ points, expiresAtMs }, at) => {
    const grant = {
      points,
      reason: "r",
      actor: "a",
      source: "manual",
      expiresAtMs,
      idempotencyKey: String(at),
    };
    member = credit(member, grant, NOW).member;
  });
  return member;
}

function held(member: Member, quantity = 1): { member: Member; order: Order } {
  const command = { memberKey: "demo:m", orderId: "order-1", quantity, epoch: 1, isTap: true };
  const usage = { pendingUnits: 0, liveUnits: 0, todayUnits: 0 };
  const outcome = decideHold(member, command, termsFor(5, 5), usage, NOW);
  if (outcome.kind !== "held") throw new Error("expected a hold");
  return outcome;
}

describe("lots", () => {
  it("are consumed first to lapse first, exactly, and never while pending or lapsed", () => {
    fc.assert(
      fc.property(lotsArbitrary, fc.double({ min: 0, max: 1, noNaN: true }), (lots, share) => {
        const active = activePoints(lots, NOW);
        const wanted = Math.floor(active * share);
        const { lots: after, slices } = consume(lots, wanted, NOW);
        expect(sumOf(slices)).toBe(wanted);
        expect(activePoints(after, NOW)).toBe(active - wanted);
        const ends = slices.map((slice) => slice.expiresAtMs ?? Number.POSITIVE_INFINITY);
        expect(ends).toEqual([...ends].sort((a, b) => a - b));
        for (const slice of slices) {
          const lot = lots.find((one) => one.lotId === slice.lotId);
          expect(lot?.expiresAtMs ?? NOW + 1).toBeGreaterThan(NOW);
          expect(lot?.pendingUntilMs ?? 0).toBeLessThanOrEqual(NOW);
        }
      }),
    );
  });

  it("refuse to give more than they hold", () => {
    expect(() => consume([], 1, NOW)).toThrow("I4");
  });
});

describe("a member's points", () => {
  it("are conserved by every order of holding, posting, voiding, cancelling and expiring", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            points: fc.integer({ min: 1, max: 60 }),
            expiresAtMs: fc.option(fc.integer({ min: NOW + 1, max: NOW + 50 }), { nil: null }),
          }),
          { minLength: 1, maxLength: 6 },
        ),
        fc.array(fc.constantFrom("post", "void", "cancel", "expire"), { maxLength: 6 }),
        fc.integer({ min: 0, max: 60 }),
        (grants, acts, laterMs) => {
          let member = memberWith(grants);
          if (balanceOf(member, NOW).active < 10) return;
          let { member: next, order } = held(member);
          member = next;
          const at = NOW + laterMs;
          const grant = { ordinal: 1, remaining: 0, atMs: at, epoch: 1 };
          for (const act of acts) {
            if (act === "post" && order.hold === "pending") {
              const outcome = post(member, order, grant, at);
              if (outcome !== "already") ({ member: next, order } = outcome);
            } else if (act === "void") {
              const outcome = voidHold(member, order, { code: "sold_out", figures: {} }, 1, at);
              if (outcome !== "ignored") ({ member: next, order } = outcome);
            } else if (act === "cancel" && order.hold === "posted") {
              const outcome = cancelOrder(member, order, at);
              if (outcome !== "already") ({ member: next, order } = outcome);
            } else if (act === "expire") {
              next = expireLots(member, at).member;
            }
            member = next;
            assertMember(member);
          }
        },
      ),
    );
  });

  it("go back to their own lots with their own expiry", () => {
    const soon = NOW + 5 * DAY;
    const before = memberWith([
      { points: 7, expiresAtMs: soon },
      { points: 100, expiresAtMs: null },
    ]);
    const { member, order } = held(before);
    expect(order.slices).toEqual([
      { lotId: 1, points: 7, expiresAtMs: soon },
      { lotId: 2, points: 3, expiresAtMs: null },
    ]);
    const posted = post(member, order, { ordinal: 1, remaining: 0, atMs: NOW, epoch: 1 }, NOW);
    if (posted === "already") throw new Error("expected a post");
    const cancelled = cancelOrder(posted.member, posted.order, NOW + 1);
    if (cancelled === "already") throw new Error("expected a cancel");
    expect(cancelled.member.lots).toEqual(before.lots);
    expect(cancelled.entries[0]?.slices).toEqual(order.slices);
  });

  it("return with thirty days of grace when their lot lapsed meanwhile", () => {
    const before = memberWith([{ points: 10, expiresAtMs: NOW + 1 }]);
    const { member, order } = held(before);
    const later = NOW + DAY;
    const outcome = voidHold(member, order, { code: "closed", figures: {} }, 1, later);
    if (outcome === "ignored") throw new Error("expected a void");
    expect(outcome.member.lots.at(-1)).toMatchObject({
      source: "refund_grace",
      remaining: 10,
      expiresAtMs: later + 30 * DAY,
    });
    expect(balanceOf(outcome.member, later).active).toBe(10);
  });

  it("lapse with one entry a lot, once", () => {
    const member = memberWith([
      { points: 4, expiresAtMs: NOW + 1 },
      { points: 6, expiresAtMs: NOW + 2 },
    ]);
    const first = expireLots(member, NOW + 10);
    expect(first.entries.map((entry) => entry.points)).toEqual([-4, -6]);
    expect(expireLots(first.member, NOW + 20).entries).toEqual([]);
    expect(balanceOf(first.member, NOW + 20)).toMatchObject({ active: 0, expired: 10 });
  });
});

describe("the ledger", () => {
  it("is gapless and chained, and a changed figure breaks the chain", () => {
    const member = memberWith([{ points: 4, expiresAtMs: null }]);
    const grant = {
      points: 5,
      reason: "r",
      actor: "a",
      source: "manual",
      expiresAtMs: null,
      idempotencyKey: "x",
    };
    const [entry] = credit(member, grant, NOW).entries;
    expect(entry?.seq).toBe(2);
    expect(entry?.prevHash).toBe(member.headHash);
    if (!entry) throw new Error("expected an entry");
    expect(hashOf(entry)).toBe(entry.hash);
    expect(hashOf({ ...entry, points: 6 })).not.toBe(entry.hash);
    // A person can be erased without breaking the chain.
    expect(hashOf({ ...entry, actor: "erased", reason: "erased" })).toBe(entry.hash);
  });
});

describe("limits and identity", () => {
  it("count units of pending holds and live orders", () => {
    const command = {
      memberKey: "demo:m",
      orderId: "order-1",
      quantity: 2,
      epoch: 1,
      isTap: false,
    };
    const usage = { pendingUnits: 1, liveUnits: 1, todayUnits: 0 };
    const member = memberWith([{ points: 100, expiresAtMs: null }]);
    expect(decideHold(member, command, termsFor(2, 3), usage, NOW)).toMatchObject({
      kind: "refused",
      order: { refusal: { code: "limit_reached", figures: { limit: 3, used: 2 } } },
    });
    expect(decideHold(member, command, termsFor(2, 4), usage, NOW).kind).toBe("held");
  });

  it("count a day's units against the daily limit", () => {
    const terms = { ...termsFor(1, 10), dailyLimitPerMember: 1 };
    const command = {
      memberKey: "demo:m",
      orderId: "order-1",
      quantity: 1,
      epoch: 1,
      isTap: false,
    };
    const usage = { pendingUnits: 0, liveUnits: 3, todayUnits: 1 };
    const member = memberWith([{ points: 100, expiresAtMs: null }]);
    expect(decideHold(member, command, terms, usage, NOW)).toMatchObject({
      order: { refusal: { code: "limit_reached", figures: { limit: 1, used: 1, per: "day" } } },
    });
  });

  it("name every field in which a repeated request differs", () => {
    const { order } = held(memberWith([{ points: 100, expiresAtMs: null }]));
    expect(differingFields(order, { saleId: order.saleId, quantity: 1, epoch: 1 })).toEqual([]);
    expect(differingFields(order, { saleId: "x", quantity: 2, epoch: 3 })).toEqual([
      "saleId",
      "quantity",
      "epoch",
    ]);
  });
});
