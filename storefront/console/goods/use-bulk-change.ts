import type { BulkResultView, StaffGoodsRow } from "../../../worker/catalog/wire.ts";
import { useConsole, useToast, useUndo, useWords, type Answer } from "../kit/index.ts";
import { bulkSentence } from "./bulk-words.ts";
import { undoingOf, type BulkChange } from "./undo-bulk.ts";
import { GOODS } from "./words.ts";

const PATH = "/api/v1/staff/goods-bulk";
const PART = 25;
const WHOLE = { ok: true, status: 200 } as const;

/** Changes many goods by one call, says to how many it was done, and offers the way back. False: it was refused. */
export function useBulkChange(
  again: () => void,
): (change: Pick<BulkChange, "act" | "value">, rows: readonly StaffGoodsRow[]) => Promise<boolean> {
  const words = useWords(GOODS);
  const { call } = useConsole();
  const toast = useToast();
  const sayUndo = useUndo();
  /** In parts, so that it can be said how far it is. What comes after a part that failed was not changed, and is named. */
  const send = async ({ goodsIds, ...change }: BulkChange): Promise<Answer<BulkResultView>> => {
    let value: BulkResultView = { done: 0, refused: [] };
    for (let from = 0; from < goodsIds.length; from += PART) {
      if (goodsIds.length > PART)
        toast.show({ text: words.bulk.running(from, goodsIds.length), stays: true });
      const part = { ...change, goodsIds: goodsIds.slice(from, from + PART) };
      const answer = await call<BulkResultView>("POST", PATH, part, { timeoutMs: 60_000 });
      if (!answer.ok && from === 0) return answer;
      if (!answer.ok) {
        const left = goodsIds
          .slice(from)
          .map((goodsId) => ({ goodsId, code: answer.problem.code }));
        return { ...WHOLE, value: { done: value.done, refused: [...value.refused, ...left] } };
      }
      const { done, refused } = answer.value;
      value = { done: value.done + done, refused: [...value.refused, ...refused] };
    }
    return { ...WHOLE, value };
  };
  return async (change, rows) => {
    const answer = await send({ ...change, goodsIds: rows.map(({ goodsId }) => goodsId) });
    if (!answer.ok) {
      toast.refuse(answer.problem);
      return false;
    }
    again();
    const text = bulkSentence(answer.value, words);
    const refused = new Set(answer.value.refused.map(({ goodsId }) => goodsId));
    const undoing = undoingOf(
      change,
      rows.filter(({ goodsId }) => !refused.has(goodsId)),
    );
    if (undoing.length === 0) {
      toast.show({ text });
      return true;
    }
    const back = async (): Promise<Answer<unknown>> => {
      const answers = await Promise.all(undoing.map(send));
      return answers.find(({ ok }) => !ok) ?? answer;
    };
    sayUndo({ text, back, again });
    return true;
  };
}
