/** Carries what an Account has committed to others: cancels to Skus, orders and ledger entries to D1. */
import { orderKeyOf, parseSaleId, splitMemberKey, type MemberAddress } from "../kernel/ids.ts";
import { invariant } from "../kernel/invariant.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { CommitQueue } from "../platform/commit-queue.ts";
import {
  caseRow,
  entryRow,
  orderRow,
  storedRow,
  type ProjectedOrder,
  type ProjectionRows,
} from "../platform/projection.ts";
import type { ProjectorPeer } from "../platform/projector-for.ts";
import { attempt } from "../platform/upkeep.ts";
import type { OrderRef } from "../redemption/index.ts";
import type { Asker } from "./asker.ts";
import type { OutboxPort } from "./desk.ts";
import type { PlacedEntry } from "./entries-store.ts";
import { orderMoves, topUpMove } from "./move-rows.ts";
import { touched } from "./order-returns.ts";
import { keptReceipt, tenderFen, type OrderLife } from "./orders/index.ts";
import type { Order } from "./orders.ts";
import type { CancelRow } from "./cancels-store.ts";
import type { AccountStore } from "./store.ts";

interface SkuPeer {
  cancelBatch(saleId: string, refs: readonly OrderRef[]): Promise<void>;
}

export interface CourierPorts {
  readonly name: string;
  readonly store: AccountStore;
  readonly commits: CommitQueue;
  readonly asker: Asker;
  readonly now: () => number;
  /** Very many orders are being given back: D1, which only mirrors, waits until their units are. */
  readonly isBehind: () => boolean;
  readonly sku: (skuKey: string) => SkuPeer;
  readonly projector: () => ProjectorPeer;
}

const PROJECT_AFTER_MS = 250;
const RETRY_AFTER_MS = 2_000;

