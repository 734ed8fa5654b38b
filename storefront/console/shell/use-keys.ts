import { useLayoutEffect } from "preact/hooks";
import { isTyping, useLatest } from "../kit/hooks.ts";
import { useRouter } from "../kit/router.ts";
import type { Section } from "../section.ts";
import { hrefOf } from "./places.ts";

/** `/` search, `g` and a letter to a section, `?` help, Ctrl or ⌘ and K the palette. */
export function useKeys(
  sections: readonly Section[],
  on: { onPalette: () => void; onHelp: () => void },
): void {
  const router = useRouter();
  const onRef = useLatest(on);
  // As soon as the page is seen: an effect after the paint would let the first key go by.
  useLayoutEffect(() => {
    let isGoing = false;
    const key = (event: KeyboardEvent): void => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        onRef.current.onPalette();
        return;
      }
      const isOver = document.querySelector("dialog[open]") !== null;
      if (event.metaKey || event.ctrlKey || event.altKey || isOver || isTyping(event.target))
        return;
      const wanted = isGoing ? sections.find((section) => section.key === event.key) : undefined;
      isGoing = event.key === "g" && !isGoing;
      if (wanted) {
        event.preventDefault();
        void router.go(hrefOf(wanted));
      } else if (event.key === "/") {
        const field = document.querySelector<HTMLInputElement>("main [data-search]");
        if (!field) return onRef.current.onPalette();
        event.preventDefault();
        field.focus();
      } else if (event.key === "?") onRef.current.onHelp();
    };
    addEventListener("keydown", key);
    return () => removeEventListener("keydown", key);
  }, [sections, router, onRef]);
}
