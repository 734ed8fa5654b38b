import { invariant } from "./invariant.ts";

export const ORDER_ID_PATTERN = /^[0-9A-Za-z_-]{16,40}$/;
/** The name of a stored picture: the beginning of its SHA-256, or of a keyed print of it, and what it is. */
export const PICTURE_FILE = /^([0-9a-f]{32})\.(png|jpg|webp)$/;
/** Member ids come from other systems: any printable text without the separators we use. */
export const MEMBER_ID_PATTERN = /^[0-9A-Za-z_.@-]{1,64}$/;
export const SKU_ID_PATTERN = /^[0-9a-z](?:[0-9a-z-]{0,62}[0-9a-z])?$/;
export const PROGRAMME_ID_PATTERN = /^[0-9a-z](?:[0-9a-z-]{0,30}[0-9a-z])?$/;
const SALE_ID_PATTERN = /^([0-9a-z-]+)\.([0-9a-z-]+)~([0-9]{1,9})$/;

/** Between a SKU and the store that has units of its own of it; neither id may contain it. */
export const AT_STORE = "--at--";

/** `programmeId.skuId`: the name of a Sku object. */
export type SkuKey = string;
/** `<skuKey>~<ordinal>`, so that the Sku is found without D1. */
export type SaleId = string;

export interface SaleAddress {
  programmeId: string;
  skuId: string;
  skuKey: SkuKey;
  ordinal: number;
}

export function skuKeyOf(programmeId: string, skuId: string): SkuKey {
  return `${programmeId}.${skuId}`;
}

/** The SKU that is a store's own units of another; null: the ids are too long together. */
export function storeSkuId(skuId: string, storeId: string): string | null {
  const id = `${skuId}${AT_STORE}${storeId}`;
  return SKU_ID_PATTERN.test(id) ? id : null;
}

/** The SKU as goods and rules name it, and the store whose own units it is. */
export function splitSkuId(skuId: string): {
  readonly goodsSkuId: string;
  readonly storeId: string | null;
} {
  const at = skuId.indexOf(AT_STORE);
  if (at < 0) return { goodsSkuId: skuId, storeId: null };
  return { goodsSkuId: skuId.slice(0, at), storeId: skuId.slice(at + AT_STORE.length) };
}

/** The store that an order of this sale is for; null: headquarters' own units. */
export function storeOfSale(saleId: SaleId): string | null {
  if (!saleId.includes(AT_STORE)) return null;
  return splitSkuId(parseSaleId(saleId)?.skuId ?? "").storeId;
}

/** The SKU key that limits of goods count by: units of a store count with the rest. */
export function goodsSkuKeyOf(saleId: SaleId): SkuKey {
  return splitSkuId(saleId.slice(0, saleId.lastIndexOf("~"))).goodsSkuId;
}

export function saleIdOf(skuKey: SkuKey, ordinal: number): SaleId {
  return `${skuKey}~${ordinal}`;
}

/** Reads a sale id from outside; `null` when it is none. */
export function parseSaleId(text: string): SaleAddress | null {
  const match = SALE_ID_PATTERN.exec(text);
  if (!match) return null;
  const [, programmeId, skuId, ordinal] = match as unknown as [string, string, string, string];
  if (!PROGRAMME_ID_PATTERN.test(programmeId) || !SKU_ID_PATTERN.test(skuId)) return null;
  if (String(Number(ordinal)) !== ordinal) return null;
  return { programmeId, skuId, skuKey: skuKeyOf(programmeId, skuId), ordinal: Number(ordinal) };
}

export function memberKeyOf(programmeId: string, memberId: string): string {
  return `${programmeId}:${memberId}`;
}

export interface MemberAddress {
  readonly programmeId: string;
  readonly memberId: string;
}

export function splitMemberKey(memberKey: string): MemberAddress {
  const at = memberKey.indexOf(":");
  invariant(at > 0, "a member key reads programme:member");
  return { programmeId: memberKey.slice(0, at), memberId: memberKey.slice(at + 1) };
}

/** An order id is the client's own, so two members may have the same. A member id holds no blank; in SQL: `member_key || ' ' || order_id`. */
export function orderKeyOf({ memberKey, orderId }: { memberKey: string; orderId: string }): string {
  return `${memberKey} ${orderId}`;
}

/** FNV-1a over UTF-16 code units: fast, stable for ever, and only used to spread. */
export function hash32(text: string, seed = 0x811c9dc5): number {
  let hash = seed >>> 0;
  for (let at = 0; at < text.length; at += 1) {
    hash ^= text.charCodeAt(at);
    hash = Math.imul(hash, 0x01000193);
  }
  // FNV leaves the low bits of short texts poorly mixed; one avalanche round repairs that.
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  hash ^= hash >>> 12;
  return hash >>> 0;
}

/** Programmes of rehearsals begin with it, and so do the names of their objects. No merchant's programme may. */
export const REHEARSAL_PREFIX = "rehearsal--";
const REHEARSAL_BUCKETS = 16;

/** Whether a programme, SKU key, member key or object name belongs to a rehearsal: nothing of it is shown, projected or kept. */
export function isRehearsal(name: string): boolean {
  return name.startsWith(REHEARSAL_PREFIX);
}

/** The Account objects of one rehearsal, which nobody else shares. */
export function rehearsalBuckets(programmeId: string, buckets: number): string[] {
  const count = buckets === 0 ? REHEARSAL_BUCKETS : Math.min(buckets, REHEARSAL_BUCKETS);
  return Array.from({ length: count }, (_, at) => `${programmeId}:${at}`);
}

/**
 * Name of the Account object that holds a member.
 * `buckets` is fixed at the first deployment; 0 means one object per member.
 */
export function bucketOf(memberKey: string, buckets: number): string {
  invariant(Number.isInteger(buckets) && buckets >= 0, "bucket count is a whole number");
  if (isRehearsal(memberKey)) {
    const names = rehearsalBuckets(splitMemberKey(memberKey).programmeId, buckets);
    return names[hash32(memberKey) % names.length] ?? "";
  }
  return buckets === 0 ? `member:${memberKey}` : `bucket:${hash32(memberKey) % buckets}`;
}
