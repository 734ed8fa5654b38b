import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { OrderView } from "../../../worker/accounts/wire.ts";
import type { PageData } from "../../../worker/pages/page-data.ts";
import { orderPath, salePath } from "../../client/paths.ts";
import { onComeBack } from "../../client/visibility.ts";
import { orderText } from "../../locales/order.ts";
import { pagesText } from "../../locales/pages.ts";
import type { PagesText } from "../../locales/pages.zh-CN.ts";
import { Icon, Sprite } from "../../ui/icon.tsx";
import {
  clock,
  coin,
  home,
  info,
  orders as ordersIcon,
  refresh,
  truck,
  undo,
  wallet,
} from "../../ui/icons.ts";
import { LanguageSwitch, Picture, Price, TabBar } from "../../ui/parts.tsx";
import { localeOf, useText } from "../../ui/text.tsx";
import { isReturned, nextLine, whereIs, type Where } from "../order/order-words.ts";

type OrdersData = Extract<PageData, { page: "orders" }>;
type TabName = "all" | Where;
const TABS: readonly TabName[] = ["all", "going", "ship", "receive", "use", "ended"];
const ICONS = { clock, coin, home, info, orders: ordersIcon, refresh, truck, undo, wallet };
const STATE_TONES: Partial<Record<OrderView["state"], string>> = {
  held: "brand",
  in_doubt: "info",
  awaiting_payment: "brand",
  to_ship: "ok",
  shipped: "info",
};

function OrderCard({
  order,
  nowMs,
  words,
  first,
}: {
  order: OrderView;
  nowMs: number;
  words: PagesText;
  /** Stands at the top: its picture is asked for at once. */
  first: boolean;
}): JSX.Element {
  const t = useText();
  const life = orderText(localeOf(t));
  const next = nextLine(order, words, life);
  const isBack = isReturned(order) && order.lots.length > 0;
  return (
    <article class="card oc">
      <header>
        <span class="small mute">{t.common.dateTime(order.createdAtMs, nowMs)}</span>
        <b class={`oc-st ${STATE_TONES[order.state] ?? ""}`}>{life.state[order.state]}</b>
      </header>
      <a class="oc-g" href={orderPath(order.orderId)}>
        <span class="oc-th" style={{ background: order.groundColor }}>
          <Picture src={order.picture} alt="" size={80} first={first} />
        </span>
        <span>
          <b>{order.title}</b>
          <span class="note mute">
            {order.subtitle} {words.orders.quantity(order.quantity)}
          </span>
          <Price points={order.legs.points.points} cashFen={order.legs.cash.amountFen} />
        </span>
      </a>
      <div class="oc-x">
        <Icon name={next.icon} size={16} />
        <span>{next.text}</span>
      </div>
      <footer>
        {order.state === "held" ? (
          <a class="btn primary sm" href={salePath(order.saleId)}>
            {words.orders.toSale}
          </a>
        ) : order.state === "to_write_off" ? (
          // A service has a voucher a unit; they are numbered from one.
          <a class="btn primary sm" href={`/vouchers/${encodeURIComponent(order.orderId)}-001`}>
            {words.orders.showCode}
          </a>
        ) : (
          <a class="btn line sm" href={orderPath(order.orderId)}>
            {isBack ? words.orders.refund : words.orders.open}
          </a>
        )}
      </footer>
    </article>
  );
}

function Blank({
  title,
  body,
  words,
}: {
  title: string;
  body: string;
  words: PagesText;
}): JSX.Element {
  return (
    <div class="blank">
      <span class="blank-i">
        <Icon name="orders" size={40} />
      </span>
      <h2>{title}</h2>
      {body !== "" && <p class="sec">{body}</p>}
      <a class="btn primary" href="/">
        {words.orders.goods}
      </a>
    </div>
  );
}

/** Arrow keys move along the tabs, as the pattern has it; each tab is also a plain button. */
function Tabs({
  tab,
  onTab,
  words,
}: {
  tab: TabName;
  onTab: (tab: TabName) => void;
  words: PagesText;
}): JSX.Element {
  const key = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const to = TABS[(TABS.indexOf(tab) + step + TABS.length) % TABS.length] ?? "all";
    onTab(to);
    document.getElementById(`tab-${to}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={words.orders.label} onKeyDown={key}>
      {TABS.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`tab-${name}`}
          aria-selected={name === tab}
          aria-controls="orders-list"
          tabIndex={name === tab ? 0 : -1}
          onClick={() => onTab(name)}
        >
          {words.orders.tabs[name]}
        </button>
      ))}
    </div>
  );
}

export function OrdersPage({ data }: { data: OrdersData }): JSX.Element {
  const words = pagesText(data.locale);
  const [tab, setTab] = useState<TabName>("all");
  // A list kept in the back-forward cache may be hours old: the page comes anew rather than show it.
  useEffect(
    () =>
      onComeBack(
        (reason) => reason === "restored" && location.reload(),
        () => undefined,
      ),
    [],
  );
  const shown = data.orders.filter((order) => tab === "all" || whereIs(order) === tab);
  return (
    <div class="page">
      <Sprite icons={ICONS} />
      <main>
        <h1 class="sr">{words.orders.title}</h1>
        <Tabs tab={tab} onTab={setTab} words={words} />
        <div class="ls" id="orders-list" role="tabpanel" aria-labelledby={`tab-${tab}`}>
          {shown.map((order, at) => (
            <OrderCard
              key={order.orderId}
              order={order}
              nowMs={data.serverTimeMs}
              words={words}
              first={at === 0}
            />
          ))}
        </div>
        {data.orders.length === 0 && (
          <Blank
            title={words.orders.empty}
            body={data.me === null ? "" : words.orders.emptyBody(data.me.points.active)}
            words={words}
          />
        )}
        {data.orders.length > 0 && shown.length === 0 && (
          <Blank title={words.orders.emptyTab} body="" words={words} />
        )}
        <LanguageSwitch />
      </main>
      <TabBar current="orders" />
    </div>
  );
}
