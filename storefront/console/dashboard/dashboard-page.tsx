import type { JSX } from "preact";
import type { SaleView } from "../../../worker/redemption/wire.ts";
import { Card, Empty, Failed, Loading, PageHead, useRead, useWords } from "../kit/index.ts";
import { DASHBOARD } from "./words.ts";

export function DashboardPage(): JSX.Element {
  const words = useWords(DASHBOARD);
  const sales = useRead<{ sales: SaleView[] }>("/api/v1/sales");
  return (
    <>
      <PageHead title={words.title} />
      <Card title={words.sales}>
        {sales.problem && <Failed problem={sales.problem} onRetry={sales.again} />}
        {sales.isLoading && <Loading />}
        {sales.value?.sales.length === 0 && <Empty title={words.none} />}
        {sales.value?.sales.map((sale) => (
          <p key={sale.saleId}>
            {sale.title} <span class="mute">{words.remaining(sale.remaining)}</span>
          </p>
        ))}
      </Card>
    </>
  );
}
