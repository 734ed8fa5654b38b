import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ShipmentView } from "../../../worker/fulfilment/wire.ts";
import { createDeliveryApi } from "../../client/delivery-api.ts";
import { copyText } from "../../client/share.ts";
import { deliveryText } from "../../locales/delivery.ts";
import type { DeliveryText } from "../../locales/delivery.zh-CN.ts";
import { Dialog, DialogChoice } from "../../ui/dialog.tsx";
import { Badge } from "../../ui/parts.tsx";
import { useText } from "../../ui/text.tsx";
import type { PartProps } from "./delivery-block.tsx";

const FIRST_POINTS = 2;

function Parcel(props: {
  parcel: ShipmentView;
  at: number;
  all: number;
  words: DeliveryText["block"];
}): JSX.Element {
  const { parcel, at, all, words } = props;
  const t = useText();
  const [isOpen, setOpen] = useState(false);
  const [isCopied, setCopied] = useState(false);
  const points = isOpen ? parcel.points : parcel.points.slice(0, FIRST_POINTS);
  const tone = parcel.state === "signed" ? "ok" : parcel.state === "in_trouble" ? "danger" : "info";
  return (
    <div class="dl-parcel">
      <div class="dl-row">
        <span>
          {all > 1 && <span class="note mute">{words.parcel(at, all)} </span>}
          {parcel.carrierName} <span class="num nb small">{parcel.trackingNo}</span>
        </span>
        <Badge tone={tone}>{words.parcelState[parcel.state]}</Badge>
      </div>
      {points.length === 0 ? (
        <p class="note mute">{words.noPoints}</p>
      ) : (
        <ol class="dl-way">
          {points.map(({ atMs, text }) => (
            <li key={`${atMs} ${text}`}>
              {text}
              <span class="note">{t.common.dateTime(atMs, atMs)}</span>
            </li>
          ))}
        </ol>
      )}
      <div class="dl-acts">
        {!isOpen && parcel.points.length > FIRST_POINTS && (
          <button type="button" class="btn quiet sm" onClick={() => setOpen(true)}>
            {words.more}
          </button>
        )}
        <button
          type="button"
          class="btn line sm"
          onClick={() => void copyText(parcel.trackingNo).then(setCopied)}
        >
          <span role="status">{isCopied ? words.copied : words.copy}</span>
        </button>
      </div>
    </div>
  );
}

export function Parcels(props: PartProps): JSX.Element | null {
  const { view, order, locale, take } = props;
  const words = deliveryText(locale).block;
  const t = useText();
  const [isAsking, setAsking] = useState(false);
  const { shipments, unitsToShip, state } = view;
  if (shipments.length === 0) return null;
  const receive = async (): Promise<void> => {
    take(await createDeliveryApi({ locale }).receive(order.orderId));
    setAsking(false);
  };
  return (
    <section class="card dl-block">
      <h2>{words.parcels}</h2>
      {shipments.map((parcel, at) => (
        <Parcel
          key={parcel.shipmentId}
          parcel={parcel}
          at={at + 1}
          all={shipments.length}
          words={words}
        />
      ))}
      {unitsToShip > 0 && <p class="small sec">{words.waitingParcel(unitsToShip)}</p>}
      {state === "shipped" && (unitsToShip === 0 || order.dueAtMs !== null) && (
        <>
          <button type="button" class="btn primary block" onClick={() => setAsking(true)}>
            {words.receive}
          </button>
          {order.dueAtMs !== null && (
            <p class="note mute">
              {words.receiveByItself(t.common.date(order.dueAtMs, props.nowMs))}
            </p>
          )}
        </>
      )}
      {isAsking && (
        <Dialog title={words.receiveAsk} onClose={() => setAsking(false)}>
          <DialogChoice
            {...{ keep: words.notYet, act: words.receiveYes }}
            onKeep={() => setAsking(false)}
            onAct={() => void receive()}
          />
        </Dialog>
      )}
    </section>
  );
}
