/** A mall with goods of every kind, two stores, and members who redeem them, in the runtime of the test. */
import { expect, vi } from "vitest";
import type { GoodsKind } from "../kernel/goods-kind.ts";
import { bindings, Caller, draft, type Reply } from "./object-catalogue.ts";

export const RECIPIENT = {
  name: "黄小安",
  phone: "13612340415",
  regionCode: "350203",
  detail: "镇海路 26 号 301 室",
} as const;

export const newId = (): string => `t-${crypto.randomUUID()}`;

let made = 0;

export const stateOf = async (member: Caller, orderId: string): Promise<string> =>
  (await member.get(`/api/v1/orders/${orderId}`)).body.state as string;

export async function untilState(member: Caller, orderId: string, state: string): Promise<void> {
  const bounds = { timeout: 20_000, interval: 50 };
  await vi.waitFor(async () => expect(await stateOf(member, orderId)).toBe(state), bounds);
}

export class Mall {
  readonly staff: Caller;

  private constructor(staff: Caller) {
    this.staff = staff;
  }

  static async open(): Promise<Mall> {
    const staff = await new Caller().login("fulfil-staff", "staff");
    for (const [storeId, name] of [
      ["zhenhai", "镇海路店"],
      ["airport", "机场店"],
    ]) {
      await bindings.DB.prepare(
        `INSERT INTO stores (programme_id, store_id, brand_id, name, address, state, revision)
         VALUES ('demo', ?1, 'tea', ?2, '思明区', 'active', 1) ON CONFLICT DO NOTHING`,
      )
        .bind(storeId, name)
        .run();
    }
    return new Mall(staff);
  }

  async must(method: string, path: string, body?: unknown, type?: string): Promise<Reply> {
    const reply = await this.staff.send(method, path, body, type);
    expect(reply.status, `${path} ${reply.text}`).toBeLessThan(300);
    return reply;
  }

  /** Published goods with units; answers their SKU. */
  async goods(kind: GoodsKind, units = 200, over: Record<string, unknown> = {}): Promise<string> {
    made += 1;
    const skuId = `fulfil-${kind.replaceAll("_", "-")}-${made}`;
    const goods = draft({ kind, title: `货 ${made}`, limits: undefined, ...over });
    const created = await this.must("POST", "/api/v1/staff/goods", { goodsId: skuId, goods });
    const { revision } = created.body;
    await this.must("POST", `/api/v1/staff/goods/${skuId}/publish`, { revision });
    const stock = { requestId: newId(), cause: "received", units };
    await this.must("POST", `/api/v1/staff/skus/${skuId}/stock`, stock);
    return skuId;
  }

  async terms(skuId: string, over: Record<string, unknown>): Promise<void> {
    await this.must("PUT", `/api/v1/staff/delivery-terms/${skuId}`, {
      ...{ freightTemplateId: null, usesPerUnit: 1, validDays: 30, storeIds: null },
      ...{ lowStockAt: 5, product: "", ...over },
    });
  }

  async member(memberId = `m-${crypto.randomUUID()}`): Promise<Caller & { memberId: string }> {
    const caller = await new Caller().login(memberId, "member");
    const grant = { points: 5_000, reason: "t", idempotencyKey: newId() };
    await this.must("POST", `/api/v1/staff/members/${memberId}/grants`, grant);
    return Object.assign(caller, { memberId });
  }

  /** Redeems units of goods; answers the order's id. */
  async order(
    member: Caller,
    skuId: string,
    quantity = 1,
    orderId = newId().slice(0, 38),
  ): Promise<string> {
    const live = await member.get(`/api/v1/goods/${skuId}/live`);
    const [sku] = live.body.skus;
    const reply = await member.send("POST", `/api/v1/sales/${sku.saleId}/redemptions`, {
      ...{ orderId, quantity, epoch: sku.epoch },
    });
    expect(reply.status, reply.text).toBe(201);
    return orderId;
  }

  async address(member: Caller, orderId: string): Promise<void> {
    const addressId = newId().slice(0, 38);
    const saved = await member.send("PUT", `/api/v1/me/addresses/${addressId}`, RECIPIENT);
    expect(saved.status, saved.text).toBe(200);
    const set = await member.send("PUT", `/api/v1/orders/${orderId}/address`, { addressId });
    expect(set.status, set.text).toBe(200);
  }

  /** A unit that its member does not want any more, refunded before it is sent. */
  async refundOne(member: Caller & { memberId: string }, orderId: string): Promise<void> {
    const caseId = newId().slice(0, 38);
    const wish = { caseId, kind: "refund", quantity: 1, reason: "changed_mind" };
    const asked = await member.send("POST", `/api/v1/orders/${orderId}/after-sales`, wish);
    expect(asked.status, asked.text).toBeLessThan(300);
    const desk = `/api/v1/staff/after-sales/${member.memberId}/${orderId}/${caseId}`;
    await this.must("POST", `${desk}/agree-refund`, { note: "" });
  }

  ship(memberId: string, orderId: string, over: Record<string, unknown> = {}): Promise<Reply> {
    return this.staff.send("POST", `/api/v1/staff/orders/${memberId}/${orderId}/shipments`, {
      ...{ shipmentId: newId().slice(0, 38), carrier: "顺丰", trackingNo: "SF1234567890123" },
      ...over,
    });
  }

  delivery(member: Caller, orderId: string): Promise<Reply> {
    return member.get(`/api/v1/orders/${orderId}/delivery`);
  }

  /** What the member's phone shows for a voucher now. */
  async codeOf(member: Caller, orderId: string, at = 0): Promise<string> {
    const { vouchers } = (await this.delivery(member, orderId)).body;
    const shown = await member.get(`/api/v1/me/vouchers/${vouchers[at].voucherId}/codes`);
    expect(shown.status, shown.text).toBe(200);
    return shown.body.codes[0].code as string;
  }

  async writeOff(clerk: Caller, code: string, over: Record<string, unknown> = {}): Promise<Reply> {
    return clerk.send("POST", "/api/v1/staff/write-offs", {
      ...{ writeOffId: newId().slice(0, 38), code, storeId: "zhenhai", uses: 1 },
      ...over,
    });
  }

  clerk(): Promise<Caller> {
    made += 1;
    return new Caller().login(`clerk-${made}`, "staff");
  }
}
