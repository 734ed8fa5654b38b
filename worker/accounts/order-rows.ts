/** An order as a row, and back. The sale's terms are kept beside it, once for many orders. */
import type { SaleTerms } from "../redemption/index.ts";
import type { HoldState, Order, OrderGoods } from "./orders.ts";

type SqlRow = Record<string, SqlStorageValue>;

/** What a row's JSON holds: everything that no query asks for. */
type OrderDetail = Pick<
  Order,
  | "termsVersion"
  | "epoch"
  | "cashFen"
  | "isWanted"
  | "slices"
  | "refusal"
  | "grant"
  | "ticketExpiresAtMs"
  | "updatedAtMs"
  | "version"
> & {
  /** Left out where it is false. */
  readonly isHoldRecorded?: true;
  /** Left out where there are none. */
  readonly discounts?: Order["discounts"];
};

export function orderRow({
  order,
  position,
}: {
  order: Order;
  position: number | null;
}): SqlStorageValue[] {
  const detail: OrderDetail = {
    termsVersion: order.termsVersion,
    epoch: order.epoch,
    cashFen: order.cashFen,
    isWanted: order.isWanted,
    slices: order.slices,
    refusal: order.refusal,
    grant: order.grant,
    ticketExpiresAtMs: order.ticketExpiresAtMs,
    updatedAtMs: order.updatedAtMs,
    version: order.version,
    ...(order.isHoldRecorded ? { isHoldRecorded: true } : {}),
    ...(order.discounts.length > 0 ? { discounts: order.discounts } : {}),
  };
  return [
    position,
    order.memberKey,
    order.orderId,
    order.saleId,
    order.hold,
    order.isCancelled ? 1 : 0,
    order.quantity,
    order.points,
    order.day,
    order.createdAtMs,
    order.returnedPoints,
    JSON.stringify(detail),
  ];
}

function goodsOf(terms: SaleTerms): OrderGoods {
  const { title, subtitle, picture, groundColor } = terms;
  return { title, subtitle, picture, groundColor };
}

export function readOrder(
  row: SqlRow,
  termsOf: (saleId: string, version: number) => SaleTerms,
): Order {
  const saleId = String(row["sale_id"]);
  const detail = JSON.parse(String(row["detail"])) as OrderDetail;
  const terms = termsOf(saleId, detail.termsVersion);
  return {
    ...detail,
    isHoldRecorded: detail.isHoldRecorded ?? false,
    discounts: detail.discounts ?? [],
    memberKey: String(row["member_key"]),
    orderId: String(row["order_id"]),
    saleId,
    hold: String(row["hold"]) as HoldState,
    isCancelled: row["is_cancelled"] === 1,
    quantity: Number(row["quantity"]),
    points: Number(row["points"]),
    day: Number(row["day"]),
    createdAtMs: Number(row["created_at_ms"]),
    returnedPoints: Number(row["returned_points"]),
    goods: goodsOf(terms),
    goodsKind: terms.goods?.kind ?? "physical",
    freightFen: terms.goods?.freightFen ?? 0,
    payWithinMs: terms.payWithinMs ?? null,
    opensAtMs: terms.opensAtMs,
  };
}
