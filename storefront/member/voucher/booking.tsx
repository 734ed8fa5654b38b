import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { BookingOfferView, VoucherView } from "../../../worker/fulfilment/wire.ts";
import type { Locale } from "../../../worker/pages/page-data.ts";
import { createDeliveryApi } from "../../client/delivery-api.ts";
import type { DeliveryText } from "../../locales/delivery.zh-CN.ts";
import { Dialog, DialogChoice } from "../../ui/dialog.tsx";
import { dateIso, timeHm, weekdayName } from "../../ui/format.ts";
import { localeOf, useText } from "../../ui/text.tsx";
import { useVisit } from "./visit.ts";

type Words = DeliveryText["voucher"];
type Offer = NonNullable<BookingOfferView["offer"]>;
type Slot = Offer["slots"][number];

interface Given {
  readonly voucher: VoucherView;
  /** As the page came with it; null: it is still to be asked for. */
  readonly given: BookingOfferView | null;
  readonly nowMs: number;
  readonly locale: Locale;
  readonly words: Words;
  readonly onBooked: (voucher: VoucherView) => void;
}

/** Why the last attempt was refused, and what is free instead. */
interface Refused {
  readonly reason: string;
  readonly others: readonly Slot[];
}

function useBooking({ voucher, given, locale, onBooked }: Given) {
  const { voucherId } = voucher;
  const [read, setRead] = useState(given);
  const [storeId, setStoreId] = useState<string | null>(null);
  const [refused, setRefused] = useState<Refused | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [turn, setTurn] = useState(0);
  const isAsGiven = given !== null && storeId === null && turn === 0;
  useEffect(() => {
    if (isAsGiven) return undefined;
    let isGone = false;
    void createDeliveryApi({ locale })
      .slots(voucherId, storeId)
      .then((answer) => {
        if (!isGone && answer.ok) setRead(answer.value);
      });
    return () => {
      isGone = true;
    };
  }, [voucherId, storeId, locale, turn, isAsGiven]);
  const send = async (toStore: string | null, atMs: number | null): Promise<boolean> => {
    setBusy(true);
    const answer = await createDeliveryApi({ locale }).book(voucherId, toStore, atMs);
    setBusy(false);
    setTurn((old) => old + 1);
    if (answer.ok) {
      setRefused(null);
      onBooked(answer.value);
      return true;
    }
    const { reason, others } = answer.problem.figures as { reason?: string; others?: Slot[] };
    setRefused({ reason: reason ?? answer.problem.code, others: others ?? [] });
    return false;
  };
  return { read, refused, isBusy, send, choose: setStoreId };
}

/** When the member comes, so that the store has a place for them. */
export function Booking(given: Given): JSX.Element | null {
  const { voucher, nowMs, words } = given;
  const { read, refused, isBusy, send, choose } = useBooking(given);
  const [isMoving, setMoving] = useState(false);
  const [isLeaving, setLeaving] = useState(false);
  if (!read) return null;
  if (read.stores.length === 0) return <p class="small mute vc-hint">{words.noBookings}</p>;
  const { bookedUntilMs } = voucher;
  const isAhead = bookedUntilMs !== null && bookedUntilMs > nowMs;
  const { offer } = read;
  const mayChoose = (offer?.bookingsLeft ?? 0) > 0;
  // A store that takes no more bookings holds nobody to one.
  const mayLeave = offer === null || (offer.moveUntilMs ?? 0) >= nowMs;
  return (
    <section class="card dl-block">
      <h2>{words.booking}</h2>
      {bookedUntilMs !== null && <Booked {...given} isAhead={isAhead} offer={offer} />}
      {isAhead && mayLeave && (
        <p class="dl-pair">
          <button type="button" class="btn line" onClick={() => setLeaving(true)}>
            {words.unbook}
          </button>
          {mayChoose && (
            <button type="button" class="btn quiet" onClick={() => setMoving(!isMoving)}>
              {isMoving ? words.stay : words.move}
            </button>
          )}
        </p>
      )}
      {isLeaving && (
        <LeaveDialog
          {...{ voucher, nowMs, words, isBusy, bookingsLeft: offer?.bookingsLeft ?? 0 }}
          onKeep={() => setLeaving(false)}
          onLeave={() => void send(null, null).then(() => setLeaving(false))}
        />
      )}
      {!isAhead && !mayChoose && <p class="small sec">{words.askStore}</p>}
      {(!isAhead || isMoving) && mayChoose && offer && (
        <Chooser
          key={read.storeId}
          {...{ read, offer, refused, isBusy, words, nowMs, onStore: choose }}
          onBook={(atMs) =>
            void send(read.storeId, atMs).then((isDone) => isDone && setMoving(false))
          }
        />
      )}
      <p class="small danger" role="alert">
        {refused ? (words.bookingRefused[refused.reason] ?? words.bookFailed) : ""}
      </p>
    </section>
  );
}

