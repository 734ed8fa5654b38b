/** Personal data as lists show it: enough to recognise, too little to use. */

const STARS = "****";

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
