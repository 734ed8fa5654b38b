/**
 * Whether a write was made by a page of somebody else (CSRF). Browsers say so themselves, in headers no script can set. A caller
 * with a bearer token sent it on purpose: no browser adds one by itself.
 *
 * `isStrict`, for staff: a sibling subdomain is a foreigner too, and a cookie without any word of where it comes from is refused.
 */
export function isForeignWrite(request: Request, isStrict: boolean): boolean {
  const { headers } = request;
  const site = headers.get("sec-fetch-site");
  if (site === "cross-site") return true;
  if (headers.has("authorization")) return false;
  if (site !== null) return isStrict && site !== "same-origin";
  const origin = headers.get("origin");
  if (origin === null) return isStrict && headers.has("cookie");
  return hostOf(origin) !== new URL(request.url).host;
}

function hostOf(origin: string): string | null {
  try {
    return new URL(origin).host;
  } catch {
    return null;
  }
}
