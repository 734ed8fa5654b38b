/** Prices of a member over HTTP, and the terms that a redemption takes along to be priced by. */
import { z } from "@hono/zod-openapi";
import {
  memberPriceSchema,
  pricingTerms,
  type MemberPriceView,
  type Pricing,
} from "../accounts/index.ts";
import { parseSaleId, splitMemberKey } from "../kernel/ids.ts";
import { stubOf, type Env } from "../platform/env.ts";
import { json, type Api } from "../platform/http/api.ts";
import { earn, isRefusal } from "./earn-call.ts";
import { listPrice, type MemberPrice } from "./discounts/index.ts";
import { termsAtHand, termsOf } from "./terms-cache.ts";

/** As many as a page of goods shows. */
const PRICES_MAX = 24;

/** A sale as far as its price goes. */
export interface PriceTag {
  readonly saleId: string;
  readonly skuId: string;
  readonly kind: "flash" | "standing";
  readonly pricePoints: number;
}

/** What sales cost a member, in their order. List prices where nothing is taken off, or nothing can be known. */
export async function memberPrices(
  env: Env,
  memberKey: string,
  tags: readonly PriceTag[],
  nowMs: number,
): Promise<MemberPriceView[]> {
  const { programmeId } = splitMemberKey(memberKey);
  const terms = await termsOf(env, programmeId, nowMs);
  const isAsked = terms === null || tags.some(({ kind }) => pricingTerms(terms, kind) !== null);
  const asked = tags.map(({ skuId, kind, pricePoints }) => ({
    ...{ skuId, kind, listPoints: pricePoints },
  }));
  const answer =
    isAsked && tags.length > 0
      ? await earn(env, memberKey, "prices", { sales: asked }, nowMs)
      : null;
  const prices = answer === null || isRefusal(answer) ? [] : answer.prices;
  return tags.map(({ saleId, pricePoints }, at) =>
    priceView(saleId, prices[at] ?? listPrice(pricePoints)),
  );
}

function priceView(saleId: string, { listPoints, points, applied }: MemberPrice): MemberPriceView {
  const discounts = applied.map(({ discountId, title, percent, points: off }) => ({
    ...{ discountId, title, percent, points: off },
  }));
  return { saleId, listPoints, points, discounts };
}

type TermsNeeded = { readonly kind: "terms_needed" };

/**
 * Asks an Account for what is priced by the programme's terms. A redemption never waits for D1 here, except for the first
 * of an isolate: whoever comes after a few seconds has the terms looked after behind its back. Null: try again.
 */
export async function askPriced<R extends { readonly kind: string }>(
  env: Env,
  ctx: ExecutionContext,
  programmeId: string,
  nowMs: number,
  ask: (pricing: Pricing | undefined) => Promise<R | TermsNeeded>,
): Promise<R | null> {
  const terms = await termsAtHand(env, ctx, programmeId, nowMs);
  if (!terms) return decided(await ask(undefined));
  const { revision } = terms;
  const first = decided<R>(await ask({ revision }));
  return first ?? decided(await ask({ revision, terms }));
}

function decided<R extends { readonly kind: string }>(reply: R | TermsNeeded): R | null {
  return reply.kind === "terms_needed" ? null : (reply as R);
}

export function priceRoutes(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/me/prices",
      access: "member",
      tag: "Sales",
      summary: "What sales cost the member now: list price, own price and what is taken off",
      query: z.object({
        saleIds: z
          .string()
          .max(PRICES_MAX * 128)
          .describe(`Up to ${PRICES_MAX} sales, with commas between them.`),
      }),
      responses: {
        200: {
          description: "In the order asked; sales that are unknown are left out",
          schema: z.object({ prices: z.array(memberPriceSchema) }),
        },
      },
    },
    async ({ env, session, query, nowMs, problem }) => {
      const saleIds = query.saleIds.split(",").filter((id) => id !== "");
      if (saleIds.length === 0 || saleIds.length > PRICES_MAX) {
        const message = `one to ${PRICES_MAX} sales`;
        return problem("invalid", { errors: [{ path: "query.saleIds", message }] });
      }
      const tags = await Promise.all(saleIds.map((id) => tagOf(env, session.programmeId, id)));
      const known = tags.filter((tag) => tag !== null);
      return json({ prices: await memberPrices(env, session.memberKey, known, nowMs) });
    },
  );
}

async function tagOf(env: Env, programmeId: string, saleId: string): Promise<PriceTag | null> {
  const address = parseSaleId(saleId);
  if (!address || address.programmeId !== programmeId) return null;
  const snapshot = await stubOf(env.SKU, address.skuKey, env).view(saleId);
  if (!snapshot || snapshot.standing.status === "draft") return null;
  const { kind, pricePoints } = snapshot.terms;
  return { saleId, skuId: address.skuId, kind, pricePoints };
}
