/** Earning in the real runtime: races, evictions, bounds. What is earned is decided by pure modules. */
import { env } from "cloudflare:workers";
import {
  applyD1Migrations,
  evictDurableObject,
  runInDurableObject,
  type D1Migration,
} from "cloudflare:test";
import { beforeAll, describe, expect, inject, it, vi } from "vitest";
import purchasesSql from "../../migrations/account/0010_membership_purchases.sql";
import type { Account } from "../accounts/account-object.ts";
import type { EarnCalls } from "../accounts/earning/messages.ts";
import { PurchasesStore } from "../accounts/earning/purchases-store.ts";
import type { TillCode } from "../earning/codes/index.ts";
import type { Env } from "../platform/env.ts";
import {
  activeOf,
  ask,
  DAY,
  holderOf,
  orderEvent,
  programme,
  type Port,
} from "./object-earning.ts";
import { NO_GRACE_TIERS, taskOf, TERMS, windows } from "./points/programme.ts";

const bindings = env as unknown as Env;
vi.setConfig({ testTimeout: 120_000 });

beforeAll(async () => {
  await applyD1Migrations(bindings.DB, inject("d1Migrations" as never) as D1Migration[]);
});

describe("an Account and its terms", () => {
  it("asks for terms it does not know, keeps them, and never goes back to older ones", async () => {
    const terms = programme();
    const memberKey = `${terms.programmeId}:m`;
    const port = holderOf(memberKey) as unknown as Port;
    const call = { memberKey, revision: 1 };
    expect(await port.earn("check_in_view", call)).toEqual({ kind: "terms_needed" });
    await ask({ ...terms, revision: 2, checkIn: null }, "m", "check_in_view", {});
    const older = { ...call, terms };
    expect(await port.earn("check_in_view", older)).toMatchObject({ kind: "refused" });
    await evictDurableObject(holderOf(memberKey));
    expect(await port.earn("check_in_view", { ...call, revision: -1 })).toMatchObject({
      kind: "refused",
      refusal: { code: "not_found" },
    });
  });

  it("does not take the terms of another programme, nor what is none", async () => {
    const terms = programme();
    const port = holderOf(`${terms.programmeId}:m`) as unknown as Port;
    const call = { memberKey: `${terms.programmeId}:m`, revision: 1 };
    for (const wrong of [{ ...terms, programmeId: "other" }, { programmeId: terms.programmeId }]) {
      const reply = await port.earn("check_in_view", { ...call, terms: wrong });
      expect(reply).toEqual({ kind: "terms_needed" });
    }
  });
});

describe("check-in", () => {
  it("pays one of two taps at once", async () => {
    const terms = programme();
    const taps = await Promise.all(
      Array.from({ length: 5 }, () => ask(terms, "m", "check_in", {})),
    );
    const earned = taps.map((tap) => (tap.kind === "check_in" ? tap.earned : -1));
    expect(earned.sort((a, b) => a - b)).toEqual([0, 0, 0, 0, 5]);
    expect(await activeOf(terms, "m")).toBe(5);
  });

  it("adds the tier's bonus and what rules give for it, and explains each", async () => {
    const bonus = NO_GRACE_TIERS.tiers.map((tier) => ({
      ...tier,
      benefits: { ...tier.benefits, checkInBonus: 2 },
    }));
    const terms = programme({
      tiers: { ...NO_GRACE_TIERS, tiers: bonus },
      rules: windows({ on: ["check_in"], benefit: { kind: "fixed", points: 3 } }),
    });
    expect(await ask(terms, "m", "check_in", {})).toMatchObject({ earned: 10 });
    const memberKey = `${terms.programmeId}:m`;
    const { entries } = await holderOf(memberKey).points(memberKey, 1_000, 10);
    const told = entries.flatMap((entry) => entry.breakdown.map((share) => share.ruleId));
    expect(told.sort()).toEqual(["check-in", "r0", "tier"]);
  });
});

