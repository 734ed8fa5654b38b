import { useEffect } from "preact/hooks";
import { useLatest } from "./use-latest.ts";

interface Entry {
  /** Closes what the phone's Back closes. */
  readonly onBack: () => void;
  /** Whether the history holds an entry for it; not yet while that of one closed before is still going. */
  isIn: boolean;
}

/** What is open over the page, the lowest first. */
const open: Entry[] = [];
/** Whether the browser still owes a step back that a closed one asked for. It makes it some time later, and it is not the person's. */
let isLeaving = false;

function enter(entry: Entry): void {
  history.pushState({ over: true }, "");
  entry.isIn = true;
}

function onPop(): void {
  if (isLeaving) {
    isLeaving = false;
    for (const entry of open) if (!entry.isIn) enter(entry);
    return;
  }
  const last = open.pop();
  if (last === undefined) return;
  last.isIn = false;
  last.onBack();
}

/** A page that was left meanwhile and comes back out of the browser's memory is owed nothing any more. */
function onShow(): void {
  isLeaving = false;
}

function close(entry: Entry): void {
  const at = open.indexOf(entry);
  if (at >= 0) open.splice(at, 1);
  // Closed by another way than Back: its entry goes too.
  if (!entry.isIn) return;
  isLeaving = true;
  history.back();
}

/** While the component stands, the phone's Back calls `onBack` instead of leaving the page. */
export function useBack(onBack: () => void): void {
  const backRef = useLatest(onBack);
  useEffect(() => {
    const entry: Entry = { onBack: () => backRef.current(), isIn: false };
    addEventListener("popstate", onPop);
    addEventListener("pageshow", onShow);
    open.push(entry);
    if (!isLeaving) enter(entry);
    return () => close(entry);
  }, [backRef]);
}
