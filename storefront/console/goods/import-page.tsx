import type { JSX } from "preact";
import type { ImportReportView } from "../../../worker/catalog/wire.ts";
import { BASE, CsvImport, PageHead, useWords } from "../kit/index.ts";
import { GOODS } from "./words.ts";

const COLUMNS = [
  ...["goodsId", "title", "subtitle", "category", "kind", "role", "tags", "spec", "code"],
  ...["pricePoints", "priceYuan", "marketPriceYuan", "units", "lowStockUnits", "picture", "brand"],
  ...["supplier", "supplierCode", "dropShipped"],
];
const CUP = ["enamel-cup", "搪瓷杯", "摔不碎", "", "physical", "everyday", "新品"];
const SENT = ["德化窑坊", "DH-CUP", "yes"];
const SAMPLE = [
  [...CUP, "颜色=白;容量=350 ml", "CUP-W", 450, "", "39", 100, 10, "", "", ...SENT],
  [...CUP, "颜色=绿;容量=350 ml", "CUP-G", 450, "", "39", 80, 10, "", "", ...SENT],
  [
    ...["tea-coupon", "饮品券 满 30 减 10", "到账即用", "", "coupon", "everyday", "", "", ""],
    ...[200, "", "10", 5_000, 200, "", "", "", "", "no"],
  ],
];

export function ImportPage(): JSX.Element {
  const { title, imports } = useWords(GOODS);
  const says = ({ isDryRun, lines, goods, created, changed }: ImportReportView): string =>
    isDryRun
      ? `${imports.fine(lines, goods)} ${imports.figures(created, changed)}`
      : imports.done(created, changed);
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
        see={{ href: `${BASE}/goods?sort=-updated`, title: imports.see }}
      />
    </>
  );
}
