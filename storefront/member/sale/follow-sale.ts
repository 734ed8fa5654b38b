import type { Following } from "../../client/keep-current.ts";
import type { SaleController } from "./sale-controller.ts";
import type { SaleData } from "./sale-model.ts";

/** The minutes in which thousands wait for one SKU are no time to read pages anew, and its door tells all that counts then. */
const NEAR_HOUR_MS = 60_000;
const LISTEN_AFTER_MS = 3_000;

export const isNearHour = (controller: SaleController): boolean => {
  const { sale, nowMs } = controller.model.get();
  return sale.kind === "flash" && Math.abs(nowMs - sale.opensAtMs) < NEAR_HOUR_MS;
};

export function followSale({ sale }: SaleData, controller: SaleController): void {
  const following: Following = {
    isWhole: () => !isNearHour(controller),
    hasDoor: sale.kind === "flash",
    renew: (fresh) => {
      if (fresh.page === "sale") controller.renew(fresh);
    },
  };
  setTimeout(() => {
    import("../../client/keep-current.ts").then(
      ({ keepCurrent }) => keepCurrent(following),
      () => undefined,
    );
  }, LISTEN_AFTER_MS);
}
