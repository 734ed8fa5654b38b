import type { JSX } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import type { OrderView } from "../../../worker/accounts/wire.ts";
import type { Locale, PageData } from "../../../worker/pages/page-data.ts";
import { createApi, type Problem } from "../../client/api.ts";
import { salePath } from "../../client/paths.ts";
import { copyText } from "../../client/share.ts";
import { onComeBack } from "../../client/visibility.ts";
import { orderText } from "../../locales/order.ts";
import type { OrderText } from "../../locales/order.zh-CN.ts";
import { pagesText } from "../../locales/pages.ts";
import type { PagesText } from "../../locales/pages.zh-CN.ts";
import { Icon, Sprite } from "../../ui/icon.tsx";
import {
  check,
  clock,
  coin,
  home,
  info,
  orders,
  refresh,
  right,
  truck,
  undo,
  wallet,
} from "../../ui/icons.ts";
import { LanguageSwitch, TabBar } from "../../ui/parts.tsx";
import { localeOf, useText } from "../../ui/text.tsx";
import { Delivery } from "../delivery/delivery-block.tsx";
import { CancelDialog } from "./cancel-dialog.tsx";
import { Goods, Legs, Lots, Timeline } from "./order-cards.tsx";
import { AfterSales } from "./after-sale.tsx";
import { PayBlock } from "./pay-block.tsx";
import { headOf, isBack, isStanding, reasonOf } from "./order-words.ts";

type OrderData = Extract<PageData, { page: "order" }>;
const ICONS = { check, clock, coin, home, info, orders, refresh, right, truck, undo, wallet };
const ASK_EVERY_MS = 2_000;
const HELD_ASKS_MS = [400, 1_500, 4_000, 9_000];

/** Moving on without the member: a verdict awaited, or points on their way back. */
function isMoving(order: OrderView): boolean {
  if (order.state === "in_doubt" || order.state === "refunding") return true;
  if (order.state === "issuing") return true;
  return (
    (order.state === "cancelled" || order.state === "voided") && order.legs.points.state === "held"
  );
}

/** The order as the authority has it: asked again while it moves, and whenever the page comes back. */
function useOrder(data: OrderData): [OrderView, () => Promise<void>, (order: OrderView) => void] {
  const [order, setOrder] = useState(data.order);
  const { locale } = data;
  const { orderId } = data.order;
  const ask = useCallback(async (): Promise<void> => {
    const answer = await createApi({ locale }).order(orderId);
    if (answer.ok) setOrder(answer.value);
  }, [locale, orderId]);
  useEffect(
    () =>
      onComeBack(
        () => void ask(),
        () => undefined,
      ),
    [ask],
  );
  const moving = isMoving(order);
  useEffect(() => {
    if (!moving) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void ask();
    }, ASK_EVERY_MS);
    return () => clearInterval(timer);
  }, [ask, moving]);
  // Come straight from a grant, the order may still be a booking here: the door knows a moment before the account does.
  const held = order.state === "held";
  useEffect(() => {
    const timers = held ? HELD_ASKS_MS.map((afterMs) => setTimeout(() => void ask(), afterMs)) : [];
    return () => timers.forEach(clearTimeout);
  }, [ask, held]);
  return [order, ask, setOrder];
}

type Cancelling = "no" | "asked" | "sent" | "failed" | "pending";

/** The last thing that happened, after its time. */
function wordsOf(
  event: OrderView["timeline"][number]["event"],
  words: PagesText,
  life: OrderText,
): string {
  return event in words.order.at
    ? words.order.at[event as keyof typeof words.order.at]
    : life.event[event as keyof typeof life.event];
}

function Head({
  order,
  nowMs,
  words,
}: {
  order: OrderView;
  nowMs: number;
  words: PagesText;
}): JSX.Element {
  const t = useText();
  const life = orderText(localeOf(t));
  const head = headOf(order, words, life);
  const last = order.timeline[order.timeline.length - 1];
  const reason =
    order.state === "voided" || order.state === "refused" ? reasonOf(order, words) : "";
  const when =
    last === undefined
      ? ""
      : `${t.common.dateTime(last.atMs, nowMs)} ${wordsOf(last.event, words, life)}`;
  return (
    <section class="sth">
      <span class={`sic ${head.tone}`}>
        <Icon name={head.icon} size={26} />
      </span>
      <div role="status">
        <h1>{head.title}</h1>
        <p class="sec small">{reason === "" ? when : reason}</p>
      </div>
    </section>
  );
}

