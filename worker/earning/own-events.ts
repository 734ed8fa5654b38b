/** What members do in the mall itself and in its stores, told to the rules as events: once each, however often it is told. */
import { memberKeyOf } from "../kernel/ids.ts";
import type { Refusal } from "../kernel/refusal.ts";
import type { Env } from "../platform/env.ts";
import { log } from "../platform/log.ts";
import { earn, isRefusal } from "./earn-call.ts";

/** Rules may ask for it, as they ask for a merchant's own channels. */
const STORE = "store";
const MALL = "mall";

export interface OwnWriteOff {
  readonly writeOffId: string;
  readonly memberId: string;
  readonly storeId: string;
  readonly skuId: string;
  readonly atMs: number;
}

export interface OwnReview {
  readonly orderId: string;
  readonly memberId: string;
  readonly atMs: number;
}

const eventIdOf = (writeOffId: string): string => `write-off-${writeOffId}`.slice(0, 64);

/** A use of a voucher at a store. It is final at the counter, so nothing waits for its completion. */
export async function reportWriteOff(
  env: Env,
  programmeId: string,
  act: OwnWriteOff,
  nowMs: number,
): Promise<void> {
  const { memberId, storeId, skuId, atMs } = act;
  const memberKey = memberKeyOf(programmeId, memberId);
  const eventId = eventIdOf(act.writeOffId);
  // What was redeemed is paid for in points, so the event has goods and no amount.
  const line = { productId: skuId, categoryIds: [], labels: [], amountFen: 0 };
  const event = {
    ...{ eventId, kind: "write_off" as const, name: null, atMs, lines: [line] },
    ...{ storeId, channel: STORE, facts: {}, prints: {}, actor: "system:write-off" },
  };
  const earned = await earn(env, memberKey, "event", event, nowMs);
  if (isRefusal(earned)) return notEarned("write_off", earned);
  const completed = { eventId, actor: "system:write-off" };
  const active = await earn(env, memberKey, "complete", completed, nowMs);
  if (isRefusal(active)) notEarned("write_off", active);
}

/** The use was given back: its points go by the programme's claw-back policy. */
export async function reportWriteOffReversal(
  env: Env,
  programmeId: string,
  act: Pick<OwnWriteOff, "writeOffId" | "memberId">,
  nowMs: number,
): Promise<void> {
  const memberKey = memberKeyOf(programmeId, act.memberId);
  const input = {
    ...{ eventId: eventIdOf(act.writeOffId), returnId: "reversal", amountFen: null },
    actor: "system:write-off",
  };
  const reply = await earn(env, memberKey, "return", input, nowMs);
  // One from before rules heard of write-offs earned nothing.
  if (isRefusal(reply) && reply.code !== "not_found") notEarned("write_off_reversal", reply);
}

/** A rating of goods after their receipt, the first of its order. */
export async function reportReview(
  env: Env,
  programmeId: string,
  { orderId, memberId, atMs }: OwnReview,
  nowMs: number,
): Promise<void> {
  const event = {
    ...{ eventId: `review-${orderId}`.slice(0, 64), kind: "review" as const, name: null, atMs },
    ...{ lines: [], storeId: null, channel: MALL, facts: {}, prints: {}, actor: "member" },
  };
  const reply = await earn(env, memberKeyOf(programmeId, memberId), "event", event, nowMs);
  if (isRefusal(reply)) notEarned("review", reply);
}

/** The act stands without its points: who is blocked may still use what is paid for. */
function notEarned(kind: string, { code }: Refusal): void {
  log("own_event_not_earned", { kind, code });
}
