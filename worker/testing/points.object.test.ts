/** Points in the real runtime: commits, alarms, evictions, migrations. The wallet's own laws are beside it. */
import { env } from "cloudflare:workers";
import {
  abortAllDurableObjects,
  applyD1Migrations,
  evictDurableObject,
  runInDurableObject,
  type D1Migration,
} from "cloudflare:test";
import { beforeAll, describe, expect, inject, it, vi } from "vitest";
import type { Account } from "../accounts/account-object.ts";
import type { WalletBalance } from "../accounts/points/index.ts";
import type { ByHand, GrantRequest } from "../accounts/requests.ts";
import { bucketOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Env } from "../platform/env.ts";
import { ROWS_MAX } from "../platform/pace.ts";
import initSql from "../../migrations/account/0001_init.sql";
import positionsSql from "../../migrations/account/0002_positions.sql";
import { dropAll, UNRECORDED_GRACE, writeUnrecordedGrace, writeV1 } from "./points/rows-v1.ts";
import { STORED_V1, STORED_V1_NOW_MS } from "./points/stored-v1.ts";
import { shop } from "./object-shop.ts";
import { Random } from "./simulation/random.ts";

const bindings = env as unknown as Env;
const DAY = 86_400_000;
// Work is bounded by counts; the clock only ends what hangs, also on a machine that is busy with other things.
vi.setConfig({ testTimeout: 120_000 });

beforeAll(async () => {
  await applyD1Migrations(bindings.DB, inject("d1Migrations" as never) as D1Migration[]);
});

/** An object of its own for a test: an Account answers for any member it is asked about. */
const accountNamed = (name: string): DurableObjectStub<Account> =>
  bindings.ACCOUNT.getByName(`member:${name}`);

/** The object that a Sku settles this member's grants with. */
const holderOf = (memberKey: string): DurableObjectStub<Account> =>
  bindings.ACCOUNT.getByName(bucketOf(memberKey, 4));

const NOTES = { reason: "r", internalNote: "", storeId: null, actor: "staff:t" } as const;
const byHand = (memberKey: string, points: number, key: string): ByHand => ({
  ...{ memberKey, points, idempotencyKey: key },
  ...NOTES,
});
const grantOf = (
  memberKey: string,
  points: number,
  key: string,
  more: Partial<GrantRequest> = {},
): GrantRequest => ({
  ...byHand(memberKey, points, key),
  ...{ source: "manual", expiresAtMs: null, pendingUntilMs: null },
  ...more,
});

async function breachesOf(account: DurableObjectStub<Account>): Promise<unknown> {
  const page = await account.auditMembers("");
  const { granted, inLots, held, spent, expired, clawedBack, deficit } = await account.audit();
  const isConserved = inLots + held + spent + expired + clawedBack - deficit === granted;
  return { ...page.breaches, ...(isConserved ? {} : { counters: 1 }) };
}

/** Runs with a clock that the test owns. Afterwards the object has its own, or its timers would never come to rest. */
function at<R>(
  account: DurableObjectStub<Account>,
  clock: () => number,
  work: (instance: Account) => Promise<R>,
): Promise<R> {
  return runInDurableObject(account, async (instance) => {
    instance.clock = clock;
    try {
      return await work(instance);
    } finally {
      instance.clock = () => Date.now();
    }
  });
}

