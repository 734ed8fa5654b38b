/** The ledger's rows in the real runtime: each names the one before it, and no number of a ledger is given twice. */
import { env } from "cloudflare:workers";
import {
  applyD1Migrations,
  evictDurableObject,
  runInDurableObject,
  type D1Migration,
} from "cloudflare:test";
import { beforeAll, describe, expect, inject, it } from "vitest";
import type { Account } from "../accounts/account-object.ts";
import { EntriesStore } from "../accounts/entries-store.ts";
import { credit, type PointsEntry } from "../accounts/points/index.ts";
import { AccountStore } from "../accounts/store.ts";
import type { Env } from "../platform/env.ts";
import { Watermarks } from "../platform/watermarks.ts";
import { causeOf } from "./points/purse.ts";

const bindings = env as unknown as Env;
const MEMBER = "demo:chain";
const NOW_MS = 1_700_000_000_000;

beforeAll(async () => {
  await applyD1Migrations(bindings.DB, inject("d1Migrations" as never) as D1Migration[]);
});

const accountNamed = (name: string): DurableObjectStub<Account> =>
  bindings.ACCOUNT.getByName(`member:${name}`);

/** Points for one member as a command gives them, without the flush that ends its commit. */
function give(store: AccountStore, memberKey: string, key: string): PointsEntry[] {
  const before = store.members.wallet(memberKey);
  const outcome = credit(
    before,
    {
      ...{ type: "manual_credit", points: 1, source: "manual", originId: null, expiresAtMs: null },
      ...{ pending: { kind: "none" }, cause: causeOf(key, NOW_MS) },
    },
    store.entries.lookup(memberKey),
    NOW_MS,
  );
  if (outcome.kind !== "booked") throw new Error(outcome.kind);
  store.members.save(before, outcome.wallet, outcome.entries);
  return [...outcome.entries];
}

/** The members' entries take turns, a commit each, so that no two of one ledger lie side by side. */
function fill(sql: SqlStorage, entriesEach: number): void {
  const store = new AccountStore(sql);
  for (let n = 1; n <= entriesEach; n += 1) {
    for (const memberKey of [MEMBER, "demo:other"]) give(store, memberKey, `key-${n}`);
    store.flush();
  }
}

/** Numbers of a member's entries as its chain has them; an audit from outside of the object's memory. */
const seqsOf = (store: AccountStore): number[] =>
  [...store.entries.ledgerOf(MEMBER)].map(({ entry }) => entry.seq);

const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1);

/** After somebody changed the rows of an object with two members of four entries each. */
async function auditAfter(name: string, change: string): Promise<unknown> {
  const account = accountNamed(name);
  await runInDurableObject(account, (_instance, { storage: { sql } }) => fill(sql, 4));
  await evictDurableObject(account);
  expect(await account.auditMembers("")).toMatchObject({ breaches: {}, faults: [], entries: 8 });
  await runInDurableObject(account, (_instance, { storage: { sql } }) => {
    expect(sql.exec(change).rowsWritten).toBeGreaterThan(0);
  });
  const { breaches, faults } = await account.auditMembers("");
  return { breaches, faults };
}

describe("a number of a ledger", () => {
  it("is given once, though two memories go by one row", async () => {
    await runInDurableObject(accountNamed("twice"), (_instance, { storage }) => {
      const { sql } = storage;
      fill(sql, 2);
      const [ahead, behind] = [new AccountStore(sql), new AccountStore(sql)];
      expect([ahead, behind].map((one) => one.members.wallet(MEMBER).seq)).toEqual([2, 2]);
      give(ahead, MEMBER, "third");
      ahead.flush();
      const commit = (): void =>
        storage.transactionSync(() => {
          expect(give(behind, MEMBER, "also third").map(({ seq }) => seq)).toEqual([3]);
          behind.flush();
        });
      expect(commit).toThrow("members are as they were read");
      behind.forget();
      expect(seqsOf(behind)).toEqual([1, 2, 3]);
      expect(sql.exec("SELECT COUNT(*) AS n FROM entries").one()["n"]).toBe(5);
      // What the queue of commits does then: the same work again, by what the rows say.
      expect(give(behind, MEMBER, "also third").map(({ seq }) => seq)).toEqual([4]);
      behind.flush();
      expect(seqsOf(behind)).toEqual([1, 2, 3, 4]);
    });
  });

  it("is given once where the member has no row yet", async () => {
    await runInDurableObject(accountNamed("first"), (_instance, { storage: { sql } }) => {
      const [ahead, behind] = [new AccountStore(sql), new AccountStore(sql)];
      give(behind, MEMBER, "b");
      give(ahead, MEMBER, "a");
      ahead.flush();
      expect(() => behind.flush()).toThrow("UNIQUE constraint failed: members.member_key");
    });
  });

  it("follows the last one, and is counted by the member's row", async () => {
    await runInDurableObject(accountNamed("astray"), (_instance, { storage: { sql } }) => {
      fill(sql, 2);
      const store = new AccountStore(sql);
      const [entry] = [...store.entries.ledgerOf(MEMBER)].slice(-1);
      if (!entry) throw new Error("nothing was written");
      const end = { seq: 2, position: entry.position };
      expect(() => store.entries.append(MEMBER, entry.entry, end)).toThrow(
        "an entry has the number after the last one",
      );
      store.entries.append(MEMBER, { ...entry.entry, seq: 3, naturalKey: "bypass" }, end);
      expect(() => store.flush()).toThrow("members count the entries of a commit");
      store.forget();
      const before = store.members.wallet(MEMBER);
      expect(() => store.members.save(before, { ...before, seq: 3 }, [])).toThrow(
        "a wallet counts every entry of its ledger",
      );
    });
  });
});

