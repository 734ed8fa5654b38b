import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { OrderView } from "../../../worker/accounts/wire.ts";
import type { BegunPayment, PayWays } from "../../../worker/payments/wire.ts";
import { callerOf } from "../../client/api.ts";
import { handOverTo, isPayerUnknown, meetPayer } from "../../client/pay.ts";

export type Way = PayWays["ways"][number];
export type Paying = "no" | "sent" | "confirming" | "failed";

const CHECK_EVERY_MS = 2_000;
/** Back from the cashier the answer is a moment away; then the member is let go on. */
const CHECKS_MAX = 15;
const TICK_MS = 250;

/** The server's time, counted on by this page. */
export function useServerNow(serverTimeMs: number): number {
  const [nowMs, setNowMs] = useState(serverTimeMs);
  useEffect(() => {
    const startedAt = Date.now();
    const tick = (): void => setNowMs(serverTimeMs + Date.now() - startedAt);
    const timer = setInterval(tick, TICK_MS);
    return () => clearInterval(timer);
  }, [serverTimeMs]);
  return nowMs;
}

const cameBack = (): boolean =>
  typeof location === "object" && /[?&]paying=1/.test(location.search);

export interface PayState {
  readonly ways: readonly Way[] | null;
  readonly paying: Paying;
  /** A QR code as SVG, or nothing. */
  readonly code: string;
  readonly pay: (provider: Way["provider"], scene: Way["scenes"][number]) => void;
}

/** Begins payments and asks what became of them. What the bank decided the server says; nothing is assumed here. */
export function usePaying(
  order: OrderView,
  given: readonly Way[] | null,
  page: { locale: string; isOver: boolean; onChange: (order: OrderView) => void },
): PayState {
  const { locale, isOver, onChange } = page;
  const path = `/api/v1/orders/${encodeURIComponent(order.orderId)}/payments`;
  const [ways, setWays] = useState(given);
  const [paying, setPaying] = useState<Paying>(() => (cameBack() ? "confirming" : "no"));
  const [code, setCode] = useState("");
  const checksLeftRef = useRef(CHECKS_MAX);

  const check = useCallback(async (): Promise<void> => {
    const answer = await callerOf({ locale })<OrderView>("POST", `${path}/check`, {});
    if (answer.ok) onChange(answer.value);
  }, [locale, path, onChange]);

  useEffect(() => {
    if (given !== null) return;
    void callerOf({ locale })<PayWays>("GET", path).then((answer) => {
      setWays(answer.ok ? answer.value.ways : []);
    });
  }, [given, locale, path]);

  const isAsking = paying === "confirming" || code !== "" || isOver;
  useEffect(() => {
    if (!isAsking) return undefined;
    checksLeftRef.current = CHECKS_MAX;
    const ask = (): void => {
      checksLeftRef.current -= 1;
      if (checksLeftRef.current < 0) setPaying((now) => (now === "confirming" ? "no" : now));
      void check();
    };
    ask();
    const timer = setInterval(ask, CHECK_EVERY_MS);
    return () => clearInterval(timer);
  }, [check, isAsking]);

  const begin = async (provider: Way["provider"], scene: Way["scenes"][number]): Promise<void> => {
    setPaying("sent");
    const answer = await callerOf({ locale })<BegunPayment>("POST", path, { provider, scene });
    if (!answer.ok) {
      if (isPayerUnknown(answer.problem)) return meetPayer();
      setPaying("failed");
      return check();
    }
    const outcome = await handOverTo(answer.value.handOver);
    if (outcome.kind === "code") setCode(outcome.svg);
    setPaying(outcome.kind === "asked" ? "confirming" : "no");
  };
  return { ways, paying, code, pay: (provider, scene) => void begin(provider, scene) };
}
