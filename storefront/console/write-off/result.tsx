import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { VoucherView } from "../../../worker/fulfilment/wire.ts";
import { dateIso, lastMs } from "../../ui/format.ts";
import { Button, useWords } from "../kit/index.ts";
import type { Known } from "./noted.ts";
import { WORDS, type DeskWords } from "./words.ts";

export type Shown =
  | { readonly kind: "voucher"; readonly voucher: VoucherView; readonly code: string }
  /** There was no network: only what is on today's list is known. */
  | { readonly kind: "unchecked"; readonly known: Known | null; readonly code: string }
  | { readonly kind: "noted" }
  | { readonly kind: "done"; readonly voucher: VoucherView }
  | { readonly kind: "refused"; readonly reason: string; readonly voucher: VoucherView | null };

const LOOKS: Readonly<Partial<Record<Shown["kind"], string>>> = {
  done: "ok",
  refused: "bad",
  unchecked: "unsure",
  noted: "unsure",
};

function headOf(shown: Shown, words: DeskWords): string | null {
  switch (shown.kind) {
    case "voucher":
      return null;
    case "refused":
      return words.reasons[shown.reason] ?? words.refused;
    default:
      return words.heads[shown.kind];
  }
}

function VoucherFacts({ shown, voucher }: { shown: Shown; voucher: VoucherView }): JSX.Element {
  const words = useWords(WORDS);
  return (
    <>
      <b>{voucher.title}</b>
      <p class="sec">
        {words.left(voucher.usesLeft, voucher.usesTotal)} ·{" "}
        {words.until(dateIso(lastMs(voucher.expiresAtMs)))}
      </p>
      {shown.kind === "refused" && voucher.stores.length > 0 && (
        <p class="sec">{words.usable(voucher.stores.map(({ name }) => name))}</p>
      )}
    </>
  );
}

/** How many uses can be taken here and now; 0: nothing is asked any more. */
function usesOffered(shown: Shown): number {
  if (shown.kind === "voucher") return shown.voucher.usesLeft;
  // What this device knows nothing of is served once, if at all.
  return shown.kind === "unchecked" ? (shown.known?.usesLeft ?? 1) : 0;
}

export function Result(props: {
  shown: Shown;
  isBusy: boolean;
  onAct: (uses: number) => void;
  onAgain: () => void;
}): JSX.Element {
  const { shown, isBusy, onAct, onAgain } = props;
  const words = useWords(WORDS);
  const [uses, setUses] = useState(1);
  const head = headOf(shown, words);
  const most = usesOffered(shown);
  return (
    <section class={`wo-result ${LOOKS[shown.kind] ?? ""}`} role="status">
      {head !== null && <h2>{head}</h2>}
      {"voucher" in shown && shown.voucher && (
        <VoucherFacts shown={shown} voucher={shown.voucher} />
      )}
      {shown.kind === "unchecked" && (
        <p>
          {shown.known ? words.onList(shown.known.title, shown.known.usesLeft) : words.notOnList}
        </p>
      )}
      {shown.kind === "noted" && <p>{words.notedHelp}</p>}
      {most > 1 && (
        <label class="row">
          <span>{words.uses}</span>
          <input
            class="in num"
            type="number"
            min={1}
            max={most}
            value={uses}
            onInput={(event) => setUses(Math.max(1, Number(event.currentTarget.value) || 1))}
          />
        </label>
      )}
      {most > 0 ? (
        <div class="row">
          <Button kind="primary" busy={isBusy} onClick={() => onAct(Math.min(uses, most))}>
            {shown.kind === "unchecked" ? words.note(uses) : words.act(uses)}
          </Button>
          <Button onClick={onAgain}>{words.cancel}</Button>
        </div>
      ) : (
        <div>
          <Button kind="primary" onClick={onAgain}>
            {words.again}
          </Button>
        </div>
      )}
    </section>
  );
}
