import { createContext, type ComponentChildren, type JSX } from "preact";
import {
  useCallback,
  useContext,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "preact/hooks";
import { isTyping, useLatest } from "./hooks.ts";
import type { Answer, Problem } from "./client.ts";
import { KIT } from "./kit-words.ts";
import { Icon, useProblemSentence } from "./parts.tsx";
import { useWords } from "./words.ts";

export interface Toast {
  readonly text: string;
  readonly tone?: "ok" | "danger" | "plain";
  /** Takes back what was done; the toast stays longer. */
  readonly undo?: () => void;
  /** Stays until replaced: work under way. */
  readonly stays?: boolean;
}

export interface Toasts {
  readonly show: (toast: Toast) => void;
  /** Says a refusal in the server's own sentence. */
  readonly refuse: (problem: Problem) => void;
}

const SHOWN_MS = 4_000;
const UNDO_MS = 8_000;
const ToastContext = createContext<Toasts>({ show: () => {}, refuse: () => {} });

export function useToast(): Toasts {
  return useContext(ToastContext);
}

/** What an undo needs: how to take back what was done, and what to read anew afterwards. */
export interface Undoing {
  readonly text: string;
  readonly back: () => Promise<Answer<unknown>>;
  readonly again?: () => void;
}

/**
 * The one way in which an act of the console is taken back: it was done, its toast says so and offers the way back for some
 * seconds, by its button or by Ctrl Z. The way back is a call of the API like the act itself, and may be refused like it.
 */
export function useUndo(): (undoing: Undoing) => void {
  const words = useWords(KIT);
  const { show, refuse } = useToast();
  return ({ text, back, again }) => {
    const undo = async (): Promise<void> => {
      show({ text: words.undoing, stays: true });
      const answer = await back();
      if (answer.ok) show({ text: words.undone });
      else refuse(answer.problem);
      again?.();
    };
    show({ text, undo: () => void undo() });
  };
}

/** Ctrl or ⌘ and Z takes back what the toast speaks of; inside a field it stays the field's own. */
function useUndoKey(toast: Toast | null, undo: () => void): void {
  const undoRef = useLatest(undo);
  const canUndo = toast?.undo !== undefined;
  // As soon as the toast is seen: an effect after the paint would let the next key go by.
  useLayoutEffect(() => {
    if (!canUndo) return;
    const key = (event: KeyboardEvent): void => {
      const isUndo = (event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "z";
      if (!isUndo || event.shiftKey || event.defaultPrevented || isTyping(event.target)) return;
      event.preventDefault();
      undoRef.current();
    };
    addEventListener("keydown", key);
    return () => removeEventListener("keydown", key);
  }, [canUndo, undoRef]);
}

/** Whoever came to the toast by keys goes back to where they were. */
function useWayBack(setHeld: (isHeld: boolean) => void): {
  readonly came: (event: { relatedTarget: EventTarget | null; currentTarget: Element }) => void;
  readonly leave: () => void;
} {
  const cameFromRef = useRef<HTMLElement | null>(null);
  const came = ({
    relatedTarget,
    currentTarget,
  }: {
    relatedTarget: EventTarget | null;
    currentTarget: Element;
  }): void => {
    setHeld(true);
    if (relatedTarget instanceof HTMLElement && !currentTarget.contains(relatedTarget))
      cameFromRef.current = relatedTarget;
  };
  const leave = (): void => {
    setHeld(false);
    cameFromRef.current?.focus();
    cameFromRef.current = null;
  };
  return { came, leave };
}

export function ToastProvider({ children }: { children: ComponentChildren }): JSX.Element {
  const words = useWords(KIT);
  const sentence = useProblemSentence();
  const [toast, setToast] = useState<Toast | null>(null);
  const [isHeld, setHeld] = useState(false);
  const saidRef = useLatest(sentence);
  useEffect(() => {
    if (!toast || toast.stays || isHeld) return;
    const timer = setTimeout(() => setToast(null), toast.undo ? UNDO_MS : SHOWN_MS);
    return () => clearTimeout(timer);
  }, [toast, isHeld]);
  const show = useCallback((next: Toast) => {
    // Its buttons go without a word when it is replaced under the pointer.
    setHeld(false);
    setToast(next);
  }, []);
  const refuse = useCallback(
    (problem: Problem) => {
      // A toast marks no fields: what is wrong with them is said here.
      const fields = problem.errors.map(({ message }) => message).join(" · ");
      setToast({ text: fields || saidRef.current(problem), tone: "danger" });
    },
    [saidRef],
  );
  const [toasts] = useState<Toasts>({ show, refuse });
  const { came, leave } = useWayBack(setHeld);
  const close = (): void => {
    setToast(null);
    leave();
  };
  const undo = (): void => {
    setToast(null);
    toast?.undo?.();
    leave();
  };
  useUndoKey(toast, undo);
  return (
    <ToastContext.Provider value={toasts}>
      {children}
      <div
        class="toast-place"
        role="status"
        onFocusCapture={came}
        onBlurCapture={() => setHeld(false)}
        onMouseEnter={() => setHeld(true)}
        onMouseLeave={() => setHeld(false)}
      >
        {toast && (
          <div class="toast">
            <Icon
              name={toast.tone === "danger" ? "alert" : toast.stays ? "clock" : "check"}
              size={18}
            />
            <span>{toast.text}</span>
            {toast.undo && (
              <button type="button" class="undo" aria-keyshortcuts="Control+Z" onClick={undo}>
                {words.undo} <kbd>Ctrl Z</kbd>
              </button>
            )}
            <button type="button" aria-label={words.close} onClick={close}>
              <Icon name="x" size={16} />
            </button>
          </div>
        )}
      </div>
    </ToastContext.Provider>
  );
}
