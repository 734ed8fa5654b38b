/** Traits by which people who invite themselves are found, as keyed hashes: the things themselves are never kept. */
import { createHmac } from "node:crypto";
import { parseKeyRing } from "../kernel/key-ring.ts";
import type { Env } from "../platform/env.ts";
import type { Fingerprints, Trait } from "./invites/index.ts";

/** A hash under every key of the ring, so that a rotation forgets nobody while both keys are there. */
function hashesOf(env: Env, programmeId: string, trait: Trait, value: string): string[] {
  return parseKeyRing(env.SESSION_KEYS).map(({ secret }) =>
    createHmac("sha256", secret)
      .update(`fingerprint.v1.${programmeId}.${trait}.${value}`)
      .digest("base64url")
      .slice(0, 24),
  );
}

export function printsOf(
  env: Env,
  programmeId: string,
  traits: Partial<Record<Trait, string | null | undefined>>,
): Partial<Fingerprints> {
  const prints: Partial<Record<Trait, readonly string[]>> = {};
  for (const [trait, value] of Object.entries(traits) as [Trait, string | null | undefined][]) {
    if (value) prints[trait] = hashesOf(env, programmeId, trait, value);
  }
  return prints;
}

/** The network a request came from: an address of version 4 whole, of version 6 by the half that a household has. */
export function networkOf(request: Request): string | null {
  const address = request.headers.get("cf-connecting-ip");
  if (!address) return null;
  return address.includes(":") ? address.split(":").slice(0, 4).join(":") : address;
}
