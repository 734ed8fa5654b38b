import type { JSX } from "preact";
import type { FinanceView } from "../../../worker/payments/wire.ts";
import { Badge, Card, CsvButton, momentOf, TableScroll, useWords, yuanOf } from "../kit/index.ts";
import { FINANCE } from "./words.ts";

/** Money that came too late or twice. Nobody has to do anything; who is asked about it finds it here. */
export function Returned({ moves }: { moves: FinanceView["returned"] }): JSX.Element | null {
  const words = useWords(FINANCE);
  if (moves.length === 0) return null;
  const backWord = (state: string | null): string => words.backStates[state ?? "waiting"] ?? "";
  return (
    <Card
      title={words.returned}
      note={words.returnedNote}
      flush
      acts={
        <CsvButton
          name="money-returned"
          rows={moves}
          columns={[
            [words.order, ({ orderId }) => orderId],
            [words.member, ({ memberId }) => memberId],
            [words.provider, ({ provider }) => words.providers[provider] ?? provider],
            [words.amount, ({ amountFen }) => yuanOf(amountFen)],
            [words.reason, ({ state }) => words.returnedWhy[state] ?? state],
            [words.state, ({ backState }) => backWord(backState)],
            [words.when, ({ atMs }) => momentOf(atMs)],
          ]}
        />
      }
    >
      <TableScroll name={words.returned}>
        <table class="plain">
          <tbody>
            {moves.map(({ moveId, amountFen, provider, orderId, state, backState, atMs }) => (
              <tr key={moveId}>
                <td>
                  <b class="num">¥{yuanOf(amountFen)}</b>
                  <span class="note mute"> {words.providers[provider] ?? provider}</span>
                </td>
                <td>
                  <a class="num fin-link" href={`/console/orders?q=${encodeURIComponent(orderId)}`}>
                    {orderId}
                  </a>
                  <br />
                  {words.returnedWhy[state]}
                </td>
                <td class="num nb">{momentOf(atMs)}</td>
                <td class="nb">
                  <Badge
                    tone={backState === "done" ? "ok" : backState === "failed" ? "danger" : "info"}
                  >
                    {backWord(backState)}
                  </Badge>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </Card>
  );
}
