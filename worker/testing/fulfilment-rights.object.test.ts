/** Codes, coupons and top-ups in the real runtime. */
import { beforeAll, describe, expect, it, vi } from "vitest";
import { accountOf } from "../accounts/index.ts";
import { deliver, sweepFulfilment } from "../fulfilment/index.ts";
import type { Supplier } from "../fulfilment/supplier.ts";
import { TopUpDesk, troubledTopUps } from "../fulfilment/top-up-desk.ts";
import { VoucherStore, type StoredVoucher, type WriteOff } from "../fulfilment/voucher-store.ts";
import { bindings, migrate, type Reply } from "./object-catalogue.ts";
import { Mall, newId, stateOf, untilState } from "./object-fulfilment.ts";

vi.setConfig({ testTimeout: 120_000 });

let mall: Mall;
beforeAll(async () => {
  await migrate();
  mall = await Mall.open();
});

describe("card codes", () => {
  it("are issued by themselves, shown once, and again only for a reason", async () => {
    const skuId = await mall.goods("card_code");
    const member = await mall.member();
    const early = await mall.order(member, skuId);
    expect(await stateOf(member, early)).toBe("issuing");
    const path = `/api/v1/staff/codes/${skuId}/import?batchId=${newId().slice(0, 38)}`;
    const codes = "CARD-0001 9911\nCARD-0002 9912\nCARD-0001 9911\n";
    const imported = await mall.must("POST", path, codes, "text/csv");
    expect(imported.body).toEqual({ added: 2, free: 2, duplicates: [3] });
    // The order that waited is served by the Account's own clock; looking is enough to see it.
    await deliver(bindings, "demo", { memberId: member.memberId, orderId: early }, Date.now());
    await untilState(member, early, "received");
    const reveal = (reason: string): Promise<Reply> =>
      member.send("POST", `/api/v1/orders/${early}/codes/reveal`, { reason });
    expect((await reveal("")).body).toMatchObject({ codes: ["CARD-0001 9911"], isFirst: true });
    expect((await reveal("")).body.reason).toBe("reason_needed");
    expect((await reveal("lost it")).body).toMatchObject({ isFirst: false });
    const next = await mall.order(member, skuId);
    await untilState(member, next, "received");
    const { items } = (await mall.staff.get("/api/v1/staff/codes")).body;
    expect(items.find((one: { skuId: string }) => one.skuId === skuId)).toMatchObject({
      ...{ free: 0, issued: 2, isLow: true },
    });
  });

  it("go back unseen when the order was cancelled between issue and agreement", async () => {
    const skuId = await mall.goods("card_code");
    const member = await mall.member();
    const orderId = await mall.order(member, skuId);
    const cancel = await member.send("POST", `/api/v1/orders/${orderId}/cancel`);
    expect(cancel.status, cancel.text).toBe(200);
    const path = `/api/v1/staff/codes/${skuId}/import?batchId=${newId().slice(0, 38)}`;
    await mall.must("POST", path, "ONLY-ONE-CODE", "text/csv");
    await deliver(bindings, "demo", { memberId: member.memberId, orderId }, Date.now());
    const { items } = (await mall.staff.get("/api/v1/staff/codes")).body;
    expect(items.find((one: { skuId: string }) => one.skuId === skuId)).toMatchObject({ free: 1 });
  });
});

describe("coupons", () => {
  it("are issued at once and void when the order is taken back unused", async () => {
    const skuId = await mall.goods("coupon");
    const member = await mall.member();
    const orderId = await mall.order(member, skuId, 2);
    await untilState(member, orderId, "received");
    const { vouchers } = (await mall.delivery(member, orderId)).body;
    expect(vouchers).toHaveLength(2);
    const store = new VoucherStore(bindings.DB, "demo");
    const order = { memberId: member.memberId, orderId };
    const clerk = await mall.clerk();
    const code = await mall.codeOf(member, orderId, 1);
    const [used, isVoid] = await Promise.all([mall.writeOff(clerk, code), store.voidUnused(order)]);
    // Whichever came first, never both: what was served is not taken back.
    expect(used.status === 200).toBe(!isVoid);
  });
});

