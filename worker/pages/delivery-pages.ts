/** Where parcels go, and what is shown at a till. */
import type { PageData } from "./page-data.ts";
import { loginAt, notFound, type PageRequest, type Redirect } from "./request.ts";
import type { AddressesView, BookingOfferView, ShownCodesView } from "../fulfilment/wire.ts";

export async function addressesPage(request: PageRequest): Promise<PageData | Redirect> {
  const { c, api, base, session } = request;
  if (!session) return loginAt(c);
  const addresses = await api.get<AddressesView>("/api/v1/me/addresses");
  return addresses === null ? notFound(base) : { ...base, page: "addresses", addresses };
}

/** Its slots come with the first HTML: what came later would move all that stands below it. */
export async function voucherPage(request: PageRequest): Promise<PageData | Redirect> {
  const { c, api, base, session } = request;
  if (!session) return loginAt(c);
  const voucherId = c.req.param("voucherId") ?? "";
  const path = `/api/v1/me/vouchers/${encodeURIComponent(voucherId)}`;
  const [shown, booking] = await Promise.all([
    api.get<ShownCodesView>(`${path}/codes`),
    api.part<BookingOfferView>(`${path}/slots`),
  ]);
  return shown === null ? notFound(base) : { ...base, page: "voucher", shown, booking };
}
