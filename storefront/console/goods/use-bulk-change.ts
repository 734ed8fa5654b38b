import type { BulkResultView, StaffGoodsRow } from "../../../worker/catalog/wire.ts";
import { useConsole, useToast, useUndo, useWords, type Answer } from "../kit/index.ts";
import { bulkSentence } from "./bulk-words.ts";
import { undoingOf, type BulkChange } from "./undo-bulk.ts";
import { GOODS } from "./words.ts";

const PATH = "/api/v1/staff/goods-bulk";

/** Changes many goods by one call, says to how many it was done, and offers the way back. False: it was refused. */
export function useBulkChange(
  again: () => void,
): (change: Pick<BulkChange, "act" | "value">, rows: readonly StaffGoodsRow[]) => Promise<boolean> {
  const words = useWords(GOODS);
  const { call } = useConsole();
  const toast = useToast();
  const sayUndo = useUndo();
  const send = (change: BulkChange): Promise<Answer<BulkResultView>> =>
    call("POST", PATH, change, { timeoutMs: 60_000 });
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
