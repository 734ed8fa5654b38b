import type { DoorServerFrame, SaleView } from "../../../worker/redemption/wire.ts";
import type { MemberPriceView, MeView, OrderView } from "../../../worker/accounts/wire.ts";
import type { PageData } from "../../../worker/pages/page-data.ts";
import type { GrabInput } from "./grab-state.ts";

export type SaleData = Extract<PageData, { page: "sale" }>;
export type StockFrame = Extract<DoorServerFrame, { t: "stock" }>;
export type Figures = Readonly<Record<string, unknown>>;

/** A hold made for one order id. The signed text is absent while only the hold is known (after a reload). */
export interface Ticket {
  orderId: string;
  quantity: number;
  epoch: number;
  points: number;
  pass: { ticket: string; doorUrl: string; expiresAtMs: number } | null;
}

export interface Attempt {
  kind: "book" | "exchange" | "forgo" | "redeem";
  orderId: string;
  quantity: number;
  epoch: number;
  startedAtMs: number;
  inDoubt: boolean;
  asks: number;
  waitMs: number | null;
}

export type Verdict =
  | {
      kind: "granted";
      orderId: string;
      points: number;
      ordinal: number | null;
      atMs: number | null;
    }
  | {
      kind: "refused";
      orderId: string;
      code: string;
      epoch: number;
      figures: Figures;
      atMs: number | null;
    };

export interface Connection {
  live: boolean;
  lostSinceMs: number | null;
  polling: boolean;
  online: boolean;
}

/** What a toast or a live region says; the locale has the sentences. */
export type Message =
  | { key: "notOpen"; earlyMs: number | null }
  | { key: "exchanged"; open: boolean }
  | { key: "forgone"; points: number }
  | { key: "queueTimedOut"; held: boolean }
  | { key: "offline"; held: boolean }
  | { key: "noAnswer" }
  | { key: "priceChanged"; points: number | null }
  | { key: "mismatch"; orderId: string }
  | { key: "fault"; requestId: string; held: boolean }
  | { key: "copied"; text: string }
  | { key: "linkCopied" }
  /** Staff let the sale run longer, or brought units. */
  | { key: "extended"; closesAtMs: number }
  | { key: "restocked"; units: number }
  | { key: "linkNotCopied"; address: string };

export type Announcement =
  | { key: "minutesLeft"; minutes: number }
  | { key: "secondsLeft"; seconds: number }
  | { key: "opened" }
  | { key: "stockHalf"; remaining: number }
  | { key: "stockLow"; remaining: number }
  | { key: "stockNone" };

export interface Toast {
  id: number;
  message: Message;
}

export interface SaleModel {
  nowMs: number;
  clockErrorMs: number | null;
  /** With the member's own price for its price. */
  sale: SaleView;
  /** Null: the list price. */
  price: MemberPriceView | null;
  me: MeView | null;
  limitUsed: number;
  /** The order behind the ticket or the verdict, as the authority last told it. */
  order: OrderView | null;
  ticket: Ticket | null;
  attempt: Attempt | null;
  verdict: Verdict | null;
  connection: Connection;
  /** Sockets at the door, from stock frames only; `null` until one came. */
  waiting: number | null;
  /** Units a wave put back in this visit, so that the bar may go up with its reason beside it. */
  waveUnits: number | null;
  toast: Toast | null;
  polite: Announcement | null;
}

/** What the server knew when it rendered; the first render in the browser must be the same. */
export function initialModel(data: SaleData): SaleModel {
  const model: SaleModel = {
    nowMs: data.serverTimeMs,
    clockErrorMs: null,
    sale: priced(data.sale, data.price),
    price: data.price,
    me: data.me,
    limitUsed: data.limitUsed,
    order: null,
    ticket: null,
    attempt: null,
    verdict: null,
    connection: { live: false, lostSinceMs: null, polling: false, online: true },
    waiting: null,
    waveUnits: null,
    toast: null,
    polite: null,
  };
  return data.order === null ? model : { ...model, ...fromOrder(model, data.order) };
}

