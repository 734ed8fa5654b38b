/** Lists of which cron takes some rows at a time: more rows than that which fail for good keep none behind them waiting. */
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "@hono/zod-openapi";
import { sweepGoods } from "../catalog/index.ts";
import { sealDays } from "../evidence/index.ts";
import { CodeDesk } from "../fulfilment/code-desk.ts";
import { skuKeyOf } from "../kernel/ids.ts";
import { RUNNING } from "../campaigns/store.ts";
import { UNSEALED_CASES } from "../after-sales/reseal.ts";
import { UNSEALED_PICTURES } from "../after-sales/evidence-store.ts";
import { UNISSUED, UNTOLD, WITH_TERMS } from "../fulfilment/sweep.ts";
import { DUE_SHIPMENTS, SIGNED, signedLongAgo } from "../fulfilment/shipping-desk.ts";
import { DUE_TOP_UPS } from "../fulfilment/top-up-desk.ts";
import { HALF_DONE } from "../fulfilment/voucher-store.ts";
import { OPEN_MERGES } from "../merges/desk.ts";
import { nextRows, roundSql, type RoundList } from "../platform/rounds.ts";
import { COUNTING } from "../segments/store.ts";
import { registerApproval } from "../staff/approvals.ts";
import { sweepApprovals, UNEXECUTED } from "../staff/approval-routes.ts";
import { openVault, reseal, rotateDataKey, type SealedColumn } from "../vault/index.ts";
import { unsealed } from "../vault/reseal.ts";
import { ROTATED, WRAPPED } from "../vault/vault.ts";
import { expectIndexed } from "./d1-plans.ts";
import { bindings, migrate } from "./object-catalogue.ts";

type Value = string | number;
type Row = Readonly<Record<string, Value>>;

const BEHIND = "z-behind";
const idOf = (at: number): string => `a-${String(at).padStart(4, "0")}`;

interface Case {
  readonly list: RoundList;
  readonly table: string;
  /** What makes a row stand on the list, and where. `id` names it. */
  readonly row: (id: string, at: number) => Row;
  readonly values?: readonly Value[];
  /** What else has to be there for it. */
  readonly beside?: { readonly table: string; readonly row: (id: string) => Row };
}

const named = (list: Omit<RoundList, "name">): RoundList => ({ ...list, name: "test" });
const order = (state: string) => (id: string) => ({
  ...{ programme_id: "round", member_id: "m", order_id: id, state, updated_at_ms: 5 },
});
const parcel = (id: string, at: number) => ({
  ...{ programme_id: "round", shipment_id: id, member_id: "m", order_id: id, sent_at_ms: at },
  ...{ tracking_no: id, signed_at_ms: at, ask_at_ms: at, points: "[]" },
});
const COLUMN: SealedColumn = {
  ...{ table: "identities", column: "sealed", key: ["kind", "print"] },
  contextOf: ({ print = "" }) => `identity.${print}`,
};

const CASES: readonly Case[] = [
  {
    ...{ list: UNEXECUTED, table: "approvals", values: [1e6] },
    row: (id, at) => ({ approval_id: id, state: "approved", decided_at_ms: at }),
  },
  {
    ...{ list: OPEN_MERGES, table: "member_merges" },
    row: (id, at) => ({ merge_id: id, from_id: id, state: "open", at_ms: at }),
  },
  ...HALF_DONE.map((list) => ({
    ...{ list, table: "write_offs", values: [1e6] },
    row: (id: string, at: number) => ({
      ...{ write_off_id: id, state: list.name.split(":")[1] ?? "", at_ms: at },
    }),
  })),
  {
    ...{ list: DUE_SHIPMENTS.half_sent, table: "shipments", values: [1e6] },
    row: (id, at) => ({ ...parcel(id, at), state: "preparing" }),
  },
  {
    ...{ list: DUE_SHIPMENTS.to_ask, table: "shipments", values: [1e6] },
    row: (id, at) => ({ ...parcel(id, at), state: "sent" }),
  },
  {
    ...{ list: SIGNED, table: "shipments", values: [1e6], row: parcel },
    beside: { table: "orders", row: order("shipped") },
  },
  {
    ...{ list: UNTOLD, table: "vouchers" },
    row: (id) => ({ voucher_id: id, locator: id, state: "used_up", is_order_told: 0 }),
  },
  {
    ...{ list: UNISSUED, table: "orders", values: [0] },
    row: (id, at) => ({ ...order("to_write_off")(id), granted_at_ms: at }),
    beside: {
      table: "points_programmes",
      row: (id) => ({ programme_id: id === idOf(0) ? "round" : id }),
    },
  },
  {
    ...{ list: DUE_TOP_UPS, table: "top_ups", values: [1e6] },
    row: (id, at) => ({ top_up_id: id, next_try_at_ms: at }),
  },
  { list: COUNTING, table: "segments", row: (id) => ({ segment_id: id, next_round: 1 }) },
  {
    list: RUNNING,
    table: "points_campaigns",
    row: (id) => ({ campaign_id: id, state: "running" }),
  },
  {
    ...{ list: named(ROTATED), table: "vault_keys" },
    row: (id) => ({ programme_id: id, version: 2 }),
  },
  {
    ...{ list: WRAPPED, table: "vault_keys", values: ["test"] },
    row: (id) => ({ programme_id: id, version: 1, wrapped: "gone.x" }),
  },
  {
    ...{ list: named(WITH_TERMS), table: "delivery_terms", values: ["round"] },
    row: (id) => ({ sku_id: id }),
  },
  {
    ...{ list: named(UNSEALED_CASES), table: "after_sales", values: ["round", "s1.2.%"] },
    row: (id) => ({ member_id: "m", order_id: id, reason: "s1.1.x" }),
  },
  {
    ...{ list: named(UNSEALED_PICTURES), table: "evidence_pictures", values: ["round", 2] },
    row: (id) => ({ member_id: "m", order_id: id, key_version: 1 }),
  },
  {
    ...{ list: unsealed("round", COLUMN), table: "identities", values: ["round", "s1.2.%"] },
    row: (id) => ({ kind: "phone", print: id, sealed: "s1.1.x" }),
  },
];

