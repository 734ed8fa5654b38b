/** Staff's commands on goods: read, check, save by revision, tell the shelves. */
import type { Env } from "../platform/env.ts";
import type { ProblemMaker, Session } from "../platform/http/api.ts";
import { forgetVersion } from "./edge-cache.ts";
import {
  foreignSkus,
  loadGoods,
  sameTitle,
  saveGoods,
  skuIdsOf,
  type GoodsBody,
  type GoodsRow,
} from "./goods-store.ts";
import { brandNamed, skuFigures } from "./list-store.ts";
import { matrixProblems, priceAdvice, withSkuIds, type FieldProblem } from "./model.ts";
import { applyGoods, retryAtMs, stateAt } from "./publish.ts";
import type { GoodsDraft, StaffGoodsView } from "./wire.ts";

export interface StaffCall {
  readonly env: Env;
  readonly session: Session;
  readonly nowMs: number;
  readonly problem: ProblemMaker;
  /** The CSV import that saves. */
  readonly importId?: string;
}

export const actorOf = ({ session }: Pick<StaffCall, "session">): string =>
  `staff:${session.memberId}`;

export type SaveReply =
  | { readonly kind: "saved"; readonly goods: GoodsRow; readonly isNew: boolean }
  | { readonly kind: "not_found" }
  | { readonly kind: "invalid"; readonly problems: readonly FieldProblem[] }
  /** Somebody saved in between: what there is now. */
  | { readonly kind: "late"; readonly current: GoodsRow }
  | { readonly kind: "code_taken" };

/** What the merchant's own rules leave open is checked here, before anything is written. */
async function problemsOf(
  env: Env,
  programmeId: string,
  goodsId: string,
  draft: GoodsDraft,
): Promise<FieldProblem[]> {
  const problems = matrixProblems(draft);
  const { publishAtMs, withdrawAtMs } = draft;
  if (publishAtMs !== null && withdrawAtMs !== null && withdrawAtMs <= publishAtMs) {
    problems.push({ path: "withdrawAtMs", message: "after it is published" });
  }
  if (draft.supplier.isDropShipped && draft.supplier.name === "")
    problems.push({ path: "supplier.name", message: "names who sends drop-shipped goods" });
  const named = draft.skus.flatMap(({ skuId }) => skuId ?? []);
  const foreign = await foreignSkus(env.DB, programmeId, goodsId, [...named, goodsId]);
  if (draft.brandId !== null && !(await brandNamed(env.DB, programmeId, draft.brandId))) {
    problems.push({ path: "brandId", message: `no brand ${draft.brandId}` });
  }
  for (const skuId of foreign) {
    if (named.includes(skuId))
      problems.push({ path: "skus", message: `${skuId} belongs to other goods` });
  }
  return problems;
}

async function bodyOf(
  env: Env,
  programmeId: string,
  goodsId: string,
  draft: GoodsDraft,
): Promise<GoodsBody> {
  const taken = new Set(await skuIdsOf(env.DB, programmeId, goodsId));
  for (const { skuId } of draft.skus) if (skuId !== undefined) taken.delete(skuId);
  // Goods without specs keep the one SKU they have.
  const isPlain = draft.axes.length === 0;
  const known = isPlain && taken.has(goodsId) ? goodsId : undefined;
  const skus = draft.skus.map((sku) =>
    sku.skuId === undefined && known !== undefined ? { ...sku, skuId: known } : sku,
  );
  if (known !== undefined) taken.delete(known);
  return { ...draft, skus: withSkuIds(goodsId, !isPlain, skus, taken) };
}

export async function createGoods(
  call: StaffCall,
  goodsId: string,
  draft: GoodsDraft,
): Promise<SaveReply> {
  const { env, session, nowMs } = call;
  const { programmeId } = session;
  const problems = await problemsOf(env, programmeId, goodsId, draft);
  if (problems.length > 0) return { kind: "invalid", problems };
  const body = await bodyOf(env, programmeId, goodsId, draft);
  return store(call, { goodsId, revision: 0, state: "draft", body, publishedAtMs: null }, nowMs);
}

