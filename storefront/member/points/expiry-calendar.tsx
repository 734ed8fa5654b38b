import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ExpiryDay, WalletView } from "../../../worker/pages/wire.ts";
import type { PointsText } from "../../locales/points.zh-CN.ts";
import { count, daysBetween, lastMs } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { Badge, Figured } from "../../ui/parts.tsx";
import { withinPath } from "../../client/paths.ts";
import { useText } from "../../ui/text.tsx";
import { monthsOf, SOON_DAYS, type Month } from "./expiry-model.ts";

const BAR_MOST_PX = 84;
const ROWS_FIRST = 5;

function Chart({ months, words }: { months: Month[]; words: PointsText }): JSX.Element | null {
  const most = Math.max(...months.map(({ points }) => points), 1);
  const filled = months.filter(({ points }) => points > 0);
  const items = filled.map(({ year, month, points }) =>
    words.expiry.chartItem(year, month, points),
  );
  const label = words.expiry.chart(items.join(words.expiry.chartJoin));
  // Nothing of these twelve months: the list below says what there is.
  if (filled.length === 0) return null;
  const height = (points: number): number =>
    points > 0 ? Math.max(3, Math.round((points / most) * BAR_MOST_PX)) : 0;
  return (
    <div class="cal" role="img" aria-label={label}>
      {months.map(({ year, month, points }, at) => (
        <div key={`${year}-${month}`} class={points > 0 ? "" : "z"}>
          <span class="num">{points > 0 ? count(points) : ""}</span>
          <i style={{ height: `${height(points)}px` }} />
          <em class="num">{month}</em>
          <small class="num">{at === 0 || month === 1 ? words.expiry.year(year) : ""}</small>
        </div>
      ))}
    </div>
  );
}

function Left({ days, words }: { days: number | null; words: PointsText }): JSX.Element | null {
  if (days === null || days < 0 || days > SOON_DAYS) return null;
  return (
    <Badge tone="warn" icon="clock">
      {words.expiry.soon(days)}
    </Badge>
  );
}

interface RowProps {
  nowMs: number;
  words: PointsText;
}

function DayRow({ day, isFirst, nowMs, words }: RowProps & { day: ExpiryDay; isFirst: boolean }) {
  const t = useText();
  const { expiresAtMs } = day;
  const days = expiresAtMs === null ? null : daysBetween(nowMs, lastMs(expiresAtMs));
  return (
    <li>
      <i class={expiresAtMs === null ? "sw ever" : "sw"} />
      <span>
        <Figured text={words.expiry.row(day.points)} />
        {expiresAtMs === null
          ? words.expiry.never
          : words.expiry.expires(t.common.date(lastMs(expiresAtMs), nowMs))}
        {isFirst && days !== null && days <= SOON_DAYS && <Left days={days} words={words} />}
      </span>
      {isFirst && expiresAtMs !== null ? (
        <a class="btn tint sm" href={withinPath(day.points)}>
          {words.expiry.useFirst}
        </a>
      ) : (
        <Left days={days} words={words} />
      )}
    </li>
  );
}

function LotRow({ lot, nowMs, words }: RowProps & { lot: WalletView["lots"][number] }) {
  const t = useText();
  const { expiresAtMs, pendingUntilMs } = lot;
  const pending = pendingUntilMs !== null && pendingUntilMs > nowMs;
  const days = expiresAtMs === null || pending ? null : daysBetween(nowMs, lastMs(expiresAtMs));
  const until =
    expiresAtMs === null
      ? words.expiry.never
      : words.expiry.expires(t.common.date(lastMs(expiresAtMs), nowMs));
  return (
    <li>
      <i class={pending || expiresAtMs === null ? "sw ever" : "sw"} />
      <span>
        <Figured text={words.expiry.row(lot.remaining)} />
        {pending ? words.expiry.pendingLot(t.common.date(pendingUntilMs, nowMs)) : until}
        <span class="note mute">
          {words.expiry.lotNo(lot.lotId)} · {words.source(lot.source)}
        </span>
      </span>
      <Left days={days} words={words} />
    </li>
  );
}

/** Held points are in no bar: a redemption has them, and they come back with the dates they had. */
function HeldRows({ wallet, nowMs, words }: RowProps & { wallet: WalletView }) {
  const t = useText();
  const { heldCalendar: held } = wallet;
  if (held.length === 0) return null;
  return (
    <>
      <ul class="lot-list held">
        {held.map(({ day, expiresAtMs, points }) => (
          <li key={day ?? "never"}>
            <i class="sw ever" />
            <span>
              <Figured text={words.expiry.row(points)} />
              {words.expiry.held(
                expiresAtMs === null ? null : t.common.date(lastMs(expiresAtMs), nowMs),
              )}
            </span>
          </li>
        ))}
      </ul>
      <p class="note sec">{words.expiry.heldTip}</p>
    </>
  );
}

/** A bar a month, and below it the same facts as a list: the list is the truth, the bars are a glance. */
export function ExpiryCalendar({ wallet, ...rest }: RowProps & { wallet: WalletView }) {
  const { nowMs, words } = rest;
  const [way, setWay] = useState<"day" | "lot">("day");
  const [isWhole, setWhole] = useState(false);
  const days = wallet.calendar;
  const lots = wallet.lots.filter((lot) => lot.remaining > 0);
  const rows =
    way === "day"
      ? days.map((day, at) => (
          <DayRow key={day.day ?? "never"} day={day} isFirst={at === 0} {...rest} />
        ))
      : lots.map((lot) => <LotRow key={lot.lotId} lot={lot} {...rest} />);
  // A button that hides one row would take that row's place.
  const hidden = isWhole || rows.length <= ROWS_FIRST + 1 ? 0 : rows.length - ROWS_FIRST;
  if (days.length === 0)
    return (
      <section class="card blk">
        <h2>{words.expiry.title}</h2>
        <p class="sec small">{words.expiry.none}</p>
        <HeldRows wallet={wallet} {...rest} />
      </section>
    );
  return (
    <section class="card blk">
      <header class="blk-h">
        <h2>{words.expiry.title}</h2>
        <button type="button" class="go" onClick={() => setWay(way === "day" ? "lot" : "day")}>
          {way === "day" ? words.expiry.byLot : words.expiry.byDay}
        </button>
      </header>
      <Chart months={monthsOf(days, nowMs)} words={words} />
      <ul class="lot-list">{rows.slice(0, rows.length - hidden)}</ul>
      {hidden > 0 && (
        <button type="button" class="btn quiet block more" onClick={() => setWhole(true)}>
          {words.expiry.rest(hidden)}
        </button>
      )}
      <HeldRows wallet={wallet} {...rest} />
      <p class="tip note">
        <Icon name="info" size={16} />
        <span>{words.expiry.tip}</span>
      </p>
    </section>
  );
}
