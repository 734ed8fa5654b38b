import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { CampaignView } from "../../../worker/campaigns/wire.ts";
import { count } from "../../ui/format.ts";
import {
  Badge,
  BASE,
  Button,
  Card,
  Empty,
  Failed,
  Loading,
  momentOf,
  PageHead,
  RowMenu,
  ShortTable,
  useConfirm,
  useConsole,
  useNames,
  useQuery,
  useRead,
  useToast,
  useWords,
  type Column,
  type Names,
  type RowAction,
  type Tone,
} from "../kit/index.ts";
import { GiftDialog, StartDialog, useAudiences } from "./gift-dialogs.tsx";
import { GIFTS } from "./gift-words.ts";
import { SEGMENTS } from "./words.ts";

const PATH = "/api/v1/staff/campaigns";
type GiftWords = (typeof GIFTS)["zh-CN"];
const TONES: Readonly<Record<CampaignView["state"], Tone>> = {
  ...{ gathering: "info", ready: "brand", waiting: "warn", rejected: "danger" },
  ...{ running: "info", done: "ok", stopped: "plain" },
};
const MOVING: ReadonlySet<CampaignView["state"]> = new Set(["gathering", "running"]);
const STOPPABLE: ReadonlySet<CampaignView["state"]> = new Set([
  ...(["gathering", "ready", "waiting", "running"] as const),
]);

/** The same points to everybody of a segment or label, and how far each gift has come. */
export function GiftsPage(): JSX.Element {
  const words = useWords(GIFTS);
  const { title } = useWords(SEGMENTS);
  const { may } = useConsole();
  const [query, setQuery] = useQuery();
  const [isMoving, setMoving] = useState(false);
  const [chosen, setChosen] = useState<CampaignView | null>(null);
  const list = useRead<{ items: readonly CampaignView[] }>(
    PATH,
    isMoving ? { everyMs: 1_500 } : {},
  );
  const items = list.value?.items ?? [];
  const isAnyMoving = items.some(({ state }) => MOVING.has(state));
  if (isAnyMoving !== isMoving) setMoving(isAnyMoving);
  const to = query.get("to");
  const create = may("points.grant") && (
    <Button kind="primary" icon="plus" onClick={() => setQuery({ to: "new" })}>
      {words.create}
    </Button>
  );
  return (
    <>
      <PageHead title={words.title} back={{ href: `${BASE}/segments`, title }}>
        {create}
      </PageHead>
      {list.problem && !list.value && <Failed problem={list.problem} onRetry={list.again} />}
      {list.isLoading && <Loading />}
      {list.value && (
        <div class="stack">
          <p class="sec">{words.why}</p>
          {items.length === 0 ? (
            <Card>
              <Empty icon="gift" title={words.emptyTitle} body={words.emptyBody} />
            </Card>
          ) : (
            <GiftTable items={items} onStart={setChosen} onChanged={list.again} />
          )}
        </div>
      )}
      {to !== null && may("points.grant") && (
        <GiftDialog
          to={to === "new" ? "" : to}
          onClose={() => setQuery({ to: null })}
          onMade={(made) => {
            setQuery({ to: null }, { replace: true });
            setChosen(made);
            list.again();
          }}
        />
      )}
      {chosen && (
        <StartDialog
          campaign={chosen}
          onClose={() => setChosen(null)}
          onDone={() => {
            setChosen(null);
            list.again();
          }}
        />
      )}
    </>
  );
}

function useStop(onChanged: () => void): (campaign: CampaignView) => Promise<void> {
  const words = useWords(GIFTS);
  const { call } = useConsole();
  const confirm = useConfirm();
  const toast = useToast();
  return async ({ campaignId, terms }) => {
    const isSure = await confirm({
      ...{ title: words.stopTitle(terms.note), body: words.stopBody, act: words.stop },
      danger: true,
    });
    if (!isSure) return;
    const answer = await call("POST", `${PATH}/${campaignId}/stop`, {});
    if (!answer.ok) return toast.refuse(answer.problem);
    toast.show({ text: words.stopped });
    onChanged();
  };
}

