import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { MemberRowView } from "../../../worker/register/wire.ts";
import type { LabelView, SegmentView } from "../../../worker/segments/wire.ts";
import { count, dateIso } from "../../ui/format.ts";
import {
  Badge,
  DataTable,
  FilterBar,
  PageHead,
  SearchFilter,
  SelectFilter,
  TabsFilter,
  useConsole,
  useList,
  useNames,
  useQuery,
  useRead,
  useWords,
  Button,
  type BulkAction,
  type Column,
  type IconName,
} from "../kit/index.ts";
import { BENEFITS } from "./benefit-words.ts";
import { CardsDialog, MembershipDialog } from "./benefit-dialogs.tsx";
import { LabelDialog } from "./label-dialog.tsx";
import { MEMBERS } from "./words.ts";

const FILTERS = [
  "q",
  "label",
  "segment",
  "expiring",
  "redeemed",
  "blocked",
  "tier",
  "sort",
] as const;

/** What is to be done to chosen rows. */
interface Chosen {
  readonly act: "label" | "cards" | "membership";
  readonly rows: readonly MemberRowView[];
  readonly done: () => void;
}

export function MembersPage(): JSX.Element {
  const words = useWords(MEMBERS);
  const benefits = useWords(BENEFITS);
  const { may } = useConsole();
  const list = useList<MemberRowView>({ path: "/api/v1/staff/members", filters: FILTERS });
  const labels = useRead<{ items: LabelView[] }>("/api/v1/staff/labels");
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const columns = useColumns();
  const act = (name: Chosen["act"], title: string, icon: IconName): BulkAction<MemberRowView> => ({
    ...{ key: name, title, icon },
    run: (rows, done) => setChosen({ act: name, rows, done }),
  });
  return (
    <>
      <PageHead title={words.title}>
        <Button href="/console/segments" icon="users">
          {words.segments}
        </Button>
      </PageHead>
      <Filters labels={labels.value?.items ?? []} />
      <DataTable
        list={list}
        columns={columns}
        rowKey={({ memberId }) => memberId}
        name={words.title}
        href={({ memberId }) => `/console/members/${encodeURIComponent(memberId)}`}
        bulk={[
          ...(may("members.write") ? [act("label", words.putLabel, "tag")] : []),
          ...(may("points.grant") ? [act("cards", benefits.cards, "calendar")] : []),
          ...(may("members.write") ? [act("membership", benefits.membership, "crown")] : []),
        ]}
        empty={{ icon: "user", title: words.emptyTitle, body: words.emptyBody }}
      />
      {chosen && (
        <ChosenDialog
          chosen={chosen}
          labels={labels.value?.items ?? []}
          onClose={() => setChosen(null)}
          onDone={() => {
            setChosen(null);
            chosen.done();
          }}
          onAgain={() => {
            list.again();
            labels.again();
          }}
        />
      )}
    </>
  );
}

function ChosenDialog({
  chosen: { act, rows },
  labels,
  onAgain,
  ...rest
}: {
  chosen: Chosen;
  labels: readonly LabelView[];
  onClose: () => void;
  onDone: () => void;
  onAgain: () => void;
}): JSX.Element {
  const memberIds = rows.map(({ memberId }) => memberId);
  if (act === "label") return <LabelDialog {...{ memberIds, labels, onAgain, ...rest }} />;
  if (act === "cards") return <CardsDialog memberIds={memberIds} {...rest} />;
  return <MembershipDialog memberIds={memberIds} {...rest} />;
}

