import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { BegunTopUp } from "../../../worker/payments/wire.ts";
import type { StoredValueView, TopUpView } from "../../../worker/spending/wire.ts";
import { createActs } from "../../client/acts.ts";
import { callerOf } from "../../client/api.ts";
import { handOverTo, isPayerUnknown, meetPayer } from "../../client/pay.ts";
import type { StoredValueData } from "./stored-value-page.tsx";

export type TopUpState = "no" | "sent" | "confirming" | "arrived" | "failed" | "full";

export interface StoredValueUse {
  readonly stored: StoredValueView;
  readonly state: TopUpState;
  readonly arrivedFen: number;
  /** A QR code as SVG, or nothing. */
  readonly code: string;
  readonly topUp: (amountFen: number, provider: string, scene: string) => void;
}

export const PATH = "/api/v1/me/stored-value";
const CHECK_EVERY_MS = 2_000;
/** Back from the cashier the answer is a moment away; then the member is let go on. */
const CHECKS_MAX = 15;

/** Brings money in and asks what became of it. What the bank decided the server says; nothing is assumed here. */
export function useStoredValue(data: StoredValueData): StoredValueUse {
  const { locale } = data;
  const [stored, setStored] = useState(data.stored);
  const [topUpId, setTopUpId] = useState(data.topUpId);
  const [state, setState] = useState<TopUpState>(data.topUpId === null ? "no" : "confirming");
  const [arrivedFen, setArrivedFen] = useState(0);
  const [code, setCode] = useState("");
  const [acts] = useState(() => createActs());
  const checksLeftRef = useRef(CHECKS_MAX);

  const reread = useCallback(async (): Promise<void> => {
    const answer = await callerOf({ locale })<StoredValueView>("GET", PATH);
    if (answer.ok) setStored(answer.value);
  }, [locale]);

  const isAsking = topUpId !== null && (state === "confirming" || code !== "");
  useEffect(() => {
    if (!isAsking) return undefined;
    checksLeftRef.current = CHECKS_MAX;
    const check = async (): Promise<void> => {
      checksLeftRef.current -= 1;
      const path = `${PATH}/top-ups/${topUpId}/check`;
      const answer = await callerOf({ locale })<TopUpView>("POST", path, {});
      if (answer.ok && answer.value.state === "paid") {
        setArrivedFen(answer.value.amountFen);
        setCode("");
        setState("arrived");
        await reread();
      } else if (checksLeftRef.current <= 0 && code === "") setState("no");
    };
    void check();
    const timer = setInterval(() => void check(), CHECK_EVERY_MS);
    return () => clearInterval(timer);
  }, [isAsking, topUpId, code, locale, reread]);

  const begin = async (amountFen: number, provider: string, scene: string): Promise<void> => {
    setState("sent");
    setCode("");
    // The same wish keeps its id until it is answered, so a second tap is no second payment.
    const answer = await acts.run(`${amountFen} ${provider} ${scene}`, async (id) => {
      const body = { topUpId: id, amountFen, provider, scene };
      return callerOf({ locale })<BegunTopUp>("POST", `${PATH}/top-ups`, body);
    });
    if (answer === null) return;
    if (!answer.ok) {
      if (isPayerUnknown(answer.problem)) return meetPayer();
      const isFull = answer.problem.figures["reason"] === "stored_value_full";
      return setState(isFull ? "full" : "failed");
    }
    setTopUpId(answer.value.topUpId);
    const outcome = await handOverTo(answer.value.handOver);
    if (outcome.kind === "code") setCode(outcome.svg);
    setState(outcome.kind === "asked" ? "confirming" : "no");
  };

  return {
    ...{ stored, state, arrivedFen, code },
    topUp: (amountFen, provider, scene) => void begin(amountFen, provider, scene),
  };
}
