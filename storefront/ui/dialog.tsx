import type { ComponentChildren, JSX } from "preact";
import { useHeldFocus } from "./use-held-focus.ts";
import { useJustShown } from "./use-just-shown.ts";

export interface DialogProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}

/**
 * A question that cannot be undone. Focus goes in, stays in, and returns; Escape and the backdrop are the safe answer.
 */
export function Dialog({ title, onClose, children }: DialogProps): JSX.Element {
  const held = useHeldFocus(onClose);
  const isFresh = useJustShown(title);
  return (
    <div class="scrim" onClick={() => !isFresh && onClose()}>
      <div
        {...held}
        class="dialog"
        role="dialog"
        aria-modal="true"
        data-fresh={isFresh}
        aria-labelledby="dialog-title"
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
