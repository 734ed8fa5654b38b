/** What the catalogue does to a standing sale, in the runtime: prices, stock, levels and limits over days. */
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { bucketOf, memberKeyOf } from "../kernel/ids.ts";
import { accountBuckets, type Env } from "../platform/env.ts";
import type { GoodsTerms, StandingOffer } from "../redemption/index.ts";

const bindings = env as unknown as Env;
// The first test of a file waits until the runtime has everything.
vi.setConfig({ testTimeout: 60_000 });
let made = 0;
const newId = (): string => `standing-order-${String((made += 1)).padStart(8, "0")}`;

interface Wish {
  readonly pricePoints?: number;
  readonly isOn?: boolean;
  readonly restsAtMs?: number;
  readonly goods?: Partial<GoodsTerms>;
}

function offerOf(skuKey: string, wish: Wish = {}): StandingOffer {
  const goods: GoodsTerms = {
    ...{ goodsId: "tea", kind: "physical", spec: "", freightFen: 0, freightTemplateId: null },
    ...{ limits: null, audience: null, ...wish.goods },
  };
  const look = { title: "茶", subtitle: "", picture: "/p.svg", groundColor: "#ffffff" };
  return {
    ...{ skuKey, goods: { ...look, marketPriceFen: null, goods }, supply: "stocked", units: 0 },
    ...{ pricePoints: wish.pricePoints ?? 10, priceFen: 0, limitPerMember: 100 },
    ...{ dailyLimitPerMember: null, quantityMax: 5, isOn: wish.isOn ?? true },
    restsAtMs: wish.restsAtMs ?? null,
  };
}

async function shelf(units: number, wish: Wish = {}) {
  const skuKey = `demo.standing-${(made += 1)}`;
  const sku = bindings.SKU.getByName(skuKey);
  const first = await sku.offer(offerOf(skuKey, wish));
  await sku.moveStock({ requestId: newId(), units });
  return { sku, skuKey, saleId: first.terms.saleId };
}

async function member(memberId = `standing-${(made += 1)}`, points = 1_000) {
  const memberKey = memberKeyOf("demo", memberId);
  const account = bindings.ACCOUNT.getByName(bucketOf(memberKey, accountBuckets(bindings)));
  await account.grant({
    ...{ memberKey, points, reason: "t", internalNote: "", storeId: null, actor: "t" },
    ...{ idempotencyKey: newId(), source: "manual", expiresAtMs: null, pendingUntilMs: null },
  });
  const redeem = (saleId: string, epoch: number, quantity = 1) =>
    account.redeem({ memberKey, saleId, orderId: newId(), quantity, epoch, wantsFrozen: false });
  return { account, memberKey, redeem };
}

describe("a price that is changed", () => {
  it("is never paid by who saw the old one, and at once by who saw the new", async () => {
    const { sku, skuKey, saleId } = await shelf(10);
    const { redeem } = await member();
    const before = (await sku.view(saleId))?.standing.epoch ?? -1;
    // This Account now knows the old terms.
    expect(await redeem(saleId, before)).toMatchObject({ kind: "granted", points: 10 });
    const after = await sku.offer(offerOf(skuKey, { pricePoints: 25 }));
    expect(after.standing.epoch).toBe(before + 1);
    expect(await redeem(saleId, before)).toMatchObject({
      kind: "refused",
      refusal: { code: "stale", figures: { epoch: before + 1 } },
    });
    expect(await redeem(saleId, before + 1)).toMatchObject({ kind: "granted", points: 25 });
  });

  it("outlives the object, and words alone change no epoch", async () => {
    const { sku, skuKey, saleId } = await shelf(1);
    const { standing } = await sku.offer(offerOf(skuKey));
    const offer = offerOf(skuKey);
    const told = await sku.offer({ ...offer, goods: { ...offer.goods, title: "新茶" } });
    expect(told.standing.epoch).toBe(standing.epoch);
    expect(told.standing.termsVersion).toBe(standing.termsVersion + 1);
    expect((await sku.view(saleId))?.terms.title).toBe("新茶");
  });

  it("repeated changes nothing", async () => {
    const { sku, skuKey } = await shelf(3);
    const first = await sku.offer(offerOf(skuKey));
    expect((await sku.offer(offerOf(skuKey))).standing.version).toBe(first.standing.version);
  });

  it("and withdrawn goods take no tap, without a row", async () => {
    const { sku, skuKey, saleId } = await shelf(3);
    const rest = await sku.offer(offerOf(skuKey, { isOn: false }));
    const { redeem } = await member();
    const reply = await redeem(saleId, rest.standing.epoch);
    expect(reply).toMatchObject({ kind: "open", refusal: { code: "not_open" } });
  });
});

