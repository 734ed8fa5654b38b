import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import type { BalanceView } from "../../../worker/accounts/wire.ts";
import { count, dateIso, signed, timeHms } from "../../ui/format.ts";
import {
  Button,
  Card,
  CsvButton,
  Empty,
  Failed,
  Field,
  Loading,
  localOf,
  msOf,
  useQuery,
  useRead,
  useWords,
} from "../kit/index.ts";
import { PAST } from "./past-words.ts";

interface Then {
  readonly atMs: number;
  readonly balance: BalanceView;
}

const PARTS = ["active", "pending", "held", "spent", "expired", "clawedBack", "deficit"] as const;

/** All that was ever credited: what the parts of a balance add up to at any moment. */
const grantedIn = (balance: BalanceView): number =>
  PARTS.reduce((sum, part) => sum + (part === "deficit" ? 0 - balance[part] : balance[part]), 0);

/** The address of a moment's balance, from wherever that moment is shown. */
export const pastHref = (atMs: number): string => `?tab=past&at=${atMs}`;

/** What a member had at any past moment, replayed from the ledger, beside what they have now. */
export function PastBalance({ at, now }: { at: string; now: BalanceView | null }): JSX.Element {
  const words = useWords(PAST);
  const id = useId();
  const [query, setQuery] = useQuery();
  const [latest] = useState(() => localOf(Date.now()));
  const chosen = /^\d{1,14}$/.test(query.get("at") ?? "") ? Number(query.get("at")) : null;
  const then = useRead<Then>(chosen === null ? null : `${at}/points/at?ms=${chosen}`);
  return (
    <Card title={words.title} note={words.note}>
      <div class="stack">
        <Field id={id} label={words.moment} help={words.momentHelp}>
          <span class="row">
            <input
              id={id}
              class="in num"
              type="datetime-local"
              aria-describedby={`${id}-help`}
              max={latest}
              value={localOf(chosen)}
              onChange={({ currentTarget: { value } }) => {
                const atMs = msOf(value);
                setQuery({ at: atMs === null ? null : String(atMs) }, { replace: true });
              }}
            />
            {chosen !== null && (
              <Button
                size="sm"
                kind="quiet"
                onClick={() => setQuery({ at: null }, { replace: true })}
              >
                {words.clear}
              </Button>
            )}
          </span>
        </Field>
        {then.isLoading && <Loading rows={7} />}
        {then.problem &&
          (then.problem.code === "not_found" ? (
            <Empty icon="coin" title={words.empty} />
          ) : (
            <Failed problem={then.problem} onRetry={then.again} />
          ))}
        {then.value && <Figures then={then.value} now={now} />}
      </div>
    </Card>
  );
}

function Figures({ then, now }: { then: Then; now: BalanceView | null }): JSX.Element {
  const words = useWords(PAST);
  const when = `${dateIso(then.atMs)} ${timeHms(then.atMs)}`;
  const row = (name: string, of: (balance: BalanceView) => number) => ({
    ...{ name, was: of(then.balance), is: now && of(now) },
  });
  const rows = [
    ...PARTS.map((part) => row(words.parts[part], (balance) => balance[part])),
    row(words.sum, grantedIn),
  ];
  return (
    <>
      <div class="table-scroll" role="region" aria-label={words.title} tabIndex={0}>
        <table>
          <caption class="sr">{words.at(when)}</caption>
          <thead>
            <tr>
              <th>{words.part}</th>
              <th class="r num">{when}</th>
              <th class="r">{words.now}</th>
              <th class="r">{words.since}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, was, is }) => (
              <tr key={name}>
                <td>{name}</td>
                <td class="r num">{count(was)}</td>
                <td class="r num">{is === null ? "—" : count(is)}</td>
                <td class="r num mute">{is === null || is === was ? "—" : signed(is - was)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p>
        <CsvButton
          name={words.title}
          rows={rows}
          columns={[
            [words.part, ({ name }) => name],
            [when, ({ was }) => was],
            [words.now, ({ is }) => is],
            [words.since, ({ was, is }) => (is === null ? null : is - was)],
          ]}
        />
      </p>
    </>
  );
}
