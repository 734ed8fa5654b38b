import type { JSX } from "preact";
import type { PageData } from "../../../worker/pages/page-data.ts";
import type { StoredEntryView } from "../../../worker/spending/wire.ts";
import { pointsText } from "../../locales/points.ts";
import type { PointsText } from "../../locales/points.zh-CN.ts";
import { timeHm, yuan } from "../../ui/format.ts";
import { lock, minus, plus, undo, wallet } from "../../ui/icons.ts";
import { Icon } from "../../ui/icon.tsx";
import { useText } from "../../ui/text.tsx";
import { PageFrame } from "../points/page-frame.tsx";
import { TopUp } from "./top-up.tsx";
import { useStoredValue } from "./use-stored-value.ts";

export type StoredValueData = Extract<PageData, { page: "storedValue" }>;
type Words = PointsText["storedValue"];

const ICONS = { lock, minus, plus, undo, wallet };
const ICON_OF: Readonly<Record<StoredEntryView["type"], keyof typeof ICONS>> = {
  top_up: "plus",
  hold: "lock",
  capture: "minus",
  release: "undo",
  refund: "undo",
};

function Row({
  entry,
  nowMs,
  words,
}: {
  readonly entry: StoredEntryView;
  readonly nowMs: number;
  readonly words: Words;
}): JSX.Element {
  const t = useText();
  const { type, amountFen, movedFen, note, recordedAtMs } = entry;
  const isIn = amountFen > 0;
  // What is set aside, or no more, changes nothing that the member owns.
  const sum = amountFen === 0 ? yuan(movedFen, "full") : yuan(Math.abs(amountFen), "full");
  const sign = amountFen === 0 ? "" : isIn ? "+" : "−";
  return (
    <li class="led-r">
      <span class={isIn ? "led-i plus" : "led-i"}>
        <Icon name={ICON_OF[type]} />
      </span>
      <span>
        <b>{words.types[type] ?? type}</b>
        <span class="note mute num">
          {t.common.date(recordedAtMs, nowMs)} {timeHm(recordedAtMs)}
          {note !== "" && ` · ${note}`}
        </span>
      </span>
      <span class="led-a">
        <b class={isIn ? "num plus" : "num"}>{sign + sum}</b>
        <span class="note mute num">{words.after(yuan(entry.balanceAfterFen, "full"))}</span>
      </span>
    </li>
  );
}

/** Money left with the merchant: what is there, how more comes in, and every movement. */
export function StoredValuePage({ data }: { data: StoredValueData }): JSX.Element {
  const text = pointsText(data.locale);
  const words = text.storedValue;
  const use = useStoredValue(data);
  const { stored } = use;
  return (
    <PageFrame title={words.title} icons={ICONS} words={text}>
      <section class="card blk" aria-label={words.balance}>
        <p class="note sec">{words.balance}</p>
        <p class="num pay-sum" data-balance={stored.balanceFen}>
          {yuan(stored.balanceFen, "full")}
        </p>
        {stored.heldFen > 0 && <p class="note sec">{words.held(yuan(stored.heldFen, "full"))}</p>}
      </section>
      <TopUp use={use} words={words} />
      <section class="card blk">
        <h2>{words.ledger}</h2>
        {stored.entries.length === 0 ? (
          <p class="note sec">{words.empty}</p>
        ) : (
          <ul>
            {stored.entries.map((entry) => (
              <Row key={entry.seq} entry={entry} nowMs={data.serverTimeMs} words={words} />
            ))}
          </ul>
        )}
        {stored.nextCursor !== null && (
          <button type="button" class="btn line block more" onClick={use.more}>
            {words.more}
          </button>
        )}
      </section>
    </PageFrame>
  );
}