describe("a rating of a coupon", () => {
  it("waits until one was used", async () => {
    const skuId = await mall.goods("coupon");
    const member = await mall.member();
    const orderId = await mall.order(member, skuId, 2);
    await untilState(member, orderId, "received");
    const path = `/api/v1/orders/${orderId}/rating`;
    const early = await member.send("POST", path, { stars: 5 });
    expect([early.status, early.body.reason]).toEqual([409, "not_used_yet"]);
    expect((await mall.delivery(member, orderId)).body.mayRate).toBe(false);
    await mall.writeOff(await mall.clerk(), await mall.codeOf(member, orderId, 1));
    expect((await mall.delivery(member, orderId)).body.mayRate).toBe(true);
    const rated = await member.send("POST", path, { stars: 5 });
    expect([rated.status, rated.body.rating?.stars]).toEqual([200, 5]);
  });
});

describe("vouchers and write-offs where they are kept", () => {
  const store = new VoucherStore(bindings.DB, "demo");
  const STATES = {
    unused: ["live", 3],
    "used in part": ["live", 1],
    "used up": ["used_up", 0],
    ended: ["void", 2],
  } as const;

  async function kept(state: string, usesLeft: number): Promise<StoredVoucher> {
    const voucherId = newId();
    const locator = voucherId.slice(2);
    await bindings.DB.prepare(
      `INSERT INTO vouchers (programme_id, voucher_id, locator, member_id, order_id, sku_id, kind, title, uses_total, uses_left,
         store_ids, valid_from_ms, expires_at_ms, state, is_order_told, created_at_ms)
       VALUES ('demo', ?1, ?2, 'm-states', ?1, 'sku', 'coupon', 't', 3, ?3, NULL, 0, 9e12, ?4, 0, 0)`,
    )
      .bind(voucherId, locator, usesLeft, state)
      .run();
    return now(voucherId);
  }

  async function now(voucherId: string): Promise<StoredVoucher> {
    const found = await store.find(voucherId);
    if (!found) throw new Error("no voucher");
    return found;
  }

  const useOf = ({ voucherId, memberId, orderId }: StoredVoucher, uses: number): WriteOff => ({
    ...{ writeOffId: newId(), voucherId, memberId, orderId, uses, storeId: "zhenhai" },
    ...{ staffId: "a", snapshot: { name: "a", device: "" }, state: "pending", atMs: 1, reason: "" },
    reversedBy: null,
  });
  const NOTE = { by: "b", reason: "a mistake", nowMs: 2 };

  const ACTS = {
    "take one": (one: StoredVoucher) => store.reserve(one, useOf(one, 1)),
    "take three": (one: StoredVoucher) => store.reserve(one, useOf(one, 3)),
    "end it unused": (one: StoredVoucher) => store.voidUnused(one),
    "end what is left": (one: StoredVoucher) => store.voidLeft(one),
  };
  /** Of an order with one voucher: [what was answered, what it is then, uses left]. */
  const EXPECTED: Record<keyof typeof STATES, Record<keyof typeof ACTS, unknown>> = {
    unused: {
      ...{ "take one": [true, "live", 2], "take three": [true, "used_up", 0] },
      ...{ "end it unused": [true, "void", 3], "end what is left": [true, "void", 3] },
    },
    "used in part": {
      ...{ "take one": [true, "used_up", 0], "take three": [false, "live", 1] },
      ...{ "end it unused": [false, "live", 1], "end what is left": [true, "void", 1] },
    },
    "used up": {
      ...{ "take one": [false, "used_up", 0], "take three": [false, "used_up", 0] },
      ...{ "end it unused": [false, "used_up", 0], "end what is left": [true, "used_up", 0] },
    },
    ended: {
      ...{ "take one": [false, "void", 2], "take three": [false, "void", 2] },
      ...{ "end it unused": [true, "void", 2], "end what is left": [true, "void", 2] },
    },
  };

  it("a voucher becomes what this says, in every state by every act", async () => {
    for (const [name, [state, left]] of Object.entries(STATES)) {
      const found: Record<string, unknown> = {};
      for (const [act, happens] of Object.entries(ACTS)) {
        const one = await kept(state, left);
        const answer = await happens(one);
        const after = await now(one.voucherId);
        found[act] = [answer, after.state, after.usesLeft];
      }
      expect({ [name]: found }).toEqual({ [name]: EXPECTED[name as keyof typeof STATES] });
    }
  });

  it("a write-off becomes what this says, and its uses go back once", async () => {
    const steps = {
      confirm: (act: WriteOff) => store.confirm(act.writeOffId),
      refuse: (act: WriteOff) => store.giveBack(act, "refused", NOTE),
      "ask back": (act: WriteOff) => store.beginReversal(act.writeOffId, NOTE.by, NOTE.reason),
      "keep after all": (act: WriteOff) => store.dropReversal(act.writeOffId),
      reverse: (act: WriteOff) => store.giveBack(act, "reversed", NOTE),
    };
    const ways: Record<WriteOff["state"], (keyof typeof steps)[]> = {
      ...{
        pending: [],
        done: ["confirm"],
        refused: ["refuse"],
        reversing: ["confirm", "ask back"],
      },
      reversed: ["confirm", "ask back", "reverse"],
    };
    const legal = [
      ...["pending confirm done", "pending refuse refused", "done ask back reversing"],
      ...["reversing keep after all done", "reversing reverse reversed"],
    ];
    const found: string[] = [];
    for (const [state, way] of Object.entries(ways)) {
      for (const [step, happens] of Object.entries(steps)) {
        const voucher = await kept("live", 3);
        const act = useOf(voucher, 2);
        await store.reserve(voucher, act);
        for (const before of way) await steps[before](act);
        expect((await store.writeOff(act.writeOffId))?.state).toBe(state);
        await happens(act);
        const after = (await store.writeOff(act.writeOffId))?.state ?? "";
        if (after !== state) found.push(`${state} ${step} ${after}`);
        const isBack = after === "refused" || after === "reversed";
        expect((await now(voucher.voucherId)).usesLeft).toBe(isBack ? 3 : 1);
      }
    }
    expect(found.toSorted()).toEqual(legal.toSorted());
  });
});

