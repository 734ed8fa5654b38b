/** The file by which a supplier sends parcels, in columns that a list of tracking numbers is read by again. */
import type { Cell } from "../../kernel/csv.ts";
import { seen, type Sight } from "../../kernel/masks.ts";
import { addressLine, type Address } from "./address.ts";

export const SUPPLIER_FILE_HEADS = {
  "zh-CN": [
    ...["单号", "商品", "规格", "供应商货号", "商品编码", "数量"],
    ...["收货人", "手机", "地址", "下单时间", "快递公司", "快递单号"],
  ],
  en: [
    ...["order id", "goods", "variant", "supplier number", "sku code", "quantity"],
    ...["name", "phone", "address", "ordered", "carrier", "tracking no"],
  ],
} as const;

export interface SuppliedOrder {
  readonly orderId: string;
  readonly title: string;
  readonly spec: string;
  readonly quantity: number;
  /** As it is written, in ISO 8601. */
  readonly orderedAt: string;
  readonly supply: { readonly supplierCode: string; readonly skuCode: string } | null;
}

/** Of a person only what its asker may see; courier and tracking number are for the supplier to fill in. */
export function supplierFileLine(order: SuppliedOrder, address: Address, sight: Sight): Cell[] {
  const { orderId, title, spec, quantity, orderedAt, supply } = order;
  return [
    ...[orderId, title, spec, supply?.supplierCode ?? "", supply?.skuCode ?? "", quantity],
    ...[seen(sight.name, address.name), seen(sight.phone, address.phone)],
    seen(sight.address, addressLine(address)),
    ...[orderedAt, "", ""],
  ];
}
