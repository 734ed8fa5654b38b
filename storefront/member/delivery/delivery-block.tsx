import type { JSX } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { OrderView } from "../../../worker/accounts/wire.ts";
import type { DeliveryView } from "../../../worker/fulfilment/wire.ts";
import type { Locale } from "../../../worker/pages/page-data.ts";
import type { Answer } from "../../client/api.ts";
import { createDeliveryApi } from "../../client/delivery-api.ts";
import { onComeBack } from "../../client/visibility.ts";
import { deliveryText } from "../../locales/delivery.ts";
import { Parcels } from "./parcels.tsx";
import { Recipient } from "./recipient.tsx";
import { Codes, Rating, TopUp, Vouchers } from "./rights.tsx";

export interface DeliveryProps {
  readonly order: OrderView;
  /** As it came with the page; null: it is read when the page is there. */
  readonly delivery: DeliveryView | null;
  readonly locale: Locale;
  readonly nowMs: number;
  /** The order itself has changed. */
  readonly onChange: () => void;
}

const HAS_DELIVERY = new Set<OrderView["state"]>([
  ...(["placed", "awaiting_payment", "to_ship", "to_write_off", "issuing"] as const),
  ...(["shipped", "received", "closed"] as const),
]);

/** Nothing for an order that ended before there was anything to deliver; a top-up that failed says so. */
export function Delivery(props: DeliveryProps): JSX.Element | null {
  const { state, goodsKind } = props.order;
  const isShown = HAS_DELIVERY.has(state) || goodsKind === "virtual";
  return isShown ? <DeliveryBlock {...props} /> : null;
}

export interface PartProps extends DeliveryProps {
  readonly view: DeliveryView;
  /** Takes up what an act has answered; false when it was refused. */
  readonly take: (answer: Answer<DeliveryView>) => boolean;
}

/** How an order reaches its member, as the authority says it now. */
function DeliveryBlock(props: DeliveryProps): JSX.Element | null {
  const { order, delivery, locale, onChange } = props;
  const words = deliveryText(locale).block;
  const [view, setView] = useState(delivery);
  const [isOffline, setOffline] = useState(false);
  const { orderId, state, version } = order;
  const read = useCallback(async (): Promise<void> => {
    const answer = await createDeliveryApi({ locale }).delivery(orderId);
    setOffline(!answer.ok && answer.status === 0);
    if (answer.ok) setView(answer.value);
  }, [locale, orderId]);
  // What came with the page is of the order as it came; a later state is read anew.
  const knownRef = useRef(delivery === null ? "" : `${state} ${version}`);
  useEffect(() => {
    const now = `${state} ${version}`;
    if (knownRef.current !== now) void read();
    knownRef.current = now;
  }, [read, state, version]);
  useEffect(
    () =>
      onComeBack(
        () => void read(),
        () => undefined,
      ),
    [read],
  );
  if (!view)
    return (
      <section class="card dl-block dl-wait" aria-busy={!isOffline}>
        <p class={isOffline ? "small warn" : "sr"} role="status">
          {isOffline ? words.offline : words.loading}
        </p>
      </section>
    );
  const take = (answer: Answer<DeliveryView>): boolean => {
    if (answer.ok) setView(answer.value);
    if (answer.ok) onChange();
    return answer.ok;
  };
  const part: PartProps = { ...props, view, take };
  return (
    <>
      {isOffline && (
        <p class="small warn" role="status">
          {words.offline}
        </p>
      )}
      <Recipient {...part} />
      <TopUp {...part} />
      <Parcels {...part} />
      <Vouchers {...part} />
      <Codes {...part} />
      <Rating {...part} />
    </>
  );
}
