/** Carries what a Sku has committed to others: grants to Accounts, figures to doors, stock to D1. */
import { LIMITS } from "../kernel/limits.ts";
import type { CommitQueue } from "../platform/commit-queue.ts";
import { EarliestTimer } from "../platform/earliest-timer.ts";
import { describeError, log } from "../platform/log.ts";
import { saleRow } from "../platform/projection.ts";
import type { ProjectorPeer } from "../platform/projector-for.ts";
import type { SaleStanding, SettleItem, SettleReply } from "./messages.ts";
import { answerOfKnown, type Sale } from "./model.ts";
import { standingOf } from "./standing.ts";
import type { SkuStore } from "./store.ts";
import type { UnsettledTake } from "./takes-store.ts";

interface AccountPeer {
  settle(items: readonly SettleItem[]): Promise<SettleReply>;
}
interface GatePeer {
  push(standing: SaleStanding): Promise<number>;
}

export interface CourierPorts {
  readonly store: SkuStore;
  readonly commits: CommitQueue;
  readonly now: () => number;
  readonly accountOf: (memberKey: string) => string;
  readonly account: (bucket: string) => AccountPeer;
  readonly gate: (name: string) => GatePeer;
  readonly projector: () => ProjectorPeer;
}

/** Doors hear of a change at most this often. */
const BROADCAST_EVERY_MS = 100;
const PROJECT_AFTER_MS = 200;
/** A grant that went out by a door is unknown to its Account, so it is sent soon; the peak itself goes first. */
const SETTLE_AFTER_MS = { door: 60, account: 1_000 } as const;
const QUIET_MS = 150;
const RETRY_AFTER_MS = 2_000;
/** Calls to Accounts that may be under way together. */
const BUCKETS_AT_ONCE = 6;

export class SkuCourier {
  readonly #ports: CourierPorts;
  readonly #watchers = new Map<string, string>();
  /** The version of each sale that the doors were told last. */
  readonly #toldVersions = new Map<string, number>();
  #pendingVia: "door" | "account" | null = null;
  #lastTakeAtMs = 0;
  readonly #settleTimer = new EarliestTimer(() => this.#settleUnlessBusy());
  #isSettling = false;
  #broadcastTimer: ReturnType<typeof setTimeout> | null = null;
  #projectTimer: ReturnType<typeof setTimeout> | null = null;
  #isProjecting = false;

  constructor(ports: CourierPorts) {
    this.#ports = ports;
    this.forget();
    if (ports.store.takes.unsettledCount > 0) this.#settleIn(SETTLE_AFTER_MS.door);
    this.#projectIn(PROJECT_AFTER_MS);
  }

