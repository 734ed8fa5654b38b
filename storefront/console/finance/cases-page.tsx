import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { CaseRowView } from "../../../worker/after-sales/wire.ts";
import {
  Badge,
  Button,
  Card,
  DataTable,
  momentOf,
  PageHead,
  TabsFilter,
  useConsole,
  useJustDone,
  useList,
  useWords,
  yuanOf,
  type Column,
} from "../kit/index.ts";
import { CaseDialog } from "./case-dialog.tsx";
import { stateTone, stateWord } from "./case-state.ts";
import { givesOf } from "./gives.ts";
import { FINANCE } from "./words.ts";

const STATES = [
  ...["", "ours", "applied", "second_person", "agreed", "sent_back", "refunding", "done"],
  ...["refused", "goods_refused", "withdrawn"],
];

export function CasesPage(): JSX.Element {
  const words = useWords(FINANCE);
  const { may } = useConsole();
  const list = useList<CaseRowView>({
    path: "/api/v1/staff/after-sales",
    filters: ["state"],
    everyMs: 20_000,
  });
  const [open, setOpen] = useState<CaseRowView | null>(null);
  const decided = useJustDone<string>(list.again);
  const stateOf = (row: CaseRowView): string => decided.of(keyOf(row)) ?? row.state;
  return (
    <>
      <PageHead title={words.title} note={words.note}>
        {may("settings.read") && (
          <Button icon="sliders" href="/console/finance/settings">
            {words.settings}
          </Button>
        )}
        {may("finance.read") && (
          <Button icon="wallet" href="/console/finance/money">
            {words.money}
          </Button>
        )}
      </PageHead>
      <TabsFilter
        name="state"
        label={words.state}
        tabs={STATES.map((value) => ({ value, title: words.states[value] ?? value }))}
      />
      <Card flush>
        <DataTable
          list={list}
          columns={useColumns(stateOf)}
          rowKey={keyOf}
          name={words.title}
          onOpen={(row) => setOpen({ ...row, state: stateOf(row) })}
          openKey={open && keyOf(open)}
          empty={{ icon: "check", title: words.empty, body: words.emptyHelp }}
        />
      </Card>
      {open && (
        <CaseDialog
          row={open}
          onClose={() => setOpen(null)}
          onDecided={(state) => {
            setOpen(null);
            decided.put(keyOf(open), state);
          }}
        />
      )}
    </>
  );
}

const keyOf = ({ memberId, orderId, caseId }: CaseRowView): string =>
  `${memberId} ${orderId} ${caseId}`;

function useColumns(stateOf: (row: CaseRowView) => string): readonly Column<CaseRowView>[] {
  const words = useWords(FINANCE);
  const gives = (row: CaseRowView): string => givesOf(row, words);
  const now = (row: CaseRowView): CaseRowView => ({ ...row, state: stateOf(row) });
  return [
    {
      key: "goods",
      title: words.goods,
      cell: ({ title, spec, quantity }) => (
        <span class="stack-1">
          <span>
            {title} {quantity > 1 && <span class="num mute">× {quantity}</span>}
          </span>
          {spec !== "" && <span class="note mute">{spec}</span>}
        </span>
      ),
      csv: ({ title }) => title,
    },
    { key: "spec", title: words.spec, csv: ({ spec }) => spec },
    { key: "quantity", title: words.quantity, csv: ({ quantity }) => quantity },
    {
      ...{ key: "order", title: words.order, wide: true },
      cell: ({ orderId, memberId }) => (
        <span class="stack-1">
          <span class="num">{orderId.slice(0, 18)}</span>
          <span class="note mute">{memberId}</span>
        </span>
      ),
      csv: ({ orderId }) => orderId,
    },
    { key: "member", title: words.member, csv: ({ memberId }) => memberId },
    {
      key: "kind",
      title: words.kind,
      cell: ({ kind }) => words.kinds[kind] ?? kind,
      csv: ({ kind }) => words.kinds[kind] ?? kind,
    },
    { key: "gives", title: words.gives, cell: gives, right: true },
    { key: "points", title: words.pointsBack, csv: ({ points }) => points },
    { key: "cash", title: words.cashBack, csv: ({ cashFen }) => yuanOf(cashFen) },
    {
      ...{ key: "reason", title: words.reason, wide: true },
      cell: ({ reason }) => reason,
      csv: ({ reason }) => reason,
    },
    { key: "applied", title: words.applied, csv: ({ appliedAtMs }) => momentOf(appliedAtMs) },
    {
      key: "due",
      title: words.due,
      cell: ({ dueAtMs }) => (
        <span class="num nb">{dueAtMs === null ? "—" : momentOf(dueAtMs)}</span>
      ),
      csv: ({ dueAtMs }) => (dueAtMs === null ? "" : momentOf(dueAtMs)),
    },
    {
      key: "state",
      title: words.state,
      beside: true,
      cell: (row) => <Badge tone={stateTone(now(row))}>{stateWord(now(row), words)}</Badge>,
      csv: (row) => stateWord(now(row), words),
    },
  ];
}
