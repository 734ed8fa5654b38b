import { createContext, type ComponentChildren, type JSX } from "preact";
import { useCallback, useContext, useEffect, useState } from "preact/hooks";
import { useLatest } from "./hooks.ts";
import type { Problem } from "./client.ts";
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
  const show = useCallback((next: Toast) => setToast(next), []);
  const refuse = useCallback(
    (problem: Problem) => setToast({ text: saidRef.current(problem), tone: "danger" }),
    [saidRef],
  );
  const [toasts] = useState<Toasts>({ show, refuse });
  return (
    <ToastContext.Provider value={toasts}>
      {children}
      <div
        class="toast-place"
        role="status"
        onFocusCapture={() => setHeld(true)}
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
              <button
                type="button"
                onClick={() => {
                  toast.undo?.();
                  setToast(null);
                }}
              >
                {words.undo}
              </button>
            )}
            <button type="button" aria-label={words.close} onClick={() => setToast(null)}>
              <Icon name="x" size={16} />
            </button>
          </div>
        )}
      </div>
    </ToastContext.Provider>
  );
}
