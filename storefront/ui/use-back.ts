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
/** Whether the browser still owes a step back that was asked for here. It makes it some time later, and it is not the person's. */
let isLeaving = false;

/** How many entries of the history, this one among them, are of things open over the page. */
const entriesOver = (): number => (history.state as { over?: number } | null)?.over ?? 0;

function enter(entry: Entry): void {
  history.pushState({ over: entriesOver() + 1 }, "");
  entry.isIn = true;
}

/** Where nothing is open any more, an entry of what was is a step that leads nowhere. */
function leaveEmpty(): void {
  const steps = entriesOver();
  if (steps === 0) return;
  isLeaving = true;
  history.go(-steps);
}

function onPop(): void {
  if (isLeaving) {
    isLeaving = false;
    for (const entry of open) if (!entry.isIn) enter(entry);
    return;
  }
  const last = open.pop();
  if (last === undefined) return leaveEmpty();
  last.isIn = false;
  last.onBack();
}

/** A page that was left meanwhile and comes back out of the browser's memory is owed nothing any more. */
function onShow({ persisted }: PageTransitionEvent): void {
  if (persisted) isLeaving = false;
}

function listen(): void {
  addEventListener("popstate", onPop);
  addEventListener("pageshow", onShow);
}

/** For a page that was read anew, or come back to, at an entry of what was open over it; before anything is opened. */
export function leaveOver(): void {
  listen();
  leaveEmpty();
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
    listen();
    open.push(entry);
    if (!isLeaving) enter(entry);
    return () => close(entry);
  }, [backRef]);
}
