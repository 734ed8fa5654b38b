import { createContext, type ComponentChildren, type JSX } from "preact";
import { useCallback, useContext, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { KIT } from "./kit-words.ts";
import { Button, IconButton } from "./parts.tsx";
import { useWords } from "./words.ts";

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  /** Its acts; beside them stands the way out without any. */
  readonly acts?: ComponentChildren;
  /** Instead: a foot whose safe answer has a word of its own, or that needs none. */
  readonly foot?: ComponentChildren;
  readonly wide?: boolean;
  /** At the right edge over the whole height: a row's details beside its table. */
  readonly side?: boolean;
  /** Nothing that is typed into it is work: it is closed without asking. */
  readonly isQuestion?: boolean;
}

/** Where somebody was on the page: a dialog that follows another was opened by a button that is gone with it. */
let cameFrom: HTMLElement | null = null;

const FIELD = "input:not([type=file],[disabled]),select:not([disabled]),textarea:not([disabled])";

/** A dialog that asks for something begins at its first field, unless something else of it comes before. */
function focusField(dialog: HTMLDialogElement): void {
  if (dialog.querySelector("[autofocus]")) return;
  const first = dialog.querySelector<HTMLElement>(`.modal-body :is(a,button,${FIELD})`);
  if (first?.matches(FIELD)) first.focus();
}

/** Enter in a field is the act of the dialog, as in a form; a form of its own does it by itself, one around it is not meant. */
function enter(event: KeyboardEvent, dialog: Element): void {
  const { key, isComposing, target } = event;
  if (key !== "Enter" || isComposing || !(target instanceof HTMLInputElement)) return;
  if (target.form && dialog.contains(target.form)) return;
  event.preventDefault();
  dialog.querySelector<HTMLElement>("footer .btn.primary")?.click();
}

type Typed = HTMLInputElement | HTMLTextAreaElement;
const TYPED =
  "textarea,input:not([type=search],[type=password],[type=checkbox],[type=radio],[type=file])";

/** What stood in each field when somebody came to it, so that a slip beside the dialog takes no words away. */
function useTyped(): {
  readonly meet: (field: EventTarget | null) => void;
  readonly isAny: () => boolean;
} {
  const [before] = useState(() => new Map<Typed, string>());
  return {
    meet: (field) => {
      if (!(field instanceof HTMLElement) || !field.matches(TYPED)) return;
      const typed = field as Typed;
      if (!before.has(typed)) before.set(typed, typed.value);
    },
    isAny: () => [...before].some(([field, was]) => field.isConnected && field.value !== was),
  };
}

/** Escape, or a press beside the dialog: asks where words would be lost. Its own buttons mean what they say. */
function useLeave({ onClose, isQuestion = false }: DialogProps, isAny: () => boolean) {
  const words = useWords(KIT);
  const confirm = useConfirm();
  return async (): Promise<void> => {
    const question = { title: words.dropTitle, body: words.dropBody, act: words.drop };
    const isAsked = !isQuestion && isAny();
    if (isAsked && !(await confirm({ ...question, cancel: words.stay, danger: true }))) return;
    onClose();
  };
}

