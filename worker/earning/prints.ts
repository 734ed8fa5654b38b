/** Tells the guard of invites what members came with. */
import { splitMemberKey } from "../kernel/ids.ts";
import type { Env } from "../platform/env.ts";
import { describeError, log } from "../platform/log.ts";
import { earn, isRefusal } from "./earn-call.ts";
import { printsOf, traitsAsked, type Traits } from "./invites/index.ts";
import { termsOf } from "./terms-cache.ts";

/**
 * Tells the guard what a member came with, where the merchant's terms ask for it. Whoever is at the door of another domain
 * goes on when this fails.
 */
export async function reportTraits(
  env: Env,
  memberKey: string,
  traits: Traits,
  nowMs: number,
): Promise<void> {
  const { programmeId } = splitMemberKey(memberKey);
  try {
    const guard = (await termsOf(env, programmeId, nowMs))?.invites?.guard;
    const asked = guard ? traitsAsked(guard, traits) : {};
    if (Object.keys(asked).length === 0) return;
    const prints = printsOf(env.SESSION_KEYS, programmeId, asked);
    const reply = await earn(env, memberKey, "seen", { prints }, nowMs);
    if (isRefusal(reply)) log("traits_not_kept", { programmeId, code: reply.code });
  } catch (error) {
    log("traits_not_kept", { programmeId, error: describeError(error) });
  }
}

/** An address as the guard compares it: the same door, however it is spaced and whoever is named there. */
export function addressTrait(regionCode: string, detail: string): string {
  return `${regionCode} ${detail
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[\s,.。、]/g, "")}`;
}

/** The network a request came from: an address of version 4 whole, of version 6 by the half that a household has. */
export function networkOf(request: Request): string | null {
  const address = request.headers.get("cf-connecting-ip");
  if (!address) return null;
  return address.includes(":") ? address.split(":").slice(0, 4).join(":") : address;
}
