/**
 * What lets this isolate refuse the rest of a sold-out sale without waking an object. An Account that shares its
 * filter writes no new row for those epochs any more, so an id that is absent now is refused for ever.
 */
import { mayContain, type BloomFilter } from "../kernel/bloom.ts";
import { orderKeyOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { Lru } from "../kernel/lru.ts";
import type { FinalRefusal } from "../kernel/refusal.ts";
import type { FrozenShare } from "../accounts/index.ts";

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
    return mayContain(share.known, orderKeyOf({ memberKey, orderId })) ? null : frozen.refusal;
  }
}

interface RefusedBody {
  readonly quantity: number;
  readonly epoch: number;
}

/**
 * Ids that were refused without a row, with the body they came with: the same id with another body is a mismatch,
 * as it is for ids with a row. Kept as long as this isolate remembers; the protocol itself needs none of it.
 */
export class RefusedIds {
  readonly #bodies = new Lru<string, RefusedBody>(LIMITS.cachedTokensMax);

  keep(saleId: string, memberKey: string, orderId: string, body: RefusedBody): void {
    const key = `${saleId} ${orderKeyOf({ memberKey, orderId })}`;
    if (!this.#bodies.get(key))
      this.#bodies.set(key, { quantity: body.quantity, epoch: body.epoch });
  }

  differing(saleId: string, memberKey: string, orderId: string, body: RefusedBody): string[] {
    const kept = this.#bodies.get(`${saleId} ${orderKeyOf({ memberKey, orderId })}`);
    if (!kept) return [];
    const fields: string[] = [];
    if (kept.quantity !== body.quantity) fields.push("quantity");
    if (kept.epoch !== body.epoch) fields.push("epoch");
    return fields;
  }
}
