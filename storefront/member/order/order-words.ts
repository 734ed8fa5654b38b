import type { OrderView } from "../../../worker/accounts/wire.ts";
import type { PagesText } from "../../locales/pages.zh-CN.ts";
import type { OrderText } from "../../locales/order.zh-CN.ts";
import type { BadgeTone } from "../../ui/parts.tsx";

export type Where = "going" | "ship" | "receive" | "use" | "ended";

const GOING: ReadonlySet<OrderView["state"]> = new Set([
  "held",
  "in_doubt",
  "placed",
  "awaiting_payment",
]);
/** The tabs by which members look for what they wait for. */
const WHERE: Partial<Record<OrderView["state"], Where>> = {
  to_ship: "ship",
  issuing: "ship",
  shipped: "receive",
  to_write_off: "use",
};
/** In which tab of the list an order lies. */
export function whereIs(order: OrderView): Where {
  if (GOING.has(order.state)) return "going";
  return WHERE[order.state] ?? "ended";
}

/** Redeemed at any hour and not in a sale: the standing sale of a SKU is its number nought. */
export function isStanding({ saleId }: Pick<OrderView, "saleId">): boolean {
  return saleId.endsWith("~0");
}

/** Whether nothing of it is left with the merchant, as after a cancel. */
export function isOver({ state, legs }: OrderView): boolean {
  if (state === "cancelled" || state === "voided") return true;
  return (state === "refunding" || state === "refunded") && legs.points.state === "returned";
}

/** Whether something was given back, or never taken. */
export function isReturned({ state }: Pick<OrderView, "state">): boolean {
  return ["cancelled", "voided", "refunding", "refunded"].includes(state);
}

const OPEN_CASES: ReadonlySet<OrderView["afterSales"][number]["state"]> = new Set([
  ...(["applied", "agreed", "sent_back", "refunding"] as const),
]);

/** Whether something of it is being asked back: until that is decided no store takes its vouchers. */
export function isInDispute({ afterSales }: Pick<OrderView, "afterSales">): boolean {
  return afterSales.some(({ state }) => OPEN_CASES.has(state));
}

/** Whether the points of an ended order have arrived in their lots. */
export function isBack(order: OrderView): boolean {
  return order.legs.points.state === "returned";
}

export interface OrderHead {
  title: string;
  icon: string;
  tone: Extract<BadgeTone, "ok" | "info" | "plain">;
}

export function headOf(order: OrderView, t: PagesText, life: OrderText): OrderHead {
  const back = isBack(order);
  switch (order.state) {
    case "held":
      return { title: t.order.heldTitle, icon: "clock", tone: "info" };
    case "in_doubt":
      return { title: t.order.doubtTitle, icon: "refresh", tone: "info" };
    case "cancelled":
      return {
        title: back ? t.order.cancelledTitle : t.order.cancellingTitle,
        icon: "undo",
        tone: "ok",
      };
    case "voided":
      if (order.code === "forgone")
        return { title: t.order.forgoneTitle, icon: "undo", tone: "ok" };
      return {
        title: back ? t.order.voidedTitle : t.order.voidingTitle,
        icon: "undo",
        tone: "plain",
      };
    case "refused":
      return { title: t.order.refusedTitle, icon: "info", tone: "plain" };
    case "awaiting_payment":
      return { title: life.title.awaiting_payment, icon: "wallet", tone: "info" };
    case "shipped":
      return { title: life.title.shipped, icon: "truck", tone: "info" };
    case "refunding":
    case "refunded":
      return { title: life.title[order.state], icon: "undo", tone: "info" };
    default:
      return { title: life.title[order.state], icon: "check", tone: "ok" };
  }
}

const NEXT_ICONS: Readonly<Record<string, string>> = {
  awaiting_payment: "wallet",
  to_ship: "truck",
  shipped: "truck",
  refunding: "undo",
  refunded: "undo",
};

/** One next step, or what became of the points. */
export function nextLine(
  order: OrderView,
  t: PagesText,
  life: OrderText,
  time: (atMs: number) => string,
): { icon: string; text: string } {
  const { points } = order.legs.points;
  if (order.state === "held") return { icon: "clock", text: t.orders.next.held(points) };
  if (order.state === "in_doubt") return { icon: "refresh", text: t.orders.next.in_doubt };
  const { next } = life;
  if (order.pay !== null)
    return { icon: "wallet", text: life.nextPay(time(order.pay.payByMs), order.pay.amountFen) };
  if (order.state === "issuing" && order.goodsKind === "virtual")
    return { icon: "info", text: life.nextOfTopUp };
  if (order.state === "received" && order.uses?.left === 0)
    return { icon: "check", text: life.nextUsedUp };
  if (order.state === "received" && order.goodsKind === "coupon")
    return { icon: "info", text: life.nextOfCoupon };
  const { cash } = order.legs;
  if (order.state === "refunded" && cash.refundedFen === 0)
    return { icon: "undo", text: t.orders.next.returned(order.legs.points.returned) };
  if (order.state in next) {
    const text = next[order.state as keyof typeof next];
    return { icon: NEXT_ICONS[order.state] ?? "info", text };
  }
  if (order.legs.points.state === "none") return { icon: "info", text: t.orders.next.untouched };
  return {
    icon: "undo",
    text: isBack(order) ? t.orders.next.returned(points) : t.orders.next.returning(points),
  };
}

export function reasonOf(order: OrderView, t: PagesText): string {
  if (order.code === null) return "";
  // Whoever is blocked meets no condition of a membership.
  const why = order.figures["rule"] === "blocked" ? "blocked" : order.code;
  return t.order.why[why] ?? "";
}
