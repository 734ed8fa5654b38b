/** Carries what an Account has committed to others: cancels to Skus, orders and ledger entries to D1. */
import { hash32, parseSaleId, splitMemberKey, type MemberAddress } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { CommitQueue } from "../platform/commit-queue.ts";
import { describeError, log } from "../platform/log.ts";
import {
  entryRow,
  orderRow,
  type ProjectedOrder,
  type ProjectionRows,
} from "../platform/projection.ts";
import type { OrderRef } from "../redemption/index.ts";
import type { Asker } from "./asker.ts";
import type { OutboxPort } from "./desk.ts";
import type { LedgerEntry } from "./ledger.ts";
import type { Order } from "./orders.ts";
import type { CancelRow } from "./outbox-store.ts";
import type { AccountStore } from "./store.ts";

interface SkuPeer {
  cancelBatch(saleId: string, refs: readonly OrderRef[]): Promise<void>;
}
interface ProjectorPeer {
  project(rows: ProjectionRows): Promise<void>;
}

export interface CourierPorts {
  readonly name: string;
  readonly store: AccountStore;
  readonly commits: CommitQueue;
  readonly asker: Asker;
  readonly now: () => number;
  readonly sku: (skuKey: string) => SkuPeer;
  readonly projector: (key: string) => ProjectorPeer;
  readonly projectorCount: number;
}

const PROJECT_AFTER_MS = 250;
const RETRY_AFTER_MS = 2_000;

export class AccountCourier implements OutboxPort {
  readonly #ports: CourierPorts;
  #isCancelling = false;
  #isProjecting = false;
  #hasCancels: boolean;
  #hasRows: boolean;
  #cancelTimer: ReturnType<typeof setTimeout> | null = null;
  #projectTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(ports: CourierPorts) {
    this.#ports = ports;
    this.#hasCancels = ports.store.outbox.backlog("cancel").rows > 0;
    this.#hasRows = ports.store.outbox.backlog("project").rows > 0;
  }

  // ---- inside a commit

  project(order: Order | null, memberKey: string, entry: LedgerEntry | null, nowMs: number): void {
    const owner = splitMemberKey(memberKey);
    this.#ports.store.outbox.project(
      order && orderRow(projectedOrder(owner, order)),
      entry && entryRow({ ...owner, ...entry }),
      nowMs,
    );
    this.#hasRows = true;
  }

  cancel(order: Order, nowMs: number): void {
    this.#ports.store.outbox.cancel(order.saleId, order, nowMs);
    this.#hasCancels = true;
  }

  settled(order: Order): void {
    this.#ports.asker.acknowledge(order.saleId, order);
  }

  // ---- after a commit

  afterCommit(): void {
    if (this.#hasCancels) this.#cancelTimer ??= setTimeout(() => void this.#sendCancels(), 0);
    if (this.#hasRows) {
      this.#projectTimer ??= setTimeout(() => void this.#sendRows(), PROJECT_AFTER_MS);
    }
  }

  /** When the alarm must look again in case the timers of this memory are lost. */
  retryAtMs(nowMs: number): number {
    return this.#hasCancels || this.#hasRows ? nowMs + RETRY_AFTER_MS : Number.POSITIVE_INFINITY;
  }

  async deliver(): Promise<void> {
    await this.#sendCancels();
    await this.#sendRows();
  }

  // ---- cancels to Skus

  async #sendCancels(): Promise<void> {
    this.#cancelTimer = null;
    if (this.#isCancelling) return;
    this.#isCancelling = true;
    try {
      for (;;) {
        const rows = this.#ports.store.outbox.cancels(LIMITS.outboxBatchMax);
        if (rows.length === 0) {
          this.#hasCancels = false;
          break;
        }
        await this.#sendCancelRows(rows);
      }
    } catch (error) {
      log("cancel_delivery_failed", { account: this.#ports.name, error: describeError(error) });
      this.#cancelTimer ??= setTimeout(() => void this.#sendCancels(), RETRY_AFTER_MS);
    } finally {
      this.#isCancelling = false;
    }
  }

  async #sendCancelRows(rows: readonly CancelRow[]): Promise<void> {
    const bySale = new Map<string, CancelRow[]>();
    for (const row of rows) {
      const list = bySale.get(row.saleId) ?? [];
      list.push(row);
      bySale.set(row.saleId, list);
    }
    for (const [saleId, list] of bySale) {
      const address = parseSaleId(saleId);
      if (!address) continue;
      const refs = list.map(({ memberKey, orderId }) => ({ memberKey, orderId }));
      globalThis.failpoints?.reach("account:cancels:before-send");
      await this.#ports.sku(address.skuKey).cancelBatch(saleId, refs);
      globalThis.failpoints?.reach("account:cancels:after-reply");
      await this.#ports.commits.run(() => {
        this.#ports.store.outbox.remove(list.map((row) => row.seq));
        globalThis.failpoints?.mark("account:cancels-sent");
      });
    }
  }

  // ---- orders and entries to D1

  async #sendRows(): Promise<void> {
    this.#projectTimer = null;
    if (this.#isProjecting) return;
    this.#isProjecting = true;
    try {
      for (;;) {
        const rows = this.#ports.store.outbox.projections(LIMITS.outboxBatchMax);
        if (rows.length === 0) {
          this.#hasRows = false;
          break;
        }
        const key = `projector:${hash32(this.#ports.name) % this.#ports.projectorCount}`;
        const present = (row: string | null): row is string => row !== null;
        globalThis.failpoints?.reach("account:rows:before-send");
        await this.#ports.projector(key).project({
          orders: rows.map((row) => row.orderRow).filter(present),
          entries: rows.map((row) => row.entryRow).filter(present),
        });
        globalThis.failpoints?.reach("account:rows:after-reply");
        await this.#ports.commits.run(() => {
          this.#ports.store.outbox.remove(rows.map((row) => row.seq));
          globalThis.failpoints?.mark("account:rows-sent");
        });
      }
    } catch (error) {
      // D1 is a mirror: redemptions go on without it, and the rows wait.
      log("project_orders_failed", { account: this.#ports.name, error: describeError(error) });
      this.#projectTimer ??= setTimeout(() => void this.#sendRows(), RETRY_AFTER_MS);
    } finally {
      this.#isProjecting = false;
    }
  }
}

function projectedOrder(owner: MemberAddress, order: Order): ProjectedOrder {
  return {
    ...owner,
    orderId: order.orderId,
    version: order.version,
    saleId: order.saleId,
    state: order.isCancelled ? "cancelled" : "to_ship",
    quantity: order.quantity,
    epoch: order.epoch,
    points: order.points,
    cashFen: order.cashFen,
    ordinal: order.grant?.ordinal ?? 0,
    grantedAtMs: order.grant?.atMs ?? 0,
    updatedAtMs: order.updatedAtMs,
  };
}