const columnsOf = (
  words: GiftWords,
  names: Names,
  audienceOf: (campaign: CampaignView) => string,
): Column<CampaignView>[] => [
  {
    key: "note",
    title: words.note,
    cell: (one) => (
      <span class="stack-1">
        <span>{one.terms.note}</span>
        <span class="note mute">{audienceOf(one)}</span>
      </span>
    ),
    csv: (one) => `${one.terms.note} (${audienceOf(one)})`,
  },
  {
    ...{ key: "each", title: words.each, right: true },
    cell: ({ terms }) => count(terms.points),
    csv: ({ terms }) => terms.points,
  },
  {
    ...{ key: "progress", title: words.progress, right: true },
    cell: (one) => <Progress campaign={one} />,
    csv: ({ given, members }) => words.of(count(given), count(members)),
  },
  {
    ...{ key: "state", title: words.state, beside: true },
    cell: (one) => <State campaign={one} />,
    csv: ({ state }) => words.states[state],
  },
  {
    ...{ key: "by", title: words.by, wide: true },
    cell: (one) => <By campaign={one} />,
    csv: (one) => peopleOf(one, names),
  },
];

function GiftTable({
  items,
  onStart,
  onChanged,
}: {
  items: readonly CampaignView[];
  onStart: (campaign: CampaignView) => void;
  onChanged: () => void;
}): JSX.Element {
  const words = useWords(GIFTS);
  const { may } = useConsole();
  const names = useNames();
  const stop = useStop(onChanged);
  const { options } = useAudiences();
  const audienceOf = ({ terms: { audience } }: CampaignView): string => {
    const value = `${audience.kind}:${audience.id}`;
    return options.find((one) => one.value === value)?.title ?? audience.id;
  };
  const start: RowAction<CampaignView> = { title: words.start, icon: "gift", run: onStart };
  const end: RowAction<CampaignView> = {
    ...{ title: words.stop, icon: "x", danger: true },
    run: (one) => void stop(one),
  };
  const actionsOf = ({ state }: CampaignView): RowAction<CampaignView>[] => [
    ...(state === "ready" ? [start] : []),
    ...(STOPPABLE.has(state) ? [end] : []),
  ];
  return (
    <ShortTable
      name={words.title}
      rows={items}
      rowKey={({ campaignId }) => campaignId}
      columns={columnsOf(words, names, audienceOf)}
      renderActs={(one) => may("points.grant") && <RowMenu row={one} actions={actionsOf(one)} />}
    />
  );
}

function Progress({
  campaign: { given, members, refused },
}: {
  campaign: CampaignView;
}): JSX.Element {
  const words = useWords(GIFTS);
  return (
    <span class="stack-1">
      <span class="num">{words.of(count(given), count(members))}</span>
      {refused > 0 && <span class="note mute">{words.refused(count(refused))}</span>}
    </span>
  );
}

function State({ campaign: { state } }: { campaign: CampaignView }): JSX.Element {
  const words = useWords(GIFTS);
  return (
    <span class="stack-1">
      <span>
        <Badge tone={TONES[state]}>{words.states[state]}</Badge>
      </span>
      {state === "waiting" && (
        <a class="note" href={`${BASE}/approvals`}>
          {words.approvals}
        </a>
      )}
    </span>
  );
}

const peopleOf = ({ startedBy, madeBy }: CampaignView, { actor }: Names): string =>
  (startedBy ?? madeBy).split("+").map(actor).join(" + ");

function By({ campaign }: { campaign: CampaignView }): JSX.Element {
  const names = useNames();
  const { startedAtMs, madeAtMs } = campaign;
  return (
    <span class="stack-1">
      <span>{peopleOf(campaign, names)}</span>
      <span class="note mute num">{momentOf(startedAtMs ?? madeAtMs)}</span>
    </span>
  );
}
