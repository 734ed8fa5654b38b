import { useLayoutEffect, useRef } from "preact/hooks";
import type { Ref } from "preact";

const FOCUSABLE = "button:not([disabled]),a[href],input,select,textarea,[tabindex='0']";

/**
 * Holds the focus in a box that stands over the page: it goes to the first of what `begins` names, stays inside, and returns to
 * where it was. Escape is `onEscape`. The browser floor has no `<dialog>`, so the trap is made here.
 */
export function useHeldFocus(
  onEscape: () => void,
  begins = FOCUSABLE,
): { readonly ref: Ref<HTMLDivElement>; readonly onKeyDown: (event: KeyboardEvent) => void } {
  const ref = useRef<HTMLDivElement>(null);
  // Before the next key can be pressed: an effect after the paint would let the focus wander off behind the box.
  useLayoutEffect(() => {
    const before = document.activeElement;
    ref.current?.querySelector<HTMLElement>(begins)?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, [begins]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape") onEscape();
    if (event.key !== "Tab") return;
    const inside = [...(ref.current?.querySelectorAll<HTMLElement>(FOCUSABLE) ?? [])];
    const first = inside[0];
    const last = inside[inside.length - 1];
    const leaves = event.shiftKey ? first : last;
    // A title that has the focus is none of them: the next step begins at an end.
    const isAmong = inside.includes(document.activeElement as HTMLElement);
    if (document.activeElement !== leaves && isAmong) return;
    event.preventDefault();
    (event.shiftKey ? last : first)?.focus();
  };
  return { ref, onKeyDown };
}
