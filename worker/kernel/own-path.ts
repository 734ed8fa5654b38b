/** A path on this origin, or null: what an address carries along leads nowhere else. */
export function ownPath(path: string): string | null {
  // A backslash or a control character is read as a second slash by some browsers.
  return path.length <= 1_000 && /^\/(?![/\\])[^\\\s]*$/.test(path) && !/\p{Cc}/u.test(path)
    ? path
    : null;
}

/** Where a sign-in leads back to: never to itself. */
export function returnPath(path: string): string {
  const own = ownPath(path);
  return own === null || own.startsWith("/login") || own.startsWith("/api/") ? "/" : own;
}