describe("lapsed lots", () => {
  it("are written off by the alarm, so many a commit and so many an alarm, across an eviction", async () => {
    const account = accountNamed("sweep");
    const lotsEach = 90;
    const members = Array.from({ length: 25 }, (_, n) => `demo:s${n}`);
    const startMs = Date.now();
    const expiresAtMs = startMs + DAY;
    for (const memberKey of members) {
      await account.grantMany(
        Array.from({ length: lotsEach }, (_, n) =>
          grantOf(memberKey, 3, `${n}`, { expiresAtMs: expiresAtMs + (n % 7) }),
        ),
      );
    }
    await runInDurableObject(account, async (_instance, { storage }) => {
      expect(await storage.getAlarm()).toBeLessThanOrEqual(expiresAtMs);
    });
    // Every look at the clock is a moment of its own, so entries of one commit can be told apart.
    let ticks = startMs + 2 * DAY;
    const clock = (): number => (ticks += 1);
    const first = await at(account, clock, async (instance) => {
      await instance.alarm();
      return instance.audit();
    });
    expect(first.expired).toBeGreaterThan(0);
    expect(first.expired).toBeLessThanOrEqual(3 * (LIMITS.alarmWorkMax + ROWS_MAX));
    expect(first.inLots).toBeGreaterThan(0);
    await evictDurableObject(account);
    await at(account, clock, (instance) => instance.alarm());
    const all = members.length * lotsEach;
    expect(await account.audit()).toMatchObject({ expired: 3 * all, inLots: 0, entries: 2 * all });
    await runInDurableObject(account, (_instance, { storage: { sql } }) => {
      const largest = sql
        .exec(
          "SELECT MAX(n) AS n FROM (SELECT COUNT(*) AS n FROM entries WHERE type = 'expire' GROUP BY recorded_at_ms)",
        )
        .one();
      expect(largest["n"]).toBeLessThanOrEqual(ROWS_MAX);
      const due = sql.exec("SELECT COUNT(due_at_ms) AS n FROM members").one();
      expect(due["n"]).toBe(0);
    });
    expect(await breachesOf(account)).toEqual({});
  });

  it("are expected again when a hold gives one back that the sweep did not see", async () => {
    const memberKey = "demo:given-back";
    const account = accountNamed("given-back");
    const { saleId } = await shop({ opensInMs: DAY });
    const startMs = Date.now();
    const orderId = "order-given-back-01";
    await account.grant(grantOf(memberKey, 10, "b", { expiresAtMs: startMs + 3 * DAY }));
    await account.ticket({ memberKey, orderId, saleId, quantity: 1, epoch: 1, replaces: null });
    await account.grant(grantOf(memberKey, 5, "a", { expiresAtMs: startMs + DAY }));
    const dueOf = () =>
      runInDurableObject(account, (_instance, { storage: { sql } }) => {
        return sql.exec("SELECT due_at_ms AS due FROM members").one()["due"];
      });
    await at(
      account,
      () => startMs + 2 * DAY,
      (instance) => instance.sweep(),
    );
    expect(await dueOf()).toBeNull();
    expect(await account.forgo(memberKey, saleId, orderId)).toEqual({ kind: "forgone" });
    expect(await dueOf()).toBe(startMs + 3 * DAY);
  });

  it("leave when their member is touched, before any sweep", async () => {
    const account = accountNamed("touched");
    const memberKey = "demo:touched";
    const expiresAtMs = Date.now() + DAY;
    await account.grant(grantOf(memberKey, 5, "a", { expiresAtMs }));
    const reply = await at(
      account,
      () => expiresAtMs,
      async (instance) => {
        expect((await instance.points(memberKey, 9, 9)).balance).toMatchObject({
          active: 0,
          expired: 5,
        });
        return instance.grant(grantOf(memberKey, 7, "b"));
      },
    );
    expect(reply).toMatchObject({ kind: "changed", balance: { active: 7, expired: 5 } });
    const { entries } = await account.points(memberKey, 9, 9);
    expect(entries.map((entry) => entry.type)).toEqual([
      "manual_credit",
      "expire",
      "manual_credit",
    ]);
  });
});

/** An object as the first code left it: its rows, and the schema of that time. */
async function storedBefore(
  name: string,
  write: (sql: SqlStorage) => void,
): Promise<DurableObjectStub<Account>> {
  const account = accountNamed(name);
  await runInDurableObject(account, (_instance, { storage }) => {
    storage.sql.exec(dropAll(storage.sql));
    storage.sql.exec(initSql);
    storage.sql.exec(positionsSql);
    storage.sql.exec(
      "CREATE TABLE schema_migrations (id INTEGER PRIMARY KEY, applied_at_ms INTEGER NOT NULL) STRICT",
    );
    storage.sql.exec("INSERT INTO schema_migrations VALUES (1, 0), (2, 0)");
    write(storage.sql);
  });
  await evictDurableObject(account);
  return account;
}

