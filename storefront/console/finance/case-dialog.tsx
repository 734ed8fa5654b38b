import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { CaseRowView } from "../../../worker/after-sales/wire.ts";
import {
  Button,
  Dialog,
  Link,
  momentOf,
  useConsole,
  useConfirm,
  useNames,
  useRead,
  useToast,
  useWords,
  type Answer,
} from "../kit/index.ts";
import { givesOf } from "./gives.ts";
import { stateWord } from "./case-state.ts";
import { FINANCE } from "./words.ts";

type Step = "agree" | "agree-refund" | "refuse" | "take-back" | "refuse-goods" | "replace";

/** What the desk can do with a case, the ordinary answer last. What is proposed already is not proposed again. */
function stepsOf(row: CaseRowView): readonly Step[] {
  const steps = answersTo(row);
  return row.waitsFor === null ? steps : steps.filter((step) => !GIVES_BACK.has(step));
}

function answersTo({ state, kind }: CaseRowView): readonly Step[] {
  if (state === "applied") {
    if (kind === "refund") return ["refuse", "agree-refund"];
    return kind === "exchange" ? ["refuse", "agree"] : ["refuse", "agree-refund", "agree"];
  }
  if (state !== "sent_back") return [];
  return kind === "exchange" ? ["refuse-goods", "replace"] : ["refuse-goods", "take-back"];
}

const REFUSALS: ReadonlySet<Step> = new Set(["refuse", "refuse-goods"]);
const GIVES_BACK: ReadonlySet<Step> = new Set(["agree-refund", "take-back"]);

interface CaseDialogProps {
  row: CaseRowView;
  onClose: () => void;
  /** Which state it is in now, or is on its way to. */
  onDecided: (state: string) => void;
}

interface Deciding {
  readonly busy: Step | null;
  readonly decide: (step: Step, note: string) => void;
}

/** Money that goes back is asked about once more; a large sum waits for a second person. */
function useDeciding({ row, onDecided }: CaseDialogProps, gives: string): Deciding {
  const words = useWords(FINANCE);
  const { call } = useConsole();
  const toast = useToast();
  const confirm = useConfirm();
  const [busy, setBusy] = useState<Step | null>(null);
  const decide = async (step: Step, note: string): Promise<void> => {
    const isSure =
      !GIVES_BACK.has(step) ||
      (await confirm({ title: words.decide[step], body: gives, act: words.decide[step] }));
    if (!isSure) return;
    setBusy(step);
    const at = [row.memberId, row.orderId, row.caseId].map(encodeURIComponent).join("/");
    const path = `/api/v1/staff/after-sales/${at}/${step}`;
    const send = (evenIfUsed: boolean): Promise<Answer<Partial<OrderOfCase>>> =>
      call("POST", path, { note, evenIfUsed });
    let answer = await send(false);
    if (!answer.ok && answer.problem.figures["reason"] === "goods_used") {
      const { title, body } = words.goodsUsed;
      if (await confirm({ title, body, act: words.decide[step] })) answer = await send(true);
      else return setBusy(null);
    }
    setBusy(null);
    if (!answer.ok) return toast.refuse(answer.problem);
    toast.show({ text: answer.status === 202 ? words.waits : words.decided });
    const now = answer.value.afterSales?.find(({ caseId }) => caseId === row.caseId);
    onDecided(now?.state ?? row.state);
  };
  return { busy, decide: (step, note) => void decide(step, note) };
}

interface CaseInOrder {
  readonly caseId: string;
  readonly state: string;
  readonly reason: string;
  readonly note: string;
  readonly trackingNo: string;
  readonly evidence: readonly string[];
  readonly history: readonly {
    readonly step: string;
    readonly atMs: number;
    readonly note: string;
  }[];
  readonly isTakingBack: boolean;
}

interface OrderOfCase {
  readonly afterSales: readonly CaseInOrder[];
  readonly uses: { readonly left: number; readonly total: number } | null;
}

interface Known {
  /** Where the staff's own answers about this order are. */
  readonly path: string;
  readonly uses: OrderOfCase["uses"];
  readonly one: CaseInOrder;
}

/** What only the order itself knows: what was used of it, the member's own words and pictures. */
function useKnown({ memberId, orderId, caseId }: CaseRowView): Known | null {
  const at = `${encodeURIComponent(memberId)}/${encodeURIComponent(orderId)}`;
  const path = `/api/v1/staff/orders/${at}`;
  const order = useRead<{ order: OrderOfCase }>(path).value?.order;
  const one = order?.afterSales.find((some) => some.caseId === caseId);
  return order && one ? { path, uses: order.uses, one } : null;
}