describe("the deep audit", () => {
  it("notices an entry that names a wrong one before it", async () => {
    const found = await auditAfter(
      "linked",
      "UPDATE entries SET prev_position = 1 WHERE position = 7",
    );
    expect(found).toEqual({
      breaches: expect.objectContaining({ I10_chain_holds: 1, I10_positions_in_no_chain: 2 }),
      faults: [{ position: 7, seq: 2, kind: "gap" }],
    });
  });

  it("follows no link into the ledger of somebody else", async () => {
    const found = await auditAfter(
      "crossed",
      "UPDATE entries SET prev_position = 4 WHERE position = 7",
    );
    expect(found).toMatchObject({
      breaches: { I10_chain_holds: 1, I10_positions_in_no_chain: 3 },
    });
  });

  it("notices an entry that is gone", async () => {
    const found = await auditAfter("gone", "DELETE FROM entries WHERE position = 3");
    expect(found).toMatchObject({
      breaches: { I10_chain_holds: 1, I10_positions_in_no_chain: 2 },
    });
  });

  it("notices an entry that no chain has", async () => {
    const copied = (position: number): string =>
      `INSERT INTO entries (position, prev_position, member_key, seq, type, points, natural_key, recorded_at_ms, detail)
       SELECT ${position}, NULL, member_key, seq, type, points, 'copy', recorded_at_ms, detail FROM entries WHERE position = 8`;
    expect(await auditAfter("extra", copied(9))).toEqual({
      breaches: { I10_positions_in_no_chain: 1 },
      faults: [],
    });
    expect(await auditAfter("before", copied(-1))).toEqual({
      breaches: { I10_positions_in_no_chain: 1 },
      faults: [],
    });
  });

  it("notices a member's row that names an older entry as its last, or none", async () => {
    for (const last of ["5", "NULL"]) {
      const change = `UPDATE members SET last_position = ${last} WHERE member_key = '${MEMBER}'`;
      expect(await auditAfter(`end-${last}`, change)).toMatchObject({
        breaches: { I10_chain_holds: 1 },
      });
    }
  });

  it("counts over all of its pages, and leaves out what is written between them", async () => {
    const account = accountNamed("pages");
    await runInDurableObject(account, (_instance, { storage: { sql } }) => {
      const store = new AccountStore(sql);
      for (let n = 100; n < 500; n += 1) give(store, `demo:m${n}`, "first");
      store.flush();
    });
    await evictDurableObject(account);
    const first = await account.auditMembers("");
    expect(first).toMatchObject({ members: 200, breaches: {} });
    await runInDurableObject(account, (_instance, { storage: { sql } }) => {
      const store = new AccountStore(sql);
      for (const key of ["demo:a", "demo:m100", "demo:m400", "demo:z"]) give(store, key, "later");
      store.flush();
    });
    const second = await account.auditMembers(first.next ?? "");
    const third = await account.auditMembers(second.next ?? "");
    expect(third.next).toBeNull();
    expect([second, third].map(({ breaches }) => breaches)).toEqual([{}, {}]);
    expect(first.members + second.members + third.members).toBe(401);
    await runInDurableObject(account, (_instance, { storage: { sql } }) => {
      sql.exec(
        "UPDATE entries SET member_key = 'demo:m101', natural_key = 'moved' WHERE position = 1",
      );
    });
    const pages = [await account.auditMembers("")];
    for (let next = pages[0]?.next; next; next = pages.at(-1)?.next) {
      pages.push(await account.auditMembers(next));
    }
    expect(pages.at(-1)?.breaches).toEqual({ I10_positions_in_no_chain: 1 });
  });
});

