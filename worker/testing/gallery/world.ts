/** The demo mall with people in it whose pages show everything there is: what the gallery is hung in. */
import type { APIRequestContext, BrowserContext, BrowserContextOptions } from "playwright-core";
import { seedStaff } from "../../local/seed-staff.ts";
import { seedDemo, type Demo } from "../../local/seed.ts";
import { Shop } from "../product/browser-shop.ts";
import { buys, giveCards, tillCode } from "../product/points-programme.ts";
import { Caller, until } from "../product/product.ts";

export type Who = "guest" | "member" | "newcomer" | "blocked";

/** Members of the demo, by what their pages show. */
const MEMBERS: Readonly<Record<Exclude<Who, "guest">, string>> = {
  member: "tea-001",
  newcomer: "newcomer",
  blocked: "tea-010",
};

/** For what follows by itself, on a machine that does much else. */
const PATIENCE_MS = 40_000;

/** Ids of things that pages are opened for. */
export interface Things {
  readonly shipped: string;
  readonly toShip: string;
  readonly noAddress: string;
  readonly cancelled: string;
  readonly unpaid: string;
  readonly returning: string;
  readonly live: string;
  readonly used: string;
  readonly sessionId: string;
  readonly tillCode: string;
  /** Of the member, whom the newcomer is invited by. */
  readonly inviteCode: string;
}

export interface World {
  readonly shop: Shop;
  readonly demo: Demo;
  readonly things: Things;
  /** A context whose owner has signed in, one for each kind of person and options. */
  as(who: Who, options: BrowserContextOptions): Promise<BrowserContext>;
  /** Of somebody who signed in by phone and agreed to the notice. */
  consented(options: BrowserContextOptions): Promise<BrowserContext>;
}

export async function openWorld(): Promise<World> {
  const shop = await Shop.open({}, { hasBank: true });
  const { origin, server } = shop.product;
  await seedStaff(origin, server.setupKey);
  const demo = await seedDemo(origin);
  const things = await furnish(shop);
  const as = async (who: Who, options: BrowserContextOptions): Promise<BrowserContext> =>
    who === "guest" ? shop.context(options) : shop.phoneOf(MEMBERS[who], options);
  const consented = async (options: BrowserContextOptions): Promise<BrowserContext> => {
    const context = await shop.context(options);
    await signInByPhone(context.request);
    return context;
  };
  return { shop, demo, things, as, consented };
}

let phones = 0;

