import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { TaskView } from "../../../worker/pages/wire.ts";
import type { PageData } from "../../../worker/pages/page-data.ts";
import { createActs } from "../../client/acts.ts";
import type { Problem } from "../../client/api.ts";
import { ownPath } from "../../client/paths.ts";
import { createPointsApi } from "../../client/points-api.ts";
import { pointsText } from "../../locales/points.ts";
import type { PointsText } from "../../locales/points.zh-CN.ts";
import { list } from "../../ui/icons.ts";
import { Coin, Icon } from "../../ui/icon.tsx";
import { Badge } from "../../ui/parts.tsx";
import { useText } from "../../ui/text.tsx";
import { PageFrame } from "../points/page-frame.tsx";
import { Outcome } from "../points/refusal.tsx";
import { BirthdayCard } from "./birthday-card.tsx";

type TasksData = Extract<PageData, { page: "tasks" }>;
const ICONS = { list };
const KINDS = ["newcomer", "daily", "custom"] as const;
/** What can be had now first, what is had last. */
const ORDER = { claimable: 0, open: 1, claimed: 2 } as const;

export function tasksOf(tasks: readonly TaskView[], kind: TaskView["kind"]): TaskView[] {
  return tasks.filter((task) => task.kind === kind).sort((a, b) => ORDER[a.state] - ORDER[b.state]);
}

interface RowProps {
  task: TaskView;
  nowMs: number;
  busy: boolean;
  problem: Problem | null;
  words: PointsText;
  claim: (task: TaskView) => void;
}

function Act({ task, busy, words, claim }: RowProps): JSX.Element {
  const link = task.link === null ? null : ownPath(task.link);
  if (task.state === "claimed")
    return (
      <Badge tone="ok" icon="check">
        {words.tasks.claimed}
      </Badge>
    );
  if (task.state === "claimable")
    return (
      <button type="button" class="btn primary sm" aria-disabled={busy} onClick={() => claim(task)}>
        {busy && <i class="spin" />}
        {busy ? words.tasks.claiming : words.tasks.claim(task.points)}
      </button>
    );
  if (link === null) return <Badge>{words.tasks.open}</Badge>;
  return (
    <a class="btn tint sm" href={link} aria-label={words.tasks.goTo(task.title)}>
      {words.tasks.go}
    </a>
  );
}

function Row(props: RowProps): JSX.Element {
  const { task, nowMs, problem, words } = props;
  const t = useText();
  const done = Math.min(task.done, task.goal);
  return (
    <li class={`task ${task.state}`}>
      <h3>{task.title}</h3>
      <span class="task-p num">
        <Coin size={15} />
        {words.tasks.gives(task.points)}
      </span>
      {task.detail !== "" && <p class="note sec">{task.detail}</p>}
      <div class="task-f">
        <span class="note mute">
          {task.goal > 1 && (
            <progress
              max={task.goal}
              value={done}
              aria-label={words.tasks.progressLabel(task.title)}
            />
          )}
          {task.goal > 1 && <span class="num">{words.tasks.progress(done, task.goal)}</span>}
          {task.endsAtMs !== null && (
            <span>{words.tasks.ends(t.common.dateTime(task.endsAtMs, nowMs))}</span>
          )}
        </span>
        <Act {...props} />
      </div>
      <Outcome problem={problem} done="" words={words} />
    </li>
  );
}

function Empty({ words }: { words: PointsText }): JSX.Element {
  return (
    <section class="blank">
      <span class="blank-i">
        <Icon name="list" size={40} />
      </span>
      <h2>{words.tasks.empty}</h2>
      <p class="sec">{words.tasks.emptyBody}</p>
    </section>
  );
}

export function TasksPage({ data }: { data: TasksData }): JSX.Element {
  const words = pointsText(data.locale);
  const [tasks, setTasks] = useState(data.tasks.tasks);
  const [busy, setBusy] = useState<readonly string[]>([]);
  const [problem, setProblem] = useState<{ taskId: string; problem: Problem } | null>(null);
  const [done, setDone] = useState("");
  const [acts] = useState(() => createActs());
  const api = createPointsApi({ locale: data.locale });

  const claim = async ({ taskId }: TaskView): Promise<void> => {
    if (busy.includes(taskId)) return;
    setBusy((all) => [...all, taskId]);
    const answer = await acts.run(taskId, (requestId) => api.claim(requestId, taskId));
    if (answer === null) return;
    setBusy((all) => all.filter((one) => one !== taskId));
    setProblem(answer.ok ? null : { taskId, problem: answer.problem });
    if (!answer.ok) return;
    setDone(words.tasks.got(answer.value.points, answer.value.balance));
    setTasks((all) =>
      all.map((one) => (one.taskId === taskId ? { ...one, state: "claimed" as const } : one)),
    );
  };

  const { birthday } = data.tasks;
  const kinds = KINDS.map((kind) => ({ kind, rows: tasksOf(tasks, kind) }));
  return (
    <PageFrame title={words.tasks.title} icons={ICONS} words={words}>
      <div class="pad-x">
        <Outcome problem={null} done={done} words={words} />
      </div>
      {tasks.length === 0 && birthday === null && <Empty words={words} />}
      {kinds.map(
        ({ kind, rows }) =>
          rows.length > 0 && (
            <section key={kind} class="card blk">
              <h2>{words.tasks.kind[kind]}</h2>
              <ul>
                {rows.map((task) => (
                  <Row
                    key={task.taskId}
                    task={task}
                    nowMs={data.serverTimeMs}
                    busy={busy.includes(task.taskId)}
                    problem={problem?.taskId === task.taskId ? problem.problem : null}
                    words={words}
                    claim={(one) => void claim(one)}
                  />
                ))}
              </ul>
            </section>
          ),
      )}
      {birthday !== null && (
        <BirthdayCard birthday={birthday} locale={data.locale} api={api} words={words} />
      )}
    </PageFrame>
  );
}
