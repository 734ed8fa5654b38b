import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { PageData } from "../../../worker/pages/page-data.ts";
import { createPointsApi } from "../../client/points-api.ts";
import { withinPath } from "../../client/paths.ts";
import { mallText } from "../../locales/mall.ts";
import { lastMs } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { bell } from "../../ui/icons.ts";
import { useText } from "../../ui/text.tsx";
import { SubFrame } from "./sub-frame.tsx";

export type NoticesData = Extract<PageData, { page: "notices" }>;
const ICONS = { bell };

export function NoticesPage({ data }: { data: NoticesData }): JSX.Element {
  const t = useText();
  const words = mallText(data.locale).notices;
  const [view, setView] = useState(data.reminders);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  const nowMs = data.serverTimeMs;
  const rows = view.reminders.filter(({ expiresAtMs }) => expiresAtMs > nowMs);
  const turn = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    const answer = await createPointsApi({ locale: data.locale }).remind(!view.optedOut);
    setBusy(false);
    setFailed(!answer.ok);
    if (answer.ok) setView(answer.value);
  };
  return (
    <SubFrame title={words.title} back={words.back} icons={ICONS}>
      <section class="card blk me-turn">
        <div>
          <h2>{words.expiry}</h2>
          <p class="small sec" role="status">
            {failed ? words.failed : view.optedOut ? words.off : words.on}
          </p>
        </div>
        <button
          type="button"
          class={view.optedOut ? "btn primary" : "btn quiet"}
          aria-disabled={busy}
          onClick={() => void turn()}
        >
          {view.optedOut ? words.turnOn : words.turnOff}
        </button>
      </section>
      {rows.length === 0 ? (
        <section class="blank">
          <span class="blank-i">
            <Icon name="bell" size={36} />
          </span>
          <h2>{words.empty}</h2>
          <p class="sec small">{view.optedOut ? words.emptyOff : words.emptyBody}</p>
        </section>
      ) : (
        <section class="card cells me-list">
          {rows.map(({ reminderId, points, expiresAtMs, daysLeft }) => (
            <a key={reminderId} href={withinPath(points)}>
              <Icon name="clock" size={22} />
              <span>
                {words.row(points, t.common.date(lastMs(expiresAtMs), nowMs))}
                <span class="note mute me-sub">{words.left(daysLeft)}</span>
              </span>
              <span class="end">
                {words.use}
                <Icon name="right" size={16} />
              </span>
            </a>
          ))}
        </section>
      )}
    </SubFrame>
  );
}