/** A price of one's own stands as long as the list price it was made from. */
function priced(sale: SaleView, price: MemberPriceView | null): SaleView {
  return price?.listPoints === sale.pricePoints ? { ...sale, pricePoints: price.points } : sale;
}

export function withPrice(
  model: SaleModel,
  price: MemberPriceView,
): Pick<SaleModel, "sale" | "price"> {
  return { price, sale: { ...model.sale, pricePoints: price.points } };
}

/** The parts of the model an order of this sale decides. */
export function fromOrder(
  model: SaleModel,
  order: OrderView,
): Pick<SaleModel, "order" | "ticket" | "attempt" | "verdict"> {
  const nothing = { order, ticket: null, attempt: null, verdict: null };
  const base = { orderId: order.orderId, quantity: order.quantity, epoch: order.epoch };
  if (order.state === "held") {
    // An ordinary redemption has no ticket to show; what is held there is being settled.
    if (model.sale.kind === "standing") return nothing;
    return { ...nothing, ticket: { ...base, points: order.legs.points.points, pass: null } };
  }
  if (order.state === "in_doubt") {
    const attempt: Attempt = {
      ...base,
      kind: "redeem",
      startedAtMs: model.nowMs,
      inDoubt: true,
      asks: 0,
      waitMs: null,
    };
    return { ...nothing, attempt };
  }
  if (order.outcome === "granted" && !isGivenBack(order)) {
    // Anybody may redeem an ordinary item again: yesterday's order does not take the button away.
    if (model.sale.kind === "standing" && model.verdict === null) return nothing;
    return { ...nothing, verdict: grantedBy(order) };
  }
  if (
    (order.state === "voided" || order.state === "refused") &&
    order.code !== null &&
    order.code !== "forgone"
  ) {
    if (model.sale.kind === "standing" || order.epoch < model.sale.epoch) return nothing;
    return { ...nothing, verdict: refusedBy(order, order.code) };
  }
  return nothing;
}

/** Granted once, and not the member's any more. */
export function isGivenBack({ state }: OrderView): boolean {
  return state === "cancelled" || state === "refunding" || state === "refunded";
}

export function grantedBy(order: OrderView): Verdict {
  const granted = order.timeline.find((entry) => entry.event === "granted");
  return {
    kind: "granted",
    orderId: order.orderId,
    points: order.legs.points.points,
    ordinal: order.ordinal,
    atMs: granted?.atMs ?? null,
  };
}

export function refusedBy(order: OrderView, code: string): Verdict {
  const atMs = order.figures["atMs"];
  return {
    kind: "refused",
    orderId: order.orderId,
    code,
    epoch: order.epoch,
    figures: order.figures,
    atMs: typeof atMs === "number" ? atMs : null,
  };
}

/** Money that a granted unit still waits for, and until when as far as that is known; null: none, or it is due at the door. */
export function dueOf({
  sale,
  order,
  verdict,
}: Pick<SaleModel, "sale" | "order" | "verdict">): { fen: number; byMs: number | null } | null {
  if (verdict?.kind !== "granted" || sale.payWithinMs === null) return null;
  // The account hears of a grant of the door a moment later.
  const isSettled = order?.orderId === verdict.orderId && order.outcome === "granted";
  if (isSettled) return order.pay && { fen: order.pay.amountFen, byMs: order.pay.payByMs };
  const fen = sale.priceFen + (sale.goods?.freightFen ?? 0);
  return fen === 0 ? null : { fen, byMs: null };
}

/** When the sale ended. Staff may close it before its hour; until that moment is known it cannot lie ahead. */
export function endedAtMs({ sale, nowMs }: SaleModel): number {
  return sale.closedAtMs ?? Math.min(sale.closesAtMs, nowMs);
}

