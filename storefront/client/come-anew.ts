/**
 * A page that is come back to may be hours old, or of somebody who has signed out on this phone since: it comes anew. The old one stays
 * until then, so nothing is blank.
 */
import type { PageData } from "../../worker/pages/page-data.ts";
import { isAnswered, readAnewWhenBack } from "./read-anew.ts";

/** Whose page was opened last: it lies beside the history that the others lie in. */
const WHO = "qd.who";

function lastSeen(): string | null {
  try {
    return sessionStorage.getItem(WHO);
  } catch {
    return null;
  }
}

function see(memberId: string): void {
  try {
    sessionStorage.setItem(WHO, memberId);
  } catch {
    // A frame whose browser keeps nothing of it knows no history of others either.
  }
}

/**
 * Whether the way back took the page from the browser's own cache, which it may do however old the page is. What the service worker
 * gives is of now, or says of when it is.
 */
function isOutOfCache(): boolean {
  const [opened] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return opened?.type === "back_forward" && opened.workerStart === 0 && !opened.transferSize;
}

/** A file of the shell, which costs the server nothing: whether there is a network, the browser does not always know. */
const PROBE = "/favicon.svg";

/** The catalogue stays as it was scrolled to while nobody else has signed in. `tell` says that the page stands still. */
export function comeAnew({ me, page }: PageData, tell: () => void): void {
  const who = me?.memberId ?? "";
  let isWaiting = false;
  const comeBack = async (): Promise<void> => {
    if ((lastSeen() ?? who) !== who) return location.reload();
    if (page === "goodsList") return;
    // A service worker has an answer without a network too. Where there is neither, an old page is all there is.
    if (navigator.serviceWorker?.controller || (await isAnswered(PROBE))) return location.reload();
    tell();
    if (!isWaiting) readAnewWhenBack();
    isWaiting = true;
  };
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) void comeBack();
  });
  if (isOutOfCache()) void comeBack();
  // What stands in place of a page says nothing of who is signed in.
  else if (page !== "problem") see(who);
}
