/** Parcels and write-offs in the real runtime and D1: races, repeats and crashes. */
import { abortAllDurableObjects } from "cloudflare:test";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { WriteOffDesk } from "../fulfilment/write-off-desk.ts";
import { ShippingDesk } from "../fulfilment/shipping-desk.ts";
import { codesFrom } from "../fulfilment/core/index.ts";
import { VoucherStore } from "../fulfilment/voucher-store.ts";
import { sweepFulfilment } from "../fulfilment/index.ts";
import { parseKeyRing } from "../kernel/key-ring.ts";
import { bindings, migrate, type Reply } from "./object-catalogue.ts";
import { Mall, newId, stateOf } from "./object-fulfilment.ts";

vi.setConfig({ testTimeout: 120_000 });

let mall: Mall;
beforeAll(async () => {
  await migrate();
  mall = await Mall.open();
});

describe("parcels", () => {
  it("wait for an address, leave in parts, and are received once", async () => {
    const skuId = await mall.goods("physical");
    const member = await mall.member();
    const orderId = await mall.order(member, skuId, 3);
    expect((await mall.delivery(member, orderId)).body).toMatchObject({ needs: "address" });
    const early = await mall.ship(member.memberId, orderId);
    expect(early).toMatchObject({ status: 409, body: { reason: "needs_address" } });
    await mall.address(member, orderId);
    const first = await mall.ship(member.memberId, orderId, { quantity: 2 });
    expect(first.status, first.text).toBe(201);
    expect(await stateOf(member, orderId)).toBe("shipped");
    const tooMany = { quantity: 2, trackingNo: "SF1234567890124" };
    expect((await mall.ship(member.memberId, orderId, tooMany)).body.reason).toBe("too_many");
    const second = await mall.ship(member.memberId, orderId, { trackingNo: "SF1234567890124" });
    expect(second.body).toMatchObject({ quantity: 1, carrierName: "顺丰速运" });
    const more = { trackingNo: "SF1234567890125" };
    expect((await mall.ship(member.memberId, orderId, more)).body.reason).toBe("nothing_left");
    const got = await member.send("POST", `/api/v1/orders/${orderId}/receive`);
    expect(got.body).toMatchObject({ state: "received" });
    expect((await member.send("POST", `/api/v1/orders/${orderId}/receive`)).status).toBe(200);
  });

  it("carry no unit that was given back before it left: not on the pick list, not packed, not by a sweep", async () => {
    const skuId = await mall.goods("physical");
    const member = await mall.member();
    const orderId = await mall.order(member, skuId, 3);
    await mall.address(member, orderId);
    const { memberId } = member;
    // Packed whole, and the clerk's connection is lost before the order was asked.
    await bindings.DB.prepare(
      `INSERT INTO shipments (programme_id, shipment_id, member_id, order_id, quantity, carrier, tracking_no, state, points, sent_by, sent_at_ms)
       VALUES ('demo', ?1, ?2, ?3, 3, 'jd', 'JD0000000001', 'preparing', '[]', 'staff:x', ?4)`,
    )
      .bind(newId(), memberId, orderId, Date.now() - 60_000)
      .run();
    await mall.refundOne(member, orderId);
    await sweepFulfilment(bindings, Date.now());
    expect((await mall.delivery(member, orderId)).body).toMatchObject({ unitsToShip: 2 });
    const picked = await mall.must("POST", "/api/v1/staff/orders/labels", {
      orders: [{ memberId, orderId }],
    });
    expect(picked.body.labels).toMatchObject([{ orderId, quantity: 2 }]);
    const whole = await mall.ship(memberId, orderId, { quantity: 3 });
    expect(whole.body.reason).toBe("too_many");
    expect((await mall.ship(memberId, orderId)).body).toMatchObject({ quantity: 2 });
    expect((await mall.delivery(member, orderId)).body).toMatchObject({ unitsToShip: 0 });
    const got = await member.send("POST", `/api/v1/orders/${orderId}/receive`);
    expect(got.body).toMatchObject({ state: "received" });
  });

  it("and a cancel that meet have one outcome", async () => {
    const skuId = await mall.goods("physical");
    for (let round = 0; round < 8; round += 1) {
      const member = await mall.member();
      const orderId = await mall.order(member, skuId);
      await mall.address(member, orderId);
      const race = [
        () => mall.ship(member.memberId, orderId),
        () => member.send("POST", `/api/v1/orders/${orderId}/cancel`),
      ];
      if (round % 2 === 1) race.reverse();
      await Promise.all(race.map((act) => act()));
      const state = await stateOf(member, orderId);
      const parcels = await new ShippingDesk(bindings, "demo").ofOrder({
        ...{ memberId: member.memberId, orderId },
      });
      expect(["shipped", "cancelled"]).toContain(state);
      expect(parcels.map((one) => one.state)).toEqual(state === "shipped" ? ["sent"] : []);
    }
  });

  it("are the same parcel when the same request comes again, also from many at once", async () => {
    const skuId = await mall.goods("physical");
    const member = await mall.member();
    const orderId = await mall.order(member, skuId);
    await mall.address(member, orderId);
    const shipmentId = newId().slice(0, 38);
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => mall.ship(member.memberId, orderId, { shipmentId })),
    );
    expect(replies.every(({ status }) => status < 300)).toBe(true);
    expect((await mall.delivery(member, orderId)).body.shipments).toHaveLength(1);
  });

  it("that a crash left half sent go out with the sweep, or vanish with their order", async () => {
    const skuId = await mall.goods("physical");
    const [kept, gone] = await Promise.all([mall.member(), mall.member()]);
    const orders = [await mall.order(kept, skuId), await mall.order(gone, skuId)];
    const old = Date.now() - 60_000;
    for (const [at, member] of [kept, gone].entries()) {
      await mall.address(member, orders[at] ?? "");
      await bindings.DB.prepare(
        `INSERT INTO shipments (programme_id, shipment_id, member_id, order_id, quantity, carrier, tracking_no, state, points, sent_by, sent_at_ms)
         VALUES ('demo', ?1, ?2, ?3, 1, 'jd', 'JD0000000001', 'preparing', '[]', 'staff:x', ?4)`,
      )
        .bind(newId(), member.memberId, orders[at], old)
        .run();
    }
    await gone.send("POST", `/api/v1/orders/${orders[1]}/cancel`);
    await abortAllDurableObjects();
    await sweepFulfilment(bindings, Date.now());
    expect(await stateOf(kept, orders[0] ?? "")).toBe("shipped");
    expect((await mall.delivery(kept, orders[0] ?? "")).body.shipments).toHaveLength(1);
    expect((await mall.delivery(gone, orders[1] ?? "")).body.shipments).toHaveLength(0);
  });
});

