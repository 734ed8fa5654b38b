/**
 * Two records of one person become one. The record that leaves takes its points out lot by lot, in the commit that writes them into
 * a parcel; the parcel is carried until the record that stays has it, and counts there once. What is still written to the record
 * that left, such as points that a cancel brings back, follows in further parcels. So a merge is never half done: whatever gets
 * lost, it is carried again.
 */
import { splitMemberKey } from "../../kernel/ids.ts";
import { invariant } from "../../kernel/invariant.ts";
import type { CommitQueue } from "../../platform/commit-queue.ts";
import { attempt } from "../../platform/upkeep.ts";
import { Earner, type EarnerPorts } from "../earning/earner.ts";
import { transferIn, transferOut, type Cause, type PointsLot } from "../points/index.ts";
import { isNothing, joinEarningRows, takeEarningRows } from "./earning-rows.ts";
import type { BeginMerge, BeginMergeReply, MergeFacts, Parcel, UnitsOfDay } from "./messages.ts";

export interface MergingPorts extends EarnerPorts {
  readonly sql: SqlStorage;
  readonly commits: CommitQueue;
  readonly now: () => number;
  /** Hands a parcel to the Account of the record that stays, which may be this one. */
  readonly deliver: (parcel: Parcel) => Promise<void>;
}

/** Lots of one parcel: its row stays far below what a row may hold. */
const LOTS_PER_PARCEL = 200;
const RETRY_MS = 2_000;

