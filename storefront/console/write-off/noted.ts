/** Codes that were read without a network: noted on the device for their clerk, and written off when the server can be asked. */
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useConsole, type Problem } from "../kit/index.ts";
import { keptOf } from "../kit/kept.ts";

export interface Noted {
  /** Also the id of the write-off, so that sending it twice is one act. */
  readonly writeOffId: string;
  readonly code: string;
  readonly storeId: string;
  readonly uses: number;
  /** As this device knows the goods; null: only the server can tell. */
  readonly title: string | null;
  /** By this device's clock. The server is told how long ago that was, whatever this clock says. */
  readonly readAtMs: number;
  /** Why the server refused it; null: it was not asked yet. */
  readonly refusal: string | null;
}

const SEND_EVERY_MS = 5_000;

/** The seven digits by which a voucher is found, of a code that was typed or scanned; null: it is no code of ours. */
export function locatorOf(code: string): string | null {
  const typed = /^(\d{7})\d{5}$/.exec(code.replaceAll(/[\s-]/g, ""));
  return (typed ?? /^QD1\.(\d{7})\d{5}\./.exec(code.trim()))?.[1] ?? null;
}

/** A voucher as this device knows it without asking. */
export interface Known {
  readonly locator: string;
  readonly title: string;
  readonly usesLeft: number;
}

/** What can be said of a code without a network, by today's list and by what was noted since. `known`: null for a stranger. */
export function lookAlone(
  code: string,
  today: readonly Known[],
  noted: readonly Noted[],
): { readonly refusal: string } | { readonly known: Known | null } {
  const locator = locatorOf(code);
  if (locator === null) return { refusal: "code_unreadable" };
  const served = usesNoted(noted, locator);
  const found = today.find((one) => one.locator === locator);
  if (!found) return served > 0 ? { refusal: "noted_already" } : { known: null };
  const usesLeft = found.usesLeft - served;
  return usesLeft > 0 ? { known: { ...found, usesLeft } } : { refusal: "used_up" };
}

/** Uses of a voucher that are noted and not sent. */
function usesNoted(noted: readonly Noted[], locator: string): number {
  return noted.reduce(
    (sum, { code, uses, refusal }) =>
      sum + (refusal === null && locatorOf(code) === locator ? uses : 0),
    0,
  );
}

/** Nothing was heard, so nobody knows whether it was done: the same act is sent again. */
export const isUnheard = ({ status }: Problem): boolean =>
  status === 0 || status === 429 || status >= 500;

export interface NotedList {
  readonly items: readonly Noted[];
  /** False: this device stores nothing, and what is noted goes with the page. */
  readonly isStored: boolean;
  readonly note: (one: Omit<Noted, "refusal">) => void;
  readonly drop: (writeOffId: string) => void;
}

/** `onSent`: the server has taken one. */
export function useNoted(onSent: () => void): NotedList {
  const { me, call } = useConsole();
  const place = useMemo(() => keptOf<readonly Noted[]>(me, "queue", ""), [me]);
  const [items, setItems] = useState<readonly Noted[]>(() => place.read() ?? []);
  const [isStored, setStored] = useState(true);
  // Another tab of the same clerk may have written since.
  const change = useCallback(
    (next: (old: readonly Noted[]) => readonly Noted[]) => {
      const after = next(place.read() ?? []);
      setStored(place.write(after));
      setItems(after);
    },
    [place],
  );
  const drop = useCallback(
    (writeOffId: string) => change((old) => old.filter((one) => one.writeOffId !== writeOffId)),
    [change],
  );
  const isSendingRef = useRef(false);
  const send = useCallback(async (): Promise<void> => {
    if (isSendingRef.current) return;
    isSendingRef.current = true;
    for (const one of (place.read() ?? []).filter(({ refusal }) => refusal === null)) {
      const { writeOffId, code, storeId, uses, readAtMs } = one;
      const readAgoMs = Math.max(0, Date.now() - readAtMs);
      const body = { writeOffId, code, storeId, uses, readAgoMs };
      const answer = await call("POST", "/api/v1/staff/write-offs", body);
      if (!answer.ok && (isUnheard(answer.problem) || answer.status === 401)) break;
      if (answer.ok) {
        drop(writeOffId);
        onSent();
        continue;
      }
      const { code: word, figures } = answer.problem;
      const refusal = typeof figures["reason"] === "string" ? figures["reason"] : word;
      change((old) =>
        old.map((some) => (some.writeOffId === writeOffId ? { ...some, refusal } : some)),
      );
    }
    isSendingRef.current = false;
  }, [place, call, change, drop, onSent]);
  const isWaiting = items.some(({ refusal }) => refusal === null);
  useEffect(() => {
    if (!isWaiting) return;
    const sendNow = (): void => void send();
    sendNow();
    addEventListener("online", sendNow);
    const timer = setInterval(sendNow, SEND_EVERY_MS);
    return () => {
      removeEventListener("online", sendNow);
      clearInterval(timer);
    };
  }, [isWaiting, send]);
  return {
    items,
    isStored,
    note: (one) => change((old) => [...old, { ...one, refusal: null }]),
    drop,
  };
}
