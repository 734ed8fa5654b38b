import { follow } from "../../client/follow.ts";
import type { SaleController } from "./sale-controller.ts";
import type { SaleData } from "./sale-model.ts";

/** The minutes in which thousands wait for one SKU are no time to read pages anew, and its door tells all that counts then. */
const NEAR_HOUR_MS = 60_000;

export const isNearHour = (controller: SaleController): boolean => {
  const { sale, nowMs } = controller.model.get();
  return sale.kind === "flash" && Math.abs(nowMs - sale.opensAtMs) < NEAR_HOUR_MS;
};

export function followSale(data: SaleData, controller: SaleController): void {
  follow(data, {
    isWhole: () => !isNearHour(controller),
    hasDoor: data.sale.kind === "flash",
    renew: (fresh) => {
      if (fresh.page === "sale") controller.renew(fresh);
    },
  });
}