async function signInByPhone(request: APIRequestContext): Promise<void> {
  phones += 1;
  const phone = String(13_900_000_000 + phones);
  const login = await (await request.get("/login")).text();
  const noticeVersion = /"notice":\{"version":"([0-9a-f]+)"/.exec(login)?.[1];
  const sent = await request.post("/api/v1/sign-in/phone", { data: { phone } });
  const { developmentCode: code } = (await sent.json()) as { developmentCode: string };
  const data = { phone, code, noticeVersion };
  const done = await request.post("/api/v1/sign-in/phone/verify", { data });
  if (!done.ok()) throw new Error(`not signed in: ${await done.text()}`);
}

/** What the demo has not: orders further on, a case, a code that was used, somebody who is blocked. */
async function furnish(shop: Shop): Promise<Things> {
  const memberId = MEMBERS.member;
  const caller = await new Caller(shop.origin).login(memberId);
  const shopper = new Shopper(shop, caller);
  await giveCards(shop.staff, memberId, 2);
  await buys(shop.staff, memberId, 12_800);
  await shop.must(`/api/v1/staff/members/${MEMBERS.blocked}/block`, { reason: "风控" });
  await new Caller(shop.origin).login(MEMBERS.newcomer);
  const shipped = await shopper.redeems("coaster-set");
  await shopper.receivesAt(shipped);
  await shopper.isSent(shipped);
  const returning = await shopper.redeems("bamboo-scoop");
  await shopper.receivesAt(returning);
  await shopper.isSent(returning);
  await shopper.asksBack(returning);
  const noAddress = await shopper.redeems("jasmine-tin");
  const cancelled = await shopper.redeems("bamboo-scoop");
  await shopper.must(`/api/v1/orders/${cancelled}/cancel`, {});
  const unpaid = await shopper.redeemsFlash();
  const used = await shopper.redeems("topping-coupon");
  await shopper.reaches(used, "received");
  await shopper.isWrittenOff(`${used}-001`);
  const { body } = await caller.get<{ sessions: { sessionId: string }[] }>("/api/v1/sessions");
  return {
    ...{ shipped, returning, noAddress, cancelled, unpaid },
    toShip: "seed-order-tangerine-tea-1",
    live: "seed-order-milk-tea-1-001",
    used: `${used}-001`,
    sessionId: body.sessions.at(-1)?.sessionId ?? "",
    tillCode: await tillCode(shop.staff, 20),
    inviteCode: (await caller.get<{ code: string }>("/api/v1/me/invites")).body.code,
  };
}

/** What one member does by the API, and staff for them. */
class Shopper {
  readonly #shop: Shop;
  readonly #caller: Caller;

  constructor(shop: Shop, caller: Caller) {
    this.#shop = shop;
    this.#caller = caller;
  }

  async must<T>(path: string, body: unknown, method = "POST"): Promise<T> {
    const answer = await this.#caller.send<T>(method, path, body);
    if (answer.status < 300) return answer.body;
    throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  async redeems(goodsId: string): Promise<string> {
    const { body } = await this.#caller.get<{ skus: { saleId: string; epoch: number }[] }>(
      `/api/v1/goods/${goodsId}/live`,
    );
    const [sku] = body.skus;
    if (!sku) throw new Error(`${goodsId} is not on the shelf`);
    return this.#take(sku.saleId, sku.epoch);
  }

  /** With cash to pay, so that the order waits for it. */
  async redeemsFlash(): Promise<string> {
    const saleId = await this.#shop.sale({ pricePoints: 100 });
    return this.#take(saleId, await this.#shop.epochOf(saleId));
  }

  async #take(saleId: string, epoch: number): Promise<string> {
    const orderId = crypto.randomUUID();
    const body = { orderId, quantity: 1, epoch };
    await this.must(`/api/v1/sales/${encodeURIComponent(saleId)}/redemptions`, body);
    return orderId;
  }

  async receivesAt(orderId: string): Promise<void> {
    const body = { addressId: "seed-address-0001" };
    await this.must(`/api/v1/orders/${orderId}/address`, body, "PUT");
  }

  async isSent(orderId: string): Promise<void> {
    const of = `/api/v1/staff/orders/${MEMBERS.member}/${orderId}`;
    const parcel = { carrier: "shunfeng", trackingNo: "SF1380000415", quantity: null };
    await this.#shop.must(`${of}/shipments`, { shipmentId: crypto.randomUUID(), ...parcel });
    await this.reaches(orderId, "shipped");
  }

  async reaches(orderId: string, state: string): Promise<void> {
    await until(
      () => this.#caller.get<{ state: string }>(`/api/v1/orders/${orderId}`),
      ({ body }) => body.state === state,
      PATIENCE_MS,
    );
  }

  async asksBack(orderId: string): Promise<void> {
    const body = { caseId: crypto.randomUUID(), kind: "return", quantity: 1, reason: "尺寸不合适" };
    await this.must(`/api/v1/orders/${orderId}/after-sales`, { ...body, note: "" });
  }

  async isWrittenOff(voucherId: string): Promise<void> {
    const { body } = await until(
      () =>
        this.#caller.get<{ codes?: { code: string }[] }>(`/api/v1/me/vouchers/${voucherId}/codes`),
      ({ status }) => status === 200,
      PATIENCE_MS,
    );
    const code = body.codes?.[0]?.code;
    const what = { writeOffId: crypto.randomUUID(), code, storeId: "zhenhai", uses: 1 };
    await this.#shop.must("/api/v1/staff/write-offs", what);
  }
}
