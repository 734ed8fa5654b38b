/** What stands beside an editor: the changes, the dry run, the history. */
import type { JSX } from "preact";
import {
  Badge,
  changesBetween,
  Button,
  Card,
  Dialog,
  Icon,
  momentOf,
  useNames,
  useWords,
  yuanOf,
  type Change,
  type Tell,
} from "../kit/index.ts";
import type { DryRun, MemberChange } from "./data.ts";
import { useChoiceWords, useFieldWords } from "./field-words.ts";
import type { Values } from "./schema.ts";
import { RULES } from "./words.ts";

const partsOf = (path: string): (string | number)[] =>
  path.split(".").map((one) => (/^\d+$/.test(one) ? Number(one) : one));

/** A value in words: choices by their names, the rest as it is. */
function useValueText(context: string): (path: string, value: unknown) => string {
  const words = useWords(RULES);
  const say = useChoiceWords(context);
  return (path, value) => {
    if (value === null || value === undefined) return words.nothing;
    if (typeof value === "boolean") return value ? words.yes : words.no;
    if (typeof value === "number") return /fen/i.test(path) ? `¥${yuanOf(value)}` : String(value);
    if (typeof value === "string") {
      const parts = partsOf(path);
      return say(parts.at(-1) === "kind" ? parts.slice(0, -1) : parts, value);
    }
    if (Array.isArray(value) && value.every((one) => typeof one !== "object"))
      return value.join(words.list);
    const object = value as Values;
    const title = object["title"] ?? object["kind"] ?? object["period"];
    if (typeof title === "string") return say(partsOf(path), title);
    return Object.values(object)
      .filter((one) => typeof one !== "object")
      .join(" · ");
  };
}

/** Fields and values of a schema in words, wherever they stand in it. */
export function useTell(context: string): Required<Tell> {
  const label = useFieldWords(context);
  const text = useValueText(context);
  const place = (path: string): string => {
    const parts = partsOf(path);
    const named = parts
      .map((_, at) => parts.slice(0, at + 1))
      .filter((one) => typeof one.at(-1) === "string");
    const names = named.filter((one) => one.at(-1) !== "kind" || one.length === 1);
    return names.map((one) => label(one).label).join(" · ");
  };
  return { label: place, text };
}

export function ChangeList({
  changes,
  context,
}: {
  changes: readonly Change[];
  context: string;
}): JSX.Element {
  const { label: place, text } = useTell(context);
  return (
    <ul class="changes">
      {changes.map(({ path, before, after }) => (
        <li key={path}>
          <span class="mute">{place(path)}</span>
          <p>
            <del class="num">{text(path, before)}</del>
            <Icon name="right" size={14} />
            <ins class="num">{text(path, after)}</ins>
          </p>
        </li>
      ))}
    </ul>
  );
}

export function ChangesCard({
  before,
  after,
  context,
  liveVersion,
}: {
  before: unknown;
  after: unknown;
  context: string;
  liveVersion: number;
}): JSX.Element {
  const words = useWords(RULES);
  const changes = changesBetween(before ?? {}, after);
  const from = liveVersion === 0 ? words.defaults : `v${liveVersion}`;
  return (
    <Card
      title={words.changes}
      acts={changes.length > 0 && <Badge>{words.changesOf(from, words.draftWord)}</Badge>}
    >
      {changes.length === 0 ? (
        <p class="note mute">{words.changesNone}</p>
      ) : (
        <ChangeList changes={changes} context={context} />
      )}
    </Card>
  );
}

export interface PastVersion {
  readonly version: number;
  readonly savedBy: string | null;
  readonly savedAtMs: number | null;
  readonly body: Values | null;
  readonly state?: string;
}

