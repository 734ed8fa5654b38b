import type { GoodsDetailView, GoodsLiveView } from "../../../worker/catalog/wire.ts";
import type { LotsView } from "./lots.ts";
import { figureOf, type Problem } from "../../client/api.ts";
import type { GoodsText } from "../../locales/goods.ts";

export type Sku = GoodsDetailView["skus"][number];
export type { LotsView };

/** The variant a page begins with: the first that can be had, else the first. */
export function firstSku(skus: readonly Sku[]): Sku | null {
  return skus.find(isThere) ?? skus[0] ?? null;
}

export const isThere = (sku: Sku): boolean => sku.status === "open" && sku.remaining > 0;

/** The variant with one value changed; where that combination does not exist, the nearest that has the value. */
export function skuWith(
  skus: readonly Sku[],
  now: Sku | null,
  axis: number,
  value: string,
): Sku | null {
  const fits = skus.filter((sku) => sku.values[axis] === value);
  const shared = (sku: Sku): number =>
    sku.values.filter((one, at) => at !== axis && one === now?.values[at]).length;
  return (
    [...fits].sort((a, b) => shared(b) - shared(a) || Number(isThere(b)) - Number(isThere(a)))[0] ??
    null
  );
}

/** Whether any variant with this value beside what else is chosen can be had. */
export function canChoose(
  skus: readonly Sku[],
  now: Sku | null,
  axis: number,
  value: string,
): boolean {
  const sku = skuWith(skus, now, axis, value);
  return sku !== null && isThere(sku);
}

/** The goods after what the shelves said now. */
export function withLive(goods: GoodsDetailView, live: GoodsLiveView): GoodsDetailView {
  const byId = new Map(live.skus.map((sku) => [sku.skuId, sku]));
  return {
    ...goods,
    skus: goods.skus.map((sku) => ({ ...sku, ...byId.get(sku.skuId) })),
    serverTimeMs: live.serverTimeMs,
  };
}

/** Whether a member who agreed to the one would have to be asked again for the other. */
export function isRepriced(a: Sku | null, b: Sku | null): boolean {
  if (a === null || b === null || a.skuId !== b.skuId) return false;
  return a.memberPoints !== b.memberPoints || a.priceFen !== b.priceFen;
}

/** Most that one order may have now: of the sale, of the shelf, of what the member has left. */
export function quantityMax(goods: GoodsDetailView, sku: Sku): number {
  const left = goods.mine?.limits.map(({ limit, used }) => limit - used) ?? [];
  return Math.max(0, Math.min(sku.quantityMax, sku.remaining, ...left));
}

/** The limit that leaves nothing, if there is one. */
export function fullLimit(goods: GoodsDetailView) {
  return goods.mine?.limits.find(({ limit, used }) => used >= limit) ?? null;
}

export function limitSentence(
  { per, limit, used, days }: { per: string; limit: number; used: number; days: number | null },
  words: GoodsText,
): string {
  const say = words.refusal.limit;
  if (per === "window") return say.window(limit, used, days ?? 0);
  return per === "day" ? say.day(limit, used) : say.lifetime(limit, used);
}

/** What happened, its figure, what was kept safe. */
export function refusalSentence(problem: Problem, words: GoodsText): string {
  const say = words.refusal;
  const figure = (name: string): number => figureOf(problem, name) ?? 0;
  switch (problem.code) {
    case "points_insufficient":
      return say.points_insufficient(figure("needed"), figure("active"));
    case "limit_reached": {
      const per = String(problem.figures["per"] ?? "lifetime");
      const state = { per, limit: figure("limit"), used: figure("used"), days: figure("days") };
      return limitSentence(state, words);
    }
    case "not_eligible":
      return problem.figures["rule"] === "blocked" ? say.blocked : say.not_eligible;
    case "sold_out":
    case "closed":
    case "not_open":
      return say[problem.code];
    case "stale":
    case "ahead":
    case "epoch_unknown":
    case "price_changed":
      return say.changed;
    case "overloaded":
    case "rate_limited":
    case "unavailable":
      return say.busy;
    case "network":
    case "timeout":
      return say.network;
    case "unauthenticated":
      return say.login;
    default:
      return say.fault(String(problem.figures["reference"] ?? ""));
  }
}
