/**
 * A mall in which every text that somebody may write is markup and a formula: goods, pages, sales, rules, orders, cases, notes. What
 * was written is kept, so that a test can say which fields of the schemas were never tried.
 */
import { expect } from "vitest";
import { FREE_FORM } from "./http-earning-bodies.ts";
import { CATALOG_FITTING } from "./http-catalog-bodies.ts";
import { hostileGoods, LOOK, PAGE, say } from "./http-hostile-texts.ts";
import { raw, type HttpShop, type Json } from "./http-shop.ts";
import { FITTING } from "./http-siege.ts";
import { Caller, newOrderId, until } from "./product.ts";
import { tiersBody } from "../points/programme.ts";

interface Written {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** By which the owner of this mall is made. */
export const SETUP_KEY = "the setup key of a hostile mall";
const PASSWORD = "spring tea on hostile islands";

export class HostileMall {
  readonly shop: HttpShop;
  readonly reader: Caller & { readonly id: string };
  readonly written: Written[] = [];
  /** Ids of what was made, by the name that a path gives them. */
  readonly ids: Record<string, string> = {};

  private constructor(shop: HttpShop, reader: Caller & { readonly id: string }) {
    this.shop = shop;
    this.reader = reader;
  }

  /** `shop` has the setup key. */
  static async fill(shop: HttpShop, reader: Caller & { readonly id: string }) {
    const mall = new HostileMall(shop, reader);
    await shop.grant(reader.id, 50_000);
    await mall.#people();
    await mall.#shops();
    await mall.#goods();
    await mall.#pages();
    await mall.#sales();
    await mall.#earning();
    await mall.#members();
    await mall.#points();
    await mall.#orders();
    await mall.#vouchers();
    return mall;
  }

  async #ask<T = Json>(who: Caller, method: string, path: string, body: unknown): Promise<T> {
    const reply = await this.shop.send<T>(who, method, path, body);
    expect(reply.status, `${method} ${path} ${reply.text}`).toBeLessThan(300);
    this.written.push({ method: method.toLowerCase(), path, body });
    return reply.body;
  }

