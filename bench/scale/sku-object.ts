/** The Sku of the model: takes in batches, a frozen notice, the outbox of grants, figures to doors. */
import type { Commits, Thread } from "./engine.ts";
import type { World } from "./world.ts";

/** As worker/redemption/sku-courier.ts has them. */
const SETTLE_AFTER_MS = 60;
const QUIET_MS = 150;
const SETTLE_AT_LATEST_MS = 1_000;
const BROADCAST_EVERY_MS = 100;

export interface TakeReply {
  readonly granted: readonly boolean[];
  /** Sold out: the epoch is frozen. */
  readonly isFrozen: boolean;
}

export interface SkuPeers {
  /** Carries grants to the Account of a bucket. */
  readonly settle: (bucket: number, ids: readonly number[], done: () => void) => void;
  /** Tells a door what is left. */
  readonly push: (door: number, isFrozen: boolean, done: () => void) => void;
}

export class SkuObject {
  readonly thread: Thread;
  shelf: number;
  soldOutAtMs: number | null = null;
  notices = 0;
  readonly #world: World;
  readonly #commits: Commits;
  readonly #peers: SkuPeers;
  readonly #doors: readonly number[];
  #granted = 0;
  #outbox: { readonly id: number; readonly atMs: number }[] = [];
  #lastTakeMs = 0;
  #isSettling = false;
  #isSettleTimed = false;
  #isBroadcasting = false;
  #version = 0;
  #noticeVersion = -1;
  #toldVersion = 0;

  constructor(world: World, doors: readonly number[], peers: SkuPeers) {
    this.#world = world;
    this.#peers = peers;
    this.#doors = doors;
    this.thread = world.thread("Sku");
    this.#commits = world.commits(this.thread);
    this.shelf = world.p.units;
  }

  get isFrozen(): boolean {
    return this.shelf === 0;
  }

  /** A batch of new ids by a call; `lost`: the platform turned it away. */
  takeBatch(
    ids: readonly number[],
    via: "door" | "account",
    answer: (reply: TakeReply) => void,
    lost: () => void,
  ): void {
    const { engine } = this.#world;
    let reply: TakeReply | null = null;
    this.#world.call(
      "Sku",
      this.thread,
      (respond) =>
        this.#commits.run(
          0,
          () => {
            reply = this.#decide(ids, via);
            return reply.granted.includes(true);
          },
          () => {
            this.#settleSoon(SETTLE_AFTER_MS);
            this.#broadcastSoon();
            respond();
          },
        ),
      () => {
        if (reply) answer(reply);
      },
      lost,
    );
    this.#lastTakeMs = engine.nowMs;
  }

  #decide(ids: readonly number[], via: "door" | "account"): TakeReply {
    const { engine, tally, p, crowd } = this.#world;
    const granted = ids.map((id) => {
      if (this.shelf === 0) return false;
      this.shelf -= 1;
      this.#granted += 1;
      crowd.taken[id] = 1;
      tally.objectRows += p.takeRows;
      // An Account that asked has the answer; its word comes back with the next batch.
      if (via === "door") this.#outbox.push({ id, atMs: engine.nowMs });
      return true;
    });
    const grants = granted.filter(Boolean).length;
    if (grants > 0) this.#version += 1;
    this.thread.book(grants * p.skuTakeMs + (ids.length - grants) * p.skuRefuseMs);
    if (this.shelf === 0) this.soldOutAtMs ??= engine.nowMs;
    return { granted, isFrozen: this.isFrozen };
  }

  /** The frozen notice is made anew for everybody who asks, from all grants. */
  notice(answer: (isFrozen: boolean) => void, lost: () => void): void {
    const { p, tally } = this.#world;
    let isFrozen = false;
    this.#world.call(
      "Sku",
      this.thread,
      (respond) => {
        isFrozen = this.isFrozen;
        this.notices += 1;
        const named = isFrozen ? this.#granted : 0;
        // What the Sku could do: make it once for all who ask.
        const isMade = p.noticeKept === 1 && this.#noticeVersion === this.#version;
        this.#noticeVersion = this.#version;
        tally.objectRowsRead += isMade ? 0 : named;
        this.thread.run(isMade ? 0 : named * p.skuNoticeMs, respond);
      },
      () => answer(isFrozen),
      lost,
    );
  }

  /** A short call that reads or acknowledges. */
  touch(answer: () => void): void {
    this.#world.call("Sku", this.thread, (respond) => respond(), answer);
  }

  // ---- grants to Accounts

  #settleSoon(delayMs: number): void {
    if (this.#isSettleTimed || this.#outbox.length === 0) return;
    this.#isSettleTimed = true;
    const { engine } = this.#world;
    engine.after(delayMs, () => {
      this.#isSettleTimed = false;
      const oldest = this.#outbox[0];
      const isBusy = engine.nowMs - this.#lastTakeMs < QUIET_MS;
      const isOld = oldest !== undefined && engine.nowMs - oldest.atMs > SETTLE_AT_LATEST_MS;
      if (isBusy && !isOld) this.#settleSoon(QUIET_MS);
      else this.#settle();
    });
  }

  #settle(): void {
    if (this.#isSettling || this.#outbox.length === 0) return;
    this.#isSettling = true;
    const batch = this.#outbox.splice(0, this.#world.p.outboxBatchMax);
    const byBucket = new Map<number, number[]>();
    for (const { id } of batch) {
      const bucket = this.#world.crowd.bucket[id] ?? 0;
      const ids = byBucket.get(bucket);
      if (ids) ids.push(id);
      else byBucket.set(bucket, [id]);
    }
    const calls = [...byBucket];
    let open = Math.min(this.#world.p.settleWidth, calls.length);
    const lane = (): void => {
      const call = calls.pop();
      if (call) return this.#peers.settle(call[0], call[1], lane);
      open -= 1;
      if (open > 0) return;
      this.#commits.run(
        0,
        () => true,
        () => {
          this.#isSettling = false;
          this.#settle();
        },
      );
    };
    // As many lanes as may be open; the courier awaits one bucket after the other.
    for (let at = open; at > 0; at -= 1) lane();
  }

  // ---- figures to doors

  #broadcastSoon(): void {
    if (this.#isBroadcasting || this.#doors.length === 0 || this.#toldVersion === this.#version)
      return;
    this.#isBroadcasting = true;
    this.#world.engine.after(BROADCAST_EVERY_MS, () => {
      this.#toldVersion = this.#version;
      const next = (at: number): void => {
        const door = this.#doors[at];
        if (door !== undefined) return this.#peers.push(door, this.isFrozen, () => next(at + 1));
        this.#isBroadcasting = false;
        this.#broadcastSoon();
      };
      next(0);
    });
  }
}
