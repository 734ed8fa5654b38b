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

  #rate = { text: "", burst: 0, perSecond: 0 };

  /** `rate` reads `burst/perSecond`. */
  allows(key: string, rate: string, nowMs: number): boolean {
    const { burst, perSecond } = this.#parsed(rate);
    let bucket = this.#buckets.get(key);
    if (!bucket) {
      bucket = { tokens: burst, atMs: nowMs };
      this.#buckets.set(key, bucket);
    }
    const refilled = bucket.tokens + (Math.max(0, nowMs - bucket.atMs) / 1_000) * perSecond;
    bucket.tokens = Math.min(burst, refilled);
    bucket.atMs = nowMs;
    const isAllowed = bucket.tokens >= 1;
    if (isAllowed) bucket.tokens -= 1;
    return isAllowed;
  }

  /** A deployment has one rate, so it is read once and not once a request. */
  #parsed(text: string): { readonly burst: number; readonly perSecond: number } {
    if (this.#rate.text !== text) {
      const [burst = 0, perSecond = 0] = text.split("/").map(Number);
      this.#rate = { text, burst, perSecond };
    }
    return this.#rate;
  }
}
