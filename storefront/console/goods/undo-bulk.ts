/** What brings many goods back to what they were before one change of them all. Pure. */
import type { StaffGoodsRow } from "../../../worker/catalog/wire.ts";

export interface BulkChange {
  readonly goodsIds: readonly string[];
  readonly act: "category" | "add_tag" | "remove_tag" | "publish" | "withdraw" | "price_percent";
  readonly value: string | null;
}

type Row = Pick<StaffGoodsRow, "goodsId" | "categoryId" | "tags" | "state">;

const idsOf = (rows: readonly Row[]): string[] => rows.map(({ goodsId }) => goodsId);

/** `rows` as they stood before and without those that were refused. Empty: nothing was changed, or it cannot be turned back. */
export function undoingOf(
  { act, value }: Pick<BulkChange, "act" | "value">,
  rows: readonly Row[],
): readonly BulkChange[] {
  const one = (back: BulkChange["act"], changed: readonly Row[], to: string | null) =>
    changed.length === 0 ? [] : [{ goodsIds: idsOf(changed), act: back, value: to }];
  const isSeen = ({ state }: Row): boolean => state === "published" || state === "scheduled";
  switch (act) {
    // What members saw before is shown again, what they did not see is hidden.
    case "publish":
      return one(
        "withdraw",
        rows.filter((row) => !isSeen(row)),
        null,
      );
    case "withdraw":
      return one("publish", rows.filter(isSeen), null);
    case "add_tag":
      return one(
        "remove_tag",
        rows.filter(({ tags }) => !tags.includes(value ?? "")),
        value,
      );
    case "remove_tag":
      return one(
        "add_tag",
        rows.filter(({ tags }) => tags.includes(value ?? "")),
        value,
      );
    case "category": {
      const moved = rows.filter(({ categoryId }) => categoryId !== value);
      const before = [...new Set(moved.map(({ categoryId }) => categoryId))];
      return before.flatMap((to) =>
        one(
          "category",
          moved.filter(({ categoryId }) => categoryId === to),
          to,
        ),
      );
    }
    // Rounded prices do not come back by another percentage.
    case "price_percent":
      return [];
  }
}
