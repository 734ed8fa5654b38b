import { useEffect, useState } from "preact/hooks";

/** A second tap on the heels of the first was meant for what stood there before. */
const SECOND_TAP_MS = 400;

/**
 * Whether what is named has only just appeared under the finger; anew whenever the name changes. What carries the answer as
 * `data-fresh` takes no taps inside; keys and screen readers are not held up.
 */
export function useJustShown(name: string): boolean {
  const [seen, setSeen] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setSeen(name), SECOND_TAP_MS);
    return () => clearTimeout(timer);
  }, [name]);
  return seen !== name;
}
