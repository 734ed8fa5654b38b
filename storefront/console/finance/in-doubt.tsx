import type { JSX } from "preact";
import type { DoubtsView } from "../../../worker/payments/wire.ts";
import {
  Badge,
  Card,
  CsvButton,
  momentOf,
  TableScroll,
  useConsole,
  useRead,
  useWords,
  yuanOf,
} from "../kit/index.ts";
import { MINUTE_MS } from "../../client/durations.ts";
import { AskButton } from "./ask-button.tsx";
import { DOUBT_WORDS } from "./doubt-words.ts";
import { givesOf } from "./gives.ts";
import { FINANCE } from "./words.ts";

const PATH = "/api/v1/staff/finance/in-doubt";

type Doubt = DoubtsView["items"][number];

/** Orders that nobody has said the last word on: why, what happens by itself, and the one step that asks now. */
export function InDoubt(): JSX.Element | null {
  const words = useWords(DOUBT_WORDS);
  const { value, again } = useRead<DoubtsView>(PATH, { everyMs: 30_000 });
  if (!value || value.count === 0) return null;
  const { count, items, afterMs } = value;
  return (
    <Card
      title={words.title}
      note={words.note(Math.round(afterMs / MINUTE_MS))}
      flush
      acts={
        <>
          <Badge tone="warn">{words.count(count)}</Badge>
          <DoubtsCsv items={items} />
        </>
      }
    >
      <TableScroll name={words.title}>
        <table class="plain stacks">
          <tbody>
            {items.map((one) => (
              <DoubtRow
                key={`${one.name} ${one.memberId} ${one.orderId} ${one.sinceMs}`}
                doubt={one}
                onDone={again}
              />
            ))}
          </tbody>
        </table>
      </TableScroll>
    </Card>
  );
}

function DoubtRow({ doubt, onDone }: { doubt: Doubt; onDone: () => void }): JSX.Element {
  const finance = useWords(FINANCE);
  const words = useWords(DOUBT_WORDS);
  const { call, may } = useConsole();
  const { name, memberId, orderId, title, provider, amountFen, points, sinceMs } = doubt;
  const at = [memberId, orderId].map(encodeURIComponent).join("/");
  return (
    <tr>
      <td>
        <a class="fin-link" href={`/console/orders?q=${encodeURIComponent(orderId)}`}>
          {title || orderId}
        </a>
        <br />
        <b class="num">
          {provider ? `¥${yuanOf(amountFen)}` : givesOf({ points, cashFen: amountFen }, finance)}
        </b>
        {provider && <span class="note mute"> {finance.providers[provider] ?? provider}</span>}
      </td>
      <td class="says">
        <b>{words.what[name]}</b>
        <p class="note sec">{words.next[name]}</p>
      </td>
      <td class="num nb">{words.since(momentOf(sinceMs))}</td>
      <td class="nb">
        {may("finance.write") && (
          <AskButton
            title={words.ask}
            ask={() => call<{ isSettled: boolean }>("POST", `${PATH}/${at}/ask`, {})}
            tell={({ isSettled }) => (isSettled ? words.settled : words.stays)}
            onDone={onDone}
          />
        )}
      </td>
    </tr>
  );
}

function DoubtsCsv({ items }: { items: readonly Doubt[] }): JSX.Element {
  const finance = useWords(FINANCE);
  const words = useWords(DOUBT_WORDS);
  return (
    <CsvButton
      name="in-doubt"
      rows={items}
      columns={[
        [finance.order, ({ orderId }) => orderId],
        [finance.member, ({ memberId }) => memberId],
        [finance.reason, ({ name }) => words.what[name] ?? name],
        [
          finance.provider,
          ({ provider }) => (provider ? (finance.providers[provider] ?? provider) : ""),
        ],
        [finance.amount, ({ amountFen }) => yuanOf(amountFen)],
        [finance.when, ({ sinceMs }) => momentOf(sinceMs)],
      ]}
    />
  );
}
