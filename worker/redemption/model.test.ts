import { describe, expect, it } from "vitest";
import { OPENS_AT_MS, termsFor } from "../testing/simulation/scene.ts";
import { frozenEpoch } from "./frozen.ts";
import {
  advance,
  allocate,
  cancelTake,
  changeStatus,
  decideForgo,
  decideTake,
  draftSale,
  moveOut,
  nextDueAtMs,
  restock,
  wave,
  type Sale,
  type SaleTerms,
  type Take,
} from "./model.ts";

const AT = OPENS_AT_MS;

function openSale(units: number, change: Partial<SaleTerms> = {}): Sale {
  const terms = { ...termsFor(1, 1), ...change };
  const scheduled = changeStatus(draftSale(terms, units), { kind: "schedule" }, 0);
  if (scheduled === "conflict") throw new Error("a draft can be scheduled");
  return advance(scheduled, AT);
}

const ask = (epoch: number, quantity = 1, probe = false) => ({ epoch, quantity, probe });

describe("take, line by line", () => {
  const granted: Take = {
    state: "granted",
    epoch: 1,
    quantity: 1,
    ordinal: 1,
    remaining: 4,
    atMs: AT,
  };

  it("1: answers a known grant before anything else, word for word", () => {
    const closed = changeStatus(openSale(0), { kind: "close" }, AT);
    if (closed === "conflict") throw new Error("an open sale can be closed");
    const first = decideTake(closed, granted, ask(1), AT + 9).answer;
    expect(first).toEqual({
      kind: "granted",
      epoch: 1,
      quantity: 1,
      ordinal: 1,
      remaining: 4,
      atMs: AT,
    });
    expect(decideTake(closed, { ...granted, state: "cancelled" }, ask(1), AT).answer).toEqual(
      first,
    );
  });

  it("2: keeps a forgone id refused", () => {
    const { take } = decideForgo(undefined, 1, 1, AT);
    expect(decideTake(openSale(5), take, ask(1), AT).answer).toEqual({ kind: "forgone" });
    expect(decideForgo(granted, 1, 1, AT).answer.kind).toBe("granted");
  });

  it("3: says ahead before closed, which decides nothing", () => {
    const closed = changeStatus(openSale(5), { kind: "close" }, AT);
    if (closed === "conflict") throw new Error("an open sale can be closed");
    expect(decideTake(closed, undefined, ask(closed.epoch + 1), AT).answer.kind).toBe("ahead");
    expect(decideTake(closed, undefined, ask(1), AT).answer).toMatchObject({
      kind: "closed",
      stamp: 1,
    });
  });

  it("5: says stale to an older stamp", () => {
    const sale = restock(openSale(0), 1);
    expect(sale.epoch).toBe(2);
    expect(decideTake(sale, undefined, ask(1), AT).answer).toEqual({
      kind: "stale",
      stamp: 1,
      epoch: 2,
    });
  });

  it("6: is not open before its hour and while paused", () => {
    const scheduled = changeStatus(draftSale(termsFor(1, 1), 5), { kind: "schedule" }, 0);
    if (scheduled === "conflict") throw new Error("a draft can be scheduled");
    expect(decideTake(scheduled, undefined, ask(1), AT - 200).answer).toEqual({
      kind: "not_open",
      opensInMs: 200,
      paused: false,
    });
    const paused = changeStatus(openSale(5), { kind: "pause" }, AT);
    if (paused === "conflict") throw new Error("an open sale can be paused");
    expect(decideTake(paused, undefined, ask(1), AT).answer).toMatchObject({
      kind: "not_open",
      paused: true,
    });
  });

  it("7 and 8: grants while units last, then is sold out; a probe grants nothing", () => {
    const sale = openSale(2, { quantityMax: 2 });
    expect(decideTake(sale, undefined, ask(1, 1, true), AT)).toEqual({
      answer: { kind: "undecided" },
    });
    const first = decideTake(sale, undefined, ask(1), AT);
    expect(first.grant?.sale).toMatchObject({ shelf: 1, live: 1, granted: 1 });
    const after = first.grant?.sale ?? sale;
    expect(decideTake(after, undefined, ask(1, 2), AT).answer).toEqual({
      kind: "sold_out",
      stamp: 1,
      remaining: 1,
    });
    expect(decideTake(after, undefined, ask(1, 2, true), AT).answer.kind).toBe("sold_out");
  });
});

