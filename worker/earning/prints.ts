/** Traits by which people who invite themselves are found, as keyed hashes: the things themselves are never kept. */
import { createHmac } from "node:crypto";
import { splitMemberKey } from "../kernel/ids.ts";
import { parseKeyRing } from "../kernel/key-ring.ts";
import type { Env } from "../platform/env.ts";
import { describeError, log } from "../platform/log.ts";
import { earn, isRefusal } from "./earn-call.ts";
import { TRAITS, type Fingerprints, type Trait } from "./invites/index.ts";
import { termsOf } from "./terms-cache.ts";

/** A hash under every key of the ring, so that a rotation forgets nobody while both keys are there. */
function hashesOf(env: Env, programmeId: string, trait: Trait, value: string): string[] {
  return parseKeyRing(env.SESSION_KEYS).map(({ secret }) =>
    createHmac("sha256", secret)
      .update(`fingerprint.v1.${programmeId}.${trait}.${value}`)
      .digest("base64url")
      .slice(0, 24),
  );
}

export type Traits = Partial<Record<Trait, string | null | undefined>>;

export function printsOf(env: Env, programmeId: string, traits: Traits): Partial<Fingerprints> {
  const prints: Partial<Record<Trait, readonly string[]>> = {};
  for (const [trait, value] of Object.entries(traits) as [Trait, string | null | undefined][]) {
    if (value) prints[trait] = hashesOf(env, programmeId, trait, value);
  }
  return prints;
}

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
    if (!guard) return;
    const asked = TRAITS.filter((trait) => guard[trait] !== "ignore" && traits[trait]);
    if (asked.length === 0) return;
    const wanted = Object.fromEntries(asked.map((trait) => [trait, traits[trait]]));
    const prints = printsOf(env, programmeId, wanted);
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
