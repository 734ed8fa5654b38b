import { buildBloom, mayContain, type BloomFilter } from "../kernel/bloom.ts";
import type { FinalRefusal } from "../kernel/refusal.ts";
import { LAW, type Law } from "./law.ts";
import { isSoldOut, type Sale, type TakeAnswer } from "./model.ts";

/** Nothing stamped `upTo` or less will ever be granted again; what was granted is in the filter. */
export interface FrozenEpoch {
  readonly saleId: string;
  readonly upTo: number;
  /** Why an absent order was refused. */
  readonly refusal: FinalRefusal;
}

export interface FrozenNotice extends FrozenEpoch {
  readonly granted: BloomFilter;
}

/** How far this sale is frozen now, or null before its first epoch ends. */
export function frozenEpoch(sale: Sale, law: Law = LAW): FrozenEpoch | null {
  const { saleId } = sale.terms;
  const someoneWasRefused = sale.status === "open" && sale.shelf < sale.terms.quantityMax;
  if (isSoldOut(sale) || (someoneWasRefused && !law.frozenMeansEmptyShelf)) {
    return { saleId, upTo: sale.epoch, refusal: { code: "sold_out", figures: { remaining: 0 } } };
  }
  // Before the opening nobody can have been refused, and a ticket may carry any older stamp.
  if (sale.status === "draft" || sale.status === "scheduled" || sale.epoch === 0) return null;
  const upTo = sale.epoch - 1;
  if (sale.status === "closed") {
    const closedAtMs = sale.closedAtMs ?? 0;
    return { saleId, upTo, refusal: { code: "closed", figures: { closedAtMs } } };
  }
  return { saleId, upTo, refusal: { code: "stale", figures: { epoch: sale.epoch } } };
}

export interface GrantedKey {
  readonly key: string;
  readonly epoch: number;
}

/** `granted`: every order ever granted in this sale, cancelled ones included; a notice names them all. */
export function frozenNotice(
  sale: Sale,
  granted: readonly GrantedKey[],
  law: Law = LAW,
): FrozenNotice | null {
  const frozen = frozenEpoch(sale, law);
  if (!frozen) return null;
  const named = law.frozenNoticeComplete
    ? granted
    : granted.filter((one) => one.epoch === frozen.upTo);
  const keys = named.map((one) => one.key);
  return { ...frozen, granted: buildBloom(keys, keys.length) };
}

/** `refused`: certainly not granted and never will be. `ask`: only the Sku knows. */
export function verdictFromNotice(
  notice: FrozenNotice,
  key: string,
  stamp: number,
): "refused" | "ask" {
  if (stamp > notice.upTo) return "ask";
  return mayContain(notice.granted, key) ? "ask" : "refused";
}

/** What the Sku would answer an order that its notice refuses. */
export function answerFromNotice({ refusal }: FrozenEpoch, stamp: number): TakeAnswer {
  const { code, figures } = refusal;
  if (code === "closed")
    return { kind: "closed", stamp, closedAtMs: Number(figures["closedAtMs"]) };
  if (code === "stale") return { kind: "stale", stamp, epoch: Number(figures["epoch"]) };
  return { kind: "sold_out", stamp, remaining: 0 };
}