describe("a reversal that breaks off", () => {
  /** The second person's word is written down, or its order has heard of it too; then nobody goes on. */
  it.each([false, true])(
    "is finished by the sweep; its order had heard of it: %s",
    async (isTold) => {
      const skuId = await mall.goods("coupon");
      const member = await mall.member();
      const orderId = await mall.order(member, skuId);
      await untilState(member, orderId, "received");
      const served = await mall.writeOff(await mall.clerk(), await mall.codeOf(member, orderId));
      const { writeOffId } = served.body.writeOff;
      const store = new VoucherStore(bindings.DB, "demo");
      await store.beginReversal(writeOffId, "staff:b", "wrong guest");
      if (isTold) {
        const memberKey = `demo:${member.memberId}`;
        const told = await accountOf(bindings, memberKey).advanceOrder({
          ...{ memberKey, orderId, step: "reverse_coupon", by: "staff:b", note: "wrong guest" },
          ...{ key: `reverse:${writeOffId}`, units: 1 },
        });
        expect(told.kind).toBe("advanced");
      }
      await sweepFulfilment(bindings, Date.now() + 60_000);
      const [voucher] = await store.ofOrder({ memberId: member.memberId, orderId });
      expect(voucher).toMatchObject({ state: "live", usesLeft: 1 });
      const act = await store.writeOff(writeOffId);
      expect(act).toMatchObject({
        state: "reversed",
        reversedBy: "staff:b",
        reason: "wrong guest",
      });
      const again = await mall.writeOff(await mall.clerk(), await mall.codeOf(member, orderId));
      expect(again.status, again.text).toBe(200);
    },
  );

  it("is left when its order was given back meanwhile: what was served stays so", async () => {
    const skuId = await mall.goods("coupon");
    await mall.terms(skuId, { usesPerUnit: 2 });
    const member = await mall.member();
    const orderId = await mall.order(member, skuId);
    await untilState(member, orderId, "received");
    const served = await mall.writeOff(await mall.clerk(), await mall.codeOf(member, orderId));
    const { writeOffId } = served.body.writeOff;
    const caseId = newId().slice(0, 38);
    const wish = { caseId, kind: "refund", quantity: 1, reason: "not wanted" };
    await member.send("POST", `/api/v1/orders/${orderId}/after-sales`, wish);
    const path = `/api/v1/staff/after-sales/${member.memberId}/${orderId}/${caseId}/agree-refund`;
    await mall.must("POST", path, { note: "" });
    const store = new VoucherStore(bindings.DB, "demo");
    await store.beginReversal(writeOffId, "staff:b", "wrong guest");
    await sweepFulfilment(bindings, Date.now() + 60_000);
    const act = await store.writeOff(writeOffId);
    expect(act).toMatchObject({ state: "done", reason: "", reversedBy: null });
  });
});

