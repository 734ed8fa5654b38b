/** The history of a Sku's sales for those who watch: events as rows, counts in memory that are written now and then. */
import {
  newFigures,
  recordAnswers,
  recordUnits,
  type AnswerTally,
  type SaleFigures,
} from "./figures.ts";
import type { Sale } from "./model.ts";
import { eventsBetween, type SaleEventKind } from "./sale-events.ts";

type SqlRow = Record<string, SqlStorageValue>;

const WRITE_EVERY_MS = 2_000;
const EVENTS_MAX = 200;

export interface LoggedEvent {
  readonly position: number;
  readonly kind: SaleEventKind;
  /** Who did it; null: the clock or the members. */
  readonly actor: string | null;
  readonly figures: Readonly<Record<string, number>>;
  readonly atMs: number;
}

export class SaleLogStore {
  readonly #sql: SqlStorage;
  /** Outlives a rollback, so counts may be a little high: they are for people, and forgetting them would lose more. */
  readonly #figures = new Map<string, SaleFigures>();
  readonly #unwritten = new Set<string>();
  #writtenAtMs = 0;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Every change of a sale passes here, inside its commit. */
  changed(before: Sale, after: Sale, nowMs: number, actor: string | null): void {
    if (after.terms.kind === "standing") return;
    const granted = after.granted - before.granted;
    if (granted > 0 || before.shelf !== after.shelf) {
      recordUnits(this.figures(after), nowMs, granted, after.shelf);
      this.#unwritten.add(after.terms.saleId);
    }
    for (const { kind, figures } of eventsBetween(before, after)) {
      this.#sql.exec(
        "INSERT INTO sale_events (sale_id, kind, actor, figures, at_ms) VALUES (?, ?, ?, ?, ?)",
        after.terms.saleId,
        kind,
        actor,
        JSON.stringify(figures),
        nowMs,
      );
    }
  }

  answered(sale: Sale, tally: AnswerTally): void {
    recordAnswers(this.figures(sale), tally);
    this.#unwritten.add(sale.terms.saleId);
  }

  figures(sale: Sale): SaleFigures {
    const { saleId, opensAtMs, closesAtMs } = sale.terms;
    const kept = this.#figures.get(saleId);
    if (kept) return kept;
    const row = this.#sql
      .exec<SqlRow>("SELECT figures FROM sale_figures WHERE sale_id = ?", saleId)
      .toArray()[0];
    const figures = row
      ? (JSON.parse(String(row["figures"])) as SaleFigures)
      : newFigures(opensAtMs, closesAtMs);
    this.#figures.set(saleId, figures);
    return figures;
  }

  /** Part of a commit: at most every other second, because the peak has better things to write. */
  write(nowMs: number): void {
    if (this.#unwritten.size === 0 || nowMs - this.#writtenAtMs < WRITE_EVERY_MS) return;
    this.#writtenAtMs = nowMs;
    for (const saleId of this.#unwritten) {
      this.#sql.exec(
        `INSERT INTO sale_figures (sale_id, figures, at_ms) VALUES (?, ?, ?)
         ON CONFLICT (sale_id) DO UPDATE SET figures = excluded.figures, at_ms = excluded.at_ms`,
        saleId,
        JSON.stringify(this.#figures.get(saleId)),
        nowMs,
      );
    }
    this.#unwritten.clear();
  }

  /** The newest first. */
  events(saleId: string): LoggedEvent[] {
    return this.#sql
      .exec<SqlRow>(
        "SELECT * FROM sale_events WHERE sale_id = ? ORDER BY position DESC LIMIT ?",
        saleId,
        EVENTS_MAX,
      )
      .toArray()
      .map((row) => ({
        position: Number(row["position"]),
        kind: String(row["kind"]) as SaleEventKind,
        actor: row["actor"] === null ? null : String(row["actor"]),
        figures: JSON.parse(String(row["figures"])) as Record<string, number>,
        atMs: Number(row["at_ms"]),
      }));
  }
}