export class AccountCourier implements OutboxPort {
  readonly #ports: CourierPorts;
  #isCancelling = false;
  #isProjecting = false;
  #hasCancels: boolean;
  #cancelTimer: ReturnType<typeof setTimeout> | null = null;
  #projectTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(ports: CourierPorts) {
    this.#ports = ports;
    this.#hasCancels = ports.store.cancels.count() > 0;
  }

  // ---- inside a commit

  cancel(order: Order, nowMs: number): void {
    this.#ports.store.cancels.add(order.saleId, order, nowMs);
    this.#hasCancels = true;
  }

  settled(order: Order): void {
    if (order.grant) this.#ports.asker.acknowledge(order.saleId, order.grant.ordinal);
  }

  // ---- after a commit

  afterCommit(): void {
    if (this.#hasCancels) this.#cancelTimer ??= setTimeout(() => void this.#sendCancels(), 0);
    if (this.#hasRows) this.#sendRowsIn(PROJECT_AFTER_MS);
  }

  /** When the alarm must look again in case the timers of this memory are lost. */
  retryAtMs(nowMs: number): number {
    return this.#hasCancels || this.#hasRows ? nowMs + RETRY_AFTER_MS : Number.POSITIVE_INFINITY;
  }

  get #hasRows(): boolean {
    const { entries, lives, stored } = this.#ports.store;
    return entries.waitingCount > 0 || lives.changesWaiting > 0 || stored.waitingCount > 0;
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
    await attempt("account: cancels", () => this.#sendAllCancels());
    this.#isCancelling = false;
    this.#hasCancels = this.#ports.store.cancels.waiting(0, 1).length > 0;
    if (this.#hasCancels) {
      this.#cancelTimer ??= setTimeout(() => void this.#sendCancels(), RETRY_AFTER_MS);
    }
  }

  /** Those of a Sku that cannot be reached keep none behind them waiting. */
  async #sendAllCancels(): Promise<void> {
    const silent = new Set<string>();
    for (let after = 0; ;) {
      const rows = this.#ports.store.cancels.waiting(after, LIMITS.outboxBatchMax);
      const last = rows.at(-1);
      if (!last) return;
      after = last.seq;
      for (const [saleId, list] of Map.groupBy(rows, (row) => row.saleId)) {
        if (silent.has(saleId)) continue;
        const isSent = await attempt("account: cancels", () => this.#sendCancelsOf(saleId, list));
        if (!isSent) silent.add(saleId);
      }
    }
  }

  async #sendCancelsOf(saleId: string, list: readonly CancelRow[]): Promise<void> {
    const address = parseSaleId(saleId);
    invariant(address, "a cancel names a sale");
    const refs = list.map(({ memberKey, orderId }) => ({ memberKey, orderId }));
    globalThis.failpoints?.reach("account:cancels:before-send");
    await this.#ports.sku(address.skuKey).cancelBatch(saleId, refs);
    globalThis.failpoints?.reach("account:cancels:after-reply");
    await this.#ports.commits.runUnasked(() => {
      this.#ports.store.cancels.remove(list.map((row) => row.seq));
      globalThis.failpoints?.mark("account:cancels-sent");
    });
  }

  // ---- orders and entries to D1

  #sendRowsIn(delayMs: number): void {
    this.#projectTimer ??= setTimeout(() => void this.#sendRows(), delayMs);
  }

  async #sendRows(): Promise<void> {
    this.#projectTimer = null;
    if (this.#isProjecting) return;
    if (this.#ports.isBehind()) return this.#sendRowsIn(PROJECT_AFTER_MS);
    this.#isProjecting = true;
    // D1 is a mirror: redemptions go on without it, and the rows wait. A list that D1 refuses keeps no other list waiting.
    const kind = "account: rows";
    const isSent = [
      await attempt(kind, () => this.#sendEntries()),
      await attempt(kind, () => this.#sendChanges()),
      await attempt(kind, () => this.#sendStored()),
    ];
    this.#isProjecting = false;
    if (isSent.includes(false)) this.#sendRowsIn(RETRY_AFTER_MS);
  }

  async #sendEntries(): Promise<void> {
    const { entries } = this.#ports.store;
    for (;;) {
      const placed = entries.waiting(LIMITS.outboxBatchMax);
      const last = placed.at(-1);
      if (!last) return;
      globalThis.failpoints?.reach("account:rows:before-send");
      await this.#ports.projector().project(this.#rowsOf(placed));
      globalThis.failpoints?.reach("account:rows:after-reply");
      await this.#ports.commits.runUnasked(() => {
        entries.projected(last.position);
        globalThis.failpoints?.mark("account:rows-sent");
      });
    }
  }

  /** Orders that changed without an entry: shipped, paid, received. */
  async #sendChanges(): Promise<void> {
    const { lives, orders } = this.#ports.store;
    for (;;) {
      const changed = lives.changes(LIMITS.outboxBatchMax);
      if (changed.length === 0) return;
      this.#ports.store.warmOrders(changed);
      const known = changed.flatMap(({ memberKey, orderId }) => {
        const order = orders.order(memberKey, orderId);
        return order ? [order] : [];
      });
      const rows = {
        orders: known.map((order) => this.#orderRow(order)),
        moves: known.flatMap((order) => this.#moveRows(order)),
        cases: known.flatMap((order) => this.#caseRows(order)),
      };
      globalThis.failpoints?.reach("account:rows:before-send");
      await this.#ports.projector().project(rows);
      globalThis.failpoints?.reach("account:rows:after-reply");
      await this.#ports.commits.runUnasked(() => lives.told(changed.map(({ seq }) => seq)));
    }
  }

  /** Under a version that is newer than whatever D1 has; the outbox tells it again should this call be lost. */
  async retell(memberKey: string, orderId: string, above: number): Promise<boolean> {
    const { store, commits, now, projector } = this.#ports;
    const told = await commits.run(() => {
      const order = store.orders.order(memberKey, orderId);
      if (order?.hold !== "posted") return null;
      const after = { ...touched(order, now()), version: Math.max(order.version, above) + 1 };
      store.orders.update(order, after);
      store.lives.changed(memberKey, orderId);
      return { order: after, entries: store.entries.ofOrder(memberKey, orderId) };
    });
    if (!told) return false;
    const { order, entries } = told;
    const owner = splitMemberKey(memberKey);
    await projector().project({
      orders: [this.#orderRow(order)],
      moves: this.#moveRows(order),
      cases: this.#caseRows(order),
      entries: entries.map((entry) => entryRow({ ...owner, ...entry })),
    });
    return true;
  }

  #orderRow(order: Order): string {
    const life = this.#ports.store.lives.of(order);
    return orderRow(projectedOrder(splitMemberKey(order.memberKey), order, life));
  }

  #moveRows(order: Order): string[] {
    const life = this.#ports.store.lives.stored(order.memberKey, order.orderId);
    return life ? orderMoves(order, life) : [];
  }

  /** The ledger of stored value, and the money that came in with it. */
  async #sendStored(): Promise<void> {
    const { stored } = this.#ports.store;
    for (;;) {
      const placed = stored.waiting(LIMITS.outboxBatchMax);
      const last = placed.at(-1);
      if (!last) return;
      const rows = {
        stored: placed.map(({ memberKey, entry }) =>
          storedRow({ ...splitMemberKey(memberKey), ...entry }),
        ),
        moves: placed.flatMap(({ memberKey, entry }) => topUpMove(memberKey, entry)),
      };
      await this.#ports.projector().project(rows);
      await this.#ports.commits.runUnasked(() => stored.projected(last.position));
    }
  }

  #caseRows(order: Order): string[] {
    const life = this.#ports.store.lives.stored(order.memberKey, order.orderId);
    const owner = splitMemberKey(order.memberKey);
    const { orderId, version, goods } = order;
    return (life?.afterSales ?? []).map((one) => {
      const { caseId, kind, state, quantity, points, cashFen, reason, dueAtMs } = one;
      const appliedAtMs = one.history[0]?.atMs ?? 0;
      const of = { ...owner, orderId, caseId, version, title: goods.title, appliedAtMs, dueAtMs };
      return caseRow({ ...of, kind, state, quantity, points, cashFen, reason });
    });
  }

  /** The entries, and the posted orders they belong to as they are by now: every change of one comes with an entry. */
  #rowsOf(placed: readonly PlacedEntry[]): ProjectionRows {
    const orders = new Map<string, string>();
    this.#ports.store.warmOrders(
      placed.flatMap(({ memberKey, entry: { orderId } }) =>
        orderId === null ? [] : [{ memberKey, orderId }],
      ),
    );
    const entries = placed.map(({ memberKey, entry }) => {
      const owner = splitMemberKey(memberKey);
      const { orderId } = entry;
      const order = orderId === null ? null : this.#ports.store.orders.order(memberKey, orderId);
      // The entry of a hold tells of an order that is none yet.
      if (order?.hold === "posted") orders.set(orderKeyOf(order), this.#orderRow(order));
      return entryRow({ ...owner, ...entry });
    });
    return { orders: [...orders.values()], entries };
  }
}

function projectedOrder(owner: MemberAddress, order: Order, life: OrderLife): ProjectedOrder {
  return {
    ...owner,
    orderId: order.orderId,
    version: order.version,
    saleId: order.saleId,
    state: life.state,
    quantity: order.quantity,
    epoch: order.epoch,
    points: order.points,
    cashFen: order.cashFen,
    ordinal: order.grant?.ordinal ?? 0,
    grantedAtMs: order.grant?.atMs ?? 0,
    updatedAtMs: order.updatedAtMs,
    title: order.goods.title,
    goodsKind: order.goodsKind,
    cashState: life.legs.cash.state,
    paidFen:
      (keptReceipt(life)?.amountFen ?? 0) +
      (life.tender?.state === "taken" ? tenderFen(life.tender) : 0),
    returnedPoints: order.returnedPoints,
  };
}
