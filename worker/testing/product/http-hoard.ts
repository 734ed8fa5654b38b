/** Everything a member and a merchant can have that stands under an id, in the built product: what somebody else would like to see. */
import { expect } from "vitest";
import type { HttpShop, Json, Reply } from "./http-shop.ts";
import { raw } from "./http-shop.ts";
import { newOrderId, type Caller } from "./product.ts";

/** In every text of the hoard that not everybody may read, so that it is found wherever it comes out. */
export const MARK = "岛上的秘密";

const TERMS = "/api/v1/staff/earning/terms";
const RECIPIENT = { name: MARK, phone: "13612340415", regionCode: "350203", detail: MARK };
const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

export class Hoard {
  readonly shop: HttpShop;
  readonly victim: Caller & { readonly id: string };
  /** Ids by the name that a path gives them; several where there are several kinds. */
  readonly ids: Record<string, string[]> = {};

  private constructor(shop: HttpShop, victim: Caller & { readonly id: string }) {
    this.shop = shop;
    this.victim = victim;
  }

  /** `shop` has a bank. */
  static async fill(shop: HttpShop): Promise<Hoard> {
    const hoard = new Hoard(shop, await shop.member(5_000, "islander-0415"));
    await hoard.#orders();
    await hoard.#money();
    await hoard.#merchant();
    hoard.#own("memberId", hoard.victim.id);
    return hoard;
  }

