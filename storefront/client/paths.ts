/** A path on this origin, or null: a link that came with data leads nowhere else. */
export function ownPath(path: string): string | null {
  // A backslash or a control character is read as a second slash by some browsers.
  return /^\/(?![/\\])[^\\\u0000-\u0020\u007f]*$/.test(path) ? path : null;
}

/** What a login may send the member back to. */
export function safeReturnTo(path: string): string {
  return ownPath(path) !== null && !path.startsWith("/login") ? path : "/";
}

export function loginPath(returnTo: string): string {
  return `/login?returnTo=${encodeURIComponent(returnTo)}`;
}

/** What these points can pay, dearest first: where points that lapse soon lead. */
export const withinPath = (points: number): string => `/g?within=${points}&sort=points_down`;

export const goodsPath = (goodsId: string): string => `/g/${encodeURIComponent(goodsId)}`;
export const salePath = (saleId: string): string => `/s/${encodeURIComponent(saleId)}`;
export const orderPath = (orderId: string): string => `/orders/${encodeURIComponent(orderId)}`;
