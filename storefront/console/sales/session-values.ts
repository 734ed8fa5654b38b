/** A session between the form and the API. */
import type { SessionView } from "../../../worker/sales/wire.ts";
import { HOUR_MS } from "../../client/durations.ts";

export interface ItemValues {
  readonly skuId: string;
  readonly title: string | null;
  readonly pricePoints: number | null;
  readonly priceFen: number | null;
  readonly units: number | null;
  readonly limitPerMember: number | null;
  readonly dailyLimitPerMember: number | null;
  readonly quantityMax: number | null;
  readonly dailyUnits: number | null;
  readonly waveIntervalMs: number;
  readonly doors: number | null;
}

export interface SessionValues {
  readonly title: string;
  readonly note: string;
  readonly opensAtMs: number | null;
  readonly closesAtMs: number | null;
  readonly items: readonly ItemValues[];
}

export function newValues(dayStartMs: number, title: string): SessionValues {
  const opensAtMs = dayStartMs + 20 * HOUR_MS;
  return { title, note: "", opensAtMs, closesAtMs: opensAtMs + HOUR_MS / 2, items: [] };
}

const USUAL_UNITS = 100;

/** What is on the shelf bounds what is proposed: a newcomer's first draft passes the check as it stands. */
export function newItem(skuId: string, usualPoints: number, onShelf: number): ItemValues {
  return {
    skuId,
    title: null,
    pricePoints: Math.ceil(usualPoints / 2),
    priceFen: 0,
    units: onShelf > 0 ? Math.min(USUAL_UNITS, onShelf) : USUAL_UNITS,
    limitPerMember: 1,
    dailyLimitPerMember: null,
    quantityMax: 1,
    dailyUnits: null,
    waveIntervalMs: 30_000,
    doors: null,
  };
}

export function valuesOf(session: SessionView): SessionValues {
  const { title, note, opensAtMs, closesAtMs, items } = session;
  return { title, note, opensAtMs, closesAtMs, items };
}

/** An empty field is sent as what the server refuses, so that its sentence stands at the field. */
export function bodyOf(values: SessionValues, version?: number): unknown {
  return { ...values, ...(version === undefined ? {} : { version }) };
}
