import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { OrderView } from "../../../worker/accounts/wire.ts";
import type { Locale } from "../../../worker/pages/page-data.ts";

export interface DeliveryProps {
  readonly order: OrderView;
  readonly locale: Locale;
  readonly nowMs: number;
  /** The order itself has changed. */
  readonly onChange: () => void;
}

const HAS_DELIVERY = new Set<OrderView["state"]>([
  ...(["placed", "awaiting_payment", "to_ship", "to_write_off", "issuing"] as const),
  ...(["shipped", "received", "closed"] as const),
]);

/** Fetched when an order has something to deliver: who looks at an ended one never loads it. */
export function DeliverySlot(props: DeliveryProps): JSX.Element | null {
  const [Block, setBlock] = useState<ComponentType<DeliveryProps> | null>(null);
  const isOn = HAS_DELIVERY.has(props.order.state);
  useEffect(() => {
    if (!isOn) return;
    void import("./start-delivery.tsx").then(({ DeliveryBlock }) => setBlock(() => DeliveryBlock));
  }, [isOn]);
  if (!isOn) return null;
  if (Block) return <Block {...props} />;
  return <section class="card dl-block dl-wait" aria-busy="true" />;
}