/** What becomes of the place and of the voucher, before either is given up. */
function LeaveDialog(props: {
  voucher: VoucherView;
  nowMs: number;
  words: Words;
  isBusy: boolean;
  /** How often the member may book again by themselves. */
  bookingsLeft: number;
  onKeep: () => void;
  onLeave: () => void;
}): JSX.Element {
  const { voucher, nowMs, words, isBusy, bookingsLeft, onKeep, onLeave } = props;
  const { store, when } = useVisit(voucher, nowMs);
  return (
    <Dialog title={words.leaveTitle} onClose={onKeep}>
      <p class="small">{words.leaves(store, when)}</p>
      <p class="small sec">
        {words.leaveKeeps(voucher.usesLeft)}{" "}
        {bookingsLeft > 0 ? words.leaveAgain(bookingsLeft) : words.leaveForGood}
      </p>
      <DialogChoice
        keep={words.leaveNot}
        act={words.leave}
        onAct={onLeave}
        {...{ onKeep, isBusy }}
      />
    </Dialog>
  );
}

/** The booking that stands, and what may still be done with it. */
function Booked(props: Given & { isAhead: boolean; offer: Offer | null }): JSX.Element {
  const { voucher, nowMs, words, isAhead, offer } = props;
  const t = useText();
  const { store, when } = useVisit(voucher, nowMs);
  if (!isAhead) return <p>{words.wasBooked(store, when)}</p>;
  const { moveUntilMs, bookingsLeft } = offer ?? { moveUntilMs: null, bookingsLeft: 0 };
  return (
    <>
      <p>{words.booked(store, when)}</p>
      {moveUntilMs !== null && (
        <p class="small sec">
          {moveUntilMs < nowMs
            ? words.tooLateToMove
            : words.moveUntil(t.common.dateTime(moveUntilMs, nowMs), bookingsLeft)}
        </p>
      )}
    </>
  );
}

const noonMs = (day: string): number => Date.parse(`${day}T12:00:00+08:00`);

function Chooser(props: {
  read: BookingOfferView;
  offer: Offer;
  refused: Refused | null;
  isBusy: boolean;
  words: Words;
  nowMs: number;
  onStore: (storeId: string) => void;
  onBook: (atMs: number) => void;
}): JSX.Element {
  const { read, offer, refused, isBusy, words, nowMs, onStore, onBook } = props;
  const t = useText();
  const [chosenMs, setChosen] = useState<number | null>(null);
  const [day, setDay] = useState("");
  const days = [...new Set(offer.slots.map(({ fromMs }) => dateIso(fromMs)))];
  const shown = days.includes(day) ? day : (days[0] ?? "");
  const chosen = offer.slots.find(({ fromMs }) => fromMs === chosenMs);
  const slots = offer.slots.filter(({ fromMs }) => dateIso(fromMs) === shown);
  const pick = (fromMs: number): void => {
    setDay(dateIso(fromMs));
    setChosen(fromMs);
  };
  return (
    <div class="dl-form bk-form">
      {read.stores.length > 1 && (
        <select
          class="dl-in"
          aria-label={words.store}
          value={read.storeId ?? ""}
          onChange={(event) => onStore(event.currentTarget.value)}
        >
          {read.stores.map(({ storeId, name }) => (
            <option key={storeId} value={storeId}>
              {name}
            </option>
          ))}
        </select>
      )}
      {days.length === 0 && <p class="small sec">{words.noSlots}</p>}
      <div class="bk-days" role="group" aria-label={words.day}>
        {days.map((one) => (
          <button key={one} type="button" aria-pressed={one === shown} onClick={() => setDay(one)}>
            {t.common.date(noonMs(one), nowMs)} {weekdayName(localeOf(t), noonMs(one))}
          </button>
        ))}
      </div>
      {refused && refused.others.length > 0 && (
        <>
          <p class="small sec">{words.others}</p>
          <Slots slots={refused.others} {...{ chosenMs, words, onPick: pick }} isDated />
        </>
      )}
      <Slots slots={slots} {...{ chosenMs, words, onPick: pick }} />
      <p class="small sec">{words.moveRule(offer.moveHours, offer.bookingsLeft - 1)}</p>
      <button
        type="button"
        class="btn primary block"
        aria-disabled={!chosen || isBusy}
        onClick={() => {
          if (chosen && !isBusy) onBook(chosen.fromMs);
        }}
      >
        {chosen ? words.book(t.common.dateTime(chosen.fromMs, nowMs)) : words.chooseSlot}
      </button>
    </div>
  );
}

function Slots(props: {
  slots: readonly Slot[];
  chosenMs: number | null;
  words: Words;
  onPick: (fromMs: number) => void;
  isDated?: boolean;
}): JSX.Element {
  const { slots, chosenMs, words, onPick, isDated = false } = props;
  const t = useText();
  return (
    <div class="bk-slots" role="group" aria-label={isDated ? words.others : words.time}>
      {slots.map(({ fromMs, untilMs, placesLeft }) => (
        <button
          key={fromMs}
          type="button"
          data-slot={fromMs}
          aria-pressed={fromMs === chosenMs}
          onClick={() => onPick(fromMs)}
        >
          <b class="num">
            {isDated ? t.common.dateTime(fromMs, fromMs) : timeHm(fromMs)}–{timeHm(untilMs)}
          </b>
          <span class="small">{words.places(placesLeft)}</span>
        </button>
      ))}
    </div>
  );
}
