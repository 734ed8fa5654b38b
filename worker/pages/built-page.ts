/** Pages of the builder: the home page, and the merchant's own at /p/<id>. */
import { HOME, PAGE_ID_PATTERN, pageBodyOf, parseRichText } from "../page-builder/index.ts";
import type { PageBody } from "../page-builder/index.ts";
import { skuIdsIn, storeAsked, tilesInStore } from "../catalog/index.ts";
import type { SuggestionsView } from "../catalog/wire.ts";
import { memberPrices } from "../earning/index.ts";
import { listSales, listStanding, type SaleView } from "../redemption/index.ts";
import { goodsTiles, type GoodsTiles } from "./goods-tiles.ts";
import type { HomeSuggestions, PageData } from "./page-data.ts";
import { notFound, type PageRequest } from "./request.ts";
import type { BlockView, CheckInView, TierCardView } from "./wire.ts";

type Block = PageBody["blocks"][number];

export function homePage(request: PageRequest): Promise<PageData> {
  return builtPage(request, HOME);
}

export async function ownPage(request: PageRequest): Promise<PageData> {
  const pageId = request.c.req.param("pageId") ?? "";
  // The home page has one address, so that a share of it is one page to WeChat and to caches.
  if (!PAGE_ID_PATTERN.test(pageId) || pageId === HOME) return notFound(request.base);
  return builtPage(request, pageId);
}

async function builtPage(request: PageRequest, pageId: string): Promise<PageData> {
  const { c, api, base, session, reading, nowMs, hiddenPaths } = request;
  const body = await pageBodyOf(c.env, reading, pageId, nowMs);
  if (body === null) return notFound(base);
  const offered = body.blocks.flatMap((block) => withoutLinks(block, hiddenPaths));
  const has = (type: Block["type"]): boolean => offered.some((block) => block.type === type);
  const { programmeId } = base.programme;
  const mine = session !== null && !base.isPreview;
  // Only what some block shows is asked for.
  const [sales, standing, checkIn, tier, suggestions] = await Promise.all([
    has("sales") ? listSales(c.env, programmeId, nowMs) : [],
    has("goods") ? standingHere(request, programmeId) : [],
    mine && (has("check_in") || has("wallet"))
      ? api.part<CheckInView>("/api/v1/me/check-in")
      : null,
    mine && has("tier") ? api.part<TierCardView>("/api/v1/me/tier") : null,
    mine && has("suggested") ? api.part<SuggestionsView>("/api/v1/me/suggestions") : null,
  ]);
  const all = [...(sales ?? []), ...(standing ?? [])];
  const prices = mine ? await memberPrices(c.env, session.memberKey, all, nowMs) : [];
  const own = new Map(prices.map(({ saleId, points }) => [saleId, points]));
  const priceOf = ({ saleId, pricePoints }: SaleView): number => own.get(saleId) ?? pricePoints;
  const goods = goodsTiles((standing ?? []).map((sale) => ({ sale, pricePoints: priceOf(sale) })));
  const blocks = await Promise.all(
    offered.map((block) => viewOf(request, block, goods, programmeId)),
  );
  const shown = new Set(
    blocks.flatMap((block) => (block.type === "goods" ? (block.skuIds ?? []) : [])),
  );
  const hasNear = blocks.some((block) => block.type === "goods" && block.skuIds === null);
  return {
    ...{ ...base, page: "home", pageId, title: body.title, share: body.share },
    ...{ blocks, checkIn, tier, suggestions: suggestions && reasonsOf(suggestions) },
    sales: (sales ?? []).map((sale) => ({ ...sale, pricePoints: priceOf(sale) })),
    goods: goods.tiles.filter(({ skuId }) => hasNear || shown.has(skuId)),
  };
}

/** What is not offered here is not led to either. A block of which nothing is left is no block. */
function withoutLinks(block: Block, hiddenPaths: readonly string[]): Block[] {
  const isShown = ({ link }: { readonly link: string | null }): boolean =>
    link === null || !hiddenPaths.includes(new URL(link, "https://mall").pathname);
  switch (block.type) {
    case "quick": {
      const entries = block.entries.filter(isShown);
      return entries.length === 0 ? [] : [{ ...block, entries }];
    }
    case "banner": {
      const slides = block.slides.filter(isShown);
      return slides.length === 0 ? [] : [{ ...block, slides }];
    }
    case "notice":
    case "picture":
      return isShown(block) ? [block] : [];
    default:
      return [block];
  }
}

/** The home page says what is within reach by its other blocks. */
const reasonsOf = ({ expiring, because }: SuggestionsView): HomeSuggestions => ({
  expiring,
  because,
});

/** What can be had at any hour where this visitor shops. */
async function standingHere(
  { c, base, nowMs, storeId }: PageRequest,
  programmeId: string,
): Promise<SaleView[] | null> {
  const [standing, store] = await Promise.all([
    listStanding(c.env, programmeId, nowMs),
    base.isPreview ? null : storeAsked(c.env, programmeId, c.req.raw, storeId).catch(() => null),
  ]);
  if (standing === null || store === null) return standing;
  // A home page without a store's prices is better than none while D1 is away: goods say theirs once more.
  return tilesInStore(c.env, programmeId, store.storeId, standing).catch(() => standing);
}

async function viewOf(
  request: PageRequest,
  block: Block,
  { tiles, faceOf }: GoodsTiles,
  programmeId: string,
): Promise<BlockView> {
  if (block.type === "rich_text") {
    return { type: "rich_text", id: block.id, paragraphs: parseRichText(block.text) };
  }
  if (block.type !== "goods") return block;
  const { source, ...rest } = block;
  const all = tiles.map(({ skuId }) => skuId);
  switch (source.kind) {
    case "all":
      return { ...rest, skuIds: all.slice(0, rest.max) };
    case "near":
      return { ...rest, skuIds: null };
    case "named":
      return { ...rest, skuIds: [...new Set(source.skuIds.flatMap((id) => faceOf.get(id) ?? []))] };
    case "category": {
      const skuIds = await skuIdsIn(request.c.env, programmeId, source.category);
      const inIt = new Set(skuIds.map((skuId) => faceOf.get(skuId)));
      return { ...rest, skuIds: all.filter((skuId) => inIt.has(skuId)).slice(0, rest.max) };
    }
  }
}
