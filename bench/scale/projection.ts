/** Projectors and D1 of the model: rows of many Accounts in few batches, one batch at a time. */
import type { Thread } from "./engine.ts";
import type { World } from "./world.ts";

/** As worker/platform/projector-object.ts has it. */
const COLLECT_MS = 20;

interface Parcel {
  readonly rows: number;
  readonly since: number;
  readonly done: () => void;
}

export class Projection {
  readonly lagsMs: number[] = [];
  readonly #world: World;
  readonly #database: Thread;
  readonly #projectors: { readonly thread: Thread; parcels: Parcel[]; isRunning: boolean }[];

  constructor(world: World) {
    this.#world = world;
    this.#database = world.thread("D1");
    this.#projectors = Array.from({ length: world.p.projectors }, () => ({
      thread: world.thread("Projector"),
      parcels: [],
      isRunning: false,
    }));
  }

  /** `since`: when the oldest row was posted, about. */
  project(bucket: number, rows: number, since: number, done: () => void): void {
    const projector = this.#projectors[bucket % this.#projectors.length];
    if (!projector) return;
    this.#world.call(
      "Projector",
      projector.thread,
      (respond) => {
        projector.parcels.push({ rows, since, done: respond });
        if (projector.isRunning) return;
        projector.isRunning = true;
        this.#world.engine.after(COLLECT_MS, () => this.#drain(projector));
      },
      done,
    );
  }

  #drain(projector: { parcels: Parcel[]; isRunning: boolean }): void {
    const parcels = projector.parcels.splice(0);
    if (parcels.length === 0) {
      projector.isRunning = false;
      return;
    }
    const { p, tally, engine } = this.#world;
    const rows = parcels.reduce((sum, parcel) => sum + parcel.rows, 0);
    tally.requests.D1 += 1;
    tally.d1Rows += rows * p.d1GrantRows;
    this.#database.run(p.d1BatchMs + rows * 2 * p.d1RowMs, () =>
      engine.after(p.hopRttMs, () => {
        for (const parcel of parcels) {
          this.lagsMs.push(engine.nowMs - parcel.since);
          parcel.done();
        }
        this.#drain(projector);
      }),
    );
  }
}