describe("tasks", () => {
  it("whose order goes back are taken back, and paid again when they are done again", async () => {
    const task = taskOf({ target: 1, points: 30, claim: "auto" });
    const terms = programme({ tasks: [{ task, fromMs: 0, untilMs: null }] });
    const order = (id: string) => ask(terms, "m", "event", orderEvent(id, 500));
    await order("a");
    expect(await activeOf(terms, "m")).toBe(30);
    const giveBack = { eventId: "a", returnId: "r", amountFen: 200, actor: "staff:t" };
    await ask(terms, "m", "return", giveBack);
    // A part of it does not undo what was done.
    expect(await activeOf(terms, "m")).toBe(30);
    await ask(terms, "m", "return", { ...giveBack, returnId: "rest", amountFen: 300 });
    await ask(terms, "m", "return", { ...giveBack, returnId: "rest", amountFen: 300 });
    expect(await activeOf(terms, "m")).toBe(0);
    expect(await ask(terms, "m", "tasks", {})).toMatchObject({ tasks: [{ done: 0 }] });
    await order("b");
    expect(await activeOf(terms, "m")).toBe(30);
    const account = holderOf(`${terms.programmeId}:m`);
    const { entries } = await account.points(`${terms.programmeId}:m`, 1_000, 10);
    const keys = entries.map(({ naturalKey }) => naturalKey.replace(/:[0-9]+/, ""));
    expect(keys).toEqual(["task:buy-twice:again-1", "undo:task:buy-twice", "task:buy-twice"]);
    expect((await account.auditMembers("")).faults).toEqual([]);
  });

  it("counts events, and pays one of many claims at once", async () => {
    const terms = programme({ tasks: [{ task: taskOf(), fromMs: 0, untilMs: null }] });
    await ask(terms, "m", "event", orderEvent("o1", 100));
    expect(await ask(terms, "m", "claim", { taskId: "buy-twice" })).toMatchObject({
      kind: "refused",
    });
    await ask(terms, "m", "event", orderEvent("o2", 100));
    const list = await ask(terms, "m", "tasks", {});
    expect(list).toMatchObject({ tasks: [{ done: 2, state: "claimable" }] });
    const claims = await Promise.all(
      Array.from({ length: 4 }, () => ask(terms, "m", "claim", { taskId: "buy-twice" })),
    );
    expect(claims.filter((one) => one.kind === "claimed" && !one.isReplay)).toHaveLength(1);
    expect(claims.every((one) => one.kind === "claimed" && one.points === 40)).toBe(true);
    expect(await activeOf(terms, "m")).toBe(40);
  });
});

