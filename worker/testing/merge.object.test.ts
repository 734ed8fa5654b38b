/** Two records of one person become one, in two objects: nothing is lost, nothing counts twice, whatever is repeated. */
import { env } from "cloudflare:workers";
import {
  applyD1Migrations,
  evictDurableObject,
  runInDurableObject,
  type D1Migration,
} from "cloudflare:test";
import { beforeAll, describe, expect, inject, it } from "vitest";
import type { Account } from "../accounts/account-object.ts";
import type { Parcel } from "../accounts/merging/messages.ts";
import type { EarningRows } from "../accounts/merging/earning-rows.ts";
import { bucketOf } from "../kernel/ids.ts";
import { currentKey, memberSeen, olderRecords } from "../members/index.ts";
import type { Env } from "../platform/env.ts";
import { MERGE_SQL, MergeDesk, MOVES, sweepMerges } from "../merges/desk.ts";
import { expectIndexed } from "./d1-plans.ts";
import { ask, holderOf, orderEvent, programme } from "./object-earning.ts";
import { shop } from "./object-shop.ts";
import { NO_GRACE_TIERS, taskOf } from "./points/programme.ts";

const bindings = env as unknown as Env;
const NO_ROWS: EarningRows = {
  ...{ profile: null, events: [], caps: [], tasks: [], invite: null, invited: [], prints: [] },
  requests: [],
};
const DAY = 86_400_000;
let made = 0;

beforeAll(async () => {
  await applyD1Migrations(bindings.DB, inject("d1Migrations" as never) as D1Migration[]);
});

/** Two records whose Accounts are two objects. */
function pair(programmeId = "demo"): {
  from: string;
  into: string;
  fromKey: string;
  intoKey: string;
} {
  made += 1;
  const from = `leaves-${made}`;
  const fromKey = `${programmeId}:${from}`;
  for (let at = 0; ; at += 1) {
    const into = `stays-${made}-${at}`;
    const intoKey = `${programmeId}:${into}`;
    if (bucketOf(intoKey, 4) !== bucketOf(fromKey, 4)) return { from, into, fromKey, intoKey };
  }
}

async function give(
  memberKey: string,
  points: number,
  more: Partial<{ expiresAtMs: number; pendingUntilMs: number }> = {},
): Promise<void> {
  made += 1;
  const reply = await holderOf(memberKey).grant({
    ...{ memberKey, points, reason: "r", internalNote: "", storeId: null, actor: "staff:t" },
    ...{
      idempotencyKey: `g${made}`,
      source: "manual",
      expiresAtMs: null,
      pendingUntilMs: null,
      ...more,
    },
  });
  if (reply.kind !== "changed") throw new Error(`a grant was refused: ${JSON.stringify(reply)}`);
}

async function begin(fromKey: string, intoKey: string): Promise<void> {
  made += 1;
  const reply = await holderOf(fromKey).beginMerge({ mergeId: `merge-${made}`, fromKey, intoKey });
  expect(reply).toEqual({ kind: "begun" });
}

/** Everything that is on its way has come. */
async function rested(fromKey: string): Promise<void> {
  await holderOf(fromKey).sweep();
  await expect.poll(async () => (await holderOf(fromKey).mergeFacts(fromKey)).isAtRest).toBe(true);
}

async function expectSound(...memberKeys: readonly string[]): Promise<void> {
  for (const memberKey of memberKeys) {
    const { breaches, faults } = await holderOf(memberKey).auditMembers("");
    expect({ breaches, faults }).toEqual({ breaches: {}, faults: [] });
  }
}

const balance = async (memberKey: string) =>
  (await holderOf(memberKey).points(memberKey, 1_000, 20)).balance;

function redeem(memberKey: string, saleId: string, orderId: string) {
  return holderOf(memberKey).redeem({
    ...{ memberKey, orderId, saleId, quantity: 1, epoch: 1, wantsFrozen: false },
  });
}

