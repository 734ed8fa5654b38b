import { DurableObject } from "cloudflare:workers";
import type { Clock } from "../kernel/clock.ts";
import { invariant } from "../kernel/invariant.ts";
import { LIMITS } from "../kernel/limits.ts";
import { CommitQueue } from "../platform/commit-queue.ts";
import type { Env } from "../platform/env.ts";
import { meteredStorage } from "../platform/meter.ts";
import { migrateObject } from "../platform/object-migrations.ts";
import { pinSetting } from "../platform/pinned-setting.ts";
import initSql from "../../migrations/account/0001_init.sql";
import positionsSql from "../../migrations/account/0002_positions.sql";
import walletSql from "../../migrations/account/0003_wallet.sql";
import earningSql from "../../migrations/account/0004_earning.sql";
import ordersSql from "../../migrations/account/0005_orders.sql";
import menderSql from "../../migrations/account/0006_ledgers_to_mend.sql";
import mergesSql from "../../migrations/account/0007_merges.sql";
import offsetsSql from "../../migrations/account/0008_offsets.sql";
import storedValueSql from "../../migrations/account/0009_stored_value.sql";
import purchasesSql from "../../migrations/account/0010_membership_purchases.sql";
import chainsSql from "../../migrations/account/0011_chains.sql";
import {
  auditAccount,
  auditMembers,
  checkTakes,
  type AccountAudit,
  type MembersPage,
  type TakeCheck,
  type TakeClaim,
} from "./audit.ts";
import { LapseSweeper } from "./lapse-sweeper.ts";
import { LedgerMender } from "./ledger-mender.ts";
import { PointsDesk } from "./points-desk.ts";
import type { LedgerFilter } from "./entries-store.ts";
import {
  balanceOf,
  expiryCalendar,
  heldCalendar,
  type LotSlice,
  type PointsEntry,
  type WalletBalance,
} from "./points/index.ts";
import type {
  ActivateRequest,
  ChangeReply,
  ClawBackRequest,
  DeductRequest,
  EntriesPage,
  GrantRequest,
  PointsReply,
  ShareNames,
  TimelinePage,
} from "./requests.ts";
import { entriesPage, pointsAt, timelinePage } from "./statement.ts";
import { AccountStore } from "./store.ts";

/**
 * The half of an Account that keeps points: its rows, its commits, changes by hand, reading and proving. Shell only. The
 * other half, `Account`, redeems with them; what earns points stands between the two.
 */
