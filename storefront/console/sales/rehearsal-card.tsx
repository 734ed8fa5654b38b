import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { RehearsalView, SessionView } from "../../../worker/sales/wire.ts";
import { dateName, timeHm } from "../../ui/format.ts";
import { Badge, Button, Card, useConsole, useLocale, useToast, useWords } from "../kit/index.ts";
import { REHEARSAL } from "./rehearsal-words.ts";
import { usePoll } from "./use-poll.ts";
import { useNow } from "./parts.tsx";

const CROWDS = [200, 1_000, 3_000, 5_000] as const;
const LOOK_EVERY_MS = 300;

/** One click rehearses a sale of the session; its progress, and the reports so far. */
export function RehearsalCard({
  session,
  nameOf,
  isDirty,
  onEnded,
}: {
  session: SessionView;
  nameOf: (skuId: string) => string;
  isDirty: boolean;
  onEnded: () => void;
}): JSX.Element {
  const words = useWords(REHEARSAL);
  const { call, may } = useConsole();
  const toast = useToast();
  const [isRunning, setRunning] = useState(false);
  const path = `/api/v1/staff/sessions/${session.sessionId}/rehearsals`;
  const read = usePoll<{ rehearsals: RehearsalView[] }>(path, isRunning ? LOOK_EVERY_MS : null);
  const rehearsals = read.value?.rehearsals ?? [];
  const running = rehearsals.find(({ state }) => state === "running") ?? null;
  if (running && !isRunning) setRunning(true);
  if (!running && isRunning && read.value) {
    setRunning(false);
    setTimeout(onEnded, 0);
  }
  const start = async (chosen: string, buyers: number): Promise<void> => {
    const answer = await call<RehearsalView>("POST", path, { skuId: chosen, buyers });
    if (!answer.ok) {
      const { detail, figures } = answer.problem;
      const known = words.refused[String(figures["reason"])];
      return toast.refuse({ ...answer.problem, detail: known ?? detail });
    }
    read.put({ rehearsals: [answer.value, ...rehearsals] });
  };
  return (
    <Card title={words.rehearsal}>
      <div class="stack">
        <p class="sec">{words.rehearsalBody}</p>
        {running ? (
          // Whoever started it by keys stays here, where it can be seen how far it is.
          <div tabIndex={0}>
            <Progress run={running} />
          </div>
        ) : (
          may("sales.write") && (
            <StartForm
              session={session}
              nameOf={nameOf}
              isDirty={isDirty}
              isFirst={rehearsals.length === 0}
              onStart={start}
            />
          )
        )}
        <Reports rehearsals={rehearsals} nameOf={nameOf} />
      </div>
    </Card>
  );
}

function StartForm({
  session,
  nameOf,
  isDirty,
  isFirst,
  onStart,
}: {
  session: SessionView;
  nameOf: (skuId: string) => string;
  isDirty: boolean;
  isFirst: boolean;
  onStart: (skuId: string, buyers: number) => Promise<void>;
}): JSX.Element {
  const words = useWords(REHEARSAL);
  const [skuId, setSkuId] = useState<string | null>(null);
  const [buyers, setBuyers] = useState<number>(1_000);
  const chosen = skuId ?? session.items[0]?.skuId ?? "";
  return (
    <div class="stack">
      {session.items.length > 1 && (
        <select
          class="in"
          aria-label={words.rehearsalGoods}
          value={chosen}
          onChange={(event) => setSkuId(event.currentTarget.value)}
        >
          {session.items.map((item) => (
            <option key={item.skuId} value={item.skuId}>
              {nameOf(item.skuId)}
            </option>
          ))}
        </select>
      )}
      <div class="row">
        <select
          class="in"
          aria-label={words.rehearsalBuyers}
          value={buyers}
          onChange={(event) => setBuyers(Number(event.currentTarget.value))}
        >
          {CROWDS.map((count) => (
            <option key={count} value={count}>
              {`${words.rehearsalBuyers} ${count.toLocaleString("en-US")}`}
            </option>
          ))}
        </select>
      </div>
      <Button
        icon="flask"
        disabled={isDirty || chosen === ""}
        onClick={() => void onStart(chosen, buyers)}
      >
        {isFirst ? words.rehearsalStart : words.rehearsalAgain}
      </Button>
      {isDirty && <p class="note mute">{words.rehearsalSaveFirst}</p>}
    </div>
  );
}

function Reports({
  rehearsals,
  nameOf,
}: {
  rehearsals: readonly RehearsalView[];
  nameOf: (skuId: string) => string;
}): JSX.Element {
  const locale = useLocale();
  const nowMs = useNow();
  return (
    <ul class="stack-1">
      {rehearsals
        .filter(({ state }) => state !== "running")
        .slice(0, 4)
        .map((run) => (
          <li key={run.rehearsalId} class="row">
            <RunBadge state={run.state} />
            <a class="text-link" href={`/console/sales/rehearsals/${run.rehearsalId}`}>
              {dateName(locale, run.startedAtMs, nowMs)} {timeHm(run.startedAtMs)}
            </a>
            <span class="mute">{nameOf(run.skuId)}</span>
          </li>
        ))}
    </ul>
  );
}

export function RunBadge({ state }: { state: RehearsalView["state"] }): JSX.Element {
  const words = useWords(REHEARSAL);
  if (state === "running") return <Badge tone="info">{words.phases["rushing"]}</Badge>;
  const tone = state === "proven" ? "ok" : state === "broken" ? "danger" : "warn";
  return (
    <Badge tone={tone} icon={state === "proven" ? "check" : "alert"}>
      {words[state]}
    </Badge>
  );
}

export function Progress({ run }: { run: RehearsalView }): JSX.Element {
  const words = useWords(REHEARSAL);
  const { phase, done, of } = run.report;
  const share = of === 0 ? 0 : Math.min(1, done / of);
  return (
    <div class="stack-1" role="status">
      <div class="row">
        <span class="spin" aria-hidden="true" />
        <b>{words.phases[phase]}</b>
        <span class="num mute">
          {done.toLocaleString("en-US")} / {of.toLocaleString("en-US")}
        </span>
      </div>
      <span class="bar" aria-hidden="true">
        <i style={{ width: `${share * 100}%` }} />
      </span>
    </div>
  );
}
