import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { VoucherView } from "../../../worker/fulfilment/wire.ts";
import type { Locale } from "../../../worker/pages/page-data.ts";
import { createDeliveryApi } from "../../client/delivery-api.ts";
import type { DeliveryText } from "../../locales/delivery.zh-CN.ts";
import { useText } from "../../ui/text.tsx";

/** The programme's clock, whatever the phone's is set to. */
const msOf = (text: string): number => Date.parse(`${text}:00+08:00`);

/** When and where the member means to come, so that the store has it on its list of the day. */
export function Booking(props: {
  voucher: VoucherView;
  locale: Locale;
  words: DeliveryText["voucher"];
  onBooked: (voucher: VoucherView) => void;
}): JSX.Element {
  const { voucher, locale, words, onBooked } = props;
  const t = useText();
  const [storeId, setStoreId] = useState(voucher.bookedStoreId ?? voucher.stores[0]?.storeId ?? "");
  const [time, setTime] = useState("");
  const [hasFailed, setFailed] = useState(false);
  const send = async (toStore: string | null, atMs: number | null): Promise<void> => {
    const answer = await createDeliveryApi({ locale }).book(voucher.voucherId, toStore, atMs);
    setFailed(!answer.ok);
    if (answer.ok) onBooked(answer.value);
  };
  const { bookedStoreId, bookedAtMs } = voucher;
  const booked = voucher.stores.find((one) => one.storeId === bookedStoreId);
  return (
    <section class="card dl-block">
      <h2>{words.booking}</h2>
      {booked && bookedAtMs !== null ? (
        <>
          <p>{words.booked(booked.name, t.common.dateTime(bookedAtMs, bookedAtMs))}</p>
          <button type="button" class="btn line block" onClick={() => void send(null, null)}>
            {words.unbook}
          </button>
        </>
      ) : (
        <form
          class="dl-form"
          onSubmit={(event) => {
            event.preventDefault();
            const atMs = msOf(time);
            if (storeId !== "" && !Number.isNaN(atMs)) void send(storeId, atMs);
          }}
        >
          <p class="small sec">{words.bookingHint}</p>
          <select
            class="dl-in"
            aria-label={words.store}
            value={storeId}
            onChange={(event) => setStoreId(event.currentTarget.value)}
          >
            {voucher.stores.map((one) => (
              <option key={one.storeId} value={one.storeId}>
                {one.name}
              </option>
            ))}
          </select>
          <input
            class="dl-in"
            type="datetime-local"
            aria-label={words.time}
            value={time}
            onInput={(event) => setTime(event.currentTarget.value)}
          />
          <p class="note danger" role="alert">
            {hasFailed ? words.bookFailed : ""}
          </p>
          <button type="submit" class="btn quiet block" aria-disabled={time === ""}>
            {words.book}
          </button>
        </form>
      )}
    </section>
  );
}
