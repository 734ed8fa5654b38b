/** Vouchers of orders that are given back while a desk is at work, in the real runtime. */
import { beforeAll, describe, expect, it, vi } from "vitest";
import { accountOf } from "../accounts/index.ts";
import { takeBackGoods } from "../fulfilment/index.ts";
import { VoucherStore, type WriteOff } from "../fulfilment/voucher-store.ts";
import { bindings, migrate } from "./object-catalogue.ts";
import { Mall, newId, untilState } from "./object-fulfilment.ts";

vi.setConfig({ testTimeout: 120_000 });

let mall: Mall;
beforeAll(async () => {
  await migrate();
  mall = await Mall.open();
});

describe("a voucher of an order that is given back while a desk holds its last use", () => {
  it.each(["local_service", "coupon"] as const)(
    "ends with it, whatever becomes of the desk: %s",
    async (kind) => {
      const skuId = await mall.goods(kind);
      const member = await mall.member();
      const orderId = await mall.order(member, skuId);
      await untilState(member, orderId, kind === "coupon" ? "received" : "to_write_off");
      await mall.delivery(member, orderId);
      const order = { memberId: member.memberId, orderId };
      const store = new VoucherStore(bindings.DB, "demo");
      const [voucher] = await store.ofOrder(order);
      if (!voucher) throw new Error("no voucher");
      const act: WriteOff = {
        ...{
          ...order,
          writeOffId: newId(),
          voucherId: voucher.voucherId,
          uses: 1,
          atMs: Date.now(),
        },
        ...{ storeId: "zhenhai", staffId: "a", snapshot: { name: "a", device: "" } },
        ...{ state: "pending", reason: "", reversedBy: null },
      };
      expect(await store.reserve(voucher, act)).toBe(true);
      await givenBack(member, orderId, kind);
      expect(await takeBackGoods(bindings, "demo", order)).toBe("held");
      // That is no answer: its order has asked, and asks again.
      const memberKey = `demo:${member.memberId}`;
      const tries = async (): Promise<number> =>
        (await accountOf(bindings, memberKey).order(memberKey, orderId))?.life?.issueTries ?? 0;
      const bounds = { timeout: 30_000, interval: 100 };
      await vi.waitFor(async () => expect(await tries()).toBeGreaterThan(1), bounds);
      // The desk gives the use back and dies there.
      await store.giveBack(act, "refused", { by: "system", reason: "order_state", nowMs: 1 });
      const isVoid = async (): Promise<void> =>
        expect(await store.find(voucher.voucherId)).toMatchObject({ state: "void", usesLeft: 1 });
      await vi.waitFor(isVoid, bounds);
    },
  );

  async function givenBack(
    member: Awaited<ReturnType<Mall["member"]>>,
    orderId: string,
    kind: "local_service" | "coupon",
  ): Promise<void> {
    if (kind === "coupon") return mall.refundOne(member, orderId);
    const cancel = await member.send("POST", `/api/v1/orders/${orderId}/cancel`);
    expect(cancel.status, cancel.text).toBe(200);
  }
});
