/** What the HTTP server asks of a database. Every answer comes after its commit is on disk. */
import type { Redemption, Word } from "./answers.ts";

export interface Desk {
  /** Stock, balance, once per order, limit, order row, ledger row. */
  redeem(redemption: Redemption): Promise<Word>;
  /** The points are held already: stock, once per order, limit, order row. */
  take(redemption: Redemption): Promise<Word>;
  close(): Promise<void>;
}
