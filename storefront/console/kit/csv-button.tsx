import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Problem } from "./client.ts";
import { csvOf, download } from "./csv.ts";
import { KIT } from "./kit-words.ts";
import { Button } from "./parts.tsx";
import { useToast } from "./toast.tsx";
import { useWords } from "./words.ts";

export type CsvColumn<Row> = readonly [title: string, value: (row: Row) => string | number | null];

/** The export of a table that is not a `DataTable`. `rows` may have to be read first, page by page. */
export function CsvButton<Row>(props: {
  name: string;
  columns: readonly CsvColumn<Row>[];
  rows:
    | readonly Row[]
    | ((onRows: (rows: number) => void) => Promise<readonly Row[] | { readonly problem: Problem }>);
}): JSX.Element {
  const { name, columns, rows } = props;
  const words = useWords(KIT);
  const toast = useToast();
  const [isBusy, setBusy] = useState(false);
  const save = (all: readonly Row[]): void => {
    const lines = all.map((row) => columns.map(([, value]) => value(row)));
    const head = columns.map(([title]) => title);
    download(`${name}.csv`, csvOf(head, lines));
    toast.show({ text: words.exported(all.length) });
  };
  const read = async (): Promise<void> => {
    if (typeof rows !== "function") return save(rows);
    setBusy(true);
    const found = await rows((so) => toast.show({ text: words.exporting(so), stays: true }));
    setBusy(false);
    if ("problem" in found) toast.refuse(found.problem);
    else save(found);
  };
  return (
    <Button size="sm" icon="download" busy={isBusy} onClick={() => void read()}>
      {words.export}
    </Button>
  );
}
