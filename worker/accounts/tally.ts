/** Sums over a whole bucket, kept for the shallow audit: one row, written once a commit. */

export interface AccountCounters {
  members: number;
  granted: number;
  inLots: number;
  held: number;
  spent: number;
  expired: number;
  clawedBack: number;
  deficit: number;
  entries: number;
  pendingHolds: number;
  postedOrders: number;
  cancelledOrders: number;
  liveUnits: number;
}

const ZERO: AccountCounters = {
  members: 0,
  granted: 0,
  inLots: 0,
  held: 0,
  spent: 0,
  expired: 0,
  clawedBack: 0,
  deficit: 0,
  entries: 0,
  pendingHolds: 0,
  postedOrders: 0,
  cancelledOrders: 0,
  liveUnits: 0,
};

export class Tally {
  readonly #sql: SqlStorage;
  #counters: AccountCounters | null = null;
  #isDirty = false;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  get counters(): AccountCounters {
    if (!this.#counters) {
      const row = this.#sql.exec("SELECT figures FROM counters WHERE id = 1").toArray()[0];
      const stored = row ? (JSON.parse(String(row["figures"])) as Partial<AccountCounters>) : {};
      this.#counters = { ...ZERO, ...stored };
    }
    return this.#counters;
  }

  add(change: Partial<AccountCounters>): void {
    const { counters } = this;
    for (const name in change) {
      const by = change[name as keyof AccountCounters] ?? 0;
      if (by === 0) continue;
      counters[name as keyof AccountCounters] += by;
      this.#isDirty = true;
    }
  }

  flush(): void {
    if (!this.#isDirty) return;
    this.#sql.exec(
      "INSERT INTO counters (id, figures) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET figures = excluded.figures",
      JSON.stringify(this.counters),
    );
    this.#isDirty = false;
  }

  forget(): void {
    this.#counters = null;
    this.#isDirty = false;
  }
}
