/** Sums at a provider, whichever way they went wrong: one table and one file for all of them. */
import type { ComponentChildren, JSX } from "preact";
import type { MoveView } from "../../../worker/payments/wire.ts";
import {
  CsvButton,
  momentOf,
  TableScroll,
  useWords,
  yuanOf,
  type CsvColumn,
} from "../kit/index.ts";
import { FINANCE } from "./words.ts";

interface MovesTableProps<Move> {
  readonly name: string;
  readonly moves: readonly Move[];
  /** What became of it, below its order. */
  readonly renderTold: (move: Move) => ComponentChildren;
  /** How far it is, or what to do. */
  readonly renderMark: (move: Move) => ComponentChildren;
}

export function MovesTable<Move extends MoveView>(props: MovesTableProps<Move>): JSX.Element {
  const { name, moves, renderTold, renderMark } = props;
  const words = useWords(FINANCE);
  return (
    <TableScroll name={name}>
      <table class="plain stacks">
        <tbody>
          {moves.map((move) => (
            <tr key={move.moveId}>
              <td>
                <b class="num">¥{yuanOf(move.amountFen)}</b>
                <span class="note mute"> {words.providers[move.provider] ?? move.provider}</span>
              </td>
              <td class="says">
                <a
                  class="num fin-link"
                  href={`/console/orders?q=${encodeURIComponent(move.orderId)}`}
                >
                  {move.orderId}
                </a>
                <br />
                {renderTold(move)}
              </td>
              <td class="num nb">{momentOf(move.atMs)}</td>
              <td class="act-cell">{renderMark(move)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

export function MovesCsv<Move extends MoveView>(props: {
  readonly name: string;
  readonly moves: readonly Move[];
  readonly told: readonly CsvColumn<Move>[];
}): JSX.Element {
  const { name, moves, told } = props;
  const words = useWords(FINANCE);
  return (
    <CsvButton
      name={name}
      rows={moves}
      columns={[
        [words.order, ({ orderId }) => orderId],
        [words.member, ({ memberId }) => memberId],
        [words.provider, ({ provider }) => words.providers[provider] ?? provider],
        [words.amount, ({ amountFen }) => yuanOf(amountFen)],
        ...told,
        [words.when, ({ atMs }) => momentOf(atMs)],
      ]}
    />
  );
}
