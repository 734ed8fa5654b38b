import type { ComponentChildren, JSX } from "preact";
import type { EntryView, ReceiptView } from "../../../worker/pages/wire.ts";
import type { PageData } from "../../../worker/pages/page-data.ts";
import { orderPath } from "../../client/paths.ts";
import { pointsText } from "../../locales/points.ts";
import type { PointsText } from "../../locales/points.zh-CN.ts";
import { count, signed, timeHms } from "../../ui/format.ts";
import { download, right, shield } from "../../ui/icons.ts";
import { Icon } from "../../ui/icon.tsx";
import { useText } from "../../ui/text.tsx";
import { isNamed, partName, redeemedOrder, titleOf } from "../points/ledger-model.ts";
import { PageFrame } from "../points/page-frame.tsx";
import { receiptLink } from "../verify/receipt-link.ts";

type EntryData = Extract<PageData, { page: "entry" }>;
const ICONS = { download, right, shield };

/** Which version of which rule gave what; the sum is the entry's. */
function Why({ entry, words }: { entry: EntryView; words: PointsText }): JSX.Element {
  const parts = entry.breakdown;
  return (
    <section class="card blk">
      <h2>{words.entry.why}</h2>
      {parts.length === 0 ? (
        <p class="small sec">{words.entry.whyNone}</p>
      ) : (
        <ul class="rows">
          {parts.map((part) => (
            <li key={`${part.kind} ${part.id} ${part.version}`} class="two">
              <span>
                {partName(part, words)}
                <span class="note mute">
                  {isNamed(part) && `${words.entry.kinds[part.kind]} · `}
                  {words.entry.version(part.version)}
                </span>
              </span>
              <b class={part.points > 0 ? "num plus" : "num"}>{signed(part.points)}</b>
            </li>
          ))}
          {parts.length > 1 && (
            <li class="two">
              <span>{words.entry.sum}</span>
              <b class="num">{signed(parts.reduce((sum, { points }) => sum + points, 0))}</b>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="num">{children}</dd>
    </div>
  );
}

function Facts({
  entry,
  store,
  nowMs,
  words,
}: {
  entry: EntryView;
  store: EntryData["store"];
  nowMs: number;
  words: PointsText;
}) {
  const t = useText();
  const time = (atMs: number): string => `${t.common.date(atMs, nowMs)} ${timeHms(atMs)}`;
  const { recordedAtMs, storeId, sourceId, customerNote } = entry;
  const orderId = redeemedOrder(entry);
  // A code is in the title, in words.
  const note = words.ledger.codes[customerNote] === undefined ? customerNote : "";
  return (
    <section class="card blk">
      <dl class="pt-facts">
        <Fact name={words.entry.nth}>{count(entry.seq)}</Fact>
        <Fact name={words.entry.balanceAfter}>{count(entry.balanceAfter)}</Fact>
        <Fact name={words.entry.occurred}>{time(entry.occurredAtMs)}</Fact>
        <Fact name={words.entry.recorded}>{time(recordedAtMs)}</Fact>
        {storeId && <Fact name={words.entry.store}>{store?.name ?? storeId}</Fact>}
        {store && <Fact name={words.entry.brand}>{store.brandName}</Fact>}
        {sourceId && <Fact name={words.entry.source}>{sourceId}</Fact>}
        {note && <Fact name={words.entry.note}>{note}</Fact>}
      </dl>
      {orderId !== null && (
        <a class="btn quiet block" href={orderPath(orderId)}>
          {words.entry.order}
        </a>
      )}
    </section>
  );
}

/** The receipt to keep, and the way to check it. */
function Receipt({ receipt, words }: { receipt: ReceiptView; words: PointsText }): JSX.Element {
  const { seq, programmeId } = receipt.receipt;
  const file = `data:application/json;charset=utf-8,${encodeURIComponent(JSON.stringify(receipt))}`;
  return (
    <section class="card blk">
      <h2>{words.entry.receipt}</h2>
      <p class="small sec">
        {receipt.inclusion === null ? words.entry.receiptOpen : words.entry.receiptSealed}
      </p>
      <div class="dialog-do">
        <a class="btn primary" href={receiptLink(receipt)}>
          <Icon name="shield" size={18} />
          {words.entry.verify}
        </a>
        <a class="btn line" href={file} download={`receipt-${programmeId}-${seq}.json`}>
          <Icon name="download" size={18} />
          {words.entry.download}
        </a>
      </div>
    </section>
  );
}

export function EntryPage({ data }: { data: EntryData }): JSX.Element {
  const words = pointsText(data.locale);
  const { entry } = data;
  return (
    <PageFrame title={words.entry.title} icons={ICONS} words={words}>
      <section class="entry">
        <p class="small sec">{titleOf(entry, words)}</p>
        <b class={entry.points > 0 ? "num plus" : "num"}>{signed(entry.points)}</b>
      </section>
      <Why entry={entry} words={words} />
      <Facts entry={entry} store={data.store} nowMs={data.serverTimeMs} words={words} />
      {data.receipt !== null && <Receipt receipt={data.receipt} words={words} />}
      <section class="card blk">
        <dl class="pt-facts">
          <div class="wide">
            <dt>{words.entry.fingerprint}</dt>
            <dd class="hash">{entry.hash}</dd>
          </div>
          <div class="wide">
            <dt>{words.entry.prev}</dt>
            <dd class="hash">{entry.prevHash}</dd>
          </div>
        </dl>
        <p class="tip note">
          <Icon name="info" size={16} />
          <span>{words.entry.chain}</span>
        </p>
      </section>
    </PageFrame>
  );
}
