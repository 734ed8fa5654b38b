import type { JSX } from "preact";
import { useSaleText } from "./sale-text.ts";
import type { SaleView } from "../../../worker/redemption/wire.ts";

/** The rules as the sale's own terms give them; nothing that is not in the data. */
export function Rules({ sale, nowMs }: { sale: SaleView; nowMs: number }): JSX.Element {
  const t = useSaleText();
  const flash = sale.kind === "flash";
  return (
    <section class="card rules">
      <h2>{t.rules.title}</h2>
      <ul>
        <li>{t.rules.limit(sale.limitPerMember)}</li>
        {sale.dailyLimitPerMember !== null && <li>{t.rules.daily(sale.dailyLimitPerMember)}</li>}
        {flash && (
          <li>
            {t.rules.window(
              t.common.dateTime(sale.opensAtMs, nowMs),
              t.common.dateTime(sale.closesAtMs, nowMs),
            )}
          </li>
        )}
        {flash && <li>{t.rules.hold}</li>}
        <li>{t.common.sentences(t.pass.cancel[sale.goods?.kind ?? "physical"])}</li>
        <li>{t.rules.once}</li>
      </ul>
    </section>
  );
}
