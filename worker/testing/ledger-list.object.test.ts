/** The ledger of all members as staff search it, and what is summed while entries come: in the real D1. */
import { beforeAll, describe, expect, it } from "vitest";
import {
  entryRow,
  storedRow,
  writeProjection,
  type ProjectedEntry,
  type ProjectedStoredEntry,
} from "../platform/projection.ts";
import { ledgerStatement, LOOKED_AT, type LedgerAsk } from "../register/ledger-list.ts";
import { expectIndexed } from "./d1-plans.ts";
import { bindings, Caller, migrate } from "./object-catalogue.ts";

const START_MS = 1_800_000_000_000;
let staff: Caller;

/** Entries in the order they were taken down; several of one moment. */
const ENTRIES: readonly ProjectedEntry[] = Array.from({ length: 240 }, (_, at) => ({
  programmeId: at % 40 === 39 ? "elsewhere" : "demo",
  ...{ memberId: `ledger-${at % 6}`, seq: Math.floor(at / 6) + 1 },
  type: at % 10 === 3 ? "manual_credit" : at % 5 === 0 ? "redeem" : "earn_order",
  points: at % 5 === 0 ? -300 : at + 1,
  ...{ orderId: null, balanceAfter: 5, hash: "", prevHash: "", askedPoints: 1 },
  ...{ occurredAtMs: START_MS, recordedAtMs: START_MS + Math.floor(at / 4) },
  sourceId: at === 1 ? "=1+1" : null,
  storeId: at % 7 === 1 ? "store-a" : null,
  breakdown:
    at % 5 === 2
      ? [
          { ruleId: "base", version: 1, points: at },
          { ruleId: at % 2 === 0 ? "birthday" : "double", version: 2, points: 1 },
        ]
      : [],
  actor: at % 10 === 3 ? `staff:s${at % 3}` : at % 5 === 0 ? "member" : "system",
}));
const OWN = ENTRIES.filter(({ programmeId }) => programmeId === "demo");

beforeAll(async () => {
  await migrate();
  staff = await new Caller().login("ledger-reader", "staff");
  // Sent twice, as after a lost answer.
  for (let turn = 0; turn < 2; turn += 1) {
    await writeProjection(bindings, { entries: ENTRIES.map(entryRow) });
  }
});

const keyOf = ({ memberId, seq }: { memberId: string; seq: number }): string =>
  `${memberId} ${seq}`;

async function listed(query: string, limit = 7): Promise<string[]> {
  const found: string[] = [];
  let cursor = "";
  for (;;) {
    const page = await staff.get(`/api/v1/staff/ledger?${query}&limit=${limit}${cursor}`);
    expect(page.status, page.text).toBe(200);
    found.push(...page.body.items.map(keyOf));
    if (page.body.nextCursor === null) return found;
    cursor = `&cursor=${encodeURIComponent(page.body.nextCursor)}`;
  }
}