describe("epochs", () => {
  it("rise only where somebody may have been refused", () => {
    const roomy = openSale(3, { quantityMax: 2 });
    expect(restock(roomy, 1).epoch).toBe(1);
    const tight = openSale(1, { quantityMax: 2 });
    expect(restock(tight, 1).epoch).toBe(2);
    const paused = changeStatus(tight, { kind: "pause" }, AT);
    if (paused === "conflict") throw new Error("an open sale can be paused");
    expect(restock(paused, 1).epoch).toBe(2);
  });

  it("rise with the close and never fall", () => {
    const closed = changeStatus(openSale(3), { kind: "close" }, AT);
    expect(closed).toMatchObject({ status: "closed", epoch: 2 });
    if (closed === "conflict") throw new Error("an open sale can be closed");
    expect(changeStatus(closed, { kind: "resume" }, AT)).toBe("conflict");
    expect(changeStatus(closed, { kind: "close" }, AT + 5)).toBe(closed);
  });
});

describe("units", () => {
  it("of a cancel wait in returned for a wave, once", () => {
    const grant = decideTake(openSale(1), undefined, ask(1), AT).grant;
    if (!grant) throw new Error("expected a grant");
    const once = cancelTake(grant.sale, grant.take, AT);
    if (once === "already") throw new Error("expected a cancel");
    expect(once.sale).toMatchObject({
      shelf: 0,
      returned: 1,
      live: 0,
      nextWaveAtMs: AT + termsFor(1, 1).waveIntervalMs,
    });
    expect(cancelTake(once.sale, once.take, AT)).toBe("already");
    expect(wave(once.sale)).toMatchObject({ shelf: 1, returned: 0, epoch: 2 });
  });

  it("of later days lie in a reserve that each midnight releases", () => {
    const sale = openSale(25, { dailyUnits: 10 });
    expect(sale).toMatchObject({ shelf: 10, reserve: 15 });
    const midnight = nextDueAtMs(sale) ?? 0;
    expect(midnight).toBe(86_400_000);
    const second = advance(sale, midnight);
    expect(second).toMatchObject({ shelf: 20, reserve: 5, epoch: 1 });
    const third = advance(second, 2 * 86_400_000);
    expect(third).toMatchObject({ shelf: 25, reserve: 0, nextReleaseAtMs: null });
  });

  it("left at the close leave for the standing shelf, and none is lost on the way there", () => {
    const closed = changeStatus(openSale(4), { kind: "close" }, AT);
    if (closed === "conflict") throw new Error("an open sale can be closed");
    expect(moveOut(closed)).toMatchObject({ units: 4, sale: { shelf: 0, movedOut: 4 } });
    expect(allocate(openSale(3), 4)).toBe("insufficient");
    expect(allocate(openSale(5), 4)).toMatchObject({ shelf: 1, movedOut: 4 });
  });
});

describe("the frozen epoch", () => {
  it("is the current one when sold out, else the one before", () => {
    expect(frozenEpoch(openSale(0))).toMatchObject({ upTo: 1, refusal: { code: "sold_out" } });
    expect(frozenEpoch(openSale(1))).toMatchObject({ upTo: 0 });
    const closed = changeStatus(openSale(1), { kind: "close" }, AT);
    if (closed === "conflict") throw new Error("an open sale can be closed");
    expect(frozenEpoch(closed)).toMatchObject({ upTo: 1, refusal: { code: "closed" } });
  });
});
