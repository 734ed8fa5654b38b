import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { MonitorView } from "../../../worker/sales/wire.ts";
import { count, timeProof } from "../../ui/format.ts";
import { Badge, Button, Card, useConsole, useToast, useWords } from "../kit/index.ts";
import { MONITOR } from "./monitor-words.ts";

type Take = MonitorView["takes"][number];

/** Who got it, the newest first; older ones when asked for. */
export function Takes({ monitor, path }: { monitor: MonitorView; path: string }): JSX.Element {
  const words = useWords(MONITOR);
  const { call } = useConsole();
  const toast = useToast();
  const [isBusy, setBusy] = useState(false);
  const [frozen, setFrozen] = useState<readonly Take[] | null>(null);
  const isOver = monitor.sale.status === "closed";
  const shown = frozen ?? monitor.takes;
  const oldest = shown.at(-1)?.ordinal ?? 1;
  const older = async (): Promise<void> => {
    setBusy(true);
    const answer = await call<{ grants: Take[] }>("GET", `${path}/grants?before=${oldest}`);
    setBusy(false);
    if (answer.ok) setFrozen([...shown, ...answer.value.grants]);
    else toast.refuse(answer.problem);
  };
  return (
    <Card
      flush
      title={isOver ? words.takesWho : words.takes}
      note={isOver || frozen ? undefined : <Badge tone="ok">{words.takesLive}</Badge>}
      acts={
        <>
          {!isOver && (
            <Button size="sm" icon="pause" onClick={() => setFrozen(frozen ? null : shown)}>
              {frozen ? words.unfreeze : words.freeze}
            </Button>
          )}
          <Button size="sm" icon="download" href={`${path}/report?of=grants`}>
            {words.download}
          </Button>
        </>
      }
    >
      {shown.length === 0 ? (
        <p class="mute takes-none">{words.noTakes}</p>
      ) : (
        <TakesTable takes={shown} />
      )}
      {oldest > 1 && (
        <p class="takes-none">
          <Button size="sm" kind="quiet" busy={isBusy} onClick={() => void older()}>
            {words.older}
          </Button>
        </p>
      )}
    </Card>
  );
}

function TakesTable({ takes }: { takes: readonly Take[] }): JSX.Element {
  const words = useWords(MONITOR);
  return (
    <div class="table-scroll">
      <table class="plain takes">
        <thead>
          <tr>
            <th>{words.at}</th>
            <th>{words.ordinal}</th>
            <th />
            <th>{words.who}</th>
            <th>{words.order}</th>
            <th class="r">{words.shelfAfter}</th>
          </tr>
        </thead>
        <tbody>
          {takes.map((take) => (
            <tr key={take.ordinal}>
              <td class="num">{timeProof(take.atMs)}</td>
              <td class="num">{count(take.ordinal)}</td>
              <td>
                <Badge tone={take.state === "granted" ? "ok" : "warn"}>
                  {words.takeState[take.state]}
                </Badge>
              </td>
              <td>{take.memberId}</td>
              <td>
                <code>{take.orderId.slice(0, 12)}</code>
              </td>
              <td class="r num">{count(take.shelfAfter)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
