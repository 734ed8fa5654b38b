/** Everything an Account has written down. The stores know its SQL; writes are flushed once a commit. */
import { invariant } from "../kernel/invariant.ts";
import type { FinalRefusal } from "../kernel/refusal.ts";
import { Watermarks } from "../platform/watermarks.ts";
import type { OrderRef } from "../redemption/index.ts";
import { CancelsStore } from "./cancels-store.ts";
import { EntriesStore, type AccountMark } from "./entries-store.ts";
import { MergesStore } from "./merging/merges-store.ts";
import { LivesStore } from "./lives-store.ts";
import { OffsetsStore } from "./spending/offsets-store.ts";
import { StoredStore, type StoredMark } from "./spending/stored-store.ts";
import { MembersStore } from "./members-store.ts";
import { OrdersStore } from "./orders-store.ts";
import { Tally } from "./tally.ts";
import { TermsStore } from "./terms-store.ts";

export class AccountStore {
  readonly #sql: SqlStorage;
  readonly tally: Tally;
  readonly members: MembersStore;
  readonly entries: EntriesStore;
  readonly orders: OrdersStore;
  readonly cancels: CancelsStore;
  readonly lives: LivesStore;
  readonly terms: TermsStore;
  readonly merges: MergesStore;
  readonly offsets: OffsetsStore;
  readonly stored: StoredStore;
  readonly #marks: Watermarks<AccountMark | StoredMark>;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.tally = new Tally(sql);
    this.merges = new MergesStore(sql);
    this.#marks = new Watermarks(sql);
    this.entries = new EntriesStore(sql, this.#marks);
    this.orders = new OrdersStore(sql, this.tally, this.#marks, this.merges);
    this.offsets = new OffsetsStore(sql);
    this.stored = new StoredStore(sql, this.#marks);
    const heldBy = (memberKey: string): number =>
      this.orders.heldBy(memberKey) + this.offsets.heldBy(memberKey);
    this.members = new MembersStore(sql, this.tally, this.entries, heldBy, (memberKey) =>
      this.merges.touch(memberKey),
    );
    this.cancels = new CancelsStore(sql);
    this.lives = new LivesStore(sql);
    this.terms = new TermsStore(sql);
  }

  /** Reads what giving these orders back needs, few statements for many rows. */
  warm(refs: readonly OrderRef[]): void {
    this.warmOrders(refs);
    this.members.warm([...new Set(refs.map(({ memberKey }) => memberKey))]);
    this.members.warmLots(
      refs.flatMap(({ memberKey, orderId }) => {
        const slices = this.orders.order(memberKey, orderId)?.slices ?? [];
        return slices.map(({ lotId }) => ({ memberKey, lotId }));
      }),
    );
  }

  /** Reads what telling of these orders needs. */
  warmOrders(refs: readonly OrderRef[]): void {
    this.orders.warm(refs);
    this.lives.warm(refs);
  }

  /** The last act of every commit. */
  flush(): void {
    const grown = this.members.flush();
    this.orders.flush();
    this.lives.flush();
    this.cancels.flush();
    const appended = this.entries.flush();
    // An entry that no member's row counts would stand outside of every chain.
    invariant(appended === grown, "members count the entries of a commit", { appended, grown });
    this.tally.flush();
  }

  /** Throws away everything that memory knows beyond the rows. */
  forget(): void {
    this.#marks.forget();
    this.tally.forget();
    this.entries.forget();
    this.orders.forget();
    this.offsets.forget();
    this.stored.forget();
    this.lives.forget();
    this.cancels.forget();
    this.members.forget();
    this.terms.forget();
    this.merges.forget();
  }

  insertFrozen(saleId: string, upTo: number, refusal: FinalRefusal): void {
    this.#sql.exec(
      "INSERT OR IGNORE INTO frozen (sale_id, up_to, refusal) VALUES (?, ?, ?)",
      saleId,
      upTo,
      JSON.stringify(refusal),
    );
  }

  frozen(saleId: string): { upTo: number; refusal: FinalRefusal }[] {
    return this.#sql
      .exec("SELECT up_to, refusal FROM frozen WHERE sale_id = ? ORDER BY up_to", saleId)
      .toArray()
      .map((row) => ({
        upTo: Number(row["up_to"]),
        refusal: JSON.parse(String(row["refusal"])) as FinalRefusal,
      }));
  }
}
