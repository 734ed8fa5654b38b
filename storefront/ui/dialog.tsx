import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useJustShown } from "./use-just-shown.ts";

const FOCUSABLE = "button:not([disabled]),a[href],input,[tabindex='0']";

export interface DialogProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}

/**
 * A question that cannot be undone. Focus goes in, stays in, and returns; Escape and the backdrop are the safe answer.
 * The browser floor has no `<dialog>`, so the trap is made here.
 */
export function Dialog({ title, onClose, children }: DialogProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const isFresh = useJustShown(title);
  // Before the next key can be pressed: an effect after the paint would let the focus wander off behind the dialog.
  useLayoutEffect(() => {
    const before = document.activeElement;
    box.current?.querySelector<HTMLElement>(FOCUSABLE)?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const key = (event: KeyboardEvent): void => {
    if (event.key === "Escape") onClose();
    if (event.key !== "Tab") return;
    const inside = [...(box.current?.querySelectorAll<HTMLElement>(FOCUSABLE) ?? [])];
    const first = inside[0];
    const last = inside[inside.length - 1];
    const leaves = event.shiftKey ? first : last;
    if (document.activeElement !== leaves) return;
    event.preventDefault();
    (event.shiftKey ? last : first)?.focus();
  };
  return (
    <div class="scrim" onClick={() => !isFresh && onClose()}>
      <div
        ref={box}
        class="dialog"
        role="dialog"
        aria-modal="true"
        data-fresh={isFresh}
        aria-labelledby="dialog-title"
        onKeyDown={key}
        onClick={(event) => event.stopPropagation()}
      >
        <h2 id="dialog-title">{title}</h2>
        {children}
      </div>
    </div>
  );
}

/** The foot of a question: what leaves everything as it is, and what does it. */
export function DialogChoice(props: {
  keep: string;
  onKeep: () => void;
  act: string;
  onAct: () => void;
  isBusy?: boolean;
  /** False: something is still to be read or chosen before. */
  isReady?: boolean;
}): JSX.Element {
  const { keep, onKeep, act, onAct, isBusy = false, isReady = true } = props;
  const mayAct = isReady && !isBusy;
  return (
    <div class="dialog-do">
      <button type="button" class="btn line" onClick={onKeep}>
        {keep}
      </button>
      <button
        type="button"
        class="btn primary"
        aria-disabled={!mayAct}
        onClick={() => mayAct && onAct()}
      >
        {isBusy && <i class="spin" />}
        {act}
      </button>
    </div>
  );
}