describe("points", () => {
  it("move lot by lot, with their deadlines and what they wait for", async () => {
    const { fromKey, intoKey } = pair();
    const soon = Date.now() + DAY;
    await give(fromKey, 30, { expiresAtMs: soon });
    await give(fromKey, 20, { pendingUntilMs: soon });
    await give(fromKey, 50);
    await give(intoKey, 5);
    await begin(fromKey, intoKey);
    await rested(fromKey);
    expect(await balance(fromKey)).toMatchObject({ active: 0, pending: 0, spent: 0 });
    expect(await balance(intoKey)).toMatchObject({ active: 85, pending: 20, spent: 0 });
    const { calendar, lots, entries } = await holderOf(intoKey).points(intoKey, 1_000, 20);
    expect(calendar.deadlines).toEqual([{ expiresAtMs: soon, points: 30 }]);
    expect(lots.find(({ pendingUntilMs }) => pendingUntilMs === soon)?.remaining).toBe(20);
    expect(entries[0]).toMatchObject({ type: "transfer_in", points: 100 });
    await expectSound(fromKey, intoKey);
  });

  it("arrive once though the object dies, the word of the arrival is lost, and the command comes again", async () => {
    const { fromKey, intoKey } = pair();
    await give(fromKey, 70);
    const merge = { mergeId: `merge-again-${made}`, fromKey, intoKey };
    await holderOf(fromKey).beginMerge(merge);
    await evictDurableObject(holderOf(fromKey));
    await rested(fromKey);
    expect(await holderOf(fromKey).beginMerge(merge)).toEqual({ kind: "begun" });
    // As if the acknowledgement had never come back.
    const parcel: Parcel = {
      ...{ ...merge, parcel: 1, earning: NO_ROWS, units: null },
      lots: (await holderOf(intoKey).points(intoKey, 1_000, 20)).lots,
    };
    await runInDurableObject(holderOf(fromKey), async (_object: Account, state) => {
      state.storage.sql.exec(
        "INSERT INTO merge_parcels (member_key, parcel, points, body) VALUES (?, 1, 70, ?)",
        ...[fromKey, JSON.stringify(parcel)],
      );
    });
    await rested(fromKey);
    expect(await balance(intoKey)).toMatchObject({ active: 70 });
    const sums = async (key: string) => holderOf(key).audit();
    const [from, into] = [await sums(fromKey), await sums(intoKey)];
    expect(from.waitingPoints + into.waitingPoints).toBe(0);
    await expectSound(fromKey, intoKey);
  });

  it("that come back to the old record later follow, and so does the place under the limit", async () => {
    const { fromKey, intoKey } = pair();
    const { saleId } = await shop({ limit: 1 });
    await give(fromKey, 10);
    await give(intoKey, 100);
    expect(await redeem(fromKey, saleId, "order-merged-0001")).toMatchObject({ kind: "granted" });
    await begin(fromKey, intoKey);
    await rested(fromKey);
    const refusal = { code: "limit_reached", figures: { limit: 1, used: 1 } };
    expect(await redeem(intoKey, saleId, "order-merged-0002")).toMatchObject({
      kind: "refused",
      refusal,
    });
    expect(await redeem(fromKey, saleId, "order-merged-0003")).toMatchObject({ kind: "refused" });
    const cancelled = await holderOf(fromKey).cancel({
      ...{ memberKey: fromKey, orderId: "order-merged-0001", forfeitMax: null },
    });
    expect(cancelled.kind).toBe("cancelled");
    await rested(fromKey);
    expect(await balance(intoKey)).toMatchObject({ active: 110 });
    expect(await redeem(intoKey, saleId, "order-merged-0004")).toMatchObject({ kind: "granted" });
    await expectSound(fromKey, intoKey);
  });

  it("go on to a third record when the one they came to leaves too", async () => {
    const { fromKey, intoKey } = pair();
    const third = `demo:third-${made}`;
    await give(fromKey, 40);
    await begin(fromKey, intoKey);
    await begin(intoKey, third);
    await rested(fromKey);
    await rested(intoKey);
    expect(await balance(third)).toMatchObject({ active: 40 });
    await expectSound(fromKey, intoKey, third);
  });

  it("stay where they are while a ticket holds some, or some are owed", async () => {
    const { fromKey, intoKey } = pair();
    const { saleId } = await shop({ opensInMs: 3_600_000 });
    await give(fromKey, 10);
    const ticket = {
      memberKey: fromKey,
      orderId: "order-ticket-0001",
      saleId,
      quantity: 1,
      epoch: 1,
    };
    const held = await holderOf(fromKey).ticket({ ...ticket, replaces: null });
    expect(held.kind).toBe("ticket");
    const merge = { mergeId: "merge-held-0001", fromKey, intoKey };
    const refused = { kind: "refused", reason: "points_held" };
    expect(await holderOf(fromKey).beginMerge(merge)).toEqual(refused);
    const owing = pair();
    await holderOf(owing.fromKey).deduct({
      ...{ memberKey: owing.fromKey, points: 5, reason: "r", internalNote: "", storeId: null },
      ...{ actor: "staff:t", idempotencyKey: "d", mayGoNegative: true },
    });
    expect(
      await holderOf(owing.fromKey).beginMerge({ ...merge, ...owing, mergeId: "merge-owes-0001" }),
    ).toEqual({ kind: "refused", reason: "owes_points" });
  });
});

