/** Random walks over an order's life: whatever comes in whatever order, money and points are conserved and it ends. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  AFTER_SALE_MOVES,
  AFTER_SALE_STATES,
  AFTER_SALE_STEPS,
  afterSaleDue,
  apply,
  caseRefunds,
  giveBack,
  stepCase,
  withdrawCases,
  type Application,
} from "./after-sales.ts";
import { beginPayment } from "./attempts.ts";
import {
  assertCash,
  claimCalls,
  endUndelivered,
  hearRefund,
  keptFen,
  mayEnd,
  receiveMoney,
  refundedOf,
  refundMismatch,
  retryRefund,
} from "./cash.ts";
import { advance, beginLife, dueAtMs, type GrantedOrder, isOpenCase } from "./life.ts";
import type { LifeOutcome, OrderLife } from "./types.ts";
import { asReturn, shareOf, unitsLeft, usesOf, withWorth } from "./worth.ts";

const T0 = 1_700_000_000_000;
const POINTS = 101;
/** Of each voucher. */
const USES = 4;

interface World {
  life: OrderLife;
  returnedPoints: number;
  nowMs: number;
}

const events = [
  ...["begin a", "begin b", "pay a", "pay b", "pay a again", "pay wrong", "report again"],
  ...["lapse", "cancel", "fail", "ship", "use", "write_off", "issue", "receive", "close"],
  ...["refund done", "refund asked", "refund refused", "refund silence", "retry", "repair"],
  ...[
    "apply return",
    "apply refund",
    "apply exchange",
    "apply all",
    "agree",
    "agree_refund",
    "refuse",
    "withdraw",
    "send_back",
    "take_back",
  ],
  ...["replace", "refuse_goods", "expire", "silence", "reverse_write_off", "crash"],
] as const;
type Event = (typeof events)[number];

function take(world: World, outcome: LifeOutcome): void {
  if (outcome.kind === "changed") world.life = outcome.life;
}

const ATTEMPT = { a: "p-a", b: "p-b" } as const;

function pay(world: World, way: "a" | "b", txnId: string, off = 0): void {
  const attempt = world.life.attempts.find((one) => one.paymentId === ATTEMPT[way]);
  if (!attempt) return;
  const money = { paymentId: attempt.paymentId, txnId, amountFen: attempt.amountFen + off };
  take(world, receiveMoney(world.life, { ...money, paidAtMs: world.nowMs }, world.nowMs));
}

/** What the Account does in one commit when an order is given back. */
function end(world: World, step: "lapse" | "cancel" | "fail"): void {
  const { life, nowMs } = world;
  if (step === "lapse" ? life.state !== "awaiting_payment" : !mayEnd(life)) return;
  if (step === "fail" && life.state === "awaiting_payment") return;
  world.life = endUndelivered(withdrawCases(life, nowMs), step, { by: "system" }, nowMs);
  world.returnedPoints = POINTS;
}

function caseStep(world: World, step: (typeof AFTER_SALE_STEPS)[number]): void {
  // Any of those that are open, by a chance that repeats.
  const open = world.life.afterSales.filter(isOpenCase);
  const one = open[(world.nowMs / 1_000) % open.length];
  if (one && step !== "refunded") stepOf(world, one.caseId, step);
}

/** Nobody says anything for a month. */
function silence(world: World): void {
  const due = afterSaleDue(world.life, world.nowMs + 30 * 86_400_000);
  if (!due) return;
  if (due.step === "take_back") world.life = asReturn(world.life, due.caseId, POINTS);
  stepOf(world, due.caseId, due.step);
}

function stepOf(world: World, caseId: string, step: (typeof AFTER_SALE_STEPS)[number]): void {
  const outcome = stepCase(world.life, caseId, step, { by: "staff:a" }, world.nowMs);
  if (outcome.kind !== "changed") return;
  world.life = outcome.life;
  const after = outcome.life.afterSales.find((one) => one.caseId === caseId);
  if (after?.state !== "refunding") return;
  world.returnedPoints += after.points;
  const points = { returned: world.returnedPoints, ofOrder: POINTS };
  world.life = giveBack(world.life, caseId, points, world.nowMs);
}

/** Vouchers know how many uses are left of them; the order, whether one may still be had. */
function serve(world: World): void {
  const usesTotal = world.life.quantity * USES;
  const units = Math.min(1 + ((world.nowMs / 1_000) % 2), usesTotal - world.life.uses);
  if (units === 0) return;
  const act = { by: "staff:a", key: `use-${world.nowMs}`, units };
  const outcome =
    world.life.goodsKind === "coupon"
      ? advance(world.life, "use_coupon", act, world.nowMs)
      : advance(world.life, "use", { ...act, usesTotal }, world.nowMs);
  take(world, outcome);
}

