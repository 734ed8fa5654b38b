/** What a redemption costs a member here and now: by the terms this Account knows, and what it knows of the member. Pure. */
import {
  DEFAULT_DISCOUNTS,
  listPrice,
  memberPrice,
  takesPart,
  type MemberPrice,
} from "../../earning/discounts/index.ts";
import type { ProgrammeTerms } from "../../earning/programme/index.ts";
import { REDEMPTION_CHANNEL } from "../../earning/rules/index.ts";
import { parseSaleId, splitSkuId } from "../../kernel/ids.ts";
import type { SaleTerms } from "../../redemption/index.ts";
import { factsOf, tierAt, type Profile } from "./profile.ts";

/** What a price asks of a sale. */
export interface PricedSale {
  readonly kind: "flash" | "standing";
  readonly skuId: string;
  readonly listPoints: number;
}

/** Null: no sale of this kind has any price but its own, so nothing of the member needs to be read. */
export function pricingTerms(
  terms: ProgrammeTerms | null,
  kind: PricedSale["kind"],
): ProgrammeTerms | null {
  if (!terms || !takesPart(terms.discounts ?? DEFAULT_DISCOUNTS, kind)) return null;
  const hasTierPrice = terms.tiers?.tiers.some(({ benefits }) => benefits.redeemPercent < 100);
  return hasTierPrice || terms.discounts.discounts.length > 0 ? terms : null;
}

export function priceOf(
  profile: Profile,
  terms: ProgrammeTerms,
  { skuId, listPoints }: PricedSale,
  nowMs: number,
): MemberPrice {
  if (listPoints === 0) return listPrice(0);
  const tier = tierAt(profile, terms, nowMs)?.tier ?? null;
  const lines = [{ productId: skuId, categoryIds: [], labels: [], amountFen: 0 }];
  return memberPrice(
    listPoints,
    terms.discounts.discounts,
    tier && { title: tier.title, percent: tier.benefits.redeemPercent },
    {
      event: { atMs: nowMs, lines, name: null, storeId: null, channel: REDEMPTION_CHANNEL },
      member: factsOf(profile, terms, nowMs),
      zoneOffsetMs: terms.earn.zoneOffsetMs,
    },
  );
}

/** The price of a sale at its hold. */
export function priceFor(
  known: ProgrammeTerms | null,
  profile: () => Profile,
  { kind, saleId, pricePoints }: SaleTerms,
  nowMs: number,
): MemberPrice {
  const terms = pricingTerms(known, kind);
  if (!terms) return listPrice(pricePoints);
  const skuId = splitSkuId(parseSaleId(saleId)?.skuId ?? "").goodsSkuId;
  return priceOf(profile(), terms, { kind, skuId, listPoints: pricePoints }, nowMs);
}

/** The same for a page of sales that are only looked at. */
export function pricesFor(
  { terms, profile, nowMs }: { terms: ProgrammeTerms; profile: Profile; nowMs: number },
  sales: readonly PricedSale[],
): { readonly kind: "prices"; readonly prices: readonly MemberPrice[] } {
  const prices = sales.map((sale) =>
    pricingTerms(terms, sale.kind)
      ? priceOf(profile, terms, sale, nowMs)
      : listPrice(sale.listPoints),
  );
  return { kind: "prices", prices };
}
