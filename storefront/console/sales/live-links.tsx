import type { JSX } from "preact";
import type { SessionView } from "../../../worker/sales/wire.ts";
import { useWords } from "../kit/index.ts";
import { livePath, StandingBadge, standingOfSale } from "./parts.tsx";
import { SALES } from "./words.ts";

/** A published session leads to where its sales are run. */
export function Live({ session }: { session: SessionView }): JSX.Element {
  const words = useWords(SALES);
  return (
    <div class="stack sale-live">
      <p class="mute">{words.readOnly}</p>
      <div class="row">
        {session.sales.map((sale) => (
          <a key={sale.saleId} class="card live-link" href={livePath(sale.saleId)}>
            <b>{sale.title}</b>
            <StandingBadge standing={standingOfSale(sale)} />
            <span class="note mute num">{words.left(sale.remaining, sale.units)}</span>
            <span class="text-link">{words.live}</span>
          </a>
        ))}
      </div>
    </div>
  );
}
