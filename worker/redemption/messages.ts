/**
 * What the objects say to each other. Plain data, versioned, because for some minutes after a deploy
 * a new Worker may talk to an old object.
 */
import type { BloomFilter } from "../kernel/bloom.ts";
import type { FrozenEpoch } from "./frozen.ts";
import type { Sale, SaleStatus, SaleTerms, TakeAnswer } from "./model.ts";

export interface OrderRef {
  readonly memberKey: string;
  readonly orderId: string;
}

export interface TakeItem extends OrderRef {
  readonly epoch: number;
  readonly quantity: number;
  readonly probe: boolean;
}

export interface TakeBatch {
  readonly saleId: string;
  /** `door`: the Account has not heard of the answer, so the grant is sent to it soon. */
  readonly via: "door" | "account";
  /** `TakeItem`s, packed: see packing.ts. */
  readonly items: string;
  /** Ordinals of this sale's grants that the caller has posted: they need not be sent to it. */
  readonly acks: readonly number[];
}

/** Where a sale stands; every reply of a Sku carries it, so that caches correct themselves. */
export interface SaleStanding {
  readonly saleId: string;
  readonly status: SaleStatus;
  readonly epoch: number;
  readonly remaining: number;
  readonly returned: number;
  readonly redeemed: number;
  readonly soldOutAtMs: number | null;
  readonly nextWaveAtMs: number | null;
  readonly opensAtMs: number;
  readonly closesAtMs: number;
  /** Units ever given to the sale. */
  readonly units: number;
  readonly closedAtMs: number | null;
  readonly termsVersion: number;
  /** Rises with every change; a receiver ignores what is older than it has. */
  readonly version: number;
  readonly frozen: FrozenEpoch | null;
}

export interface TakeBatchReply {
  readonly standing: SaleStanding;
  /** `TakeAnswer`s in the order of the items, packed. */
  readonly answers: string;
}

export interface NoticeReply {
  readonly standing: SaleStanding;
  readonly granted: BloomFilter | null;
}

/** Everything about a sale that is not an order. */
export interface SaleSnapshot {
  readonly sale: Sale;
  readonly terms: SaleTerms;
  readonly standing: SaleStanding;
  readonly skuId: string;
  /** The Sku's clock when it said so. */
  readonly atMs: number;
}

/** A verdict on its way to the Account that holds the points. */
export interface SettleItem extends OrderRef {
  readonly saleId: string;
  readonly answer: TakeAnswer;
}

export interface SettleReply {
  /** Positions in the batch that need not be sent again. */
  readonly settled: readonly number[];
}
