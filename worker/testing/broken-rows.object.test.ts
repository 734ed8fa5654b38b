/** Rows of an Account that break whatever touches them, more than its clocks take at once: those behind them are served all the same. */
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { Account } from "../accounts/account-object.ts";
import { LIMITS } from "../kernel/limits.ts";
import { bought, PAY_WITHIN_MS } from "./object-buyer.ts";
import { bindings, migrate } from "./object-catalogue.ts";
import { ask, holderOf, orderEvent, programme, sweepAt } from "./object-earning.ts";

vi.setConfig({ testTimeout: 120_000 });
beforeAll(migrate);

type Stub = DurableObjectStub<Account>;
const BROKEN = 120;
const WITHIN = { timeout: 20_000, interval: 50 };
let made = 0;
const accountOfItsOwn = (): Stub => bindings.ACCOUNT.getByName(`bucket:1:broken-${(made += 1)}`);

/** `?1` of the statement counts from 1 to `count`. */
function insert(account: Stub, statement: string, count = BROKEN): Promise<void> {
  return runInDurableObject(account, (_object: Account, { storage }) => {
    for (let at = 1; at <= count; at += 1) storage.sql.exec(statement, at);
  });
}

function read(account: Stub, statement: string): Promise<unknown> {
  return runInDurableObject(
    account,
    (_object: Account, { storage }) => Object.values(storage.sql.exec(statement).one())[0],
  );
}

async function grant(account: Stub, memberKey: string, expiresAtMs: number | null): Promise<void> {
  const reply = await account.grant({
    ...{ memberKey, points: 500, idempotencyKey: "start", reason: "r", internalNote: "" },
    ...{ storeId: null, actor: "staff:t", source: "manual", expiresAtMs, pendingUntilMs: null },
  });
  expect(reply.kind).toBe("changed");
}

/** Their lots do not cover what was granted. */
const MEMBERS = `INSERT INTO members (member_key, seq, head_hash, granted, spent, expired, lot_seq, due_at_ms)
  VALUES ('demo:a-' || ?1, 1, '', 5, 0, 0, 0, 1)`;

