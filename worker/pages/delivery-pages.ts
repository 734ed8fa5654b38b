/** Where parcels go, and what is shown at a till. */
import type { PageData } from "./page-data.ts";
import { loginAt, notFound, type PageRequest, type Redirect } from "./request.ts";
import type { AddressesView, ShownCodesView } from "../fulfilment/wire.ts";

export async function addressesPage(request: PageRequest): Promise<PageData | Redirect> {
  const { c, api, base, session } = request;
  if (!session) return loginAt(c);
  const addresses = await api.get<AddressesView>("/api/v1/me/addresses");
  return addresses === null ? notFound(base) : { ...base, page: "addresses", addresses };
}

export async function voucherPage(request: PageRequest): Promise<PageData | Redirect> {
  const { c, api, base, session } = request;
  if (!session) return loginAt(c);
  const voucherId = c.req.param("voucherId") ?? "";
  const path = `/api/v1/me/vouchers/${encodeURIComponent(voucherId)}/codes`;
  const shown = await api.get<ShownCodesView>(path);
  return shown === null ? notFound(base) : { ...base, page: "voucher", shown };
}
