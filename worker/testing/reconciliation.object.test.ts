/** What staff do about figures that do not agree: the authority tells them anew, or somebody says what they found out. */
import { beforeAll, describe, expect, it, vi } from "vitest";
import { bindings, migrate, type Caller } from "./object-catalogue.ts";
import { Mall, newId, stateOf } from "./object-fulfilment.ts";

vi.setConfig({ testTimeout: 60_000 });
const LONG_AGO_MS = 3_600_000;

let mall: Mall;
beforeAll(async () => {
  await migrate();
  mall = await Mall.open();
});

interface Bought {
  readonly member: Caller & { memberId: string };
  readonly orderId: string;
}

async function cancelled(): Promise<Bought> {
  const member = await mall.member();
  const orderId = await mall.order(member, await mall.goods("physical"));
  const reply = await member.send("POST", `/api/v1/orders/${orderId}/cancel`);
  expect(reply.status, reply.text).toBe(200);
  const bounds = { timeout: 20_000, interval: 50 };
  await vi.waitFor(async () => {
    const entries = await count("ledger_entries", { member, orderId });
    expect(entries).toBeGreaterThanOrEqual(2);
  }, bounds);
  return { member, orderId };
}

async function count(table: string, { member, orderId }: Bought): Promise<number> {
  const row = await bindings.DB.prepare(
    `SELECT COUNT(*) AS rows FROM ${table} WHERE member_id = ?1 AND order_id = ?2`,
  )
    .bind(member.memberId, orderId)
    .first<{ rows: number }>();
  return row?.rows ?? 0;
}

/** The mirror gets it wrong, and it has been so for an hour. */
async function spoil({ member, orderId }: Bought, change: string): Promise<void> {
  const result = await bindings.DB.prepare(
    `UPDATE orders SET ${change}, updated_at_ms = ?3, version = version + 7 WHERE member_id = ?1 AND order_id = ?2`,
  )
    .bind(member.memberId, orderId, Date.now() - LONG_AGO_MS)
    .run();
  expect(result.meta.changes).toBe(1);
}

interface Finance {
  readonly isGreen: boolean;
  readonly standings: { name: string; count: number; orders: { orderId: string }[] }[];
  readonly bills: {
    day: string;
    differences: { moveId: string; explained: { atMs: number } | null }[];
  }[];
}
const finance = async (): Promise<Finance> =>
  (await mall.must("GET", "/api/v1/staff/finance")).body as Finance;
const differing = async (name: string): Promise<string[]> =>
  (await finance()).standings
    .filter((one) => one.name === name)
    .flatMap(({ orders }) => orders.map(({ orderId }) => orderId));

const SPOILS = {
  cancelled_but_kept: "paid_fen = 990",
  delivered_but_unpaid: "state = 'received', cash_state = 'awaiting'",
  ended_without_points: "title = title",
} as const;

describe("orders that do not add up", () => {
  it.each(Object.keys(SPOILS) as (keyof typeof SPOILS)[])(
    "%s: named with its order, and right again when the Account has told it",
    async (name) => {
      const one = await cancelled();
      const before = (await one.member.get("/api/v1/me")).body.points;
      expect(await differing(name)).toEqual([]);
      await spoil(one, SPOILS[name]);
      if (name === "ended_without_points") {
        await bindings.DB.prepare(
          "DELETE FROM ledger_entries WHERE order_id = ?1 AND type = 'redeem_rollback'",
        )
          .bind(one.orderId)
          .run();
      }
      expect(await differing(name)).toEqual([one.orderId]);
      expect((await finance()).isGreen).toBe(false);
      const path = `/api/v1/staff/finance/orders/${one.member.memberId}/${one.orderId}/retell`;
      expect((await one.member.send("POST", path, {})).status).toBe(403);
      expect((await mall.must("POST", path, {})).body).toEqual({ differs: [] });
      expect(await differing(name)).toEqual([]);
      expect(await stateOf(one.member, one.orderId)).toBe("cancelled");
      expect((await one.member.get("/api/v1/me")).body.points).toEqual(before);
      const [last] = (await mall.must("GET", "/api/v1/staff/audit-log?limit=1")).body.items;
      expect(last.entry.action).toMatch(/retell$/);
      expect(last.entry.subject).toContain(one.orderId);
    },
  );

  it("knows no order of that id", async () => {
    const path = `/api/v1/staff/finance/orders/nobody/${newId().slice(0, 38)}/retell`;
    expect((await mall.staff.send("POST", path, {})).status).toBe(404);
  });
});

describe("differences of a bill", () => {
  const DAY = "2026-11-20";
  const difference = (name: string, moveId: string) => ({
    ...{ name, kind: "refund", moveId, paymentId: "p1", billFen: 990, ownFen: null },
    ...{ memberId: null, orderId: null },
  });

  it("are closed by whoever found out why, with the reason beside them", async () => {
    const open = [difference("refund_unknown_here", "r1"), difference("amount_differs", "t2")];
    await bindings.DB.prepare(
      `INSERT INTO reconciliations (programme_id, provider, day, checked, differences, word, at_ms)
       VALUES ('demo', 'wechat', ?1, 9, ?2, '', 1)`,
    )
      .bind(DAY, JSON.stringify(open))
      .run();
    expect((await finance()).isGreen).toBe(false);
    const why = "by hand in the provider's console";
    const explain = (moveId: string, name: string, note: string | null = why, basedOn?: number) =>
      mall.staff.send("POST", "/api/v1/staff/finance/bills/explain", {
        ...{ provider: "wechat", day: DAY, name, moveId, note, basedOn },
      });
    expect((await explain("r1", "refund_unknown_here", " ")).status).toBe(422);
    expect((await explain("r9", "refund_unknown_here")).status).toBe(404);
    expect((await explain("r1", "amount_differs")).status).toBe(404);
    expect((await explain("r1", "refund_unknown_here")).status).toBe(200);
    const { isGreen, bills } = await finance();
    expect(isGreen).toBe(false);
    const [first, second] = bills.find(({ day }) => day === DAY)?.differences ?? [];
    expect(first?.explained).toMatchObject({ note: "by hand in the provider's console" });
    expect(first?.explained).toMatchObject({ by: "staff:fulfil-staff" });
    expect(second?.explained).toBeNull();
    expect((await explain("t2", "amount_differs")).status).toBe(200);
    expect((await finance()).isGreen).toBe(true);
    // Two at once: the later one is told whose words stand, and takes none of them back.
    const explained = (await finance()).bills[0]?.differences[1]?.explained;
    for (const note of ["another reason", null]) {
      const late = await explain("t2", "amount_differs", note, 0);
      expect([late.status, late.body]).toMatchObject([
        409,
        { code: "conflict", reason: "changed_meanwhile", current: explained },
      ]);
    }
    const again = await explain("t2", "amount_differs", "knowingly", explained?.atMs);
    expect(again.status).toBe(200);
    // Taken back by whoever finds that it was wrong.
    expect((await explain("t2", "amount_differs", null)).status).toBe(200);
    expect((await finance()).isGreen).toBe(false);
  });
});
