import type { JSX } from "preact";
import type { FinanceView } from "../../../worker/payments/wire.ts";
import {
  Badge,
  Card,
  CsvButton,
  momentOf,
  TableScroll,
  useConsole,
  useWords,
  yuanOf,
} from "../kit/index.ts";
import { AskButton } from "./ask-button.tsx";
import { givesOf } from "./gives.ts";
import { FINANCE } from "./words.ts";

type Standing = FinanceView["standings"][number];
type DifferingOrder = Standing["orders"][number];

interface StandingsProps {
  standings: readonly Standing[];
  onDone: () => void;
}

/** Orders against money against ledger: what each difference means, and the one step that puts it right. */
export function Standings({ standings, onDone }: StandingsProps): JSX.Element {
  const words = useWords(FINANCE);
  return (
    <Card
      title={words.standings}
      note={words.standingsNote}
      flush
      acts={
        <CsvButton
          name="standings"
          rows={standings.flatMap(({ name, orders }) => orders.map((one) => ({ name, ...one })))}
          columns={[
            [words.difference, ({ name }) => words.standing[name] ?? name],
            [words.order, ({ orderId }) => orderId],
            [words.member, ({ memberId }) => memberId],
            [words.state, ({ state }) => state],
            [words.amount, ({ paidFen }) => yuanOf(paidFen)],
            [words.when, ({ updatedAtMs }) => momentOf(updatedAtMs)],
          ]}
        />
      }
    >
      <TableScroll name={words.standings}>
        <table class="plain stacks">
          <tbody>
            {standings.map((one) => (
              <StandingRow key={one.name} standing={one} onDone={onDone} />
            ))}
          </tbody>
        </table>
      </TableScroll>
    </Card>
  );
}

function StandingRow({ standing, onDone }: { standing: Standing; onDone: () => void }) {
  const words = useWords(FINANCE);
  const { name, count, orders } = standing;
  return (
    <tr>
      <td>
        <b>{words.standing[name] ?? name}</b>
        {count > 0 && <p class="note sec">{words.standingWhy[name]}</p>}
        {orders.length > 0 && (
          <ul class="stack fin-differs">
            {orders.map((order) => (
              <Differing key={`${order.memberId} ${order.orderId}`} order={order} onDone={onDone} />
            ))}
          </ul>
        )}
      </td>
      <td class="act-cell">
        <Badge tone={count === 0 ? "ok" : "danger"}>
          {count === 0 ? words.holds : words.wrong(count)}
        </Badge>
      </td>
    </tr>
  );
}

function Differing({ order, onDone }: { order: DifferingOrder; onDone: () => void }): JSX.Element {
  const words = useWords(FINANCE);
  const { call, may } = useConsole();
  const at = [order.memberId, order.orderId].map(encodeURIComponent).join("/");
  const path = `/api/v1/staff/finance/orders/${at}/retell`;
  return (
    <li>
      <a class="fin-link" href={`/console/orders?q=${encodeURIComponent(order.orderId)}`}>
        {order.title || order.orderId}
      </a>
      <span class="num nb">{givesOf({ points: order.points, cashFen: order.paidFen }, words)}</span>
      <span class="note mute num nb">{momentOf(order.updatedAtMs)}</span>
      {may("finance.write") && (
        <AskButton
          title={words.retell}
          ask={() => call<{ differs: readonly string[] }>("POST", path, {})}
          tell={({ differs }) => (differs.length === 0 ? words.retold : words.stillDiffers)}
          onDone={onDone}
        />
      )}
    </li>
  );
}