export abstract class PointsObject extends DurableObject<Env> {
  /** Injected by tests; an own property, so it cannot be reached over RPC. */
  clock: Clock = () => Date.now();
  protected readonly storage: DurableObjectStorage;
  protected readonly store: AccountStore;
  protected readonly commits: CommitQueue;
  protected readonly pointsDesk: PointsDesk;
  readonly #lapses: LapseSweeper;
  readonly #mender: LedgerMender;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.storage = meteredStorage(ctx.storage, "Account", env);
    migrateObject(this.storage, [
      { id: 1, sql: initSql },
      { id: 2, sql: positionsSql },
      { id: 3, sql: walletSql },
      { id: 4, sql: earningSql },
      { id: 5, sql: ordersSql },
      { id: 6, sql: menderSql },
      { id: 7, sql: mergesSql },
      { id: 8, sql: offsetsSql },
      { id: 9, sql: storedValueSql },
      { id: 10, sql: purchasesSql },
      { id: 11, sql: chainsSql },
    ]);
    // Members would be looked for in the wrong object if the number ever changed.
    pinSetting(this.storage.sql, "ACCOUNT_BUCKETS", env.ACCOUNT_BUCKETS);
    this.store = new AccountStore(this.storage.sql);
    this.commits = new CommitQueue(this.storage, {
      beforeCommit: () => this.store.flush(),
      afterCommit: () => this.afterCommit(),
      forget: () => this.forget(),
    });
    this.pointsDesk = new PointsDesk(this.store);
    this.#lapses = new LapseSweeper(this.store, this.commits, this.pointsDesk, () => this.clock());
    const { sql } = this.storage;
    this.#mender = new LedgerMender(sql, this.store, this.commits, () => this.clock());
  }

  /** Timers, alarms and deliveries that a commit makes necessary. */
  protected abstract afterCommit(): void;

  /** When time alone has something to do to points here; infinity: never. */
  protected pointsDueAtMs(): number {
    return Math.min(this.#mender.nextAtMs(), this.#lapses.nextAtMs());
  }

  protected async sweepPoints(): Promise<void> {
    await this.#mender.run();
    await this.#lapses.run();
  }

  /** Throws away what memory knows beyond the rows, after a rollback. */
  protected forget(): void {
    this.store.forget();
  }

  /** What the rules of these entries are called; who keeps points alone knows no rules. */
  protected abstract namesIn(memberKey: string, entries: readonly PointsEntry[]): ShareNames;

  // ---- changes by hand

  grant(request: GrantRequest): Promise<ChangeReply> {
    return this.commits.run(() => this.pointsDesk.grant(request, this.clock()));
  }

  /** They share a commit; each is granted, repeated or refused for itself. */
  grantMany(requests: readonly GrantRequest[]): Promise<ChangeReply[]> {
    invariant(requests.length <= LIMITS.bulkGrantsMax, "a bulk grant is bounded");
    return Promise.all(requests.map((request) => this.grant(request)));
  }

  deduct(request: DeductRequest): Promise<ChangeReply> {
    return this.commits.run(() => this.pointsDesk.deduct(request, this.clock()));
  }

  clawBack(request: ClawBackRequest): Promise<ChangeReply> {
    return this.commits.run(() => this.pointsDesk.clawBack(request, this.clock()));
  }

  activate(request: ActivateRequest): Promise<ChangeReply> {
    return this.commits.run(() => this.pointsDesk.activate(request, this.clock()));
  }

  // ---- reading

  async points(memberKey: string, beforeSeq: number, count: number): Promise<PointsReply> {
    const nowMs = this.clock();
    const entries = this.store.entries.page(memberKey, beforeSeq, count + 1);
    const page = entries.slice(0, count);
    const wallet = this.store.members.wallet(memberKey);
    return {
      seq: wallet.seq,
      balance: balanceOf(wallet, nowMs),
      lots: wallet.lots.filter((lot) => lot.remaining > 0),
      calendar: expiryCalendar(wallet, nowMs),
      held: heldCalendar(count > 0 && wallet.held > 0 ? this.#heldSlices(memberKey) : []),
      entries: page,
      names: this.namesIn(memberKey, page),
      nextBeforeSeq: entries.length > count ? (page.at(-1)?.seq ?? null) : null,
    };
  }

  /** By the member's own rows: before the hour of a sale very many orders of others are pending too. */
  #heldSlices(memberKey: string): readonly (readonly LotSlice[])[] {
    const newest = this.store.orders.orders(memberKey, LIMITS.auditRowsMax);
    const ordered = newest.filter(({ hold }) => hold === "pending").map(({ slices }) => slices);
    return [...ordered, ...this.store.offsets.heldSlices(memberKey)];
  }

  async entries(
    memberKey: string,
    filter: LedgerFilter,
    beforeSeq: number,
    count: number,
  ): Promise<EntriesPage> {
    const page = entriesPage(this.store, memberKey, filter, beforeSeq, count);
    return { ...page, names: this.namesIn(memberKey, page.entries) };
  }

  async entry(memberKey: string, seq: number): Promise<PointsEntry | null> {
    return this.store.entries.at(memberKey, seq);
  }

  /** Null: a member without a single entry. */
  async timeline(
    memberKey: string,
    before: string | null,
    count: number,
  ): Promise<TimelinePage | null> {
    if (this.store.members.wallet(memberKey).seq === 0) return null;
    return timelinePage(this.store, memberKey, before, count);
  }

  /** Null: a member without a single entry. */
  async pointsAt(memberKey: string, atMs: number): Promise<WalletBalance | null> {
    if (this.store.members.wallet(memberKey).seq === 0) return null;
    return pointsAt(this.store, memberKey, atMs);
  }

  // ---- proving

  async audit(): Promise<AccountAudit> {
    return auditAccount(this.store, this.clock());
  }

  /** A page of the deep audit: from the beginning for an empty cursor. */
  async auditMembers(cursor: string): Promise<MembersPage> {
    return auditMembers(this.ctx.storage.sql, this.store, cursor);
  }

  /** What this Account says of takes that a Sku has. */
  async checkTakes(claims: readonly TakeClaim[]): Promise<TakeCheck> {
    invariant(claims.length <= LIMITS.auditRowsMax, "an audit page is bounded");
    return checkTakes(this.store, claims);
  }
}