/** Changes the document, the state, or both. `revision`: what was edited. */
export async function changeGoods(
  call: StaffCall,
  goodsId: string,
  revision: number,
  change: { readonly draft?: GoodsDraft; readonly state?: "published" | "withdrawn" },
): Promise<SaveReply> {
  const { env, session, nowMs } = call;
  const { programmeId } = session;
  const current = await loadGoods(env.DB, programmeId, goodsId);
  if (!current) return { kind: "not_found" };
  if (current.revision !== revision) return { kind: "late", current };
  const { draft } = change;
  const problems = draft ? await problemsOf(env, programmeId, goodsId, draft) : [];
  if (problems.length > 0) return { kind: "invalid", problems };
  const body = draft ? await bodyOf(env, programmeId, goodsId, draft) : current.body;
  const wanted = { ...current, body, state: stateOf(current, change.state) };
  const state = change.state === "withdrawn" ? "withdrawn" : stateAt(wanted, nowMs);
  const isFresh = state === "published" && current.state !== "published";
  const publishedAtMs = isFresh ? nowMs : current.publishedAtMs;
  return store(call, { goodsId, revision, state, body, publishedAtMs }, nowMs);
}

/** Publishing with a moment still to come is scheduling. */
function stateOf(
  current: GoodsRow,
  asked: "published" | "withdrawn" | undefined,
): GoodsRow["state"] {
  if (asked === undefined) return current.state;
  return asked === "published" && current.state !== "published" ? "scheduled" : asked;
}

async function store(
  call: StaffCall,
  next: Pick<GoodsRow, "goodsId" | "revision" | "state" | "body" | "publishedAtMs">,
  nowMs: number,
): Promise<SaveReply> {
  const { env, session } = call;
  const { programmeId } = session;
  const by = actorOf(call);
  const outcome = await saveGoods(env.DB, {
    ...next,
    ...{ programmeId, by, nowMs, dueAtMs: retryAtMs(nowMs), importId: call.importId ?? null },
  });
  forgetVersion(programmeId);
  if (outcome.kind === "code_taken") return outcome;
  if (outcome.kind === "late") {
    const current = await loadGoods(env.DB, programmeId, next.goodsId);
    return current ? { kind: "late", current } : { kind: "not_found" };
  }
  const saved: GoodsRow = {
    ...next,
    revision: outcome.revision,
    ...{ appliedRevision: next.revision, updatedAtMs: nowMs, updatedBy: by },
  };
  const isApplied = await applyGoods(env, programmeId, saved);
  const appliedRevision = isApplied ? saved.revision : next.revision;
  return { kind: "saved", goods: { ...saved, appliedRevision }, isNew: next.revision === 0 };
}

export async function staffView(
  env: Env,
  programmeId: string,
  goods: GoodsRow,
): Promise<StaffGoodsView> {
  const { goodsId, revision, state, body, updatedAtMs, updatedBy, publishedAtMs } = goods;
  const [figures, twins] = await Promise.all([
    skuFigures(env.DB, programmeId, [goodsId]),
    sameTitle(env.DB, programmeId, goodsId, body.title),
  ]);
  const byId = new Map(figures.map((one) => [one.skuId, one]));
  const advice: StaffGoodsView["advice"] = [
    ...priceAdvice(body),
    ...twins.map((other) => ({
      code: "same_title" as const,
      skuId: null,
      figures: { goodsId: other },
    })),
  ];
  return {
    ...{ goodsId, revision, state, updatedAtMs, updatedBy, publishedAtMs, advice },
    isApplied: goods.appliedRevision >= revision,
    goods: { ...body, skus: [...body.skus] },
    skus: body.skus.flatMap(({ skuId, values }) => {
      const figure = byId.get(skuId);
      if (!figure) return [];
      const { stand, inSales, redeemed } = figure;
      return [{ ...stand, skuId, values, inSales, redeemed }];
    }),
  };
}