export class Merging {
  readonly #ports: MergingPorts;
  #isRunning = false;
  #retryAtMs = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(ports: MergingPorts) {
    this.#ports = ports;
  }

  get #merges() {
    return this.#ports.account.merges;
  }

  // ---- the object's rhythm

  nextAtMs(): number {
    return this.#hasWork() ? this.#retryAtMs : Number.POSITIVE_INFINITY;
  }

  #hasWork(): boolean {
    return this.#merges.stale().length > 0 || this.#merges.senders().length > 0;
  }

  afterCommit(): void {
    if (this.#merges.isIdle || this.#isRunning || this.#retryAtMs > this.#ports.now()) return;
    if (this.#hasWork()) this.#timer ??= setTimeout(() => void this.run(), 0);
  }

  /** Sends what there is to send. Never throws: what fails is tried again. */
  async run(): Promise<void> {
    this.#timer = null;
    if (this.#merges.isIdle || this.#isRunning) return;
    this.#isRunning = true;
    const records = new Set([...this.#merges.senders(), ...this.#merges.stale()]);
    let hasFailed = false;
    for (const memberKey of records) {
      const isSent = await attempt("account: merging", () => this.#send(memberKey));
      hasFailed ||= !isSent;
    }
    this.#retryAtMs = hasFailed ? this.#ports.now() + RETRY_MS : 0;
    this.#isRunning = false;
  }

  async #send(memberKey: string): Promise<void> {
    const { commits, deliver } = this.#ports;
    let parcel = await commits.run(() => this.#next(memberKey));
    while (parcel) {
      const sent = parcel;
      await deliver(sent);
      parcel = await commits.run(() => {
        this.#merges.taken(sent);
        return this.#next(memberKey);
      });
    }
  }

  // ---- the record that leaves

  /** From this commit on the record redeems nothing more, and all that it has belongs to the other one. */
  begin({ mergeId, fromKey, intoKey }: BeginMerge): BeginMergeReply {
    const { account, social, now } = this.#ports;
    invariant(fromKey !== intoKey, "a record is merged with another one");
    const known = this.#merges.row(fromKey);
    if (known) return known.mergeId === mergeId ? { kind: "begun" } : refused("merged_already");
    // A ticket or a redemption in doubt ends where it began.
    if (account.orders.pendingOf(fromKey).length > 0) return refused("points_held");
    if (account.offsets.heldBy(fromKey) > 0) return refused("points_held_at_till");
    // Money has a ledger of its own, and no parcel carries it.
    if (account.stored.hasAny(fromKey)) return refused("stored_value");
    if (account.members.wallet(fromKey).deficit > 0) return refused("owes_points");
    if (social.hasErrandsOf(fromKey)) return refused("busy");
    this.#merges.begin({ mergeId, fromKey, intoKey, atMs: now() });
    return { kind: "begun" };
  }

  /** The parcel on its way, or a new one; null: nothing is left. Part of a commit. */
  #next(memberKey: string): Parcel | null {
    const waiting = this.#merges.waiting(memberKey);
    if (waiting) return waiting;
    const row = this.#merges.row(memberKey);
    if (!row) return null;
    const lots = this.#takeLots(memberKey, `${row.mergeId}:${row.nextParcel}`);
    const { rows, hasMore } = takeEarningRows(this.#ports.sql, memberKey);
    const units = joined([...this.#liveUnits(memberKey), ...this.#merges.unitsOf(memberKey)]);
    const sentUnits = JSON.stringify(units);
    const isNews = sentUnits !== row.sentUnits;
    if (lots.length < LOTS_PER_PARCEL && !hasMore) this.#merges.rested(memberKey);
    if (lots.length === 0 && isNothing(rows) && !isNews) return null;
    const { mergeId, intoKey, nextParcel } = row;
    const parcel: Parcel = {
      ...{ mergeId, fromKey: memberKey, intoKey, parcel: nextParcel, lots, earning: rows },
      units: isNews ? units : null,
    };
    this.#merges.send(parcel, pointsIn(lots), sentUnits);
    return parcel;
  }

  /** Units of the record's own orders that count against limits, an order a row. */
  #liveUnits(memberKey: string): UnitsOfDay[] {
    // Rows that wait for the flush of this commit count too.
    this.#ports.account.orders.flush();
    return this.#ports.sql
      .exec(
        `SELECT sale_id, day, quantity FROM orders INDEXED BY orders_by_member
         WHERE member_key = ? AND hold = 'posted' AND is_cancelled = 0`,
        memberKey,
      )
      .toArray()
      .map((row) => ({
        ...{ saleId: String(row["sale_id"]), day: Number(row["day"]) },
        units: Number(row["quantity"]),
      }));
  }

  #takeLots(memberKey: string, key: string): readonly PointsLot[] {
    const { account, points, now } = this.#ports;
    const nowMs = now();
    const wallet = points.writeOffLapsed(memberKey, nowMs);
    const cause = causeOf(`transfer_out:${key}`, nowMs);
    const out = transferOut(wallet, LOTS_PER_PARCEL, cause, nowMs);
    if (!out) return [];
    account.members.save(wallet, out.wallet, out.entries);
    return out.lots;
  }

  // ---- the record that stays

  /** Takes a parcel in. A repeat changes nothing. */
  takeIn(parcel: Parcel): void {
    if (this.#merges.hasArrived(parcel)) return;
    const { intoKey, lots, earning: rows, mergeId } = parcel;
    const { points, now, earning, social, purchases } = this.#ports;
    const nowMs = now();
    if (lots.length > 0) {
      const cause = causeOf(`transfer_in:${mergeId}:${parcel.parcel}`, nowMs);
      const outcome = points.change(intoKey, nowMs, (wallet, ledger) =>
        transferIn(wallet, lots, cause, ledger, nowMs),
      );
      invariant(outcome.kind === "booked", "points that left arrive", { kind: outcome.kind });
    }
    const terms = earning.terms(splitMemberKey(intoKey).programmeId);
    const earner = terms && new Earner(this.#ports, intoKey, terms, nowMs);
    joinEarningRows({ earning, social, purchases, earner, nowMs }, rows, parcel);
    this.#merges.arrived(parcel, pointsIn(lots));
  }

  // ---- reading

  facts(memberKey: string): MergeFacts {
    const { account, earning, social } = this.#ports;
    const wallet = account.members.wallet(memberKey);
    const profile = earning.profile(memberKey);
    const row = this.#merges.row(memberKey);
    const isAtRest =
      !this.#merges.stale().includes(memberKey) && !this.#merges.senders().includes(memberKey);
    return {
      ...{ intoKey: row?.intoKey ?? null, isAtRest, movedPoints: row?.movedPoints ?? 0 },
      lots: wallet.lots.filter(({ remaining }) => remaining > 0),
      ...{ granted: wallet.granted, held: wallet.held, deficit: wallet.deficit },
      pendingOrders: account.orders.pendingOf(memberKey).length,
      offsetPoints: account.offsets.heldBy(memberKey),
      hasStoredValue: account.stored.hasAny(memberKey),
      orders: this.#liveUnits(memberKey).length,
      ...{ growth: profile.tier?.lifetime ?? 0, tierId: profile.tier?.tierId ?? null },
      checkInDays: profile.checkIn.total,
      invited: [...social.invitedCounts(memberKey).values()].reduce((sum, one) => sum + one, 0),
      isBlocked: profile.isBlocked,
    };
  }
}

function refused(reason: Extract<BeginMergeReply, { kind: "refused" }>["reason"]): BeginMergeReply {
  return { kind: "refused", reason };
}

function pointsIn(lots: readonly PointsLot[]): number {
  return lots.reduce((sum, { remaining }) => sum + remaining, 0);
}

function joined(units: readonly UnitsOfDay[]): UnitsOfDay[] {
  const byKey = new Map<string, UnitsOfDay>();
  for (const one of units) {
    const key = `${one.saleId} ${one.day}`;
    byKey.set(key, { ...one, units: one.units + (byKey.get(key)?.units ?? 0) });
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

function causeOf(naturalKey: string, nowMs: number): Cause {
  return {
    ...{ naturalKey, orderId: null, sourceId: null, breakdown: [], actor: "system", storeId: null },
    ...{ customerNote: "merge", internalNote: "", occurredAtMs: nowMs },
  };
}
