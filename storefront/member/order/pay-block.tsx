import type { JSX } from "preact";
import type { OrderView } from "../../../worker/accounts/wire.ts";
import type { OrderPayData } from "../../../worker/pages/page-data.ts";
import { isInWechat } from "../../client/pay.ts";
import { orderText } from "../../locales/order.ts";
import type { OrderText } from "../../locales/order.zh-CN.ts";
import { Icon } from "../../ui/icon.tsx";
import { yuan } from "../../ui/format.ts";
import { localeOf, useText } from "../../ui/text.tsx";
import { usePaying, useServerNow, type PayState } from "./paying.ts";
import { TenderChoice, useTender } from "./tender.tsx";

export interface PayBlockProps {
  order: OrderView;
  /** As it came with the page. */
  pay: OrderPayData;
  /** What the server's clock said when the page was made. */
  serverTimeMs: number;
  onChange: (order: OrderView) => void;
}

const SOON_MS = 60_000;

function clockOf(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1_000));
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
}

interface WaysProps {
  state: PayState;
  isOver: boolean;
  words: OrderText["pay"];
}

function Ways({ state, isOver, words }: WaysProps): JSX.Element {
  const { paying, pay } = state;
  const ways = state.ways ?? [];
  const isBusy = paying === "sent" || isOver;
  const scanned = ways.find(({ scenes }) => scenes.includes("qr"));
  return (
    <div class="pay-ways">
      {ways.map(({ provider, scenes }, at) => (
        <button
          key={provider}
          type="button"
          class={`btn block ${at === 0 ? "primary" : "line"}`}
          aria-disabled={isBusy}
          onClick={() => !isBusy && pay(provider, scenes.includes("jsapi") ? "jsapi" : "h5")}
        >
          {paying === "sent" && at === 0 ? <i class="spin" /> : <Icon name="wallet" size={20} />}
          {words.by[provider]}
        </button>
      ))}
      {scanned && (
        <button
          type="button"
          class="btn quiet block pay-scan"
          aria-disabled={isBusy}
          onClick={() => !isBusy && pay(scanned.provider, "qr")}
        >
          {words.scan}
        </button>
      )}
    </div>
  );
}

function saying({ state, isOver, words }: WaysProps): string {
  if (isOver) return words.over;
  if (state.paying === "confirming") return words.confirming;
  if (state.paying === "failed") return words.failed;
  if (state.ways?.length !== 0) return "";
  return isInWechat() ? words.noneHere : words.none;
}

/** How much, until when, and the ways to pay. */
export function PayBlock(props: PayBlockProps): JSX.Element | null {
  const { order, pay, serverTimeMs, onChange } = props;
  const locale = localeOf(useText());
  const words = orderText(locale).pay;
  const nowMs = useServerNow(serverTimeMs);
  const leftMs = (order.pay?.payByMs ?? 0) - nowMs;
  const isOver = order.pay !== null && leftMs <= 0;
  const state = usePaying(order, pay.ways, { locale, isOver, onChange });
  const tendering = useTender(order, pay.quote, { locale, onChange });
  if (!order.pay) return null;
  const ways = { state, isOver, words };
  return (
    <section class="card pay" aria-label={words.title}>
      <header>
        <h2>{words.title}</h2>
        <b class={`num pay-left ${leftMs < SOON_MS ? "warn" : ""}`}>
          <span class="note sec">{words.left}</span> {clockOf(leftMs)}
        </b>
      </header>
      <p class="num pay-sum">{yuan(order.pay.amountFen, "full")}</p>
      {order.legs.freight.amountFen > 0 && (
        <p class="note sec">{words.freight(yuan(order.legs.freight.amountFen, "full"))}</p>
      )}
      <p class="note sec">{words.effect(order.legs.points.points)}</p>
      <TenderChoice tendering={tendering} words={words.tender} />
      {tendering.isChosen && <Ways {...ways} />}
      {state.code !== "" && (
        // The library draws it from the text alone.
        <figure class="pay-code">
          <div
            role="img"
            aria-label={words.scan}
            dangerouslySetInnerHTML={{ __html: state.code }}
          />
          <figcaption class="note sec">{words.scanning}</figcaption>
        </figure>
      )}
      <p class="note sec" role="status">
        {saying(ways)}
      </p>
    </section>
  );
}
