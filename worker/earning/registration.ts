import { splitMemberKey } from "../kernel/ids.ts";
import type { Env } from "../platform/env.ts";
import { log } from "../platform/log.ts";
import { earn, isRefusal } from "./earn-call.ts";
import { printsOf } from "./invites/index.ts";
import type { Welcome } from "./wire.ts";

/** Tells the rules that somebody has become a member; once a member, however often it is told. Null: nothing was given by it. */
export async function reportRegistration(
  env: Env,
  memberKey: string,
  nowMs: number,
): Promise<Welcome | null> {
  const { programmeId, memberId } = splitMemberKey(memberKey);
  const traits = { device: "", network: "", payment: "", address: "" };
  const input = {
    ...{ eventId: `sign-up-${memberId}`.slice(0, 64), kind: "registration" as const, name: null },
    ...{ atMs: nowMs, lines: [], storeId: null, channel: "mall", facts: {} },
    ...{ prints: printsOf(env.SESSION_KEYS, programmeId, traits), actor: "system:sign-in" },
  };
  const reply = await earn(env, memberKey, "event", input, nowMs).catch((error: unknown) => ({
    ...{ code: "fault" as const, figures: {}, error },
  }));
  // A member without a welcome is a member all the same; the next sign-up of the same id would bring it.
  if (isRefusal(reply)) {
    log("registration_not_earned", { programmeId, code: reply.code });
    return null;
  }
  const { isReplay, points, balance } = reply;
  if (isReplay || points === 0) return null;
  return { points, isPending: balance.active < points };
}
