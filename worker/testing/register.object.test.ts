/** Lists of members, segments and labels over D1: every page by an index, no row twice, none left out. */
import { env } from "cloudflare:workers";
import { applyD1Migrations, type D1Migration } from "cloudflare:test";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { bucketOf } from "../kernel/ids.ts";
import type { Env } from "../platform/env.ts";
import { listStatement, SORTS, type Cursor, type ListAsk } from "../register/list.ts";
import { REGISTER_SQL, RegisterStore } from "../register/store.ts";
import { count, sweepSegments } from "../segments/counter.ts";
import { fragmentOf, PRESETS, TOP_FIGURES, type SegmentRule } from "../segments/model.ts";
import {
  countSql,
  END,
  RANK_MEMBERS,
  rankSql,
  SEGMENT_SQL,
  SegmentStore,
} from "../segments/store.ts";
import { tellMembers } from "../segments/tell.ts";
import { expectIndexed } from "./d1-plans.ts";
import { Caller } from "./object-catalogue.ts";

const bindings = env as unknown as Env;
const NOW = 1_800_000_000_000;
const DAY = 86_400_000;
const P = "listed";
const MEMBERS = 60;

const ASK: Omit<ListAsk, "programmeId"> = {
  ...{ q: "", labelId: null, segmentId: null, tierId: null, isBlocked: false, nowMs: NOW },
  ...{
    expiringDays: null,
    redeemedDays: null,
    sort: "activity",
    isAscending: false,
    cursor: null,
    limit: 7,
  },
  sight: { name: true, phone: true },
};

beforeAll(async () => {
  await applyD1Migrations(bindings.DB, inject("d1Migrations" as never) as D1Migration[]);
  const rows = Array.from({ length: MEMBERS }, (_, at) => [
    ...[P, `m-${String(at).padStart(3, "0")}`, at % 3 === 0 ? `张${at}` : "", NOW - at * DAY],
    // Equal figures, so that a page that forgets the member in its order shows it.
    ...[NOW - (at % 5) * DAY, at % 4, at % 6, at % 2 === 0 ? "gold" : null],
    ...[at % 10 === 0 ? NOW - at : null, at % 7 === 0 ? NOW + (at + 1) * DAY : null, 10],
    ...[at % 3 === 0 ? String(1_000 + (at % 9)) : null, at % 4 === 0 ? NOW - 400 * DAY : NOW],
  ]);
  await bindings.DB.prepare(
    `INSERT INTO members (programme_id, member_id, display_name, first_seen_at_ms, last_active_at_ms, frequency, active, tier_id,
       blocked_at_ms, next_expires_at_ms, next_expiring, phone_tail, last_redeemed_at_ms)
     SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8,
       value ->> 9, value ->> 10, value ->> 11, value ->> 12 FROM json_each(?1)`,
  )
    .bind(JSON.stringify(rows))
    .run();
  const store = new SegmentStore(bindings.DB, P);
  await store.saveLabel("vip", "贵宾", "staff:t", NOW);
  const some = Array.from({ length: 20 }, (_, at) => `m-${String(at * 3).padStart(3, "0")}`);
  await store.put("vip", some, true);
});

/** Every row of a list, page by page. */
async function all(ask: Partial<ListAsk>): Promise<string[]> {
  const store = new RegisterStore(bindings.DB, P);
  const found: string[] = [];
  let cursor: Cursor | null = null;
  do {
    const page: Awaited<ReturnType<RegisterStore["list"]>> = await store.list({
      ...{ ...ASK, ...ask, cursor },
    });
    expect(page.rows.length).toBeLessThanOrEqual(ask.limit ?? ASK.limit);
    found.push(...page.rows.map(({ memberId }) => memberId));
    cursor = page.next;
  } while (cursor !== null);
  return found;
}