describe("the ledger of all members", () => {
  it.each<[string, string, (entry: ProjectedEntry) => boolean]>([
    ["whole", "", () => true],
    ["of a member", "q=ledger-2", ({ memberId }) => memberId === "ledger-2"],
    ["of a common type", "type=redeem", ({ type }) => type === "redeem"],
    ["of a rare type", "type=manual_credit", ({ type }) => type === "manual_credit"],
    ["of nobody's type", "type=expire", () => false],
    [
      "of a rule that gave beside another",
      "rule=birthday",
      ({ breakdown }) => JSON.stringify(breakdown).includes("birthday"),
    ],
    [
      "of a rule and a member",
      "rule=double&q=ledger-1",
      ({ breakdown, memberId }) =>
        JSON.stringify(breakdown).includes("double") && memberId === "ledger-1",
    ],
    ["of a store", "store=store-a", ({ storeId }) => storeId === "store-a"],
    ["of a person", "actor=staff:s1", ({ actor }) => actor === "staff:s1"],
    ["of members' own doing", "actor=member", ({ actor }) => actor === "member"],
    [
      "of a store and a type",
      "store=store-a&type=redeem",
      ({ storeId, type }) => storeId === "store-a" && type === "redeem",
    ],
    [
      "of some moments",
      `fromMs=${START_MS + 5}&toMs=${START_MS + 20}`,
      ({ recordedAtMs }) => recordedAtMs >= START_MS + 5 && recordedAtMs < START_MS + 20,
    ],
    [
      "of some figures",
      "pointsMin=-300&pointsMax=20",
      ({ points }) => points >= -300 && points <= 20,
    ],
  ])("%s, page after page, is exactly those entries", async (_name, query, fits) => {
    const wanted = OWN.filter(fits);
    const found = await listed(query);
    expect(found.toSorted()).toEqual(wanted.map(keyOf).toSorted());
    const timeOf = new Map(OWN.map((entry) => [keyOf(entry), entry.recordedAtMs]));
    const times = found.map((key) => timeOf.get(key) ?? 0);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });

  it("refuses a cursor of another list", async () => {
    const bad = await staff.get("/api/v1/staff/ledger?cursor=WzFd");
    expect(bad.status).toBe(422);
  });

  it("goes out as CSV, of its own programme only, with no cell that runs", async () => {
    const file = await staff.get("/api/v1/staff/ledger/export?type=earn_order");
    expect(file.headers.get("content-type")).toContain("text/csv");
    const lines = file.text.trim().split("\r\n").slice(1);
    expect(lines).toHaveLength(OWN.filter(({ type }) => type === "earn_order").length);
    expect(file.text).toContain(",'=1+1,");
    expect(file.text).toContain("base v1: 2; birthday v2: 1");
  });

  it("reads each question by an index and sorts nothing", async () => {
    const none: LedgerAsk = {
      ...{ programmeId: "demo", memberId: null, type: null, ruleId: null, storeId: null },
      ...{ actor: null, fromMs: null, toMs: null, pointsMin: null, pointsMax: null },
      ...{ cursor: null, limit: 50 },
    };
    const asks: readonly Partial<LedgerAsk>[] = [
      ...[{}, { memberId: "m" }, { ruleId: "r" }, { storeId: "s" }, { actor: "staff:s" }],
      ...([{ type: "redeem" }, { type: "expire" }, { actor: "member" }] as const),
      ...[{ pointsMin: 1 }, { fromMs: 1, toMs: 2 }, { ruleId: "r", storeId: "s", pointsMax: 1 }],
    ];
    for (const ask of asks) {
      const { by } = ledgerStatement({ ...none, ...ask });
      for (const cursor of [null, { by, key: by === "member" ? [1] : [1, 1] }]) {
        const { sql } = ledgerStatement({ ...none, ...ask, cursor });
        await expectIndexed(bindings.DB, sql, /^SCAN \(subquery-\d+\)$/);
        expect(sql).toMatch(new RegExp(`LIMIT (?:51|${LOOKED_AT})`));
      }
    }
  });
});

describe("sums of stored value", () => {
  it("are those of the entries, whatever comes twice", async () => {
    const entry = (memberId: string, seq: number, type: string, fen: number): string => {
      const moved = { movedFen: Math.abs(fen), amountFen: fen, balanceAfterFen: 0 };
      const rest = { orderId: null, sourceId: null, recordedAtMs: seq, prevHash: "", hash: "" };
      const row: ProjectedStoredEntry = {
        programmeId: "sums",
        memberId,
        seq,
        type,
        ...moved,
        ...rest,
      };
      return storedRow(row);
    };
    const rows = [
      ...[
        entry("a", 1, "top_up", 5_000),
        entry("a", 2, "hold", 0),
        entry("a", 3, "capture", -2_000),
      ],
      ...[entry("b", 1, "top_up", 700), entry("a", 4, "refund", 500)],
    ];
    await writeProjection(bindings, { stored: [...rows.slice(0, 3), ...rows.slice(0, 2)] });
    await writeProjection(bindings, { stored: rows });
    await writeProjection(bindings, { stored: rows });
    const kept = await bindings.DB.prepare(
      "SELECT members, owed_fen, topped_up_fen, spent_fen FROM stored_totals WHERE programme_id = 'sums'",
    ).first();
    expect(kept).toEqual({ members: 2, owed_fen: 4_200, topped_up_fen: 5_700, spent_fen: 1_500 });
    const summed = await bindings.DB.prepare(
      "SELECT SUM(amount_fen) AS owed FROM stored_entries WHERE programme_id = 'sums'",
    ).first();
    expect(summed).toEqual({ owed: kept?.["owed_fen"] });
  });
});
