import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { CaseRowView } from "../../../worker/after-sales/wire.ts";
import {
  Button,
  Dialog,
  useConsole,
  useConfirm,
  useToast,
  useWords,
  yuanOf,
  type Answer,
} from "../kit/index.ts";
import { FINANCE } from "./words.ts";

type Step = "agree" | "agree-refund" | "refuse" | "take-back" | "refuse-goods" | "replace";

/** What the desk can do with a case, the ordinary answer last. */
function stepsOf({ state, kind }: CaseRowView): readonly Step[] {
  if (state === "applied") {
    return kind === "refund" ? ["refuse", "agree-refund"] : ["refuse", "agree-refund", "agree"];
  }
  if (state !== "sent_back") return [];
  return kind === "exchange" ? ["refuse-goods", "replace"] : ["refuse-goods", "take-back"];
}

const REFUSALS: ReadonlySet<Step> = new Set(["refuse", "refuse-goods"]);
const GIVES_BACK: ReadonlySet<Step> = new Set(["agree-refund", "take-back"]);

export function CaseDialog({
  row,
  onClose,
  onDecided,
}: {
  row: CaseRowView;
  onClose: () => void;
  onDecided: () => void;
}): JSX.Element {
  const words = useWords(FINANCE);
  const { call, may } = useConsole();
  const toast = useToast();
  const confirm = useConfirm();
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState<Step | null>(null);
  const gives = `${words.points(row.points)} + ¥${yuanOf(row.cashFen)}`;

  const decide = async (step: Step): Promise<void> => {
    const isSure =
      !GIVES_BACK.has(step) ||
      (await confirm({ title: words.decide[step], body: gives, act: words.decide[step] }));
    if (!isSure) return;
    setBusy(step);
    const { memberId, orderId, caseId } = row;
    const path = `/api/v1/staff/after-sales/${[memberId, orderId, caseId].map(encodeURIComponent).join("/")}/${step}`;
    const answer: Answer<unknown> = await call("POST", path, { note });
    setBusy(null);
    if (!answer.ok) return toast.refuse(answer.problem);
    toast.show({ text: answer.status === 202 ? words.waits : words.decided });
    onDecided();
  };
  const steps = may("orders.refund")
    ? stepsOf(row).filter((one) => row.kind !== "exchange" || one !== "agree-refund")
    : [];
  return (
    <Dialog
      side
      title={`${words.kinds[row.kind] ?? row.kind} · ${words.states[row.state] ?? row.state}`}
      onClose={onClose}
      foot={
        steps.length > 0 && (
          <>
            {steps.map((step, at) => (
              <Button
                key={step}
                kind={REFUSALS.has(step) ? "danger" : at === steps.length - 1 ? "primary" : "line"}
                busy={busy === step}
                disabled={REFUSALS.has(step) && note.trim() === ""}
                onClick={() => void decide(step)}
              >
                {words.decide[step]}
              </Button>
            ))}
          </>
        )
      }
    >
      <div class="stack">
        <p>{words.what[row.state]}</p>
        <dl class="facts">
          <dt>{words.goods}</dt>
          <dd>{row.title}</dd>
          <dt>{words.quantity}</dt>
          <dd class="num">{row.quantity}</dd>
          <dt>{words.gives}</dt>
          <dd class="num">{gives}</dd>
          <dt>{words.reason}</dt>
          <dd>{row.reason}</dd>
          <dt>{words.member}</dt>
          <dd>{row.memberId}</dd>
          <dt>{words.order}</dt>
          <dd class="num">{row.orderId}</dd>
        </dl>
        {steps.length > 0 && (
          <label class="stack">
            <span>{words.reply}</span>
            <textarea
              class="in area"
              rows={3}
              maxLength={500}
              value={note}
              onInput={(event) => setNote(event.currentTarget.value)}
            />
            <span class="note mute">{words.replyHelp}</span>
          </label>
        )}
      </div>
    </Dialog>
  );
}
