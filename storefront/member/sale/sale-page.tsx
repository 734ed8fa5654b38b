import type { JSX } from "preact";
import { SaleAct } from "./sale-act.tsx";
import { SaleBody } from "./sale-body.tsx";
import type { SaleData } from "./sale-model.ts";

/** The page as the Worker renders it. In the browser its two parts are taken up one after the other: see start-sale.tsx. */
export function SalePage({ data }: { data: SaleData }): JSX.Element {
  return (
    <div class="page sale">
      <div id="sale-body">
        <SaleBody data={data} controller={null} />
      </div>
      <div id="sale-act">
        <SaleAct data={data} controller={null} />
      </div>
    </div>
  );
}