describe("a long ledger", () => {
  const LENGTH = 200;
  const COUNT = 5;

  /** Storage that says how many rows were read since it was asked last. */
  function counting(sql: SqlStorage): {
    readonly sql: SqlStorage;
    readonly rowsRead: () => number;
  } {
    const cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];
    const exec = (query: string, ...values: SqlStorageValue[]) => {
      const cursor = sql.exec(query, ...values);
      cursors.push(cursor);
      return cursor;
    };
    const rowsRead = (): number => cursors.splice(0).reduce((sum, one) => sum + one.rowsRead, 0);
    return { sql: { exec } as unknown as SqlStorage, rowsRead };
  }

  it("is read from any place on, forwards, and by number, few rows at a time", async () => {
    await runInDurableObject(accountNamed("long"), (_instance, { storage }) => {
      fill(storage.sql, LENGTH);
      const { sql, rowsRead } = counting(storage.sql);
      const store = new EntriesStore(sql, new Watermarks(sql));
      expect([...store.ledgerOf(MEMBER)].map(({ entry }) => entry.seq)).toEqual(upTo(LENGTH));
      const newestFirst = upTo(LENGTH).toReversed();
      for (const before of [...upTo(LENGTH + 1), Number.MAX_SAFE_INTEGER]) {
        rowsRead();
        const page = store.page(MEMBER, before, COUNT).map(({ seq }) => seq);
        expect(page).toEqual(newestFirst.filter((seq) => seq < before).slice(0, COUNT));
        // From the next anchor down to the page: each row where it lies, in the chain, and where it is shown.
        expect(rowsRead()).toBeLessThan(3 * (32 + COUNT));
        expect(store.at(MEMBER, before)?.seq).toBe(before <= LENGTH ? before : undefined);
      }
      expect(store.at(MEMBER, 0)).toBeNull();
    });
  });

  it("has one anchor in 32 entries, and no other row of an index", async () => {
    await runInDurableObject(accountNamed("anchors"), (_instance, { storage: { sql } }) => {
      fill(sql, 66);
      const plan = sql
        .exec(
          "EXPLAIN QUERY PLAN SELECT seq FROM entries WHERE member_key = ? AND seq % 32 = 0",
          MEMBER,
        )
        .toArray();
      expect(JSON.stringify(plan)).toContain("USING COVERING INDEX entries_anchors");
      const anchors = sql
        .exec("SELECT seq FROM entries WHERE member_key = ? AND seq % 32 = 0", MEMBER)
        .toArray();
      expect(anchors.map(({ seq }) => seq)).toEqual([32, 64]);
    });
  });

  it("is read within the commit that writes it", async () => {
    await runInDurableObject(accountNamed("within"), (_instance, { storage: { sql } }) => {
      fill(sql, 2);
      const store = new AccountStore(sql);
      give(store, MEMBER, "third");
      give(store, MEMBER, "fourth");
      expect(seqsOf(store)).toEqual([1, 2, 3, 4]);
      expect(store.entries.page(MEMBER, 9, 2).map(({ seq }) => seq)).toEqual([4, 3]);
      store.flush();
      expect(seqsOf(store)).toEqual([1, 2, 3, 4]);
    });
  });
});

describe("ledgers from before chains", () => {
  it("are linked where they lie, of whatever members their entries alternate", async () => {
    const account = accountNamed("before-chains");
    let chains: unknown[] = [];
    const links = (sql: SqlStorage): unknown[] => [
      ...sql.exec("SELECT position, prev_position FROM entries ORDER BY position").toArray(),
      ...sql.exec("SELECT member_key, last_position FROM members ORDER BY member_key").toArray(),
    ];
    await runInDurableObject(account, (_instance, { storage: { sql } }) => {
      fill(sql, 40);
      chains = links(sql);
      // As migration 10 left it.
      sql.exec(`DROP INDEX entries_anchors; DELETE FROM schema_migrations WHERE id = 11;
        CREATE TABLE entries_before (
          position INTEGER PRIMARY KEY, member_key TEXT NOT NULL, seq INTEGER NOT NULL, type TEXT NOT NULL,
          points INTEGER NOT NULL, natural_key TEXT NOT NULL, recorded_at_ms INTEGER NOT NULL, detail TEXT NOT NULL
        ) STRICT;
        INSERT INTO entries_before
          SELECT position, member_key, seq, type, points, natural_key, recorded_at_ms, detail FROM entries;
        DROP TABLE entries;
        ALTER TABLE entries_before RENAME TO entries;
        CREATE UNIQUE INDEX entries_by_member ON entries (member_key, seq);
        CREATE UNIQUE INDEX entries_by_natural_key ON entries (member_key, natural_key)
          WHERE type NOT IN ('redeem', 'redeem_rollback');
        ALTER TABLE members DROP COLUMN last_position;`);
    });
    await evictDurableObject(account);
    expect(await account.auditMembers("")).toMatchObject({ breaches: {}, faults: [], entries: 80 });
    await runInDurableObject(account, (_instance, { storage: { sql } }) => {
      expect(links(sql)).toEqual(chains);
      const store = new AccountStore(sql);
      give(store, MEMBER, "after");
      store.flush();
      expect(seqsOf(store)).toEqual(upTo(41));
    });
  });
});
