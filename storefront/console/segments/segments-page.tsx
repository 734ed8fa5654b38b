import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { SegmentView } from "../../../worker/segments/wire.ts";
import { count, dateIso, timeHm } from "../../ui/format.ts";
import {
  useNames,
  Badge,
  Button,
  Card,
  Empty,
  Failed,
  Loading,
  PageHead,
  RowMenu,
  ShortTable,
  useRouter,
  useConfirm,
  useConsole,
  useLocale,
  useRead,
  useToast,
  useUndo,
  type Answer,
  useWords,
  type Locale,
  type Column,
  type RowAction,
  momentOf,
} from "../kit/index.ts";
import { conditionText } from "./rule-text.ts";
import { SegmentDialog, type Draft } from "./segment-dialog.tsx";
import { SEGMENTS } from "./words.ts";

interface Listed {
  readonly items: readonly SegmentView[];
  readonly presets: readonly {
    readonly presetId: string;
    readonly name: Readonly<Record<Locale, string>>;
    readonly rule: SegmentView["rule"];
  }[];
}

const NEW: Draft = { segmentId: "", name: "", version: 0, rule: { all: [] } };

export function SegmentsPage(): JSX.Element {
  const words = useWords(SEGMENTS);
  const { may } = useConsole();
  const [draft, setDraft] = useState<Draft | null>(null);
  const [isCounting, setCounting] = useState(false);
  const list = useRead<Listed>("/api/v1/staff/segments", isCounting ? { everyMs: 1_500 } : {});
  const isAnyCounting = list.value?.items.some(({ counting }) => counting !== null) ?? false;
  if (isAnyCounting !== isCounting) setCounting(isAnyCounting);
  const presets = list.value && <Presets listed={list.value} onChoose={setDraft} />;
  return (
    <>
      <PageHead title={words.title}>
        {may("points.read") && (
          <Button icon="gift" href="/console/segments/gifts">
            {words.gifts}
          </Button>
        )}
        {may("members.write") && (
          <Button kind="primary" icon="plus" onClick={() => setDraft(NEW)}>
            {words.create}
          </Button>
        )}
      </PageHead>
      {list.problem && !list.value && <Failed problem={list.problem} onRetry={list.again} />}
      {list.isLoading && <Loading />}
      {list.value && (
        <div class="stack">
          <p class="sec">{words.why}</p>
          {list.value.items.length === 0 ? (
            <Card>
              <Empty icon="users" title={words.emptyTitle} body={words.emptyBody}>
                {may("members.write") && presets}
              </Empty>
            </Card>
          ) : (
            <>
              <SegmentTable items={list.value.items} onEdit={setDraft} onChanged={list.again} />
              {may("members.write") && (
                <div class="stack-1">
                  <span class="note mute">{words.presets}</span>
                  {presets}
                </div>
              )}
            </>
          )}
        </div>
      )}
      {draft && (
        <SegmentDialog
          draft={draft}
          onClose={() => setDraft(null)}
          onDone={() => {
            setDraft(null);
            list.again();
          }}
        />
      )}
    </>
  );
}

/** Ready segments that the programme does not have yet. */
function Presets({
  listed: { items, presets },
  onChoose,
}: {
  listed: Listed;
  onChoose: (draft: Draft) => void;
}): JSX.Element {
  const locale = useLocale();
  const isNew = (presetId: string): boolean =>
    !items.some(({ segmentId }) => segmentId === presetId);
  return (
    <div class="row">
      {presets
        .filter(({ presetId }) => isNew(presetId))
        .map(({ presetId, name, rule }) => (
          <Button
            key={presetId}
            size="sm"
            kind="quiet"
            icon="plus"
            onClick={() => onChoose({ segmentId: presetId, name: name[locale], version: 0, rule })}
          >
            {name[locale]}
          </Button>
        ))}
    </div>
  );
}

const at = ({ segmentId }: SegmentView): string => `/api/v1/staff/segments/${segmentId}`;

