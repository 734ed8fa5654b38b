/** What headquarters let a store decide for itself. */

import type { StoreField } from "./wire.ts";

/**
 * The whole list: what is not on it, no store ever decides. `price`, `stock` and `visibility` are of goods in the store,
 * see docs/goods.md.
 */
export const STORE_FIELDS = [
  ...(["price", "stock", "visibility"] as const),
  "till_codes",
] as const satisfies readonly StoreField[];

export interface Acting {
  /** The stores somebody is bound to; null for headquarters. */
  readonly storeIds: readonly string[] | null;
}

export type OverrideRefusal = "not_your_store" | "headquarters_decide";

/** Null: they may. Headquarters may always; a store's people only for their store, and only what its brand lists. */
export function mayOverride(
  by: Acting,
  store: { readonly storeId: string; readonly storeMaySet: readonly StoreField[] },
  field: StoreField,
): OverrideRefusal | null {
  if (by.storeIds === null) return null;
  if (!by.storeIds.includes(store.storeId)) return "not_your_store";
  return store.storeMaySet.includes(field) ? null : "headquarters_decide";
}
