import type { JSX } from "preact";
import type { PointsView } from "../../../worker/accounts/wire.ts";
import type { PagesText } from "../../locales/pages.zh-CN.ts";
import { count, daysBetween, wallOf } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { Badge, Figured } from "../../ui/parts.tsx";
import { useText } from "../../ui/text.tsx";

const MONTHS = 12;
const BAR_MOST_PX = 84;
const SOON_DAYS = 15;

interface Month {
  year: number;
  month: number;
  points: number;
}

/** Points that expire in each of the next twelve months, this one first. */
export function monthsOf(lots: PointsView["lots"], nowMs: number): Month[] {
  const { year, month } = wallOf(nowMs);
  const months: Month[] = Array.from({ length: MONTHS }, (_, at) => ({
    year: year + Math.floor((month - 1 + at) / 12),
    month: ((month - 1 + at) % 12) + 1,
    points: 0,
  }));
  for (const lot of lots) {
    if (lot.expiresAtMs === null || lot.remaining <= 0) continue;
    const wall = wallOf(lot.expiresAtMs);
    const found = months.find((entry) => entry.year === wall.year && entry.month === wall.month);
    if (found !== undefined) found.points += lot.remaining;
  }
  return months;
}

function Chart({ months, words }: { months: Month[]; words: PagesText }): JSX.Element {
  const most = Math.max(...months.map(({ points }) => points), 1);
  const filled = months.filter(({ points }) => points > 0);
  const label =
    filled.length === 0
      ? words.points.chartNone
      : words.points.chart(filled.map((m) => words.points.chartItem(m.month, m.points)).join("，"));
  return (
    <div class="cal" role="img" aria-label={label}>
      {months.map(({ year, month, points }, at) => (
        <div key={`${year}-${month}`} class={points > 0 ? "" : "z"}>
          <span class="num">{points > 0 ? count(points) : ""}</span>
          <i
            style={{
              height: `${points > 0 ? Math.max(3, Math.round((points / most) * BAR_MOST_PX)) : 0}px`,
            }}
          />
          <em class="num">{month}</em>
          <small class="num">{at === 0 || month === 1 ? year : ""}</small>
        </div>
      ))}
    </div>
  );
}

function LotRow({
  lot,
  nowMs,
  words,
}: {
  lot: PointsView["lots"][number];
  nowMs: number;
  words: PagesText;
}): JSX.Element {
  const t = useText();
  const { expiresAtMs, pendingUntilMs } = lot;
  const pending = pendingUntilMs !== null && pendingUntilMs > nowMs;
  const days = expiresAtMs === null ? null : daysBetween(nowMs, expiresAtMs);
  const until =
    expiresAtMs === null
      ? words.points.never
      : words.points.expires(t.common.date(expiresAtMs, nowMs));
  return (
    <li>
      <i class={pending || expiresAtMs === null ? "sw ever" : "sw"} />
      <span>
        <Figured text={words.points.lot(count(lot.remaining))} />
        {pending ? words.points.pendingLot(t.common.date(pendingUntilMs, nowMs)) : until}
      </span>
      {days !== null && days >= 0 && days <= SOON_DAYS && !pending ? (
        <Badge tone="warn" icon="clock">
          {words.points.soon(days)}
        </Badge>
      ) : (
        <span class="note mute">{words.source(lot.source)}</span>
      )}
    </li>
  );
}

/** A bar a month, and below it the same facts as a list: the list is the truth, the bars are a glance. */
export function LotCalendar({
  lots,
  nowMs,
  words,
}: {
  lots: PointsView["lots"];
  nowMs: number;
  words: PagesText;
}): JSX.Element {
  const left = lots.filter((lot) => lot.remaining > 0);
  return (
    <section class="card blk">
      <header>
        <h2>{words.points.expiry}</h2>
      </header>
      {left.length > 0 && <Chart months={monthsOf(left, nowMs)} words={words} />}
      {left.length > 0 ? (
        <ul class="lot-list">
          {left.map((lot) => (
            <LotRow key={lot.lotId} lot={lot} nowMs={nowMs} words={words} />
          ))}
        </ul>
      ) : (
        <p class="sec small">{words.points.noLots}</p>
      )}
      <p class="tip note">
        <Icon name="info" size={16} />
        <span>{words.points.tip}</span>
      </p>
    </section>
  );
}
