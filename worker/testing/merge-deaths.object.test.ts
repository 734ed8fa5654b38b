/** A merge dies at every call it makes, before it and after it; whoever comes later ends it, and nothing is lost or counts twice. */
import { env } from "cloudflare:workers";
import {
  applyD1Migrations,
  evictDurableObject,
  runInDurableObject,
  type D1Migration,
} from "cloudflare:test";
import { beforeAll, describe, expect, inject, it } from "vitest";
import type { Account } from "../accounts/account-object.ts";
import { bucketOf } from "../kernel/ids.ts";
import { memberSeen } from "../members/index.ts";
import { MERGE_SQL, MergeDesk, sweepMerges, type MergeRequest } from "../merges/desk.ts";
import type { Env } from "../platform/env.ts";
import { holderOf } from "./object-earning.ts";

const bindings = env as unknown as Env;
const PROGRAMME = "mortal";
let made = 0;

beforeAll(async () => {
  await applyD1Migrations(bindings.DB, inject("d1Migrations" as never) as D1Migration[]);
});

type Side = "before" | "after";

/** An environment whose `at`-th call of another object or of D1 throws, before it has any effect or after it had. */
class Mortal {
  readonly env: Env;
  calls = 0;
  readonly #at: number;
  readonly #side: Side;
  readonly #statements = new WeakMap<object, D1PreparedStatement>();

  constructor(at: number, side: Side) {
    this.#at = at;
    this.#side = side;
    const { DB, ACCOUNT } = bindings;
    this.env = { ...bindings, DB: this.#database(DB), ACCOUNT: this.#namespace(ACCOUNT) };
  }

  get isDead(): boolean {
    return this.calls >= this.#at;
  }

  async #call<T>(act: () => Promise<T>): Promise<T> {
    this.calls += 1;
    const isLast = this.calls === this.#at;
    if (isLast && this.#side === "before") throw new Error("died before");
    const value = await act();
    if (isLast) throw new Error("died after");
    return value;
  }

  #database(db: D1Database): D1Database {
    return proxied(db, (name, value) => {
      if (name === "prepare") return (sql: string) => this.#statement(db.prepare(sql));
      if (name !== "batch") return value;
      return (all: D1PreparedStatement[]) =>
        this.#call(() => db.batch(all.map((one) => this.#statements.get(one) ?? one)));
    });
  }

  #statement(real: D1PreparedStatement): D1PreparedStatement {
    const wrapped = proxied(real, (name, value) => {
      if (name === "bind") return (...values: unknown[]) => this.#statement(real.bind(...values));
      if (!["run", "all", "first"].includes(name)) return value;
      return (...args: unknown[]) => this.#call(() => value(...args) as Promise<unknown>);
    });
    this.#statements.set(wrapped, real);
    return wrapped;
  }

  #namespace(real: Env["ACCOUNT"]): Env["ACCOUNT"] {
    return proxied(real, (name, value) => {
      if (name !== "get" && name !== "getByName") return value;
      return (...args: unknown[]) =>
        proxied(value(...args) as object, (_method, run) => (...given: unknown[]) => {
          return this.#call(() => run(...given) as Promise<unknown>);
        });
    });
  }
}

type Callable = (...args: unknown[]) => unknown;

function proxied<T extends object>(
  target: T,
  member: (name: string, value: Callable) => unknown,
): T {
  return new Proxy(target, {
    get: (own, name) => {
      const value: unknown = Reflect.get(own, name);
      if (typeof value !== "function" || typeof name !== "string") return value;
      return member(name, (...args: unknown[]) => Reflect.apply(value, own, args) as unknown);
    },
  });
}

interface Pair extends MergeRequest {
  readonly fromKey: string;
  readonly intoKey: string;
}

/** A record with 70 points, a phone, a label and an identity, one with 40, in two objects. */
async function pair(): Promise<Pair> {
  made += 1;
  const fromId = `leaves-${made}`;
  const fromKey = `${PROGRAMME}:${fromId}`;
  let intoId = `stays-${made}`;
  while (bucketOf(`${PROGRAMME}:${intoId}`, 4) === bucketOf(fromKey, 4)) intoId += "x";
  const intoKey = `${PROGRAMME}:${intoId}`;
  for (const [memberKey, points] of [
    [fromKey, 70],
    [intoKey, 40],
  ] as const) {
    await holderOf(memberKey).grant({
      ...{ memberKey, points, reason: "r", internalNote: "", storeId: null, actor: "staff:t" },
      ...{ idempotencyKey: "g", source: "manual", expiresAtMs: null, pendingUntilMs: null },
    });
  }
  const seen = { displayName: "苏岚", phone: `138000${String(made).padStart(5, "0")}` };
  await memberSeen(bindings, PROGRAMME, fromId, seen, Date.now());
  const run = (sql: string) => bindings.DB.prepare(sql).bind(PROGRAMME, fromId, `p-${made}`).run();
  await run("INSERT INTO identities VALUES (?1, 'phone', ?3, ?2, 's', 0, 0)");
  await run("INSERT INTO member_labels VALUES (?1, ?3, ?2)");
  const mergeId = `merge-mortal-${String(made).padStart(4, "0")}`;
  return { mergeId, fromId, intoId, fromKey, intoKey, reason: "r", actor: "staff:t" };
}

