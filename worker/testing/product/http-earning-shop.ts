/** What the tests of earning share: a shop, its staff, and their reports. */
import { expect } from "vitest";
import { publishWith } from "../points/programme.ts";
import { HttpShop, type Json, type Reply } from "./http-shop.ts";
import { newOrderId } from "./product.ts";

export const EARNING = "/api/v1/staff/earning";

export class EarningShop {
  readonly shop: HttpShop;

  private constructor(shop: HttpShop) {
    this.shop = shop;
  }

  static async open(vars: Readonly<Record<string, string>> = {}): Promise<EarningShop> {
    return new EarningShop(await HttpShop.open({ MEMBER_RATE: "2000/2000", ...vars }));
  }

  staff(method: string, path: string, body?: unknown): Promise<Reply> {
    return this.shop.send(this.shop.staff, method, path, body);
  }

  /** A staff command that must be obeyed. */
  async ok(method: string, path: string, body?: unknown): Promise<Json> {
    const reply = await this.staff(method, path, body);
    expect([200, 201], `${path} ${reply.text}`).toContain(reply.status);
    return reply.body;
  }

  async publish(shelf: "rules" | "tasks", body: object): Promise<void> {
    await publishWith((...call) => this.ok(...call), shelf, body);
  }

  report(body: Json): Promise<Reply> {
    return this.staff("POST", `${EARNING}/events`, body);
  }
}

export function order(memberId: string, eventId: string, amountFen: number, more: Json = {}): Json {
  return {
    ...{ eventId, memberId, kind: "order", atMs: Date.now() },
    lines: [{ productId: "tea", categoryIds: ["tea"], amountFen }],
    ...more,
  };
}

export function newTillCode(): Json & { readonly requestId: string } {
  return {
    ...{ requestId: newOrderId(), via: "qr", points: 9, usesMax: 2, usesPerMemberMax: 1 },
    ...{ startsAtMs: 0, expiresAtMs: Date.now() + 3_600_000, storeId: "s1" },
  };
}