const FILTERS: Readonly<Record<string, Partial<ListAsk>>> = {
  "an id": { q: "m-01" },
  "a name": { q: "张" },
  "a phone": { q: "1003" },
  "a label": { labelId: "vip" },
  "a label and a tier": { labelId: "vip", tierId: "gold" },
  "a segment": { segmentId: "golden" },
  "blocked ones": { isBlocked: true },
  "blocked ones of a tier": { isBlocked: true, tierId: "gold", labelId: "vip" },
  "expiring points": { expiringDays: 30 },
  "a redemption": { redeemedDays: 30 },
  "a redemption in a tier": { redeemedDays: 30, tierId: "gold" },
  "expiring points of a segment": { expiringDays: 30, segmentId: "golden" },
  "a tier": { tierId: "gold" },
};

describe("lists of members", () => {
  it.each(
    SORTS.flatMap((sort) => [true, false].map((isAscending) => [sort, isAscending] as const)),
  )("by %s, ascending %s, show each once", async (sort, isAscending) => {
    const found = await all({ sort, isAscending });
    expect(found).toHaveLength(MEMBERS);
    expect(new Set(found).size).toBe(MEMBERS);
  });

  it("by filters show whom a plain count finds", async () => {
    const sizes = async (ask: Partial<ListAsk>): Promise<number> => new Set(await all(ask)).size;
    expect(await sizes({ q: "m-01" })).toBe(10);
    expect(await sizes({ q: "张" })).toBe(20);
    expect(await sizes({ q: "1003" })).toBe(7);
    expect(await sizes({ labelId: "vip" })).toBe(20);
    expect(await sizes({ labelId: "vip", tierId: "gold" })).toBe(10);
    expect(await sizes({ isBlocked: true })).toBe(6);
    expect(await sizes({ isBlocked: true, tierId: "gold", labelId: "vip" })).toBe(2);
    expect(await sizes({ tierId: "gold" })).toBe(30);
    expect(await sizes({ expiringDays: 30 })).toBe(5);
  });

  it.each(Object.entries({ ...FILTERS, ...sortsAsFilters() }))(
    "go by an index: %s",
    async (_name, ask) => {
      for (const cursor of [null, { by: "", key: 1, memberId: "m" }]) {
        const given = { ...ASK, ...ask, programmeId: P };
        const { by } = listStatement(given);
        const { sql } = listStatement({ ...given, cursor: cursor && { ...cursor, by } });
        await expectIndexed(bindings.DB, sql);
      }
    },
  );
});

function sortsAsFilters(): Record<string, Partial<ListAsk>> {
  return Object.fromEntries(
    SORTS.flatMap((sort) =>
      [true, false].map((isAscending) => [`${sort} ${isAscending}`, { sort, isAscending }]),
    ),
  );
}

describe("a member's row", () => {
  it("is edited by version, and made by the first edit", async () => {
    const store = new RegisterStore(bindings.DB, P);
    const first = { displayName: "李雷", note: "n1", version: 0 };
    expect(await store.edit("fresh", first, NOW)).toBe(true);
    expect(await store.edit("fresh", { ...first, note: "n2" }, NOW)).toBe(false);
    expect(await store.edit("fresh", { displayName: null, note: "n3", version: 1 }, NOW)).toBe(
      true,
    );
    expect(await store.find("fresh")).toMatchObject({
      displayName: "李雷",
      note: "n3",
      version: 2,
    });
    expect(await store.edit("nobody", { ...first, version: 3 }, NOW)).toBe(false);
    expect(await store.find("nobody")).toBeNull();
    await bindings.DB.prepare("DELETE FROM members WHERE member_id = 'fresh'").run();
  });
});

