import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { daysBetween, timeHm } from "../../ui/format.ts";
import {
  Badge,
  Button,
  Card,
  Dialog,
  Link,
  momentOf,
  useConsole,
  useNames,
  useRead,
  useToast,
  useWords,
} from "../kit/index.ts";
import { WORDS } from "./words.ts";

interface Act {
  readonly writeOffId: string;
  readonly orderId: string;
  readonly title: string;
  readonly uses: number;
  readonly staffId: string;
  /** As they were called then. */
  readonly staffName: string;
  readonly state: string;
  readonly atMs: number;
  /** The proposal to undo it, while a second person has not decided. */
  readonly waitsFor: object | null;
}

function ReverseDialog({ act, onClose }: { act: Act; onClose: () => void }): JSX.Element {
  const words = useWords(WORDS);
  const { call } = useConsole();
  const toast = useToast();
  const [reason, setReason] = useState("");
  const send = async (): Promise<void> => {
    const path = `/api/v1/staff/write-offs/${act.writeOffId}/reverse`;
    const answer = await call("POST", path, { reason: reason.trim() });
    if (!answer.ok) return toast.refuse(answer.problem);
    toast.show({ text: answer.status === 202 ? words.asked : words.reversed, tone: "ok" });
    onClose();
  };
  return (
    <Dialog
      title={words.reverseTitle}
      onClose={onClose}
      acts={
        <Button kind="danger" disabled={reason.trim().length < 2} onClick={() => void send()}>
          {words.reverse}
        </Button>
      }
    >
      <label class="stack-1">
        <span>{words.reason}</span>
        <input
          class="in"
          value={reason}
          maxLength={120}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
        <span class="note mute">{words.reverseHelp}</span>
      </label>
    </Dialog>
  );
}

/** As long as the list of orders shows it; a link for who may see orders. */
function OrderNo({ orderId }: { orderId: string }): JSX.Element {
  const { may } = useConsole();
  const short = orderId.slice(0, 18);
  if (!may("orders.read")) return <span class="num">{short}</span>;
  return (
    <Link class="num" href={`/console/orders?q=${encodeURIComponent(orderId)}`}>
      {short}
    </Link>
  );
}

/** The hour alone is today's. */
const whenOf = (atMs: number): string =>
  daysBetween(atMs, Date.now()) === 0 ? timeHm(atMs) : momentOf(atMs);

/** How far its reversal is, or the way to ask for one. */
function Reversal({ act, onReverse }: { act: Act; onReverse: () => void }): JSX.Element {
  const words = useWords(WORDS);
  if (act.state === "reversed" || act.state === "reversing") {
    return <Badge tone="danger">{words.reversedBadge[act.state]}</Badge>;
  }
  if (act.waitsFor) {
    return <Badge tone="info">{words.reversalAsked}</Badge>;
  }
  return (
    <Button kind="link" size="sm" onClick={onReverse}>
      {words.reverse}
    </Button>
  );
}

/** What was written off here, newest first. `turn` changes when there is something new. */
export function Recent({ storeId, turn }: { storeId: string; turn: number }): JSX.Element {
  const words = useWords(WORDS);
  const read = useRead<{ items: Act[] }>(
    `/api/v1/staff/write-offs?storeId=${encodeURIComponent(storeId)}&limit=20`,
  );
  const names = useNames();
  const nameOf = ({ staffId, staffName }: Act): string => {
    const name = names.actor(`staff:${staffId}`);
    return name === staffId ? staffName : name;
  };
  const [reversing, setReversing] = useState<Act | null>(null);
  const { again } = read;
  useEffect(() => {
    if (turn > 0) again();
  }, [turn, again]);
  const items = read.value?.items ?? [];
  return (
    <Card title={words.recent}>
      {read.problem !== null && <p class="warn-text">{words.recentUnread}</p>}
      {read.value && items.length === 0 && <p class="mute">{words.recentNone}</p>}
      <ul class="ord-lots">
        {items.map((act) => (
          <li key={act.writeOffId}>
            <b class="num">{whenOf(act.atMs)}</b>
            <span class="stack-1">
              <span>
                {act.title} <span class="num">{words.times(act.uses)}</span>
              </span>
              <span class="note mute">
                {nameOf(act)} · <OrderNo orderId={act.orderId} />
              </span>
            </span>
            <Reversal act={act} onReverse={() => setReversing(act)} />
          </li>
        ))}
      </ul>
      {reversing && (
        <ReverseDialog
          act={reversing}
          onClose={() => {
            setReversing(null);
            again();
          }}
        />
      )}
    </Card>
  );
}
