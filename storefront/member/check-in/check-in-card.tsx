import type { JSX } from "preact";
import type { CheckInDay, CheckInView } from "../../../worker/pages/wire.ts";
import type { Locale } from "../../../worker/pages/page-data.ts";
import type { PointsText } from "../../locales/points.zh-CN.ts";
import { signed, weekdayName } from "../../ui/format.ts";
import { Coin, Icon } from "../../ui/icon.tsx";
import { Figured, Sr } from "../../ui/parts.tsx";
import { useText } from "../../ui/text.tsx";
import { Outcome } from "../points/refusal.tsx";
import { isGift, noonMs, stripOf } from "./check-in-model.ts";
import type { CheckInUse } from "./use-check-in.ts";

const STATE_ICONS: Partial<Record<CheckInDay["state"], string>> = {
  done: "check",
  made_up: "undo",
  missed: "minus",
};

/** What a day looks like: its points, a sign of its state, and its name for those who listen. */
export function DayFace({
  day,
  view,
  name,
  words,
}: {
  day: CheckInDay;
  view: CheckInView;
  name: string;
  words: PointsText;
}): JSX.Element {
  const t = useText();
  const icon = STATE_ICONS[day.state];
  const date = t.common.date(noonMs(day.day), noonMs(view.day));
  return (
    <>
      <Sr>{words.checkIn.dayLabel(date, words.checkIn.state[day.state], day.points)}</Sr>
      <span class="num" aria-hidden="true">
        {signed(day.points)}
      </span>
      <i aria-hidden="true">
        {icon !== undefined ? (
          <Icon name={icon} size={18} />
        ) : isGift(day, view) ? (
          <Icon name="gift" size={18} />
        ) : (
          <Coin size={18} />
        )}
      </i>
      <em aria-hidden="true">{name}</em>
    </>
  );
}

export function dayClass(day: CheckInDay, view: CheckInView): string {
  const gift = isGift(day, view) && day.state === "ahead" ? " gift" : "";
  return `ck-d ${day.state}${day.day === view.day ? " now" : ""}${gift}`;
}

function shortName(locale: Locale, day: string): string {
  const name = weekdayName(locale, noonMs(day));
  return locale === "en" ? name : name.slice(1);
}

export function CheckInHead({
  view,
  words,
}: {
  view: CheckInView;
  words: PointsText;
}): JSX.Element {
  const { nextBonus } = view;
  const inDays = nextBonus === null ? null : nextBonus.inDays;
  return (
    <p class="small sec ck-h">
      <span>
        <Figured text={words.checkIn.streak(view.streak)} />
      </span>
      {nextBonus !== null && inDays !== null && (
        <span>
          {inDays === 0
            ? words.checkIn.bonusToday(nextBonus.points)
            : words.checkIn.bonus(inDays, nextBonus.points)}
        </span>
      )}
    </p>
  );
}

export function CheckInButton({ use, words }: { use: CheckInUse; words: PointsText }): JSX.Element {
  const { view, busy } = use;
  const going = busy === "check-in";
  const label = view.isCheckedIn
    ? words.checkIn.done
    : going
      ? words.checkIn.going
      : words.checkIn.go(view.points);
  return (
    <button
      type="button"
      class={view.isCheckedIn ? "btn quiet block" : "btn primary block"}
      aria-disabled={view.isCheckedIn || going}
      onClick={() => void use.checkIn()}
    >
      {going && <i class="spin" />}
      {view.isCheckedIn && <Icon name="check" size={18} />}
      {label}
    </button>
  );
}

/** The week, the button, and what a missed day does. */
export function CheckInCard({
  use,
  locale,
  words,
}: {
  use: CheckInUse;
  locale: Locale;
  words: PointsText;
}): JSX.Element {
  const { view } = use;
  return (
    <section class="card blk">
      <header class="blk-h">
        <h2>{words.checkIn.title}</h2>
        <a class="go" href="/points/check-in">
          {words.checkIn.all}
          <Icon name="right" size={14} />
        </a>
      </header>
      <CheckInHead view={view} words={words} />
      <ol class="ck">
        {stripOf(view).map((day) => (
          <li
            key={day.day}
            class={dayClass(day, view)}
            {...(day.day === view.day ? { "aria-current": "date" as const } : {})}
          >
            <DayFace
              day={day}
              view={view}
              name={day.day === view.day ? words.checkIn.today : shortName(locale, day.day)}
              words={words}
            />
          </li>
        ))}
      </ol>
      <CheckInButton use={use} words={words} />
      <Outcome problem={use.problem} done={use.done} words={words} />
      <p class="note mute mid">{words.checkIn.rule[view.cycle.kind]}</p>
    </section>
  );
}
