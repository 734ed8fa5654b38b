import type { JSX } from "preact";
import { orderPath, salePath } from "../../client/paths.ts";
import { timeHm, timeProof, yuan } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { Figured, Picture, Price } from "../../ui/parts.tsx";
import type { SaleView } from "../../../worker/redemption/wire.ts";
import { Card, GiveBack, Item, PlainPass, type PassProps } from "./pass-parts.tsx";
import { dueOf, endedAtMs, numberIn, type SaleModel } from "./sale-model.ts";
import { useSaleText } from "./sale-text.ts";

function OrderLink({ orderId }: { orderId: string }): JSX.Element {
  const t = useSaleText();
  return (
    <a class="row-a" href={orderPath(orderId)}>
      <Icon name="orders" size={18} />
      <span>{t.pass.seeOrder}</span>
      <Icon name="right" size={16} />
    </a>
  );
}

export function WonPass({ model, onAgain }: PassProps): JSX.Element {
  const t = useSaleText();
  const { sale, verdict } = model;
  if (verdict?.kind !== "granted") return <></>;
  const left = sale.limitPerMember - model.limitUsed;
  const due = dueOf(model);
  const isParcel = sale.goods === null || sale.goods.kind === "physical";
  const freightFen = model.order?.legs.freight.amountFen ?? sale.goods?.freightFen ?? 0;
  const badge =
    due?.byMs == null
      ? { tone: "ok" as const, icon: "check", text: t.pass.wonBadge }
      : { tone: "warn" as const, icon: "clock", text: t.pass.payBadge(timeHm(due.byMs)) };
  const title = isParcel ? t.pass.wonTitle : t.verdict.wonStanding;
  return (
    <Card
      title={due === null ? title : t.pass.payTitle(due.fen)}
      badge={badge}
      end={<OrderLink orderId={verdict.orderId} />}
    >
      <dl class="kv">
        <dt>{t.pass.legPoints}</dt>
        <dd>{t.pass.posted(verdict.points)}</dd>
        {sale.priceFen > 0 && (
          <>
            <dt>{t.pass.legCash}</dt>
            <dd>
              {due === null && sale.payWithinMs !== null
                ? t.pass.cashPaid(sale.priceFen)
                : t.pass.cashDue(sale.priceFen, due !== null)}
            </dd>
          </>
        )}
        {isParcel && (
          <>
            <dt>{t.pass.legFreight}</dt>
            <dd>{freightFen === 0 ? t.common.free : yuan(freightFen)}</dd>
          </>
        )}
        <dt>{t.pass.orderNo}</dt>
        <dd class="num">{verdict.orderId}</dd>
      </dl>
      {left > 0 && sale.remaining > 0 && sale.status === "open" && (
        <ul>
          <Item
            icon="plus"
            act={
              <button type="button" class="btn tint sm" onClick={onAgain}>
                {t.pass.anotherDo}
              </button>
            }
          >
            {t.pass.another(left)}
          </Item>
        </ul>
      )}
    </Card>
  );
}

/** Points of a lost order: on their way, back, or never held. Only what the authority has said. */
function Return({ model }: { model: SaleModel }): JSX.Element | null {
  const t = useSaleText();
  const { order, verdict } = model;
  if (order === null || order.orderId !== verdict?.orderId) return null;
  const { state, points } = order.legs.points;
  if (state === "returned") return <Item icon="undo">{t.pass.returned(points)}</Item>;
  if (state === "held") return <Item icon="undo">{t.pass.returning(points)}</Item>;
  return <Item icon="shield">{t.pass.untouched}</Item>;
}

function Race({ model }: { model: SaleModel }): JSX.Element | null {
  const t = useSaleText();
  const { sale, verdict } = model;
  const soldOutAtMs = sale.soldOutAtMs;
  const atMs = verdict?.kind === "refused" ? verdict.atMs : null;
  if (soldOutAtMs === null || atMs === null || atMs < soldOutAtMs) return null;
  return (
    <div class="race">
      <div>
        <span>{t.pass.lastGone}</span>
        <b class="num">{timeProof(soldOutAtMs)}</b>
      </div>
      <div>
        <span>{t.pass.youCame}</span>
        <b class="num">{timeProof(atMs)}</b>
      </div>
      <em>
        <Figured text={t.pass.lateBy(atMs - soldOutAtMs)} />
      </em>
    </div>
  );
}