function reverse(world: World): void {
  const act = { by: "staff:b", key: `reverse-${world.nowMs}` };
  const isCoupon = world.life.goodsKind === "coupon";
  const step = isCoupon ? "reverse_coupon" : "reverse_write_off";
  const outcome = advance(world.life, step, act, world.nowMs);
  if (outcome.kind === "changed") world.life = withWorth(outcome.life, POINTS);
}

function live(world: World, event: Event): void {
  const { life, nowMs } = world;
  const [word, which] = event.split(" ");
  const open = life.refunds.find(({ state }) => state !== "done" && state !== "failed");
  const failed = life.refunds.find(({ state }) => state === "failed");
  switch (word) {
    case "begin": {
      const way = which === "a" ? "a" : "b";
      const wish = { paymentId: ATTEMPT[way], provider: "wechat", scene: way };
      return take(world, beginPayment(life, wish, nowMs));
    }
    case "pay":
      if (which === "wrong") return pay(world, "a", "txn-wrong", -1);
      return pay(
        world,
        which === "b" ? "b" : "a",
        event === "pay a again" ? "txn-a2" : `txn-${which}`,
      );
    case "report": {
      const known = life.receipts.at(-1);
      const before = world.life;
      if (known) take(world, receiveMoney(life, known, nowMs));
      expect(world.life).toBe(before);
      return;
    }
    case "refund": {
      const words = {
        done: { kind: "done", atMs: nowMs },
        asked: { kind: "asked" },
        refused: { kind: "refused", word: "NOT_ENOUGH" },
        silence: { kind: "silence" },
      } as const;
      if (!open) return;
      const outcome = hearRefund(life, open.refundId, words[which as keyof typeof words], nowMs);
      if (outcome.kind === "changed") world.life = caseRefunds(outcome.life, nowMs);
      return;
    }
    case "retry":
      return failed && take(world, retryRefund(life, failed.refundId, nowMs));
    case "repair":
      return take(world, refundMismatch(life, "txn-wrong", nowMs));
    case "apply": {
      const quantity = which === "all" ? Math.max(1, unitsLeft(life)) : 1;
      const caseId = `case-${life.afterSales.length}`;
      const wish = {
        caseId,
        kind: which === "all" ? ("refund" as const) : (which as Application["kind"]),
        quantity,
        reason: "x",
        note: "",
        evidence: [],
      };
      return take(world, apply(life, wish, POINTS, nowMs));
    }
    case "lapse":
    case "cancel":
    case "fail":
      return end(world, word);
    case "crash":
      // Memory is what the rows say: nothing of a life lives elsewhere.
      world.life = claimCalls(JSON.parse(JSON.stringify(life)) as OrderLife, nowMs);
      return;
    case "silence":
      return silence(world);
    case "use":
      return serve(world);
    case "reverse_write_off":
      return reverse(world);
    case "issue": {
      const usesTotal = life.goodsKind === "coupon" ? { usesTotal: life.quantity * USES } : {};
      return take(world, advance(life, word, { by: "system", ...usesTotal }, nowMs));
    }
    case "ship": {
      const outcome = advance(life, word, { by: "staff:a" }, nowMs);
      if (outcome.kind === "changed") world.life = withWorth(outcome.life, POINTS);
      return;
    }
    case "write_off":
    case "receive":
    case "close":
      return take(world, advance(life, word, { by: "staff:a" }, nowMs));
    default:
      return caseStep(world, word as (typeof AFTER_SALE_STEPS)[number]);
  }
}

function assertWorld({ life, returnedPoints }: World, dueFen: number): void {
  assertCash(life);
  expect(returnedPoints).toBeLessThanOrEqual(POINTS);
  expect(life.returnedUnits).toBeLessThanOrEqual(life.quantity);
  const kept = life.receipts.filter(({ use }) => use === "order");
  expect(kept.length).toBeLessThanOrEqual(1);
  expect(keptFen(life)).toBeGreaterThanOrEqual(0);
  if (life.state === "cancelled") expect([keptFen(life), returnedPoints]).toEqual([0, POINTS]);
  if (life.legs.points.state === "returned") expect(returnedPoints).toBe(POINTS);
  // What was given back is worth what was not used, to the last point.
  const { left, total } = usesOf(life) ?? { left: 1, total: 1 };
  const unused = POINTS - Math.floor((POINTS * (total - left)) / total);
  if (life.state !== "cancelled") expect(returnedPoints).toBeLessThanOrEqual(unused);
  if (life.returnedUnits === life.quantity) expect(returnedPoints).toBe(unused);
  // Delivered means paid, where anything was to be paid online.
  const isDelivered = life.state === "shipped" || life.state === "received";
  if (isDelivered && dueFen > 0) expect(kept.length).toBe(1);
  // Nothing is kept of what was given back whole before it was sent.
  const isUnsent = life.goodsKind === "physical" && life.shippedUnits === 0;
  if (isUnsent && life.returnedUnits === life.quantity) expect(keptFen(life)).toBe(0);
}

