import { DurableObject } from "cloudflare:workers";
import { REHEARSAL_PREFIX } from "../kernel/ids.ts";
import type { Env } from "../platform/env.ts";
import { describeError, log } from "../platform/log.ts";
import { emptyReport } from "./rehearsal-report.ts";
import { RehearsalRun, type RehearsalPlan } from "./rehearsal-run.ts";
import { keepRehearsal, type StoredRehearsal } from "./rehearsal-store.ts";

export interface RehearsalOrder {
  readonly owner: string;
  readonly sessionId: string;
  readonly startedBy: string;
  readonly plan: Omit<RehearsalPlan, "programmeId">;
}

interface Underway extends RehearsalOrder {
  readonly rehearsalId: string;
  readonly startedAtMs: number;
  readonly plan: RehearsalPlan;
}

const KEY = "underway";

/**
 * One per programme: lets one rehearsal run at a time, in its alarm, and keeps what it showed in D1. A run that loses its object
 * in the middle is not taken up again but said to have failed, because half a rush proves nothing.
 */
export class Rehearsal extends DurableObject<Env> {
  #current: StoredRehearsal | null = null;

  /** Null: another one is under way. */
  async start(order: RehearsalOrder): Promise<StoredRehearsal | null> {
    if (await this.ctx.storage.get<Underway>(KEY)) return null;
    const rehearsalId = `r-${crypto.randomUUID().slice(0, 13)}`;
    const programmeId = `${REHEARSAL_PREFIX}${crypto.randomUUID().slice(0, 8)}`;
    const plan: RehearsalPlan = { ...order.plan, programmeId };
    const underway: Underway = { ...order, rehearsalId, startedAtMs: Date.now(), plan };
    const stored = this.#storedOf(underway);
    await keepRehearsal(this.env.DB, order.owner, stored);
    await this.ctx.storage.put(KEY, underway);
    await this.ctx.storage.setAlarm(Date.now());
    this.#current = stored;
    return stored;
  }

  /** The run under way, with what it shows so far; null: none is. */
  async progress(): Promise<StoredRehearsal | null> {
    return this.#current;
  }

  #storedOf({ rehearsalId, sessionId, startedBy, startedAtMs, plan }: Underway): StoredRehearsal {
    const { item, buyers } = plan;
    return {
      ...{ rehearsalId, sessionId, startedBy, startedAtMs, skuId: item.skuId },
      state: "running",
      report: emptyReport(buyers, item.units),
    };
  }

  override async alarm(): Promise<void> {
    const underway = await this.ctx.storage.get<Underway>(KEY);
    if (!underway) return;
    const stored = this.#current ?? this.#storedOf(underway);
    const { report } = stored;
    // The alarm of a run that began rings again only when its object was lost.
    const isLost = await this.ctx.storage.get<boolean>(`${KEY}:began`);
    await this.ctx.storage.put(`${KEY}:began`, true);
    try {
      if (isLost) throw new Error("the run was interrupted");
      this.#current = stored;
      await new RehearsalRun(this.env, underway.plan, report).run();
    } catch (error) {
      log("rehearsal_failed", { error: describeError(error) });
      report.fault = describeError(error);
    }
    report.phase = "done";
    const isProven = report.proofs.length > 0 && report.proofs.every(({ isTrue }) => isTrue);
    const state = report.fault !== null ? "failed" : isProven ? "proven" : "broken";
    await keepRehearsal(this.env.DB, underway.owner, { ...stored, state, report });
    await this.ctx.storage.delete([KEY, `${KEY}:began`]);
    this.#current = null;
  }
}