export function GonePass({ model, onForgo }: PassProps): JSX.Element | null {
  const t = useSaleText();
  const { sale, ticket, verdict } = model;
  const lost = verdict?.kind === "refused" && verdict.code === "sold_out";
  const held = ticket !== null && <Item icon="lock">{t.pass.stillHeld(ticket.points)}</Item>;
  const giveBack = ticket !== null && <GiveBack model={model} onForgo={onForgo} />;
  if (lost) {
    return (
      <Card
        title={t.pass.whyTitle}
        badge={{ tone: "plain", text: t.pass.goneBadge }}
        end={giveBack || <OrderLink orderId={verdict.orderId} />}
      >
        <Race model={model} />
        <ul>
          <Return model={model} />
          {held}
        </ul>
      </Card>
    );
  }
  if (held) {
    return (
      <Card title={t.pass.validTitle} end={giveBack}>
        <ul>{held}</ul>
      </Card>
    );
  }
  // Of a flash sale the band has said it.
  if (sale.kind === "flash") return null;
  const time = sale.soldOutAtMs === null ? null : timeProof(sale.soldOutAtMs);
  return (
    <PlainPass
      title={t.pass.goneTitle}
      lines={[{ icon: "clock", text: t.pass.goneAt(sale.units, time) }]}
    />
  );
}

export function WavePass({ model, onForgo }: PassProps): JSX.Element {
  const t = useSaleText();
  const { sale, ticket } = model;
  if (ticket === null && model.verdict?.kind !== "refused") {
    const lines = [{ icon: "undo", text: t.pass.waveNote }];
    return <PlainPass title={t.pass.waveOpenTitle} lines={lines} />;
  }
  return (
    <Card
      title={t.pass.waveTitle}
      badge={{ tone: "ok", icon: "check", text: t.pass.waveBadge }}
      end={
        ticket === null ? (
          <p class="note sec">{t.pass.waveNote}</p>
        ) : (
          <GiveBack model={model} onForgo={onForgo} />
        )
      }
    >
      <ul>
        <Item icon="coin">
          {ticket === null ? t.pass.waveHold(sale.pricePoints) : t.pass.stillHeld(ticket.points)}
        </Item>
        <Return model={model} />
      </ul>
    </Card>
  );
}

export function ShortPass({ model, grab }: PassProps): JSX.Element {
  const t = useSaleText();
  const { me, sale, verdict } = model;
  const told = verdict?.kind === "refused" ? numberIn(verdict.figures, "active") : null;
  const needed = verdict?.kind === "refused" ? numberIn(verdict.figures, "needed") : null;
  const gap = grab.sub.key === "shortOf" ? grab.sub.gap : null;
  const other = me !== null && (me.points.held > 0 || me.points.pending > 0);
  const badge = { tone: "warn" as const, icon: "alert", text: t.pass.shortBadge };
  return (
    <Card
      title={t.pass.shortTitle(gap)}
      badge={badge}
      {...(other
        ? { end: <p class="note sec">{t.pass.shortOther(me.points.held, me.points.pending)}</p> }
        : {})}
    >
      <ul>
        <Item icon="coin">
          {t.pass.shortNeed(needed ?? sale.pricePoints, told ?? me?.points.active ?? 0)}
        </Item>
      </ul>
    </Card>
  );
}

export function NextCard({ next, nowMs }: { next: SaleView; nowMs: number }): JSX.Element {
  const t = useSaleText();
  return (
    <Card title={t.pass.nextTitle}>
      <div class="next">
        <div class="next-th" style={{ background: next.groundColor }}>
          <Picture src={next.picture} alt="" size={72} />
        </div>
        <div>
          <b>{next.title}</b>
          <p class="note sec">{t.pass.nextMeta(next.opensAtMs, nowMs, next.units)}</p>
          <Price points={next.pricePoints} cashFen={next.priceFen} />
        </div>
        <a class="btn tint sm" href={salePath(next.saleId)}>
          {t.pass.nextGo}
        </a>
      </div>
    </Card>
  );
}

/** For who tried in vain; to others the band says that it is over. */
export function ClosedPass({ model }: PassProps): JSX.Element | null {
  const t = useSaleText();
  if (model.verdict?.kind !== "refused") return null;
  return (
    <Card title={t.pass.whyTitle}>
      <Race model={model} />
      <ul>
        <Item icon="clock">{t.pass.closedAt(timeHm(endedAtMs(model)))}</Item>
        <Return model={model} />
      </ul>
    </Card>
  );
}
