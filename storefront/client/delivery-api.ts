import type {
  AddressesView,
  AddressView,
  BookingOfferView,
  DeliveryView,
  FreightQuoteView,
  RegionNode,
  RevealedCodesView,
  ShownCodesView,
  VoucherView,
} from "../../worker/fulfilment/wire.ts";
import { callerOf, type Answer, type ApiOptions } from "./api.ts";

export interface AddressBody {
  readonly name: string;
  readonly phone: string;
  readonly regionCode: string;
  readonly detail: string;
  readonly isDefault: boolean;
}

export interface DeliveryApi {
  regions(): Promise<Answer<{ regions: readonly RegionNode[] }>>;
  addresses(): Promise<Answer<AddressesView>>;
  saveAddress(addressId: string, body: AddressBody): Promise<Answer<AddressView>>;
  removeAddress(addressId: string): Promise<Answer<AddressesView>>;
  quote(skuId: string, addressId: string, quantity: number): Promise<Answer<FreightQuoteView>>;
  delivery(orderId: string): Promise<Answer<DeliveryView>>;
  setAddress(orderId: string, addressId: string): Promise<Answer<DeliveryView>>;
  setAccount(orderId: string, account: string): Promise<Answer<DeliveryView>>;
  receive(orderId: string): Promise<Answer<DeliveryView>>;
  /** Empty reason: the first look. */
  reveal(orderId: string, reason: string): Promise<Answer<RevealedCodesView>>;
  rate(orderId: string, stars: number, comment: string): Promise<Answer<DeliveryView>>;
  voucherCodes(voucherId: string): Promise<Answer<ShownCodesView>>;
  /** Of one store; null: where it is booked, or the first that takes bookings. */
  slots(voucherId: string, storeId: string | null): Promise<Answer<BookingOfferView>>;
  book(
    voucherId: string,
    storeId: string | null,
    atMs: number | null,
  ): Promise<Answer<VoucherView>>;
}

export function createDeliveryApi(options: ApiOptions): DeliveryApi {
  const call = callerOf(options);
  const order = (orderId: string): string => `/api/v1/orders/${encodeURIComponent(orderId)}`;
  const address = (id: string): string => `/api/v1/me/addresses/${encodeURIComponent(id)}`;
  const voucher = (id: string): string => `/api/v1/me/vouchers/${encodeURIComponent(id)}`;
  return {
    regions: () => call("GET", "/api/v1/regions"),
    addresses: () => call("GET", "/api/v1/me/addresses"),
    saveAddress: (id, body) => call("PUT", address(id), body),
    removeAddress: (id) => call("DELETE", address(id)),
    quote: (skuId, addressId, quantity) => {
      const query = new URLSearchParams({ skuId, addressId, quantity: String(quantity) });
      return call("GET", `/api/v1/me/freight-quote?${query.toString()}`);
    },
    delivery: (orderId) => call("GET", `${order(orderId)}/delivery`),
    setAddress: (orderId, addressId) => call("PUT", `${order(orderId)}/address`, { addressId }),
    setAccount: (orderId, account) => call("PUT", `${order(orderId)}/account`, { account }),
    receive: (orderId) => call("POST", `${order(orderId)}/receive`, {}),
    reveal: (orderId, reason) => call("POST", `${order(orderId)}/codes/reveal`, { reason }),
    rate: (orderId, stars, comment) => call("POST", `${order(orderId)}/rating`, { stars, comment }),
    voucherCodes: (id) => call("GET", `${voucher(id)}/codes`),
    slots: (id, storeId) =>
      call("GET", `${voucher(id)}/slots${storeId === null ? "" : `?storeId=${storeId}`}`),
    book: (id, storeId, atMs) => call("PUT", `${voucher(id)}/booking`, { storeId, atMs }),
  };
}
