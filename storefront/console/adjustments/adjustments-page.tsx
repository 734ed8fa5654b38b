import type { JSX } from "preact";
import { count, dateIso, timeHm } from "../../ui/format.ts";
import {
  Badge,
  Button,
  DataTable,
  Link,
  PageHead,
  TabsFilter,
  useConsole,
  useList,
  useNames,
  useWords,
  type Column,
  type Tone,
} from "../kit/index.ts";
import { ADJUSTMENTS } from "./words.ts";

interface Adjustment {
  readonly adjustmentId: string;
  readonly memberId: string;
  readonly points: number;
  readonly reason: string;
  readonly customerNote: string;
  readonly internalNote: string;
  readonly state: "approved" | "refused";
  readonly madeBy: string;
  readonly madeAtMs: number;
}

const STATES = ["approved", "refused"] as const;
const TONES: Readonly<Record<Adjustment["state"], Tone>> = {
  approved: "ok",
  refused: "danger",
};

/** What was booked by hand. What waits for a second person stands among the approvals. */
export function AdjustmentsPage(): JSX.Element {
  const words = useWords(ADJUSTMENTS);
  const { may } = useConsole();
  const list = useList<Adjustment>({
    path: "/api/v1/staff/adjustments",
    filters: ["state"],
    read: (body: { items: Adjustment[] }) => ({ items: body.items, nextCursor: null }),
  });
  return (
    <>
      <PageHead title={words.title}>
        <Button href="/console/approvals" icon="shield">
          {words.approvals}
        </Button>
        {may("points.grant") && (
          <Button href="/console/adjustments/import" icon="upload">
            {words.imports.title}
          </Button>
        )}
      </PageHead>
      <TabsFilter
        name="state"
        label={words.states}
        tabs={[
          { value: "", title: words.all },
          ...STATES.map((value) => ({ value, title: words.state[value] ?? value })),
        ]}
      />
      <DataTable
        list={list}
        columns={useColumns()}
        rowKey={({ adjustmentId }) => adjustmentId}
        name={words.title}
        empty={{ icon: "sliders", title: words.emptyTitle, body: words.emptyBody }}
      />
    </>
  );
}

function useColumns(): Column<Adjustment>[] {
  const words = useWords(ADJUSTMENTS);
  const names = useNames();
  return [
    {
      key: "member",
      title: words.member,
      cell: ({ memberId }) => (
        <Link class="opener" href={`/console/members/${encodeURIComponent(memberId)}`}>
          {memberId}
        </Link>
      ),
      csv: ({ memberId }) => memberId,
    },
    {
      ...{ key: "points", title: words.points, right: true },
      cell: ({ points }) => (points > 0 ? `+${count(points)}` : count(points)),
      csv: ({ points }) => points,
    },
    {
      key: "reason",
      title: words.reason,
      cell: ({ reason }) => reason,
      csv: ({ reason }) => reason,
      wide: true,
    },
    {
      key: "notes",
      title: words.notes,
      cell: ({ customerNote, internalNote }) => (
        <span class="stack-1">
          <span>{customerNote}</span>
          <span class="note mute">{internalNote}</span>
        </span>
      ),
      csv: ({ customerNote, internalNote }) => `${customerNote} / ${internalNote}`,
    },
    {
      key: "state",
      title: words.stateTitle,
      beside: true,
      cell: ({ state }) => <Badge tone={TONES[state]}>{words.state[state]}</Badge>,
      csv: ({ state }) => state,
    },
    {
      key: "by",
      title: words.by,
      cell: ({ madeBy }) => names.actor(madeBy),
      csv: ({ madeBy }) => names.actor(madeBy),
      wide: true,
    },
    {
      ...{ key: "when", title: words.when, right: true },
      cell: ({ madeAtMs }) => `${dateIso(madeAtMs)} ${timeHm(madeAtMs)}`,
      csv: ({ madeAtMs }) => `${dateIso(madeAtMs)} ${timeHm(madeAtMs)}`,
    },
  ];
}
