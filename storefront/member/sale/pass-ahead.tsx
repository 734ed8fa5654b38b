import type { JSX } from "preact";
import { Figured } from "../../ui/parts.tsx";
import { Card, GiveBack, Item, type CardProps, type PassProps } from "./pass-parts.tsx";
import { MINUTE_MS } from "../../client/durations.ts";
import type { SaleModel } from "./sale-model.ts";
import { useSaleText } from "./sale-text.ts";

function HeldLine({ model }: { model: SaleModel }): JSX.Element {
  const t = useSaleText();
  const points = model.ticket?.points ?? model.sale.pricePoints;
  const lots =
    model.order !== null && model.order.orderId === model.ticket?.orderId ? model.order.lots : [];
  const soonest = lots.reduce<(typeof lots)[number] | null>((best, lot) => {
    if (lot.expiresAtMs === null) return best;
    return best?.expiresAtMs == null || lot.expiresAtMs < best.expiresAtMs ? lot : best;
  }, null);
  return (
    <Item icon="coin">
      <Figured text={t.pass.held(points)} />
      {soonest?.expiresAtMs != null && (
        <Figured
          text={t.pass.heldOldest(soonest.points, t.common.date(soonest.expiresAtMs, model.nowMs))}
        />
      )}
    </Item>
  );
}

function doorBadge(
  props: PassProps,
  t: ReturnType<typeof useSaleText>,
): NonNullable<CardProps["badge"]> {
  if (props.doorMissed) return { tone: "warn", icon: "alert", text: t.pass.lost };
  if (props.model.connection.live) return { tone: "ok", icon: "check", text: t.pass.live };
  return { tone: "plain", text: t.pass.connecting };
}

export function ReadyPass(props: PassProps): JSX.Element {
  const t = useSaleText();
  const { model } = props;
  const open = props.grab.state === "open";
  const paused = props.grab.state === "paused";
  const slot = t.pass.slot(model.ticket?.quantity ?? 1, model.sale.limitPerMember);
  const ready = { tone: "ok" as const, icon: "check", text: t.pass.readyBadge };
  return (
    <Card
      title={open || paused ? t.pass.validTitle : t.pass.readyTitle}
      {...(paused ? {} : { badge: open || props.doorMissed ? doorBadge(props, t) : ready })}
      end={<GiveBack model={model} onForgo={props.onForgo} />}
    >
      <ul>
        <HeldLine model={model} />
        <Item icon="lock">
          <Figured text={slot} />
        </Item>
        <Item icon="clock">
          {model.clockErrorMs === null ? t.pass.clocking : t.pass.clock(model.clockErrorMs)}
        </Item>
      </ul>
    </Card>
  );
}

/** Money beside the points, and when: who is told "on delivery" and has ten minutes loses the order. */
function Cash({ sale }: { sale: SaleModel["sale"] }): JSX.Element | null {
  const t = useSaleText();
  const { priceFen, payWithinMs } = sale;
  if (priceFen === 0) return null;
  return (
    <Item icon="wallet">
      {payWithinMs === null
        ? t.pass.cashLater(priceFen)
        : t.pass.cashSoon(priceFen, Math.floor(payWithinMs / MINUTE_MS))}
    </Item>
  );
}

export function BookPass({ model }: PassProps): JSX.Element {
  const t = useSaleText();
  const { sale, me } = model;
  const active = me?.points.active ?? 0;
  if (sale.kind === "standing" || model.nowMs >= sale.opensAtMs) {
    const standing = sale.kind === "standing";
    return (
      <Card title={standing ? t.pass.standingTitle : t.pass.openNoTicketTitle}>
        <ul>
          <Item icon="coin">
            {standing
              ? t.pass.standing(sale.pricePoints, active)
              : t.pass.openNoTicket(sale.pricePoints)}
          </Item>
          <Cash sale={sale} />
          <Item icon="clock">{t.pass.soonestFirst}</Item>
          <Item icon="undo">{t.pass.cancel[sale.goods?.kind ?? "physical"]}</Item>
        </ul>
      </Card>
    );
  }
  return (
    <Card title={t.pass.bookTitle} end={<p class="note sec">{t.pass.bookNote}</p>}>
      <ul>
        <Item icon="coin">{t.pass.holds(sale.pricePoints, active)}</Item>
        <Cash sale={sale} />
        <Item icon="undo">{t.pass.cancel[sale.goods?.kind ?? "physical"]}</Item>
      </ul>
    </Card>
  );
}

function OrderRow({
  orderId,
  onCopy,
}: {
  orderId: string;
  onCopy: (text: string) => void;
}): JSX.Element {
  const t = useSaleText();
  return (
    <Item
      icon="orders"
      act={
        <button type="button" class="btn quiet sm" onClick={() => onCopy(orderId)}>
          {t.common.copy}
        </button>
      }
    >
      {t.pass.orderNo} <span class="num">{orderId}</span>
    </Item>
  );
}

export function AttemptPass(props: PassProps): JSX.Element {
  const t = useSaleText();
  const { model, grab } = props;
  const doubt = grab.state === "in_doubt";
  // The server took nothing yet and said when to come again: who leaves now has not asked for anything.
  const isTurnedBack = !doubt && model.attempt?.waitMs != null;
  const badge = doubt
    ? { tone: "info" as const, icon: "refresh", text: t.pass.doubtBadge }
    : { tone: "plain" as const, text: t.pass.sendingBadge };
  const title = doubt ? t.pass.doubtTitle : isTurnedBack ? t.pass.queueTitle : t.pass.sendingTitle;
  return (
    <Card
      title={title}
      badge={badge}
      end={<p class="note sec">{isTurnedBack ? t.pass.queueNote : t.pass.doubtNote}</p>}
    >
      <ul>
        <Item icon="shield">{t.pass.once}</Item>
        {model.ticket !== null && (
          <Item icon="lock">
            {doubt ? (
              t.pass.doubtHeld(model.ticket.points)
            ) : (
              <Figured text={t.pass.held(model.ticket.points)} />
            )}
          </Item>
        )}
        {model.attempt !== null && (
          <OrderRow orderId={model.attempt.orderId} onCopy={props.onCopy} />
        )}
      </ul>
    </Card>
  );
}