describe("what was stored before", () => {
  it("has the grace that was given without an entry recorded, and replays from then on", async () => {
    const account = await storedBefore("unrecorded-grace", writeUnrecordedGrace);
    const memberKey = UNRECORDED_GRACE.memberKey;
    await at(
      account,
      () => STORED_V1_NOW_MS,
      async (instance) => {
        const before = (await instance.points(memberKey, 99, 99)).balance;
        await instance.sweep();
        const { balance, entries } = await instance.points(memberKey, 99, 99);
        expect(balance).toEqual(before);
        expect(entries.slice(0, 2).map(({ type, points }) => [type, points])).toEqual([
          ["release", 0],
          ["hold", 0],
        ]);
        expect(await instance.pointsAt(memberKey, STORED_V1_NOW_MS)).toEqual(balance);
        // Once: another look finds nothing to write.
        await instance.sweep();
        expect((await instance.points(memberKey, 99, 99)).entries).toHaveLength(entries.length);
      },
    );
    expect(await breachesOf(account)).toEqual({});
  });

  it("is migrated with its due moments, verifies, and is continued on the same chain", async () => {
    const account = await storedBefore("old", writeV1);
    await runInDurableObject(account, (_instance, { storage: { sql } }) => {
      const grace = STORED_V1.lots.find((lot) => lot.source === "refund_grace");
      expect(sql.exec("SELECT due_at_ms AS due FROM members").one()["due"]).toBe(
        grace?.expiresAtMs,
      );
    });
    await at(
      account,
      () => STORED_V1_NOW_MS,
      async (instance) => {
        expect((await instance.points("demo:old", 99, 99)).balance).toMatchObject({
          ...{ active: 50, spent: 10, expired: 5, clawedBack: 0, negative: 0 },
        });
        const quote = await instance.refundQuote("demo:old", "order-old-0000002");
        expect(quote).toMatchObject({ returned: 10, forfeited: 0 });
        await instance.grant(grantOf("demo:old", 4, "new"));
        // The same key again, though it was used before rules existed.
        expect(
          await instance.grant(grantOf("demo:old", 30, "2", { source: "opening", reason: "r" })),
        ).toMatchObject({ kind: "changed", isReplay: true });
      },
    );
    expect(await breachesOf(account)).toEqual({});
    // Points that live on grace already are not given grace again.
    const later = STORED_V1_NOW_MS + 60 * DAY;
    const quote = await at(
      account,
      () => later,
      (instance) => instance.refundQuote("demo:old", "order-old-0000002"),
    );
    expect(quote).toMatchObject({ returned: 0, forfeited: 10 });
  });
});

describe("a ledger", () => {
  it("names the row that somebody changed", async () => {
    const account = accountNamed("tampered");
    for (const key of ["a", "b", "c"]) await account.grant(grantOf("demo:t", 5, key));
    expect((await account.auditMembers("")).faults).toEqual([]);
    await runInDurableObject(account, (_instance, { storage: { sql } }) => {
      sql.exec("UPDATE entries SET points = 6 WHERE position = 2");
    });
    const page = await account.auditMembers("");
    expect(page.faults).toEqual([{ position: 2, seq: 2, kind: "changed" }]);
    expect(page.breaches).toMatchObject({ I10_chain_holds: 1, I10_entries_sum_to_balance: 1 });
  });
});

describe("changes by hand", () => {
  it("claw back within the balance, into a deficit, and are paid by what comes next", async () => {
    const account = accountNamed("hand");
    const memberKey = "demo:hand";
    await account.grant(grantOf(memberKey, 10, "g"));
    const within = { ...byHand(memberKey, 30, "w"), policy: null, originId: null };
    expect(await account.clawBack(within)).toMatchObject({
      entry: { points: -10, askedPoints: 30 },
    });
    const into = {
      ...byHand(memberKey, 8, "n"),
      policy: "allow_negative",
      originId: null,
    } as const;
    expect(await account.clawBack(into)).toMatchObject({ balance: { active: 0, negative: 8 } });
    expect(await account.clawBack(into)).toMatchObject({
      isReplay: true,
      balance: { negative: 8 },
    });
    expect(await account.clawBack({ ...into, points: 9 })).toEqual({
      kind: "mismatch",
      fields: ["points"],
    });
    const short = { ...byHand(memberKey, 1, "d"), mayGoNegative: false };
    expect(await account.deduct(short)).toMatchObject({ refusal: { code: "points_insufficient" } });
    await evictDurableObject(account);
    const paid = await account.grant(grantOf(memberKey, 20, "p"));
    expect(paid).toMatchObject({
      entry: { paid: [{ points: 8 }] },
      balance: { active: 12, negative: 0 },
    });
    expect(await breachesOf(account)).toEqual({});
  });

  it("follow the terms that came with a command, and forget them in no eviction", async () => {
    const account = accountNamed("terms");
    const memberKey = "demo:terms";
    const terms = { version: 3, lapse: { kind: "forfeit" }, clawback: "allow_negative" } as const;
    const wish = { ...byHand(memberKey, 4, "1"), policy: null, originId: null };
    expect(await account.clawBack({ ...wish, terms })).toMatchObject({ balance: { negative: 4 } });
    await evictDurableObject(account);
    const older = { ...terms, version: 2, clawback: "within_balance" } as const;
    expect(await account.clawBack({ ...wish, idempotencyKey: "2", terms: older })).toMatchObject({
      balance: { negative: 8 },
    });
  });

  it("leave rows whose due moment is never too late, through a life of everything at once", async () => {
    const { saleId } = await shop({ units: 900, limit: 900 });
    for (const seed of [1, 2, 3]) await live(`demo:l${seed}`, saleId, new Random(seed));
    for (const seed of [1, 2, 3]) {
      const account = holderOf(`demo:l${seed}`);
      expect(await breachesOf(account)).toEqual({});
      expect((await account.audit()).spent).toBeGreaterThan(0);
    }
  });
});

