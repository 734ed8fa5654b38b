import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { count } from "../../ui/format.ts";
import {
  Badge,
  Button,
  Empty,
  Failed,
  Loading,
  PageHead,
  ShortTable,
  useRead,
  useWords,
  type Column,
} from "../kit/index.ts";
import { ImportCodes } from "./import-codes.tsx";
import { WORDS, type OrderWords } from "./words.ts";

interface Standing {
  readonly skuId: string;
  readonly title: string;
  readonly free: number;
  readonly issued: number;
  readonly revealed: number;
  readonly withdrawn: number;
  readonly isLow: boolean;
}

function columnsOf(words: OrderWords): Column<Standing>[] {
  const figure = (
    key: "free" | "issued" | "revealed" | "withdrawn",
    title: string,
  ): Column<Standing> => ({
    ...{ key, title, right: true },
    cell: (row) => count(row[key]),
    csv: (row) => row[key],
  });
  return [
    {
      ...{ key: "goods", title: words.goods },
      cell: ({ title, isLow }) => (
        <>
          {title} {isLow && <Badge tone="danger">{words.low}</Badge>}
        </>
      ),
      csv: ({ title, skuId }) => `${title} ${skuId}`,
    },
    figure("free", words.free),
    figure("issued", words.issued),
    figure("revealed", words.seen),
    figure("withdrawn", words.withdrawn),
  ];
}

export function CodesPage(): JSX.Element {
  const words = useWords(WORDS);
  const read = useRead<{ items: Standing[] }>("/api/v1/staff/codes");
  const [importing, setImporting] = useState<string | null>(null);
  const items = read.value?.items;
  return (
    <>
      <PageHead
        title={words.codesTitle}
        note={words.codesHelp}
        back={{ href: "/console/orders", title: words.back }}
      >
        <Button kind="primary" icon="upload" onClick={() => setImporting("")}>
          {words.codesImport}
        </Button>
      </PageHead>
      {read.problem && <Failed problem={read.problem} onRetry={read.again} />}
      {!items && !read.problem && <Loading />}
      {items?.length === 0 && (
        <Empty icon="key" title={words.codesEmpty} body={words.codesEmptyHelp} />
      )}
      {items && items.length > 0 && (
        <ShortTable
          name={words.codesTitle}
          columns={columnsOf(words)}
          rows={items}
          rowKey={({ skuId }) => skuId}
          renderActs={({ skuId }) => (
            <Button kind="link" size="sm" onClick={() => setImporting(skuId)}>
              {words.codesImport}
            </Button>
          )}
        />
      )}
      {importing !== null && (
        <ImportCodes
          skuId={importing}
          onClose={() => setImporting(null)}
          onDone={() => {
            setImporting(null);
            read.again();
          }}
        />
      )}
    </>
  );
}