/** Every column that must have a value has one. */
async function insert(table: string, rows: readonly Row[]): Promise<void> {
  const { results } = await bindings.DB.prepare(`PRAGMA table_info(${table})`).all<{
    name: string;
    type: string;
    notnull: number;
  }>();
  const whole = rows.map((row) =>
    Object.fromEntries(
      results
        .filter(({ name, notnull }) => notnull === 1 || name in row)
        .map(({ name, type }) => {
          const plain = type === "integer" ? 0 : name === "programme_id" ? "round" : "";
          return [name, row[name] ?? plain];
        }),
    ),
  );
  const names = Object.keys(whole[0] ?? {});
  const values = names.map((name) => `value ->> '$.${name}'`).join(", ");
  await bindings.DB.prepare(
    `INSERT INTO ${table} (${names.join(", ")}) SELECT ${values} FROM json_each(?1)`,
  )
    .bind(JSON.stringify(whole))
    .run();
}

beforeAll(migrate);
beforeEach(async () => {
  const tables = CASES.flatMap(({ table, beside }) => [table, beside?.table ?? table]);
  await bindings.DB.batch(
    ["sweep_marks", ...new Set(tables)].map((table) => bindings.DB.prepare(`DELETE FROM ${table}`)),
  );
});

describe.each(CASES.map((one) => [`${one.table}: ${one.list.name}`, one] as const))(
  "%s",
  (_name, { list, table, row, values = [], beside }) => {
    const rowsMax = list.rows;

    it("comes to the row behind those that fail for good, and round again", async () => {
      const ids = [...Array.from({ length: rowsMax }, (_, at) => idOf(at)), BEHIND];
      await insert(
        table,
        ids.map((id, at) => row(id, at + 1)),
      );
      if (beside) await insert(beside.table, ids.map(beside.row));
      const seen = async () =>
        (await nextRows(bindings.DB, list, ...values)).map((one) => JSON.stringify(one));
      const first = await seen();
      expect(first).toHaveLength(rowsMax);
      const second = await seen();
      expect(second).toHaveLength(1);
      expect(second.concat(first).toSorted()).toEqual(
        [...new Set(first.concat(second))].toSorted(),
      );
      expect(await seen()).toEqual(first);
    });

    it("is all there each time where it is short", async () => {
      const ids = Array.from({ length: 3 }, (_, at) => idOf(at));
      await insert(
        table,
        ids.map((id, at) => row(id, at + 1)),
      );
      if (beside) await insert(beside.table, ids.map(beside.row));
      for (let times = 0; times < 2; times += 1) {
        expect(await nextRows(bindings.DB, list, ...values)).toHaveLength(3);
      }
    });

    it("is read in order", () =>
      expectIndexed(bindings.DB, roundSql(list), /SCAN p USING COVERING INDEX/));
  },
);

