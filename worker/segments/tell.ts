/** Tells Accounts what staff or a round of counting put on members, so that rules and goods can ask for it. */
import { earn, isRefusal } from "../earning/index.ts";
import { memberKeyOf } from "../kernel/ids.ts";
import type { Env } from "../platform/env.ts";

/** Accounts asked at the same time. */
const FAN_OUT = 32;

export async function tellMembers(
  env: Env,
  programmeId: string,
  memberIds: readonly string[],
  mark: { readonly list: "labels" | "segments"; readonly word: string; readonly isOn: boolean },
  nowMs: number,
): Promise<void> {
  for (let at = 0; at < memberIds.length; at += FAN_OUT) {
    const told = memberIds.slice(at, at + FAN_OUT).map(async (memberId) => {
      const memberKey = memberKeyOf(programmeId, memberId);
      const reply = await earn(env, memberKey, "profile", { facts: {}, mark }, nowMs);
      if (isRefusal(reply)) throw new Error(`${memberId} could not be told: ${reply.code}`);
    });
    await Promise.all(told);
  }
}
