/** Bookings of visits in the real runtime and D1: the last place, changes of mind, and what frees a place. */
import { beforeAll, describe, expect, it, vi } from "vitest";
import { migrate, type Caller, type Reply } from "./object-catalogue.ts";
import { Mall } from "./object-fulfilment.ts";

vi.setConfig({ testTimeout: 120_000 });

/** Open around the clock, so that the hour of the test does not matter. */
const PLAN = {
  ...{ weekdays: [1, 2, 3, 4, 5, 6, 7], hours: [{ fromMinute: 0, untilMinute: 1_440 }] },
  ...{ slotMinutes: 120, capacity: 1, closedDays: [], aheadDays: 3 },
  ...{ leadMinutes: 0, moveHours: 12, moves: 1 },
};

const SLOT_MS = 120 * 60_000;
const DAY_MS = 86_400_000;

interface Slot {
  readonly fromMs: number;
}
interface Guest {
  readonly member: Caller;
  readonly orderId: string;
  readonly book: (atMs: number | null, storeId?: string) => Promise<Reply>;
  /** When the slots begin that have a place free. */
  readonly slots: () => Promise<readonly number[]>;
}

let mall: Mall;
beforeAll(async () => {
  await migrate();
  mall = await Mall.open();
});

const plan = (skuId: string, over: Record<string, unknown> = {}): Promise<Reply> =>
  mall.must("PUT", `/api/v1/staff/booking-plans/zhenhai?skuId=${skuId}`, { ...PLAN, ...over });

/** Somebody with a voucher of the goods. */
async function guest(skuId: string): Promise<Guest> {
  const member = await mall.member();
  const orderId = await mall.order(member, skuId);
  await mall.delivery(member, orderId);
  const path = `/api/v1/me/vouchers/${orderId}-001`;
  return {
    ...{ member, orderId },
    book: (atMs, storeId = "zhenhai") =>
      member.send("PUT", `${path}/booking`, { atMs, storeId: atMs === null ? null : storeId }),
    slots: async () => {
      const { offer } = (await member.get(`${path}/slots?storeId=zhenhai`)).body;
      return offer.slots.map(({ fromMs }: Slot) => fromMs);
    },
  };
}

/** The first slots more than a day from now: far enough to be moved. */
async function tomorrow(one: Guest): Promise<readonly [number, number, number, number]> {
  const [a = 0, b = 0, c = 0, d = 0] = (await one.slots()).filter((ms) => ms > Date.now() + DAY_MS);
  expect(d).toBeGreaterThan(0);
  return [a, b, c, d];
}

it("is asked for by the order while no visit is ahead, where a store takes bookings", async () => {
  const [unplanned, planned] = await Promise.all([
    mall.goods("local_service"),
    mall.goods("local_service"),
  ]);
  await plan(planned);
  const [free, held] = await Promise.all([guest(unplanned), guest(planned)]);
  const asks = async ({ member, orderId }: Guest): Promise<boolean> =>
    (await mall.delivery(member, orderId)).body.takesBookings;
  expect([await asks(free), await asks(held)]).toEqual([false, true]);
  const [slot] = await tomorrow(held);
  expect((await held.book(slot)).status).toBe(200);
  expect(await asks(held)).toBe(false);
});

