/** What after-sales gives back of one order: never more than it cost, to the last point, and of a service what nobody has had. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  afterSaleDue,
  apply,
  giveBack,
  mayApply,
  mustTakeBack,
  stepCase,
  type AfterSaleStep,
  type Application,
} from "./after-sales.ts";
import { beginPayment } from "./attempts.ts";
import { paidFen, receiveMoney } from "./cash.ts";
import { advance, beginLife, isOpenCase, type GrantedOrder } from "./life.ts";
import type { OrderStep } from "./states.ts";
import type { OrderLife } from "./types.ts";
import { asReturn, unitsLeft, usesOf, withWorth } from "./worth.ts";

const T0 = 1_700_000_000_000;
const WITHIN_MS = 30 * 86_400_000;

/** An order of points alone and the points that came back of it, as the Account books them. */
class Desk {
  life: OrderLife;
  back = 0;
  readonly #points: number;
  #turn = 0;

  constructor(of: Pick<GrantedOrder, "goodsKind" | "quantity" | "points">) {
    const order = { memberKey: "demo:m", orderId: "order-1", cashFen: 0, freightFen: 0, ...of };
    this.#points = of.points;
    this.life = beginLife({ ...order, payWithinMs: null, createdAtMs: T0 }, T0);
    if (of.goodsKind !== "physical") return;
    for (const step of ["ship", "receive"] as const) this.advance(step);
  }

  /** The vouchers of a coupon are there from the first; those of a service when somebody looks. */
  static ofVouchers(of: ConstructorParameters<typeof Desk>[0], usesTotal: number): Desk {
    const desk = new Desk(of);
    if (of.goodsKind === "coupon") desk.advance("issue", { usesTotal });
    return desk;
  }

  advance(step: OrderStep, figures = {}): void {
    const act = { by: "staff:a", key: `act-${(this.#turn += 1)}`, ...figures };
    const outcome = advance(this.life, step, act, T0);
    if (outcome.kind === "changed") this.life = outcome.life;
  }

