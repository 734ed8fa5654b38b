/**
 * From a draft to sales: every SKU of a session is scheduled, or none. Each step may be repeated, because the session remembers
 * in D1 which sale it made for which SKU before that sale is scheduled.
 */
import { DAY_MS, nextProgrammeMidnightMs, ZONE_OFFSET_MS } from "../kernel/clock.ts";
import { skuKeyOf } from "../kernel/ids.ts";
import { payWithinMs } from "../payments/index.ts";
import { stubOf, type Env } from "../platform/env.ts";
import { describeError, log } from "../platform/log.ts";
import type { StaffCommand } from "../redemption/index.ts";
import { checkSession, errorsOf, type SkuStock } from "./model.ts";
import { newestRehearsal } from "./rehearsal-store.ts";
import type { Session, SessionStore } from "./store.ts";
import type { SessionCheck, SessionDraft, SessionItem } from "./wire.ts";

export interface Scheduler {
  readonly env: Env;
  readonly programmeId: string;
  readonly staff: string;
  readonly store: SessionStore;
  readonly nowMs: number;
}

function skuOf({ env, programmeId }: Scheduler, skuId: string) {
  return stubOf(env.SKU, skuKeyOf(programmeId, skuId), env);
}

/** SKUs that the programme has, by id; an object that nobody opened the books of is none. */
async function stockOf(
  scheduler: Scheduler,
  draft: SessionDraft,
): Promise<Map<string, SkuStock | null>> {
  const skuIds = [...new Set(draft.items.map(({ skuId }) => skuId))];
  const known = await knownSkus(scheduler, skuIds);
  const entries = await Promise.all(
    skuIds.map(async (skuId): Promise<[string, SkuStock | null]> => {
      return [skuId, known.has(skuId) ? await skuOf(scheduler, skuId).stock() : null];
    }),
  );
  return new Map(entries);
}

/** Asked of D1, so that a mistyped id does not call an object into being. */
async function knownSkus(
  { env, programmeId }: Scheduler,
  skuIds: readonly string[],
): Promise<Set<string>> {
  const { results } = await env.DB.prepare(
    "SELECT sku_id FROM skus WHERE programme_id = ?1 AND sku_id IN (SELECT value FROM json_each(?2))",
  )
    .bind(programmeId, JSON.stringify(skuIds))
    .all<{ sku_id: string }>();
  return new Set(results.map((row) => row.sku_id));
}

/** Everything that speaks for or against a session now. */
export async function checksOf(scheduler: Scheduler, session: Session): Promise<SessionCheck[]> {
  const { store, nowMs, env, programmeId } = scheduler;
  const dayStartMs = nextProgrammeMidnightMs(session.opensAtMs, ZONE_OFFSET_MS) - DAY_MS;
  const [stock, sameDay, rehearsal] = await Promise.all([
    stockOf(scheduler, session),
    store.neighbours(session.sessionId, dayStartMs, dayStartMs + DAY_MS),
    newestRehearsal(env.DB, programmeId, session.sessionId),
  ]);
  return checkSession(session, { nowMs, stock, sameDay, rehearsal });
}

export type ScheduleOutcome =
  | { readonly kind: "done"; readonly session: Session }
  | { readonly kind: "changed" }
  | { readonly kind: "refused"; readonly checks: readonly SessionCheck[] };

export async function scheduleSession(
  scheduler: Scheduler,
  session: Session,
): Promise<ScheduleOutcome> {
  const { store } = scheduler;
  let current = session;
  if (current.state === "draft") {
    const refused = errorsOf(await checksOf(scheduler, current));
    if (refused.length > 0) return { kind: "refused", checks: refused };
    const next = await step(scheduler, current, "scheduling");
    if (!next) return { kind: "changed" };
    current = next;
  }
  const made = new Map(
    (await store.salesOf([current.sessionId])).map(({ skuId, saleId }) => [skuId, saleId]),
  );
  for (const item of current.items) {
    if (!made.has(item.skuId)) {
      const saleId = await draftItem(scheduler, current, item);
      await store.keepSale(current.sessionId, item.skuId, saleId);
      made.set(item.skuId, saleId);
    }
  }
  const refused: SessionCheck[] = [];
  for (const [skuId, saleId] of made) {
    const problem = await command(scheduler, skuId, saleId, { kind: "schedule" });
    if (problem) refused.push(problem);
  }
  if (refused.length > 0) {
    await undo(scheduler, current, made);
    return { kind: "refused", checks: refused };
  }
  const done = await step(scheduler, current, "scheduled");
  return done ? { kind: "done", session: done } : { kind: "changed" };
}

/** Calls a session off before it opens: its units go back to the standing shelves, and members are told that it is closed. */
export async function cancelSession(
  scheduler: Scheduler,
  session: Session,
): Promise<Session | null> {
  for (const { skuId, saleId } of await scheduler.store.salesOf([session.sessionId])) {
    await command(scheduler, skuId, saleId, { kind: "close" });
  }
  return step(scheduler, session, "cancelled");
}

async function step(
  { store, staff, nowMs }: Scheduler,
  session: Session,
  state: Session["state"],
): Promise<Session | null> {
  const version = session.version + 1;
  const next = { ...session, state, version, updatedBy: staff, updatedAtMs: nowMs };
  return (await store.save(next)) ? next : null;
}

async function draftItem(
  scheduler: Scheduler,
  session: Session,
  item: SessionItem,
): Promise<string> {
  const { skuId, doors, ...terms } = item;
  const { opensAtMs, closesAtMs } = session;
  const { env, programmeId } = scheduler;
  const more = doors === null ? {} : { doors };
  const snapshot = await skuOf(scheduler, skuId).draft({
    ...terms,
    ...more,
    opensAtMs,
    closesAtMs,
    payWithinMs: await payWithinMs(env, programmeId, "flash"),
  });
  if (!snapshot) throw new Error("a SKU that the checks found has books");
  return snapshot.terms.saleId;
}

/** Null: obeyed. */
async function command(
  scheduler: Scheduler,
  skuId: string,
  saleId: string,
  wanted: StaffCommand,
): Promise<SessionCheck | null> {
  const outcome = await skuOf(scheduler, skuId).command(saleId, wanted, scheduler.staff);
  if (outcome.kind === "done") return null;
  if (outcome.kind === "not_found")
    return { check: "sku_unknown", level: "error", skuId, figures: {} };
  const { reason, figures } = outcome;
  const check =
    reason === "overlap" ? "overlap" : reason === "units_insufficient" ? "units" : "window";
  return { check, level: "error", skuId, figures: { ...figures, reason } };
}

/** One SKU would not: what was scheduled is closed again, and the session is a draft as it was. */
async function undo(
  scheduler: Scheduler,
  session: Session,
  made: ReadonlyMap<string, string>,
): Promise<void> {
  for (const [skuId, saleId] of made) {
    await command(scheduler, skuId, saleId, { kind: "close" }).catch((error: unknown) => {
      log("session_undo_failed", { saleId, error: describeError(error) });
    });
  }
  await scheduler.store.dropSales(session.sessionId);
  await step(scheduler, session, "draft");
}
