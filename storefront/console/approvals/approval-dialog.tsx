import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Approval, Verb } from "../../../worker/staff/approval.ts";
import type { ApprovalKindView } from "../../../worker/staff/wire.ts";
import {
  Button,
  Dialog,
  Field,
  Link,
  momentOf,
  useConsole,
  useNames,
  useToast,
  useWords,
  type Answer,
} from "../kit/index.ts";
import { StateBadge, useTongue } from "./approval-parts.tsx";
import { factsOf, figureText, subjectHref, subjectText, type Tongue } from "./facts.ts";
import { APPROVALS } from "./words.ts";

/** One proposal: everything a second person needs to decide, and the two answers. */
export function ApprovalDialog({
  approval,
  kinds,
  onClose,
  onDecided,
}: {
  approval: Approval;
  kinds: readonly ApprovalKindView[];
  onClose: () => void;
  onDecided: () => void;
}): JSX.Element {
  const words = useWords(APPROVALS);
  const tongue = useTongue(kinds);
  const kind = kinds.find((one) => one.kind === approval.kind) ?? null;
  const [note, setNote] = useState("");
  const [nowMs] = useState(() => Date.now());
  const isOpen = approval.state === "proposed" && approval.expiresAtMs > nowMs;
  return (
    <Dialog
      title={tongue.kindTitle(approval.kind)}
      side
      onClose={onClose}
      foot={isOpen ? <Verdict {...{ approval, kind, note, onDecided }} /> : undefined}
    >
      <div class="stack">
        <p>
          <StateBadge approval={approval} />
        </p>
        <Facts approval={approval} tongue={tongue} />
        {isOpen && (
          <Field id="approval-note" label={words.noteLabel} help={words.noteHelp}>
            <input
              id="approval-note"
              class="in"
              maxLength={120}
              value={note}
              aria-describedby="approval-note-help"
              onInput={(event) => setNote(event.currentTarget.value)}
            />
          </Field>
        )}
      </div>
    </Dialog>
  );
}

/** Who asks for what and why, and then whatever else the act will be given. */
function Facts({ approval, tongue }: { approval: Approval; tongue: Tongue }): JSX.Element {
  const words = useWords(APPROVALS);
  const names = useNames();
  const head = [
    [words.figure, figureText(approval, tongue)],
    [words.reason, approval.reason],
    [words.by, names.actor(approval.proposedBy)],
    [words.when, momentOf(approval.proposedAtMs)],
    [words.expires, approval.state === "proposed" ? momentOf(approval.expiresAtMs) : ""],
    [words.decidedBy, names.actor(approval.decidedBy ?? "")],
    [words.decidedAt, approval.decidedAtMs === null ? "" : momentOf(approval.decidedAtMs)],
    [words.remark, approval.note ?? ""],
  ].filter(([, value]) => value !== "");
  return (
    <table class="plain">
      <tbody>
        <tr>
          <th scope="row">{words.subject}</th>
          <td>
            <Subject approval={approval} tongue={tongue} />
          </td>
        </tr>
        {head.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{value}</td>
          </tr>
        ))}
        {factsOf(approval, tongue).map(({ field, name, text }) => (
          <tr key={field}>
            <th scope="row">{name}</th>
            <td>{text}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Its words lead to whom or what it is about. */
function Subject({ approval, tongue }: { approval: Approval; tongue: Tongue }): JSX.Element {
  const href = subjectHref(approval);
  const text = subjectText(approval, tongue);
  return href === null ? (
    <>{text}</>
  ) : (
    <Link href={href} class="text-link">
      {text}
    </Link>
  );
}

interface Progress {
  readonly done: number;
  readonly lines: number;
}

/** How far an act has come that is done part by part. */
function progressOf({ payload, outcome }: Approval): Progress | null {
  const { lines } = (payload ?? {}) as { lines?: number };
  const part = (outcome ?? {}) as Partial<Record<"booked" | "repeated" | "refused", number>>;
  if (lines === undefined || part.booked === undefined) return null;
  return { done: part.booked + (part.repeated ?? 0) + (part.refused ?? 0), lines };
}

interface VerdictProps {
  readonly approval: Approval;
  readonly kind: ApprovalKindView | null;
  readonly note: string;
  readonly onDecided: () => void;
}

interface Deciding {
  readonly busy: Verb | null;
  readonly progress: Progress | null;
  readonly decide: (verb: Verb) => Promise<void>;
}

function useVerdict({ approval, note, onDecided }: VerdictProps): Deciding {
  const words = useWords(APPROVALS);
  const { call } = useConsole();
  const toast = useToast();
  const [busy, setBusy] = useState<Verb | null>(null);
  const [progress, setProgress] = useState<Progress | null>(null);
  const send = (verb: Verb): Promise<Answer<Approval>> =>
    call("POST", `/api/v1/staff/approvals/${approval.approvalId}/${verb}`, { note: note.trim() });
  /** A long act is done part by part, each by a call of its own; false: the clock does what is left. */
  const goOn = async (now: Approval): Promise<boolean> => {
    const part = progressOf(now);
    if (now.state !== "approved" || part === null) return now.state !== "approved";
    setProgress(part);
    const next = await send("approve");
    if (!next.ok || progressOf(next.value)?.done === part.done) return false;
    return goOn(next.value);
  };
  const decide = async (verb: Verb): Promise<void> => {
    setBusy(verb);
    const answer = await send(verb);
    const isOver = !answer.ok || (await goOn(answer.value));
    setBusy(null);
    if (answer.ok) {
      const approved = isOver ? words.approved : words.underWay;
      const told = { approve: approved, reject: words.rejected, withdraw: words.withdrawn };
      toast.show({ text: told[verb] });
      return onDecided();
    }
    const { reason } = answer.problem.figures;
    const known = words.reasons as Readonly<Record<string, string>>;
    const detail = typeof reason === "string" ? known[reason] : undefined;
    toast.refuse(detail === undefined ? answer.problem : { ...answer.problem, detail });
    // It stands otherwise than it is shown here: the list is read anew.
    if (answer.problem.code === "conflict") onDecided();
  };
  return { busy, progress, decide };
}

function Verdict(props: VerdictProps): JSX.Element {
  const { approval, kind } = props;
  const words = useWords(APPROVALS);
  const { me, may } = useConsole();
  const { busy, progress, decide } = useVerdict(props);
  if (approval.proposedBy === `staff:${me.staffId}`) {
    return (
      <>
        <span class="note mute">{words.own}</span>
        <Button busy={busy === "withdraw"} onClick={() => void decide("withdraw")}>
          {words.withdraw}
        </Button>
      </>
    );
  }
  if (!may("approvals.decide")) return <span />;
  return (
    <>
      {progress && (
        <span class="note" role="status">
          {words.progress(progress.done, progress.lines)}
        </span>
      )}
      <Button
        kind="danger"
        busy={busy === "reject"}
        disabled={busy === "approve"}
        onClick={() => void decide("reject")}
      >
        {words.reject}
      </Button>
      <Button
        kind="primary"
        busy={busy === "approve"}
        disabled={busy === "reject" || (kind !== null && !may(kind.permission))}
        onClick={() => void decide("approve")}
      >
        {words.approve}
      </Button>
    </>
  );
}
