/** Redemptions in PostgreSQL: one function call, one transaction, one commit each. */
import type { Redemption, Word } from "../answers.ts";
import type { Desk } from "../desk.ts";
import type { PostgresAddress } from "../wire.ts";
import { openPool, warmUp, type Sql } from "./client.ts";

export interface WordRow {
  readonly code: string;
  readonly first: string;
  readonly second: string;
  readonly ordinal: number;
  readonly is_replay: boolean;
}

export function wordOf(row: WordRow | undefined): Word {
  if (!row) throw new Error("the function answered no row");
  return {
    code: row.code,
    first: Number(row.first),
    second: Number(row.second),
    ordinal: row.ordinal,
    isReplay: row.is_replay,
  };
}

/** Raised by `redeem` when the shelf ran short between look and lock. */
export const isSoldOut = (error: unknown): boolean => (error as { code?: string }).code === "QD001";

export async function openPostgresDesk(
  address: PostgresAddress,
  connections: number,
): Promise<Desk> {
  const sql = openPool(address, connections);
  await warmUp(sql, connections);
  return deskOn(sql);
}

export function deskOn(sql: Sql): Desk {
  const redeem = async (redemption: Redemption): Promise<Word> => {
    const { memberKey, saleId, orderId, quantity, epoch, nowMs } = redemption;
    const rows = await sql<WordRow[]>`
      SELECT * FROM redeem(${memberKey}, ${saleId}, ${orderId}, ${quantity}, ${epoch}, ${nowMs})`;
    return wordOf(rows[0]);
  };
  return {
    redeem: async (redemption) => {
      try {
        return await redeem(redemption);
      } catch (error) {
        if (!isSoldOut(error)) throw error;
        // The second look is the answer.
        return redeem(redemption);
      }
    },
    take: async ({ memberKey, saleId, orderId, quantity, epoch, nowMs }) => {
      const rows = await sql<WordRow[]>`
        SELECT * FROM take(${memberKey}, ${saleId}, ${orderId}, ${quantity}, ${epoch}, ${nowMs})`;
      return wordOf(rows[0]);
    },
    close: () => sql.end({ timeout: 2 }),
  };
}
