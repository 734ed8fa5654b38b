import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { SaleView } from "../../../worker/redemption/wire.ts";
import type { SessionView } from "../../../worker/sales/wire.ts";
import { Badge, useWords, type Tone } from "../kit/index.ts";
import { SALES } from "./words.ts";

export const SESSIONS = "/api/v1/staff/sessions";

export type Standing =
  | "draft"
  | "scheduling"
  | "scheduled"
  | "open"
  | "paused"
  | "closed"
  | "cancelled"
  | "soldOut";

const TONES: Readonly<Record<Standing, Tone>> = {
  draft: "plain",
  scheduling: "info",
  scheduled: "info",
  open: "brand",
  paused: "warn",
  closed: "plain",
  cancelled: "plain",
  soldOut: "ink",
};

export function standingOfSale(sale: SaleView): Standing {
  return sale.status === "open" && sale.soldOut ? "soldOut" : sale.status;
}

/** A session is what the liveliest of its sales is. */
export function standingOf(session: Pick<SessionView, "state" | "sales">): Standing {
  if (session.state !== "scheduled") return session.state;
  const all = new Set(session.sales.map(standingOfSale));
  const order: readonly Standing[] = ["open", "paused", "soldOut", "scheduled", "closed"];
  return order.find((one) => all.has(one)) ?? "scheduled";
}

export function StandingBadge({ standing }: { standing: Standing }): JSX.Element {
  const words = useWords(SALES);
  return <Badge tone={TONES[standing]}>{words.state[standing]}</Badge>;
}

/** When the page was opened: days are named by it. */
export function useNow(): number {
  const [nowMs] = useState(() => Date.now());
  return nowMs;
}

export const livePath = (saleId: string): string =>
  `/console/sales/live/${encodeURIComponent(saleId)}`;
export const sessionPath = (sessionId: string): string => `/console/sales/sessions/${sessionId}`;
