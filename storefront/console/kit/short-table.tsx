import type { ComponentChildren, JSX } from "preact";
import { classOf, type Column } from "./column.ts";
import { CsvButton } from "./csv-button.tsx";
import { KIT } from "./kit-words.ts";
import { Card } from "./parts.tsx";
import { useWords } from "./words.ts";

/** A table whose rows are all there at once, with its export. What a page reads by cursor is a `DataTable`. */
export function ShortTable<Row>(props: {
  /** What the table lists, for its head and for the file of the export. */
  name: string;
  columns: readonly Omit<Column<Row>, "sort">[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** What may be done with a row, in a last column without a title. */
  renderActs?: (row: Row) => ComponentChildren;
}): JSX.Element {
  const { name, columns, rows, rowKey, renderActs } = props;
  const words = useWords(KIT);
  const shown = columns.filter(({ cell }) => cell);
  const exported = columns.flatMap(({ title, csv }) => (csv ? [[title, csv] as const] : []));
  return (
    <Card title={name} flush acts={<CsvButton name={name} rows={rows} columns={exported} />}>
      <div class="table-scroll" tabIndex={0} role="region" aria-label={name}>
        <table class="stacks">
          <thead>
            <tr>
              {shown.map((column) => (
                <th key={column.key} scope="col" class={classOf(column)}>
                  {column.title}
                </th>
              ))}
              {renderActs && (
                <th class="act-cell">
                  <span class="sr">{words.actions}</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={rowKey(row)}>
                {shown.map((column) => (
                  <td key={column.key} class={classOf(column, "num")} data-title={column.title}>
                    {column.cell?.(row)}
                  </td>
                ))}
                {renderActs && <td class="act-cell">{renderActs(row)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
