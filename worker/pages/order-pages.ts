/** What a member redeemed, and one order of it with all that it still needs. */
import type { OrdersView, OrderView } from "../accounts/wire.ts";
import type { DeliveryView } from "../fulfilment/wire.ts";
import { ORDER_ID_PATTERN } from "../kernel/ids.ts";
import type { PayWays } from "../payments/wire.ts";
import type { TenderQuoteView } from "../spending/wire.ts";
import type { OrderPayData, PageData } from "./page-data.ts";
import type { OwnApi } from "./own-api.ts";
import { loginAt, notFound, type PageRequest, type Redirect } from "./request.ts";

const SHOWN = 50;

export async function ordersPage({ c, api, base }: PageRequest): Promise<PageData | Redirect> {
  const list = await api.get<OrdersView>(`/api/v1/orders?limit=${SHOWN}`);
  if (!list) return loginAt(c);
  return { ...base, page: "orders", list, tab: c.req.query("tab") ?? "all" };
}

/** Delivery and ways to pay come with the first HTML: what came later would move all that stands below it. */
export async function orderPage(request: PageRequest): Promise<PageData | Redirect> {
  const { c, api, base, session } = request;
  if (!session) return loginAt(c);
  const orderId = c.req.param("orderId") ?? "";
  if (!ORDER_ID_PATTERN.test(orderId)) return notFound(base);
  const order = await api.get<OrderView>(`/api/v1/orders/${orderId}`);
  if (!order) return notFound(base);
  const [delivery, pay] = await Promise.all([
    api.part<DeliveryView>(`/api/v1/orders/${orderId}/delivery`),
    payOf(api, order),
  ]);
  return { ...base, page: "order", order, delivery, pay };
}

async function payOf(api: OwnApi, { orderId, pay, tender }: OrderView): Promise<OrderPayData> {
  if (pay === null) return { ways: null, quote: null };
  // As the page asks for it: what was not chosen is quoted as not chosen.
  const chosen = new URLSearchParams();
  if ((tender?.points ?? 0) === 0) chosen.set("points", "0");
  if ((tender?.storedFen ?? 0) === 0) chosen.set("storedFen", "0");
  const path = `/api/v1/orders/${orderId}`;
  const [ways, quote] = await Promise.all([
    api.part<PayWays>(`${path}/payments`),
    api.part<TenderQuoteView>(`${path}/tender?${chosen.toString()}`),
  ]);
  return { ways: ways?.ways ?? null, quote };
}
