import { providersOf } from "../../payments/index.ts";
import type { Env } from "../../platform/env.ts";
import { commitOrApart, STUCK_RETRY_MS } from "../../platform/upkeep.ts";
import { MergingObject } from "../merging/merging-object.ts";
import type { Envelope } from "../earning/messages.ts";
import type { LifeDesk } from "../life-desk.ts";
import type { Providers } from "../order-works.ts";
import type { ProgrammeTerms } from "../../earning/programme/index.ts";
import type { PointsOffset } from "../points/index.ts";
import type { TopUp, TopUpReceipt } from "../stored-value/index.ts";
import type { SpendCalls, SpendKind, SpendReply } from "./messages.ts";
import { OffsetDesk } from "./offset-desk.ts";
import { SpendingClock } from "./spending-clock.ts";
import { auditStored, type StoredPage } from "./stored-audit.ts";
import { StoredDesk } from "./stored-desk.ts";
import type { StoredEntryPage } from "./stored-store.ts";
import { TenderCommands } from "./tender-commands.ts";
import { TenderDesk } from "./tender-desk.ts";
import { TopUpWorks } from "./top-up-works.ts";

type Call<K extends SpendKind> = Envelope & SpendCalls[K]["input"];
const BLOCKED = {
  kind: "refused",
  refusal: { code: "conflict", figures: { reason: "blocked" } },
} as const;
const SPENDING: ReadonlySet<SpendKind> = new Set([
  ...(["offset_quote", "offset_hold", "tender_set", "top_up_begin"] as const),
]);

/** The part of an Account that spends beside redemptions: points for part of a bill, and stored value. Shell only. */
export abstract class SpendingObject extends MergingObject {
  /** Who carries money; an own property, so that tests set it and it cannot be reached over RPC. */
  providers: (programmeId: string) => Promise<Providers>;
  protected abstract readonly lifeDesk: LifeDesk;
  protected readonly tenderDesk: TenderDesk;
  protected readonly spendingClock: SpendingClock;
  readonly #offsets: OffsetDesk;
  readonly #stored: StoredDesk;
  readonly #tenders: TenderCommands;
  readonly #topUps: TopUpWorks;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.providers = (programmeId) => providersOf(env, programmeId);
    const { store, commits, pointsDesk: points } = this;
    const now = (): number => this.clock();
    this.#offsets = new OffsetDesk(store, points, (memberKey) => this.earning.touched(memberKey));
    this.#stored = new StoredDesk(store);
    this.tenderDesk = new TenderDesk(store, this.#offsets, this.#stored);
    this.#tenders = new TenderCommands({ store, points, lives: () => this.lifeDesk });
    this.#topUps = new TopUpWorks({
      ...{ store, commits, desk: this.#stored, now },
      payerHeard: this.payerHeard,
      providers: (programmeId) => this.providers(programmeId),
    });
    this.spendingClock = new SpendingClock({
      now,
      nextAtMs: () => Math.min(store.offsets.nextDueAtMs(), store.stored.nextAskAtMs()),
      due: async (nowMs, count) => {
        if (store.offsets.nextDueAtMs() <= nowMs) await this.#lapseOffsets(nowMs, count);
        if (store.stored.nextAskAtMs() > nowMs) return [];
        return commits.runUnasked(() => this.#topUps.claim(nowMs, count));
      },
      ask: (topUp) => this.#topUps.ask(topUp),
    });
  }