describe("events", () => {
  const spend = { benefit: { kind: "per_amount", points: 1, perFen: 100, counting: "exact" } };

  it("earn once, under their natural key, whoever sends them how often", async () => {
    const terms = programme({ rules: windows(spend as never) });
    const event = orderEvent("o1", 12_345);
    const replies = await Promise.all(
      Array.from({ length: 6 }, () => ask(terms, "m", "event", event)),
    );
    expect(replies.filter((one) => one.kind === "earned" && !one.isReplay)).toHaveLength(1);
    expect(await activeOf(terms, "m")).toBe(123);
    const other = await ask(terms, "m", "event", { ...event, channel: "other" });
    expect(other).toMatchObject({
      kind: "refused",
      refusal: { code: "idempotency_mismatch", figures: { fields: "channel" } },
    });
  });

  it("never exceed a cap, in any interleaving", async () => {
    const caps = [{ period: "day", pointsMax: 100, timesMax: null }] as const;
    const terms = programme({ rules: windows({ ...(spend as object), caps }) });
    await Promise.all(
      Array.from({ length: 30 }, (_, at) => ask(terms, "m", "event", orderEvent(`o${at}`, 1_700))),
    );
    expect(await activeOf(terms, "m")).toBe(100);
    // What goes back is free again, and no more than that.
    await ask(terms, "m", "return", { eventId: "o0", returnId: "r", amountFen: null, actor: "t" });
    const left = 100 - (await activeOf(terms, "m"));
    await ask(terms, "m", "event", orderEvent("again", 100_000));
    expect(left).toBeGreaterThan(0);
    expect(await activeOf(terms, "m")).toBe(100);
  });

  it("are returned in parts that take what the whole would, each part once", async () => {
    const terms = programme({ rules: windows(spend as never) });
    await ask(terms, "m", "event", orderEvent("o1", 10_050));
    const back = (returnId: string, amountFen: number | null) =>
      ask(terms, "m", "return", { eventId: "o1", returnId, amountFen, actor: "t" });
    const parts = await Promise.all([
      back("a", 3_333),
      back("a", 3_333),
      back("b", 1),
      back("c", 5_000),
    ]);
    expect(parts.every((one) => one.kind === "returned")).toBe(true);
    expect(await back("d", 2_000)).toMatchObject({ refusal: { code: "invalid" } });
    expect(await back("a", 1)).toMatchObject({ refusal: { code: "idempotency_mismatch" } });
    // Ids that every object answers to are ids like any other.
    expect(await back("constructor", 1)).toMatchObject({ kind: "returned", isReplay: false });
    expect(await back("__proto__", 1)).toMatchObject({ kind: "returned", isReplay: false });
    expect(await back("__proto__", 1)).toMatchObject({ kind: "returned", isReplay: true });
    await back("d", null);
    expect(await activeOf(terms, "m")).toBe(0);
  });

  it("wait for their completion where the programme says so", async () => {
    const pending = { ...TERMS.earn, pending: { kind: "event" } as const };
    const terms = programme({ earn: pending, rules: windows(spend as never) });
    await ask(terms, "m", "event", orderEvent("o1", 10_000));
    expect(await activeOf(terms, "m")).toBe(0);
    const complete = () => ask(terms, "m", "complete", { eventId: "o1", actor: "t" });
    expect(await complete()).toMatchObject({ kind: "completed", isReplay: false });
    expect(await complete()).toMatchObject({ kind: "completed", isReplay: true });
    expect(await activeOf(terms, "m")).toBe(100);
    // A check-in has nothing to wait for.
    expect(await ask(terms, "m", "check_in", {})).toMatchObject({ earned: 5 });
    expect(await activeOf(terms, "m")).toBe(105);
  });

  it("are kept for the dry run, by programme and time, page after page", async () => {
    const terms = programme();
    const nowMs = Date.now();
    for (let at = 0; at < 7; at += 1) {
      await ask(terms, "m", "event", orderEvent(`o${at}`, 100, { atMs: nowMs - 5_000 + at * 2 }));
    }
    const seen: string[] = [];
    let after: string | null = "";
    while (after !== null) {
      const page: { events: readonly unknown[]; next: string | null } = (await holderOf(
        `${terms.programmeId}:m`,
      ).pastEvents({
        ...{ programmeId: terms.programmeId, fromMs: nowMs - 4_999, toMs: nowMs, after, count: 2 },
      })) as never;
      for (const one of page.events) {
        seen.push((one as { event: { eventId: string } }).event.eventId);
      }
      after = page.next;
    }
    expect(seen).toEqual(["o1", "o2", "o3", "o4", "o5", "o6"]);
  });
});

