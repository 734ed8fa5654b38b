import type { JSX } from "preact";
import type { Advice as AdviceLine, StaffGoodsView } from "../../../worker/catalog/wire.ts";
import { BASE, useWords, yuanOf } from "../kit/index.ts";
import { EDITOR, type EditorText } from "./editor-words.ts";

function sentence({ code, figures }: AdviceLine, words: EditorText): string {
  const yuan = (name: string): string => yuanOf(Number(figures[name] ?? 0));
  const plain = (name: string): string => String(figures[name] ?? "∞");
  const { advice } = words;
  switch (code) {
    case "above_market":
      return advice.above_market(yuan("paidFen"), yuan("marketPriceFen"));
    case "cash_above_points":
      return advice.cash_above_points(yuan("priceFen"), yuan("worthFen"));
    case "below_cost":
      return advice.below_cost(yuan("paidFen"), yuan("costFen"));
    case "outside_band":
      return advice.outside_band(plain("pricePoints"), plain("from"), plain("to"));
    case "same_title":
      return advice.same_title(plain("goodsId"));
    case "free":
    case "no_market_price":
    case "no_picture":
      return advice[code];
  }
}

/** What the prices say beside market, cost and band, and whether anything is there to redeem. It refuses nothing. */
export function Advice({
  view,
  isEmpty,
}: {
  view: StaffGoodsView;
  isEmpty: boolean;
}): JSX.Element | null {
  const words = useWords(EDITOR);
  const lines = [...new Set(view.advice.map((line) => sentence(line, words)))];
  const [only, ...others] = view.skus;
  // Of several variants the table says which one is empty.
  const stockHref =
    only && others.length === 0
      ? `${BASE}/goods/stock/${only.skuId}`
      : `${BASE}/goods/${view.goodsId}?tab=skus`;
  if (lines.length === 0 && !isEmpty) return null;
  return (
    <ul class="g-advice">
      {isEmpty && (
        <li>
          {words.noStock}{" "}
          <a class="text-link" href={stockHref}>
            {words.toStock}
          </a>
        </li>
      )}
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
