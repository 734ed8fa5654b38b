import { useLayoutEffect, useRef } from "preact/hooks";

/** What a value is now, for callbacks that were made earlier. */
export function useLatest<T>(value: T): { readonly current: T } {
  const latestRef = useRef(value);
  useLayoutEffect(() => {
    latestRef.current = value;
  });
  return latestRef;
}
