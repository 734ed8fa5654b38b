/** What an invite link promises, told to whoever follows it before they are anybody here. */
import { maskName } from "../kernel/masks.ts";
import { displayNameOf } from "../members/index.ts";
import type { Env } from "../platform/env.ts";
import { describeError, log } from "../platform/log.ts";
import { readCode } from "./codes/index.ts";
import { CodesStore } from "./codes-store.ts";
import { termsOf } from "./terms-cache.ts";
import type { InviteOffer } from "./wire.ts";

/** Null: no such code, no invites, or it cannot be read now. */
export async function inviteOffer(
  env: Env,
  programmeId: string,
  code: string,
  nowMs: number,
): Promise<InviteOffer | null> {
  const text = readCode(code);
  if (text === null) return null;
  try {
    const terms = await termsOf(env, programmeId, nowMs);
    if (!terms?.invites) return null;
    const inviterId = await new CodesStore(env.DB).inviterOf(programmeId, text);
    if (inviterId === null) return null;
    const name = await displayNameOf(env, programmeId, inviterId);
    const { inviterPoints, inviteePoints, act, amountFenMin, days } = terms.invites;
    const inviterName = name === "" ? "" : maskName(name);
    return { inviterName, inviterPoints, inviteePoints, act, amountFenMin, days };
  } catch (error) {
    // Signing in goes on without it.
    log("invite_offer_failed", { programmeId, error: describeError(error) });
    return null;
  }
}
