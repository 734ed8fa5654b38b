/** Parcels, top-ups, vouchers and bookings: every state with everything that may happen to it, written out a second time. */
import { describe, expect, it } from "vitest";
import { ZONE_OFFSET_MS } from "../../kernel/clock.ts";
import {
  chooseSlot,
  hear,
  leaveRefusal,
  newerState,
  writeOffRefusal,
  type Booking,
  type BookingPlan,
  type ParcelState,
  type SupplierWord,
  type TopUpState,
  type Voucher,
  type VoucherState,
} from "./index.ts";

const NOW = 1_700_000_000_000;
const DAY_MS = 86_400_000;

describe("a parcel", () => {
  const STATES: Readonly<Record<ParcelState, "on its way" | "over">> = {
    ...{ sent: "on its way", picked_up: "on its way", in_transit: "on its way" },
    ...{ out_for_delivery: "on its way", in_trouble: "on its way" },
    ...{ signed: "over", returned: "over" },
  };
  const states = Object.keys(STATES) as ParcelState[];

  it.each(states.flatMap((known) => states.map((told) => [known, told] as const)))(
    "that is %s and is told to be %s",
    (known, told) => {
      // A courier takes a parcel back from a door that nobody opened, so only an end is an end.
      expect(newerState(known, told)).toBe(STATES[known] === "over" ? known : told);
    },
  );
});

describe("a top-up", () => {
  const STATES: readonly TopUpState[] = ["asked", "processing", "success", "failed"];
  const WORDS: readonly SupplierWord[] = ["processing", "success", "failed", "unknown"];
  const LEGAL = [
    ...["asked processing processing", "asked success success", "asked failed failed"],
    ...["processing success success", "processing failed failed"],
  ];

  it("goes where this says, from every state by every word", () => {
    const found: string[] = [];
    for (const state of STATES) {
      for (const word of WORDS) {
        const before = { topUpId: "t", state, attempts: 1, nextTryAtMs: 0, reason: "" };
        const after = hear(before, word, "no such number", NOW);
        if (after.state !== state) found.push(`${state} ${word} ${after.state}`);
        const isOver = state === "success" || state === "failed";
        // What is over is not even asked about again; anything else is.
        if (isOver) expect(after).toBe(before);
        else if (after.state === state) expect(after.nextTryAtMs).toBeGreaterThan(NOW);
      }
    }
    expect(found.toSorted()).toEqual(LEGAL.toSorted());
  });
});

describe("a voucher at the desk", () => {
  const STATES: readonly VoucherState[] = ["live", "used_up", "void"];
  const voucher = (state: VoucherState, left: number): Voucher => ({
    ...{ voucherId: "v", memberId: "m", orderId: "o", title: "tea", state },
    ...{ usesTotal: 3, usesLeft: left, storeIds: ["zhenhai"] },
    ...{ validFromMs: NOW - DAY_MS, expiresAtMs: NOW + DAY_MS },
  });
  const CASES = {
    "as it should be": { storeId: "zhenhai", uses: 1, atMs: NOW },
    "at another store": { storeId: "airport", uses: 1, atMs: NOW },
    "too early": { storeId: "zhenhai", uses: 1, atMs: NOW - DAY_MS - 1 },
    "at its end": { storeId: "zhenhai", uses: 1, atMs: NOW + DAY_MS },
    "for more than is left": { storeId: "zhenhai", uses: 3, atMs: NOW },
  } as const;
  const live = {
    ...{ "as it should be": null, "at another store": "wrong_store", "too early": "not_yet_valid" },
    ...{ "at its end": "expired", "for more than is left": "not_enough_uses" },
  } as const;
  const usedUp = { ...live, "as it should be": "used_up", "too early": "used_up" } as const;
  const EXPECTED = {
    live,
    used_up: { ...usedUp, "at its end": "used_up", "for more than is left": "used_up" },
    void: Object.fromEntries(Object.keys(CASES).map((name) => [name, "void"])),
  };

  it("is served live, at its store, in its time, for what is left, and never otherwise", () => {
    const found = Object.fromEntries(
      STATES.map((state) => [
        state,
        Object.fromEntries(
          Object.entries(CASES).map(([name, { storeId, uses, atMs }]) => [
            name,
            writeOffRefusal(voucher(state, state === "used_up" ? 0 : 2), storeId, uses, atMs),
          ]),
        ),
      ]),
    );
    expect(found).toEqual(EXPECTED);
  });
});

describe("a booking", () => {
  const HOUR_MS = 3_600_000;
  const today = Math.floor((NOW + ZONE_OFFSET_MS) / DAY_MS) * DAY_MS - ZONE_OFFSET_MS;
  const at = (day: number, hour: number): number => today + day * DAY_MS + hour * HOUR_MS;
  const slot = (day: number, hour: number) => ({
    fromMs: at(day, hour),
    untilMs: at(day, hour + 1),
  });
  const PLAN: BookingPlan = {
    ...{ weekdays: [1, 2, 3, 4, 5, 6, 7], slotMinutes: 60, capacity: 1, closedDays: [] },
    hours: [{ fromMinute: 0, untilMinute: 24 * 60 }],
    ...{ aheadDays: 9, leadMinutes: 0, moveHours: 12, moves: 1 },
  };
  const nowMs = at(0, 12);
  const STATES: Readonly<Record<string, Booking>> = {
    none: { at: null, made: 0, usesLeftThen: null },
    ahead: { at: slot(2, 10), made: 1, usesLeftThen: 2 },
    "ahead, moved": { at: slot(2, 10), made: 2, usesLeftThen: 2 },
    near: { at: slot(0, 20), made: 1, usesLeftThen: 2 },
    "going on": { at: { fromMs: nowMs - 1, untilMs: nowMs + 1 }, made: 1, usesLeftThen: 2 },
    missed: { at: slot(0, 8), made: 1, usesLeftThen: 2 },
    "missed, moved": { at: slot(0, 8), made: 2, usesLeftThen: 2 },
    "given up": { at: null, made: 1, usesLeftThen: 2 },
    "given up twice": { at: null, made: 2, usesLeftThen: 2 },
    // One use was left then that is gone now, so the visit took place.
    used: { at: slot(0, 8), made: 2, usesLeftThen: 3 },
  };

  it("is made, moved and given up as this says, in every state it can be in", () => {
    const found = Object.fromEntries(
      Object.entries(STATES).map(([name, booking]) => {
        const voucher = { expiresAtMs: at(30, 0), usesLeft: 2, booking };
        const chosen = chooseSlot(PLAN, voucher, at(3, 9), nowMs);
        const book = typeof chosen === "string" ? chosen : "booked";
        return [name, [book, leaveRefusal(PLAN, booking, nowMs) ?? "given up"]];
      }),
    );
    expect(found).toEqual({
      none: ["booked", "given up"],
      ahead: ["booked", "given up"],
      "ahead, moved": ["moves_used", "given up"],
      near: ["move_too_late", "move_too_late"],
      "going on": ["move_too_late", "move_too_late"],
      missed: ["booked", "given up"],
      "missed, moved": ["moves_used", "given up"],
      "given up": ["booked", "given up"],
      "given up twice": ["moves_used", "given up"],
      used: ["booked", "given up"],
    });
  });
});
