/** Frozen notices on the wire of the checker: which epoch, which orders. The product's own code makes and reads them. */
import { buildBloom } from "../../worker/kernel/bloom.ts";
import {
  frozenNotice,
  verdictFromNotice,
  type FrozenNotice,
} from "../../worker/redemption/frozen.ts";
import type { Scene } from "./scene.ts";
import type { SkuState } from "./sku.ts";

export interface NamedNotice {
  readonly upTo: number;
  /** A bit per order that the notice names. */
  readonly named: number;
}

/** What the product would publish now. Null: nothing is frozen, or nobody can hold so old a stamp. */
export function noticeOf(scene: Scene, sku: SkuState): NamedNotice | null {
  const granted = sku.takes.flatMap((take, at) =>
    take && take.state !== "forgone" ? [{ key: scene.noticeKey(at), epoch: take.epoch }] : [],
  );
  const notice = frozenNotice(sku.sale, granted, scene.rules.law);
  if (!notice || notice.upTo < 1) return null;
  let named = 0;
  for (const at of scene.orders) {
    if (verdictFromNotice(notice, scene.noticeKey(at), notice.upTo) === "ask") named |= 1 << at;
  }
  return { upTo: notice.upTo, named };
}

/** `falsely`: orders that the filter also answers `present` for. */
export function readNotice(
  scene: Scene,
  { upTo, named }: NamedNotice,
  falsely: number,
  order: number,
  stamp: number,
): "refused" | "present" | "not_covered" {
  if (stamp > upTo) return "not_covered";
  const keys = [...scene.orders]
    .filter((at) => ((named | falsely) >> at) & 1)
    .map((at) => scene.noticeKey(at));
  const notice: FrozenNotice = {
    saleId: scene.terms.saleId,
    upTo,
    refusal: { code: "sold_out", figures: {} },
    granted: buildBloom(keys, keys.length),
  };
  const verdict = verdictFromNotice(notice, scene.noticeKey(order), stamp);
  return verdict === "refused" ? "refused" : "present";
}
