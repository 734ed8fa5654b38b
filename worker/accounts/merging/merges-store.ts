/** Which records went into which, what is on its way between them, and what came: rows ↔ values. */
import type { Parcel, UnitsOfDay } from "./messages.ts";

type SqlRow = Record<string, SqlStorageValue>;

export interface MergeRow {
  readonly memberKey: string;
  readonly mergeId: string;
  readonly intoKey: string;
  readonly nextParcel: number;
  readonly movedPoints: number;
  readonly sentUnits: string;
}

interface Known {
  readonly intoKey: string;
  isStale: boolean;
}

/** What the audit adds over all Accounts: points that left have come, or are on their way. */
export interface TransferSums {
  readonly sentPoints: number;
  readonly waitingPoints: number;
  readonly arrivedPoints: number;
}

export class MergesStore {
  readonly #sql: SqlStorage;
  /** Every record of this Account that left; null: not read. They are few. */
  #left: Map<string, Known> | null = null;
  #hasUnits: boolean | null = null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  forget(): void {
    this.#left = null;
    this.#hasUnits = null;
  }

  #all(query: string, ...bindings: SqlStorageValue[]): SqlRow[] {
    return this.#sql.exec<SqlRow>(query, ...bindings).toArray();
  }

  #known(): Map<string, Known> {
    this.#left ??= new Map(
      this.#all("SELECT member_key, into_key, is_stale FROM merges").map((row) => [
        String(row["member_key"]),
        { intoKey: String(row["into_key"]), isStale: row["is_stale"] === 1 },
      ]),
    );
    return this.#left;
  }

  // ---- the record that leaves

  /** No record of this Account ever left. */
  get isIdle(): boolean {
    return this.#known().size === 0;
  }

  /** The record that stays; null: this one did not leave. */
  intoOf(memberKey: string): string | null {
    return this.#known().get(memberKey)?.intoKey ?? null;
  }

  /** Something of a record was written. Of one that left it goes on to the one that stays; part of the commit that wrote it. */
  touch(memberKey: string): void {
    const known = this.#known().get(memberKey);
    if (!known || known.isStale) return;
    known.isStale = true;
    this.#sql.exec("UPDATE merges SET is_stale = 1 WHERE member_key = ?", memberKey);
  }

  begin(merge: { mergeId: string; fromKey: string; intoKey: string; atMs: number }): void {
    const { mergeId, fromKey, intoKey, atMs } = merge;
    this.#sql.exec(
      `INSERT INTO merges (member_key, merge_id, into_key, at_ms, is_stale, next_parcel, moved_points, sent_units)
       VALUES (?, ?, ?, ?, 1, 1, 0, '[]')`,
      ...[fromKey, mergeId, intoKey, atMs],
    );
    this.#known().set(fromKey, { intoKey, isStale: true });
  }

  row(memberKey: string): MergeRow | null {
    const row = this.#all("SELECT * FROM merges WHERE member_key = ?", memberKey)[0];
    return row
      ? {
          ...{ memberKey, mergeId: String(row["merge_id"]), intoKey: String(row["into_key"]) },
          ...{ nextParcel: Number(row["next_parcel"]), movedPoints: Number(row["moved_points"]) },
          sentUnits: String(row["sent_units"]),
        }
      : null;
  }

  /** Records with something to send, by key. */
  stale(): string[] {
    return [...this.#known()].filter(([, { isStale }]) => isStale).map(([key]) => key);
  }

  rested(memberKey: string): void {
    this.#sql.exec("UPDATE merges SET is_stale = 0 WHERE member_key = ?", memberKey);
    const known = this.#known().get(memberKey);
    if (known) known.isStale = false;
  }

  send(parcel: Parcel, points: number, sentUnits: string): void {
    const { fromKey } = parcel;
    this.#sql.exec(
      "INSERT INTO merge_parcels (member_key, parcel, points, body) VALUES (?, ?, ?, ?)",
      ...[fromKey, parcel.parcel, points, JSON.stringify(parcel)],
    );
    this.#sql.exec(
      `UPDATE merges SET next_parcel = ?2, moved_points = moved_points + ?3, sent_units = ?4 WHERE member_key = ?1`,
      ...[fromKey, parcel.parcel + 1, points, sentUnits],
    );
  }

  waiting(memberKey: string): Parcel | null {
    const row = this.#all(
      "SELECT body FROM merge_parcels WHERE member_key = ? ORDER BY parcel LIMIT 1",
      memberKey,
    )[0];
    return row ? (JSON.parse(String(row["body"])) as Parcel) : null;
  }

  /** Records with something on its way. */
  senders(): string[] {
    if (this.isIdle) return [];
    return this.#all("SELECT DISTINCT member_key FROM merge_parcels").map((row) =>
      String(row["member_key"]),
    );
  }

  taken({ fromKey, parcel }: Parcel): void {
    this.#sql.exec(
      "DELETE FROM merge_parcels WHERE member_key = ? AND parcel = ?",
      ...[fromKey, parcel],
    );
  }

  // ---- the record that stays

  hasArrived({ intoKey, fromKey, parcel }: Parcel): boolean {
    const query =
      "SELECT 1 FROM merge_arrivals WHERE member_key = ? AND from_key = ? AND parcel = ?";
    return this.#all(query, intoKey, fromKey, parcel).length > 0;
  }

  arrived({ intoKey, fromKey, parcel, units }: Parcel, points: number): void {
    this.#sql.exec(
      "INSERT INTO merge_arrivals (member_key, from_key, parcel, points) VALUES (?, ?, ?, ?)",
      ...[intoKey, fromKey, parcel, points],
    );
    if (!units) return;
    this.#sql.exec(
      "DELETE FROM merged_units WHERE member_key = ? AND from_key = ?",
      ...[intoKey, fromKey],
    );
    for (const one of units) {
      this.#sql.exec(
        "INSERT INTO merged_units (member_key, from_key, sale_id, day, units) VALUES (?, ?, ?, ?, ?)",
        ...[intoKey, fromKey, one.saleId, one.day, one.units],
      );
    }
    this.#hasUnits = null;
  }

  /** Units of the records that came into this one. An Account that never took one in reads no row. */
  unitsOf(memberKey: string): readonly UnitsOfDay[] {
    this.#hasUnits ??= this.#all("SELECT 1 FROM merged_units LIMIT 1").length > 0;
    if (!this.#hasUnits) return [];
    return this.#all(
      "SELECT sale_id, day, SUM(units) AS units FROM merged_units WHERE member_key = ? GROUP BY sale_id, day",
      memberKey,
    ).map((row) => ({
      ...{ saleId: String(row["sale_id"]), day: Number(row["day"]), units: Number(row["units"]) },
    }));
  }

  /** Records that came into this one. */
  recordsIn(memberKey: string): string[] {
    return this.#all(
      "SELECT DISTINCT from_key FROM merge_arrivals WHERE member_key = ?",
      memberKey,
    ).map((row) => String(row["from_key"]));
  }

  sums(): TransferSums {
    const one = (query: string): number => Number(this.#all(query)[0]?.["points"] ?? 0);
    return {
      sentPoints: one("SELECT SUM(moved_points) AS points FROM merges"),
      waitingPoints: one("SELECT SUM(points) AS points FROM merge_parcels"),
      arrivedPoints: one("SELECT SUM(points) AS points FROM merge_arrivals"),
    };
  }
}
