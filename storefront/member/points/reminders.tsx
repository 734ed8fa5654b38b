import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { RemindersView } from "../../../worker/pages/wire.ts";
import type { Locale } from "../../../worker/pages/page-data.ts";
import type { Problem } from "../../client/api.ts";
import { createPointsApi } from "../../client/points-api.ts";
import type { PointsText } from "../../locales/points.zh-CN.ts";
import { lastMs } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { useText } from "../../ui/text.tsx";
import { Outcome } from "./refusal.tsx";

const SHOWN_MOST = 3;

/** Notices of lapsing points, and the way to have none. */
export function Reminders(props: {
  initial: RemindersView;
  nowMs: number;
  locale: Locale;
  words: PointsText;
}): JSX.Element {
  const { initial, nowMs, locale, words } = props;
  const t = useText();
  const [view, setView] = useState(initial);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const rows = view.reminders.filter(({ expiresAtMs }) => expiresAtMs > nowMs).slice(0, SHOWN_MOST);
  const turn = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    const answer = await createPointsApi({ locale }).remind(!view.optedOut);
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    if (answer.ok) setView(answer.value);
  };
  return (
    <section class="card blk">
      <header class="blk-h">
        <h2>{words.reminders.title}</h2>
        <button
          type="button"
          class="go"
          role="switch"
          aria-checked={!view.optedOut}
          aria-label={words.reminders.title}
          aria-disabled={busy}
          onClick={() => void turn()}
        >
          {view.optedOut ? words.reminders.off : words.reminders.on}
        </button>
      </header>
      {rows.length === 0 ? (
        <p class="small sec">{view.optedOut ? words.reminders.none : words.reminders.quiet}</p>
      ) : (
        <ul class="rows">
          {rows.map(({ reminderId, points, expiresAtMs }) => (
            <li key={reminderId}>
              <Icon name="clock" />
              <span>{words.reminders.row(points, t.common.date(lastMs(expiresAtMs), nowMs))}</span>
            </li>
          ))}
        </ul>
      )}
      <Outcome problem={problem} done="" words={words} />
    </section>
  );
}
