/** What the orders section reads of the API. */
import type { OrderView } from "../../../worker/accounts/wire.ts";
import type { DeliveryView } from "../../../worker/fulfilment/wire.ts";

export interface Masked {
  readonly name: string;
  readonly phone: string;
  readonly region: string;
  readonly detail: string;
}

/** A supplier with the orders of their goods that are to be sent. */
export interface Supplier {
  readonly supplier: string;
  readonly supplierSends: number;
  readonly shopSends: number;
}

export interface Supply {
  readonly supplier: string;
  readonly isDropShipped: boolean;
}

export interface StaffOrder {
  readonly memberId: string;
  readonly orderId: string;
  readonly skuId: string;
  readonly saleKind: "flash" | "standing";
  readonly title: string;
  readonly spec: string;
  readonly picture: string;
  readonly groundColor: string;
  readonly goodsKind: string;
  readonly state: string;
  readonly quantity: number;
  readonly points: number;
  readonly cashFen: number;
  readonly grantedAtMs: number;
  readonly supply: Supply | null;
  readonly recipient: Masked | null;
  readonly parcels: number;
}

export interface StaffOrderDetail {
  readonly memberId: string;
  readonly skuId: string;
  readonly order: OrderView;
  readonly delivery: DeliveryView;
  readonly reveals: readonly {
    readonly what: "address" | "code";
    readonly by: string;
    readonly reason: string;
    readonly atMs: number;
  }[];
}

export interface Carrier {
  readonly code: string;
  readonly name: string;
}

export const pathOf = ({ memberId, orderId }: { memberId: string; orderId: string }): string =>
  `/api/v1/staff/orders/${encodeURIComponent(memberId)}/${encodeURIComponent(orderId)}`;

export const newId = (): string => crypto.randomUUID();
