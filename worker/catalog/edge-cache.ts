/** Reads of the catalogue that are the same for everybody, kept at the edge under the catalogue's version. */
import { catalogueStanding } from "./goods-store.ts";

/** How long an isolate goes on with a version it read; with the page's own polling a change is seen within five seconds. */
const VERSION_MS = 1_000;
/** Prices and words change the version; units do not, so a copy is kept for seconds only. */
const COPY_S = 5;

const versions = new Map<string, { version: number; untilMs: number }>();
const PROGRAMMES_MAX = 1_000;

/** `turn` publishes and withdraws what is due; it is called when something is, so that no reader sees what is over. */
export async function versionOf(
  db: D1Database,
  programmeId: string,
  nowMs: number,
  turn: () => Promise<void>,
): Promise<number> {
  const known = versions.get(programmeId);
  if (known && known.untilMs > nowMs) return known.version;
  let { version, isDue } = await catalogueStanding(db, programmeId, nowMs);
  if (isDue) {
    await turn();
    ({ version, isDue } = await catalogueStanding(db, programmeId, nowMs));
  }
  if (versions.size >= PROGRAMMES_MAX) versions.clear();
  versions.set(programmeId, { version, untilMs: nowMs + VERSION_MS });
  return version;
}

/** This isolate changed the catalogue itself. */
export function forgetVersion(programmeId: string): void {
  versions.delete(programmeId);
}

export interface Kept<T> {
  readonly value: T;
  readonly isHit: boolean;
}

/** What an answer says of itself: whether its shared part was already at the edge. Operators see it; nothing depends on it. */
export const cacheHeader = (isHit: boolean): Readonly<Record<string, string>> => ({
  "x-catalogue-cache": isHit ? "hit" : "miss",
});

/** The value under this name and version from the edge, else made and kept. A version that is over is never asked for again. */
export async function fromEdge<T>(
  ctx: Pick<ExecutionContext, "waitUntil">,
  name: { readonly programmeId: string; readonly version: number; readonly query: string },
  make: () => Promise<T>,
): Promise<Kept<T>> {
  const path = `${name.programmeId}/${name.version}/${encodeURIComponent(name.query)}`;
  const key = `https://catalogue.invalid/${path}`;
  const cache = (caches as unknown as { default: Cache }).default;
  const kept = await cache.match(key).catch(() => undefined);
  if (kept) return { value: await kept.json<T>(), isHit: true };
  const value = await make();
  const copy = new Response(JSON.stringify(value), {
    headers: { "content-type": "application/json", "cache-control": `max-age=${COPY_S}` },
  });
  ctx.waitUntil(cache.put(key, copy).catch(() => undefined));
  return { value, isHit: false };
}
