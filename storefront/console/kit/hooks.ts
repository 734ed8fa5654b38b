import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

/** What a value is now, for callbacks that were made earlier. */
export function useLatest<T>(value: T): { readonly current: T } {
  const latestRef = useRef(value);
  useLayoutEffect(() => {
    latestRef.current = value;
  });
  return latestRef;
}

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
