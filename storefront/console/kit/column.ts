import type { ComponentChildren } from "preact";

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  /** A column without it stands in the export alone. */
  readonly cell?: (row: Row) => ComponentChildren;
  /** Figures stand right. */
  readonly right?: boolean;
  /** Named in `sort=`; the column's head then orders the list, `-name` the other way round. */
  readonly sort?: string;
  /** In the export; a column without it is left out there. */
  readonly csv?: (row: Row) => string | number | null;
  /** Left out on narrow screens. */
  readonly wide?: boolean;
  /** On a phone, where a row stands as a block, beside its first cell: what a list is looked through for. */
  readonly beside?: boolean;
}

/** How a cell of this column stands; `figure` is said of cells that hold figures, not of their heads. */
export function classOf(
  column: Pick<Column<unknown>, "right" | "wide" | "beside">,
  figure = "",
): string {
  const { right, wide, beside } = column;
  return [right && `r ${figure}`.trim(), wide && "wide-only", beside && "beside"]
    .filter(Boolean)
    .join(" ");
}
