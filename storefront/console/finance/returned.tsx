import type { JSX } from "preact";
import type { FinanceView } from "../../../worker/payments/wire.ts";
import { Badge, Card, useWords } from "../kit/index.ts";
import { MovesCsv, MovesTable } from "./moves.tsx";
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
        <MovesCsv
          name="money-returned"
          moves={moves}
          told={[
            [words.reason, ({ state }) => words.returnedWhy[state] ?? state],
            [words.state, ({ backState }) => backWord(backState)],
          ]}
        />
      }
    >
      <MovesTable
        name={words.returned}
        moves={moves}
        renderTold={({ state }) => words.returnedWhy[state]}
        renderMark={({ backState }) => (
          <Badge tone={backState === "done" ? "ok" : backState === "failed" ? "danger" : "info"}>
            {backWord(backState)}
          </Badge>
        )}
      />
    </Card>
  );
}
