import type { JSX } from "preact";
import type { PageData } from "../../../worker/pages/page-data.ts";
import type { StoredEntryView, StoredValueView } from "../../../worker/spending/wire.ts";
import { callerOf } from "../../client/api.ts";
import { pointsText } from "../../locales/points.ts";
import type { PointsText } from "../../locales/points.zh-CN.ts";
import { timeHm, yuan } from "../../ui/format.ts";
import { lock, minus, plus, undo, wallet } from "../../ui/icons.ts";
import { Icon } from "../../ui/icon.tsx";
import { MoreButton, usePages, type ListPage } from "../../ui/more.tsx";
import { useText } from "../../ui/text.tsx";
import { PageFrame } from "../points/page-frame.tsx";
import { TopUp } from "./top-up.tsx";
import { PATH, useStoredValue } from "./use-stored-value.ts";

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

const pageOf = ({ entries, nextCursor }: StoredValueView): ListPage<StoredEntryView> => ({
  rows: entries,
  nextCursor,
});

function Entries(props: {
  readonly first: StoredValueView;
  readonly data: StoredValueData;
  readonly words: Words;
}): JSX.Element {
  const { first, data, words } = props;
  const pages = usePages({
    first: pageOf(first),
    idOf: ({ seq }) => String(seq),
    read: async (cursor) => {
      const call = callerOf({ locale: data.locale });
      const answer = await call<StoredValueView>("GET", `${PATH}?cursor=${cursor}`);
      return answer.ok ? pageOf(answer.value) : null;
    },
  });
  const { rows } = pages;
  return (
    <>
      {rows.length === 0 ? (
        <p class="note sec">{words.empty}</p>
      ) : (
        <ul>
          {rows.map((entry) => (
            <Row key={entry.seq} entry={entry} nowMs={data.serverTimeMs} words={words} />
          ))}
        </ul>
      )}
      <MoreButton pages={pages} words={words} inCard />
    </>
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
        {/* A new movement begins the list anew. */}
        <Entries key={stored.entries[0]?.seq} first={stored} data={data} words={words} />
      </section>
    </PageFrame>
  );
}
