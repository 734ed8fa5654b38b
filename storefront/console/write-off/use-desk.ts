import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { VoucherView } from "../../../worker/fulfilment/wire.ts";
import { useConsole, useToast, type Problem } from "../kit/index.ts";
import { keptList } from "./bookings.tsx";
import { isUnheard, lookAlone, useNoted, type NotedList } from "./noted.ts";
import type { Shown } from "./result.tsx";

interface DeskState {
  readonly shown: Shown | null;
  readonly isBusy: boolean;
  /** Changes when something was written off. */
  readonly turn: number;
  readonly noted: NotedList;
  readonly look: (code: string) => Promise<void>;
  readonly act: (uses: number) => Promise<void>;
  readonly clear: () => void;
}

/**
 * Reads a code and writes it off; without a network, notes it. One id an act: a second tap after a lost answer is the same act, and so
 * is what is noted after it.
 */
export function useDesk(storeId: string): DeskState {
  const { call, me } = useConsole();
  const toast = useToast();
  const [shown, setShown] = useState<Shown | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [turn, setTurn] = useState(0);
  const noted = useNoted(useCallback(() => setTurn((old) => old + 1), []));
  useEffect(() => {
    const again = (): void => setTurn((old) => old + 1);
    addEventListener("online", again);
    return () => removeEventListener("online", again);
  }, []);
  const actRef = useRef({ writeOffId: "", readAtMs: 0 });
  const refuse = (problem: Problem): void => {
    const { reason, voucher } = problem.figures as { reason?: string; voucher?: VoucherView };
    if (reason === undefined) toast.refuse(problem);
    else setShown({ kind: "refused", reason, voucher: voucher ?? null });
  };
  const offline = (code: string): void => {
    const word = lookAlone(code, keptList(me, storeId)?.items ?? [], noted.items);
    setShown(
      "refusal" in word
        ? { kind: "refused", reason: word.refusal, voucher: null }
        : { kind: "unchecked", known: word.known, code },
    );
  };
  const look = async (code: string): Promise<void> => {
    setBusy(true);
    actRef.current = { writeOffId: crypto.randomUUID(), readAtMs: Date.now() };
    const body = { code, storeId, uses: 1 };
    const answer = await call<VoucherView>("POST", "/api/v1/staff/write-offs/preview", body);
    setBusy(false);
    if (answer.ok) return setShown({ kind: "voucher", voucher: answer.value, code });
    if (answer.status === 0) offline(code);
    else refuse(answer.problem);
  };
  const note = (title: string | null, code: string, uses: number): void => {
    noted.note({ ...actRef.current, code, storeId, uses, title });
    setShown({ kind: "noted" });
  };
  const act = async (uses: number): Promise<void> => {
    if (shown?.kind === "unchecked") return note(shown.known?.title ?? null, shown.code, uses);
    if (shown?.kind !== "voucher") return;
    setBusy(true);
    const { writeOffId } = actRef.current;
    const body = { writeOffId, code: shown.code, storeId, uses };
    const answer = await call<{ voucher: VoucherView }>("POST", "/api/v1/staff/write-offs", body);
    setBusy(false);
    if (answer.ok) {
      setShown({ kind: "done", voucher: answer.value.voucher });
      setTurn((old) => old + 1);
    } else if (isUnheard(answer.problem)) note(shown.voucher.title, shown.code, uses);
    else refuse(answer.problem);
  };
  return { shown, isBusy, turn, noted, look, act, clear: () => setShown(null) };
}