/** Nothing stays on its way for ever: what waits has a moment at which somebody looks, or a row that says who must. */
function assertNotStuck({ life }: World): void {
  if (life.state === "awaiting_payment") expect(life.payByMs).not.toBeNull();
  for (const { state, askAtMs } of life.refunds) {
    if (state === "waiting" || state === "asked") expect(askAtMs).not.toBeNull();
  }
  if (life.state === "refunding") {
    const owed = life.refunds.some(({ state }) => state !== "done");
    expect(owed).toBe(true);
    const next = dueAtMs(life);
    const isLookedAt = next !== null || life.refunds.some(({ state }) => state === "failed");
    expect(isLookedAt).toBe(true);
  }
  for (const one of life.afterSales) {
    if (isOpenCase(one) && one.state !== "refunding") expect(one.dueAtMs).not.toBeNull();
  }
}

describe("random walks over an order", () => {
  it("conserve points and cash, pay once, and leave nothing stuck", () => {
    const setup = fc.record({
      goodsKind: fc.constantFrom("physical", "card_code", "coupon", "local_service"),
      cashFen: fc.constantFrom(0, 1, 990, 1_001),
      freightFen: fc.constantFrom(0, 800),
      quantity: fc.integer({ min: 1, max: 3 }),
    });
    const walk = fc.array(fc.constantFrom(...events), { maxLength: 60 });
    fc.assert(
      fc.property(setup, walk, ({ goodsKind, cashFen, freightFen, quantity }, steps) => {
        const of = { memberKey: "demo:m", orderId: "order-1", points: POINTS, freightFen };
        const terms = {
          goodsKind,
          cashFen,
          quantity,
          payWithinMs: 600_000,
          createdAtMs: T0,
        } as const;
        const world: World = {
          life: beginLife({ ...of, ...terms }, T0),
          returnedPoints: 0,
          nowMs: T0,
        };
        for (const event of steps) {
          world.nowMs += 1_000;
          live(world, event);
          assertWorld(world, cashFen + freightFen);
          assertNotStuck(world);
        }
      }),
      { numRuns: 3_000 },
    );
  });
});

describe("shares by units", () => {
  it("sum to the whole, whatever the parts", () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 1_000_000 }),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 6 }),
        (whole, parts) => {
          const units = parts.reduce((sum, part) => sum + part, 0);
          let before = 0;
          let given = 0;
          for (const part of parts) {
            const share = shareOf(whole, units, before, part);
            expect(share).toBeGreaterThanOrEqual(0);
            given += share;
            before += part;
          }
          expect(given).toBe(whole);
        },
      ),
    );
  });
});

describe("the table of after-sales", () => {
  const LEGAL = [
    ...["agree applied agreed", "agree_refund applied refunding", "refuse applied refused"],
    ...["withdraw applied withdrawn", "withdraw agreed withdrawn", "send_back agreed sent_back"],
    ...["take_back sent_back refunding", "replace sent_back done"],
    ...[
      "refuse_goods sent_back goods_refused",
      "expire agreed withdrawn",
      "refunded refunding done",
    ],
  ];

  it("is exactly the one written out here, and refuses the rest", () => {
    const found: string[] = [];
    for (const step of AFTER_SALE_STEPS) {
      for (const state of AFTER_SALE_STATES) {
        const to = AFTER_SALE_MOVES[step][state];
        if (to !== undefined) {
          found.push(`${step} ${state} ${to}`);
          continue;
        }
        const shipped = { ...beginLife(GRANTED, T0), state: "shipped" as const };
        const applied = apply(shipped, WISH, POINTS, T0);
        if (applied.kind !== "changed") throw new Error(applied.kind);
        const afterSales = applied.life.afterSales.map((one) => ({ ...one, state }));
        const life = { ...applied.life, afterSales };
        expect(stepCase(life, "case-1", step, { by: "staff:a" }, T0)).toMatchObject({
          ...{ kind: "refused", reason: "case_state" },
        });
      }
    }
    expect(found.toSorted()).toEqual(LEGAL.toSorted());
  });
});

const GRANTED: GrantedOrder = {
  ...{
    memberKey: "demo:m",
    orderId: "order-1",
    goodsKind: "physical",
    quantity: 1,
    points: POINTS,
  },
  ...{ cashFen: 0, freightFen: 0, payWithinMs: null, createdAtMs: T0 },
};
const WISH: Application = {
  ...{ caseId: "case-1", kind: "return", quantity: 1, reason: "broken", note: "", evidence: [] },
};

describe("refunds of one receipt", () => {
  it("never exceed it, and money of the wrong amount goes back once", () => {
    const life = beginLife({ ...GRANTED, cashFen: 990, payWithinMs: 1_000 }, T0);
    const world: World = { life, returnedPoints: 0, nowMs: T0 };
    for (const event of ["begin a", "pay wrong", "repair", "repair"] as const) live(world, event);
    expect(refundedOf(world.life, "txn-wrong")).toBe(989);
    expect(world.life.refunds).toHaveLength(1);
    expect(world.life.state).toBe("awaiting_payment");
  });
});