describe("what was earned by", () => {
  it("is joined: growth adds up, a counted event stays counted, a day is not paid twice", async () => {
    const terms = programme({ tiers: NO_GRACE_TIERS });
    const { from, into, fromKey, intoKey } = pair(terms.programmeId);
    const paid = { kind: "money", amountFen: 9_900, method: "cash" } as const;
    const membership = { requestId: "membership-000001", tierId: "gold", months: 1, by: "staff:t" };
    await ask(terms, from, "membership", { ...membership, paid });
    await ask(terms, into, "membership", { ...membership, paid: null });
    const bought = orderEvent("e-1", 9_900);
    await ask(terms, from, "event", bought);
    await ask(terms, into, "event", orderEvent("e-2", 9_900));
    await ask(terms, from, "check_in", {});
    const growth = async (key: string) => (await holderOf(key).mergeFacts(key)).growth;
    const [one, other] = [await growth(fromKey), await growth(intoKey)];
    await begin(fromKey, intoKey);
    await rested(fromKey);
    expect(await growth(intoKey)).toBe(one + other);
    const { purchases } = (await ask(terms, into, "purchases", {})) as { purchases: unknown };
    expect(purchases).toHaveLength(2);
    expect(purchases).toEqual(expect.arrayContaining([expect.objectContaining({ paid })]));
    expect(await ask(terms, into, "check_in", {})).toMatchObject({ isNew: false });
    expect(await ask(terms, into, "event", bought)).toMatchObject({
      isReplay: true,
    });
    // A return of what the old record bought takes from the record that stays.
    const back = await ask(terms, into, "return", {
      ...{ eventId: "e-1", returnId: "r-1", amountFen: null, actor: "staff:t" },
    });
    expect(back).toMatchObject({ kind: "returned" });
    await expectSound(fromKey, intoKey);
  });
});

