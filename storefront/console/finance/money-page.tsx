import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { FinanceView, MoveView, ReconciledView } from "../../../worker/payments/wire.ts";
import {
  Badge,
  Button,
  Card,
  CsvButton,
  Empty,
  Failed,
  Loading,
  PageHead,
  TableScroll,
  useConfirm,
  useConsole,
  useJustDone,
  useRead,
  useToast,
  useWords,
  yuanOf,
} from "../kit/index.ts";
import { BillRow } from "./bill-row.tsx";
import { InDoubt } from "./in-doubt.tsx";
import { MovesCsv, MovesTable } from "./moves.tsx";
import { Returned } from "./returned.tsx";
import { Standings } from "./standings.tsx";
import { TopUps } from "./top-ups.tsx";
import { FINANCE } from "./words.ts";
import { DAY_MS, HOUR_MS } from "../../client/durations.ts";

const PATH = "/api/v1/staff/finance";

export function MoneyPage(): JSX.Element {
  const words = useWords(FINANCE);
  const { value, problem, again } = useRead<FinanceView>(PATH, { everyMs: 30_000 });
  return (
    <>
      <PageHead
        title={words.money}
        note={words.moneyNote}
        back={{ href: "/console/finance", title: words.back }}
        badge={
          value && (
            <Badge tone={value.isGreen ? "ok" : "danger"} icon={value.isGreen ? "check" : "alert"}>
              {value.isGreen ? words.green : words.red}
            </Badge>
          )
        }
      />
      {problem ? (
        <Failed problem={problem} onRetry={again} />
      ) : !value ? (
        <Loading />
      ) : (
        <div class="stack">
          <Troubled moves={value.troubled} onDone={again} />
          <InDoubt />
          <TopUps />
          <Returned moves={value.returned} />
          <Standings standings={value.standings} onDone={again} />
          <Bills bills={value.bills} providers={value.providers} onDone={again} />
        </div>
      )}
    </>
  );
}

function Troubled({ moves, onDone }: { moves: readonly MoveView[]; onDone: () => void }) {
  const words = useWords(FINANCE);
  const { call, may } = useConsole();
  const toast = useToast();
  const confirm = useConfirm();
  const repaired = useJustDone<true>(onDone);
  const repair = async (move: MoveView): Promise<void> => {
    const { memberId, orderId, moveId, provider, state } = move;
    const sum = `¥${yuanOf(move.amountFen)}`;
    const question = {
      title: words.repairAsk(sum, words.providers[provider] ?? provider),
      ...{ body: words.repairBody, act: words.repair[state] ?? state, danger: true },
    };
    if (!(await confirm(question))) return;
    const at = [memberId, orderId, moveId].map(encodeURIComponent).join("/");
    const answer = await call("POST", `${PATH}/moves/${at}/repair`, {});
    if (!answer.ok) return toast.refuse(answer.problem);
    toast.show({ text: words.repaired });
    repaired.put(moveId, true);
  };
  return (
    <Card
      title={words.troubled}
      note={words.troubledNote}
      flush={moves.length > 0}
      acts={
        moves.length > 0 && (
          <MovesCsv
            name="money-in-trouble"
            moves={moves}
            told={[
              [words.state, ({ state }) => words.trouble[state] ?? state],
              [words.reason, ({ reason }) => reason],
            ]}
          />
        )
      }
    >
      {moves.length === 0 ? (
        <Empty icon="check" title={words.noTrouble} body={words.noTroubleHelp} />
      ) : (
        <MovesTable
          name={words.troubled}
          moves={moves}
          renderTold={({ state, reason }) => (
            <>
              {words.trouble[state]}
              <span class="note mute"> {reason}</span>
            </>
          )}
          renderMark={(move) =>
            repaired.of(move.moveId) ? (
              <Badge tone="info">{words.repaired}</Badge>
            ) : (
              may("orders.refund") && (
                <Button size="sm" onClick={() => void repair(move)}>
                  {words.repair[move.state] ?? move.state}
                </Button>
              )
            )
          }
        />
      )}
    </Card>
  );
}

function BillsCsv({ bills }: { bills: readonly ReconciledView[] }): JSX.Element {
  const words = useWords(FINANCE);
  return (
    <CsvButton
      name="bills"
      rows={bills}
      columns={[
        [words.day, ({ day }) => day],
        [words.provider, ({ provider }) => words.providers[provider] ?? provider],
        [words.checked, ({ checked }) => checked],
        [
          words.difference,
          ({ differences }) =>
            differences
              .map(({ name, moveId, billFen, ownFen }) =>
                [words.names[name] ?? name, moveId, `¥${yuanOf(billFen ?? ownFen ?? 0)}`].join(" "),
              )
              .join("; "),
        ],
      ]}
    />
  );
}

const yesterday = (): string =>
  new Date(Date.now() + 8 * HOUR_MS - DAY_MS).toISOString().slice(0, 10);

interface ProviderChoiceProps {
  readonly providers: FinanceView["providers"];
  readonly provider: string;
  readonly onChoose: (provider: string) => void;
}

function ProviderChoice({ providers, provider, onChoose }: ProviderChoiceProps) {
  const words = useWords(FINANCE);
  if (providers.length < 2) return null;
  return (
    <select
      class="in"
      aria-label={words.provider}
      value={provider}
      onChange={(event) => onChoose(event.currentTarget.value)}
    >
      {providers.map((one) => (
        <option key={one} value={one}>
          {words.providers[one] ?? one}
        </option>
      ))}
    </select>
  );
}

interface BillsProps {
  readonly bills: readonly ReconciledView[];
  readonly providers: FinanceView["providers"];
  readonly onDone: () => void;
}

function Bills({ bills, providers, onDone }: BillsProps): JSX.Element {
  const words = useWords(FINANCE);
  const { call, may } = useConsole();
  const toast = useToast();
  const [day, setDay] = useState(yesterday);
  const [chosen, setChosen] = useState<string | null>(null);
  const provider = chosen ?? providers[0];
  const [busy, setBusy] = useState(false);
  const compare = async (): Promise<void> => {
    setBusy(true);
    const answer = await call("POST", `${PATH}/bills`, { provider, day });
    setBusy(false);
    if (!answer.ok) return toast.refuse(answer.problem);
    onDone();
  };
  const acts = (
    <>
      {bills.length > 0 && <BillsCsv bills={bills} />}
      {may("finance.write") && provider !== undefined && (
        <>
          <ProviderChoice {...{ providers, provider }} onChoose={setChosen} />
          <input
            class="in"
            type="date"
            aria-label={words.day}
            value={day}
            onInput={(event) => setDay(event.currentTarget.value)}
          />
          <Button icon="refresh" busy={busy} onClick={() => void compare()}>
            {words.fetch}
          </Button>
        </>
      )}
    </>
  );
  return (
    <Card title={words.bills} note={words.billsNote} acts={acts} flush={bills.length > 0}>
      {bills.length === 0 ? (
        <Empty icon="calendar" title={words.noBills} body={words.noBillsHelp} />
      ) : (
        <TableScroll name={words.bills}>
          <table class="plain stacks">
            <thead>
              <tr>
                <th scope="col">{words.day}</th>
                <th scope="col">{words.provider}</th>
                <th scope="col">{words.checked}</th>
                <th scope="col">{words.difference}</th>
              </tr>
            </thead>
            <tbody>
              {bills.map((bill) => (
                <BillRow key={`${bill.day} ${bill.provider}`} bill={bill} onDone={onDone} />
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
    </Card>
  );
}