export function numberIn(figures: Figures, name: string): number | null {
  const value = figures[name];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export function withStock(model: SaleModel, frame: StockFrame): SaleModel {
  const { sale } = model;
  // Frames of two doors may cross during a reconnect; an older epoch never overwrites a newer one.
  if (frame.epoch < sale.epoch) return model;
  const raised = frame.epoch > sale.epoch && frame.remaining > sale.remaining;
  const soldOut = frame.status === "open" && frame.remaining === 0;
  return {
    ...model,
    waiting: frame.waiting,
    waveUnits: raised
      ? frame.remaining
      : frame.remaining > (model.waveUnits ?? 0)
        ? null
        : model.waveUnits,
    sale: {
      ...sale,
      remaining: frame.remaining,
      epoch: frame.epoch,
      status: frame.status,
      opensAtMs: frame.opensAtMs,
      closesAtMs: frame.closesAtMs,
      units: frame.units,
      returned: frame.returned,
      redeemed: frame.redeemed,
      nextWaveAtMs: frame.nextWaveAtMs,
      soldOut,
      soldOutAtMs: soldOut ? (frame.soldOutAtMs ?? sale.soldOutAtMs) : null,
      closedAtMs: frame.closedAtMs,
    },
  };
}

/** What staff changed of a promise, all of it for the better; null: nothing. */
export function betterNews(before: SaleView, after: SaleView): Message | null {
  if (after.kind === "standing") return null;
  if (after.closesAtMs > before.closesAtMs)
    return { key: "extended", closesAtMs: after.closesAtMs };
  if (after.units > before.units) return { key: "restocked", units: after.units - before.units };
  return null;
}

export function withSale(model: SaleModel, sale: SaleView): SaleModel {
  if (sale.epoch < model.sale.epoch) return model;
  const raised = sale.epoch > model.sale.epoch && sale.remaining > model.sale.remaining;
  const own = priced(sale, model.price);
  return { ...model, sale: own, waveUnits: raised ? sale.remaining : model.waveUnits };
}

export function grabInputOf(model: SaleModel): GrabInput {
  const { verdict, me } = model;
  const needed = verdict?.kind === "refused" ? numberIn(verdict.figures, "needed") : null;
  const active = verdict?.kind === "refused" ? numberIn(verdict.figures, "active") : null;
  return {
    clock: { nowMs: model.nowMs },
    sale: model.sale,
    me: me === null ? null : { active: me.points.active, limitUsed: model.limitUsed },
    ticket: model.ticket,
    attempt: model.attempt,
    verdict:
      verdict?.kind === "refused"
        ? {
            kind: "refused",
            code: verdict.code,
            epoch: verdict.epoch,
            gap: needed !== null && active !== null && needed > active ? needed - active : null,
            limit: numberIn(verdict.figures, "limit"),
            used: numberIn(verdict.figures, "used"),
            rule: verdict.figures["rule"],
          }
        : verdict && { ...verdict, due: dueOf(model) },
    connection: { live: model.connection.live },
  };
}

const STOCK_EVERY_MS = 5_000;

/** Speaks of time and stock at the few moments worth an interruption; remembers what it has said. */
export function createAnnouncer(): (before: SaleModel, after: SaleModel) => Announcement | null {
  let stockSaidAtMs = Number.NEGATIVE_INFINITY;
  return (before, after) => {
    if (after.sale.kind === "standing") return null;
    const was = before.sale.opensAtMs - before.nowMs;
    const is = after.sale.opensAtMs - after.nowMs;
    const crossed = (ms: number): boolean =>
      was > ms && is <= ms && before.sale.opensAtMs === after.sale.opensAtMs;
    if (crossed(0)) return { key: "opened" };
    if (crossed(10_000)) return { key: "secondsLeft", seconds: 10 };
    if (crossed(60_000)) return { key: "minutesLeft", minutes: 1 };
    if (crossed(600_000)) return { key: "minutesLeft", minutes: 10 };
    const { remaining, units } = after.sale;
    const fell = (share: number): boolean =>
      before.sale.remaining > units * share && remaining <= units * share;
    const none = fell(0);
    if (!none && after.nowMs - stockSaidAtMs < STOCK_EVERY_MS) return null;
    const said: Announcement | null = none
      ? { key: "stockNone" }
      : fell(0.1)
        ? { key: "stockLow", remaining }
        : fell(0.5)
          ? { key: "stockHalf", remaining }
          : null;
    if (said !== null) stockSaidAtMs = after.nowMs;
    return said;
  };
}
