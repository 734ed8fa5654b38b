import type { VoucherView } from "../../../worker/fulfilment/wire.ts";
import { timeHm } from "../../ui/format.ts";
import { useText } from "../../ui/text.tsx";

/** Where and when the member is expected, in words. */
export function useVisit(
  { stores, bookedStoreId, bookedAtMs, bookedUntilMs }: VoucherView,
  nowMs: number,
): { readonly store: string; readonly when: string } {
  const t = useText();
  return {
    store: stores.find((one) => one.storeId === bookedStoreId)?.name ?? "",
    when: `${t.common.dateTime(bookedAtMs ?? 0, nowMs)}–${timeHm(bookedUntilMs ?? 0)}`,
  };
}
