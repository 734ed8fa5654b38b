import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Approval } from "../../../worker/staff/approval.ts";
import type { ApprovalKindView } from "../../../worker/staff/wire.ts";
import {
  Button,
  Card,
  DataTable,
  momentOf,
  PageHead,
  TabsFilter,
  useConsole,
  useList,
  useNames,
  useRead,
  useWords,
  type Column,
} from "../kit/index.ts";
import { ApprovalDialog } from "./approval-dialog.tsx";
import { StateBadge, useTongue } from "./approval-parts.tsx";
import { figureText, subjectText } from "./facts.ts";
import { APPROVALS } from "./words.ts";

const STATES = ["proposed", "", "done", "rejected", "refused"] as const;
export function ApprovalsPage(): JSX.Element {
  const words = useWords(APPROVALS);
  const { may } = useConsole();
  const list = useList<Approval>({
    path: "/api/v1/staff/approvals",
    filters: ["state"],
    everyMs: 15_000,
  });
  const kinds = useRead<{ kinds: readonly ApprovalKindView[] }>("/api/v1/staff/approval-kinds");
  const [open, setOpen] = useState<Approval | null>(null);
  const all = kinds.value?.kinds ?? [];
  const columns = useColumns(all);
  // As the list has it by now: somebody else may have decided it.
  const shown = list.rows?.find(({ approvalId }) => approvalId === open?.approvalId) ?? open;
  return (
    <>
      <PageHead title={words.title} note={words.note}>
        {may("settings.write") && (
          <Button icon="sliders" href="/console/approvals/thresholds">
            {words.thresholds}
          </Button>
        )}
      </PageHead>
      <TabsFilter
        name="state"
        label={words.state}
        tabs={STATES.map((value) => ({ value, title: words.states[value] })).sort((a) =>
          a.value === "" ? -1 : 0,
        )}
      />
      <Card flush>
        <DataTable
          list={list}
          columns={columns}
          rowKey={({ approvalId }) => approvalId}
          name={words.title}
          onOpen={setOpen}
          openKey={open?.approvalId ?? null}
          empty={{ icon: "check", title: words.empty, body: words.emptyHelp }}
        />
      </Card>
      {open && shown && (
        <ApprovalDialog
          approval={shown}
          kinds={all}
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

function useColumns(kinds: readonly ApprovalKindView[]): readonly Column<Approval>[] {
  const words = useWords(APPROVALS);
  const names = useNames();
  const tongue = useTongue(kinds);
  const titleOf = ({ kind }: Approval): string => tongue.kindTitle(kind);
  const subjectOf = (approval: Approval): string => subjectText(approval, tongue);
  const figureOf = (approval: Approval): string => figureText(approval, tongue);
  return [
    { key: "kind", title: words.kind, cell: titleOf, csv: titleOf },
    {
      key: "subject",
      title: words.subject,
      cell: subjectOf,
      csv: subjectOf,
    },
    {
      key: "figure",
      title: words.figure,
      cell: (approval) => figureOf(approval) || words.none,
      // Points, money and units stand in one column: each says which it is.
      csv: figureOf,
      right: true,
    },
    {
      key: "reason",
      title: words.reason,
      cell: ({ reason }) => reason,
      csv: ({ reason }) => reason,
      wide: true,
    },
    {
      ...{ key: "by", title: words.by, wide: true },
      ...{
        cell: ({ proposedBy }: Approval) => names.actor(proposedBy),
        csv: ({ proposedBy }: Approval) => names.actor(proposedBy),
      },
    },
    {
      ...{
        key: "when",
        title: words.when,
        csv: ({ proposedAtMs }: Approval) => momentOf(proposedAtMs),
      },
      cell: ({ proposedAtMs }) => <span class="num nb">{momentOf(proposedAtMs)}</span>,
    },
    {
      ...{ key: "state", title: words.state, beside: true },
      csv: ({ state }: Approval) => words.states[state],
      cell: (approval) => <StateBadge approval={approval} />,
    },
  ];
}
