import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { onComeBack } from "../../client/visibility.ts";

/** What a value is now, for callbacks that were made earlier. */
export function useLatest<T>(value: T): { readonly current: T } {
  const latestRef = useRef(value);
  useLayoutEffect(() => {
    latestRef.current = value;
  });
  return latestRef;
}

/** Where a key writes, it means a letter and no command. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Runs again and again while the page is seen. */
export function useEvery(everyMs: number | undefined, run: () => void): void {
  const latestRef = useLatest(run);
  useEffect(() => {
    if (everyMs === undefined) return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") latestRef.current();
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs, latestRef]);
}

/** Runs when somebody comes back to the page: from another tab, from the page after it, from having no network. */
export function useComeBack(run: () => void): void {
  const latestRef = useLatest(run);
  useEffect(
    () =>
      onComeBack(
        () => latestRef.current(),
        () => undefined,
      ),
    [latestRef],
  );
}
