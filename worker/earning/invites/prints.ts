/** Traits by which people who invite themselves are found, as keyed hashes: the things themselves are never kept. Pure. */
import { createHmac } from "node:crypto";
import { parseKeyRing } from "../../kernel/key-ring.ts";
import type { Fingerprints, Trait } from "./model.ts";

export type Traits = Partial<Record<Trait, string | null | undefined>>;

/** A hash under every key of the ring, so that a rotation forgets nobody while both keys are there. */
function hashesOf(keyRing: string, programmeId: string, trait: Trait, value: string): string[] {
  return parseKeyRing(keyRing).map(({ secret }) =>
    createHmac("sha256", secret)
      .update(`fingerprint.v1.${programmeId}.${trait}.${value}`)
      .digest("base64url")
      .slice(0, 24),
  );
}

/** @param keyRing `SESSION_KEYS` */
export function printsOf(
  keyRing: string,
  programmeId: string,
  traits: Traits,
): Partial<Fingerprints> {
  const prints: Partial<Record<Trait, readonly string[]>> = {};
  for (const [trait, value] of Object.entries(traits) as [Trait, string | null | undefined][]) {
    if (value) prints[trait] = hashesOf(keyRing, programmeId, trait, value);
  }
  return prints;
}

/** Those that the merchant's terms ask for. */
export function traitsAsked(guard: Readonly<Record<Trait, string>>, traits: Traits): Traits {
  const asked = Object.entries(traits).filter(
    ([trait, value]) => value && guard[trait as Trait] !== "ignore",
  );
  return Object.fromEntries(asked);
}
