import { DurableObject } from "cloudflare:workers";
import { LIMITS } from "../kernel/limits.ts";
import type { Env } from "./env.ts";
import { describeError, log } from "./log.ts";
import {
  isRefusedRow,
  lengthOf,
  piecesOf,
  PROJECTED,
  writeProjection,
  type ProjectionRows,
} from "./projection.ts";

interface Parcel {
  /** The name of the object that it comes from. */
  readonly sender: string;
  readonly rows: ProjectionRows;
  readonly length: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const COLLECT_MS = 20;

/**
 * Collects outbox rows of many Accounts and Skus into few large D1 statements. Nothing durable: a sender
 * keeps its rows until `project` returns, so a lost projector costs a retry and no row.
 */
export class Projector extends DurableObject<Env> {
  #parcels: Parcel[] = [];
  #isRunning = false;
  /** Senders of a row that D1 refused: they come again and again with it, so they are written apart until they pass. */
  readonly #refused = new Set<string>();

  project(rows: ProjectionRows, sender: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#parcels.push({ sender, rows, length: lengthOf(rows), resolve, reject });
      if (this.#isRunning) return;
      this.#isRunning = true;
      setTimeout(() => void this.#drain(), COLLECT_MS);
    });
  }

  async #drain(): Promise<void> {
    while (this.#parcels.length > 0) await this.#write(this.#nextBatch());
    this.#isRunning = false;
  }

  #nextBatch(): Parcel[] {
    let length = 0;
    let count = 0;
    for (const parcel of this.#parcels) {
      const isApart = this.#refused.has(parcel.sender);
      const isFull = length + parcel.length > LIMITS.projectionLengthMax;
      if (count > 0 && (isFull || isApart)) break;
      length += parcel.length;
      count += 1;
      if (isApart) break;
    }
    return this.#parcels.splice(0, count);
  }

  async #write(parcels: readonly Parcel[]): Promise<void> {
    try {
      globalThis.failpoints?.reach("projector:before-d1");
      for (const rows of piecesOf(joined(parcels), LIMITS.projectionLengthMax)) {
        await writeProjection(this.env, rows);
      }
      globalThis.failpoints?.reach("projector:after-d1-before-ack");
      for (const parcel of parcels) {
        this.#refused.delete(parcel.sender);
        parcel.resolve();
      }
    } catch (error) {
      if (isRefusedRow(error)) return this.#writeHalves(parcels, error);
      for (const parcel of parcels) parcel.reject(error);
    }
  }

  /** One sender's row broke the statement: only that sender goes on waiting. */
  async #writeHalves(parcels: readonly Parcel[], error: unknown): Promise<void> {
    const [only] = parcels;
    if (only && parcels.length === 1) {
      log("projection_refused", { sender: only.sender, error: describeError(error) });
      this.#refused.add(only.sender);
      only.reject(error);
      return;
    }
    const half = Math.ceil(parcels.length / 2);
    await this.#write(parcels.slice(0, half));
    await this.#write(parcels.slice(half));
  }
}

function joined(parcels: readonly Parcel[]): ProjectionRows {
  return Object.fromEntries(
    PROJECTED.map((table) => [table, parcels.flatMap(({ rows }) => rows[table] ?? [])]),
  );
}
