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
  useList,
  useWords,
  yuanOf,
  type Column,
  type Tone,
} from "../kit/index.ts";
import { CaseDialog } from "./case-dialog.tsx";
import { FINANCE } from "./words.ts";

const STATES = ["", "applied", "agreed", "sent_back", "refunding", "done", "refused"] as const;
const TONES: Readonly<Record<string, Tone>> = {
  applied: "warn",
  sent_back: "warn",
  agreed: "info",
  refunding: "info",
  done: "ok",
};

export function CasesPage(): JSX.Element {
  const words = useWords(FINANCE);
  const { may } = useConsole();
  const list = useList<CaseRowView>({
    path: "/api/v1/staff/after-sales",
    filters: ["state"],
    everyMs: 20_000,
  });
  const [open, setOpen] = useState<CaseRowView | null>(null);
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
          columns={useColumns()}
          rowKey={({ memberId, orderId, caseId }) => `${memberId} ${orderId} ${caseId}`}
          name={words.title}
          onOpen={setOpen}
          openKey={open && `${open.memberId} ${open.orderId} ${open.caseId}`}
          empty={{ icon: "check", title: words.empty, body: words.emptyHelp }}
        />
      </Card>
      {open && (
        <CaseDialog
          row={open}
          onClose={() => setOpen(null)}
          onDecided={() => {
            setOpen(null);
            list.again();
          }}
        />
      )}
    </>
  );
}

function useColumns(): readonly Column<CaseRowView>[] {
  const words = useWords(FINANCE);
  const givesOf = ({ points, cashFen }: CaseRowView): string =>
    [points > 0 ? words.points(points) : "", cashFen > 0 ? `¥${yuanOf(cashFen)}` : ""]
      .filter((part) => part !== "")
      .join(" + ") || "–";
  return [
    { key: "goods", title: words.goods, cell: ({ title }) => title, csv: ({ title }) => title },
    {
      key: "kind",
      title: words.kind,
      cell: ({ kind }) => words.kinds[kind] ?? kind,
      csv: ({ kind }) => kind,
    },
    { key: "gives", title: words.gives, cell: givesOf, csv: givesOf, right: true },
    {
      ...{ key: "reason", title: words.reason, wide: true },
      cell: ({ reason }) => reason,
      csv: ({ reason }) => reason,
    },
    {
      key: "due",
      title: words.due,
      cell: ({ dueAtMs }) => (
        <span class="num nb">{dueAtMs === null ? "–" : momentOf(dueAtMs)}</span>
      ),
      csv: ({ dueAtMs }) => (dueAtMs === null ? "" : momentOf(dueAtMs)),
    },
    {
      key: "state",
      title: words.state,
      cell: ({ state }) => (
        <Badge tone={TONES[state] ?? "plain"}>{words.states[state] ?? state}</Badge>
      ),
      csv: ({ state }) => state,
    },
  ];
}
