/** Where staff may have this mall send requests: a named host of the public net over TLS, nothing beside the server. Pure. */

/** Names that resolvers keep to a machine or a house (RFC 6761, 6762, 8375, and what clouds call their own). */
const INSIDE = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home\.arpa|onion)$/;
const TEXT_MAX = 200;

/**
 * Numbers are refused in every spelling, because `URL` writes each as the address it is: whoever may set an address is not let
 * at what stands beside the server. A name that leads inside is the resolver's to refuse; docs/operations.md says so.
 */
export function isPublicAddress(text: string): boolean {
  if (text.length > TEXT_MAX || !URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  const name = hostname.replace(/\.$/, "");
  const isNumber = name.startsWith("[") || /^[\d.]+$/.test(name);
  const isPublic = name.includes(".") && !isNumber && !INSIDE.test(name);
  return protocol === "https:" && username === "" && password === "" && isPublic;
}