/** Every version; one of them opened beside what is in force, and taken back as a draft. */
export function HistoryDialog({
  versions,
  live,
  context,
  chosen,
  onChoose,
  onRestore,
  onClose,
}: {
  versions: readonly PastVersion[];
  live: PastVersion | null;
  context: string;
  chosen: number | null;
  onChoose: (version: number | null) => void;
  onRestore: (version: PastVersion) => void;
  onClose: () => void;
}): JSX.Element {
  const words = useWords(RULES);
  const names = useNames();
  const opened = versions.find(({ version }) => version === chosen);
  const changes = opened ? changesBetween(live?.body ?? {}, opened.body ?? {}) : [];
  return (
    <Dialog
      title={words.history}
      side
      wide
      onClose={onClose}
      foot={
        opened &&
        opened !== live && (
          <Button kind="primary" icon="undo" onClick={() => onRestore(opened)}>
            {words.restore}
          </Button>
        )
      }
    >
      <ul class="versions">
        {versions.map((one) => (
          <li key={one.version}>
            <button
              type="button"
              aria-pressed={one.version === chosen}
              onClick={() => onChoose(one.version === chosen ? null : one.version)}
            >
              <b>{words.version(one.version)}</b>
              {one.version === live?.version && <Badge tone="ok">{words.current}</Badge>}
              <span class="note mute">
                {words.savedAt(names.actor(one.savedBy ?? ""), momentOf(one.savedAtMs ?? 0))}
              </span>
            </button>
            {one === opened && one !== live && (
              <div class="versions-in">
                <p class="note mute">{words.compare}</p>
                <ChangeList changes={changes} context={context} />
              </div>
            )}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

const count = (figure: number): string => figure.toLocaleString("en-US");

export function DryRunFigures({
  report,
  isWhole,
}: {
  report: DryRun;
  isWhole: boolean;
}): JSX.Element {
  const words = useWords(RULES);
  const { nowPoints, draftPoints, costFen, winners, losers, unchanged } = report;
  const difference = draftPoints - nowPoints;
  const share = nowPoints === 0 ? null : (difference / nowPoints) * 100;
  const most = Math.max(1, winners + losers + unchanged);
  const rows = [
    { name: words.winners, figure: winners, tone: "c4" },
    { name: words.losers, figure: losers, tone: "c2" },
    { name: words.unchanged, figure: unchanged, tone: "c6" },
  ];
  const sign = difference > 0 ? "+" : "";
  return (
    <>
      <p class="note mute">{words.dryNote(report.events, report.members)}</p>
      {!isWhole && <p class="note warn-text">{words.dryPart}</p>}
      <div class="dry-two">
        <div>
          <span>{words.now}</span>
          <b class="num">{count(nowPoints)}</b>
        </div>
        <div>
          <span>{words.draft}</span>
          <b class="num">{count(draftPoints)}</b>
        </div>
      </div>
      <p class="dry-sum">
        <b class="num">{`${sign}${count(difference)}`}</b> {words.points}{" "}
        {share !== null && <Badge tone="warn">{`${sign}${share.toFixed(1)}%`}</Badge>}
        <span class="note mute">{words.cost(yuanOf(costFen))}</span>
      </p>
      <ul class="bars dry-bars">
        {rows.map(({ name, figure, tone }) => (
          <li key={name}>
            <span>{name}</span>
            <i>
              <u class={tone} style={{ width: `${(figure / most) * 100}%` }} />
            </i>
            <b class="num">{count(figure)}</b>
          </li>
        ))}
      </ul>
      <MostChanged title={words.mostLost} members={report.mostLost} />
      <MostChanged title={words.mostWon} members={report.mostWon} />
    </>
  );
}

function MostChanged({
  title,
  members,
}: {
  title: string;
  members: readonly MemberChange[];
}): JSX.Element | null {
  if (members.length === 0) return null;
  return (
    <details class="dry-most">
      <summary>{title}</summary>
      <ul>
        {members.slice(0, 10).map(({ memberKey, now, draft }) => (
          <li key={memberKey}>
            <span>{memberKey.slice(memberKey.indexOf(":") + 1)}</span>
            <span class="num">{`${count(now)} → ${count(draft)}`}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
