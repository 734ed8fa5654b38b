import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import {
  Button,
  Dialog,
  Field,
  useConsole,
  useToast,
  useUndo,
  useWords,
  type Answer,
} from "../kit/index.ts";
import { GOODS } from "./words.ts";

const IN = ["received", "counted_up"] as const;
const OUT = ["counted_down", "damaged", "supplier_return"] as const;
type Cause = (typeof IN)[number] | (typeof OUT)[number];

export const pathOf = (skuId: string): string =>
  `/api/v1/staff/skus/${encodeURIComponent(skuId)}/stock`;

interface Moved {
  readonly shelf: number;
}

interface Target {
  /** Where the command goes, and what it says beside units and cause. */
  readonly path: string;
  readonly of?: Readonly<Record<string, string>>;
  /** With what lies on the shelf now, by the Sku itself: lists follow a moment later. Told again when it is undone. */
  readonly onDone: (shelf: number) => void;
}

/** The id is made when the dialog opens, so a second click writes nothing twice. */
function useMove({ path, of, onDone }: Target) {
  const { stock } = useWords(GOODS);
  const { call } = useConsole();
  const toast = useToast();
  const sayUndo = useUndo();
  const [requestId] = useState(() => `stock-${crypto.randomUUID()}`);
  return async (cause: Cause, units: number, note: string): Promise<boolean> => {
    const send = async (body: object): Promise<Answer<Moved>> => {
      const answer = await call<Moved>("POST", path, { units, note, ...body, ...of });
      if (answer.ok) onDone(answer.value.shelf);
      return answer;
    };
    const answer = await send({ requestId, cause });
    if (!answer.ok) {
      toast.refuse(answer.problem);
      return false;
    }
    const counter = { requestId: `undo-${requestId}`, cause: "undone", units: -units };
    sayUndo({ text: stock.moved(answer.value.shelf), back: () => send(counter) });
    return true;
  };
}

/** One movement by hand. */
export function MoveDialog({
  shelf,
  children,
  onClose,
  ...target
}: Target & {
  shelf: number;
  children?: ComponentChildren;
  onClose: () => void;
}): JSX.Element {
  const { stock } = useWords(GOODS);
  const move = useMove(target);
  const [cause, setCause] = useState<Cause>("received");
  const [text, setText] = useState("");
  const [note, setNote] = useState("");
  const [isBusy, setBusy] = useState(false);
  const count = /^[1-9]\d{0,7}$/.test(text) ? Number(text) : 0;
  const units = (IN as readonly string[]).includes(cause) ? count : -count;
  const send = async (): Promise<void> => {
    setBusy(true);
    const isDone = await move(cause, units, note);
    setBusy(false);
    if (isDone) onClose();
  };
  return (
    <Dialog
      title={stock.move}
      onClose={onClose}
      acts={
        <Button kind="primary" busy={isBusy} disabled={count === 0} onClick={() => void send()}>
          {stock.go}
        </Button>
      }
    >
      {children}
      <div class="fields">
        <CauseField value={cause} onChange={setCause} />
        <Field
          id="stock-units"
          label={stock.units}
          required
          help={count === 0 ? undefined : stock.after(Math.max(0, shelf + units))}
        >
          <input
            id="stock-units"
            class="in num"
            inputMode="numeric"
            value={text}
            onInput={(event) => setText(event.currentTarget.value.trim())}
          />
        </Field>
        <NoteField value={note} onChange={setNote} />
      </div>
    </Dialog>
  );
}

function NoteField({
  value,
  onChange,
}: {
  value: string;
  onChange: (note: string) => void;
}): JSX.Element {
  const { stock } = useWords(GOODS);
  return (
    <Field id="stock-note" label={stock.note} help={stock.noteHelp}>
      <input
        id="stock-note"
        class="in"
        maxLength={120}
        value={value}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </Field>
  );
}

function CauseField({
  value,
  onChange,
}: {
  value: Cause;
  onChange: (cause: Cause) => void;
}): JSX.Element {
  const { stock } = useWords(GOODS);
  return (
    <Field id="stock-cause" label={stock.cause}>
      <select
        id="stock-cause"
        class="in"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value as Cause)}
      >
        {[...IN, ...OUT].map((one) => (
          <option key={one} value={one}>
            {stock.causes[one]}
          </option>
        ))}
      </select>
    </Field>
  );
}
