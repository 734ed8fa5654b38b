/** A sale page as it will be, for staff who hold a preview token: the storefront itself, with what stands in the editor. */
import { parseSaleId, saleIdOf, SKU_ID_PATTERN, skuKeyOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { stubOf } from "../platform/env.ts";
import { viewOf, type Sale, type SaleTerms } from "../redemption/index.ts";
import type { PageData } from "./page-data.ts";
import { notFound, type PageRequest } from "./request.ts";

const HOUR_MS = 3_600_000;

/** A whole number of the address within bounds, or the default. */
function whole(text: string | undefined, max: number, otherwise: number): number {
  const value = Number(text ?? "");
  return text !== undefined && Number.isInteger(value) && value >= 0 && value <= max
    ? value
    : otherwise;
}

export async function salePreviewPage(request: PageRequest): Promise<PageData> {
  const { c, base, reading, nowMs } = request;
  const query = c.req.query();
  const skuId = query["skuId"] ?? "";
  if (!reading.isPreview || !SKU_ID_PATTERN.test(skuId)) return notFound(base);
  const skuKey = skuKeyOf(reading.programmeId, skuId);
  const standing = await stubOf(c.env.SKU, skuKey, c.env).standing();
  if (!standing) return notFound(base);
  const opensAtMs = whole(query["opensAtMs"], LIMITS.timeMsMax, nowMs + HOUR_MS);
  const units = whole(query["units"], LIMITS.unitsMax, 1);
  const terms: SaleTerms = {
    ...standing.terms,
    saleId: saleIdOf(skuKey, 0),
    kind: "flash",
    title: query["title"]?.slice(0, LIMITS.textMax) || standing.terms.title,
    pricePoints: whole(query["pricePoints"], LIMITS.pointsMax, standing.terms.pricePoints),
    priceFen: whole(query["priceFen"], LIMITS.amountFenMax, 0),
    limitPerMember: whole(query["limitPerMember"], LIMITS.unitsMax, 1),
    opensAtMs,
    closesAtMs: whole(query["closesAtMs"], LIMITS.timeMsMax, opensAtMs + HOUR_MS),
  };
  const { sale, atMs } = stateOf(query["state"] ?? "", terms, units, nowMs);
  return {
    ...base,
    serverTimeMs: atMs,
    page: "sale",
    sale: viewOf(sale, parseSaleId(terms.saleId)?.skuId ?? skuId, atMs),
    order: null,
    limitUsed: 0,
    price: null,
    nextSale: null,
  };
}

/** The sale before its hour, in it, or gone, and the moment that fits. */
function stateOf(
  state: string,
  terms: SaleTerms,
  units: number,
  nowMs: number,
): { sale: Sale; atMs: number } {
  const { opensAtMs } = terms;
  const isGone = state === "gone";
  const isUpcoming = state !== "open" && !isGone;
  const sale: Sale = {
    ...{ terms, status: isUpcoming ? "scheduled" : "open", epoch: 1 },
    ...{ shelf: isGone ? 0 : units, live: isGone ? units : 0, granted: isGone ? units : 0 },
    ...{ returned: 0, reserve: 0, stocked: units, movedOut: 0, closedAtMs: null },
    firstGrantAtMs: isGone ? opensAtMs : null,
    soldOutAtMs: isGone ? opensAtMs + 1_284 : null,
    ...{ nextWaveAtMs: null, nextReleaseAtMs: null, version: 1 },
  };
  const early = opensAtMs > nowMs ? nowMs : opensAtMs - HOUR_MS;
  return { sale, atMs: isUpcoming ? early : opensAtMs + (isGone ? 5_000 : 1_000) };
}
