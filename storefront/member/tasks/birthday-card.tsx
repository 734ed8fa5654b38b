import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { BirthdayView } from "../../../worker/pages/wire.ts";
import type { Locale } from "../../../worker/pages/page-data.ts";
import type { Problem } from "../../client/api.ts";
import type { PointsApi } from "../../client/points-api.ts";
import { birthdayText } from "../../locales/birthday.ts";
import type { BirthdayText } from "../../locales/birthday.zh-CN.ts";
import type { PointsText } from "../../locales/points.zh-CN.ts";
import { Outcome } from "../points/refusal.tsx";

const upTo = (most: number): number[] => Array.from({ length: most }, (_, at) => at + 1);

/** The 29th of February is a day of its month: no year is told. */
export function daysOf(month: number): number {
  return new Date(Date.UTC(2024, month, 0)).getUTCDate();
}

interface ChoiceProps {
  label: string;
  value: number;
  most: number;
  named: (at: number) => string;
  choose: (value: number) => void;
}

function Choice({ label, value, most, named, choose }: ChoiceProps): JSX.Element {
  return (
    <select
      aria-label={label}
      value={String(value)}
      onChange={({ currentTarget }) => choose(Number(currentTarget.value))}
    >
      <option value="0">{label}</option>
      {upTo(most).map((at) => (
        <option key={at} value={String(at)}>
          {named(at)}
        </option>
      ))}
    </select>
  );
}

interface Props {
  birthday: BirthdayView;
  locale: Locale;
  api: PointsApi;
  words: PointsText;
}

function Ask(
  props: Props & { own: BirthdayText; told: (birthday: BirthdayView) => void },
): JSX.Element {
  const { birthday, own, api, words, told } = props;
  const [month, setMonth] = useState(0);
  const [day, setDay] = useState(0);
  const [busy, setBusy] = useState(false);
  const [bad, setBad] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);

  const send = async (): Promise<void> => {
    if (busy) return;
    setProblem(null);
    setBad(month === 0 || day === 0 ? own.incomplete : "");
    if (month === 0 || day === 0) return;
    setBusy(true);
    const answer = await api.birthday(month, day);
    setBusy(false);
    if (answer.ok) return told(answer.value);
    if (answer.problem.figures["reason"] === "birthday_told") setBad(own.told);
    else setProblem(answer.problem);
  };

  return (
    <form
      class="bday"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <p>{own.gives(birthday.points)}</p>
      <p class="note sec">{own.once}</p>
      <div class="sels">
        <Choice
          {...{ label: own.month, value: month, most: 12, named: own.months }}
          choose={(value) => {
            setMonth(value);
            if (value > 0 && day > daysOf(value)) setDay(0);
          }}
        />
        <Choice
          {...{ label: own.day, value: day, named: own.days, choose: setDay }}
          most={month === 0 ? 31 : daysOf(month)}
        />
      </div>
      <p class="note bad" role="alert">
        {bad}
      </p>
      <button type="submit" class="btn primary block" aria-disabled={busy}>
        {busy && <i class="spin" />}
        {busy ? own.saving : own.save}
      </button>
      <Outcome problem={problem} done="" words={words} />
    </form>
  );
}

/** Asks for the birthday where something is given for it; once told it stands there. */
export function BirthdayCard(props: Props): JSX.Element {
  const own = birthdayText(props.locale);
  const [standing, setStanding] = useState(props.birthday);
  const [done, setDone] = useState("");
  const { told, points } = standing;
  return (
    <section class="card blk">
      <h2>{own.title}</h2>
      {told === null ? (
        <Ask
          {...props}
          own={own}
          told={(next) => {
            setStanding(next);
            if (next.told) setDone(own.saved(next.told.month, next.told.day));
          }}
        />
      ) : (
        <>
          <p class="sec">{own.known(told.month, told.day, points)}</p>
          <Outcome problem={null} done={done} words={props.words} />
        </>
      )}
    </section>
  );
}
