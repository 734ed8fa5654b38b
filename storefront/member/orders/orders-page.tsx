import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { OrdersView, OrderView } from "../../../worker/accounts/wire.ts";
import type { PageData } from "../../../worker/pages/page-data.ts";
import { callerOf } from "../../client/api.ts";
import { orderPath, salePath } from "../../client/paths.ts";
import { orderText } from "../../locales/order.ts";
import { pagesText } from "../../locales/pages.ts";
import type { PagesText } from "../../locales/pages.zh-CN.ts";
import { Icon, Sprite } from "../../ui/icon.tsx";
import {
  check,
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
import { MoreButton, usePages, type ListPage, type Pages } from "../../ui/more.tsx";
import { LanguageSwitch, TabBar } from "../../ui/parts.tsx";
import { localeOf, useText } from "../../ui/text.tsx";
import { Goods } from "../order/order-cards.tsx";
import { isInDispute, isReturned, nextLine, whereIs, type Where } from "../order/order-words.ts";

type OrdersData = Extract<PageData, { page: "orders" }>;
type TabName = "all" | Where;
const TABS: readonly TabName[] = ["all", "going", "ship", "receive", "use", "ended"];
const ICONS = { check, clock, coin, home, info, orders: ordersIcon, refresh, truck, undo, wallet };
const STATE_TONES: Partial<Record<OrderView["state"], string>> = {
  held: "brand",
  in_doubt: "info",
  awaiting_payment: "brand",
  to_ship: "ok",
  shipped: "info",
};

interface Act {
  readonly name: string;
  readonly href: string;
  readonly tone: "primary" | "line";
}

/** The one next step; null: there is none beyond looking at the order, where the card leads anyway. */
function actOf(order: OrderView, { orders: words }: PagesText): Act | null {
  const href = orderPath(order.orderId);
  switch (order.state) {
    case "held":
      return { name: words.toSale, href: salePath(order.saleId), tone: "primary" };
    case "awaiting_payment":
      return order.pay && { name: words.pay(order.pay.amountFen), href, tone: "primary" };
    case "to_write_off":
      if (isInDispute(order)) return null;
      // A service has a voucher a unit; they are numbered from one.
      return {
        name: words.showCode,
        href: `/vouchers/${encodeURIComponent(order.orderId)}-001`,
        tone: "primary",
      };
    case "shipped":
      return { name: words.track, href, tone: "line" };
    default:
      return isReturned(order) && order.lots.length > 0
        ? { name: words.refund, href, tone: "line" }
        : null;
  }
}

function OrderCard({
  order,
  nowMs,
  words,
  first,
}: {
  order: OrderView;
  nowMs: number;
  words: PagesText;
  first: boolean;
}): JSX.Element {
  const t = useText();
  const life = orderText(localeOf(t));
  const next = nextLine(order, words, life, (atMs) => t.common.dateTime(atMs, nowMs));
  const act = actOf(order, words);
  return (
    <article class="card oc">
      <header>
        <span class="small mute">{t.common.dateTime(order.createdAtMs, nowMs)}</span>
        <b class={`oc-st ${STATE_TONES[order.state] ?? ""}`}>{life.state[order.state]}</b>
      </header>
      <a class="oc-g" href={orderPath(order.orderId)}>
        <Goods order={order} words={words} first={first} />
      </a>
      <div class="oc-x">
        <Icon name={next.icon} size={16} />
        <span>{next.text}</span>
      </div>
      {act !== null && (
        <footer>
          <a class={`btn ${act.tone} sm`} href={act.href}>
            {act.name}
          </a>
        </footer>
      )}
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
  pages: { rows: orders, state },
  words,
}: {
  tab: TabName;
  onTab: (tab: TabName) => void;
  pages: Pages<OrderView>;
  words: PagesText;
}): JSX.Element {
  // What is still to come may add to a count.
  const orMore = state === "end" ? "" : "+";
  const counted = (name: TabName): number =>
    name === "all" || name === "ended" ? 0 : orders.filter((one) => whereIs(one) === name).length;
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
          {counted(name) > 0 && <span class="num">{` ${counted(name)}${orMore}`}</span>}
        </button>
      ))}
    </div>
  );
}

const pageOf = ({ orders, nextCursor }: OrdersView): ListPage<OrderView> => ({
  rows: orders,
  nextCursor,
});

export function OrdersPage({ data }: { data: OrdersData }): JSX.Element {
  const words = pagesText(data.locale);
  const [tab, setTab] = useState<TabName>(TABS.find((name) => name === data.tab) ?? "all");
  const turn = (name: TabName): void => {
    setTab(name);
    // Back from an order, the list is where it was.
    const url = new URL(location.href);
    url.searchParams.set("tab", name);
    history.replaceState(history.state, "", url);
  };
  const pages = usePages({
    first: pageOf(data.list),
    idOf: ({ orderId }) => orderId,
    read: async (cursor) => {
      const call = callerOf({ locale: data.locale });
      const path = `/api/v1/orders?cursor=${encodeURIComponent(cursor)}`;
      const answer = await call<OrdersView>("GET", path);
      return answer.ok ? pageOf(answer.value) : null;
    },
  });
  const { rows: orders } = pages;
  const shown = orders.filter((order) => tab === "all" || whereIs(order) === tab);
  return (
    <div class="page">
      <Sprite icons={ICONS} />
      <main>
        <h1 class="sr">{words.orders.title}</h1>
        <Tabs tab={tab} onTab={turn} pages={pages} words={words} />
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
        <MoreButton pages={pages} words={words.orders} />
        {orders.length === 0 && (
          <Blank
            title={words.orders.empty}
            body={data.me === null ? "" : words.orders.emptyBody(data.me.points.active)}
            words={words}
          />
        )}
        {orders.length > 0 && shown.length === 0 && pages.state === "end" && (
          <Blank title={words.orders.emptyTab} body="" words={words} />
        )}
        <LanguageSwitch />
      </main>
      <TabBar current="orders" />
    </div>
  );
}
