import { LIMITS } from "../../kernel/limits.ts";
import { Lru } from "../../kernel/lru.ts";

interface Bucket {
  tokens: number;
  atMs: number;
}

/**
 * A token bucket per key and isolate: no I/O, so it can stand before the hottest route. It damps a runaway
 * client; it is no quota, because isolates do not share it.
 */
export class RateLimiter {
  readonly #buckets = new Lru<string, Bucket>(LIMITS.cachedTokensMax);

  /** `rate` reads `burst/perSecond`. */
  allows(key: string, rate: string, nowMs: number): boolean {
    const [burst = 0, perSecond = 0] = rate.split("/").map(Number);
    const bucket = this.#buckets.get(key) ?? { tokens: burst, atMs: nowMs };
    const refilled = bucket.tokens + (Math.max(0, nowMs - bucket.atMs) / 1_000) * perSecond;
    bucket.tokens = Math.min(burst, refilled);
    bucket.atMs = nowMs;
    const isAllowed = bucket.tokens >= 1;
    if (isAllowed) bucket.tokens -= 1;
    this.#buckets.set(key, bucket);
    return isAllowed;
  }
}
