import { useState } from "preact/hooks";
import type { StaffGoodsView } from "../../../worker/catalog/wire.ts";
import { useLatest } from "../kit/index.ts";

type Stand = StaffGoodsView["skus"][number];

/** What the Sku said is on the shelf, until what is stored says anything else than it did up to then. */
interface Moved {
  readonly shelf: number;
  readonly instead: readonly number[];
}

export interface Shelves {
  /** How a variant stands; null: it is not made yet. */
  readonly of: (skuId: string | null | undefined) => Stand | null;
  /** A movement left so many units there. */
  readonly follow: (skuId: string, shelf: number) => void;
  /** Variants are there, and units of them neither on a shelf nor in a sale. */
  readonly areEmpty: boolean;
}

/** The shelves of goods with the movements of this page, their undoing included: what is stored follows them a moment later. */
export function useShelves(stored: StaffGoodsView | null, onMoved: () => void): Shelves {
  const [moved, setMoved] = useState<ReadonlyMap<string, Moved>>(new Map());
  const storedRef = useLatest(stored);
  const standOf = (found: Stand): Stand => {
    const own = moved.get(found.skuId);
    return own?.instead.includes(found.remaining) === true
      ? { ...found, remaining: own.shelf }
      : found;
  };
  const all = (stored?.skus ?? []).map(standOf);
  return {
    of: (skuId) => all.find((one) => one.skuId === skuId) ?? null,
    follow: (skuId, shelf) => {
      const known = storedRef.current?.skus.find((one) => one.skuId === skuId)?.remaining ?? 0;
      setMoved((before) => {
        const last = before.get(skuId);
        const instead = [known, ...(last ? [last.shelf, ...last.instead] : [])];
        return new Map(before).set(skuId, { shelf, instead });
      });
      onMoved();
    },
    areEmpty: all.length > 0 && all.every(({ remaining, inSales }) => remaining + inSales === 0),
  };
}