/** Who wants to pay it back, and where somebody else agrees. */
function Waits({ proposedBy, proposedAtMs }: NonNullable<CaseRowView["waitsFor"]>): JSX.Element {
  const words = useWords(FINANCE);
  const names = useNames();
  const { may } = useConsole();
  return (
    <p>
      {words.waitsFor(names.actor(proposedBy), momentOf(proposedAtMs))}{" "}
      {may("approvals.read") && (
        <Link class="fin-link" href="/console/approvals">
          {words.toApproval}
        </Link>
      )}
    </p>
  );
}

function Told({ path: at, uses, one }: Known): JSX.Element {
  const words = useWords(FINANCE);
  return (
    <>
      {uses && (
        <p>
          <span class="note mute">{words.uses}</span> {words.unused(uses.left, uses.total)}
        </p>
      )}
      {one.isTakingBack && <p class="note">{words.takingBack}</p>}
      {one.note !== "" && <p class="fin-said">{one.note}</p>}
      {one.trackingNo !== "" && (
        <p>
          <span class="note mute">{words.tracking}</span> <b class="num">{one.trackingNo}</b>
        </p>
      )}
      {one.evidence.length > 0 && (
        <ul class="fin-pics">
          {one.evidence.map((name, index) => {
            const path = `${at}/evidence/${encodeURIComponent(name)}`;
            return (
              <li key={name}>
                <a href={path} target="_blank" rel="noreferrer">
                  <img src={path} alt={words.picture(index + 1)} loading="lazy" />
                </a>
              </li>
            );
          })}
        </ul>
      )}
      {one.history.length > 0 && (
        <section>
          <h3 class="note mute">{words.history}</h3>
          <ol class="fin-past">
            {one.history.map(({ step, atMs, note }) => (
              <li key={`${step} ${atMs}`}>
                <span>{words.steps[step] ?? step}</span>
                <span class="num mute nb">{momentOf(atMs)}</span>
                {/* What the member said stands above. */}
                {note !== "" && step !== "apply" && <p class="note sec">{note}</p>}
              </li>
            ))}
          </ol>
        </section>
      )}
    </>
  );
}

interface FactsProps {
  row: CaseRowView;
  /** Whole; the list masks numbers in it. */
  reason: string;
  gives: string;
}

function Facts({ row, reason, gives }: FactsProps): JSX.Element {
  const words = useWords(FINANCE);
  return (
    <dl class="facts">
      <dt class="note mute">{words.goods}</dt>
      <dd>
        {row.title}
        {row.spec !== "" && <span class="note mute"> {row.spec}</span>}
      </dd>
      <dt class="note mute">{words.quantity}</dt>
      <dd class="num">{row.quantity}</dd>
      {row.kind !== "exchange" && (
        <>
          <dt class="note mute">{words.gives}</dt>
          <dd class="num">{gives}</dd>
        </>
      )}
      <dt class="note mute">{words.reason}</dt>
      <dd>{reason}</dd>
      <dt class="note mute">{words.member}</dt>
      <dd>
        <Link class="fin-link" href={`/console/members/${encodeURIComponent(row.memberId)}`}>
          {row.memberId}
        </Link>
      </dd>
      <dt class="note mute">{words.order}</dt>
      <dd class="num">
        <a class="fin-link" href={`/console/orders?q=${encodeURIComponent(row.orderId)}`}>
          {row.orderId}
        </a>
      </dd>
    </dl>
  );
}

export function CaseDialog(props: CaseDialogProps): JSX.Element {
  const { row, onClose } = props;
  const words = useWords(FINANCE);
  const { may } = useConsole();
  const [note, setNote] = useState("");
  const gives = givesOf(row, words);
  const known = useKnown(row);
  const { busy, decide } = useDeciding(props, gives);
  const steps = may("orders.refund") ? stepsOf(row) : [];
  const foot = steps.map((step, at) => (
    <Button
      key={step}
      kind={REFUSALS.has(step) ? "danger" : at === steps.length - 1 ? "primary" : "line"}
      busy={busy === step}
      disabled={REFUSALS.has(step) && note.trim() === ""}
      onClick={() => decide(step, note)}
    >
      {words.decide[step]}
    </Button>
  ));
  return (
    <Dialog
      side
      title={`${words.kinds[row.kind] ?? row.kind} · ${stateWord(row, words)}`}
      onClose={onClose}
      foot={steps.length > 0 && foot}
    >
      <div class="stack">
        {row.waitsFor ? <Waits {...row.waitsFor} /> : <p>{words.what[row.state]}</p>}
        <Facts row={row} reason={known?.one.reason ?? row.reason} gives={gives} />
        {known && <Told {...known} />}
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