describe("top-ups", () => {
  function supplierOf(answers: ("processing" | "success" | "failed" | "silence")[]): {
    supplier: Supplier;
    asked: string[];
  } {
    const asked: string[] = [];
    const answer = async (what: string) => {
      asked.push(what);
      const word = answers.shift() ?? "processing";
      if (word === "silence") throw new Error("no answer");
      return { word, reason: word === "failed" ? "number not in use" : "" };
    };
    const supplier: Supplier = {
      submit: ({ account }) => answer(`submit ${account}`),
      query: () => answer("query"),
    };
    return { supplier, asked };
  }

  async function started(answers: Parameters<typeof supplierOf>[0]) {
    const skuId = await mall.goods("virtual");
    const member = await mall.member();
    const orderId = await mall.order(member, skuId);
    const order = { memberId: member.memberId, orderId };
    const named = await member.send("PUT", `/api/v1/orders/${orderId}/account`, {
      account: "136 1234 0415",
    });
    expect(named.status, named.text).toBe(200);
    const { supplier, asked } = supplierOf(answers);
    const desk = new TopUpDesk(bindings, "demo", supplier);
    const facts = { ...order, skuId, saleId: "", title: "", goodsKind: "virtual" as const };
    const units = { quantity: 1, unitsToSend: 1 };
    const whole = { ...facts, ...units, state: "issuing", isInDispute: false, createdAtMs: 0 };
    return { member, orderId, desk, asked, whole };
  }

  it("survive silence, ask before they send again, and end with the first final word", async () => {
    const { member, orderId, desk, asked, whole } = await started([
      ...(["silence", "processing", "success", "failed"] as const),
    ]);
    let nowMs = Date.now();
    await desk.start(whole, "talk-50", nowMs);
    for (let round = 0; round < 3; round += 1) {
      nowMs += 3_600_000;
      const topUp = await desk.ofOrder(whole);
      if (topUp) await desk.go(topUp, nowMs);
    }
    expect(asked).toEqual(["submit 13612340415", "query", "query"]);
    expect(await stateOf(member, orderId)).toBe("received");
    const done = await desk.ofOrder(whole);
    // A late word of another kind changes nothing.
    if (done) await desk.hear(done, "failed", "late", nowMs);
    expect((await desk.ofOrder(whole))?.state).toBe("success");
    expect(await stateOf(member, orderId)).toBe("received");
  });

  it("are not taken back while the supplier may book them: its word ends the order", async () => {
    const { member, orderId, desk, whole } = await started(["processing", "failed"]);
    const nowMs = Date.now();
    await desk.start(whole, "talk-50", nowMs);
    const path = `/api/v1/orders/${orderId}`;
    expect((await member.get(path)).body.canCancel).toBe(false);
    const cancel = await member.send("POST", `${path}/cancel`);
    expect(cancel).toMatchObject({ status: 409, body: { reason: "order_submitted" } });
    const topUp = await desk.ofOrder(whole);
    if (topUp) await desk.go(topUp, nowMs + 3_600_000);
    expect(await stateOf(member, orderId)).toBe("cancelled");
  });

  it("are never asked for once their order was cancelled", async () => {
    const { member, orderId, desk, asked, whole } = await started(["success"]);
    const cancel = await member.send("POST", `/api/v1/orders/${orderId}/cancel`);
    expect(cancel.status, cancel.text).toBe(200);
    await desk.start(whole, "talk-50", Date.now());
    expect(asked).toEqual([]);
    expect(await desk.ofOrder(whole)).toMatchObject({ state: "failed", reason: "order_over" });
    expect((await member.get("/api/v1/me")).body.points.active).toBe(5_000);
  });

  it("give points back when the supplier says it failed, and stand on the desk for a week", async () => {
    const { member, orderId, desk, whole } = await started(["failed"]);
    const nowMs = Date.now();
    await desk.start(whole, "talk-50", nowMs);
    expect(await stateOf(member, orderId)).toBe("cancelled");
    expect((await member.get("/api/v1/me")).body.points.active).toBe(5_000);
    const isShown = async (days: number): Promise<boolean> => {
      const shown = await troubledTopUps(bindings.DB, "demo", nowMs + days * 86_400_000);
      return shown.some((one) => one.orderId === orderId);
    };
    expect([await isShown(6), await isShown(8)]).toEqual([true, false]);
  });
});
