import type { JSX } from "preact";
import type { OrderView } from "../../../worker/accounts/wire.ts";
import { orderText } from "../../locales/order.ts";
import type { OrderText } from "../../locales/order.zh-CN.ts";
import type { PagesText } from "../../locales/pages.zh-CN.ts";
import { Coin, Icon } from "../../ui/icon.tsx";
import {
  count,
  dateIso,
  daysBetween,
  lastMs,
  signed,
  timeHms,
  timeProof,
  yuan,
} from "../../ui/format.ts";
import { Badge, Picture, Price, type BadgeTone } from "../../ui/parts.tsx";
import { localeOf, useText } from "../../ui/text.tsx";
import { isBack, isOver, isStanding, reasonOf } from "./order-words.ts";

const SOON_DAYS = 15;

interface GoodsProps {
  order: OrderView;
  words: PagesText;
  /** Stands at the top: its picture is asked for at once. */
  first?: boolean;
}

export interface CardProps {
  order: OrderView;
  nowMs: number;
  words: PagesText;
}

export function Goods({ order, words, first = false }: GoodsProps): JSX.Element {
  return (
    <>
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
    </>
  );
}

function Expiry({
  lot,
  nowMs,
  words,
}: {
  lot: OrderView["lots"][number];
  nowMs: number;
  words: PagesText;
}): JSX.Element {
  const { expiresAtMs } = lot;
  if (expiresAtMs === null) return <b>{words.order.never}</b>;
  const days = daysBetween(nowMs, lastMs(expiresAtMs));
  const soon = days >= 0 && days <= SOON_DAYS;
  const note =
    days < 0 ? words.order.expired : soon ? words.order.daysLeft(days) : words.order.same;
  return (
    <>
      <b class="num">{dateIso(lastMs(expiresAtMs))}</b>
      <em class={soon || days < 0 ? "note warn" : "note mute"}>{note}</em>
    </>
  );
}

