/** What this device keeps of one clerk for minutes without a network. Whoever signs in after them finds nothing of it. */
import type { StaffMe } from "../../../worker/console/wire.ts";

/** Lists go when their clerk signs out; what still has to be sent stays for when they are back. */
type Kind = "list" | "queue";

const PREFIX = "qd:desk:";

export interface KeptPlace<T> {
  /** Null: nothing is kept, or nothing that can be read. */
  read(): T | null;
  write(value: T): void;
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
        return JSON.parse(localStorage.getItem(key) ?? "null") as T | null;
      } catch {
        return null;
      }
    },
    write: (value) => {
      if (kind === "list" && hasEnded) return;
      localStorage.setItem(key, JSON.stringify(value));
    },
  };
}

/** A list that was asked for before the end of its session may still come; this page is left right after. */
let hasEnded = false;

/** At the end of a session: the lists of everybody who worked here. */
export function forgetLists(): void {
  hasEnded = true;
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(`${PREFIX}list:`));
  for (const key of keys) localStorage.removeItem(key);
}
