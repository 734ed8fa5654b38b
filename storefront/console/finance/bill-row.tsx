import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ReconciledView } from "../../../worker/payments/wire.ts";
import {
  Badge,
  Button,
  FormDialog,
  momentOf,
  TextField,
  useConsole,
  useForm,
  useJustDone,
  useToast,
  useWords,
  yuanOf,
} from "../kit/index.ts";
import { FINANCE } from "./words.ts";

const PATH = "/api/v1/staff/finance";
const NOTE_LENGTH_MIN = 2;
const NOTE_LENGTH_MAX = 120;
type Difference = ReconciledView["differences"][number];
type Explained = NonNullable<Difference["explained"]>;

interface BillRowProps {
  bill: ReconciledView;
  onDone: () => void;
}

export function BillRow({ bill, onDone }: BillRowProps): JSX.Element {
  const words = useWords(FINANCE);
  const [explaining, setExplaining] = useState<Difference | null>(null);
  return (
    <tr>
      <td class="num nb">{bill.day}</td>
      <td>{words.providers[bill.provider] ?? bill.provider}</td>
      <td class="num" data-title={words.checked}>
        {bill.checked}
      </td>
      <td class="says">
        {bill.word !== "" ? (
          <Badge>{`${words.noBill} · ${bill.word}`}</Badge>
        ) : bill.differences.length === 0 ? (
          <Badge tone="ok">{words.noDifference}</Badge>
        ) : (
          <ul class="stack">
            {bill.differences.map((one) => (
              <DifferenceItem
                key={`${one.name} ${one.moveId}`}
                {...{ one, bill, onDone }}
                onExplain={() => setExplaining(one)}
              />
            ))}
          </ul>
        )}
        {explaining && (
          <ExplainDialog
            {...{ bill, one: explaining }}
            onClose={() => setExplaining(null)}
            onDone={() => {
              setExplaining(null);
              onDone();
            }}
          />
        )}
      </td>
    </tr>
  );
}

interface ItemProps extends BillRowProps {
  one: Difference;
  onExplain: () => void;
}

/** Asks the provider, and takes its word; `isBooked` until the lists say so themselves. */
function useAsking({ one, bill, onDone }: Omit<ItemProps, "onExplain">) {
  const words = useWords(FINANCE);
  const { call } = useConsole();
  const toast = useToast();
  const booked = useJustDone<true>(onDone);
  const ask = async (): Promise<void> => {
    const isRefund = one.kind === "refund";
    const of = isRefund ? `refunds/${one.moveId}` : `payments/${encodeURIComponent(one.paymentId)}`;
    const answer = await call<{ kind: string }>("POST", `${PATH}/${of}/ask`, {});
    if (!answer.ok) return toast.refuse(answer.problem);
    const said = isRefund ? words.askedRefund : words.asked;
    toast.show({ text: said[answer.value.kind] ?? answer.value.kind });
    // Once its money is in the lists it differs no more; everything else the bill itself has to say.
    if (one.name === "payment_unknown_here" && answer.value.kind === "paid") {
      return booked.put(one.moveId, true);
    }
    await call("POST", `${PATH}/bills`, { provider: bill.provider, day: bill.day });
    onDone();
  };
  return { ask: () => void ask(), isBooked: booked.of(one.moveId) ?? false };
}

function DifferenceItem({ one, bill, onDone, onExplain }: ItemProps): JSX.Element {
  const words = useWords(FINANCE);
  const { call, may } = useConsole();
  const toast = useToast();
  const { ask, isBooked } = useAsking({ one, bill, onDone });
  const { explained } = one;
  const reopen = async (): Promise<void> => {
    const { provider, day } = bill;
    const { name, moveId } = one;
    const basedOn = explained?.atMs ?? 0;
    const body = { provider, day, name, moveId, note: null, basedOn };
    const answer = await call("POST", `${PATH}/bills/explain`, body);
    onDone();
    if (!answer.ok) toast.refuse(answer.problem);
  };
  return (
    <li>
      <b>{words.names[one.name] ?? one.name}</b>{" "}
      <span class="num">¥{yuanOf(one.billFen ?? one.ownFen ?? 0)}</span>{" "}
      {one.name === "amount_differs" && (
        <span class="note sec">{words.ownAmount(yuanOf(one.ownFen))} </span>
      )}
      {one.orderId === null ? (
        <span class="note mute num">{one.moveId}</span>
      ) : (
        <a class="num fin-link" href={`/console/orders?q=${encodeURIComponent(one.orderId)}`}>
          {one.orderId}
        </a>
      )}{" "}
      {explained ? (
        <span class="note sec">
          <Badge tone="ok">{words.explained}</Badge> {explained.note}{" "}
          <span class="num nb">{momentOf(explained.atMs)}</span>
          {may("finance.write") && (
            <Button kind="link" size="sm" onClick={() => void reopen()}>
              {words.reopen}
            </Button>
          )}
        </span>
      ) : (
        <span class="note sec">{words.why[one.name]}</span>
      )}{" "}
      {isBooked && <Badge tone="info">{words.booked}</Badge>}
      {may("finance.write") && !explained && !isBooked && (
        <span class="acts">
          {/* What was refunded by hand has no number of ours to ask by. */}
          {one.name !== "refund_unknown_here" && (
            <Button size="sm" onClick={ask}>
              {words.ask}
            </Button>
          )}
          <Button size="sm" onClick={onExplain}>
            {words.explain}
          </Button>
        </span>
      )}
    </li>
  );
}

interface ExplainProps {
  one: Difference;
  bill: ReconciledView;
  onClose: () => void;
  onDone: () => void;
}

function ExplainDialog({ one, bill, onClose, onDone }: ExplainProps): JSX.Element {
  const words = useWords(FINANCE);
  const { call } = useConsole();
  const form = useForm<{ note: string }, unknown, Explained>({
    initial: { note: "" },
    fromStored: ({ note }) => ({ note }),
    check: ({ note }) => (note.trim().length < NOTE_LENGTH_MIN ? { note: words.explainShort } : {}),
    save: ({ note }, over) => {
      const { provider, day } = bill;
      const { name, moveId } = one;
      const basedOn = over?.atMs ?? 0;
      const body = { provider, day, name, moveId, note: note.trim(), basedOn };
      return call("POST", `${PATH}/bills/explain`, body);
    },
    onSaved: onDone,
  });
  return (
    <FormDialog title={words.explain} onClose={onClose} form={form} act={words.explainSave}>
      <p>
        {words.names[one.name] ?? one.name} ·{" "}
        <b class="num">¥{yuanOf(one.billFen ?? one.ownFen ?? 0)}</b>
      </p>
      <TextField
        {...{ form, name: "note", label: words.explainWhy, help: words.explainHelp, rows: 3 }}
        maxLength={NOTE_LENGTH_MAX}
        required
      />
    </FormDialog>
  );
}