/** Which lots the points came from, and go back to: the same table before and after, the dates unchanged. */
export function Lots({ order, nowMs, words }: CardProps): JSX.Element | null {
  const { state, points } = order.legs.points;
  if (order.lots.length === 0) return null;
  const ended = isOver(order);
  const back = ended && isBack(order);
  const title = back
    ? words.order.lotsReturned(points)
    : ended
      ? words.order.lotsReturning(points)
      : state === "held"
        ? words.order.lotsHeld(points)
        : words.order.lotsUsed(points);
  const column = ended
    ? words.order.returned
    : state === "held"
      ? words.order.held
      : words.order.used;
  return (
    <section class="card ret">
      <header>
        <h2>{title}</h2>
        {back && (
          <Badge tone="ok" icon="check">
            {words.order.arrived}
          </Badge>
        )}
      </header>
      <table class="lots">
        <thead>
          <tr>
            <th scope="col">{words.order.fromLot}</th>
            <th scope="col">{column}</th>
            <th scope="col">{words.order.expiry}</th>
          </tr>
        </thead>
        <tbody>
          {order.lots.map((lot) => (
            <tr key={lot.lotId}>
              <td>
                <b>{words.source(lot.source)}</b>
                <em class="note mute">{words.order.lotNo(lot.lotId)}</em>
              </td>
              <td class={ended ? "num plus" : "num minus"}>
                {signed(ended ? lot.points : -lot.points)}
              </td>
              <td>
                <Expiry lot={lot} nowMs={nowMs} words={words} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div class="tear" />
      <p class="note sec tipx">
        <Icon name="info" size={16} />
        <span>{ended ? words.order.returnNote : words.order.usedNote}</span>
      </p>
    </section>
  );
}

function PartBack({ words, back }: { words: OrderText; back: string }): JSX.Element {
  return (
    <li class="legs-off note sec">
      <span />
      <span>{words.legBack}</span>
      <span class="num">{back}</span>
    </li>
  );
}

/** What of the cash no provider carried. */
function TenderParts({ tender, words }: { tender: OrderView["tender"]; words: OrderText }) {
  if (!tender) return null;
  return (
    <>
      {tender.pointsFen > 0 && (
        <li class="legs-off note sec">
          <span />
          <span>{words.pay.tender.of(count(tender.points))}</span>
          <span class="num">{yuan(tender.pointsFen, "full")}</span>
        </li>
      )}
      {tender.backPoints > 0 && <PartBack words={words} back={count(tender.backPoints)} />}
      {tender.storedFen > 0 && (
        <li class="legs-off note sec">
          <span />
          <span>{words.pay.tender.stored}</span>
          <span class="num">{yuan(tender.storedFen, "full")}</span>
        </li>
      )}
      {tender.backStoredFen > 0 && (
        <PartBack words={words} back={yuan(tender.backStoredFen, "full")} />
      )}
    </>
  );
}

/** Points, cash and freight: three accounts, never merged into one sum. */
export function Legs({ order, words }: CardProps): JSX.Element {
  const life = orderText(localeOf(useText()));
  const { points, cash, freight } = order.legs;
  const tones: Record<typeof points.state, BadgeTone> = {
    held: "info",
    posted: "ok",
    partly_returned: "info",
    returned: "ok",
    none: "plain",
  };
  const cashState = cash.state === "none" ? words.order.legState.cashNone : life.leg[cash.state];
  return (
    <section class="card legs">
      <h2>{words.order.legs}</h2>
      <ul>
        <li>
          <Coin size={20} />
          <span>{words.order.points}</span>
          <span class="num">{count(points.points)}</span>
          <Badge tone={tones[points.state]}>
            {points.state === "none" ? words.order.legState.none : life.leg[points.state]}
          </Badge>
        </li>
        {points.discounts.length > 0 && (
          <li class="legs-off note sec">
            <span />
            <span>{words.order.listPrice}</span>
            <s class="num">{count(points.listPoints)}</s>
          </li>
        )}
        {points.discounts.map((one) => (
          <li key={one.discountId} class="legs-off note sec">
            <span />
            <span>{one.discountId === "tier" ? words.order.tierPrice(one.title) : one.title}</span>
            <span class="num">{signed(-one.points)}</span>
          </li>
        ))}
        {points.state === "partly_returned" && (
          <PartBack words={life} back={count(points.returned)} />
        )}
        <li>
          <Icon name="wallet" />
          <span>{words.order.cash}</span>
          <span class="num">{yuan(cash.amountFen, "full")}</span>
          <Badge>{cashState}</Badge>
        </li>
        {cash.state === "partly_refunded" && (
          <PartBack words={life} back={yuan(cash.refundedFen, "full")} />
        )}
        <TenderParts tender={order.tender} words={life} />
        <li>
          <Icon name="truck" />
          <span>{words.order.freight}</span>
          <span class="num">{yuan(freight.amountFen, "full")}</span>
          <Badge>{life.leg[freight.state]}</Badge>
        </li>
      </ul>
    </section>
  );
}

export function Timeline({ order, nowMs, words }: CardProps): JSX.Element {
  const t = useText();
  const life = orderText(localeOf(t));
  const rows = [...order.timeline].reverse();
  const say = (event: OrderView["timeline"][number]["event"]): string => {
    const { points } = order.legs.points;
    // At any hour nothing is booked, nobody is first, and what comes back waits for nobody.
    const ours = words.order.event;
    const isPlain = isStanding(order);
    if (event === "held") return isPlain ? ours.taken(points) : ours.held(points);
    if (event === "granted") return ours.granted(isPlain ? null : order.ordinal);
    if (event === "refused") return ours.refused(reasonOf(order, words));
    if (event === "cancelled") return isPlain ? ours.cancelledPlain : ours.cancelled;
    if (event === "voided") return ours.voided;
    return life.event[event];
  };
  return (
    <section class="card tl">
      <h2>{words.order.timeline}</h2>
      <ol>
        {rows.map(({ event, atMs }, at) => (
          <li key={`${event}${atMs}`} class={at === 0 ? "now" : ""}>
            <b>{say(event)}</b>
            <span class="num">
              {daysBetween(atMs, nowMs) === 0 ? "" : `${t.common.date(atMs, nowMs)} `}
              {event === "granted" || event === "refused" ? timeProof(atMs) : timeHms(atMs)}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
