/** A path on this origin and nothing else: what a login may send the member back to. */
export function safeReturnTo(path: string): string {
  // A backslash or a control character is read as a second slash by some browsers.
  const plain = /^\/(?![/\\])[^\\\u0000-\u0020\u007f]*$/.test(path);
  return plain && !path.startsWith("/login") ? path : "/";
}

export function loginPath(returnTo: string): string {
  return `/login?returnTo=${encodeURIComponent(returnTo)}`;
}

export const salePath = (saleId: string): string => `/s/${encodeURIComponent(saleId)}`;
export const orderPath = (orderId: string): string => `/orders/${encodeURIComponent(orderId)}`;