describe("segments", () => {
  const save = async (segmentId: string, rule: SegmentRule, version = 0): Promise<void> => {
    const store = new SegmentStore(bindings.DB, P);
    expect(await store.save({ segmentId, name: segmentId, rule, version }, "staff:t", NOW)).toBe(
      true,
    );
    await count(bindings, P, segmentId, NOW, 50);
    expect(await store.find(segmentId)).toMatchObject({ nextRound: null, reached: "" });
  };
  const sizeOf = async (segmentId: string): Promise<number> =>
    (await new SegmentStore(bindings.DB, P).find(segmentId))?.size ?? -1;
  const marksOf = async (memberId: string): Promise<readonly string[]> => {
    const key = `${P}:${memberId}`;
    const account = bindings.ACCOUNT.getByName(bucketOf(key, 4));
    return (await account.memberInGoods(key, null)).standing.segments;
  };

  it("hold whom their rule names, tell the Accounts, and tell them again when it changes", async () => {
    await save("golden", { all: [{ kind: "tier", tierIds: ["gold"] }] });
    expect(await sizeOf("golden")).toBe(30);
    expect(await all({ segmentId: "golden" })).toHaveLength(30);
    expect(await all({ segmentId: "golden", expiringDays: 30 })).toHaveLength(3);
    expect([await marksOf("m-000"), await marksOf("m-001")]).toEqual([["golden"], []]);
    await save("golden", { all: [{ kind: "label", labelIds: ["vip"] }] }, 1);
    expect(await sizeOf("golden")).toBe(20);
    expect([await marksOf("m-000"), await marksOf("m-002"), await marksOf("m-003")]).toEqual([
      ["golden"],
      [],
      ["golden"],
    ]);
    const { results } = await bindings.DB.prepare(
      "SELECT DISTINCT round FROM segment_members WHERE programme_id = ? AND segment_id = 'golden'",
    )
      .bind(P)
      .all();
    expect(results).toEqual([{ round: 2 }]);
  });

  it("take the first of a share, those who tie with the last of them too", async () => {
    // 45 of 60 have any purchase: 1, 2 or 3, fifteen of each; thirty of a hundred are 14.
    await save("top", { all: [{ kind: "top", percent: 30, by: "frequency" }] });
    expect(await sizeOf("top")).toBe(15);
    await save("top", { all: [{ kind: "top", percent: 34, by: "frequency" }] }, 1);
    expect(await sizeOf("top")).toBe(30);
  });

  it("rank and count crowds step by step, ties and all", async () => {
    const crowd = "crowded";
    const members = 2 * RANK_MEMBERS + 1_000;
    // Every figure from 1 to 3,000 is had by seven, spread over all ids.
    await bindings.DB.prepare(
      `INSERT INTO members (programme_id, member_id, display_name, first_seen_at_ms, last_active_at_ms, spent_points)
       WITH RECURSIVE n(x) AS (SELECT 0 UNION ALL SELECT x + 1 FROM n WHERE x < ?2 - 1)
       SELECT ?1, printf('c-%05d', x), '', ?3, ?3, x * 7919 % 3000 + 1 FROM n`,
    )
      .bind(crowd, members, NOW)
      .run();
    const store = new SegmentStore(bindings.DB, crowd);
    const topOf = async (percent: number, version: number): Promise<unknown> => {
      const rule: SegmentRule = { all: [{ kind: "top", percent, by: "spent" }] };
      await store.save({ segmentId: "top", name: "top", rule, version }, "staff:t", NOW);
      let row = await store.find("top");
      while (row && row.reached !== END) {
        await count(bindings, crowd, "top", NOW, 1);
        row = await store.find("top");
      }
      const { basis } = JSON.parse(row?.basis ?? "{}") as { basis: unknown };
      return [basis, row?.reached, row?.nextSize];
    };
    // 1 of 100 are 210 members, thirty figures of seven; 60 of 100 end behind the first mark, 100 behind the last.
    expect(await topOf(1, 0)).toEqual([{ spent: 2_971 }, END, 210]);
    expect(await topOf(60, 1)).toEqual([{ spent: 1_201 }, END, 12_600]);
    expect(await topOf(100, 2)).toEqual([{ spent: 1 }, END, members]);
    await bindings.DB.prepare("DELETE FROM members WHERE programme_id = ?1").bind(crowd).run();
    await store.remove("top");
  });

  it("know who stayed away, and who never came at all", async () => {
    await save("away", { all: [{ kind: "redeemed", days: 365, is: "beyond" }] });
    await save("here", { all: [{ kind: "redeemed", days: 365, is: "within" }] });
    expect([await sizeOf("away"), await sizeOf("here")]).toEqual([15, 45]);
  });

  it("are counted anew by the sweep once they are a day old", async () => {
    await bindings.DB.prepare(
      "UPDATE members SET tier_id = 'gold' WHERE member_id = 'm-001'",
    ).run();
    await sweepSegments(bindings, NOW + 2 * DAY);
    const row = await new SegmentStore(bindings.DB, P).find("here");
    expect(row).toMatchObject({ nextRound: null, countedAtMs: NOW + 2 * DAY, round: 2 });
  });

  it("are taken on by whoever looks at a round under way", async () => {
    const store = new SegmentStore(bindings.DB, "demo");
    const rule: SegmentRule = { all: [{ kind: "balance", min: 1, max: null }] };
    await store.save({ segmentId: "watched", name: "watched", rule, version: 0 }, "staff:t", NOW);
    expect(await store.find("watched")).toMatchObject({ countedAtMs: null, nextRound: 1 });
    const staff = await new Caller().login("onlooker", "staff");
    const { body } = await staff.get("/api/v1/staff/segments");
    expect(body.items).toMatchObject([{ segmentId: "watched", counting: { found: 0 } }]);
    expect(await store.find("watched")).toMatchObject({ round: 1, nextRound: null });
  });

  it("do not overwrite what somebody else saved, and leave nothing behind", async () => {
    const store = new SegmentStore(bindings.DB, P);
    const rule: SegmentRule = { all: [{ kind: "balance", min: 1, max: null }] };
    expect(await store.save({ segmentId: "top", name: "x", rule, version: 1 }, "s", NOW)).toBe(
      false,
    );
    expect(await store.remove("top")).toBe(true);
    const left = await bindings.DB.prepare(
      "SELECT COUNT(*) AS count FROM segment_members WHERE segment_id = 'top'",
    ).first();
    expect(left).toEqual({ count: 0 });
  });

  it("put a label on a member whom rules can ask about", async () => {
    const mark = { list: "labels", word: "vip", isOn: true } as const;
    await tellMembers(bindings, P, ["m-005"], mark, NOW);
    await tellMembers(bindings, P, ["m-005"], { ...mark, word: "late" }, NOW);
    await tellMembers(bindings, P, ["m-005"], { ...mark, isOn: false }, NOW);
    const key = `${P}:m-005`;
    const account = bindings.ACCOUNT.getByName(bucketOf(key, 4));
    expect((await account.memberInGoods(key, null)).standing.labels).toEqual(["late"]);
  });
});

describe("every statement", () => {
  const fixed = { ...REGISTER_SQL, ...SEGMENT_SQL };
  const counts = Object.fromEntries(
    PRESETS.map(({ presetId, rule }) => [
      presetId,
      countSql(fragmentOf(rule, { frequency: 1 }, NOW), true),
    ]),
  );
  it.each(Object.entries({ ...fixed, ...counts }))("goes by an index: %s", (_name, sql) =>
    // What one step read is gone through once more; never the table.
    expectIndexed(bindings.DB, sql, /^SCAN \(subquery-\d+\)$/),
  );

  it.each(TOP_FIGURES)("of a share goes by an index: %s", async (by) => {
    const { step, least } = rankSql(by);
    // Of what one step read, never of the table.
    await expectIndexed(bindings.DB, step, /^SCAN (?:ranked|r|last)$/);
    await expectIndexed(bindings.DB, least, /^SCAN \(subquery-\d+\)$/);
  });

  it("reads a bounded number of rows, and passes over none", () => {
    const ranks = TOP_FIGURES.flatMap((by) => Object.values(rankSql(by)));
    for (const sql of [...Object.values({ ...fixed, ...counts }), ...ranks])
      expect(sql).not.toMatch(/\bOFFSET\b/i);
  });
});