describe("what was paid before a merge", () => {
  it("is taken back with its order, and a request that comes again is known", async () => {
    const task = taskOf({ target: 1, claim: "auto", points: 40 });
    const terms = programme({ tasks: [{ task, fromMs: 0, untilMs: null }] });
    const { from, into, fromKey, intoKey } = pair(terms.programmeId);
    await ask(terms, from, "event", orderEvent("o", 5_000));
    const cards = { requestId: "cards-request-0001", cards: 2 };
    expect(await ask(terms, from, "cards", cards)).toMatchObject({ makeUpCards: 2 });
    expect(await balance(fromKey)).toMatchObject({ active: 40 });
    await ask(terms, into, "event", orderEvent("other", 100, { kind: "review", lines: [] }));
    await begin(fromKey, intoKey);
    await rested(fromKey);
    expect(await ask(terms, into, "cards", cards)).toMatchObject({ makeUpCards: 2 });
    const back = { eventId: "o", returnId: "r", amountFen: null, actor: "t" };
    expect(await ask(terms, into, "return", back)).toMatchObject({ kind: "returned" });
    expect(await balance(intoKey)).toMatchObject({ active: 0, clawedBack: 40 });
    // The task is open again, and pays what it says, once.
    await ask(terms, into, "event", orderEvent("again", 5_000));
    expect(await balance(intoKey)).toMatchObject({ active: 40 });
    await expectSound(fromKey, intoKey);
  });
});

describe("what D1 keeps", () => {
  it("moves with it, and goes on after an outage", async () => {
    const { from, into } = pair("merged");
    const programmeId = "merged";
    const nowMs = Date.now();
    await memberSeen(
      bindings,
      programmeId,
      from,
      { displayName: "苏岚", phone: "13800000001" },
      nowMs,
    );
    const run = (sql: string, ...values: unknown[]) =>
      bindings.DB.prepare(sql)
        .bind(programmeId, ...values)
        .run();
    await run("INSERT INTO identities VALUES (?1, 'phone', 'print-1', ?2, 's', 0, 0)", from);
    await run("INSERT INTO addresses VALUES (?1, 'a-1', ?2, 1, '110101', 's', 0)", from);
    await run("INSERT INTO member_labels VALUES (?1, 'vip', ?2)", from);
    // The Worker died after it had written down what it wants.
    await run(
      `INSERT INTO member_merges (programme_id, merge_id, from_id, into_id, state, reason, actor, at_ms)
       VALUES (?1, 'merge-d1-0001', ?2, ?3, 'open', 'r', 'staff:t', ?4)`,
      ...[from, into, nowMs],
    );
    await sweepMerges(bindings, nowMs);
    await sweepMerges(bindings, nowMs);
    const row = await bindings.DB.prepare(MERGE_SQL.find)
      .bind(programmeId, "merge-d1-0001")
      .first();
    expect(row).toMatchObject({ state: "done" });
    for (const table of ["identities", "addresses", "member_labels"]) {
      const { results } = await run(`SELECT member_id FROM ${table} WHERE programme_id = ?1`);
      expect(results).toEqual([{ member_id: into }]);
    }
    const { results } = await run(
      "SELECT member_id, display_name, phone_tail, merged_into FROM members WHERE programme_id = ?1 ORDER BY merged_into",
    );
    expect(results).toEqual([
      { member_id: into, display_name: "苏岚", phone_tail: "0001", merged_into: null },
      { member_id: from, display_name: "苏岚", phone_tail: "0001", merged_into: into },
    ]);
    expect(await currentKey(bindings, `${programmeId}:${from}`, nowMs)).toBe(
      `${programmeId}:${into}`,
    );
    expect(await olderRecords(bindings, { programmeId, memberId: into }, nowMs)).toEqual([from]);
    const again = { fromId: from, intoId: `${into}-x`, reason: "r", actor: "staff:t" };
    expect(
      await new MergeDesk(bindings, programmeId, nowMs).merge({
        ...again,
        mergeId: "merge-d1-0002",
      }),
    ).toEqual({ kind: "refused", obstacle: "merged_already" });
  });

  it("is found by indexes", async () => {
    for (const sql of [...Object.values(MERGE_SQL), ...MOVES])
      await expectIndexed(bindings.DB, sql, /member_merges USING INDEX member_merges_open/);
  });
});
