/** What this device keeps of one clerk for minutes without a network. Whoever signs in after them finds nothing of it. */
import type { StaffMe } from "../../../worker/console/wire.ts";

/** Lists go when their clerk signs out; what still has to be sent stays for when they are back. */
type Kind = "list" | "queue";

const PREFIX = "qd:desk:";

/** What the device would not store, full or private as it is: this page has it, until it is closed. */
const unstored = new Map<string, string>();

export interface KeptPlace<T> {
  /** Null: nothing is kept, or nothing that can be read. */
  read(): T | null;
  /** False: only this page has it. */
  write(value: T): boolean;
}

/** What stands under a key, for pages that ask for no clerk: a choice that is offered again. */
export function recall(key: string): string | null {
  try {
    return unstored.get(key) ?? localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Under its key, where a private window or a full device lets it; false: only this page has it. */
export function remember(key: string, text: string): boolean {
  try {
    localStorage.setItem(key, text);
    unstored.delete(key);
    return true;
  } catch {
    unstored.set(key, text);
    return false;
  }
}

export function keptOf<T>(
  { programmeId, staffId }: StaffMe,
  kind: Kind,
  name: string,
): KeptPlace<T> {
  const key = `${PREFIX}${kind}:${JSON.stringify([programmeId, staffId, name])}`;
  return {
    read: () => {
      try {
        return JSON.parse(recall(key) ?? "null") as T | null;
      } catch {
        return null;
      }
    },
    write: (value) => (kind === "list" && hasEnded) || remember(key, JSON.stringify(value)),
  };
}

/** A list that was asked for before the end of its session may still come; this page is left right after. */
let hasEnded = false;

/** At the end of a session: the lists of everybody who worked here. */
export function forgetLists(): void {
  hasEnded = true;
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(`${PREFIX}list:`));
    for (const key of keys) localStorage.removeItem(key);
  } catch {
    // A device that lets nothing be stored has nothing to forget; what the page has goes with the page.
  }
}
