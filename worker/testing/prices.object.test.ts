/** Prices of a member in the real runtime: which terms decide, what is held, what the ledger tells, what comes back. */
import { env } from "cloudflare:workers";
import { applyD1Migrations, type D1Migration } from "cloudflare:test";
import { beforeAll, describe, expect, inject, it, vi } from "vitest";
import type { OrderReply, Pricing, TermsNeeded } from "../accounts/requests.ts";
import type { DiscountTerms } from "../earning/discounts/index.ts";
import type { ProgrammeTerms } from "../earning/programme/index.ts";
import type { Env } from "../platform/env.ts";
import { ask, holderOf, programme } from "./object-earning.ts";
import { shop } from "./object-shop.ts";
import { NO_GRACE_TIERS } from "./points/programme.ts";

const bindings = env as unknown as Env;
vi.setConfig({ testTimeout: 120_000 });

beforeAll(async () => {
  await applyD1Migrations(bindings.DB, inject("d1Migrations" as never) as D1Migration[]);
});

const QUARTER_OFF: DiscountTerms = {
  ...{ version: 3, standing: true, flash: true },
  discounts: [
    {
      ...{ discountId: "quarter", version: 3, title: "A quarter off", percent: 75, priority: 0 },
      ...{ startsAtMs: null, endsAtMs: null, condition: null, isStackable: true },
    },
  ],
};

/** A member with 100 points who wants a flash sale of 10. */
async function buyer(terms: ProgrammeTerms) {
  const { saleId } = await shop();
  const memberKey = `${terms.programmeId}:m`;
  const account = holderOf(memberKey);
  const granted = await account.grant({
    ...{ memberKey, points: 100, source: "manual", expiresAtMs: null, pendingUntilMs: null },
    ...{ reason: "gift", internalNote: "", storeId: null, actor: "staff:t", idempotencyKey: "g" },
  });
  expect(granted.kind).toBe("changed");
  const redeem = async (
    orderId: string,
    more: { pricing?: Pricing; pointsMax?: number } = {},
  ): Promise<OrderReply | TermsNeeded> => {
    const request = { memberKey, saleId, orderId, quantity: 1, epoch: 1, wantsFrozen: false };
    return (await account.redeem({ ...request, ...more })) as OrderReply | TermsNeeded;
  };
  const points = () => account.points(memberKey, 100, 10);
  return { memberKey, account, redeem, points };
}

const ID = "order-priced-000001";

describe("a price with discounts", () => {
  it("is held, told by order and ledger, and comes back as it was paid", async () => {
    const terms = programme({ discounts: QUARTER_OFF });
    const { memberKey, account, redeem, points } = await buyer(terms);
    const pricing = { revision: terms.revision };
    expect(await redeem(ID, { pricing })).toEqual({ kind: "terms_needed" });
    // 7.5 is rounded in the member's favour.
    const granted = await redeem(ID, { pricing: { ...pricing, terms }, pointsMax: 7 });
    expect(granted).toMatchObject({ kind: "granted", points: 7 });
    const order = (await account.order(memberKey, ID))?.order;
    expect(order).toMatchObject({ points: 7, discounts: [{ discountId: "quarter", points: 3 }] });
    const { balance, entries, names } = await points();
    expect(balance).toMatchObject({ active: 93, spent: 7 });
    const breakdown = [{ ruleId: "discount:quarter", version: 3, points: 3 }];
    expect(entries[0]).toMatchObject({ type: "redeem", points: -7, breakdown });
    expect(names["discount:quarter"]).toEqual({ kind: "discount", name: "A quarter off" });
    await account.cancel({ memberKey, orderId: ID, forfeitMax: null });
    expect((await points()).balance).toMatchObject({ active: 100, spent: 0, held: 0 });
    const page = await account.auditMembers("");
    expect(page.faults).toEqual([]);
  });

  it("stays what it was for an id that is known, whatever the terms say later", async () => {
    const terms = programme({ discounts: QUARTER_OFF });
    const { redeem } = await buyer(terms);
    await redeem(ID, { pricing: { revision: terms.revision, terms } });
    const dearer = { ...terms, revision: 2, discounts: { ...QUARTER_OFF, discounts: [] } };
    const again = await redeem(ID, { pricing: { revision: 2, terms: dearer } });
    expect(again).toMatchObject({ kind: "granted", points: 7, isReplay: true });
  });

  it("above what the member agreed to holds nothing, and the same id may agree", async () => {
    const terms = programme();
    const { redeem, points } = await buyer(terms);
    const pricing = { revision: terms.revision, terms };
    expect(await redeem(ID, { pricing, pointsMax: 7 })).toEqual({
      kind: "open",
      refusal: { code: "price_changed", figures: { points: 10 } },
    });
    expect((await points()).balance).toMatchObject({ active: 100, held: 0 });
    expect(await redeem(ID, { pricing, pointsMax: 10 })).toMatchObject({ points: 10 });
  });

  it("leaves flash sales alone unless the merchant says otherwise, and asks the tier", async () => {
    const halfOff = NO_GRACE_TIERS.tiers.map((tier) => ({
      ...tier,
      benefits: { ...tier.benefits, redeemPercent: 50 },
    }));
    const tiers = { ...NO_GRACE_TIERS, tiers: halfOff };
    const terms = programme({ tiers });
    const { redeem } = await buyer(terms);
    await ask(terms, "m", "profile", { facts: { segments: ["tea"] } });
    const sales = (["flash", "standing"] as const).map((kind) => ({
      ...{ kind, skuId: "s", listPoints: 9 },
    }));
    const asked = await ask(terms, "m", "prices", { sales });
    expect(asked).toMatchObject({
      prices: [
        { points: 9, applied: [] },
        { points: 4, applied: [{ discountId: "tier", title: halfOff[0]?.title, points: 5 }] },
      ],
    });
    const pricing = { revision: terms.revision };
    expect(await redeem(ID, { pricing })).toMatchObject({ kind: "granted", points: 10 });
  });
});

describe("points that a ticket holds", () => {
  it("stand in a calendar of their own, with the dates of their lots, until they come back", async () => {
    const terms = programme();
    const { saleId } = await shop({ opensInMs: 60_000 });
    const memberKey = `${terms.programmeId}:m`;
    const account = holderOf(memberKey);
    const expiresAtMs = Date.now() + 86_400_000;
    for (const [key, points, until] of [
      ["a", 4, expiresAtMs],
      ["b", 90, null],
    ] as const) {
      await account.grant({
        ...{ memberKey, points, source: "manual", expiresAtMs: until, pendingUntilMs: null },
        ...{ reason: "gift", internalNote: "", storeId: null, actor: "s", idempotencyKey: key },
      });
    }
    const request = { memberKey, saleId, orderId: ID, quantity: 1, epoch: 1, replaces: null };
    expect(await account.ticket(request)).toMatchObject({ kind: "ticket", points: 10 });
    const { calendar, held, balance } = await account.points(memberKey, 100, 10);
    expect(balance).toMatchObject({ active: 84, held: 10 });
    expect(calendar).toEqual({ deadlines: [], lasting: 84 });
    expect(held).toEqual({ deadlines: [{ expiresAtMs, points: 4 }], lasting: 6 });
    await account.forgo(memberKey, saleId, ID);
    const after = await account.points(memberKey, 100, 10);
    expect(after.held).toEqual({ deadlines: [], lasting: 0 });
    expect(after.calendar).toEqual({ deadlines: [{ expiresAtMs, points: 4 }], lasting: 90 });
  });
});
