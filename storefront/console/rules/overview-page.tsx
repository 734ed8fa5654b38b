import type { ComponentChildren, JSX } from "preact";
import {
  Badge,
  Button,
  Card,
  Failed,
  Icon,
  Loading,
  PageHead,
  useConfirm,
  useConsole,
  useRead,
  useRouter,
  useToast,
  useUndo,
  useWords,
} from "../kit/index.ts";
import {
  API,
  booksOf,
  HOME,
  type Book,
  type RuleVersion,
  type Shelf,
  type TermsView,
} from "./data.ts";
import { useChoiceWords } from "./field-words.ts";
import type { Values } from "./schema.ts";
import { checkInLine, inviteLine, ruleLine, tierLine, type Line } from "./sentences.ts";
import { Preview } from "./terms-page.tsx";
import { ChangesCard, DryRunFigures } from "./side-cards.tsx";
import { INVITES } from "./invite-words.ts";
import { useUnretire } from "./use-unretire.ts";
import { RULES } from "./words.ts";

const LAPSE_KINDS = ["earn", "reminders", "refund"] as const;
const MORE_KINDS = [
  "discounts",
  "growth",
  "clawback",
  "rate",
  "offset",
  "stored_value",
  "approval",
] as const;
/** What these mean today stands beside the list. */
const PREVIEWED = ["earn", "check_in", "discounts"] as const;
const NO_TERMS: readonly TermsView[] = [];
const NONE: Line = { figure: "", text: "" };

/** How points are earned and lapse, each in a line, with the way to its editor. */
export function OverviewPage(): JSX.Element {
  const words = useWords(RULES);
  const invites = useWords(INVITES);
  const { may } = useConsole();
  const rules = useRead<{ items: RuleVersion[] }>(`${API}/rules`);
  const terms = useRead<{ terms: TermsView[] }>(`${API}/terms`);
  const problem = rules.problem ?? terms.problem;
  const isReady = rules.value !== null && terms.value !== null;
  const books = booksOf(rules.value?.items ?? []);
  const changed = books.find(({ live, draft }) => live !== null && draft !== null);
  const all = terms.value?.terms ?? [];
  return (
    <>
      <PageHead title={words.title}>
        <Button href={`${HOME}/tasks`} icon="tasks">
          {words.tasksTitle}
        </Button>
        <Button href={`${HOME}/codes`} icon="ticket">
          {words.codesTitle}
        </Button>
        {may("members.read") && (
          <Button href={`${HOME}/invites`} icon="users">
            {invites.title}
          </Button>
        )}
      </PageHead>
      {problem && <Failed problem={problem} onRetry={rules.again} />}
      {!problem && !isReady && <Loading />}
      {isReady && (
        <div class="grid cols-side">
          <div class="stack">
            <Card
              flush
              title={words.earn}
              note={words.earnNote}
              acts={
                may("rules.write") && (
                  <Button size="sm" icon="plus" href={`${HOME}/rules/new`}>
                    {words.addRule}
                  </Button>
                )
              }
            >
              <BookRows books={books} shelf="rules" again={rules.again} terms={all} />
            </Card>
            <Card flush title={words.expireTitle}>
              <TermsRows kinds={LAPSE_KINDS} terms={all} />
            </Card>
            <Card flush title={words.moreTitle}>
              <TermsRows kinds={MORE_KINDS} terms={all} />
            </Card>
          </div>
          <aside class="stack">
            {changed && <Drafted book={changed} />}
            {PREVIEWED.map((kind) => {
              const body = all.find((one) => one.kind === kind)?.terms;
              return (
                body && (
                  <Preview key={kind} kind={kind} values={body} title={words.kinds[kind] ?? kind} />
                )
              );
            })}
          </aside>
        </div>
      )}
    </>
  );
}

function Drafted({ book: { draft, live, id } }: { book: Book }): JSX.Element | null {
  const words = useWords(RULES);
  if (!draft || !live) return null;
  return (
    <>
      <ChangesCard
        before={live.body}
        after={draft.body}
        context="rule"
        liveVersion={live.version}
      />
      <Card
        title={words.dryTitle}
        acts={
          <Button size="sm" href={`${HOME}/rules/${id}`}>
            {words.edit}
          </Button>
        }
      >
        {draft.report ? (
          <DryRunFigures report={draft.report} isWhole />
        ) : (
          <p class="note mute">{words.dryFirst}</p>
        )}
      </Card>
    </>
  );
}

/** Rules as the merchant orders them: those that count first stand first. Built-in sources follow. */
export function BookRows({
  books,
  shelf,
  again,
  terms = NO_TERMS,
}: {
  books: readonly Book[];
  shelf: Shelf;
  again: () => void;
  terms?: readonly TermsView[];
}): JSX.Element {
  const words = useWords(RULES);
  const say = useChoiceWords("rule");
  const lineOf = (body: Values): Line =>
    shelf === "rules"
      ? ruleLine(body, words, say)
      : { figure: `+ ${Number(body["points"])}`, text: String(body["detail"] ?? "") };
  const order = (book: Book): number =>
    (book.live ? 0 : 1) - Number(book.newest.body["priority"] ?? 0) / 2_000;
  const sorted = [...books].sort((a, b) => order(a) - order(b));
  return (
    <ul class="rule-rows">
      {sorted.map((book, at) => {
        const { body } = book.draft ?? book.live ?? book.newest;
        return (
          <Row
            key={book.id}
            at={at + 1}
            title={String(body["title"])}
            line={lineOf(body)}
            isOff={book.live === null}
            isChanged={book.live !== null && book.draft !== null}
            badge={badgeOf(book, words)}
            href={`${HOME}/${shelf}/${book.id}`}
          >
            <LiveSwitch book={book} shelf={shelf} title={String(body["title"])} again={again} />
          </Row>
        );
      })}
      {shelf === "rules" && <BuiltInRows terms={terms} from={sorted.length} />}
    </ul>
  );
}

