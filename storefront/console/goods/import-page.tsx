import type { JSX } from "preact";
import type { ImportReportView } from "../../../worker/catalog/wire.ts";
import { count } from "../../ui/format.ts";
import { BASE, CsvImport, PageHead, useWords } from "../kit/index.ts";
import { GOODS } from "./words.ts";

const COLUMNS = [
  ...["goodsId", "title", "subtitle", "category", "kind", "role", "tags", "spec", "code"],
  ...["pricePoints", "priceYuan", "marketPriceYuan", "units", "lowStockUnits", "picture", "brand"],
  ...["supplier", "supplierCode", "dropShipped", "revision"],
];
const CUP = ["enamel-cup", "搪瓷杯", "摔不碎", "", "physical", "everyday", "新品"];
const SENT = ["德化窑坊", "DH-CUP", "yes", ""];
const SAMPLE = [
  [...CUP, "颜色=白;容量=350 ml", "CUP-W", 450, "", "39", 100, 10, "", "", ...SENT],
  [...CUP, "颜色=绿;容量=350 ml", "CUP-G", 450, "", "39", 80, 10, "", "", ...SENT],
  [
    ...["tea-coupon", "饮品券 满 30 减 10", "到账即用", "", "coupon", "everyday", "", "", ""],
    ...[200, "", "10", 5_000, 200, "", "", "", "", "no", ""],
  ],
];

function add(sum: ImportReportView, part: ImportReportView): ImportReportView {
  return {
    ...part,
    created: sum.created + part.created,
    changed: sum.changed + part.changed,
    repeated: sum.repeated + part.repeated,
    badCount: sum.badCount + part.badCount,
    bad: [...sum.bad, ...part.bad],
  };
}

const isWritten = ({ goods, repeated }: ImportReportView): boolean =>
  goods > 0 && repeated === goods;

export function ImportPage(): JSX.Element {
  const { title, imports } = useWords(GOODS);
  const says = (report: ImportReportView): string => {
    const { isDryRun, lines, goods, created, changed, repeated, unitsToKnown } = report;
    if (!isDryRun) return imports.done(created, changed, repeated);
    return [
      ...[imports.fine(lines, goods), imports.figures(created, changed)],
      ...(repeated > 0 && repeated < goods ? [imports.goesOn(repeated)] : []),
      ...(unitsToKnown > 0 ? [imports.adds(count(unitsToKnown))] : []),
    ].join(" ");
  };
  return (
    <>
      <PageHead title={imports.title} back={{ href: `${BASE}/goods`, title }} />
      <CsvImport<ImportReportView>
        help={imports.help}
        columns={COLUMNS}
        sample={SAMPLE}
        sampleName="goods-sample.csv"
        path="/api/v1/staff/goods-import"
        says={says}
        parts={{ lines: 50, add, isWritten, again: imports.again }}
        see={{ href: `${BASE}/goods?sort=-updated`, title: imports.see }}
      />
    </>
  );
}
