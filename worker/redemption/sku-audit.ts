/** What a Sku can prove about itself: counters against rows, and its takes page by page. */
import type { OrderRef } from "./messages.ts";
import type { SaleStatus, Take } from "./model.ts";
import type { SkuStore } from "./store.ts";

export interface SaleAudit {
  readonly saleId: string;
  readonly status: SaleStatus;
  readonly epoch: number;
  readonly shelf: number;
  readonly returned: number;
  readonly reserve: number;
  readonly live: number;
  readonly movedOut: number;
  readonly stocked: number;
  readonly granted: number;
  readonly version: number;
}

/** A sale's counters beside what its rows add up to; for the deep audit, since it reads them all. */
export interface SaleRecount {
  readonly saleId: string;
  readonly live: number;
  readonly granted: number;
  readonly liveInRows: number;
  readonly grantedInRows: number;
}

export function recountSku(store: SkuStore): SaleRecount[] {
  return store.allSales().map(({ terms: { saleId }, live, granted }) => {
    const rows = store.takes.count(saleId);
    return { saleId, live, granted, liveInRows: rows.live, grantedInRows: rows.granted };
  });
}

/** What the Sku has committed and others have not yet, over all its sales. */
export interface SkuBacklog {
  /** Grants, and tickets given back, that their Account has not acknowledged. */
  readonly unsettled: number;
  /** Age of the oldest of them; 0: there is none. */
  readonly unsettledOldestMs: number;
  /** Sales whose newest version D1 has not. */
  readonly unprojected: number;
  readonly projectionLagMs: number;
}

export function backlogOf(store: SkuStore, nowMs: number): SkuBacklog {
  const [oldest] = store.takes.unsettled(1);
  const waitingSinceMs = store.unprojected(Number.MAX_SAFE_INTEGER).map((row) => row.changedAtMs);
  const since = (atMs: number): number => Math.max(0, nowMs - atMs);
  return {
    unsettled: store.takes.unsettledCount,
    unsettledOldestMs: oldest ? since(oldest.take.atMs) : 0,
    unprojected: waitingSinceMs.length,
    projectionLagMs: waitingSinceMs.length > 0 ? since(Math.min(...waitingSinceMs)) : 0,
  };
}

export interface SkuAudit extends SkuBacklog {
  readonly sales: readonly SaleAudit[];
}

export function auditSku(store: SkuStore, nowMs: number): SkuAudit {
  const sales = store.allSales().map((sale): SaleAudit => {
    return {
      saleId: sale.terms.saleId,
      status: sale.status,
      epoch: sale.epoch,
      shelf: sale.shelf,
      returned: sale.returned,
      reserve: sale.reserve,
      live: sale.live,
      movedOut: sale.movedOut,
      stocked: sale.stocked,
      granted: sale.granted,
      version: sale.version,
    };
  });
  return { sales, ...backlogOf(store, nowMs) };
}

export interface TakesCursor {
  readonly saleId: string;
  readonly memberKey: string;
  readonly orderId: string;
}

export interface TakesPage {
  readonly takes: readonly {
    readonly saleId: string;
    readonly ref: OrderRef;
    readonly take: Take;
  }[];
  readonly next: TakesCursor | null;
}

const PAGE_ROWS = 500;

export function auditTakes(store: SkuStore, after: TakesCursor): TakesPage {
  const takes = store.takes.after(after, PAGE_ROWS);
  const last = takes.at(-1);
  const isFull = takes.length === PAGE_ROWS;
  return { takes, next: isFull && last ? { saleId: last.saleId, ...last.ref } : null };
}