describe("the last place of a slot", () => {
  it("goes to one of those who meet at it; the others are told what is free instead", async () => {
    const skuId = await mall.goods("local_service");
    await plan(skuId, { capacity: 2 });
    const guests = await Promise.all(Array.from({ length: 6 }, () => guest(skuId)));
    const [first] = guests;
    if (!first) throw new Error("nobody came");
    const [slot] = await tomorrow(first);
    const replies = await Promise.all(guests.map((one) => one.book(slot)));
    const statuses = replies.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([200, 200, 409, 409, 409, 409]);
    const refused = replies.filter(({ status }) => status === 409).map(({ body }) => body);
    expect(refused[0]).toMatchObject({ reason: "slot_full" });
    const others = refused.flatMap((body) => body.others as Slot[]).map(({ fromMs }) => fromMs);
    expect(others).toHaveLength(4 * 6);
    expect(others).not.toContain(slot);
    const loser = guests[replies.findIndex(({ status }) => status === 409)];
    expect(await loser?.slots()).not.toContain(slot);
    expect((await loser?.book(others[0] ?? 0))?.body.bookedAtMs).toBe(others[0]);
    // Whoever has it and asks again keeps it.
    const winner = guests[replies.findIndex(({ status }) => status === 200)];
    expect((await winner?.book(slot))?.status).toBe(200);
  });

  it("is free again when its order is cancelled, its booking moved, or given up", async () => {
    const skuId = await mall.goods("local_service");
    await plan(skuId);
    const [first, second, third] = await Promise.all([guest(skuId), guest(skuId), guest(skuId)]);
    const [slot, later] = await tomorrow(first);
    expect((await first.book(slot)).status).toBe(200);
    expect((await second.book(slot)).body.reason).toBe("slot_full");
    await first.member.send("POST", `/api/v1/orders/${first.orderId}/cancel`);
    // The Account asks for the voucher of a cancelled order by itself.
    await vi.waitFor(async () => expect((await second.book(slot)).status).toBe(200), {
      ...{ timeout: 20_000, interval: 50 },
    });
    expect((await second.book(later)).status).toBe(200);
    expect((await third.book(slot)).status).toBe(200);
    expect((await third.book(null)).body).toMatchObject({ bookedAtMs: null, bookedStoreId: null });
    expect(await first.slots()).not.toContain(later);
    expect(await third.slots()).toContain(slot);
  });

  it("is one of the goods' own, or of all the others of the store", async () => {
    const [own, one, other] = await Promise.all([
      mall.goods("local_service"),
      mall.goods("coupon"),
      mall.goods("local_service"),
    ]);
    await plan("");
    await plan(own);
    const [a, b, c] = [await guest(own), await guest(one), await guest(other)];
    const [slot] = await tomorrow(a);
    expect((await a.book(slot)).status).toBe(200);
    expect((await b.book(slot)).status).toBe(200);
    expect((await c.book(slot)).body.reason).toBe("slot_full");
    expect((await c.book(slot, "airport")).body.reason).toBe("no_bookings");
  });
});

describe("a booking", () => {
  it("is moved once and no more, unless the store lets its guest choose anew", async () => {
    const skuId = await mall.goods("local_service");
    await plan(skuId);
    const one = await guest(skuId);
    const slots = await tomorrow(one);
    for (const slot of slots.slice(0, 2)) expect((await one.book(slot)).status).toBe(200);
    expect((await one.book(slots[2])).body.reason).toBe("moves_used");
    expect((await one.book(null)).status).toBe(200);
    expect((await one.book(slots[2])).body.reason).toBe("moves_used");
    const other = await guest(skuId);
    expect((await other.book(slots[0])).status).toBe(200);
    expect((await other.book(slots[1])).status).toBe(200);
    const voucher = `${other.orderId}-001`;
    await mall.must("POST", `/api/v1/staff/bookings/${voucher}/release`);
    await mall.must("POST", `/api/v1/staff/bookings/${voucher}/release`);
    expect((await other.book(slots[3])).body.bookedUntilMs).toBe(slots[3] + SLOT_MS);
  });

  it("is not moved or given up when its time is near", async () => {
    const skuId = await mall.goods("local_service");
    await plan(skuId, { moveHours: 200 });
    const one = await guest(skuId);
    const [slot, later] = await tomorrow(one);
    expect((await one.book(slot)).status).toBe(200);
    expect((await one.book(later)).body.reason).toBe("move_too_late");
    expect((await one.book(null)).body.reason).toBe("move_too_late");
  });

  it("stands on the list of its day, as expected and then as come", async () => {
    const skuId = await mall.goods("local_service");
    await mall.terms(skuId, { usesPerUnit: 2 });
    await plan(skuId);
    const one = await guest(skuId);
    const [slot] = await tomorrow(one);
    await one.book(slot);
    const listed = async (): Promise<unknown> => {
      const path = `/api/v1/staff/write-offs/expected?storeId=zhenhai&dayMs=${slot}`;
      const { items } = (await mall.must("GET", path)).body;
      return items.find((item: { voucherId: string }) => item.voucherId === `${one.orderId}-001`);
    };
    expect(await listed()).toMatchObject({ state: "expected", fromMs: slot, usesLeft: 2 });
    const clerk = await mall.clerk();
    await mall.writeOff(clerk, await mall.codeOf(one.member, one.orderId));
    expect(await listed()).toMatchObject({ state: "came", usesLeft: 1 });
    const path = `/api/v1/staff/bookings/${one.orderId}-001/release`;
    expect((await mall.staff.send("POST", path)).body.reason).toBe("visit_took_place");
    // The next of several visits is booked as the first was.
    const [, , , next] = await tomorrow(one);
    expect((await one.book(next)).status).toBe(200);
  });
});