  #own(name: string, ...ids: readonly string[]): void {
    (this.ids[name] ??= []).push(...ids);
  }

  async #ask<T = Json>(who: Caller, method: string, path: string, body?: unknown): Promise<T> {
    const reply: Reply<T> = await this.shop.send<T>(who, method, path, body);
    expect(reply.status, `${method} ${path} ${reply.text}`).toBeLessThan(300);
    return reply.body;
  }

  #mine<T = Json>(method: string, path: string, body?: unknown): Promise<T> {
    return this.#ask<T>(this.victim, method, path, body);
  }

  #staff<T = Json>(method: string, path: string, body?: unknown): Promise<T> {
    return this.#ask<T>(this.shop.staff, method, path, body);
  }

  async #orders(): Promise<void> {
    const addressId = newOrderId();
    await this.#mine("PUT", `/api/v1/me/addresses/${addressId}`, RECIPIENT);
    const parcel = await this.#ordered(await this.#goods("physical"));
    await this.#mine("PUT", `/api/v1/orders/${parcel}/address`, { addressId });
    const service = await this.#ordered(await this.#goods("local_service"));
    const file = await this.#picture(service);
    const caseId = newOrderId();
    await this.#mine("POST", `/api/v1/orders/${service}/after-sales`, {
      ...{ caseId, kind: "refund", quantity: 1, reason: MARK, note: MARK, evidence: [file] },
    });
    const soon = { opensAtMs: Date.now() + 3_600_000, closesAtMs: Date.now() + 7_200_000 };
    const saleId = await this.shop.sale(soon);
    const ticket = newOrderId();
    const held = await this.shop.ticket(this.victim, saleId, { orderId: ticket });
    expect(held.status, held.text).toBe(201);
    this.#own("addressId", addressId);
    this.#own("orderId", parcel, service, ticket);
    this.#own("voucherId", `${service}-001`);
    this.#own("file", file);
    this.#own("caseId", caseId);
    this.#own("saleId", saleId);
  }

  async #goods(kind: string): Promise<string> {
    const skuId = `hoard-${kind.replaceAll("_", "-")}`;
    const goods = { title: `货 ${kind}`, kind, skus: [{ pricePoints: 100 }] };
    const { revision } = await this.#staff<{ revision: number }>("POST", "/api/v1/staff/goods", {
      ...{ goodsId: skuId, goods },
    });
    await this.#staff("POST", `/api/v1/staff/goods/${skuId}/publish`, { revision });
    const stock = { requestId: newOrderId(), cause: "received", units: 9 };
    await this.#staff("POST", `/api/v1/staff/skus/${skuId}/stock`, stock);
    this.#own("skuId", skuId);
    return skuId;
  }

  async #ordered(skuId: string): Promise<string> {
    const live = await this.#mine<{ skus: { saleId: string; epoch: number }[] }>(
      "GET",
      `/api/v1/goods/${skuId}/live`,
    );
    const { saleId = "", epoch = 0 } = live.skus[0] ?? {};
    return this.shop.buy(this.victim, saleId, { epoch });
  }

  async #picture(orderId: string): Promise<string> {
    const reply = await raw(this.shop.origin, {
      ...{ method: "POST", path: `/api/v1/orders/${orderId}/evidence`, body: PIXEL },
      headers: { authorization: `Bearer ${this.victim.token}`, "content-type": "image/png" },
    });
    expect(reply.status, reply.text).toBe(201);
    return String(reply.body["name"]);
  }

  /** An order that waits for its money, a top-up, and points that a till holds. */
  async #money(): Promise<void> {
    await this.#staff("PUT", `${TERMS}/rate`, {
      ...{ rate: { points: 1, fen: 1 }, pointsMin: 0, percentMax: 50, pointsMax: null },
    });
    await this.#staff("PUT", `${TERMS}/offset`, {
      ...{ tills: true, mall: true, isStackable: true, holdMinutes: 15 },
    });
    await this.#staff("PUT", `${TERMS}/stored_value`, {
      ...{ isOn: true, choicesFen: [5_000], topUpMinFen: 100 },
      ...{ topUpMaxFen: 100_000, balanceMaxFen: 500_000 },
    });
    const saleId = await this.shop.sale({ pricePoints: 30, priceFen: 990 });
    const unpaid = await this.shop.buy(this.victim, saleId);
    const way = { provider: "wechat", scene: "h5" };
    const begun = await this.#mine<{ paymentId: string }>(
      ...(["POST", `/api/v1/orders/${unpaid}/payments`, way] as const),
    );
    const topUpId = newOrderId();
    await this.#mine("POST", "/api/v1/me/stored-value/top-ups", {
      ...{ topUpId, amountFen: 5_000, ...way },
    });
    const offsetId = newOrderId();
    await this.#staff("POST", `/api/v1/staff/members/${this.victim.id}/offsets`, {
      ...{ offsetId, billFen: 3_000, points: 100, note: MARK },
    });
    this.#own("orderId", unpaid);
    this.#own("paymentId", begun.paymentId);
    this.#own("topUpId", topUpId);
    this.#own("offsetId", offsetId);
  }

  /** What only staff know by its id. */
  async #merchant(): Promise<void> {
    const at = "/api/v1/staff";
    await this.#staff("PUT", `${at}/labels/hoard`, { name: MARK });
    await this.#staff("PUT", `${at}/segments/hoard`, {
      ...{ name: MARK, version: 0, rule: { all: [{ kind: "balance", min: 1, max: null }] } },
    });
    // Nobody but staff sees a draft.
    const goods = { title: MARK, skus: [{ pricePoints: 100 }] };
    await this.#staff("POST", `${at}/goods`, { goodsId: "hoard-draft", goods });
    const opensAtMs = Date.now() + 86_400_000;
    const session = await this.#staff<{ sessionId: string }>("POST", `${at}/sessions`, {
      ...{ title: MARK, opensAtMs, closesAtMs: opensAtMs + 3_600_000, items: [] },
    });
    const proposed = await this.#staff<{ approvalId: string }>(
      ...(["POST", `${at}/grants`] as const),
      ...[
        {
          memberIds: [this.victim.id],
          points: 200_000,
          reason: MARK,
          idempotencyKey: newOrderId(),
        },
      ],
    );
    const brand = { brandId: "hoard", name: MARK, storeMaySet: [] };
    await this.#staff("POST", `${at}/brands`, brand);
    const store = { storeId: "hoard", brandId: "hoard", name: MARK, address: MARK };
    await this.#staff("POST", `${at}/stores`, store);
    const role = { roleId: "hoard", name: MARK, permissions: ["goods.read"] };
    await this.#staff("POST", `${at}/roles`, role);
    const code = await this.#staff<{ codeId: string }>("POST", `${at}/earning/till-codes`, {
      ...{ requestId: newOrderId(), via: "qr", points: 9, usesMax: 2, usesPerMemberMax: 1 },
      ...{ startsAtMs: 0, expiresAtMs: opensAtMs, storeId: null },
    });
    for (const name of ["labelId", "segmentId", "brandId", "storeId", "roleId"]) {
      this.#own(name, "hoard");
    }
    this.#own("goodsId", "hoard-draft");
    this.#own("sessionId", session.sessionId);
    this.#own("approvalId", proposed.approvalId);
    this.#own("codeId", code.codeId);
  }

  /** Ids that nobody outside the programme can come upon; those that everybody may choose are not among them. */
  get secretIds(): ReadonlySet<string> {
    const all = Object.values(this.ids).flat();
    return new Set(all.filter((id) => id.length > 12 && !/^(?:demo\.|hoard-|hostile-)/.test(id)));
  }

  /** What the victim sees, but for the clock. */
  async seen(): Promise<string> {
    const { victim } = this;
    const told = await Promise.all(
      [
        ...["/api/v1/me/points", "/api/v1/me/addresses", "/api/v1/me/vouchers"],
        ...["/api/v1/orders", "/api/v1/me/stored-value"],
        ...(this.ids["orderId"] ?? []).map((id) => `/api/v1/orders/${id}`),
      ].map((path) => this.shop.send(victim, "GET", path)),
    );
    return told.map(({ status, text }) => `${status} ${withoutClock(text)}`).join("\n");
  }
}

export const withoutClock = (text: string): string =>
  text.replaceAll(/"(?:serverTimeMs|nowMs|atMs)":\d+/g, "");