  /** Back to what the rows say. */
  forget(): void {
    this.#watchers.clear();
    for (const { gate, saleId } of this.#ports.store.watchers()) this.#watchers.set(gate, saleId);
  }

  // ---- inside a commit

  addWatcher(gate: string, saleId: string): void {
    this.#watchers.set(gate, saleId);
    this.#ports.store.saveWatcher(gate, saleId, this.#ports.now());
    globalThis.failpoints?.mark("sku:watch");
  }

  unitsChanged(via: "door" | "account"): void {
    this.#lastTakeAtMs = this.#ports.now();
    if (via === "door" || this.#pendingVia === null) this.#pendingVia = via;
  }

  // ---- after a commit

  afterCommit(): void {
    if (this.#ports.store.takes.unsettledCount > 0)
      this.#settleIn(SETTLE_AFTER_MS[this.#pendingVia ?? "account"]);
    this.#pendingVia = null;
    if (this.#watchers.size > 0) this.#broadcastSoon();
    this.#projectIn(PROJECT_AFTER_MS);
  }

  /** When the alarm must look again in case the timers of this memory are lost. */
  retryAtMs(nowMs: number): number {
    const { store } = this.#ports;
    const hasWork = store.takes.unsettledCount > 0 || !store.isProjected;
    return hasWork ? nowMs + RETRY_AFTER_MS : Number.POSITIVE_INFINITY;
  }

  async deliver(): Promise<void> {
    await this.#settle();
    await this.#project();
  }

  // ---- grants, and tickets given back, to Accounts

  #settleIn(delayMs: number): void {
    this.#settleTimer.set(this.#ports.now() + delayMs, delayMs);
  }

  /** While takes keep coming they have the processor; a grant waits a second at most. */
  #settleUnlessBusy(): void {
    const isBusy = this.#ports.now() - this.#lastTakeAtMs < QUIET_MS;
    const oldest = this.#ports.store.takes.unsettled(1)[0];
    const isOld = oldest !== undefined && this.#ports.now() - oldest.take.atMs > 1_000;
    if (isBusy && !isOld) this.#settleIn(QUIET_MS);
    else void this.#settle();
  }

  async #settle(): Promise<void> {
    if (this.#isSettling) return;
    this.#isSettling = true;
    try {
      // What an Account does not take waits, and keeps nothing behind it waiting.
      const silent = new Set<string>();
      for (let after = 0; ;) {
        const takes = this.#ports.store.takes.unsettled(LIMITS.outboxBatchMax, after);
        const last = takes.at(-1);
        if (!last) break;
        after = last.position;
        const done = await this.#settleTakes(takes, silent);
        if (done.length === 0) continue;
        await this.#ports.commits.run(() => {
          this.#ports.store.takes.delivered(done);
        });
      }
    } catch (error) {
      log("settle_failed", { error: describeError(error) });
    } finally {
      this.#isSettling = false;
    }
    if (this.#ports.store.takes.unsettledCount > 0) this.#settleIn(RETRY_AFTER_MS);
  }

  /** Sends one batch per bucket; those of a bucket that cannot be reached wait. `silent`: buckets that did not answer before. */
  async #settleTakes(
    takes: readonly UnsettledTake[],
    silent: Set<string>,
  ): Promise<UnsettledTake[]> {
    const all = [...Map.groupBy(takes, ({ memberKey }) => this.#ports.accountOf(memberKey))];
    const buckets = all.filter(([name]) => !silent.has(name));
    const done: UnsettledTake[] = [];
    for (let at = 0; at < buckets.length; at += BUCKETS_AT_ONCE) {
      const some = buckets.slice(at, at + BUCKETS_AT_ONCE);
      const settled = await Promise.all(
        some.map(([name, list]) => this.#settleAt(name, list, silent)),
      );
      done.push(...settled.flat());
    }
    return done;
  }

  async #settleAt(
    bucket: string,
    takes: readonly UnsettledTake[],
    silent: Set<string>,
  ): Promise<UnsettledTake[]> {
    try {
      globalThis.failpoints?.reach("sku:settle:before-send");
      const reply = await this.#ports.account(bucket).settle(takes.map(settleItem));
      globalThis.failpoints?.reach("sku:settle:after-reply");
      const settled = new Set(reply.settled);
      return takes.filter((_, at) => settled.has(at));
    } catch (error) {
      log("settle_bucket_failed", { bucket, error: describeError(error) });
      silent.add(bucket);
      return [];
    }
  }

  // ---- figures to doors

  #broadcastSoon(): void {
    if (this.#broadcastTimer !== null) return;
    this.#broadcastTimer = setTimeout(() => {
      this.#broadcastTimer = null;
      void this.#broadcast();
    }, BROADCAST_EVERY_MS);
  }

  async #broadcast(): Promise<void> {
    const gone: string[] = [];
    for (const [gate, saleId] of this.#watchers) {
      const sale = this.#ports.store.sale(saleId);
      if (!sale || this.#toldVersions.get(gate) === sale.version) continue;
      this.#toldVersions.set(gate, sale.version);
      try {
        globalThis.failpoints?.reach("sku:broadcast:before-send");
        const sockets = await this.#ports.gate(gate).push(standingOf(sale));
        if (sockets === 0) gone.push(gate);
      } catch (error) {
        log("broadcast_failed", { error: describeError(error) });
      }
    }
    if (gone.length === 0) return;
    await this.#ports.commits.run(() => {
      for (const gate of gone) {
        this.#watchers.delete(gate);
        this.#toldVersions.delete(gate);
        this.#ports.store.deleteWatcher(gate);
      }
    });
  }

  // ---- stock to D1

  #projectIn(delayMs: number): void {
    if (this.#projectTimer !== null) return;
    this.#projectTimer = setTimeout(() => {
      this.#projectTimer = null;
      void this.#project();
    }, delayMs);
  }

  async #project(): Promise<void> {
    if (this.#isProjecting) return;
    const rows = this.#ports.store.unprojected(LIMITS.pageRowsMax);
    if (rows.length === 0) return;
    this.#isProjecting = true;
    try {
      const sentAtMs = this.#ports.now();
      globalThis.failpoints?.reach("sku:stock:before-send");
      const sales = rows.map(({ sale }) => projectedSale(sale));
      await this.#ports.projector().project({ sales });
      globalThis.failpoints?.reach("sku:stock:after-reply");
      await this.#ports.commits.run(() => {
        for (const { sale } of rows) {
          this.#ports.store.markProjected(sale.terms.saleId, sale.version, sentAtMs);
        }
        globalThis.failpoints?.mark("sku:stock-sent");
      });
    } catch (error) {
      log("project_stock_failed", { error: describeError(error) });
      this.#projectIn(RETRY_AFTER_MS);
    } finally {
      this.#isProjecting = false;
    }
  }
}

function settleItem({ saleId, memberKey, orderId, take }: UnsettledTake): SettleItem {
  return { saleId, memberKey, orderId, answer: answerOfKnown(take) };
}

function projectedSale(sale: Sale): string {
  const [programmeId = "", skuId = ""] = sale.terms.skuKey.split(".", 2);
  const { terms, ...state } = sale;
  return saleRow({ programmeId, skuId, terms, state });
}
