/** PostgreSQL's rows, past the HTTP server. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Books, EntryRow, MemberRow, OrderRow, SaleRow } from "../books.ts";
import type { PostgresAddress } from "../wire.ts";
import { openPool, type Sql } from "./client.ts";

export async function createSchema(address: PostgresAddress): Promise<void> {
  const sql = openPool(address, 1);
  try {
    await sql.unsafe(readFileSync(join(import.meta.dirname, "schema.sql"), "utf8"));
  } finally {
    await sql.end({ timeout: 2 });
  }
}

export function openPostgresBooks(address: PostgresAddress): Books {
  const sql = openPool(address, 1);
  return {
    createSale: async (sale) => {
      await sql.begin((tx) => [
        tx`INSERT INTO sales VALUES (${sale.saleId}, ${sale.pricePoints}, ${sale.limitPerMember},
          ${sale.quantityMax}, ${sale.opensAtMs}, ${sale.closesAtMs})`,
        tx`INSERT INTO stock VALUES (${sale.saleId}, ${sale.units}, ${sale.units})`,
      ]);
    },
    enrol: async (memberKeys, points) => {
      await sql`
        WITH fresh AS (
          INSERT INTO members SELECT key, ${points}::bigint, ${points}::bigint, 0, 1
          FROM unnest(${memberKeys as string[]}::text[]) AS key RETURNING member_key)
        INSERT INTO ledger
          SELECT member_key, 1, 'credit', ${points}::bigint, ${points}::bigint, NULL, ${Date.now()}::bigint FROM fresh`;
      // Statistics decide plans; without them the first run would be planned for empty tables.
      await sql`ANALYZE`;
    },
    reserve: async (sale, reservations) => {
      const column = <T>(pick: (one: (typeof reservations)[number]) => T): T[] =>
        reservations.map(pick);
      await sql.begin((tx) => [
        tx`INSERT INTO orders
          SELECT member_key, order_id, ${sale.saleId}, quantity, epoch, 'held', quantity::bigint * ${sale.pricePoints}::bigint,
            0, 0, true, ${Date.now()}::bigint
          FROM unnest(${column((one) => one.memberKey)}::text[], ${column((one) => one.orderId)}::text[],
            ${column((one) => one.quantity)}::int[], ${column((one) => one.epoch)}::int[])
            AS r (member_key, order_id, quantity, epoch)`,
        tx`UPDATE members m SET balance = m.balance - r.points, held = m.held + r.points
          FROM (SELECT member_key, sum(first) AS points FROM orders
            WHERE sale_id = ${sale.saleId} AND code = 'held' AND order_id = ANY(${column((one) => one.orderId)}::text[])
            GROUP BY member_key) r
          WHERE m.member_key = r.member_key`,
      ]);
      await sql`VACUUM ANALYZE`;
    },
    sale: async (saleId) => (await sales(sql, saleId))[0] ?? null,
    dump: async () => ({
      sales: await sales(sql, null),
      members: await members(sql),
      orders: await orders(sql),
      entries: await entries(sql),
    }),
    durability: async () => {
      const rows = await sql<{ name: string; setting: string }[]>`
        SELECT name, setting FROM pg_settings
        WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes')`;
      return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
    },
    close: () => sql.end({ timeout: 2 }),
  };
}

// Whole numbers of 64 bits come as text, because not all of them are safe; all of these are.
function sales(sql: Sql, saleId: string | null): Promise<SaleRow[]> {
  return sql<SaleRow[]>`
    SELECT sale_id AS "saleId", units, remaining, limit_per_member AS "limitPerMember"
    FROM sales JOIN stock USING (sale_id) WHERE ${saleId}::text IS NULL OR sale_id = ${saleId}`;
}

function members(sql: Sql): Promise<MemberRow[]> {
  return sql<MemberRow[]>`
    SELECT member_key AS "memberKey", credited::float8, balance::float8, held::float8, seq FROM members`;
}

function orders(sql: Sql): Promise<OrderRow[]> {
  return sql<OrderRow[]>`
    SELECT member_key AS "memberKey", order_id AS "orderId", sale_id AS "saleId", quantity, code,
      first::float8 AS points, ordinal, is_reserved AS "isReserved" FROM orders`;
}

function entries(sql: Sql): Promise<EntryRow[]> {
  return sql<EntryRow[]>`
    SELECT member_key AS "memberKey", seq, type, points::float8, balance_after::float8 AS "balanceAfter",
      order_id AS "orderId" FROM ledger`;
}
