import type { ComponentChildren, JSX } from "preact";
import { Icon } from "./icon.tsx";
import { useBack } from "./use-back.ts";
import { useHeldFocus } from "./use-held-focus.ts";
import { useJustShown } from "./use-just-shown.ts";

/**
 * A sheet from below. Focus goes in, stays in and returns; Escape, the backdrop, its close button and the phone's Back all
 * close it. The page must draw the icon `x`.
 */
export function Sheet(props: {
  title: string;
  closeName: string;
  onClose: () => void;
  children: ComponentChildren;
}): JSX.Element {
  const { title, closeName, onClose, children } = props;
  const held = useHeldFocus(onClose, "h2");
  const isFresh = useJustShown(title);
  useBack(onClose);
  return (
    <div class="scrim low" onClick={() => !isFresh && onClose()}>
      <div
        {...held}
        class="sheet"
        role="dialog"
        aria-modal="true"
        data-fresh={isFresh}
        aria-labelledby="sheet-title"
        onClick={(event) => event.stopPropagation()}
      >
        <div class="sheet-h">
          <h2 id="sheet-title" tabIndex={-1}>
            {title}
          </h2>
          <button type="button" class="sheet-x" aria-label={closeName} onClick={onClose}>
            <Icon name="x" size={22} />
          </button>
        </div>
        {children}
      </div>
    </div>
  );
}
