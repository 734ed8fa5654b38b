import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { SaleView } from "../../../worker/redemption/wire.ts";
import type { MonitorView } from "../../../worker/sales/wire.ts";
import { timeHms } from "../../ui/format.ts";
import {
  Badge,
  Button,
  Card,
  useConfirm,
  useConsole,
  useRead,
  useToast,
  useNames,
  useWords,
} from "../kit/index.ts";
import { EndDialog, ExtendDialog, RestockDialog } from "./monitor-dialogs.tsx";
import { MONITOR } from "./monitor-words.ts";

interface Approval {
  readonly approvalId: string;
  readonly kind: string;
  readonly state: string;
  readonly subject: string;
  readonly reason: string;
  readonly proposedBy: string;
}

export interface Control {
  readonly monitor: MonitorView;
  readonly path: string;
  readonly again: () => void;
}

/** Waves, and what staff may still change: one tap for the pause, a second person for the early end. */
export function MonitorControls({ monitor, path, again }: Control): JSX.Element {
  const words = useWords(MONITOR);
  const { call, may } = useConsole();
  const toast = useToast();
  const [open, setOpen] = useState<"restock" | "extend" | "end" | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const { sale } = monitor;
  const isLive = sale.status === "open" || sale.status === "paused";
  const act = async (verb: string, said: string): Promise<void> => {
    setBusy(verb);
    const answer = await call<SaleView>("POST", `${path}/${verb}`);
    setBusy(null);
    if (answer.ok) toast.show({ text: said });
    else toast.refuse(answer.problem);
    again();
  };
  const close = (): void => {
    setOpen(null);
    again();
  };
  return (
    <Card title={words.control} note={<Badge>{words.round(sale.epoch)}</Badge>}>
      <Events monitor={monitor} />
      {may("sales.run") && sale.status !== "closed" && (
        <div class="controls">
          {isLive && (
            <>
              <Button
                icon="refresh"
                busy={busy === "wave"}
                disabled={sale.returned === 0}
                onClick={() => void act("wave", words.waved)}
              >
                {sale.returned === 0 ? words.nothingReturned : words.waveNow(sale.returned)}
              </Button>
              <Pause status={sale.status} busy={busy} act={act} />
            </>
          )}
          <div class="pair">
            <Button icon="plus" onClick={() => setOpen("restock")}>
              {words.restock}
            </Button>
            <Button icon="clock" onClick={() => setOpen("extend")}>
              {words.extend}
            </Button>
          </div>
          {isLive && (
            <Button kind="danger" icon="stop" onClick={() => setOpen("end")}>
              {words.end}
            </Button>
          )}
          <p class="note mute">{words.controlHelp}</p>
        </div>
      )}
      {isLive && <Waiting saleId={sale.saleId} again={again} />}
      {open === "restock" && <RestockDialog path={path} onClose={close} />}
      {open === "extend" && <ExtendDialog path={path} sale={sale} onClose={close} />}
      {open === "end" && <EndDialog path={path} onClose={close} />}
    </Card>
  );
}

function Pause({
  status,
  busy,
  act,
}: {
  status: SaleView["status"];
  busy: string | null;
  act: (verb: string, said: string) => Promise<void>;
}): JSX.Element {
  const words = useWords(MONITOR);
  if (status === "paused") {
    return (
      <Button
        kind="primary"
        icon="right"
        busy={busy === "resume"}
        onClick={() => void act("resume", words.resumed)}
      >
        {words.resume}
      </Button>
    );
  }
  return (
    <Button
      kind="ink"
      icon="pause"
      busy={busy === "pause"}
      onClick={() => void act("pause", words.paused)}
    >
      {words.pause}
    </Button>
  );
}

function Events({ monitor }: { monitor: MonitorView }): JSX.Element {
  const words = useWords(MONITOR);
  const names = useNames();
  return (
    <ol class="events">
      {monitor.events.toReversed().map(({ position, kind, figures, actor, atMs }) => {
        const units = figures["units"];
        const until = figures["closesAtMs"];
        return (
          <li key={position} class={kind}>
            <b>
              {words.events[kind] ?? kind}
              {units !== undefined && ` ${words.eventUnits(units)}`}
              {until !== undefined && ` ${words.eventUntil(timeHms(until))}`}
            </b>
            <span class="note mute">
              <span class="num">{timeHms(atMs)}</span>
              {actor !== null && ` · ${words.by(actor.split(", ").map(names.actor).join(", "))}`}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

/** An early end that waits: whoever is not its author may agree to it here. */
function Waiting({ saleId, again }: { saleId: string; again: () => void }): JSX.Element | null {
  const words = useWords(MONITOR);
  const names = useNames();
  const { call, may, me } = useConsole();
  const confirm = useConfirm();
  const toast = useToast();
  const subject = `sale:${saleId}`;
  const read = useRead<{ items: Approval[] }>(
    may("approvals.read")
      ? `/api/v1/staff/approvals?state=proposed&subject=${encodeURIComponent(subject)}`
      : null,
    { everyMs: 3_000 },
  );
  const asked = read.value?.items.find(({ kind }) => kind === "sales.early_end");
  if (!asked) return null;
  const isOwn = asked.proposedBy === `staff:${me.staffId}`;
  const by = names.actor(asked.proposedBy);
  const decide = async (verb: "approve" | "reject" | "withdraw"): Promise<void> => {
    const body = words.agreeBody(by, asked.reason);
    const question = { title: words.agreeTitle, body, act: words.agree, danger: true };
    if (verb === "approve" && !(await confirm(question))) return;
    const path = `/api/v1/staff/approvals/${asked.approvalId}/${verb}`;
    const answer = await call("POST", path, { note: "" });
    if (!answer.ok) toast.refuse(answer.problem);
    else if (verb === "approve") toast.show({ text: words.ended });
    read.again();
    again();
  };
  return (
    <div class="waiting" role="status">
      <p>{words.endWaits(by)}</p>
      <p class="note mute">{isOwn ? words.own : asked.reason}</p>
      <div class="row">
        {isOwn ? (
          <Button size="sm" onClick={() => void decide("withdraw")}>
            {words.withdraw}
          </Button>
        ) : (
          may("approvals.decide") && (
            <>
              <Button size="sm" kind="danger" onClick={() => void decide("approve")}>
                {words.agree}
              </Button>
              <Button size="sm" onClick={() => void decide("reject")}>
                {words.decline}
              </Button>
            </>
          )
        )}
      </div>
    </div>
  );
}