function badgeOf(
  { live, draft }: Book,
  words: { draftChanged: string; draftNew: string; retired: string },
) {
  if (live && draft) return <Badge tone="warn">{words.draftChanged}</Badge>;
  if (!live) return <Badge>{draft ? words.draftNew : words.retired}</Badge>;
  return null;
}

function BuiltInRows({ terms, from }: { terms: readonly TermsView[]; from: number }): JSX.Element {
  const words = useWords(RULES);
  const say = useChoiceWords("invites");
  const lines: Readonly<Record<string, (body: Values) => Line>> = {
    tiers: (body) => tierLine(body, words),
    check_in: (body) => checkInLine(body, words),
    invites: (body) => inviteLine(body, words, say),
  };
  return (
    <>
      {Object.entries(lines).map(([kind, lineOf], at) => {
        const body = terms.find((one) => one.kind === kind)?.terms ?? null;
        return (
          <Row
            key={kind}
            at={from + at + 1}
            title={words.kinds[kind] ?? kind}
            line={body ? lineOf(body) : { ...NONE, text: words.kindNotes[kind] ?? "" }}
            isOff={body === null}
            isChanged={false}
            badge={body === null && <Badge>{words.notSet}</Badge>}
            href={`${HOME}/terms/${kind}`}
          />
        );
      })}
    </>
  );
}

function Row({
  at,
  title,
  line,
  isOff,
  isChanged,
  badge,
  href,
  children,
}: {
  at: number;
  title: string;
  line: Line;
  isOff: boolean;
  isChanged: boolean;
  badge: ComponentChildren;
  href: string;
  children?: ComponentChildren;
}): JSX.Element {
  const words = useWords(RULES);
  return (
    <li class={`rule-row${isOff ? " off" : ""}${isChanged ? " changed" : ""}`}>
      <span class="rule-at num">{at}</span>
      <div class="rule-in">
        <p>
          <b>{title}</b> {badge}
        </p>
        <p class="sec">{line.text}</p>
      </div>
      <span class="rule-figure num">{line.figure}</span>
      <span class="rule-switch">{children}</span>
      <Button kind="quiet" size="sm" href={href} label={`${words.edit}: ${title}`}>
        {words.edit}
      </Button>
    </li>
  );
}

/** Off at once, after a question; on only by way of a dry run. */
function LiveSwitch({
  book,
  shelf,
  title,
  again,
}: {
  book: Book;
  shelf: Shelf;
  title: string;
  again: () => void;
}): JSX.Element {
  const words = useWords(RULES);
  const { call, may } = useConsole();
  const confirm = useConfirm();
  const toast = useToast();
  const sayUndo = useUndo();
  const unretire = useUnretire();
  const router = useRouter();
  const { live, draft } = book;
  const flip = async (): Promise<void> => {
    if (!live) return router.go(`${HOME}/${shelf}/${book.id}`);
    const question = {
      title: words.retireAsk(title),
      body: words.retireBody,
      act: words.retire,
      danger: true,
    };
    if (!(await confirm(question))) return;
    const path = `${API}/${shelf}/${book.id}/retire?basedOn=${live.savedAtMs}`;
    const answer = await call("POST", path, {});
    again();
    if (!answer.ok) return toast.refuse(answer.problem);
    if (draft) return toast.show({ text: words.retireDone });
    sayUndo({ text: words.retireDone, back: () => unretire(shelf, live, live), again });
  };
  return (
    <button
      type="button"
      class="switch"
      role="switch"
      aria-checked={live !== null}
      aria-label={live ? words.retireName(title) : words.activate(title)}
      disabled={!may("rules.write")}
      onClick={() => void flip()}
    >
      <span aria-hidden="true" />
    </button>
  );
}

function TermsRows({
  kinds,
  terms,
}: {
  kinds: readonly string[];
  terms: readonly TermsView[];
}): JSX.Element {
  const words = useWords(RULES);
  return (
    <ul class="rule-rows">
      {kinds.map((kind) => {
        const version = terms.find((one) => one.kind === kind)?.version ?? 0;
        const isSet = terms.find((one) => one.kind === kind)?.terms !== null;
        return (
          <li key={kind} class="rule-row plain">
            <div class="rule-in">
              <p>
                <b>{words.kinds[kind]}</b>{" "}
                <Badge>
                  {!isSet ? words.notSet : version === 0 ? words.defaults : `v${version}`}
                </Badge>
              </p>
              <p class="sec">{words.kindNotes[kind]}</p>
            </div>
            <a
              class="btn quiet sm"
              href={`${HOME}/terms/${kind}`}
              aria-label={`${words.edit}: ${words.kinds[kind] ?? kind}`}
            >
              {words.edit}
              <Icon name="right" size={14} />
            </a>
          </li>
        );
      })}
    </ul>
  );
}
