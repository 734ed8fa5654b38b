import { frozenEpoch } from "./frozen.ts";
import type { SaleStanding } from "./messages.ts";
import type { Sale } from "./model.ts";

/** Where a sale stands now, as every reply and broadcast tells it. */
export function standingOf(sale: Sale): SaleStanding {
  return {
    saleId: sale.terms.saleId,
    status: sale.status,
    epoch: sale.epoch,
    remaining: sale.shelf,
    returned: sale.returned,
    redeemed: sale.live,
    soldOutAtMs: sale.soldOutAtMs,
    nextWaveAtMs: sale.nextWaveAtMs,
    opensAtMs: sale.terms.opensAtMs,
    closesAtMs: sale.terms.closesAtMs,
    units: sale.stocked,
    closedAtMs: sale.status === "closed" ? sale.closedAtMs : null,
    termsVersion: sale.terms.version,
    version: sale.version,
    frozen: frozenEpoch(sale),
  };
}