describe("bought memberships", () => {
  const terms = programme({ tiers: NO_GRACE_TIERS });
  const buy = (requestId: string, more: Partial<EarnCalls["membership"]["input"]> = {}) =>
    ask(terms, "buyer", "membership", {
      ...{ requestId, tierId: "gold", months: 12, paid: null, by: "staff:t", ...more },
    });
  const bought = async () => {
    const reply = await ask(terms, "buyer", "purchases", {});
    return reply.kind === "purchases" ? reply.purchases : [];
  };
  const memberKey = `${terms.programmeId}:buyer`;

  it("take their points in the commit that gives them, or give nothing", async () => {
    const paid = { kind: "points", points: 80 } as const;
    const poor = await buy("bought-0000000001", { paid });
    expect(poor).toMatchObject({ kind: "refused", refusal: { code: "points_insufficient" } });
    expect(await ask(terms, "buyer", "tier", {})).toMatchObject({ view: { paid: null } });
    await holderOf(memberKey).grant({
      ...{ memberKey, points: 100, idempotencyKey: "for-a-membership", source: "manual" },
      ...{ reason: "t", internalNote: "", storeId: null, actor: "staff:t" },
      ...{ expiresAtMs: null, pendingUntilMs: null },
    });
    // The id of what was refused is free: nothing was written under it. The tier's gift comes on top.
    for (const again of [1, 2]) {
      const reply = await buy("bought-0000000001", { paid });
      expect(reply, String(again)).toMatchObject({ kind: "tier", view: { source: "paid" } });
    }
    const { entries } = await holderOf(memberKey).points(memberKey, 1_000, 10);
    expect(entries.filter(({ type }) => type === "manual_debit")).toMatchObject([
      { points: -80, actor: "staff:t" },
    ]);
    const other = await buy("bought-0000000001", { paid: { kind: "points", points: 1 } });
    expect(other).toMatchObject({ refusal: { code: "idempotency_mismatch" } });
    await buy("bought-0000000002", {
      paid: { kind: "money", amountFen: 29_900, method: "wechat" },
    });
    expect(await bought()).toMatchObject([
      { tierId: "gold", months: 12, by: "staff:t", paid: { amountFen: 29_900, method: "wechat" } },
      { paid },
    ]);
    const [second, first] = await bought();
    expect((second?.untilMs ?? 0) - (first?.untilMs ?? 0)).toBeGreaterThan(360 * DAY);
  });

  it("from before prices were kept are taken over by the migration, as nobody's word", async () => {
    const old = `${terms.programmeId}:old`;
    const rows = await runInDurableObject(holderOf(old), (_: Account, { storage: { sql } }) => {
      const save = "INSERT INTO earn_requests (member_key, request_id, body) VALUES (?, ?, ?)";
      sql.exec(save, old, "old-1", JSON.stringify(["membership", "gold", 3]));
      sql.exec(save, old, "old-2", JSON.stringify(["cards", 3]));
      sql.exec(save, old, "old-3", "a-till-code");
      sql.exec("ALTER TABLE membership_purchases RENAME TO kept");
      sql.exec(purchasesSql);
      sql.exec(
        "INSERT OR REPLACE INTO kept SELECT * FROM membership_purchases WHERE member_key = ?",
        old,
      );
      sql.exec("DROP TABLE membership_purchases");
      sql.exec("ALTER TABLE kept RENAME TO membership_purchases");
      return new PurchasesStore(sql).of(old);
    });
    const nothing = { boughtAtMs: null, untilMs: null, by: null, paid: null };
    expect(rows).toEqual([{ requestId: "old-1", tierId: "gold", months: 3, ...nothing }]);
  });
});

describe("till codes", () => {
  const code: TillCode = {
    ...{ codeId: "code-000000000001", text: "TEXT", via: "qr", points: 7 },
    ...{ usesMax: 3, usesPerMemberMax: 1, startsAtMs: 0, expiresAtMs: Date.now() + DAY },
    ...{ storeId: "s1", issuedBy: "t", isRevoked: false },
  };

  it("are used no oftener than they say, by members of any Account at once", async () => {
    const terms = programme();
    const members = Array.from({ length: 9 }, (_, at) => `m${at}`);
    const uses = await Promise.all(
      members.flatMap((member) =>
        [1, 2].map(() =>
          ask(terms, member, "till_code", { requestId: `request-${member}-0001`, code }),
        ),
      ),
    );
    expect(uses.every((one) => one.kind === "claimed" || one.kind === "refused")).toBe(true);
    const paid = await Promise.all(members.map((member) => activeOf(terms, member)));
    expect(paid.sort((a, b) => a - b)).toEqual([0, 0, 0, 0, 0, 0, 7, 7, 7]);
  });

  it("answer the same request the same, and another code under its id not at all", async () => {
    const terms = programme();
    const requestId = "request-again-001";
    expect(await ask(terms, "m", "till_code", { requestId, code })).toMatchObject({
      ...{ kind: "claimed", isReplay: false, points: 7 },
    });
    expect(await ask(terms, "m", "till_code", { requestId, code })).toMatchObject({
      ...{ kind: "claimed", isReplay: true, points: 7 },
    });
    const other = { ...code, codeId: "code-000000000002" };
    expect(await ask(terms, "m", "till_code", { requestId, code: other })).toMatchObject({
      refusal: { code: "idempotency_mismatch" },
    });
  });
});
