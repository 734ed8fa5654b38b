/** The Workers of the model: as many as need be, each isolate with its own memory of what is frozen. */
import type { AccountObject } from "./account-object.ts";
import type { Thread } from "./engine.ts";
import type { World } from "./world.ts";

export class Workers {
  readonly #world: World;
  readonly #accounts: readonly AccountObject[];
  /** Shares an isolate has, the one used longest ago first. */
  readonly #shares: Map<number, true>[];
  readonly #thread: Thread | null;

  constructor(world: World, accounts: readonly AccountObject[]) {
    this.#world = world;
    this.#accounts = accounts;
    this.#shares = Array.from({ length: world.p.workerIsolates }, () => new Map());
    // Workers are not limited, unless one process serves them all.
    this.#thread = world.p.sharedThread === 1 ? world.thread("Worker") : null;
  }

  redeem(id: number): void {
    const { p, engine, tally, crowd, random } = this.#world;
    tally.requests.Worker += 1;
    const bucket = crowd.bucket[id] ?? 0;
    const share = (crowd.sku[id] ?? 0) * p.buckets + bucket;
    const shares = this.#shares[Math.floor(random.next() * p.workerIsolates)] as Map<number, true>;
    const serve = (): void => {
      if (shares.delete(share)) {
        shares.set(share, true);
        this.#world.verdict(id, "refused by the Worker", engine.nowMs);
        return;
      }
      this.#accounts[bucket]?.redeem(id, (outcome, isShared) => {
        if (isShared) this.#keep(shares, share);
        this.#world.verdict(id, outcome, engine.nowMs);
      });
    };
    if (this.#thread) this.#thread.run(p.requestMs, serve);
    else engine.after(p.requestMs, serve);
  }

  #keep(shares: Map<number, true>, share: number): void {
    shares.set(share, true);
    const [oldest] = shares.keys();
    if (shares.size > this.#world.p.sharesPerIsolate && oldest !== undefined) shares.delete(oldest);
  }
}