describe("an hour to rest at", () => {
  it("is kept by the shelf itself, and a later one opens it again", async () => {
    const soon = Date.now() + 3_600_000;
    const { sku, skuKey, saleId } = await shelf(3, { restsAtMs: soon });
    const { redeem } = await member();
    const epochOf = async (): Promise<number> => (await sku.view(saleId))?.standing.epoch ?? -1;
    const epoch = await epochOf();
    expect(await redeem(saleId, epoch)).toMatchObject({ kind: "granted" });
    await sku.offer(offerOf(skuKey, { restsAtMs: Date.now() - 1 }));
    // This Account last heard that it is open; it must not hold points for a day that may never come.
    const late = await redeem(saleId, epoch);
    expect(late).toMatchObject({ kind: "refused", refusal: { code: "stale" } });
    expect((await sku.view(saleId))?.standing.status).toBe("paused");
    // Whoever resumes it by hand does not outlive the hour either.
    await sku.command(saleId, { kind: "resume" });
    expect(await redeem(saleId, epoch + 1)).toMatchObject({ refusal: { code: "not_open" } });
    await sku.offer(offerOf(skuKey, { restsAtMs: soon }));
    expect(await redeem(saleId, await epochOf())).toMatchObject({ kind: "granted" });
  });
});

describe("stock", () => {
  it("moves once for one request, and never below nothing", async () => {
    const { sku, saleId } = await shelf(5);
    const requestId = newId();
    const come = { requestId, units: 4 };
    expect(await sku.moveStock(come)).toEqual({ kind: "done", shelfAfter: 9, isReplay: false });
    expect(await sku.moveStock(come)).toEqual({ kind: "done", shelfAfter: 9, isReplay: true });
    const gone = await sku.moveStock({ requestId: newId(), units: -9 });
    expect(gone).toMatchObject({ shelfAfter: 0 });
    const more = await sku.moveStock({ requestId: newId(), units: -1 });
    expect(more).toEqual({ kind: "units_insufficient", shelf: 0 });
    expect((await sku.view(saleId))?.sale).toMatchObject({ shelf: 0, stocked: 9, movedOut: 9 });
  });

  it("of an unknown SKU is refused", async () => {
    const sku = bindings.SKU.getByName("demo.never-made");
    const reply = await sku.moveStock({ requestId: newId(), units: 1 });
    expect(reply).toEqual({ kind: "not_found" });
  });
});

describe("levels and limits of goods", () => {
  it("refuse whom the goods are not for", async () => {
    const audience = { tierIds: null, segments: ["vip"], storeIds: null };
    const { sku, saleId } = await shelf(3, { goods: { audience } });
    const epoch = (await sku.view(saleId))?.standing.epoch ?? -1;
    const { redeem, account, memberKey } = await member();
    const refused = await redeem(saleId, epoch);
    expect(refused).toMatchObject({
      refusal: { code: "not_eligible", figures: { rule: "segment" } },
    });
    expect((await account.memberInGoods(memberKey, null)).standing.segments).toEqual([]);
  });

  it("count over SKUs and sales of the goods, and a cancel gives the place back", async () => {
    const first = await shelf(9);
    const second = await shelf(9);
    const skuKeys = [first.skuKey, second.skuKey];
    const limits = { perDay: null, lifetime: 3, window: { days: 7, units: 2 }, skuKeys };
    for (const { sku, skuKey } of [first, second]) {
      await sku.offer(offerOf(skuKey, { goods: { limits } }));
    }
    const epochOf = async (one: typeof first): Promise<number> =>
      (await one.sku.view(one.saleId))?.standing.epoch ?? -1;
    const { redeem, account, memberKey } = await member();
    const granted = await redeem(first.saleId, await epochOf(first));
    expect(granted).toMatchObject({ kind: "granted" });
    expect(await redeem(second.saleId, await epochOf(second))).toMatchObject({ kind: "granted" });
    expect(await redeem(second.saleId, await epochOf(second))).toMatchObject({
      refusal: { code: "limit_reached", figures: { per: "window", limit: 2, used: 2, days: 7 } },
    });
    const orderId = granted.kind === "granted" ? granted.orderId : "";
    await account.cancel({ memberKey, orderId, forfeitMax: null });
    expect((await account.memberInGoods(memberKey, limits)).usage).toEqual({
      ...{ lifetimeUnits: 1, todayUnits: 1, windowUnits: 1 },
    });
    expect(await redeem(first.saleId, await epochOf(first))).toMatchObject({ kind: "granted" });
  });
});
