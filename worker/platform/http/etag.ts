/**
 * Whether the caller holds a copy under this etag, so that `304` will do. Compared weakly (RFC 9110, 13.1.2): who compresses
 * on the way makes a strong etag weak.
 */
export function holds(request: Request, etag: string): boolean {
  const held = request.headers.get("if-none-match");
  return held !== null && held.split(",").some((one) => strong(one.trim()) === strong(etag));
}

const strong = (etag: string): string => (etag.startsWith("W/") ? etag.slice(2) : etag);