  /** A parcel with so many of the units that are left. */
  ship(units: number): void {
    this.advance("ship", { units });
    this.life = withWorth(this.life, this.#points);
  }

  use(units: number, usesTotal: number): void {
    if (this.life.goodsKind === "coupon") this.advance("use_coupon", { units });
    else this.advance("use", { units, usesTotal });
  }

  reverse(units: number): void {
    const isCoupon = this.life.goodsKind === "coupon";
    this.advance(isCoupon ? "reverse_coupon" : "reverse_write_off", { units });
    this.life = withWorth(this.life, this.#points);
  }

  ask(kind: Application["kind"], quantity: number): string {
    const caseId = `case-${this.life.afterSales.length}`;
    const wish = { caseId, kind, quantity, reason: "x", note: "", evidence: [] };
    const outcome = apply(this.life, wish, this.#points, T0);
    if (outcome.kind === "changed") this.life = outcome.life;
    return outcome.kind === "refused" ? outcome.reason : caseId;
  }

  step(caseId: string, step: AfterSaleStep): void {
    const outcome = stepCase(this.life, caseId, step, { by: "staff:a" }, T0);
    if (outcome.kind !== "changed") return;
    this.life = outcome.life;
    const one = this.life.afterSales.find((some) => some.caseId === caseId);
    if (one?.state !== "refunding") return;
    this.back += one.points;
    this.life = giveBack(this.life, caseId, { returned: this.back, ofOrder: this.#points }, T0);
  }

  silence(): void {
    const due = afterSaleDue(this.life, T0 + WITHIN_MS);
    if (!due) return;
    if (due.step === "take_back") this.life = asReturn(this.life, due.caseId, this.#points);
    this.step(due.caseId, due.step);
  }
}

const wholes = fc.integer({ min: 1, max: 1_000 });
const POINTED = ["agree_refund", "agree", "send_back", "take_back", "replace", "withdraw"] as const;

describe("cases of one order", () => {
  it("give back what it cost and no more, in whatever order they are asked, withdrawn and decided", () => {
    const acts = fc.array(
      fc.oneof(
        fc.record({
          ask: fc.constantFrom("refund", "return", "exchange"),
          quantity: fc.integer({ min: 1, max: 2 }),
        }),
        fc.record({ step: fc.constantFrom("silence", ...POINTED), at: fc.nat({ max: 3 }) }),
      ),
      { maxLength: 24 },
    );
    fc.assert(
      fc.property(wholes, fc.integer({ min: 1, max: 5 }), acts, (points, quantity, asked) => {
        const desk = new Desk({ goodsKind: "physical", quantity, points });
        for (const act of asked) {
          const open = desk.life.afterSales.filter(isOpenCase);
          if ("ask" in act) desk.ask(act.ask as Application["kind"], act.quantity);
          else if (act.step === "silence") desk.silence();
          else if (open.length > 0)
            desk.step(open[act.at % open.length]?.caseId ?? "", act.step as AfterSaleStep);
          expect(unitsLeft(desk.life)).toBeGreaterThanOrEqual(0);
          expect(desk.back).toBeLessThanOrEqual(points);
        }
        for (const { caseId } of desk.life.afterSales) desk.step(caseId, "withdraw");
        for (let turn = 0; turn < 5; turn += 1) desk.silence();
        const left = unitsLeft(desk.life);
        if (left > 0) desk.step(desk.ask("refund", left), "agree_refund");
        expect([desk.life.state, desk.back]).toEqual(["refunded", points]);
      }),
      { numRuns: 2_000 },
    );
  });

  it("are about other units than those whose money is still on its way", () => {
    const desk = new Desk({ goodsKind: "physical", quantity: 3, points: 90 });
    const first = desk.ask("refund", 1);
    desk.step(first, "agree_refund");
    const [one] = desk.life.afterSales;
    // The bank has not answered yet.
    desk.life = { ...desk.life, afterSales: one ? [{ ...one, state: "refunding" }] : [] };
    expect(unitsLeft(desk.life)).toBe(2);
  });

  it("of which an exchange that nobody sends ends as a return", () => {
    const desk = new Desk({ goodsKind: "physical", quantity: 2, points: 101 });
    const caseId = desk.ask("exchange", 1);
    expect(desk.ask("refund", 2)).toBe("too_much");
    desk.step(caseId, "agree");
    desk.step(caseId, "send_back");
    desk.step(caseId, "take_back");
    // The desk says that another one went out, or refuses the goods; it does not pay by itself for what was to be exchanged.
    expect(desk.back).toBe(0);
    desk.silence();
    expect(desk.life.afterSales[0]).toMatchObject({ kind: "return", state: "done", points: 50 });
    expect(desk.back).toBe(50);
  });
});

const KINDS = ["local_service", "coupon"] as const;

describe("a service or coupon used in part", () => {
  const service = fc.record({
    goodsKind: fc.constantFrom(...KINDS),
    points: wholes,
    quantity: fc.integer({ min: 1, max: 3 }),
    perUnit: fc.integer({ min: 1, max: 12 }),
    parts: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 8 }),
    reversed: fc.nat({ max: 4 }),
  });

  it("gives back the uses that nobody has had, and the merchant keeps the rest", () => {
    fc.assert(
      fc.property(service, ({ goodsKind, points, quantity, perUnit, parts, reversed }) => {
        const usesTotal = quantity * perUnit;
        const desk = Desk.ofVouchers({ goodsKind, quantity, points }, usesTotal);
        for (const part of parts) {
          const units = Math.min(part, usesTotal - desk.life.uses);
          if (units > 0) desk.use(units, usesTotal);
        }
        const units = Math.min(reversed, desk.life.uses);
        if (units > 0) desk.reverse(units);
        const { uses } = desk.life;
        const caseId = desk.ask("refund", quantity);
        expect(caseId === "used").toBe(uses === usesTotal);
        if (caseId === "used") return;
        // While it is asked for nobody is served, and afterwards neither.
        desk.use(1, usesTotal);
        desk.step(caseId, "agree_refund");
        desk.use(1, usesTotal);
        expect(desk.life).toMatchObject({ state: "refunded", uses });
        expect(points - desk.back).toBe(Math.floor((points * uses) / usesTotal));
      }),
    );
  });

  it.each(KINDS)("of the kind %s is about a use that comes back while it is asked for", (kind) => {
    const desk = Desk.ofVouchers({ goodsKind: kind, quantity: 1, points: 100 }, 4);
    desk.use(2, 4);
    const caseId = desk.ask("refund", 1);
    expect(desk.life.afterSales[0]?.points).toBe(50);
    desk.reverse(1);
    expect(desk.life.afterSales[0]?.points).toBe(75);
    desk.step(caseId, "agree_refund");
    expect(desk.back).toBe(75);
  });

  it.each(KINDS)(
    "of the kind %s, used up, is not asked for; unused it comes back whole",
    (kind) => {
      const desk = Desk.ofVouchers({ goodsKind: kind, quantity: 1, points: 100 }, 4);
      expect(usesOf(desk.life)).toBeNull();
      desk.use(4, 4);
      expect(mayApply(desk.life)).toBe(false);
      desk.reverse(4);
      desk.step(desk.ask("refund", 1), "agree_refund");
      expect(desk.back).toBe(100);
    },
  );

  it("is a coupon: its uses leave the time for questions as it is, and go on after it", () => {
    const desk = Desk.ofVouchers({ goodsKind: "coupon", quantity: 1, points: 100 }, 4);
    const { closeByMs } = desk.life;
    desk.life = { ...desk.life, closeByMs: (closeByMs ?? 0) + 5 };
    desk.use(1, 4);
    expect(desk.life).toMatchObject({
      state: "received",
      uses: 1,
      closeByMs: (closeByMs ?? 0) + 5,
    });
    desk.advance("close");
    desk.use(2, 4);
    expect(desk.life).toMatchObject({ state: "closed", uses: 3, closeByMs: null });
  });

  it("of other goods there are no uses", () => {
    for (const goodsKind of ["physical", "card_code", "virtual"] as const) {
      const desk = new Desk({ goodsKind, quantity: 1, points: 100 });
      desk.life = { ...desk.life, state: "received" };
      expect(advance(desk.life, "use_coupon", { by: "staff:a", key: "k" }, T0)).toMatchObject({
        ...{ kind: "refused", reason: "state" },
      });
    }
  });

  it("is taken back beforehand only where its order never counted its uses", () => {
    const counted = Desk.ofVouchers({ goodsKind: "coupon", quantity: 1, points: 100 }, 4).life;
    const { usesTotal: _none, ...older } = counted;
    expect(mustTakeBack(counted, "agree_refund")).toBe(false);
    expect(mustTakeBack(older, "agree_refund")).toBe(true);
    // Nobody knows what was used of it before: neither a share nor an end of asking follows.
    const used = advance(older, "use_coupon", { by: "staff:a", key: "k" }, T0);
    expect(used.kind === "changed" && usesOf(used.life)).toBeNull();
  });
});

describe("the freight of an order", () => {
  const CASH_FEN = 990;
  const FREIGHT_FEN = 800;

  /** Paid with their freight by a provider, and nothing of them sent. */
  function unsent(quantity = 2, cashFen = CASH_FEN, freightFen = FREIGHT_FEN): Desk {
    const desk = new Desk({ goodsKind: "physical", quantity, points: 10 });
    const order = { memberKey: "demo:m", orderId: "order-1", quantity, points: 10 };
    const money = { cashFen, freightFen, payWithinMs: 600_000 };
    const life = beginLife({ ...order, ...money, goodsKind: "physical", createdAtMs: T0 }, T0);
    const attempt = { paymentId: "p", provider: "wechat", scene: "h5" };
    const begun = beginPayment(life, attempt, T0);
    if (begun.kind !== "changed") throw new Error(begun.kind);
    const amountFen = cashFen + freightFen;
    const word = { paymentId: "p", txnId: "t", amountFen, paidAtMs: T0 };
    const paid = receiveMoney(begun.life, word, T0);
    if (paid.kind !== "changed") throw new Error(paid.kind);
    desk.life = paid.life;
    return desk;
  }
  const backFen = ({ life }: Desk): number =>
    life.refunds.reduce((sum, { amountFen }) => sum + amountFen, 0);

  it("goes back with its last unit when nothing was sent, in one case or in two", () => {
    for (const parts of [[2], [1, 1]]) {
      const desk = unsent();
      for (const units of parts) {
        expect(backFen(desk)).toBeLessThanOrEqual(CASH_FEN / 2);
        desk.step(desk.ask("refund", units), "agree_refund");
      }
      expect(backFen(desk)).toBe(CASH_FEN + FREIGHT_FEN);
      expect(paidFen(desk.life)).toBe(0);
      expect(desk.life.legs.freight.state).toBe("refunded");
    }
  });

  const ANSWERS = ["agree_refund", "refuse", "withdraw", "ask", "ship"] as const;
  const walks = fc.array(
    fc.record({
      answer: fc.constantFrom(...ANSWERS),
      at: fc.nat({ max: 3 }),
      units: fc.integer({ min: 1, max: 2 }),
    }),
    { maxLength: 12 },
  );

  it("goes back once with whichever case makes the last unit go back, and never once something was sent", () => {
    const run = fc.property(
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom(1, 2, 100, CASH_FEN),
      fc.constantFrom(0, FREIGHT_FEN),
      walks,
      (quantity, cashFen, freightFen, acts) => {
        const desk = unsent(quantity, cashFen, freightFen);
        for (const { answer, at, units } of acts) {
          const open = desk.life.afterSales.filter(isOpenCase);
          const one = open[at % Math.max(1, open.length)];
          if (answer === "ask") desk.ask("refund", units);
          else if (answer === "ship") desk.ship(1);
          else if (one) desk.step(one.caseId, answer);
          for (const { cashFen: share } of desk.life.afterSales)
            expect(share).toBeGreaterThanOrEqual(0);
          if (desk.life.returnedUnits < quantity)
            expect(backFen(desk)).toBeLessThanOrEqual(cashFen);
        }
        // All that nobody asked for yet is asked for, and all of it is agreed to, the newest first.
        const left = unitsLeft(desk.life);
        if (left > 0) desk.ask("refund", left);
        const open = desk.life.afterSales.filter(isOpenCase).toReversed();
        for (const { caseId } of open) desk.step(caseId, "agree_refund");
        const isUnsent = desk.life.shippedUnits === 0;
        const dueFen = cashFen + (isUnsent ? freightFen : 0);
        expect([backFen(desk), desk.back]).toEqual([dueFen, 10]);
        const kept = freightFen === 0 ? "free" : "paid";
        const { state } = desk.life.legs.freight;
        expect(state).toBe(isUnsent && freightFen > 0 ? "refunded" : kept);
      },
    );
    const act = (answer: (typeof ANSWERS)[number], at = 0) => ({ answer, at, units: 1 });
    // A single cent, which the second of two cases has.
    const cent = [act("ask"), act("ask"), act("agree_refund", 1), act("withdraw"), act("ask")];
    fc.assert(run, { numRuns: 2_000, examples: [[2, 1, 0, cent]] });
  });

  it("joins the case that comes to be the last, as its desk and member read before it is answered", () => {
    const desk = unsent();
    const [first, second] = [desk.ask("refund", 1), desk.ask("refund", 1)];
    const worth = (): number[] => desk.life.afterSales.map(({ cashFen }) => cashFen);
    expect(worth()).toEqual([CASH_FEN / 2, CASH_FEN / 2]);
    desk.step(second, "agree_refund");
    expect(worth()).toEqual([CASH_FEN / 2 + FREIGHT_FEN, CASH_FEN / 2]);
    desk.step(first, "refuse");
    expect(backFen(desk)).toBe(CASH_FEN / 2);
    desk.step(desk.ask("refund", 1), "agree_refund");
    expect(backFen(desk)).toBe(CASH_FEN + FREIGHT_FEN);
  });

  it("is not added to less that was agreed to", () => {
    const desk = unsent();
    const [first, second] = [desk.ask("refund", 1), desk.ask("refund", 1)];
    const share = { points: 0, cashFen: 100 };
    const agreed = stepCase(desk.life, second, "agree", { by: "staff:a", share }, T0);
    if (agreed.kind !== "changed") throw new Error(agreed.kind);
    desk.life = agreed.life;
    desk.step(first, "agree_refund");
    expect(desk.life.afterSales[1]).toMatchObject(share);
  });

  it("is asked for anew when it was refused, and once", () => {
    const desk = unsent();
    desk.step(desk.ask("refund", 2), "refuse");
    expect(backFen(desk)).toBe(0);
    desk.step(desk.ask("refund", 2), "agree_refund");
    expect(backFen(desk)).toBe(CASH_FEN + FREIGHT_FEN);
  });

  it("that is due at the door was never paid, and does not go back", () => {
    const desk = unsent();
    const freight = { ...desk.life.legs.freight, state: "due_on_delivery" as const };
    const cashOnly = desk.life.receipts.map((one) => ({ ...one, amountFen: CASH_FEN }));
    desk.life = {
      ...{ ...desk.life, receipts: cashOnly },
      legs: { ...desk.life.legs, freight },
    };
    desk.step(desk.ask("refund", 2), "agree_refund");
    expect(backFen(desk)).toBe(CASH_FEN);
  });

  it("stays where something was sent, and where only a part is given back", () => {
    const sent = unsent();
    sent.advance("ship");
    sent.advance("receive");
    sent.step(sent.ask("refund", 2), "agree_refund");
    expect(backFen(sent)).toBe(CASH_FEN);
    const part = unsent();
    part.step(part.ask("refund", 1), "agree_refund");
    expect(backFen(part)).toBe(CASH_FEN / 2);
  });
});