/** A hundred acts on one member, redemptions and their returns among them, with lost memory between them; the rows are looked at after each. */
async function live(memberKey: string, saleId: string, random: Random): Promise<void> {
  let nowMs = Date.now();
  const orders: string[] = [];
  const told: { readonly atMs: number; readonly balance: WalletBalance }[] = [];
  for (let step = 0; step < 100; step += 1) {
    nowMs += random.below(2 * DAY);
    const moment = nowMs;
    const account = holderOf(memberKey);
    const key = `${step}`;
    const soon = random.chance(0.7) ? moment + 1 + random.below(9 * DAY) : null;
    await at(
      account,
      () => moment,
      async (instance) => {
        const roll = random.below(10);
        if (roll < 3) {
          const pendingUntilMs = soon !== null && random.chance(0.3) ? soon - 1 : null;
          const more = { expiresAtMs: soon, pendingUntilMs };
          await instance.grant(grantOf(memberKey, 1 + random.below(40), key, more));
        } else if (roll < 5) {
          const orderId = `order-${memberKey.at(-1)}-${key.padStart(12, "0")}`;
          const order = { memberKey, orderId, saleId, quantity: 1, epoch: 1 };
          const reply = await instance.ticket({ ...order, replaces: null });
          if (reply.kind === "ticket") orders.push(orderId);
        } else if (roll < 7 && orders.length > 0) {
          const orderId = random.pick(orders);
          const order = { memberKey, orderId, saleId, quantity: 1, epoch: 1 };
          const act = random.below(3);
          if (act === 0) await instance.redeem({ ...order, wantsFrozen: false });
          else if (act === 1) await instance.forgo(memberKey, saleId, orderId);
          else await instance.cancel({ memberKey, orderId, forfeitMax: null });
        } else if (roll === 7) {
          const policy = random.pick(["only_pending", "within_balance", "allow_negative"] as const);
          const wish = { ...byHand(memberKey, 1 + random.below(30), key), policy, originId: null };
          await instance.clawBack(wish);
        } else if (roll === 8) {
          const mayGoNegative = random.chance(0.5);
          await instance.deduct({ ...byHand(memberKey, 1 + random.below(20), key), mayGoNegative });
        } else await instance.sweep();
      },
    );
    await runInDurableObject(account, (_instance, { storage: { sql } }) => {
      const late = sql
        .exec(
          `SELECT COUNT(*) AS n FROM members m JOIN lots l ON l.member_key = m.member_key
           WHERE l.remaining > 0 AND l.expires_at_ms < COALESCE(m.due_at_ms, 9e15)`,
        )
        .one();
      expect(late["n"], `step ${step}`).toBe(0);
    });
    const { balance } = await at(
      account,
      () => moment,
      (instance) => instance.points(memberKey, 1, 1),
    );
    told.push({ atMs: moment, balance });
    // No eviction waits for it: pending tickets of an open sale keep an Account awake.
    if (random.chance(0.1)) await abortAllDurableObjects();
  }
  // What the member was told at any moment is what the ledger says of that moment.
  for (const { atMs, balance } of told) {
    const replayed = await holderOf(memberKey).pointsAt(memberKey, atMs);
    expect(replayed, `at ${atMs}`).toEqual(balance);
  }
}
