import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { StoreGoodsView } from "../../../worker/catalog/store-wire.ts";
import { MoveDialog } from "../goods/move-dialog.tsx";
import { Field, useWords } from "../kit/index.ts";
import { STORE_GOODS } from "./words.ts";

/** Units of one variant come to the store or leave it. */
export function StockDialog({
  storeId,
  goods,
  onClose,
  onDone,
}: {
  storeId: string;
  goods: StoreGoodsView;
  onClose: () => void;
  onDone: (skuId: string, shelf: number) => void;
}): JSX.Element {
  const words = useWords(STORE_GOODS);
  const [skuId, setSkuId] = useState(goods.skus[0]?.skuId ?? "");
  const sku = goods.skus.find((one) => one.skuId === skuId);
  return (
    <MoveDialog
      key={skuId}
      path={`/api/v1/staff/store-goods/${storeId}/${goods.goodsId}/stock`}
      of={{ skuId }}
      shelf={sku?.remaining ?? 0}
      onClose={onClose}
      onDone={(moved) => onDone(skuId, moved)}
    >
      {goods.skus.length > 1 && (
        <Field id="store-variant" label={words.variant}>
          <select
            id="store-variant"
            class="in"
            value={skuId}
            onChange={(event) => setSkuId(event.currentTarget.value)}
          >
            {goods.skus.map((one) => (
              <option key={one.skuId} value={one.skuId}>
                {one.values.join(" · ")}
              </option>
            ))}
          </select>
        </Field>
      )}
    </MoveDialog>
  );
}
