import type { JSX } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { OrderView } from "../../../worker/accounts/wire.ts";
import type { TenderQuoteView } from "../../../worker/spending/wire.ts";
import { callerOf } from "../../client/api.ts";
import type { OrderText } from "../../locales/order.zh-CN.ts";
import { yuan } from "../../ui/format.ts";

interface Wish {
  readonly points: boolean;
  readonly stored: boolean;
}

export interface Tendering {
  readonly quote: TenderQuoteView | null;
  readonly wish: Wish;
  readonly busy: boolean;
  readonly failed: boolean;
  readonly toggle: (what: keyof Wish) => void;
}

const wishOf = ({ tender }: OrderView): Wish => ({
  points: (tender?.points ?? 0) > 0,
  stored: (tender?.storedFen ?? 0) > 0,
});

/** What the member wishes is quoted first; nothing is held before they confirm it. */
export function useTender(
  order: OrderView,
  given: TenderQuoteView | null,
  page: { locale: string; onChange: (order: OrderView) => void },
): Tendering & { readonly confirm: () => void; readonly isChosen: boolean } {
  const { locale, onChange } = page;
  const path = `/api/v1/orders/${encodeURIComponent(order.orderId)}/tender`;
  const [quote, setQuote] = useState(given);
  const [wish, setWish] = useState<Wish>(() => wishOf(order));
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  const askedRef = useRef(0);
  const ask = useCallback(
    async (next: Wish): Promise<void> => {
      askedRef.current += 1;
      const mine = askedRef.current;
      const none = [next.points ? "" : "points=0", next.stored ? "" : "storedFen=0"];
      const query = none.filter((part) => part !== "").join("&");
      const answer = await callerOf({ locale })<TenderQuoteView>(
        "GET",
        query === "" ? path : `${path}?${query}`,
      );
      // An answer that a later question overtook says nothing.
      if (mine !== askedRef.current) return;
      setQuote(answer.ok ? answer.value : null);
    },
    [locale, path],
  );
  // What came with the page answers for the order and the wish it came with.
  const askedForRef = useRef(given === null ? null : { order, wish });
  useEffect(() => {
    const known = askedForRef.current;
    if (known?.order !== order || known.wish !== wish) void ask(wish);
    askedForRef.current = { order, wish };
  }, [ask, order, wish]);
  const toggle = (what: keyof Wish): void => {
    setWish({ ...wish, [what]: !wish[what] });
    setFailed(false);
  };
  const confirm = async (): Promise<void> => {
    if (!quote || busy) return;
    setBusy(true);
    const body = {
      points: wish.points ? (quote.points?.points ?? 0) : 0,
      storedFen: wish.stored ? quote.stored.fen : 0,
      leftFen: quote.leftFen,
    };
    const answer = await callerOf({ locale })<OrderView>("PUT", path, body);
    setBusy(false);
    setFailed(!answer.ok);
    if (answer.ok) onChange(answer.value);
    else await ask(wish);
  };
  const now = wishOf(order);
  const isChosen = now.points === wish.points && now.stored === wish.stored;
  return { quote, wish, busy, failed, toggle, isChosen, confirm: () => void confirm() };
}

function Line(props: {
  readonly id: string;
  readonly name: string;
  readonly note: string;
  readonly offFen: number;
  readonly isOn: boolean;
  readonly toggle: () => void;
}): JSX.Element {
  const { id, name, note, offFen, isOn, toggle } = props;
  return (
    <label class="tender-line" for={id}>
      <input
        id={id}
        type="checkbox"
        checked={isOn}
        onChange={toggle}
        aria-describedby={`${id}-n`}
      />
      <span>
        <b>{name}</b>
        <span id={`${id}-n`} class="note sec">
          {note}
        </span>
      </span>
      <b class="num">{isOn && offFen > 0 ? `−${yuan(offFen, "full")}` : ""}</b>
    </label>
  );
}

/** Points and stored value for part of the cash; absent where the member has neither, or the merchant takes neither. */
export function TenderChoice({
  tendering,
  words,
}: {
  readonly tendering: ReturnType<typeof useTender>;
  readonly words: OrderText["pay"]["tender"];
}): JSX.Element | null {
  const { quote, wish, busy, failed, toggle, isChosen, confirm } = tendering;
  if (!quote) return null;
  const { points, stored, leftFen } = quote;
  const takesPoints = points !== null && points.max > 0;
  if (!takesPoints && stored.balanceFen === 0) return null;
  return (
    <fieldset class="tender">
      <legend class="note sec">{words.title}</legend>
      {takesPoints && (
        <Line
          id="tender-points"
          name={words.points}
          note={words.pointsNote(wish.points ? points.points : points.max, points.active)}
          offFen={points.fen}
          isOn={wish.points}
          toggle={() => toggle("points")}
        />
      )}
      {stored.balanceFen > 0 && (
        <Line
          id="tender-stored"
          name={words.stored}
          note={words.storedNote(yuan(stored.balanceFen, "full"))}
          offFen={stored.fen}
          isOn={wish.stored}
          toggle={() => toggle("stored")}
        />
      )}
      {!isChosen && (
        <button
          type="button"
          class={`btn block ${leftFen === 0 ? "primary" : "line"}`}
          aria-disabled={busy}
          onClick={confirm}
        >
          {busy && <i class="spin" />}
          {leftFen === 0 ? words.payAll : words.use(yuan(leftFen, "full"))}
        </button>
      )}
      <p class="note sec" role="status">
        {failed ? words.failed : ""}
      </p>
    </fieldset>
  );
}