/** The browser's own modal dialog: focus goes in, stays in and returns, Escape is the safe answer. */
export function Dialog(props: DialogProps): JSX.Element {
  const { title, onClose, children, acts, foot, wide, side } = props;
  const words = useWords(KIT);
  const { meet, isAny } = useTyped();
  const leave = useLeave(props, isAny);
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const dialog = box.current;
    const before = document.activeElement;
    if (before instanceof HTMLElement && before !== document.body && !before.closest("dialog"))
      cameFrom = before;
    dialog?.showModal();
    if (dialog && !side) focusField(dialog);
    return () => {
      dialog?.close();
      const isThere = before?.isConnected && before !== document.body;
      const back = isThere ? before : cameFrom;
      if (back instanceof HTMLElement) back.focus();
    };
  }, [side]);
  return (
    <dialog
      ref={box}
      class={`modal${wide ? " wide" : ""}${side ? " side-panel" : ""}`}
      aria-labelledby={id}
      onKeyDown={(event) => enter(event, event.currentTarget)}
      onFocusCapture={(event) => meet(event.target)}
      onCancel={(event) => {
        event.preventDefault();
        void leave();
      }}
      onClose={() => {
        // A browser that was told twice closes without asking: it stands again until the answer.
        if (box.current?.isConnected !== true) return;
        box.current.showModal();
        void leave();
      }}
      onMouseDown={(event) => {
        if (event.target === box.current) void leave();
      }}
    >
      <div class="modal-in">
        <header>
          <h2 id={id}>{title}</h2>
          <IconButton icon="x" name={words.close} onClick={onClose} />
        </header>
        <Body>{children}</Body>
        {acts ? (
          <footer>
            <Button onClick={onClose}>{words.cancel}</Button>
            {acts}
          </footer>
        ) : (
          foot && <footer>{foot}</footer>
        )}
      </div>
    </dialog>
  );
}

/** What is longer than its place is scrolled by keys too, also where nothing in it takes the focus. */
function Body({ children }: { children: ComponentChildren }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [isLong, setLong] = useState(false);
  useLayoutEffect(() => {
    const body = box.current;
    if (!body) return;
    const look = (): void => setLong(body.scrollHeight > body.clientHeight);
    const sizes = new ResizeObserver(look);
    for (const one of [body, ...body.children]) sizes.observe(one);
    look();
    return () => sizes.disconnect();
  }, [children]);
  return (
    <div ref={box} class="modal-body" {...(isLong ? { tabIndex: 0 } : {})}>
      {children}
    </div>
  );
}

export interface Question {
  readonly title: string;
  /** What happens, in figures. */
  readonly body: ComponentChildren;
  /** The verb of the act; the safe answer is `cancel`. */
  readonly act: string;
  readonly cancel?: string;
  readonly danger?: boolean;
  /** To be typed before the act can be done. */
  readonly typed?: string;
}

export type Confirm = (question: Question) => Promise<boolean>;

const ConfirmContext = createContext<Confirm>(async () => false);

/** Asks before what cannot be undone: `if (await confirm({…})) …`. */
export function useConfirm(): Confirm {
  return useContext(ConfirmContext);
}

export function ConfirmProvider({ children }: { children: ComponentChildren }): JSX.Element {
  const [asked, setAsked] = useState<{ question: Question; answer: (yes: boolean) => void } | null>(
    null,
  );
  const confirm = useCallback<Confirm>(
    (question) => new Promise((resolve) => setAsked({ question, answer: resolve })),
    [],
  );
  return (
    <ConfirmContext.Provider value={confirm}>
      {children}
      {asked && (
        <ConfirmDialog
          question={asked.question}
          onAnswer={(yes) => {
            setAsked(null);
            asked.answer(yes);
          }}
        />
      )}
    </ConfirmContext.Provider>
  );
}

function ConfirmDialog({
  question,
  onAnswer,
}: {
  question: Question;
  onAnswer: (yes: boolean) => void;
}): JSX.Element {
  const words = useWords(KIT);
  const [typed, setTyped] = useState("");
  const { title, body, act, cancel = words.cancel, danger = false, typed: wanted } = question;
  const isReady = wanted === undefined || typed.trim() === wanted;
  return (
    <Dialog
      title={title}
      isQuestion
      onClose={() => onAnswer(false)}
      foot={
        <>
          <Button onClick={() => onAnswer(false)}>{cancel}</Button>
          <Button
            kind={danger ? "danger" : "primary"}
            disabled={!isReady}
            onClick={() => onAnswer(true)}
          >
            {act}
          </Button>
        </>
      }
    >
      <div class="stack">
        {typeof body === "string" ? <p>{body}</p> : body}
        {wanted !== undefined && (
          <label class="stack-1">
            <span>
              <code>{wanted}</code>
            </span>
            <input
              class="in"
              value={typed}
              autocomplete="off"
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
          </label>
        )}
      </div>
    </Dialog>
  );
}
