/** Rows of members, written by compare-and-set: what a commit changes is what it has read. */
import { invariant } from "../kernel/invariant.ts";
import { BulkWriter } from "../platform/bulk.ts";
import type { Wallet } from "./points/index.ts";

/** What memory knows of a member's row beside the wallet. */
export interface MemberRow {
  readonly seq: number;
  readonly lastPosition: number | null;
  readonly dueAtMs: number | null;
}

export interface MemberChange {
  readonly wallet: Wallet;
  readonly lastPosition: number | null;
  /** `keep`: the row's moment is early enough. */
  readonly dueAtMs: number | null | "keep";
  /** The row as it stands; null: there is none. */
  readonly base: MemberRow | null;
}

const COLUMNS = [
  "member_key",
  "seq",
  "last_position",
  "head_hash",
  "granted",
  "spent",
  "expired",
  "clawed_back",
  "deficit",
  "lot_seq",
] as const;

const NEW_ROWS = new BulkWriter(
  `INSERT INTO members (${COLUMNS.join(", ")}, due_at_ms)`,
  COLUMNS.length + 1,
);
const CHANGED_ROWS = changesOf(COLUMNS);
/** Apart, because naming a column of an index in an update writes the index, whether it changes or not. */
const CHANGED_ROWS_WITH_DUE = changesOf([...COLUMNS, "due_at_ms"]);

/** The last two values of a row are what its number and its newest entry have to be. */
function changesOf(columns: readonly string[]): BulkWriter {
  const sets = columns.slice(1).map((column, at) => `${column} = v.column${at + 2}`);
  return new BulkWriter(
    `UPDATE members SET ${sets.join(", ")} FROM (`,
    columns.length + 2,
    `) AS v WHERE members.member_key = v.column1 AND members.seq = v.column${columns.length + 1}
       AND members.last_position IS v.column${columns.length + 2}`,
  );
}

/**
 * By how many entries the ledgers of these members grow. Throws where a row is not the one that memory went by, so that no
 * number of a ledger is given twice; the same change of a member that has a row already breaks the table's key.
 */
export function writeMembers(sql: SqlStorage, changes: readonly MemberChange[]): number {
  const [old, made] = parted(changes, ({ base }) => base !== null);
  const [kept, due] = parted(old, ({ dueAtMs }) => dueAtMs === "keep");
  NEW_ROWS.write(
    sql,
    made.map((one) => [...rowOf(one), dueOf(one)]),
  );
  const changed =
    CHANGED_ROWS.change(
      sql,
      kept.map((one) => [...rowOf(one), ...baseOf(one)]),
    ) +
    CHANGED_ROWS_WITH_DUE.change(
      sql,
      due.map((one) => [...rowOf(one), dueOf(one), ...baseOf(one)]),
    );
  invariant(changed === old.length, "members are as they were read", {
    members: old.length,
    changed,
  });
  return changes.reduce((sum, { wallet, base }) => sum + wallet.seq - (base?.seq ?? 0), 0);
}

function parted<T>(all: readonly T[], isFirst: (one: T) => boolean): readonly [T[], T[]] {
  const first: T[] = [];
  const rest: T[] = [];
  for (const one of all) (isFirst(one) ? first : rest).push(one);
  return [first, rest];
}

function rowOf({ wallet, lastPosition }: MemberChange): SqlStorageValue[] {
  const { memberKey, seq, headHash, granted, spent, expired, clawedBack, deficit, lotSeq } = wallet;
  const sums = [granted, spent, expired, clawedBack, deficit];
  return [memberKey, seq, lastPosition, headHash, ...sums, lotSeq];
}

function dueOf({ dueAtMs }: MemberChange): number | null {
  return dueAtMs === "keep" ? null : dueAtMs;
}

function baseOf({ base }: MemberChange): SqlStorageValue[] {
  return [base?.seq ?? null, base?.lastPosition ?? null];
}
