/**
 * What lets this isolate refuse the rest of a sold-out sale without waking an object. An Account that shares its
 * filter writes no new row for those epochs any more, so an id that is absent now is refused for ever.
 */
import { mayContain, type BloomFilter } from "../kernel/bloom.ts";
import { LIMITS } from "../kernel/limits.ts";
import { Lru } from "../kernel/lru.ts";
import type { FinalRefusal } from "../kernel/refusal.ts";
import type { FrozenShare } from "../accounts/index.ts";
import { orderKey } from "./frozen.ts";

interface Share {
  readonly epochs: FrozenShare["epochs"];
  readonly known: BloomFilter;
}

export class FrozenShares {
  readonly #shares = new Lru<string, Share>(LIMITS.cachedSalesMax * 4);

  keep(bucket: string, saleId: string, share: FrozenShare): void {
    const known = { bits: new Uint8Array(share.bits), probes: share.probes };
    this.#shares.set(`${bucket} ${saleId}`, { epochs: share.epochs, known });
  }

  /** `unknown`: this isolate has no filter of that bucket for that sale. Null: the Account must be asked. */
  refusal(
    bucket: string,
    saleId: string,
    memberKey: string,
    orderId: string,
    stamp: number,
  ): FinalRefusal | null | "unknown" {
    const share = this.#shares.get(`${bucket} ${saleId}`);
    if (!share) return "unknown";
    const frozen = share.epochs.find((epoch) => stamp <= epoch.upTo);
    if (!frozen) return "unknown";
    return mayContain(share.known, orderKey(memberKey, orderId)) ? null : frozen.refusal;
  }
}
