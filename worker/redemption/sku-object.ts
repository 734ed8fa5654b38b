import { DurableObject } from "cloudflare:workers";
import type { Clock } from "../kernel/clock.ts";
import { bucketOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { Lru } from "../kernel/lru.ts";
import { CommitQueue } from "../platform/commit-queue.ts";
import { accountBuckets, stubOf, type Env } from "../platform/env.ts";
import { attempt } from "../platform/upkeep.ts";
import { meterOf, meteredStorage } from "../platform/meter.ts";
import { migrateObject } from "../platform/object-migrations.ts";
import { projectorFor } from "../platform/projector-for.ts";
import { WakeUp } from "../platform/wake-up.ts";
import { wipeObject } from "../platform/wipe.ts";
import initSql from "../../migrations/sku/0001_init.sql";
import positionsSql from "../../migrations/sku/0002_positions.sql";
import monitorSql from "../../migrations/sku/0003_monitor.sql";
import type { AnswerTally } from "./figures.ts";
import { frozenNotice } from "./frozen.ts";
import type {
  NoticeReply,
  OrderRef,
  SaleSnapshot,
  TakeBatch,
  TakeBatchReply,
  TakeItem,
} from "./messages.ts";
import {
  cancelTake,
  decideForgo,
  decideTake,
  nextDueAtMs,
  type Sale,
  type TakeAnswer,
} from "./model.ts";
import {
  advanceAll,
  createSku,
  draftFlashSale,
  runStaffCommand,
  settleClosed,
  type NewSale,
  type NewSku,
  type StaffCommand,
  stockView,
  type SkuStockView,
  type StaffOutcome,
} from "./sales-desk.ts";
import {
  moveStock,
  offerStanding,
  type StandingOffer,
  type StockCommand,
  type StockOutcome,
} from "./standing-desk.ts";
import { SkuCourier } from "./sku-courier.ts";
import {
  auditSku,
  auditTakes,
  recountSku,
  type SaleRecount,
  type SkuAudit,
  type TakesPage,
  type TakesCursor,
} from "./sku-audit.ts";
import { packAnswers, unpackItems } from "./packing.ts";
import { readMonitor, type DoorCount, type NumberedTake, type SaleMonitor } from "./monitor.ts";
import { standingOf } from "./standing.ts";
import { SkuStore, type SkuRecord } from "./store.ts";

/** A SKU has few sales at a time that anybody asks about. */
const NOTICES_MAX = 4;
const WRITE_FIGURES_AFTER_MS = 2_500;

/**
 * The authority for the units of one SKU, in every sale of it. Shell only: each method validates,
 * loads, lets the model decide and writes in one commit.
 */
export class Sku extends DurableObject<Env> {
  /** Injected by tests; an own property, so it cannot be reached over RPC. */
  clock: Clock = () => Date.now();
  readonly #store: SkuStore;
  readonly #commits: CommitQueue;
  readonly #courier: SkuCourier;
  readonly #wakeUp: WakeUp;
  readonly #notices = new Lru<string, NoticeReply>(NOTICES_MAX);
  readonly #doors = new Map<string, DoorCount>();
  #writeFiguresTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const storage = meteredStorage(ctx.storage, "Sku", env);
    this.#wakeUp = new WakeUp(storage);
    migrateObject(storage, [
      { id: 1, sql: initSql },
      { id: 2, sql: positionsSql },
      { id: 3, sql: monitorSql },
    ]);
    this.#store = new SkuStore(storage.sql);
    this.#commits = new CommitQueue(storage, {
      beforeCommit: () => {
        this.#store.takes.flush();
        this.#store.log.write(this.clock());
      },
      afterCommit: () => this.#afterCommit(),
      forget: () => {
        this.#store.forget();
        this.#courier.forget();
      },
    });
    this.#courier = new SkuCourier({
      store: this.#store,
      commits: this.#commits,
      now: () => this.clock(),
      accountOf: (memberKey) => bucketOf(memberKey, accountBuckets(env)),
      account: (bucket) => stubOf(env.ACCOUNT, bucket, env),
      gate: (name) => stubOf(env.GATE, name, env),
      projector: projectorFor(ctx.id.name ?? "", env),
    });
    void ctx.blockConcurrencyWhile(async () => {
      await this.#wakeUp.load();
      globalThis.failpoints?.reach("sku:wake");
      this.#arm();
    });
  }

  // ---- staff and catalogue

  create(sku: NewSku): Promise<SkuRecord> {
    return this.#commits.run(() => createSku(this.#store, sku, this.clock()));
  }

  /** How the SKU is offered at any hour, from the catalogue; opens its books when there are none. */
  offer(offer: StandingOffer): Promise<SaleSnapshot> {
    return this.#commits.run(() => this.#snapshot(offerStanding(this.#store, offer, this.clock())));
  }

  /** Units come to the standing shelf or leave it; one request id is obeyed once. */
  moveStock(command: StockCommand): Promise<StockOutcome> {
    return this.#commits.run(() => moveStock(this.#store, command, this.clock()));
  }

  /** What the calendar must know before it promises units; null: nobody has opened the books. */
  async stock(): Promise<SkuStockView | null> {
    const { sku } = this.#store;
    return sku && stockView(this.#store, sku);
  }

  async draft(sale: NewSale): Promise<SaleSnapshot | null> {
    return this.#commits.run(() =>
      this.#store.sku ? this.#snapshot(draftFlashSale(this.#store, sale, this.clock())) : null,
    );
  }

  async command(
    saleId: string,
    command: StaffCommand,
    actor: string | null = null,
  ): Promise<Exclude<StaffOutcome, { kind: "done" }> | { kind: "done"; snapshot: SaleSnapshot }> {
    const outcome = await this.#commits.run(() =>
      runStaffCommand(this.#store, saleId, command, this.clock(), actor),
    );
    return outcome.kind === "done"
      ? { kind: "done", snapshot: this.#snapshot(outcome.sale) }
      : outcome;
  }

  /** Null for an unknown sale. Opens or closes it first when the clock says so. */
  async view(saleId: string): Promise<SaleSnapshot | null> {
    const sale = this.#store.sale(saleId);
    if (!sale) return null;
    const dueAtMs = nextDueAtMs(sale);
    if (dueAtMs === null || dueAtMs > this.clock()) return this.#snapshot(sale);
    return this.#commits.run(() => {
      advanceAll(this.#store, this.clock());
      const now = this.#store.sale(saleId);
      return now && this.#snapshot(now);
    });
  }

  /** The sale that ordinary redemption of this SKU goes through now, or null for an unknown SKU. */
  async standing(): Promise<SaleSnapshot | null> {
    const saleId = this.#store.sku?.standingSaleId;
    return saleId ? this.view(saleId) : null;
  }

  // ---- the protocol

  /** Decides a batch in one commit. Null: no such sale. */
  takeBatch(batch: TakeBatch): Promise<TakeBatchReply | null> {
    const items = unpackItems(batch.items);
    if (items.length > LIMITS.takesPerBatchMax) throw new RangeError("too many takes");
    return this.#commits.run(() => {
      this.#store.takes.settled(batch.saleId, batch.acks);
      const nowMs = this.clock();
      const before = this.#saleAt(batch.saleId, nowMs);
      if (!before) return null;
      let sale = before;
      const answers = items.map((item): TakeAnswer => {
        const outcome = this.#take(sale, item, nowMs);
        if (outcome.sale) sale = outcome.sale;
        return outcome.answer;
      });
      if (sale !== before) {
        this.#store.saveSale(before, sale, nowMs);
        this.#courier.unitsChanged(batch.via);
      }
      return { standing: standingOf(sale), answers: packAnswers(answers) };
    });
  }

  #take(sale: Sale, item: TakeItem, nowMs: number): { answer: TakeAnswer; sale?: Sale } {
    const known = this.#store.takes.find(sale.terms.saleId, item);
    const outcome = decideTake(sale, known, item, nowMs);
    if (!outcome.grant) return { answer: outcome.answer };
    this.#store.takes.insert(sale.terms.saleId, item, outcome.grant.take);
    globalThis.failpoints?.mark("sku:take");
    return { answer: outcome.answer, sale: outcome.grant.sale };
  }

  /** The member gives an unused ticket back. */
  forgo(saleId: string, item: TakeItem): Promise<TakeAnswer | null> {
    return this.#commits.run(() => {
      if (!this.#store.sale(saleId)) return null;
      const known = this.#store.takes.find(saleId, item);
      const outcome = decideForgo(known, item.epoch, item.quantity, this.clock());
      if (!outcome.take) return outcome.answer;
      // An Account that dies before it hears of it asks about tapped holds only, so the take brings it the word.
      this.#store.takes.insert(saleId, item, outcome.take);
      globalThis.failpoints?.mark("sku:forgo");
      return outcome.answer;
    });
  }

  /** Cancels from an Account's outbox. Returning is the acknowledgement. */
  cancelBatch(saleId: string, refs: readonly OrderRef[]): Promise<void> {
    return this.#commits.run(() => {
      const nowMs = this.clock();
      const before = this.#saleAt(saleId, nowMs);
      if (!before) throw new RangeError("a cancel names a sale of this SKU");
      const takes = this.#store.takes.findAll(saleId, refs);
      let sale = before;
      for (const known of takes) {
        const outcome = cancelTake(sale, known, nowMs);
        if (outcome !== "already") ({ sale } = outcome);
      }
      if (sale === before) return;
      this.#store.takes.markCancelled(saleId, refs);
      globalThis.failpoints?.mark("sku:cancel");
      this.#store.saveSale(before, sale, nowMs);
      settleClosed(this.#store, before, sale, nowMs);
      this.#courier.unitsChanged("account");
    });
  }

  /** Grants that their Account has posted, by ordinal. */
  ack(saleId: string, ordinals: readonly number[]): Promise<void> {
    return this.#commits.run(() => this.#store.takes.settled(saleId, ordinals));
  }

  /** The frozen notice: where the sale stands and a filter over every grant ever made. */
  async notice(saleId: string): Promise<NoticeReply | null> {
    const snapshot = await this.view(saleId);
    const sale = this.#store.sale(saleId);
    if (!snapshot || !sale) return null;
    const { standing } = snapshot;
    // Every door and every Account asks for it when a sale is over; the filter is built once for all of them.
    const cached = this.#notices.get(saleId);
    if (cached?.standing.version === standing.version) return cached;
    const granted = standing.frozen ? this.#store.takes.grantedKeys(saleId) : [];
    const reply = { standing, granted: frozenNotice(sale, granted)?.granted ?? null };
    this.#notices.set(saleId, reply);
    return reply;
  }

  // ---- doors

  async watch(gate: string, saleId: string): Promise<SaleSnapshot | null> {
    const snapshot = await this.view(saleId);
    if (snapshot) await this.#commits.run(() => this.#courier.addWatcher(gate, saleId));
    return snapshot;
  }

  // ---- for those who watch

  /** What a door or an isolate has answered since it last said so. Counts only: a lost call loses nothing else. */
  async tally(saleId: string, tally: AnswerTally | null, door: DoorCount | null): Promise<void> {
    if (door && door.sockets > 0) this.#doors.set(door.door, door);
    else if (door) this.#doors.delete(door.door);
    const sale = this.#store.sale(saleId);
    if (!sale || !tally || sale.terms.kind === "standing") return;
    this.#store.log.answered(sale, tally);
    this.#writeFiguresTimer ??= setTimeout(() => {
      this.#writeFiguresTimer = null;
      void this.#commits.run(() => undefined);
    }, WRITE_FIGURES_AFTER_MS);
  }

  async monitor(saleId: string): Promise<SaleMonitor | null> {
    const snapshot = await this.view(saleId);
    const sale = this.#store.sale(saleId);
    if (!snapshot || !sale) return null;
    return readMonitor(this.#store, sale, snapshot, [...this.#doors.values()], this.clock());
  }

  /** Who got it, the newest grant first, below an ordinal. Null: no such sale. */
  async grants(saleId: string, beforeOrdinal: number): Promise<NumberedTake[] | null> {
    if (!this.#store.sale(saleId)) return null;
    return this.#store.takes.newest(saleId, beforeOrdinal, LIMITS.auditRowsMax);
  }

  // ---- upkeep

  /** After a rehearsal; any other object refuses. */
  wipe(): Promise<void> {
    return wipeObject(this.ctx);
  }

  override async alarm(): Promise<void> {
    meterOf(this.env)?.add("Sku", "alarm");
    this.#wakeUp.fired();
    globalThis.failpoints?.reach("sku:alarm");
    await this.sweep();
  }

  /** Does everything that is overdue, each apart from the other. Never throws: a failed alarm would be dropped after six tries. */
  async sweep(): Promise<void> {
    await attempt("sku: sales", () =>
      this.#commits.run(() => advanceAll(this.#store, this.clock())),
    );
    await attempt("sku: deliveries", () => this.#courier.deliver());
    this.#arm();
  }

  async audit(): Promise<SkuAudit> {
    return auditSku(this.#store, this.clock());
  }

  async recount(): Promise<SaleRecount[]> {
    return recountSku(this.#store);
  }

  async auditTakes(after: TakesCursor): Promise<TakesPage> {
    return auditTakes(this.#store, after);
  }

  // ---- helpers

  #saleAt(saleId: string, nowMs: number): Sale | null {
    const sale = this.#store.sale(saleId);
    if (!sale) return null;
    const dueAtMs = nextDueAtMs(sale);
    if (dueAtMs !== null && dueAtMs <= nowMs) {
      advanceAll(this.#store, nowMs);
      return this.#store.sale(saleId);
    }
    return sale;
  }

  #snapshot(sale: Sale): SaleSnapshot {
    const [, skuId = ""] = sale.terms.skuKey.split(".", 2);
    return { sale, terms: sale.terms, standing: standingOf(sale), skuId, atMs: this.clock() };
  }

  #afterCommit(): void {
    this.#courier.afterCommit();
    this.#arm();
  }

  /** One alarm: the earliest moment at which a sale or the outbox needs attention. */
  #arm(): void {
    const nowMs = this.clock();
    let dueAtMs = this.#courier.retryAtMs(nowMs);
    for (const sale of this.#store.running.values()) {
      const saleDueAtMs = nextDueAtMs(sale);
      if (saleDueAtMs !== null) dueAtMs = Math.min(dueAtMs, saleDueAtMs);
    }
    this.#wakeUp.arm(dueAtMs, nowMs);
  }
}
