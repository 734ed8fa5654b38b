import type { JSX } from "preact";
import type { DashboardView } from "../../../worker/figures/wire.ts";
import { timeHm } from "../../ui/format.ts";
import { Failed, Loading, PageHead, useRead, useWords } from "../kit/index.ts";
import { FirstSteps } from "./first-steps.tsx";
import { Flow, Sources } from "./flow.tsx";
import { HotGoods, SlowGoods, StockOuts } from "./goods.tsx";
import { Money } from "./money.tsx";
import { SaleBand } from "./sale-band.tsx";
import { Sales } from "./sales.tsx";
import { Tiles } from "./tiles.tsx";
import { Waiting } from "./waiting.tsx";
import { DASHBOARD } from "./words.ts";
import "./dashboard.css";

const EVERY_MS = 15_000;

export function DashboardPage(): JSX.Element {
  const words = useWords(DASHBOARD);
  const read = useRead<DashboardView>("/api/v1/staff/dashboard", { everyMs: EVERY_MS });
  const { value: view } = read;
  return (
    <>
      <PageHead
        title={words.title}
        {...(view ? { note: words.asOf(timeHm(view.digestAtMs || view.atMs)) } : {})}
      />
      {read.isLoading && <Loading rows={8} />}
      {!view && read.problem && <Failed problem={read.problem} onRetry={read.again} />}
      {view && (
        <div class="stack">
          {view.hot.length === 0 && <FirstSteps />}
          <SaleBand view={view} />
          <Tiles view={view} />
          <div class="grid cols-side">
            <div class="stack">
              {view.points && <Flow points={view.points} />}
              <HotGoods goods={view.hot} />
            </div>
            <div class="stack">
              {view.sales && <Sales sales={view.sales} nowMs={view.atMs} />}
              <Waiting view={view} />
              <Money />
              {view.points && view.points.sources.length > 0 && (
                <Sources sources={view.points.sources} />
              )}
            </div>
          </div>
          <div class="grid cols-2 goods-cards">
            <SlowGoods goods={view.slow} count={view.slowCount} />
            <StockOuts goods={view.stockOuts} count={view.stockOutCount} />
          </div>
        </div>
      )}
    </>
  );
}
