import type { JSX } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import type { DeliveryView } from "../../../worker/fulfilment/wire.ts";
import type { Answer } from "../../client/api.ts";
import { createDeliveryApi } from "../../client/delivery-api.ts";
import { onComeBack } from "../../client/visibility.ts";
import { deliveryText } from "../../locales/delivery.ts";
import type { DeliveryProps } from "./delivery-slot.tsx";
import { Parcels } from "./parcels.tsx";
import { Recipient } from "./recipient.tsx";
import { Codes, Rating, TopUp, Vouchers } from "./rights.tsx";

export interface PartProps extends DeliveryProps {
  readonly view: DeliveryView;
  /** Takes up what an act has answered; false when it was refused. */
  readonly take: (answer: Answer<DeliveryView>) => boolean;
}

/** How an order reaches its member, as the authority says it now. */
export function DeliveryBlock(props: DeliveryProps): JSX.Element | null {
  const { order, locale, onChange } = props;
  const words = deliveryText(locale).block;
  const [view, setView] = useState<DeliveryView | null>(null);
  const [isOffline, setOffline] = useState(false);
  const { orderId, state, version } = order;
  const read = useCallback(async (): Promise<void> => {
    const answer = await createDeliveryApi({ locale }).delivery(orderId);
    setOffline(!answer.ok && answer.status === 0);
    if (answer.ok) setView(answer.value);
  }, [locale, orderId]);
  useEffect(() => void read(), [read, state, version]);
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
