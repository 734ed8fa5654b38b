import { DurableObject } from "cloudflare:workers";
import { LIMITS } from "../kernel/limits.ts";
import type { Env } from "./env.ts";
import { PROJECTED, writeProjection, type ProjectionRows } from "./projection.ts";

interface Parcel {
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

  project(rows: ProjectionRows): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#parcels.push({ rows, length: lengthOf(rows), resolve, reject });
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
      if (count > 0 && length + parcel.length > LIMITS.projectionLengthMax) break;
      length += parcel.length;
      count += 1;
    }
    return this.#parcels.splice(0, count);
  }

  async #write(parcels: readonly Parcel[]): Promise<void> {
    try {
      globalThis.failpoints?.reach("projector:before-d1");
      await writeProjection(this.env, {
        sales: parcels.flatMap((parcel) => parcel.rows.sales ?? []),
        orders: parcels.flatMap((parcel) => parcel.rows.orders ?? []),
        entries: parcels.flatMap((parcel) => parcel.rows.entries ?? []),
        cases: parcels.flatMap((parcel) => parcel.rows.cases ?? []),
        moves: parcels.flatMap((parcel) => parcel.rows.moves ?? []),
        stored: parcels.flatMap((parcel) => parcel.rows.stored ?? []),
      });
      globalThis.failpoints?.reach("projector:after-d1-before-ack");
      for (const parcel of parcels) parcel.resolve();
    } catch (error) {
      for (const parcel of parcels) parcel.reject(error);
    }
  }
}

function lengthOf(rows: ProjectionRows): number {
  let length = 0;
  for (const table of PROJECTED) {
    for (const row of rows[table] ?? []) length += row.length;
  }
  return length;
}
