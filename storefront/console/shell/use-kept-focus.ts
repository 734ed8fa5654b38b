import { useEffect } from "preact/hooks";

const FOCUSABLE =
  "a[href],button:not([disabled]),input:not([disabled]),select:not([disabled]),textarea:not([disabled]),[tabindex='0']";

interface Step {
  readonly at: Element;
  /** Which of its parent's children it was. */
  readonly place: number;
}

/** The way from what has the focus up to the part of the page that it stands in. */
function wayTo(focused: Element): Step[] {
  const way: Step[] = [];
  for (let at = focused; at.parentElement && at.tagName !== "MAIN"; at = at.parentElement)
    way.push({ at, place: [...at.parentElement.children].indexOf(at) });
  return way;
}

/** What stands where the lost thing stood: what came up into its place, else what was before it. */
function besides(way: readonly Step[]): HTMLElement | null {
  const there = way.findIndex(({ at }) => at.isConnected);
  const gone = way[there - 1];
  const parent = way[there]?.at;
  if (!gone || !parent) return null;
  for (const place of [gone.place, gone.place - 1]) {
    const child = parent.children[place];
    if (!child) continue;
    const found = child.matches(FOCUSABLE) ? child : child.querySelector(FOCUSABLE);
    if (found instanceof HTMLElement) return found;
  }
  return null;
}

/** Who works by keys and deletes what they stand on goes on beside it, not from the top of the console. */
export function useKeptFocus(): void {
  useEffect(() => {
    let way: readonly Step[] = [];
    let isByKeys = false;
    const focused = ({ target }: FocusEvent): void => {
      way = target instanceof Element ? wayTo(target) : [];
    };
    const pressed = ({ type }: Event): void => void (isByKeys = type === "keydown");
    const changes = new MutationObserver(() => {
      const isLost = document.activeElement === document.body && way[0]?.at.isConnected === false;
      // Where all that could be done is gone, the page has become another one: it is read from its title on.
      if (isLost && isByKeys)
        (besides(way) ?? document.querySelector<HTMLElement>("main h1"))?.focus();
    });
    addEventListener("focusin", focused);
    addEventListener("keydown", pressed, true);
    addEventListener("pointerdown", pressed, true);
    changes.observe(document.body, { childList: true, subtree: true });
    return () => {
      removeEventListener("focusin", focused);
      removeEventListener("keydown", pressed, true);
      removeEventListener("pointerdown", pressed, true);
      changes.disconnect();
    };
  }, []);
}
