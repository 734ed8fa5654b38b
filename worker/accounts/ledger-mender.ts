/** Mends ledgers that older code left short of an entry, a few members a commit. Objects that are newer have none. */
import { LIMITS } from "../kernel/limits.ts";
import type { CommitQueue } from "../platform/commit-queue.ts";
import { log } from "../platform/log.ts";
import { commitOrApart } from "../platform/upkeep.ts";
import { mendLedger } from "./points/index.ts";
import type { AccountStore } from "./store.ts";

const MEMBERS_PER_STEP = 4;

export class LedgerMender {
  readonly #sql: SqlStorage;
  readonly #store: AccountStore;
  readonly #commits: CommitQueue;
  readonly #now: () => number;
  /** Those that could not be mended; they are tried again when the object wakes the next time. */
  readonly #stuck = new Set<string>();
  #isDone: boolean;
  #isRunning = false;

  constructor(sql: SqlStorage, store: AccountStore, commits: CommitQueue, now: () => number) {
    this.#sql = sql;
    this.#store = store;
    this.#commits = commits;
    this.#now = now;
    this.#isDone = this.#waiting(1).length === 0;
  }

  nextAtMs(): number {
    return this.#isDone ? Number.POSITIVE_INFINITY : 0;
  }

  async run(): Promise<void> {
    if (this.#isDone || this.#isRunning) return;
    this.#isRunning = true;
    try {
      for (let done = 0; done < LIMITS.alarmWorkMax && !this.#isDone; done += MEMBERS_PER_STEP) {
        await this.#step();
        this.#isDone = this.#waiting(1).length === 0;
      }
    } finally {
      this.#isRunning = false;
    }
  }

  async #step(): Promise<void> {
    const members = this.#waiting(MEMBERS_PER_STEP);
    await commitOrApart(
      this.#commits,
      () => members.forEach((memberKey) => this.#mend(memberKey)),
      {
        ...{ kind: "account: ledgers", items: () => members },
        work: (memberKey: string) => this.#mend(memberKey),
        putOff: (memberKey: string) => this.#stuck.add(memberKey),
      },
    );
  }

  #mend(memberKey: string): void {
    this.#sql.exec("DELETE FROM ledgers_to_mend WHERE member_key = ?", memberKey);
    const { members, entries, orders } = this.#store;
    // The rows are compared, so whatever this commit did before must be in them.
    this.#store.flush();
    const stored = members.walletOfRows(memberKey, orders.heldBy(memberKey));
    const ledger = [...entries.ledgerOf(memberKey)].map(({ entry }) => entry);
    const unrecorded = orders.pendingOf(memberKey).filter((one) => !one.isHoldRecorded);
    const mended = mendLedger(stored, ledger, unrecorded, this.#now());
    if (!mended) {
      log("ledger_not_mended", { entries: ledger.length });
      return;
    }
    if (mended.entries.length === 0) return;
    members.save(members.wallet(memberKey), mended.wallet, mended.entries);
    log("ledger_mended", { entries: mended.entries.length });
  }

  #waiting(count: number): string[] {
    return this.#sql
      .exec(
        "SELECT member_key FROM ledgers_to_mend WHERE member_key NOT IN (SELECT value FROM json_each(?)) LIMIT ?",
        JSON.stringify([...this.#stuck]),
        count,
      )
      .toArray()
      .map((row) => String(row["member_key"]));
  }
}
