import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { CheckInDay } from "../../../worker/pages/wire.ts";
import type { PageData } from "../../../worker/pages/page-data.ts";
import { pointsText } from "../../locales/points.ts";
import type { PointsText } from "../../locales/points.zh-CN.ts";
import { Dialog, DialogChoice } from "../../ui/dialog.tsx";
import { wallOf } from "../../ui/format.ts";
import { gift, minus, undo } from "../../ui/icons.ts";
import { Figured, Sr } from "../../ui/parts.tsx";
import { useText } from "../../ui/text.tsx";
import { PageFrame } from "../points/page-frame.tsx";
import { Outcome } from "../points/refusal.tsx";
import { CheckInButton, CheckInHead, dayClass, DayFace } from "./check-in-card.tsx";
import { blanksBefore, noonMs } from "./check-in-model.ts";
import { useCheckIn, type CheckInUse } from "./use-check-in.ts";

type CheckInData = Extract<PageData, { page: "checkIn" }>;
const ICONS = { gift, minus, undo };

function Cell(props: {
  day: CheckInDay;
  use: CheckInUse;
  words: PointsText;
  ask: (day: string) => void;
}): JSX.Element {
  const { day, use, words, ask } = props;
  const t = useText();
  const { view } = use;
  const name = String(wallOf(noonMs(day.day)).day);
  const face = <DayFace day={day} view={view} name={name} words={words} />;
  const current = day.day === view.day ? { "aria-current": "date" as const } : {};
  if (day.state !== "missed" || view.makeUpCards < 1)
    return (
      <li class={dayClass(day, view)} {...current}>
        {face}
      </li>
    );
  const date = t.common.date(noonMs(day.day), noonMs(view.day));
  return (
    <li class="ck-b">
      <button type="button" class={dayClass(day, view)} onClick={() => ask(day.day)}>
        <Sr>{words.checkIn.makeUpOf(date)}</Sr>
        {face}
      </button>
    </li>
  );
}

function MakeUpDialog(props: {
  day: string;
  use: CheckInUse;
  words: PointsText;
  close: () => void;
}): JSX.Element {
  const { day, use, words, close } = props;
  const t = useText();
  const date = t.common.date(noonMs(day), noonMs(use.view.day));
  const busy = use.busy === day;
  const confirm = async (): Promise<void> => {
    if (await use.makeUp(day, date)) close();
  };
  return (
    <Dialog title={words.checkIn.makeUpTitle(date)} onClose={() => !busy && close()}>
      <p class="sec small">{words.checkIn.makeUpBody(use.view.makeUpCards - 1)}</p>
      <DialogChoice
        {...{ keep: words.checkIn.keep, act: words.checkIn.confirm, isBusy: busy }}
        onKeep={() => !busy && close()}
        onAct={() => void confirm()}
      />
    </Dialog>
  );
}

export function CheckInPage({ data }: { data: CheckInData }): JSX.Element {
  const words = pointsText(data.locale);
  const use = useCheckIn(data.checkIn, data.locale, words, () => undefined);
  const [asked, setAsked] = useState<string | null>(null);
  const { view } = use;
  // Only a month is a calendar; days around today begin at the left.
  const isMonth = view.cycle.kind === "monthly";
  const blanks = isMonth ? blanksBefore(view.cycle.days, (ms) => wallOf(ms).weekday) : 0;
  const hasMissed = view.cycle.days.some(({ state }) => state === "missed");
  return (
    <PageFrame title={words.checkIn.title} icons={ICONS} words={words}>
      <section class="card blk">
        <CheckInHead view={view} words={words} />
        <ol class="ck all" aria-label={words.checkIn.calendar}>
          {blanks > 0 && (
            <li class="ck-x" aria-hidden="true" style={{ gridColumnEnd: `span ${blanks}` }} />
          )}
          {view.cycle.days.map((day) => (
            <Cell key={day.day} day={day} use={use} words={words} ask={setAsked} />
          ))}
        </ol>
        <CheckInButton use={use} words={words} />
        <Outcome problem={use.problem} done={use.done} words={words} />
        <p class="note mute mid">{words.checkIn.rule[view.cycle.kind]}</p>
      </section>
      {(view.makeUpCards > 0 || hasMissed) && (
        <section class="card blk">
          <h2>
            <Figured text={words.checkIn.cards(view.makeUpCards)} />
          </h2>
          <p class="small sec">
            {view.makeUpCards > 0 ? words.checkIn.cardsHint : words.checkIn.cardsNone}
          </p>
        </section>
      )}
      {asked !== null && (
        <MakeUpDialog day={asked} use={use} words={words} close={() => setAsked(null)} />
      )}
    </PageFrame>
  );
}