function Filters({ labels }: { labels: readonly LabelView[] }): JSX.Element {
  const words = useWords(MEMBERS);
  const names = useNames();
  const segments = useRead<{ items: SegmentView[] }>("/api/v1/staff/segments");
  return (
    <>
      <TabsFilter
        name="blocked"
        label={words.state}
        tabs={[
          { value: "", title: words.everybody },
          { value: "1", title: words.blockedOnly },
        ]}
      />
      <FilterBar>
        <SearchFilter placeholder={words.search} />
        <SelectFilter
          name="segment"
          label={words.segment}
          options={(segments.value?.items ?? []).map(({ segmentId, name }) => ({
            value: segmentId,
            title: name,
          }))}
        />
        <SelectFilter
          name="label"
          label={words.label}
          options={labels.map(({ labelId, name }) => ({
            value: labelId,
            title: name,
          }))}
        />
        <SelectFilter name="tier" label={words.tier} options={names.choices("tiers", [])} />
        <SelectFilter
          name="expiring"
          label={words.expiring}
          options={[7, 15, 30].map((days) => ({ value: String(days), title: words.within(days) }))}
        />
        <SelectFilter
          name="redeemed"
          label={words.redeemed}
          options={[7, 30, 90].map((days) => ({ value: String(days), title: words.within(days) }))}
        />
      </FilterBar>
    </>
  );
}

/** Heads order the whole list; where a filter or a search gives the order, they are plain. */
function useColumns(): Column<MemberRowView>[] {
  const words = useWords(MEMBERS);
  const [query] = useQuery();
  const names = useNames();
  const isNarrowed = ["q", "label", "segment", "expiring", "redeemed", "blocked", "tier"].some(
    (name) => query.has(name),
  );
  const sorted = (sort: string): { sort: string } | object => (isNarrowed ? {} : { sort });
  return [
    {
      key: "member",
      title: words.member,
      cell: (row) => <MemberName row={row} />,
      csv: ({ memberId }) => memberId,
    },
    {
      key: "tier",
      title: words.tier,
      cell: ({ tierId }) => names.tier(tierId) ?? "—",
      csv: ({ tierId }) => names.tier(tierId),
      wide: true,
    },
    {
      ...{ key: "balance", title: words.balance, right: true, ...sorted("balance") },
      cell: ({ active }) => count(active),
      csv: ({ active }) => active,
    },
    {
      ...{ key: "pending", title: words.pending, right: true, wide: true },
      cell: ({ pending }) => (pending === 0 ? "—" : count(pending)),
      csv: ({ pending }) => pending,
    },
    {
      ...{ key: "frequency", title: words.frequency, right: true, ...sorted("frequency") },
      cell: ({ frequency }) => (frequency === 0 ? "—" : words.times(frequency)),
      csv: ({ frequency }) => frequency,
    },
    {
      ...{ key: "expiry", title: words.nextExpiry, right: true, wide: true },
      cell: (row) => <NextExpiry row={row} />,
      csv: ({ nextExpiresAtMs }) =>
        nextExpiresAtMs === null ? null : dateIso(nextExpiresAtMs - 1),
    },
    {
      ...{ key: "activity", title: words.lastActive, right: true, ...sorted("activity") },
      cell: ({ lastActiveAtMs }) => dateIso(lastActiveAtMs),
      csv: ({ lastActiveAtMs }) => dateIso(lastActiveAtMs),
    },
    {
      ...{ key: "seen", title: words.firstSeen, right: true, wide: true, ...sorted("seen") },
      cell: ({ firstSeenAtMs }) => dateIso(firstSeenAtMs),
      csv: ({ firstSeenAtMs }) => dateIso(firstSeenAtMs),
    },
  ];
}

function MemberName({ row }: { row: MemberRowView }): JSX.Element {
  const words = useWords(MEMBERS);
  return (
    <span class="member-name">
      <span>
        {row.name === "" ? <span class="mute">{words.unnamed}</span> : row.name}{" "}
        {row.blockedAtMs !== null && <Badge tone="danger">{words.blocked}</Badge>}
      </span>
      <span class="note mute num">
        {row.memberId}
        {row.phoneTail !== null && ` · ${words.tail(row.phoneTail)}`}
      </span>
    </span>
  );
}

function NextExpiry({ row }: { row: MemberRowView }): JSX.Element {
  if (row.nextExpiresAtMs === null || row.nextExpiring === 0) return <>—</>;
  return (
    <span class="stack-1">
      <span>{count(row.nextExpiring)}</span>
      <span class="note mute">{dateIso(row.nextExpiresAtMs - 1)}</span>
    </span>
  );
}