describe("an Account with rows that break", () => {
  it("writes off what lapses of the member behind them", async () => {
    const account = accountOfItsOwn();
    const expiresAtMs = Date.now() + 60_000;
    await grant(account, "demo:well", expiresAtMs);
    await insert(account, MEMBERS);
    await sweepAt(account, expiresAtMs + 1);
    expect((await account.points("demo:well", 10, 10)).balance).toMatchObject({ active: 0 });
    expect((await account.points("demo:well", 10, 1)).entries).toMatchObject([{ type: "expire" }]);
    // The broken ones are tried again, and later than at once.
    const earliest = await read(account, "SELECT MIN(due_at_ms) FROM members");
    expect(earliest).toBeGreaterThan(expiresAtMs);
  });

  it("mends the ledger behind those that cannot be mended", async () => {
    const account = accountOfItsOwn();
    await grant(account, "demo:well", null);
    await insert(account, "INSERT INTO ledgers_to_mend (member_key) VALUES ('demo:a-' || ?1)");
    await insert(
      account,
      "INSERT INTO ledgers_to_mend (member_key) SELECT 'demo:well' WHERE ?1",
      1,
    );
    await evictDurableObject(account);
    const well = "SELECT COUNT(*) FROM ledgers_to_mend WHERE member_key = 'demo:well'";
    await vi.waitFor(async () => {
      await account.sweep();
      expect(await read(account, well)).toBe(0);
    }, WITHIN);
    expect(await read(account, "SELECT COUNT(*) FROM ledgers_to_mend")).toBe(BROKEN);
  });

  it("does what time does to the earner behind them", async () => {
    const terms = programme();
    const account = holderOf(`${terms.programmeId}:well`);
    expect(await ask(terms, "well", "event", orderEvent("first", 5_000))).toMatchObject({
      kind: "earned",
    });
    const due = (key: string): string =>
      `SELECT COALESCE(MIN(due_at_ms), 0) FROM earners WHERE member_key GLOB '${terms.programmeId}:${key}'`;
    await insert(account, `UPDATE earners SET due_at_ms = 2 WHERE ?1`, 1);
    await insert(
      account,
      `INSERT INTO earners (member_key, due_at_ms, profile) VALUES ('${terms.programmeId}:a-' || ?1, 1, '{')`,
    );
    await evictDurableObject(account);
    await account.sweep();
    expect(await read(account, due("well"))).not.toBe(2);
    expect(await read(account, due("a-*"))).toBeGreaterThan(1);
  });

  it("does not turn round and round over earners whose programme it was never told of", async () => {
    const account = accountOfItsOwn();
    await insert(
      account,
      "INSERT INTO earners (member_key, due_at_ms, profile) VALUES ('untold:a-' || ?1, 1, '{}')",
    );
    await evictDurableObject(account);
    const startedMs = Date.now();
    await account.sweep();
    const earliest = await read(account, "SELECT MIN(due_at_ms) FROM earners");
    expect(earliest).toBeGreaterThan(startedMs);
  });

  it("gives back what a till held behind them", async () => {
    const terms = programme({
      offset: { version: 1, tills: true, mall: true, isStackable: false, holdMinutes: 15 },
      rate: { rate: { points: 100, fen: 100 }, pointsMin: 100, percentMax: 50, pointsMax: null },
    });
    const memberKey = `${terms.programmeId}:well`;
    const account = holderOf(memberKey);
    await grant(account, memberKey, null);
    const held = await (
      account as unknown as { spend: (kind: string, call: object) => Promise<{ kind: string }> }
    ).spend("offset_hold", {
      ...{ memberKey, revision: terms.revision, terms, offsetId: "o-well", storeId: null },
      ...{ billFen: 1_000, points: 100, isDiscounted: false, note: "Till 3", actor: "staff:t" },
    });
    expect(held.kind).toBe("offset");
    // Slices of lots that are not there.
    await insert(
      account,
      `INSERT INTO offsets (member_key, offset_id, state, points, returned_points, due_at_ms, detail)
       SELECT 'demo:a-' || ?1, 'o-' || ?1, 'held', 100, 0, 1,
         json_set(detail, '$.memberKey', 'demo:a-' || ?1, '$.offsetId', 'o-' || ?1) FROM offsets WHERE offset_id = 'o-well'`,
    );
    await evictDurableObject(account);
    await sweepAt(account, Date.now() + 16 * 60_000);
    expect((await account.points(memberKey, 10, 1)).balance).toMatchObject({
      active: 500,
      held: 0,
    });
  });

  it("cancels the unpaid order behind them", async () => {
    const buyer = await bought();
    await insert(
      buyer.account,
      `INSERT INTO order_lives (member_key, order_id, state, due_at_ms, detail)
       SELECT member_key, 'broken-' || ?1, state, 1, json_set(detail, '$.receipts', json('[{}]')) FROM order_lives
       WHERE order_id = '${buyer.orderId}'`,
      1_100,
    );
    await insert(buyer.account, MEMBERS, 1);
    await evictDurableObject(buyer.account);
    await sweepAt(buyer.account, Date.now() + PAY_WITHIN_MS + 60_000);
    await sweepAt(buyer.account, Date.now() + PAY_WITHIN_MS + 120_000);
    expect(await read(buyer.account, "SELECT COUNT(*) FROM orders WHERE is_cancelled = 1")).toBe(1);
  });

  it("tells the Sku behind one that fails of its cancels", async () => {
    const buyer = await bought();
    await insert(
      buyer.account,
      `INSERT INTO cancels (sale_id, member_key, order_id, at_ms) VALUES ('demo.gone~1', 'demo:a-' || ?1, 'order', 1)`,
      LIMITS.outboxBatchMax + 1,
    );
    const { key: memberKey, orderId, account, sku, saleId } = buyer;
    expect(await account.cancel({ memberKey, orderId, forfeitMax: null })).toMatchObject({
      kind: "cancelled",
    });
    await vi.waitFor(
      async () => expect(await sku.view(saleId)).toMatchObject({ sale: { returned: 1 } }),
      WITHIN,
    );
    const left = "SELECT COUNT(*) FROM cancels";
    await vi.waitFor(
      async () => expect(await read(account, left)).toBe(LIMITS.outboxBatchMax + 1),
      WITHIN,
    );
  });
});