describe("write-off", () => {
  it("lets one of two clerks win, and tells the other, also of a card with uses for both", async () => {
    const [once, often] = [await mall.goods("local_service"), await mall.goods("local_service")];
    await mall.terms(often, { usesPerUnit: 3 });
    for (const skuId of [once, often, once, often, once]) {
      const member = await mall.member();
      const orderId = await mall.order(member, skuId);
      const code = await mall.codeOf(member, orderId);
      const clerks = await Promise.all([mall.clerk(), mall.clerk()]);
      const replies = await Promise.all(clerks.map((clerk) => mall.writeOff(clerk, code)));
      expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
      const [state, usesLeft] = skuId === once ? ["used_up", 0] : ["live", 2];
      expect(await stateOf(member, orderId)).toBe(usesLeft === 0 ? "received" : "to_write_off");
      const { vouchers } = (await mall.delivery(member, orderId)).body;
      expect(vouchers[0]).toMatchObject({ state, usesLeft });
      expect(vouchers[0].uses).toHaveLength(1);
      // The list of the desk says what was used.
      const { items } = (await mall.must("GET", "/api/v1/staff/write-offs?storeId=zhenhai")).body;
      expect(items[0]).toMatchObject({ orderId, title: vouchers[0].title, state: "done" });
    }
  });

  it("and a refund that meet have one outcome", async () => {
    const skuId = await mall.goods("local_service");
    for (let round = 0; round < 8; round += 1) {
      const member = await mall.member();
      const orderId = await mall.order(member, skuId);
      const code = await mall.codeOf(member, orderId);
      const clerk = await mall.clerk();
      const race = [
        (): Promise<Reply> => mall.writeOff(clerk, code),
        (): Promise<Reply> => member.send("POST", `/api/v1/orders/${orderId}/cancel`),
      ];
      if (round % 2 === 1) race.reverse();
      const replies = await Promise.all(race.map((act) => act()));
      const state = await stateOf(member, orderId);
      const isUsed = state === "received";
      expect(["received", "cancelled"]).toContain(state);
      const done = replies[round % 2 === 1 ? 1 : 0];
      expect(done?.status).toBe(isUsed ? 200 : 409);
      const store = new VoucherStore(bindings.DB, "demo");
      const [voucher] = await store.ofOrder({ memberId: member.memberId, orderId });
      expect(voucher?.usesLeft).toBe(isUsed ? 0 : 1);
    }
  });

  it("is of the member and the order: another member's order of the same id has vouchers of its own", async () => {
    const skuId = await mall.goods("local_service");
    const orderId = newId().slice(0, 38);
    const seen: string[] = [];
    for (const quantity of [1, 2]) {
      const member = await mall.member();
      await mall.order(member, skuId, quantity, orderId);
      const { vouchers } = (await mall.delivery(member, orderId)).body;
      expect(vouchers).toHaveLength(quantity);
      seen.push(...vouchers.map((one: { voucherId: string }) => one.voucherId));
      const clerk = await mall.clerk();
      const done = await mall.writeOff(clerk, await mall.codeOf(member, orderId, quantity - 1));
      expect(done.status, done.text).toBe(200);
    }
    expect(new Set(seen).size).toBe(3);
  });

  it("ends with its order: nobody sees a code of what was given back", async () => {
    const skuId = await mall.goods("local_service");
    const member = await mall.member();
    const orderId = await mall.order(member, skuId);
    await mall.codeOf(member, orderId);
    const cancel = await member.send("POST", `/api/v1/orders/${orderId}/cancel`);
    expect(cancel.status, cancel.text).toBe(200);
    await vi.waitFor(
      async () =>
        expect((await member.get("/api/v1/me/vouchers")).body.vouchers).toMatchObject([
          { orderId, state: "void" },
        ]),
      { timeout: 20_000, interval: 50 },
    );
  });

  it("refuses the wrong store, an old code, and a code that is none", async () => {
    const skuId = await mall.goods("local_service");
    await mall.terms(skuId, { storeIds: ["zhenhai"] });
    const member = await mall.member();
    const orderId = await mall.order(member, skuId);
    const code = await mall.codeOf(member, orderId);
    const clerk = await mall.clerk();
    const wrong = await mall.writeOff(clerk, code, { storeId: "airport" });
    expect(wrong).toMatchObject({ status: 409, body: { reason: "wrong_store" } });
    const forged = `${code.slice(0, 7)}${String((Number(code.slice(7)) + 1) % 100_000).padStart(5, "0")}`;
    expect((await mall.writeOff(clerk, forged)).body.reason).toBe("code_old");
    const desk = new WriteOffDesk(bindings, "demo");
    const late = await desk.read(code, "zhenhai", 1, Date.now() + 180_000);
    expect(late).toMatchObject({ kind: "refused", reason: "code_old" });
    expect((await mall.writeOff(clerk, "000000000000")).body.reason).toBe("code_unknown");
    expect((await mall.writeOff(clerk, code)).status).toBe(200);
  });

  it("does not end the order while a use is only held, which may come back", async () => {
    const skuId = await mall.goods("local_service");
    const store = new VoucherStore(bindings.DB, "demo");
    for (const isRefused of [true, false]) {
      const member = await mall.member();
      const orderId = await mall.order(member, skuId, 2);
      const { vouchers } = (await mall.delivery(member, orderId)).body;
      const clerk = await mall.clerk();
      const held = await store.find(vouchers[0].voucherId);
      if (!held) throw new Error("it has a voucher");
      const { memberId, voucherId } = held;
      // Another clerk's desk took the use and has not heard of the order yet.
      const act = {
        ...{ writeOffId: newId(), voucherId, memberId, orderId, uses: 1, storeId: "zhenhai" },
        ...({
          staffId: "x",
          snapshot: { name: "x", device: "" },
          state: "pending",
          atMs: Date.now(),
          ...{ reason: "", reversedBy: null },
        } as const),
      };
      expect(await store.reserve(held, act)).toBe(true);
      expect((await mall.writeOff(clerk, await mall.codeOf(member, orderId, 1))).status).toBe(200);
      expect(await stateOf(member, orderId)).toBe("to_write_off");
      const note = { by: "system", reason: "order_state", nowMs: Date.now() };
      if (isRefused) {
        await store.giveBack(act, "refused", note);
        expect((await mall.writeOff(clerk, await mall.codeOf(member, orderId))).status).toBe(200);
      } else await new WriteOffDesk(bindings, "demo").finish(act, Date.now());
      expect(await stateOf(member, orderId)).toBe("received");
    }
  });

  it("takes some uses of several, and ends the order with the last", async () => {
    const skuId = await mall.goods("local_service");
    await mall.terms(skuId, { usesPerUnit: 3 });
    const member = await mall.member();
    const orderId = await mall.order(member, skuId);
    const code = await mall.codeOf(member, orderId);
    const clerk = await mall.clerk();
    expect((await mall.writeOff(clerk, code, { uses: 2 })).body.voucher.usesLeft).toBe(1);
    expect(await stateOf(member, orderId)).toBe("to_write_off");
    const cancel = await member.send("POST", `/api/v1/orders/${orderId}/cancel`);
    expect(cancel.status).toBe(409);
    const tooMany = await mall.writeOff(clerk, code, { uses: 2 });
    expect(tooMany.body.reason).toBe("not_enough_uses");
    expect((await mall.writeOff(clerk, code)).status).toBe(200);
    expect(await stateOf(member, orderId)).toBe("received");
  });

  it("that a desk noted without a network counts for its minute, once, and for a day", async () => {
    const skuId = await mall.goods("local_service");
    await mall.terms(skuId, { usesPerUnit: 3 });
    const member = await mall.member();
    const orderId = await mall.order(member, skuId);
    const issuedAtMs = Date.now();
    const code = await mall.codeOf(member, orderId);
    const clerk = await mall.clerk();
    const HOUR_MS = 3_600_000;
    const store = new VoucherStore(bindings.DB, "demo");
    // The voucher of an order of some hours ago.
    await bindings.DB.prepare("UPDATE vouchers SET valid_from_ms = 0 WHERE order_id = ?1")
      .bind(orderId)
      .run();
    const [voucher] = await store.ofOrder({ memberId: member.memberId, orderId });
    const codeAt = (atMs: number): string => {
      const { voucherId = "", storeIds = null, locator = "" } = voucher ?? {};
      const subject = { programmeId: "demo", voucherId, orderId, storeIds };
      const [shown] = codesFrom(parseKeyRing(bindings.TICKET_KEYS), subject, locator, atMs, 1);
      return shown?.code ?? "";
    };
    const noted = codeAt(issuedAtMs - HOUR_MS);
    expect((await mall.writeOff(clerk, noted)).body).toMatchObject({ reason: "code_old" });
    const readAgo = (): { readAgoMs: number } => ({ readAgoMs: Date.now() - issuedAtMs + HOUR_MS });
    const writeOffId = newId().slice(0, 38);
    const done = await mall.writeOff(clerk, noted, { ...readAgo(), writeOffId });
    expect(done.status, done.text).toBe(200);
    // When it was served, not when it was told.
    const off = done.body.writeOff.atMs - (issuedAtMs - HOUR_MS);
    expect(Math.abs(off)).toBeLessThan(60_000);
    const again = await mall.writeOff(clerk, noted, { ...readAgo(), writeOffId });
    expect(again.body.voucher.usesLeft).toBe(2);
    const other = await mall.writeOff(clerk, noted, readAgo());
    expect(other).toMatchObject({ status: 409, body: { reason: "taken_meanwhile" } });
    const wrong = await mall.writeOff(clerk, code, readAgo());
    expect(wrong).toMatchObject({ status: 409, body: { reason: "code_old" } });
    const late = await mall.writeOff(clerk, noted, { readAgoMs: 24 * HOUR_MS + 1 });
    expect(late.status).toBe(422);
  });

  it("says at its desk that its reversal waits, which is proposed anew when it was rejected", async () => {
    const skuId = await mall.goods("local_service");
    const member = await mall.member();
    const orderId = await mall.order(member, skuId);
    const [clerk, other] = [await mall.clerk(), await mall.clerk()];
    const done = await mall.writeOff(clerk, await mall.codeOf(member, orderId));
    const { writeOffId } = done.body.writeOff;
    const ask = (reason: string): Promise<Reply> =>
      clerk.send("POST", `/api/v1/staff/write-offs/${writeOffId}/reverse`, { reason });
    const waitsFor = async (): Promise<unknown> => {
      const { items } = (await clerk.get("/api/v1/staff/write-offs?storeId=zhenhai")).body;
      return items.find((act: { writeOffId: string }) => act.writeOffId === writeOffId).waitsFor;
    };
    const decide = (approvalId: string, verb: string): Promise<Reply> =>
      other.send("POST", `/api/v1/staff/approvals/${approvalId}/${verb}`, { note: "" });
    expect(await waitsFor()).toBeNull();
    const first = (await ask("wrong guest")).body;
    const { approvalId, proposedBy, proposedAtMs } = first;
    expect(await waitsFor()).toEqual({ approvalId, proposedBy, proposedAtMs });
    expect((await decide(approvalId, "reject")).status).toBe(200);
    expect(await waitsFor()).toBeNull();
    for (const reason of ["wrong guest", "wrong guest, seen on camera"]) {
      const again = await ask(reason);
      expect(again, again.text).toMatchObject({ status: 202, body: { state: "proposed" } });
      expect(again.body.approvalId).not.toBe(approvalId);
      const verb = reason === "wrong guest" ? "reject" : "approve";
      expect((await decide(again.body.approvalId, verb)).status).toBe(200);
    }
    expect(await stateOf(member, orderId)).toBe("to_write_off");
    expect(await waitsFor()).toBeNull();
  });

  it("is the same act when the clerk taps again, and is finished by the sweep after a crash", async () => {
    const skuId = await mall.goods("local_service");
    const member = await mall.member();
    const orderId = await mall.order(member, skuId);
    const code = await mall.codeOf(member, orderId);
    const clerk = await mall.clerk();
    const store = new VoucherStore(bindings.DB, "demo");
    const [voucher] = await store.ofOrder({ memberId: member.memberId, orderId });
    const writeOffId = newId().slice(0, 38);
    const act = {
      ...{ writeOffId, voucherId: voucher?.voucherId ?? "", memberId: member.memberId, orderId },
      ...{ uses: 1, storeId: "zhenhai", staffId: "x", snapshot: { name: "x", device: "" } },
      ...{ state: "pending" as const, atMs: Date.now() - 60_000, reason: "", reversedBy: null },
    };
    // The process dies after the uses were taken: nobody was told anything.
    expect(voucher && (await store.reserve(voucher, act))).toBe(true);
    expect(await stateOf(member, orderId)).toBe("to_write_off");
    await abortAllDurableObjects();
    await sweepFulfilment(bindings, Date.now());
    expect(await stateOf(member, orderId)).toBe("received");
    const again = await mall.writeOff(clerk, code, { writeOffId });
    expect(again).toMatchObject({ status: 200, body: { writeOff: { writeOffId, state: "done" } } });
    expect((await mall.delivery(member, orderId)).body.vouchers[0].uses).toHaveLength(1);
  });

  it("is undone by a second person, and can be done again", async () => {
    const skuId = await mall.goods("local_service");
    const member = await mall.member();
    const orderId = await mall.order(member, skuId);
    const clerk = await mall.clerk();
    const done = await mall.writeOff(clerk, await mall.codeOf(member, orderId));
    const { writeOffId } = done.body.writeOff;
    const asked = await clerk.send("POST", `/api/v1/staff/write-offs/${writeOffId}/reverse`, {
      reason: "wrong guest",
    });
    expect(asked.status, asked.text).toBe(202);
    expect(await stateOf(member, orderId)).toBe("received");
    const approval = `/api/v1/staff/approvals/${asked.body.approvalId}/approve`;
    const self = await clerk.send("POST", approval, { note: "me" });
    expect(self.status).toBeGreaterThanOrEqual(400);
    const agreed = await mall.staff.send("POST", approval, { note: "yes" });
    expect(agreed.status, agreed.text).toBe(200);
    expect(await stateOf(member, orderId)).toBe("to_write_off");
    const once = await mall.writeOff(clerk, await mall.codeOf(member, orderId));
    expect(once.status, once.text).toBe(200);
    expect(await stateOf(member, orderId)).toBe("received");
  });
});
