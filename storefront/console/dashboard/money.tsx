import type { JSX } from "preact";
import type { FinanceView } from "../../../worker/payments/wire.ts";
import type { StoredReport } from "../../../worker/spending/wire.ts";
import { Badge, Card, useConsole, useRead, useWords, yuanOf } from "../kit/index.ts";
import { DASHBOARD } from "./words.ts";

const EVERY_MS = 30_000;

/** Green or red: whether payments, orders, ledgers and the providers' bills agree. For who may see money. */
export function Money(): JSX.Element | null {
  const { may } = useConsole();
  return may("finance.read") ? <MoneyCard /> : null;
}

function MoneyCard(): JSX.Element | null {
  const words = useWords(DASHBOARD);
  const finance = useRead<FinanceView>("/api/v1/staff/finance", { everyMs: EVERY_MS });
  const stored = useRead<StoredReport>("/api/v1/staff/stored-value?limit=1", { everyMs: EVERY_MS });
  const { value } = finance;
  if (!value) return null;
  const differences =
    value.troubled.length +
    value.standings.reduce((sum, { count }) => sum + count, 0) +
    value.bills.flatMap(({ differences: all }) => all).filter(({ explained }) => explained === null)
      .length;
  const owedFen = stored.value?.owedFen ?? 0;
  return (
    <Card title={words.money}>
      <div class="money">
        <p>
          <a href="/console/finance/money" data-money={value.isGreen ? "green" : "red"}>
            <Badge tone={value.isGreen ? "ok" : "danger"} icon={value.isGreen ? "check" : "alert"}>
              {value.isGreen ? words.moneyGreen : words.moneyRed(differences)}
            </Badge>
          </a>
        </p>
        {owedFen > 0 && (
          <p class="sec">
            <a href="/console/finance/stored-value">{words.stored(yuanOf(owedFen))}</a>
          </p>
        )}
      </div>
    </Card>
  );
}
