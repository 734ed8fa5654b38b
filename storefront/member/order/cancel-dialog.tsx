import type { JSX } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import type { OrderView } from "../../../worker/accounts/wire.ts";
import type { Locale } from "../../../worker/pages/page-data.ts";
import type { RefundQuoteView } from "../../../worker/pages/wire.ts";
import { createApi } from "../../client/api.ts";
import type { PagesText } from "../../locales/pages.zh-CN.ts";
import { Dialog, DialogChoice } from "../../ui/dialog.tsx";
import { count, lastMs, yuan } from "../../ui/format.ts";
import { useText } from "../../ui/text.tsx";
import { isStanding } from "./order-words.ts";

export interface CancelDialogProps {
  order: OrderView;
  nowMs: number;
  locale: Locale;
  words: PagesText;
  busy: boolean;
  /** How often more had lapsed than was quoted: each time the quote is read anew. */
  moves: number;
  onKeep: () => void;
  onCancel: (forfeitMax: number) => void;
}

type Quoted = RefundQuoteView | "reading" | "failed";

type Slice = RefundQuoteView["slices"][number];

/** Points that a cancellation brings back: all but the forfeited ones. */
export function pointsBack({ slices }: RefundQuoteView): number {
  return slices.reduce((sum, { points, becomes }) => sum + (becomes === "forfeit" ? 0 : points), 0);
}

function Goes({ slice, nowMs, words }: { slice: Slice; nowMs: number; words: PagesText }) {
  const t = useText();
  const { refund } = words.order;
  const { becomes, expiresAtMs, graceUntilMs } = slice;
  if (becomes === "forfeit") return <b class="warn">{refund.forfeit}</b>;
  if (becomes === "grace" && graceUntilMs !== null)
    return <b class="warn">{refund.grace(t.common.date(lastMs(graceUntilMs), nowMs))}</b>;
  return (
    <b>
      {expiresAtMs === null
        ? refund.sameLotForever
        : refund.sameLot(t.common.date(lastMs(expiresAtMs), nowMs))}
    </b>
  );
}

/** What was paid beside the points, each to where it came from. */
function MoneyBack({ quote, words }: { quote: RefundQuoteView; words: PagesText }) {
  const { refund } = words.order;
  const { cashFen, storedFen, offsetPoints } = quote;
  return (
    <>
      {cashFen > 0 && <p class="small">{refund.cash(yuan(cashFen, "full"))}</p>}
      {storedFen > 0 && <p class="small">{refund.stored(yuan(storedFen, "full"))}</p>}
      {offsetPoints > 0 && <p class="small">{refund.offset(offsetPoints)}</p>}
    </>
  );
}

function PointsBack({
  quote,
  nowMs,
  words,
}: {
  quote: RefundQuoteView;
  nowMs: number;
  words: PagesText;
}) {
  const { refund } = words.order;
  const asked = quote.slices.reduce((sum, { points }) => sum + points, 0);
  if (asked === 0) return null;
  return (
    <>
      <p class="small">{refund.summary(pointsBack(quote), asked)}</p>
      <table class="lots quote">
        <thead>
          <tr>
            <th scope="col">{refund.points}</th>
            <th scope="col">{refund.goes}</th>
          </tr>
        </thead>
        <tbody>
          {quote.slices.map((slice) => (
            <tr key={`${slice.expiresAtMs} ${slice.becomes} ${slice.points}`}>
              <td class="num">{count(slice.points)}</td>
              <td>
                <Goes slice={slice} nowMs={nowMs} words={words} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** What a cancellation gives back, as the authority says it now; there is no cancelling before it is read. */
export function CancelDialog(props: CancelDialogProps): JSX.Element {
  const { order, locale, nowMs, words, moves } = props;
  const [quote, setQuote] = useState<Quoted>("reading");
  const read = useCallback(async (): Promise<void> => {
    setQuote("reading");
    const answer = await createApi({ locale }).refundQuote(order.orderId);
    setQuote(answer.ok ? answer.value : "failed");
  }, [locale, order.orderId]);
  useEffect(() => void read(), [read, moves]);
  const { refund } = words.order;
  return (
    <Dialog title={words.order.dialogTitle} onClose={props.onKeep}>
      {typeof quote === "object" && (
        <>
          <PointsBack quote={quote} nowMs={nowMs} words={words} />
          <MoneyBack quote={quote} words={words} />
          {!isStanding(order) && <p class="sec note">{refund.end}</p>}
        </>
      )}
      <p class="sec small" role="status">
        {quote === "reading"
          ? refund.reading
          : quote === "failed"
            ? refund.failed
            : moves > 0
              ? refund.moved
              : ""}
      </p>
      {quote === "failed" && (
        <button type="button" class="btn quiet block" onClick={() => void read()}>
          {refund.retry}
        </button>
      )}
      {/* What was shown can be confirmed, and nothing else. */}
      <DialogChoice
        {...{ keep: words.order.keep, onKeep: props.onKeep, act: words.order.confirm }}
        {...{ isBusy: props.busy, isReady: typeof quote === "object" }}
        onAct={() => typeof quote === "object" && props.onCancel(quote.forfeited)}
      />
    </Dialog>
  );
}
