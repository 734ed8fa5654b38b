import type { OrderView } from "../../../worker/accounts/wire.ts";
import type { PagesText } from "../../locales/pages.zh-CN.ts";
import type { BadgeTone } from "../../ui/parts.tsx";

export type Where = "going" | "ship" | "ended";

/** In which tab of the list an order lies. */
export function whereIs(order: OrderView): Where {
  if (order.state === "held" || order.state === "in_doubt") return "going";
  return order.state === "to_ship" ? "ship" : "ended";
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

export function headOf(order: OrderView, t: PagesText): OrderHead {
  const back = isBack(order);
  switch (order.state) {
    case "held":
      return { title: t.order.heldTitle, icon: "clock", tone: "info" };
    case "in_doubt":
      return { title: t.order.doubtTitle, icon: "refresh", tone: "info" };
    case "to_ship":
      return { title: t.order.shipTitle, icon: "check", tone: "ok" };
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
  }
}

/** One next step, or what became of the points. */
export function nextLine(order: OrderView, t: PagesText): { icon: string; text: string } {
  const { points } = order.legs.points;
  if (order.state === "held") return { icon: "clock", text: t.orders.next.held(points) };
  if (order.state === "in_doubt") return { icon: "refresh", text: t.orders.next.in_doubt };
  if (order.state === "to_ship") return { icon: "truck", text: t.orders.next.to_ship };
  if (order.legs.points.state === "none") return { icon: "info", text: t.orders.next.untouched };
  return {
    icon: "undo",
    text: isBack(order) ? t.orders.next.returned(points) : t.orders.next.returning(points),
  };
}

export function reasonOf(order: OrderView, t: PagesText): string {
  return order.code === null ? "" : (t.order.why[order.code] ?? "");
}
