import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "./icon.tsx";
import { useBack } from "./use-back.ts";
import { useJustShown } from "./use-just-shown.ts";

const FOCUSABLE = "button:not([disabled]),a[href],input,[tabindex='0']";

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
  const box = useRef<HTMLDivElement>(null);
  const isFresh = useJustShown(title);
  useLayoutEffect(() => {
    const before = document.activeElement;
    box.current?.querySelector<HTMLElement>("h2")?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  useBack(onClose);
  const key = (event: KeyboardEvent): void => {
    if (event.key === "Escape") onClose();
    if (event.key !== "Tab") return;
    const inside = [...(box.current?.querySelectorAll<HTMLElement>(FOCUSABLE) ?? [])];
    const first = inside[0];
    const last = inside[inside.length - 1];
    const isOutside = !inside.includes(document.activeElement as HTMLElement);
    const leaves = event.shiftKey ? first : last;
    if (document.activeElement !== leaves && !isOutside) return;
    event.preventDefault();
    (event.shiftKey ? last : first)?.focus();
  };
  return (
    <div class="scrim low" onClick={() => !isFresh && onClose()}>
      <div
        ref={box}
        class="sheet"
        role="dialog"
        aria-modal="true"
        data-fresh={isFresh}
        aria-labelledby="sheet-title"
        onKeyDown={key}
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
