/** What a dry run replays beside events that were kept: what the projections of ledger and orders say. Pure. */
import type { MemberToday } from "../accounts/index.ts";
import { parseSaleId } from "../kernel/ids.ts";
import { REDEMPTION_CHANNEL, type EarnEvent, type EventKind } from "./rules/index.ts";
import type { PastTaskEvent } from "./tasks/index.ts";

/** An entry of type `earn_action`; `breakdown` is JSON. */
export interface LedgerRow {
  readonly memberKey: string;
  readonly seq: number;
  readonly atMs: number;
  readonly sourceId: string | null;
  readonly storeId: string | null;
  readonly breakdown: string;
}

export interface OrderRow {
  readonly memberKey: string;
  readonly orderId: string;
  readonly saleId: string;
  readonly state: string;
  readonly cashFen: number;
  readonly atMs: number;
}

/** An event of which nobody wrote down who the member was then. */
export type FacelessEvent = Pick<PastTaskEvent, "event" | "stated" | "returned">;

const STATED_KINDS: ReadonlyMap<string, EventKind> = new Map([
  ["check-in", "check_in"],
  ["invite", "invite"],
  ["till-code", "till_code"],
  ["tier-gift", "custom"],
]);
/** The bonus of a tier at check-in; what a tier multiplies has the version 0. */
const TIER = "tier";

/** States of orders of which nothing is left. */
const BACK: ReadonlySet<string> = new Set(["cancelled", "refunding", "refunded"]);

type Share = NonNullable<PastTaskEvent["stated"]>;

function statedKind({ ruleId, version }: Share, sourceId: string | null): EventKind | null {
  if (ruleId === TIER) return version > 0 ? "check_in" : null;
  // A task is the source of its own points; of rules it is the event.
  return STATED_KINDS.get(ruleId) ?? (ruleId === sourceId ? "task" : null);
}

/** What a source stated, without what multipliers added; null: rules gave it, for an event that is kept. */
export function statedEvent(row: LedgerRow): FacelessEvent | null {
  const [share] = JSON.parse(row.breakdown) as Share[];
  const kind = share ? statedKind(share, row.sourceId) : null;
  if (!share || !kind) return null;
  const { memberKey, atMs, storeId } = row;
  return { event: eventOf(kind, `entry-${row.seq}`, { memberKey, atMs, storeId }), stated: share };
}

/** A redemption as its Account would have kept it, had a rule asked for it. */
export function redemptionEvent(row: OrderRow): FacelessEvent {
  const { memberKey, atMs, cashFen, saleId } = row;
  const line = { categoryIds: [], labels: [], amountFen: cashFen };
  const event: EarnEvent = {
    ...eventOf("order", row.orderId, { memberKey, atMs, storeId: null }),
    lines: [{ productId: parseSaleId(saleId)?.skuId ?? saleId, ...line }],
    channel: REDEMPTION_CHANNEL,
  };
  return BACK.has(row.state)
    ? { event, returned: { returnedFen: cashFen, basisFen: cashFen } }
    : { event };
}

function eventOf(
  kind: EventKind,
  eventId: string,
  of: Pick<EarnEvent, "memberKey" | "atMs" | "storeId">,
): EarnEvent {
  return { eventId, kind, name: null, lines: [], channel: null, ...of };
}

function keyOf({ memberKey, eventId }: EarnEvent): string {
  return `${memberKey} ${eventId}`;
}

/** Those that were not kept as events, since a redemption that was is among both. */
export function notKept(
  found: readonly FacelessEvent[],
  kept: readonly PastTaskEvent[],
): readonly FacelessEvent[] {
  const known = new Set(kept.map(({ event }) => keyOf(event)));
  return found.filter(({ event }) => !known.has(keyOf(event)));
}

/**
 * Who the member was at each of these: as the last kept event before it says, else as they are today. Redemptions are
 * counted from the first of them, as if a rule had asked for them since.
 */
export function withFaces(
  found: readonly FacelessEvent[],
  kept: readonly PastTaskEvent[],
  today: ReadonlyMap<string, MemberToday>,
): readonly PastTaskEvent[] {
  const byMember = Map.groupBy(
    kept.toSorted((a, b) => a.event.atMs - b.event.atMs),
    ({ event }) => event.memberKey,
  );
  const redeemed = new Map<string, number>();
  return found
    .toSorted((a, b) => a.event.atMs - b.event.atMs)
    .flatMap((one): PastTaskEvent[] => {
      const { memberKey, atMs, channel } = one.event;
      const now = today.get(memberKey);
      const before = byMember.get(memberKey)?.findLast(({ event }) => event.atMs <= atMs);
      const facts = before?.member ?? now?.facts;
      if (!facts) return [];
      const joinedAtMs = before?.joinedAtMs ?? now?.joinedAtMs ?? atMs;
      if (channel !== REDEMPTION_CHANNEL) return [{ ...one, member: facts, joinedAtMs }];
      const ordersBefore = redeemed.get(memberKey) ?? 0;
      redeemed.set(memberKey, ordersBefore + 1);
      return [{ ...one, member: { ...facts, ordersBefore }, joinedAtMs }];
    });
}