  #staff<T = Json>(method: string, path: string, body: unknown = {}): Promise<T> {
    return this.#ask<T>(this.shop.staff, method, `/api/v1/staff/${path}`, body);
  }

  #mine<T = Json>(method: string, path: string, body: unknown = {}): Promise<T> {
    return this.#ask<T>(this.reader, method, `/api/v1/${path}`, body);
  }

  /** Tried all the same: what a label is printed from takes no such signs. */
  async #refused(method: string, path: string, body: Json): Promise<void> {
    const at = `/api/v1/${path}`;
    const who = path.startsWith("staff/") ? this.shop.staff : this.reader;
    const reply = await this.shop.send(who, method, at, body);
    expect(reply.status, `${method} ${at} ${reply.text}`).toBe(422);
    this.written.push({ method: method.toLowerCase(), path: at, body });
  }

  async #people(): Promise<void> {
    const nobody = new Caller(this.shop.origin);
    await this.#ask(nobody, "POST", "/api/v1/staff-auth/setup", {
      ...{ setupKey: SETUP_KEY, merchantName: say(40), name: say(40) },
      ...{ email: "owner@example.com", password: PASSWORD },
    });
    await this.#ask(nobody, "POST", "/api/v1/staff-auth/merchants", {
      ...{ setupKey: SETUP_KEY, programmeId: "hostile-too", merchantName: say(40) },
      email: "other@example.com",
    });
    const invite = { email: "second@example.com", roleIds: ["auditor"], storeIds: null };
    const { path } = await this.#staff<{ path: string }>("POST", "invites", invite);
    await this.#ask(nobody, "POST", "/api/v1/staff-auth/join", {
      ...{ token: path.split("#")[1], name: say(40), password: `${PASSWORD} too` },
    });
  }

  async #shops(): Promise<void> {
    const words = { name: say(40), version: 1 };
    const brand = { brandId: "hostile", name: say(40), storeMaySet: ["stock"] };
    await this.#staff("POST", "brands", brand);
    await this.#staff("PUT", "brands/hostile", {
      ...{ ...words, storeMaySet: ["stock"], state: "active" },
    });
    const store = { storeId: "hostile", brandId: "hostile", name: say(40), address: say(120) };
    await this.#staff("POST", "stores", store);
    await this.#staff("PUT", "stores/hostile", {
      ...{ ...words, brandId: "hostile", address: say(120), state: "active" },
    });
    const permissions = ["goods.read"];
    await this.#staff("POST", "roles", { roleId: "hostile", name: say(40), permissions });
    await this.#staff("PUT", "roles/hostile", { ...words, permissions });
    const template = FITTING["/api/v1/staff/freight-templates/{templateId}"];
    const path = "freight-templates/hostile";
    await this.#refused("PUT", `staff/${path}`, { ...template, undeliverable: [say()] });
    const [rule] = (template?.["rules"] ?? []) as readonly Json[];
    const nowhere = { rules: [{ ...rule, regions: [say()] }] };
    await this.#refused("PUT", `staff/${path}`, { ...template, ...nowhere });
    await this.#staff("PUT", path, { ...template, title: say(120) });
  }

  /** Of a kind, with every text that goods have; it is on its shelf afterwards. */
  async #goodsOf(kind: string): Promise<string> {
    const goodsId = `hostile-${kind.replaceAll("_", "-")}`;
    const goods = hostileGoods(kind);
    const path = `goods/${goodsId}`;
    await this.#staff("POST", "goods", { goodsId, goods });
    const saved = { revision: 1, goods };
    const { revision } = await this.#staff<{ revision: number }>("PUT", path, saved);
    await this.#staff("POST", `${path}/publish`, { revision });
    const live = await this.#live(goodsId);
    await this.#staff("POST", `skus/${live.skuId}/stock`, {
      ...{ requestId: newOrderId(), cause: "received", units: 9, note: say() },
    });
    return goodsId;
  }

  async #live(goodsId: string): Promise<{ skuId: string; saleId: string; epoch: number }> {
    const path = `/api/v1/goods/${goodsId}/live`;
    const { body } = await this.shop.send<{
      skus: { skuId: string; saleId: string; epoch: number }[];
    }>(this.reader, "GET", path);
    return body.skus[0] ?? { skuId: "none", saleId: "none", epoch: 1 };
  }

  async #ordered(goodsId: string): Promise<string> {
    const { saleId, epoch } = await this.#live(goodsId);
    return this.shop.buy(this.reader, saleId, { epoch });
  }

  async #goods(): Promise<void> {
    const tree = { categoryId: "hostile", parentId: null, name: say(30) };
    const { revision } = (await this.shop.send(this.shop.staff, "GET", "/api/v1/staff/categories"))
      .body;
    await this.#staff("PUT", "categories", { revision, categories: [tree] });
    for (const kind of ["physical", "coupon", "card_code", "virtual"]) await this.#goodsOf(kind);
    this.ids["goodsId"] = "hostile-physical";
    const bulk = CATALOG_FITTING["/api/v1/staff/goods-bulk"];
    await this.#staff("POST", "goods-bulk", { ...bulk, value: say(20) });
    await this.#staff("POST", "skus", {
      ...{ ...FITTING["/api/v1/staff/skus"], skuId: "hostile-sku" },
      ...{ title: say(), subtitle: say(), category: say(64) },
    });
    const storeGoods = "store-goods/hostile/hostile-coupon";
    await this.#staff("PUT", storeGoods, {
      ...{ version: 0, isHidden: false, sellsOwn: true, prices: [] },
    });
    const { skuId } = await this.#live("hostile-coupon");
    await this.#staff("POST", `${storeGoods}/stock`, {
      ...{ requestId: newOrderId(), skuId, cause: "received", units: 1, note: say() },
    });
    // Whom goods are for is named by ids; what is not one of them matches nobody.
    const nobody = { tierIds: [say()], segments: [say()], storeIds: [say()] };
    await this.#staff("POST", "goods", {
      goodsId: "hostile-hidden",
      goods: { title: say(), skus: [{ pricePoints: 1 }], seenBy: nobody, redeemedBy: nobody },
    });
  }

  async #pages(): Promise<void> {
    const documents = { home: PAGE, hostile: PAGE, look: LOOK };
    for (const [pageId, body] of Object.entries(documents)) {
      const draft = { revision: 0, body };
      const { revision } = await this.#staff<{ revision: number }>(
        ...(["PUT", `pages/${pageId}/draft`, draft] as const),
      );
      await this.#staff("POST", `pages/${pageId}/publish`, { revision, atMs: null });
    }
  }

  async #sales(): Promise<void> {
    const { skuId } = await this.#live("hostile-physical");
    const opensAtMs = Date.now() + 1_500;
    const item = {
      skuId,
      title: say(),
      pricePoints: 5,
      units: 2,
      limitPerMember: 1,
      quantityMax: 1,
    };
    const draft = {
      ...{ title: say(), note: say(), items: [item] },
      ...{ opensAtMs, closesAtMs: opensAtMs + 3_600_000 },
    };
    type Saved = { sessionId: string; version: number };
    const { sessionId, ...made } = await this.#staff<Saved>("POST", "sessions", draft);
    const { version } = await this.#staff<Saved>("PUT", `sessions/${sessionId}`, {
      ...{ ...draft, version: made.version },
    });
    await this.#staff("POST", `sessions/${sessionId}/schedule`, { version });
    this.ids["sessionId"] = sessionId;
    const saleId = await this.shop.sale({ title: say() });
    this.written.push({
      ...{ method: "post", path: "/api/v1/staff/sales", body: { title: say() } },
    });
    this.ids["saleId"] = saleId;
    await this.#staff("POST", `sales/${saleId}/early-end`, {
      ...{ approvalId: newOrderId(), reason: say() },
    });
  }

  async #earning(): Promise<void> {
    const rule = FREE_FORM["/api/v1/staff/earning/rules"];
    const condition = { kind: "store", in: [say(64)] };
    await this.#staff("POST", "earning/rules", {
      ...{ ...rule, ruleId: "hostile", title: say(), condition },
    });
    const task = FREE_FORM["/api/v1/staff/earning/tasks"];
    await this.#staff("POST", "earning/tasks", {
      ...{ ...task, taskId: "hostile", title: say(), detail: say(), condition },
    });
    const discount = {
      ...{ discountId: "hostile", version: 1, title: say(), startsAtMs: null, endsAtMs: null },
      ...{ condition: null, percent: 90, priority: 0, isStackable: true },
    };
    const asked = { kind: "product", in: [say(64)] };
    const ofGoods = { ...discount, discountId: "of-goods", condition: asked };
    await this.#staff("PUT", "earning/terms/discounts", {
      ...{ standing: true, flash: false, discounts: [discount, ofGoods] },
    });
    for (const step of ["dry-run", "publish"]) {
      await this.#staff("POST", `earning/tasks/hostile/${step}`);
    }
    const { tiers, ...terms } = tiersBody() as { tiers: { tierId: string }[] };
    const hostile = tiers.map((tier) => ({ ...tier, title: say() }));
    await this.#staff("PUT", "earning/terms/tiers", { ...terms, tiers: hostile });
    const event = FITTING["/api/v1/staff/earning/events"];
    await this.#staff("POST", "earning/events", {
      ...{ ...event, eventId: "hostile", memberId: this.reader.id },
      ...{ device: say(), network: say(), payment: say(), address: say() },
    });
  }

  async #members(): Promise<void> {
    const { id } = this.reader;
    await this.#staff("PUT", `members/${id}`, { version: 0, name: say(60), note: say() });
    await this.#staff("POST", `members/${id}/reveal`, { reason: say() });
    const other = await this.shop.member(10, "hostile-other");
    for (const step of ["block", "unblock"])
      await this.#staff("POST", `members/${other.id}/${step}`, { reason: say() });
    await this.#staff("PUT", "labels/hostile", { name: say() });
    await this.#staff("POST", "labels/hostile/members", { memberIds: [id], isOn: true });
    await this.#staff("PUT", "segments/hostile", {
      ...{ version: 0, name: say(), rule: { all: [{ kind: "balance", min: 1, max: null }] } },
    });
    await this.#staff("POST", "campaigns", {
      ...{ campaignId: newOrderId(), audience: { kind: "label", id: "hostile" } },
      ...{ points: 1, note: say(), internalNote: say(), expiresAtMs: null },
    });
    await this.#staff("POST", `members/${other.id}/merge`, {
      ...{ mergeId: newOrderId(), into: id, reason: say() },
    });
  }

  async #points(): Promise<void> {
    const { id } = this.reader;
    const words = { reason: say(), internalNote: say(), storeId: say(64) };
    const points = 7;
    const single = { points, ...words, idempotencyKey: newOrderId() };
    await this.#staff("POST", `members/${id}/grants`, single);
    const several = { memberIds: [id], points, ...words, idempotencyKey: newOrderId() };
    await this.#staff("POST", "grants", several);
    const { approvalId } = await this.#staff<{ approvalId: string }>("POST", "grants", {
      ...{ ...several, points: 200_000, idempotencyKey: newOrderId() },
    });
    const second = await new Caller(this.shop.origin).login("hostile-second", "staff");
    await this.#ask(second, "POST", `/api/v1/staff/approvals/${approvalId}/reject`, {
      note: say(),
    });
    await this.#staff("POST", "adjustments", {
      ...{ ...FITTING["/api/v1/staff/adjustments"], adjustmentId: newOrderId(), memberId: id },
      ...{ reason: say(64), customerNote: say(), internalNote: say() },
    });
    await this.#staff("POST", `members/${id}/points/claw-back`, {
      ...{ requestId: newOrderId(), points: 1, customerNote: say(), internalNote: say() },
      ...{ storeId: say(64), originId: say(64), policy: "within_balance" },
    });
    await this.#staff("PUT", "earning/terms/rate", {
      ...{ rate: { points: 1, fen: 1 }, pointsMin: 0, percentMax: 50, pointsMax: null },
    });
    await this.#staff("PUT", "earning/terms/offset", {
      ...{ tills: true, mall: true, isStackable: true, holdMinutes: 15 },
    });
    await this.#staff("POST", `members/${id}/offsets`, {
      ...{ offsetId: newOrderId(), billFen: 3_000, points: 100, note: say() },
    });
  }

  async #orders(): Promise<void> {
    const { id } = this.reader;
    const addressId = newOrderId();
    const recipient = { ...FITTING["/api/v1/me/addresses/{addressId}"] };
    for (const name of ["name", "phone", "detail"]) {
      await this.#refused("PUT", `me/addresses/${addressId}`, { ...recipient, [name]: say(25) });
    }
    await this.#mine("PUT", `me/addresses/${addressId}`, recipient);
    const orderId = await this.#ordered("hostile-physical");
    this.ids["orderId"] = orderId;
    await this.#mine("PUT", `orders/${orderId}/address`, { addressId });
    const order = `orders/${id}/${orderId}`;
    await this.#staff("POST", `${order}/reveal`, { what: "address", reason: say() });
    const parcel = { shipmentId: newOrderId(), carrier: "shunfeng", trackingNo: "SF1234567890" };
    for (const name of ["carrier", "trackingNo"]) {
      await this.#refused("POST", `staff/${order}/shipments`, { ...parcel, [name]: say(40) });
    }
    await this.#staff("POST", `${order}/shipments`, parcel);
    await this.#mine("POST", `orders/${orderId}/receive`);
    await this.#mine("POST", `orders/${orderId}/rating`, { stars: 5, comment: say() });
    await until(
      () => this.shop.send(this.shop.staff, "GET", "/api/v1/staff/ratings"),
      ({ text }) => text.includes(orderId),
    );
    await this.#staff("POST", `ratings/${id}/${orderId}`, { state: "shown" });
    await this.#case(orderId, "refuse");
    const account = await this.#ordered("hostile-virtual");
    await this.#refused("PUT", `orders/${account}/account`, { account: say(30) });
    await this.#case(orderId, "withdraw");
    await this.#case(orderId, "agree");
    await this.#codes();
  }

  /** A card code, and words for why it is looked at again. */
  async #codes(): Promise<void> {
    const { skuId } = await this.#live("hostile-card-code");
    const path = `/api/v1/staff/codes/${skuId}/import?batchId=${newOrderId()}`;
    const reply = await raw(this.shop.origin, {
      ...{ method: "POST", path, body: `${say(40).replaceAll('"', "")}\n` },
      headers: { authorization: `Bearer ${this.shop.staff.token}`, "content-type": "text/csv" },
    });
    expect(reply.status, reply.text).toBe(200);
    const orderId = await this.#ordered("hostile-card-code");
    await until(
      () => this.shop.order(this.reader, orderId),
      ({ body }) => body.state === "received",
    );
    await this.#mine("POST", `orders/${orderId}/codes/reveal`, { reason: say() });
    this.ids["codeOrderId"] = orderId;
  }

  /** Asked for and decided, in the worst of words. */
  async #case(orderId: string, step: "refuse" | "withdraw" | "agree"): Promise<void> {
    const caseId = newOrderId();
    await this.#mine("POST", `orders/${orderId}/after-sales`, {
      ...{ caseId, kind: "return", quantity: 1, reason: say(), note: say(), evidence: [] },
    });
    const own = `orders/${orderId}/after-sales/${caseId}`;
    const sent = { trackingNo: say(40) };
    if (step === "withdraw") return void (await this.#mine("POST", `${own}/withdraw`, sent));
    const path = `after-sales/${this.reader.id}/${orderId}/${caseId}/${step}`;
    await this.#staff("POST", path, { note: say() });
    if (step === "agree") await this.#mine("POST", `${own}/send-back`, sent);
  }

  /** A coupon that is written off, and given back. */
  async #vouchers(): Promise<void> {
    const { skuId } = await this.#live("hostile-coupon");
    this.ids["skuId"] = skuId;
    const path = "/api/v1/staff/delivery-terms/{skuId}";
    await this.#staff("PUT", `delivery-terms/${skuId}`, { ...FITTING[path], product: say(64) });
    const voucherId = `${await this.#ordered("hostile-coupon")}-001`;
    this.ids["voucherId"] = voucherId;
    const codes = `/api/v1/me/vouchers/${voucherId}/codes`;
    const shown = await until(
      () => this.shop.send<{ codes: { code: string }[] }>(this.reader, "GET", codes),
      ({ status }) => status === 200,
    );
    const { code } = shown.body.codes[0] ?? { code: "" };
    const writeOffId = newOrderId();
    await this.#staff("POST", "write-offs", {
      ...{ writeOffId, code, storeId: "hostile", uses: 1, readAgoMs: 0 },
    });
    await this.#staff("POST", `write-offs/${writeOffId}/reverse`, { reason: say() });
  }
}