function NumberRow({ order, words }: { order: OrderView; words: PagesText }): JSX.Element {
  const t = useText();
  const [copied, setCopied] = useState(false);
  const copy = (): void => void copyText(order.orderId).then(setCopied);
  return (
    <section class="card cells">
      <div>
        <Icon name="orders" />
        <span>
          {words.order.no} <span class="num small ord-no">{order.orderId}</span>
        </span>
        <button type="button" class="btn quiet sm" onClick={copy}>
          <span role="status">{copied ? t.common.copied : t.common.copy}</span>
        </button>
      </div>
      <a href={salePath(order.saleId)}>
        <Icon name="clock" />
        <span>{isStanding(order) ? words.order.toGoods : words.order.toSale}</span>
        <Icon name="right" size={16} />
      </a>
    </section>
  );
}

interface Cancel {
  readonly state: Cancelling;
  /** How often more had lapsed than was quoted. */
  readonly moves: number;
  readonly ask: () => void;
  readonly keep: () => void;
  readonly confirm: (forfeitMax: number) => void;
}

/** Asked, then sent once; a quote that does not hold any more is read anew before anything happens. */
function useCancel(orderId: string, locale: Locale, reread: () => Promise<void>): Cancel {
  const [state, setState] = useState<Cancelling>("no");
  const [moves, setMoves] = useState(0);
  const confirm = async (forfeitMax: number): Promise<void> => {
    if (state === "sent") return;
    setState("sent");
    const answer = await createApi({ locale }).cancel(orderId, forfeitMax);
    await reread();
    if (!answer.ok && isQuoteOld(answer.problem)) {
      setMoves(moves + 1);
      return setState("asked");
    }
    setState(answer.ok ? (answer.status === 202 ? "pending" : "no") : "failed");
  };
  return {
    state,
    moves,
    ask: () => setState("asked"),
    keep: () => state !== "sent" && setState("no"),
    confirm: (forfeitMax) => void confirm(forfeitMax),
  };
}

function CancelButton(props: {
  order: OrderView;
  words: PagesText;
  onAsk: () => void;
}): JSX.Element {
  const { order, words, onAsk } = props;
  return (
    <div class="cancel">
      <button type="button" class="btn line block" onClick={onAsk}>
        {words.order.cancel}
      </button>
      <p class="note mute">{words.order.cancelHints[order.goodsKind]}</p>
    </div>
  );
}

/** Any other conflict is about the order: it went on its way meanwhile, and the page shows that now. */
const isQuoteOld = ({ code, figures }: Problem): boolean =>
  code === "conflict" && !String(figures["reason"] ?? "").startsWith("order_");

export function OrderPage({ data }: { data: OrderData }): JSX.Element {
  const words = pagesText(data.locale);
  const [order, ask, setOrder] = useOrder(data);
  const cancel = useCancel(order.orderId, data.locale, ask);
  const nowMs = Math.max(data.serverTimeMs, order.updatedAtMs);
  const card = { order, nowMs, words };
  const open = cancel.state === "asked" || cancel.state === "sent";
  return (
    <div class="page">
      <Sprite icons={ICONS} />
      <main class="dt">
        <Head order={order} nowMs={nowMs} words={words} />
        <section class="card oc">
          <div class="oc-g">
            <Goods {...card} first />
          </div>
        </section>
        {order.pay && (
          <PayBlock
            order={order}
            pay={data.pay}
            serverTimeMs={data.serverTimeMs}
            onChange={setOrder}
          />
        )}
        <Delivery
          order={order}
          delivery={data.delivery}
          locale={data.locale}
          nowMs={nowMs}
          onChange={() => void ask()}
        />
        <Lots {...card} />
        {order.state === "held" && (
          <a class="btn primary block" href={salePath(order.saleId)}>
            {words.orders.toSale}
          </a>
        )}
        <Legs {...card} />
        <AfterSales order={order} nowMs={nowMs} onChange={setOrder} />
        <Timeline {...card} />
        <NumberRow order={order} words={words} />
        {order.canCancel && !isBack(order) && <CancelButton {...card} onAsk={cancel.ask} />}
        <p class="note cancel">
          <a href={`/help?order=${order.orderId}#contact`}>{words.order.askMerchant}</a>
        </p>
        <p class="note sec cancel" role="status">
          {cancel.state === "failed" && words.order.cancelFailed}
          {cancel.state === "pending" && words.order.cancelPending}
        </p>
        <LanguageSwitch />
      </main>
      {open && (
        <CancelDialog
          {...card}
          locale={data.locale}
          busy={cancel.state === "sent"}
          onKeep={cancel.keep}
          moves={cancel.moves}
          onCancel={cancel.confirm}
        />
      )}
      <TabBar current="orders" />
    </div>
  );
}
