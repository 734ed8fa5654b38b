/** Personal data as lists show it: enough to recognise, too little to use. */
import type { Permission } from "./permission.ts";

const STARS = "****";
/** Stands where something is known that this reader has no business to know. */
export const HIDDEN = "•••";

/**
 * What a reader sees of people, field by field: masked, or nothing at all. In full is shown only what a reader sees masked, to who may
 * reveal, for a reason that is written down. Ids of WeChat and other identities are shown to nobody.
 */
export interface Sight {
  readonly name: boolean;
  readonly phone: boolean;
  readonly address: boolean;
}

/** What somebody sees of themselves. */
export const OWN_SIGHT: Sight = { name: true, phone: true, address: true };

export function sightOf(permissions: ReadonlySet<Permission> | undefined): Sight {
  const may = (word: Permission): boolean => permissions?.has(word) ?? false;
  return {
    name: may("members.names"),
    phone: may("members.phones"),
    address: may("members.addresses"),
  };
}

/** A masked text for who may see it; that there is one, for who may not. */
export function seen(isSeen: boolean, masked: string): string {
  return isSeen || masked === "" ? masked : HIDDEN;
}

/** 黄小安 → 黄*安, 苏岚 → 苏*. */
export function maskName(name: string): string {
  const signs = [...name.trim()];
  const [first = ""] = signs;
  if (signs.length <= 1) return `${first}*`;
  return signs.length === 2 ? `${first}*` : `${first}*${signs.at(-1) ?? ""}`;
}

/** 13612340415 → 136****0415. */
export function maskPhone(phone: string): string {
  const digits = phone.replaceAll(/\D/g, "");
  if (digits.length < 7) return STARS;
  return `${digits.slice(0, 3)}${STARS}${digits.slice(-4)}`;
}

/** The end of a street address is what finds a door: only its beginning stays. */
export function maskDetail(detail: string): string {
  const signs = [...detail.trim()];
  const begin = signs.slice(0, Math.min(4, Math.floor(signs.length / 3))).join("");
  return `${begin.trim()} ${STARS}`.trim();
}

const NUMBER_IN_WORDS = /\+?\d(?:[ -]?\d){6,}/g;

/** Numbers that people write into their words, as lists show them. */
export function maskNumbers(words: string): string {
  return words.replaceAll(NUMBER_IN_WORDS, maskPhone);
}