describe("a sweep", () => {
  it("executes the approval behind many that cannot be", async () => {
    const execute = vi.fn(async ({ subject }: { readonly subject: string }) => {
      if (subject !== BEHIND) throw new Error("broken");
      return { kind: "done" } as const;
    });
    registerApproval({
      ...{ kind: "test.act", permission: "points.approve", unit: "always", defaultFrom: null },
      ...{ title: { "zh-CN": "", en: "" }, payload: z.object({}), execute },
    });
    const broken = Array.from({ length: UNEXECUTED.rows }, (_, at) => idOf(at));
    await insert(
      "approvals",
      [...broken, BEHIND].map((id, at) => ({
        ...{ approval_id: id, kind: "test.act", state: "approved", decided_at_ms: at + 1 },
        ...{ subject: id, payload: "{}" },
      })),
    );
    await sweepApprovals(bindings, 1e9);
    await sweepApprovals(bindings, 1e9);
    expect(execute).toHaveBeenCalledTimes(UNEXECUTED.rows + 1);
    const done = "SELECT approval_id FROM approvals WHERE state = 'done'";
    expect(await bindings.DB.prepare(done).first("approval_id")).toBe(BEHIND);
  });

  it("seals anew what can be opened beside what cannot", async () => {
    const programme_id = "sealed";
    const vault = await openVault(bindings, programme_id);
    const sealed = (print: string) => vault.seal(`identity.${print}`, "13800000000");
    const prints = [idOf(0), idOf(1), idOf(2)];
    await insert(
      "identities",
      prints.map((print, at) => ({
        ...{ programme_id, kind: "phone", print },
        sealed: at === 1 ? "s1.1.broken" : sealed(print),
      })),
    );
    await rotateDataKey(bindings, programme_id);
    expect(await reseal(bindings, programme_id, [COLUMN])).toBe(2);
    expect(await reseal(bindings, programme_id, [COLUMN])).toBe(0);
  });

  it("seals codes anew behind more of them than one look finds which open by no key", async () => {
    const programme_id = "coded";
    const vault = await openVault(bindings, programme_id);
    const stub = bindings.CODES.getByName(skuKeyOf(programme_id, "sku"));
    const broken = Array.from({ length: 250 }, (_, at) => ({ sealed: "s1.1.x", print: `p-${at}` }));
    const well = { sealed: vault.seal("code:sku", "CODE-1"), print: "well" };
    await stub.import("first", [...broken, well]);
    await rotateDataKey(bindings, programme_id);
    const { version } = await openVault(bindings, programme_id);
    await new CodeDesk(bindings, programme_id).reseal("sku");
    const left = [0, 200].map((after) => stub.sealedUnderOthers(version, after));
    expect((await Promise.all(left)).map(({ length }) => length)).toEqual([200, 50]);
  });

  it("turns the goods behind those that cannot be read", async () => {
    const ids = [...Array.from({ length: 200 }, (_, at) => idOf(at)), BEHIND];
    await insert(
      "goods",
      ids.map((id, at) => ({ goods_id: id, body: "{", due_at_ms: at + 1 })),
    );
    const due = async () =>
      bindings.DB.prepare(
        "SELECT COUNT(*) AS n FROM goods WHERE programme_id = 'round' AND due_at_ms <= 1000",
      ).first("n");
    await sweepGoods(bindings, 1_000);
    expect(await due()).toBe(1);
    await sweepGoods(bindings, 1_000);
    expect(await due()).toBe(0);
  });

  it("publishes the root of the programme behind one that fails", async () => {
    const hash = "0".repeat(64);
    const entry = { member_id: "m", seq: 1, prev_hash: hash, hash, recorded_at_ms: 1 };
    await insert(
      "ledger_entries",
      ["a-broken", "b-well"].map((programme_id) => ({ ...entry, programme_id })),
    );
    const real = bindings.DB;
    const prepare = (sql: string) => {
      const statement = real.prepare(sql);
      if (!sql.startsWith("SELECT DISTINCT member_id")) return statement;
      const bind = (programmeId: string, ...values: unknown[]) => {
        if (programmeId === "a-broken") throw new Error("broken");
        return statement.bind(programmeId, ...values);
      };
      return { bind };
    };
    const batch = (statements: D1PreparedStatement[]) => real.batch(statements);
    const published = await sealDays({
      db: { prepare, batch } as unknown as D1Database,
      evidenceKeys: bindings.EVIDENCE_KEYS,
      nowMs: 3 * 86_400_000,
      isProjectedThrough: () => Promise.resolve(true),
    });
    expect(published).toBe(1);
  });

  it("asks once for an order of several parcels", async () => {
    await insert("orders", [order("shipped")("one")]);
    await insert(
      "shipments",
      ["x", "y"].map((id, at) => ({ ...parcel(id, at + 1), order_id: "one" })),
    );
    expect(await signedLongAgo(bindings.DB, 1e12)).toEqual([
      { programmeId: "round", memberId: "m", orderId: "one" },
    ]);
  });
});
