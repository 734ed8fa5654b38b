import type { JSX } from "preact";
import {
  Badge,
  Card,
  CsvButton,
  momentOf,
  TableScroll,
  useConsole,
  useRead,
  useWords,
} from "../kit/index.ts";
import { AskButton } from "./ask-button.tsx";
import { FINANCE } from "./words.ts";

interface TopUp {
  readonly topUpId: string;
  readonly orderId: string;
  readonly state: string;
  readonly attempts: number;
  readonly reason: string;
  readonly createdAtMs: number;
}

/** Top-ups whose supplier is silent or said no: what has become of each, and what is left to do. */
export function TopUps(): JSX.Element | null {
  const words = useWords(FINANCE);
  const { may } = useConsole();
  const read = useRead<{ items: readonly TopUp[] }>(
    may("orders.read") ? "/api/v1/staff/top-ups/troubled" : null,
    { everyMs: 30_000 },
  );
  const items = read.value?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Card
      title={words.topUps}
      note={words.topUpsNote}
      flush
      acts={
        <CsvButton
          name="top-ups"
          rows={items}
          columns={[
            [words.order, ({ orderId }) => orderId],
            [words.state, ({ state }) => words.topUpStates[state] ?? state],
            [words.reason, ({ reason }) => reason],
            [words.when, ({ createdAtMs }) => momentOf(createdAtMs)],
          ]}
        />
      }
    >
      <TableScroll name={words.topUps}>
        <table class="plain stacks">
          <tbody>
            {items.map((one) => (
              <TopUpRow key={one.topUpId} topUp={one} onDone={read.again} />
            ))}
          </tbody>
        </table>
      </TableScroll>
    </Card>
  );
}

function TopUpRow({ topUp, onDone }: { topUp: TopUp; onDone: () => void }): JSX.Element {
  const words = useWords(FINANCE);
  const { call, may } = useConsole();
  const { topUpId, orderId, state, attempts, reason, createdAtMs } = topUp;
  const isOver = state === "failed";
  const path = `/api/v1/staff/top-ups/${encodeURIComponent(topUpId)}/retry`;
  return (
    <tr>
      <td class="says">
        <a class="num fin-link" href={`/console/orders?q=${encodeURIComponent(orderId)}`}>
          {orderId}
        </a>
        <p class="note sec">{isOver ? words.topUpFailed(reason) : words.topUpSilent(attempts)}</p>
      </td>
      <td class="num nb">{momentOf(createdAtMs)}</td>
      <td class="act-cell">
        {isOver ? (
          <Badge>{words.topUpOver}</Badge>
        ) : (
          may("orders.ship") && (
            <AskButton
              title={words.topUpAsk}
              ask={() => call<{ state: string }>("POST", path, {})}
              tell={(answer) => words.topUpSaid[answer.state] ?? answer.state}
              onDone={onDone}
            />
          )
        )}
      </td>
    </tr>
  );
}
