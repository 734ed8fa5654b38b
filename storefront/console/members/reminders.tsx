import type { JSX } from "preact";
import type { ReminderLogView } from "../../../worker/earning/wire.ts";
import { count, dateIso, timeHms } from "../../ui/format.ts";
import { Badge, Card, CsvButton, Empty, Failed, Loading, useRead, useWords } from "../kit/index.ts";
import { REMINDERS } from "./reminder-words.ts";

type Notice = ReminderLogView["notices"][number];

const TONES = { waiting: "warn", sent: "ok", failed: "danger" } as const;

/** Which reminders of lapsing points went to a member, by which channel, and whether they arrived. */
export function Reminders({ at }: { at: string }): JSX.Element {
  const words = useWords(REMINDERS);
  const log = useRead<ReminderLogView>(`${at}/reminders`);
  const { value } = log;
  return (
    <Card
      title={words.title}
      note={words.note}
      acts={
        value &&
        value.notices.length > 0 && (
          <CsvButton
            name="reminders"
            rows={value.notices}
            columns={[
              [words.when, ({ atMs }) => `${dateIso(atMs)} ${timeHms(atMs)}`],
              [words.channel, ({ channel }) => words.channels[channel]],
              [words.state, ({ state }) => words.states[state]],
              [words.points, ({ points }) => points],
              [words.expires, ({ expiresAtMs }) => dateIso(expiresAtMs - 1)],
            ]}
          />
        )
      }
    >
      {log.isLoading && <Loading rows={4} />}
      {log.problem && <Failed problem={log.problem} onRetry={log.again} />}
      {value?.optedOut && <p class="note warn-text">{words.optedOut}</p>}
      {value &&
        (value.notices.length === 0 ? (
          <Empty icon="bell" title={words.empty} body={words.emptyHelp} />
        ) : (
          <Log notices={value.notices} />
        ))}
    </Card>
  );
}

function Log({ notices }: { notices: readonly Notice[] }): JSX.Element {
  const words = useWords(REMINDERS);
  return (
    <div class="table-scroll" role="region" aria-label={words.title} tabIndex={0}>
      <table class="stacks">
        <thead>
          <tr>
            <th>{words.when}</th>
            <th>{words.channel}</th>
            <th>{words.state}</th>
            <th class="r">{words.points}</th>
            <th class="r">{words.expires}</th>
          </tr>
        </thead>
        <tbody>
          {notices.map(({ atMs, channel, state, tries, points, expiresAtMs, daysLeft }) => (
            <tr key={`${channel} ${atMs} ${expiresAtMs} ${daysLeft}`}>
              <td class="num">
                {dateIso(atMs)} {timeHms(atMs)}
              </td>
              <td>{words.channels[channel]}</td>
              <td class="beside">
                <Badge tone={TONES[state]}>{words.states[state]}</Badge>
                {tries > 1 && <span class="note mute"> {words.tries(tries)}</span>}
              </td>
              <td class="r num" data-title={words.points}>
                {count(points)}
              </td>
              <td class="r num" data-title={words.expires}>
                {dateIso(expiresAtMs - 1)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
