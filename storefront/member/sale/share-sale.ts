import { salePath } from "../../client/paths.ts";
import { shareOrCopy } from "../../client/share-sheet.ts";
import type { SaleController } from "./sale-controller.ts";
import type { SaleData, SaleModel } from "./sale-model.ts";

/** The picture to share; where the merchant has none here, the link. */
export async function shareSale(
  data: SaleData,
  model: SaleModel,
  controller: SaleController | null,
): Promise<void> {
  if (data.sharesPoster) {
    const poster = await import("../poster/poster-sheet.tsx");
    poster.shareSale(data, model.sale, model.nowMs);
    return;
  }
  const address = new URL(salePath(model.sale.saleId), location.href).href;
  const done = await shareOrCopy({ title: document.title, url: address });
  if (done === "copied") controller?.toast({ key: "linkCopied" });
  if (done === "failed") controller?.toast({ key: "linkNotCopied", address });
}
