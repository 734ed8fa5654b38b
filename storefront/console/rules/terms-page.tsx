import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { PageProps } from "../section.ts";
import {
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
  useToast,
  useUndo,
  useWords,
  Badge,
  type Answer,
  type Form,
} from "../kit/index.ts";
import { API, HOME, type TermsHistory, type TermsView } from "./data.ts";
import { SchemaFields } from "./schema-form.tsx";
import { initialOf, pruned, type EditorSchemas, type SchemaNode, type Values } from "./schema.ts";
import { ChangesCard, HistoryDialog, useTell, type PastVersion } from "./side-cards.tsx";
import { RULES } from "./words.ts";

const NOTHING_FIXED: ReadonlySet<string> = new Set();
const PREVIEW_AFTER_MS = 500;

/** One kind of terms: edited, previewed, compared, saved, rolled back. */
export function TermsPage({ params }: PageProps): JSX.Element {
  const kind = params["kind"] ?? "";
  const words = useWords(RULES);
  const schemas = useRead<EditorSchemas>(`${API}/schemas`);
  const terms = useRead<TermsHistory>(`${API}/terms/${kind}`);
  const root = schemas.value?.terms[kind];
  const isUnknown = schemas.value !== null && root === undefined;
  const problem = schemas.problem ?? terms.problem;
  const back = { href: HOME, title: words.back };
  return (
    <>
      {problem && !isUnknown && <FailedPage problem={problem} back={back} onRetry={terms.again} />}
      {isUnknown && <MissingPage back={back} />}
      {!problem && !isUnknown && (!root || !terms.value) && (
        <>
          <PageHead title={words.kinds[kind] ?? kind} back={back} />
          <Loading />
        </>
      )}
      {root && terms.value && (
        <TermsEditor
          key={kind}
          kind={kind}
          root={root}
          stored={terms.value}
          onSaved={terms.again}
        />
      )}
    </>
  );
}

interface EditorProps {
  readonly kind: string;
  readonly root: SchemaNode;
  readonly stored: TermsHistory;
  readonly onSaved: () => void;
}

function useTermsForm(
  { kind, root, stored, onSaved }: EditorProps,
  live: TermsView,
  setLive: (live: TermsView) => void,
): { readonly form: Form<Values>; readonly valuesOf: (terms: Values | null) => Values } {
  const words = useWords(RULES);
  const { call } = useConsole();
  const toast = useToast();
  const valuesOf = (terms: Values | null): Values =>
    (terms ? pruned(root, root, terms) : initialOf(root, root)) as Values;
  const [initial] = useState(() => valuesOf(stored.terms));
  const sayUndo = useUndo();
  const form = useForm<Values, TermsView, TermsView>({
    initial,
    stored: live,
    save: (values, over) => {
      const basedOn = over?.version ?? live.version;
      return call("PUT", `${API}/terms/${kind}?basedOn=${basedOn}`, pruned(root, root, values));
    },
    fromStored: ({ terms }) => valuesOf(terms),
    tell: useTell(kind),
    onSaved: (saved) => {
      if ("approvalId" in saved) {
        toast.show({ text: words.loosenWaits });
        return onSaved();
      }
      const before = live.terms;
      setLive(saved);
      onSaved();
      // A threshold that goes back up waits for a second person, so no button promises it.
      if (!before || kind === "approval") return toast.show({ text: words.saved });
      const back = async (): Promise<Answer<TermsView>> => {
        const path = `${API}/terms/${kind}?basedOn=${saved.version}`;
        const answer = await call<TermsView>("PUT", path, before);
        if (!answer.ok) return answer;
        setLive(answer.value);
        onSaved();
        return answer;
      };
      sayUndo({ text: words.saved, back });
    },
  });
  return { form, valuesOf };
}

function TermsEditor({ kind, root, stored, onSaved }: EditorProps): JSX.Element {
  const words = useWords(RULES);
  const { may } = useConsole();
  const toast = useToast();
  const [live, setLive] = useState<TermsView>(stored);
  const [isHistoryOpen, setHistoryOpen] = useState(false);
  const [chosen, setChosen] = useState<number | null>(null);
  const { form, valuesOf } = useTermsForm({ kind, root, stored, onSaved }, live, setLive);
  const restore = ({ version, body }: PastVersion): void => {
    form.set(valuesOf(body));
    setHistoryOpen(false);
    toast.show({ text: words.restored(version) });
  };
  const past = (one: TermsView): PastVersion => ({ ...one, body: one.terms });
  const title = words.kinds[kind] ?? kind;
  const before = live.terms && pruned(root, root, live.terms);
  return (
    <>
      <PageHead
        title={title}
        back={{ href: HOME, title: words.back }}
        badge={<Badge>{live.version === 0 ? words.defaults : words.live(live.version)}</Badge>}
      >
        {stored.versions.length > 0 && (
          <Button icon="clock" onClick={() => setHistoryOpen(true)}>
            {words.history}
          </Button>
        )}
      </PageHead>
      <div class="grid cols-side">
        <Card>
          <FormView form={form} act={words.save} readOnly={!may("rules.write")}>
            <div class="fields">
              <SchemaFields root={root} form={form} context={kind} fixed={NOTHING_FIXED} />
            </div>
          </FormView>
        </Card>
        <aside class="stack">
          <Preview kind={kind} values={pruned(root, root, form.values) as Values} />
          <ChangesCard
            before={before}
            after={pruned(root, root, form.values)}
            context={kind}
            liveVersion={live.version}
          />
        </aside>
      </div>
      {isHistoryOpen && (
        <HistoryDialog
          versions={stored.versions.map(past)}
          live={stored.versions.map(past).find(({ version }) => version === live.version) ?? null}
          context={kind}
          chosen={chosen}
          onChoose={setChosen}
          onRestore={restore}
          onClose={() => setHistoryOpen(false)}
        />
      )}
    </>
  );
}

/** What the terms on the left would mean, a moment after they were typed. */
export function Preview({
  kind,
  values,
  title,
}: {
  kind: string;
  values: Values;
  title?: string;
}): JSX.Element | null {
  const words = useWords(RULES);
  const { call } = useConsole();
  const [examples, setExamples] = useState<readonly string[] | null>(null);
  const text = JSON.stringify(values);
  useEffect(() => {
    const abort = new AbortController();
    const read = async (): Promise<void> => {
      const path = `${API}/terms/${kind}/preview`;
      const body: unknown = JSON.parse(text);
      const { signal } = abort;
      const answer = await call<{ examples: string[] }>("POST", path, body, { signal });
      // What is wrong is said when it is saved; while somebody types, the last preview stands.
      if (answer.ok && !signal.aborted) setExamples(answer.value.examples);
    };
    const timer = setTimeout(() => void read(), PREVIEW_AFTER_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text, kind, call]);
  if (examples?.length === 0) return null;
  return (
    <Card title={title ?? words.preview}>
      <ul class="examples" aria-live="polite">
        {examples === null ? (
          <li class="mute">{words.previewing}</li>
        ) : (
          examples.map((one) => <li key={one}>{one}</li>)
        )}
      </ul>
    </Card>
  );
}