function useRemove(onChanged: () => void): (segment: SegmentView) => Promise<void> {
  const words = useWords(SEGMENTS);
  const { call } = useConsole();
  const confirm = useConfirm();
  const toast = useToast();
  const sayUndo = useUndo();
  return async (segment: SegmentView): Promise<void> => {
    const { name } = segment;
    const isSure = await confirm({
      ...{ title: words.removeTitle(name), body: words.removeBody, act: words.remove },
      danger: true,
    });
    if (!isSure) return;
    const answer = await call("DELETE", `${at(segment)}?version=${segment.version}`);
    onChanged();
    if (!answer.ok) return toast.refuse(answer.problem);
    const { rule } = segment;
    const back = (): Promise<Answer<unknown>> =>
      call("PUT", at(segment), { name, version: 0, rule });
    sayUndo({ text: words.removed, back, again: onChanged });
  };
}

function useColumns(): readonly Column<SegmentView>[] {
  const words = useWords(SEGMENTS);
  const names = useNames();
  const ruleOf = ({ rule }: SegmentView): string =>
    rule.all.map((one) => conditionText(one, words, names)).join(" · ");
  return [
    {
      ...{ key: "name", title: words.name, csv: ({ name }) => name },
      cell: ({ segmentId, name }) => (
        <a class="opener" href={`/console/members?segment=${segmentId}`}>
          {name}
        </a>
      ),
    },
    { key: "rule", title: words.rule, wide: true, cell: ruleOf, csv: ruleOf },
    {
      ...{ key: "size", title: words.size, right: true },
      ...{ cell: ({ size }) => count(size), csv: ({ size }) => size },
    },
    {
      ...{ key: "counted", title: words.counted, right: true },
      cell: (one) => <Counted segment={one} />,
      csv: ({ countedAtMs }) => (countedAtMs === null ? "" : momentOf(countedAtMs)),
    },
  ];
}

function SegmentTable({
  items,
  onEdit,
  onChanged,
}: {
  items: readonly SegmentView[];
  onEdit: (draft: Draft) => void;
  onChanged: () => void;
}): JSX.Element {
  const words = useWords(SEGMENTS);
  const { call, may } = useConsole();
  const toast = useToast();
  const router = useRouter();
  const remove = useRemove(onChanged);
  const recount = async (segment: SegmentView): Promise<void> => {
    const answer = await call("POST", `${at(segment)}/count`);
    if (!answer.ok) return toast.refuse(answer.problem);
    toast.show({ text: words.recounting });
    onChanged();
  };
  const edits: readonly RowAction<SegmentView>[] = [
    { title: words.edit, icon: "edit", run: onEdit },
    { title: words.recount, icon: "refresh", run: (one) => void recount(one) },
    { title: words.remove, icon: "trash", danger: true, run: (one) => void remove(one) },
  ];
  const give: RowAction<SegmentView> = {
    ...{ title: words.gifts, icon: "gift" },
    run: ({ segmentId }) => void router.go(`/console/segments/gifts?to=segment:${segmentId}`),
  };
  const actions = [...(may("members.write") ? edits : []), ...(may("points.grant") ? [give] : [])];
  return (
    <ShortTable
      name={words.title}
      rows={items}
      rowKey={({ segmentId }) => segmentId}
      columns={useColumns()}
      renderActs={(one) => <RowMenu row={one} actions={actions} />}
    />
  );
}

function Counted({ segment }: { segment: SegmentView }): JSX.Element {
  const words = useWords(SEGMENTS);
  const { counting, countedAtMs } = segment;
  if (counting)
    return (
      <Badge tone="info">
        {counting.isTelling ? words.telling(counting.found) : words.counting(counting.found)}
      </Badge>
    );
  return (
    <span class="num mute">
      {countedAtMs === null ? "—" : `${dateIso(countedAtMs)} ${timeHm(countedAtMs)}`}
    </span>
  );
}
