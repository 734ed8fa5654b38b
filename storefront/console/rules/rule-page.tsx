import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { PageProps } from "../section.ts";
import {
  Badge,
  Button,
  Card,
  FailedPage,
  FormView,
  Loading,
  MissingPage,
  PageHead,
  useConsole,
  useForm,
  useRead,
  useRouter,
  useToast,
  useWords,
  type Form,
} from "../kit/index.ts";
import { API, HOME, isShelf, type RuleVersion, type Shelf } from "./data.ts";
import { SchemaFields } from "./schema-form.tsx";
import { initialOf, pruned, type EditorSchemas, type SchemaNode, type Values } from "./schema.ts";
import { Steps } from "./rule-steps.tsx";
import { ChangesCard, HistoryDialog, useTell, type PastVersion } from "./side-cards.tsx";
import { RULES } from "./words.ts";

/** A rule or a task: drafted, tried on the past, published, retired, taken back. */
export function RulePage({ params }: PageProps): JSX.Element {
  const words = useWords(RULES);
  const { shelf = "", id = "" } = params;
  const back = { href: HOME, title: words.back };
  return isShelf(shelf) ? <OneRule {...{ shelf, id, back }} /> : <MissingPage back={back} />;
}

function OneRule({
  shelf,
  id,
  back,
}: {
  shelf: Shelf;
  id: string;
  back: { href: string; title: string };
}): JSX.Element {
  const words = useWords(RULES);
  const isNew = id === "new";
  const schemas = useRead<EditorSchemas>(`${API}/schemas`);
  const versions = useRead<{ versions: RuleVersion[] }>(
    isNew ? null : `${API}/${shelf}/${encodeURIComponent(id)}/versions`,
  );
  const root = shelf === "rules" ? schemas.value?.rule : schemas.value?.task;
  const problem = schemas.problem ?? versions.problem;
  const isReady = root !== undefined && (isNew || versions.value !== null);
  return (
    <>
      {problem && <FailedPage problem={problem} back={back} onRetry={versions.again} />}
      {!problem && !isReady && (
        <>
          <PageHead title={isNew ? words.newRule : id} back={back} />
          <Loading />
        </>
      )}
      {isReady && (
        <RuleEditor
          key={`${shelf} ${id}`}
          shelf={shelf}
          id={isNew ? null : id}
          root={root}
          versions={versions.value?.versions ?? []}
          again={versions.again}
        />
      )}
    </>
  );
}

interface EditorProps {
  readonly shelf: Shelf;
  readonly id: string | null;
  readonly root: SchemaNode;
  /** Oldest first. */
  readonly versions: readonly RuleVersion[];
  readonly again: () => void;
}

/** The newest version is what is edited, whether it is in force or not. */
function useRuleForm({ shelf, id, root, versions, again }: EditorProps): Form<Values> {
  const words = useWords(RULES);
  const { call } = useConsole();
  const toast = useToast();
  const router = useRouter();
  const newest = versions.at(-1) ?? null;
  const valuesOf = (body: Values): Values => pruned(root, root, body) as Values;
  const [initial] = useState(() =>
    newest ? valuesOf(newest.body) : (initialOf(root, root) as Values),
  );
  const [savedId, setSavedId] = useState<string | null>(null);
  const form = useForm<Values, RuleVersion, RuleVersion>({
    initial,
    stored: newest,
    save: (values, over) => {
      const body = valuesOf(values);
      if (id === null) return call("POST", `${API}/${shelf}`, body);
      const basedOn = (over ?? newest)?.savedAtMs ?? 0;
      return call("PUT", `${API}/${shelf}/${id}?basedOn=${basedOn}`, body);
    },
    fromStored: ({ body }) => valuesOf(body),
    tell: useTell(shelf === "rules" ? "rule" : "task"),
    onSaved: (saved) => {
      toast.show({ text: words.draftSaved });
      if (id === null) setSavedId(saved.id);
      else again();
    },
  });
  const { isDirty } = form;
  useEffect(() => {
    // The form asks before it is left until it knows that it was saved.
    if (savedId === null || isDirty) return;
    void router.go(`${HOME}/${shelf}/${savedId}`, { replace: true });
  }, [savedId, isDirty, router, shelf]);
  return form;
}

function RuleEditor({ shelf, id, root, versions, again }: EditorProps): JSX.Element {
  const words = useWords(RULES);
  const { may } = useConsole();
  const toast = useToast();
  const [chosen, setChosen] = useState<number | null>(null);
  const [isHistoryOpen, setHistoryOpen] = useState(false);
  const context = shelf === "rules" ? "rule" : "task";
  const idName = shelf === "rules" ? "ruleId" : "taskId";
  const live = versions.find(({ state }) => state === "published") ?? null;
  const valuesOf = (body: Values): Values => pruned(root, root, body) as Values;
  const form = useRuleForm({ shelf, id, root, versions, again });
  const restore = ({ version, body }: PastVersion): void => {
    if (body) form.set(valuesOf(body));
    setHistoryOpen(false);
    toast.show({ text: words.restored(version) });
  };
  const past = versions.map((one): PastVersion => one).toReversed();
  const fixed = useMemo(() => new Set(id === null ? [] : [idName]), [id, idName]);
  return (
    <>
      <RuleHead shelf={shelf} versions={versions} onHistory={() => setHistoryOpen(true)} />
      <div class="grid cols-side">
        <Card>
          <FormView form={form} act={words.saveDraft} readOnly={!may("rules.write")}>
            <div class="fields">
              <SchemaFields root={root} form={form} context={context} fixed={fixed} />
            </div>
          </FormView>
        </Card>
        <aside class="stack">
          {live && (
            <ChangesCard
              before={valuesOf(live.body)}
              after={valuesOf(form.values)}
              context={context}
              liveVersion={live.version}
            />
          )}
          {id !== null && (
            <Steps shelf={shelf} id={id} versions={versions} isDirty={form.isDirty} again={again} />
          )}
        </aside>
      </div>
      {isHistoryOpen && (
        <HistoryDialog
          versions={past}
          live={past.find(({ version }) => version === live?.version) ?? null}
          context={context}
          chosen={chosen}
          onChoose={setChosen}
          onRestore={restore}
          onClose={() => setHistoryOpen(false)}
        />
      )}
    </>
  );
}

function RuleHead({
  shelf,
  versions,
  onHistory,
}: {
  shelf: Shelf;
  versions: readonly RuleVersion[];
  onHistory: () => void;
}): JSX.Element {
  const words = useWords(RULES);
  const newest = versions.at(-1) ?? null;
  const live = versions.find(({ state }) => state === "published") ?? null;
  const fresh = shelf === "rules" ? words.newRule : words.newTask;
  return (
    <PageHead
      title={newest ? String(newest.body["title"]) : fresh}
      back={{
        href: shelf === "rules" ? HOME : `${HOME}/tasks`,
        title: shelf === "rules" ? words.back : words.tasksTitle,
      }}
      badge={
        <Badge tone={live ? "ok" : "plain"}>
          {live ? words.live(live.version) : words.draftNew}
        </Badge>
      }
    >
      {versions.length > 0 && (
        <Button icon="clock" onClick={() => onHistory()}>
          {words.history}
        </Button>
      )}
    </PageHead>
  );
}
