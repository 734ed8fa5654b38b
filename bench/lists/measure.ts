/** Asks the lists of the console over HTTP, page after page, and says how long each took. */
import { percentile } from "../load/stats.ts";
import type { ListToMeasure } from "./which.ts";

export type Measured =
  | {
      readonly kind: "measured";
      readonly p50Ms: number;
      readonly p95Ms: number;
      readonly maxMs: number;
    }
  /** Not a list that can be timed, and why. */
  | { readonly kind: "refused"; readonly reason: string };

/** No list in the answer has anything on it. */
const isBare = (body: object): boolean => {
  const lists = Object.values(body).filter(Array.isArray);
  return lists.length > 0 && lists.every((list) => list.length === 0);
};

export async function measure(
  origin: string,
  token: string,
  { path, pages }: ListToMeasure,
  requests: number,
): Promise<Measured> {
  const times: number[] = [];
  let cursor: string | null = null;
  let page = 0;
  // The first of a kind warms the statement and the pages of the file, as the first of the day would.
  for (let at = -2; at < requests; at += 1) {
    const more: string =
      cursor === null
        ? ""
        : `${path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(cursor)}`;
    const startedAtMs = performance.now();
    const response = await fetch(origin + path + more, {
      headers: { authorization: `Bearer ${token}` },
    });
    const body = (await response.json()) as { nextCursor?: string | null };
    if (at >= 0) times.push(performance.now() - startedAtMs);
    if (!response.ok) {
      const reason = `${path}${more}: ${response.status} ${JSON.stringify(body)}`;
      return { kind: "refused", reason };
    }
    // A list that is quick because nothing is on it proves nothing.
    if (page === 0 && isBare(body)) return { kind: "refused", reason: `${path} is empty` };
    page += 1;
    cursor = page <= pages ? (body.nextCursor ?? null) : null;
    if (cursor === null) page = 0;
  }
  const all = Float64Array.from(times);
  const [p50Ms, p95Ms, maxMs] = [0.5, 0.95, 1].map((share) => percentile(all, share));
  return { kind: "measured", p50Ms: p50Ms ?? 0, p95Ms: p95Ms ?? 0, maxMs: maxMs ?? 0 };
}
