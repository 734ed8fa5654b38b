/** What staff see of a sale while it runs and after it: read by the Sku from its own memory and rows. */
import type { SaleFigures } from "./figures.ts";
import type { SaleSnapshot } from "./messages.ts";
import type { Sale, Take } from "./model.ts";
import type { LoggedEvent } from "./sale-log-store.ts";
import { backlogOf, type SkuBacklog } from "./sku-audit.ts";
import type { SkuStore } from "./store.ts";

/** Sockets at one door, as it last said. */
export interface DoorCount {
  readonly door: string;
  readonly sockets: number;
  readonly atMs: number;
}

export interface SaleMonitor extends SkuBacklog {
  readonly snapshot: SaleSnapshot;
  readonly figures: SaleFigures;
  readonly events: readonly LoggedEvent[];
  readonly doors: readonly DoorCount[];
  /** The newest grants first. */
  readonly takes: readonly NumberedTake[];
}

export interface NumberedTake {
  readonly memberKey: string;
  readonly orderId: string;
  readonly take: Take;
}

const NEWEST_TAKES = 20;

export function readMonitor(
  store: SkuStore,
  sale: Sale,
  snapshot: SaleSnapshot,
  doors: readonly DoorCount[],
  nowMs: number,
): SaleMonitor {
  const { saleId } = sale.terms;
  return {
    snapshot,
    figures: store.log.figures(sale),
    events: store.log.events(saleId),
    doors: doors.filter(({ door }) => door.startsWith(`${saleId}:`)),
    ...backlogOf(store, nowMs),
    takes: store.takes.newest(saleId, Number.MAX_SAFE_INTEGER, NEWEST_TAKES),
  };
}
