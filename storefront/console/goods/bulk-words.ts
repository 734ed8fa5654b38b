import type { BulkResultView } from "../../../worker/catalog/wire.ts";
import type { GOODS } from "./words.ts";

/** What a change of many goods did, and to which it did nothing. */
export function bulkSentence(
  { done, refused }: BulkResultView,
  words: (typeof GOODS)["zh-CN"],
): string {
  const names = refused.map(({ goodsId }) => goodsId).join(", ");
  return refused.length === 0
    ? words.bulk.done(done)
    : `${words.bulk.done(done)} · ${words.bulk.refused(refused.length, names)}`;
}