  /** Holds whose time is over give their points back; bounded, the rest is due at once. */
  async #lapseOffsets(nowMs: number, count: number): Promise<void> {
    const { offsets } = this.store;
    const due = offsets.due(nowMs, count);
    const lapse = ({ memberKey, offsetId }: PointsOffset): void => {
      // As it is in this commit: a till may have been quicker.
      const offset = offsets.find(memberKey, offsetId);
      if (offset) this.#offsets.releaseOf(offset, "lapsed", "system", nowMs);
    };
    await commitOrApart(this.commits, () => due.forEach(lapse), {
      ...{ kind: "account: offsets", items: () => due, work: lapse },
      putOff: (offset: PointsOffset) => offsets.postpone(offset, nowMs + STUCK_RETRY_MS),
    });
  }

  /** The guard of invites compares who paid. Part of a commit. */
  protected readonly payerHeard = (memberKey: string, payment: string | null): void => {
    this.earning.heardOf(memberKey, { payment }, this.env.SESSION_KEYS);
  };

  /** One command of spending; what it is asked and answers is in `SpendCalls`. */
  async spend<K extends SpendKind>(kind: K, call: Call<K>): Promise<SpendReply<K>> {
    if (SPENDING.has(kind) && this.earning.isBlocked(call.memberKey)) return BLOCKED;
    const reply: unknown = await this.earning.decide(call, ({ terms, nowMs }) =>
      this.#decided(kind, call, terms, nowMs),
    );
    return reply as SpendReply<K>;
  }

  #decided(kind: SpendKind, call: Envelope, terms: ProgrammeTerms, nowMs: number): unknown {
    const { memberKey } = call;
    switch (kind) {
      case "offset_quote":
        return this.#offsets.quote(memberKey, call as Call<"offset_quote">, terms, nowMs);
      case "offset_hold":
        return this.#offsets.hold(memberKey, call as Call<"offset_hold">, terms, nowMs);
      case "offset_capture": {
        const wish = call as Call<"offset_capture">;
        return this.#offsets.capture(memberKey, wish.offsetId, wish, nowMs);
      }
      case "offset_void": {
        const { offsetId, actor } = call as Call<"offset_void">;
        return this.#offsets.void(memberKey, offsetId, actor, nowMs);
      }
      case "offset_return": {
        const wish = call as Call<"offset_return">;
        return this.#offsets.return(memberKey, wish.offsetId, wish, nowMs);
      }
      case "offset_view":
        return this.#offsets.view(memberKey, (call as Call<"offset_view">).offsetId, nowMs);
      case "tender_quote":
        return this.#tenders.quote(memberKey, call as Call<"tender_quote">, terms, nowMs);
      case "tender_set":
        return this.#tenders.set(memberKey, call as Call<"tender_set">, terms, nowMs);
      case "stored_view": {
        const { beforeSeq, count } = call as Call<"stored_view">;
        return this.#stored.page(memberKey, terms.storedValue, beforeSeq, count);
      }
      case "top_up_begin": {
        const { topUpId, paymentId, provider, scene, amountFen } = call as Call<"top_up_begin">;
        const wish = { memberKey, topUpId, paymentId, provider, scene, amountFen };
        return this.#stored.begin(wish, terms.storedValue, nowMs);
      }
    }
  }

  // ---- stored value

  /** A verified word of the provider. Idempotent by its transaction; null: there is no such top-up. */
  topUpReceived(memberKey: string, topUpId: string, money: TopUpReceipt): Promise<TopUp | null> {
    return this.commits.run(() => this.#stored.receive(memberKey, topUpId, money, this.clock()));
  }

  /** Asks the provider about a top-up, in case its call was lost; null: there is no such one. */
  async askTopUp(memberKey: string, topUpId: string): Promise<TopUp | null> {
    const topUp = this.store.stored.topUp(memberKey, topUpId);
    if (topUp?.state === "open") await this.#topUps.ask(topUp);
    return this.store.stored.topUp(memberKey, topUpId);
  }

  async auditStored(afterMemberKey: string): Promise<StoredPage> {
    return auditStored(this.ctx.storage.sql, this.store, afterMemberKey);
  }

  /** For staff: a page of one member's entries, newest first, without terms. */
  async storedValueOf(
    memberKey: string,
    count: number,
    beforeSeq: number = Number.MAX_SAFE_INTEGER,
  ): Promise<StoredEntryPage & { balanceFen: number; heldFen: number; seq: number }> {
    const { stored } = this.store;
    const { balanceFen, heldFen, seq } = stored.wallet(memberKey);
    return { balanceFen, heldFen, seq, ...stored.page(memberKey, beforeSeq, count) };
  }
}
