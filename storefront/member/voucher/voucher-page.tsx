import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ShownCodesView, VoucherView } from "../../../worker/fulfilment/wire.ts";
import type { Locale, PageData } from "../../../worker/pages/page-data.ts";
import { createDeliveryApi } from "../../client/delivery-api.ts";
import { orderPath } from "../../client/paths.ts";
import { deliveryText } from "../../locales/delivery.ts";
import type { DeliveryText } from "../../locales/delivery.zh-CN.ts";
import { check, clock, info, orders, refresh, right } from "../../ui/icons.ts";
import { Icon } from "../../ui/icon.tsx";
import { lastMs, timeHm } from "../../ui/format.ts";
import { Badge } from "../../ui/parts.tsx";
import { useText } from "../../ui/text.tsx";
import { SubFrame } from "../mine/sub-frame.tsx";
import { Booking } from "./booking.tsx";
import { Qr } from "./qr.tsx";

export type VoucherData = Extract<PageData, { page: "voucher" }>;
type Words = DeliveryText["voucher"];

const ICONS = { check, clock, info, orders, refresh, right };
const ASK_EVERY_MS = 3_000;

interface Live {
  readonly shown: ShownCodesView;
  /** The server's clock, carried on by the phone's. */
  readonly nowMs: number;
  readonly isOffline: boolean;
  readonly put: (voucher: VoucherView) => void;
}

/** Asks while it is seen; without a network it goes on by what it has, and says so. */
function useVoucher(data: VoucherData): Live {
  const [shown, setShown] = useState(data.shown);
  // By the page's clock, which has gone on where the page was kept on the phone; codes that were read later begin later.
  const openedAtMs = Math.max(data.serverTimeMs, data.shown.serverTimeMs);
  const [offsetMs, setOffset] = useState(0);
  const [nowMs, setNow] = useState(openedAtMs);
  const [isOffline, setOffline] = useState(false);
  const { voucherId } = data.shown.voucher;
  useEffect(() => {
    setOffset(openedAtMs - Date.now());
  }, [openedAtMs]);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now() + offsetMs), 1_000);
    return () => clearInterval(timer);
  }, [offsetMs]);
  const isLive = shown.voucher.state === "live";
  useEffect(() => {
    if (!isLive) return undefined;
    const api = createDeliveryApi({ locale: data.locale, timeoutMs: 5_000 });
    const timer = setInterval(() => {
      if (document.visibilityState !== "visible") return;
      void api.voucherCodes(voucherId).then((answer) => {
        setOffline(!answer.ok && answer.status === 0);
        if (!answer.ok) return;
        setShown(answer.value);
        setOffset(answer.value.serverTimeMs - Date.now());
        // With its codes, which begin at the minute it was read in: the second before would have none of them.
        setNow(answer.value.serverTimeMs);
      });
    }, ASK_EVERY_MS);
    return () => clearInterval(timer);
  }, [isLive, voucherId, data.locale]);
  return {
    ...{ shown, nowMs, isOffline },
    put: (voucher) => setShown((old) => ({ ...old, voucher })),
  };
}

function Code({ live, words }: { live: Live; words: Words }): JSX.Element {
  const { shown, nowMs, isOffline } = live;
  const code = shown.codes.find(({ fromMs, untilMs }) => nowMs >= fromMs && nowMs < untilMs);
  if (!code) {
    return (
      <div class="vc-stale" role="status">
        <Icon name="refresh" size={28} />
        <p>{words.stale}</p>
      </div>
    );
  }
  const seconds = Math.max(0, Math.ceil((code.untilMs - nowMs) / 1_000));
  return (
    <div class="vc-code">
      <Qr text={code.qr} label={words.qrLabel} />
      <p class="vc-digits num" data-code={code.code}>
        {code.code.replace(/^(\d{4})(\d{4})(\d{4})$/, "$1 $2 $3")}
      </p>
      <p class="small sec vc-next">
        <Icon name="refresh" size={16} />
        {words.renews(seconds)}
      </p>
      {isOffline && (
        <p class="small warn" role="status">
          {words.offline(timeHm(shown.serverTimeMs))}
        </p>
      )}
    </div>
  );
}

function Used({ voucher, words }: { voucher: VoucherView; words: Words }): JSX.Element | null {
  const t = useText();
  const last = voucher.uses.find(({ isReversed }) => !isReversed);
  if (!last) return null;
  return (
    <div class="vc-used" role="status">
      <span class="vc-seal">{words.used}</span>
      <p class="small sec">
        {words.usedAt(last.storeName, t.common.dateTime(last.atMs, last.atMs), last.uses)}
      </p>
    </div>
  );
}

function Head({ voucher, words }: { voucher: VoucherView; words: Words }): JSX.Element {
  const t = useText();
  const { title, usesLeft, usesTotal, storeIds, expiresAtMs, validFromMs } = voucher;
  const until = t.common.date(lastMs(expiresAtMs), validFromMs);
  return (
    <header class="vc-head">
      <p>
        <Badge tone="brand">{words.inStore}</Badge>
        <span class="small sec">{words.left(usesLeft, usesTotal)}</span>
      </p>
      <h2>{title}</h2>
      <p class="small sec">
        {words.until(until)} ·{" "}
        {storeIds === null ? words.everyStore : words.stores(storeIds.length)}
      </p>
    </header>
  );
}

export function VoucherPage({ data }: { data: VoucherData }): JSX.Element {
  const locale: Locale = data.locale;
  const words = deliveryText(locale).voucher;
  const live = useVoucher(data);
  const { voucher } = live.shown;
  const isLive = voucher.state === "live";
  return (
    <SubFrame title={words.title} back={deliveryText(locale).addresses.back} icons={ICONS}>
      <div class="ls">
        <section class="card vc">
          <Head voucher={voucher} words={words} />
          <div class="tear" />
          <Used voucher={voucher} words={words} />
          {isLive ? (
            <Code live={live} words={words} />
          ) : (
            <p class="vc-over sec">{words.over[voucher.state]}</p>
          )}
          {voucher.stores.length > 0 && (
            <>
              <div class="tear" />
              <ul class="vc-stores">
                {voucher.stores.slice(0, 6).map(({ storeId, name, address }) => (
                  <li key={storeId}>
                    <b>{name}</b>
                    <span class="small sec">{address}</span>
                  </li>
                ))}
              </ul>
            </>
          )}
        </section>
        {isLive && voucher.stores.length > 0 && (
          <Booking
            {...{ voucher, given: data.booking, locale, words, nowMs: live.nowMs }}
            onBooked={live.put}
          />
        )}
        {isLive && <p class="small mute vc-hint">{words.hint}</p>}
        <section class="card cells">
          <a href={orderPath(voucher.orderId)}>
            <Icon name="orders" />
            <span>{words.order}</span>
            <Icon name="right" size={16} />
          </a>
        </section>
      </div>
    </SubFrame>
  );
}