const desk = (bound: Env): MergeDesk => new MergeDesk(bound, PROGRAMME, Date.now());

/** Everything is where it belongs, once. */
async function expectMerged({ mergeId, fromId, intoId, fromKey, intoKey }: Pair): Promise<void> {
  const { balance, entries } = await holderOf(intoKey).points(intoKey, 1_000, 20);
  expect(balance).toMatchObject({ active: 110 });
  expect(entries.map(({ type }) => type)).toEqual(["transfer_in", "manual_credit"]);
  expect((await holderOf(fromKey).points(fromKey, 1_000, 20)).balance.active).toBe(0);
  for (const key of [fromKey, intoKey]) {
    const { breaches, faults } = await holderOf(key).auditMembers("");
    expect({ breaches, faults }).toEqual({ breaches: {}, faults: [] });
  }
  const ask = (sql: string) => bindings.DB.prepare(sql).bind(PROGRAMME, fromId, intoId).first();
  expect(
    await ask(`SELECT (SELECT COUNT(*) FROM identities WHERE programme_id = ?1 AND member_id = ?3) AS identities,
      (SELECT COUNT(*) FROM member_labels WHERE programme_id = ?1 AND member_id = ?3) AS labels,
      (SELECT COUNT(*) FROM identities WHERE programme_id = ?1 AND member_id = ?2) AS left_behind,
      (SELECT merged_into FROM members WHERE programme_id = ?1 AND member_id = ?2) AS merged_into,
      (SELECT display_name FROM members WHERE programme_id = ?1 AND member_id = ?3) AS name,
      (SELECT phone_sealed IS NOT NULL FROM members WHERE programme_id = ?1 AND member_id = ?3) AS has_phone`),
  ).toEqual({
    ...{ identities: 1, labels: 1, left_behind: 0, merged_into: intoId },
    ...{ name: "苏岚", has_phone: 1 },
  });
  const row = await bindings.DB.prepare(MERGE_SQL.find).bind(PROGRAMME, mergeId).first();
  expect(row).toMatchObject({ state: "done", movedPoints: 70 });
}

async function ended(one: Pair): Promise<void> {
  const stateOf = () =>
    bindings.DB.prepare(MERGE_SQL.find).bind(PROGRAMME, one.mergeId).first<string>("state");
  // Died before it was written down: nothing has happened, and whoever wanted it asks again.
  if ((await stateOf()) === null) await desk(bindings).merge(one);
  const bounds = { timeout: 20_000, interval: 20 };
  await expect
    .poll(async () => {
      await sweepMerges(bindings, Date.now());
      return stateOf();
    }, bounds)
    .toBe("done");
}

describe("a merge", () => {
  it.each(["before", "after"] as const)(
    "whose Worker dies %s any call is ended by whoever comes later",
    async (side) => {
      let at = 1;
      for (; ; at += 1) {
        const one = await pair();
        const mortal = new Mortal(at, side);
        const death = await desk(mortal.env)
          .merge(one)
          .then(
            () => null,
            (error: unknown) => String(error),
          );
        if (!mortal.isDead) break;
        // What only reads which records are one may fail without anybody's notice.
        if (death !== null) expect(death).toContain("died");
        for (const key of [one.fromKey, one.intoKey]) await evictDurableObject(holderOf(key));
        await ended(one);
        await expectMerged(one);
      }
      expect(at).toBeGreaterThan(12);
    },
    120_000,
  );

  it.each(["before", "after"] as const)(
    "whose object dies %s its parcel was taken carries it again",
    async (side) => {
      const one = await pair();
      const mortal = new Mortal(1, side);
      await runInDurableObject(holderOf(one.fromKey), (object: Account) => {
        (object as unknown as { env: Env }).env = mortal.env;
      });
      await desk(bindings).merge(one);
      await expect.poll(() => mortal.isDead).toBe(true);
      await evictDurableObject(holderOf(one.fromKey));
      await ended(one);
      await expectMerged(one);
    },
    60_000,
  );
});
