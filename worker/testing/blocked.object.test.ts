/** A blocked account neither earns nor redeems, keeps its points, and goes on as before once it is opened. */
import { env } from "cloudflare:workers";
import { applyD1Migrations, type D1Migration } from "cloudflare:test";
import { beforeAll, expect, inject, it } from "vitest";
import type { Env } from "../platform/env.ts";
import { ask, holderOf, orderEvent, programme } from "./object-earning.ts";
import { shop } from "./object-shop.ts";

const bindings = env as unknown as Env;

beforeAll(async () => {
  await applyD1Migrations(bindings.DB, inject("d1Migrations" as never) as D1Migration[]);
});

it("is refused at the hold and at what earns, for good under its order id", async () => {
  const terms = programme({ programmeId: "demo" });
  const { saleId } = await shop();
  const memberKey = "demo:blocked-1";
  const account = holderOf(memberKey);
  await account.grant({
    ...{ memberKey, points: 100, reason: "r", internalNote: "", storeId: null },
    ...{ actor: "staff:t", idempotencyKey: "g", source: "manual" },
    ...{ expiresAtMs: null, pendingUntilMs: null },
  });
  const redeem = (orderId: string) =>
    account.redeem({ memberKey, orderId, saleId, quantity: 1, epoch: 1, wantsFrozen: false });

  const blocked = await ask(terms, "blocked-1", "profile", { facts: {}, isBlocked: true });
  expect(blocked).toMatchObject({ kind: "profile", isBlocked: true });
  const refusal = { code: "not_eligible", figures: { rule: "blocked" } };
  expect(await redeem("order-blocked-0001")).toMatchObject({ kind: "refused", refusal });
  expect(await ask(terms, "blocked-1", "event", orderEvent("e1", 9_900))).toMatchObject({
    kind: "refused",
    refusal,
  });
  expect(await ask(terms, "blocked-1", "check_in", {})).toMatchObject({ kind: "refused", refusal });
  expect((await account.points(memberKey, 1_000, 10)).balance).toMatchObject({ active: 100 });

  const opened = await ask(terms, "blocked-1", "profile", { facts: {}, isBlocked: false });
  expect(opened).toMatchObject({ isBlocked: false });
  expect(await redeem("order-blocked-0001")).toMatchObject({ kind: "refused", refusal });
  expect(await redeem("order-blocked-0002")).toMatchObject({ kind: "granted" });
  expect(await ask(terms, "blocked-1", "event", orderEvent("e2", 9_900))).toMatchObject({
    kind: "earned",
  });
});

it("tells what lists keep of members who have an entry", async () => {
  const memberKey = "demo:figures-1";
  const account = holderOf(memberKey);
  const expiresAtMs = Date.now() + 86_400_000;
  await account.grant({
    ...{ memberKey, points: 30, reason: "r", internalNote: "", storeId: null },
    ...{ actor: "staff:t", idempotencyKey: "g", source: "manual" },
    ...{ expiresAtMs, pendingUntilMs: null },
  });
  expect(await account.figuresOf([memberKey, "demo:figures-2"])).toEqual([
    {
      ...{ memberKey, seq: 1, active: 30, pending: 0, negative: 0 },
      ...{ tierId: null, joinedAtMs: null, nextExpiresAtMs: expiresAtMs, nextExpiring: 30 },
    },
  ]);
});
