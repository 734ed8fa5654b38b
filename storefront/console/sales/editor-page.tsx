import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { SaleView } from "../../../worker/redemption/wire.ts";
import type { SessionCheck, SessionView } from "../../../worker/sales/wire.ts";
import { timeHm } from "../../ui/format.ts";
import {
  Badge,
  Button,
  Card,
  Failed,
  FormSection,
  FormView,
  Loading,
  PageHead,
  TextField,
  TimeField,
  useConfirm,
  useConsole,
  useForm,
  useQuery,
  useRead,
  useRouter,
  useToast,
  useUndo,
  type Answer,
  useWords,
  type Form,
  type Problem,
} from "../kit/index.ts";
import type { PageProps } from "../section.ts";
import { ChecksCard, useCheckSentence } from "./checks-card.tsx";
import { dayAt, dayOf, startOf } from "./days.ts";
import { Items } from "./editor-items.tsx";
import { Live } from "./live-links.tsx";
import { sessionPath, StandingBadge, standingOf, useNow } from "./parts.tsx";
import { PhonePreview } from "./phone-preview.tsx";
import { RehearsalCard } from "./rehearsal-card.tsx";
import { bodyOf, newValues, valuesOf, type SessionValues } from "./session-values.ts";
import { useSessionTell } from "./use-session-tell.ts";
import { SALES } from "./words.ts";

const BASE = "/api/v1/staff/sessions";
const PUBLISHED_EVERY_MS = 2_000;

/** A session from its first word to its publication; afterwards the same page, to look at. */
export function EditorPage({ params }: PageProps): JSX.Element {
  const sessionId = params["sessionId"] ?? "";
  const isNew = sessionId === "new";
  const [isPublished, setPublished] = useState(false);
  // A published session shows how its sales stand; a draft is not read anew under whoever types.
  const fresh = isPublished ? { everyMs: PUBLISHED_EVERY_MS } : {};
  const read = useRead<SessionView>(isNew ? null : `${BASE}/${sessionId}`, fresh);
  const state = read.value?.state;
  useEffect(() => setPublished(state === "scheduled"), [state]);
  const goods = useRead<{ goods: SaleView[] }>("/api/v1/staff/sale-goods");
  if (read.problem) return <Failed problem={read.problem} onRetry={read.again} />;
  if (!goods.value || (!isNew && !read.value)) return <Loading />;
  const byId = new Map(goods.value.goods.map((sale) => [sale.skuId, sale]));
  return (
    <Editor
      key={`${sessionId} ${read.value?.state ?? ""}`}
      stored={read.value}
      goods={byId}
      onStored={read.put}
    />
  );
}

/** The day that the calendar was on when somebody asked for a new session. */
function useAskedDay(): number {
  const [query] = useQuery();
  const asked = /^(\d{4})-(\d{2})-(\d{2})$/.exec(query.get("day") ?? "");
  const tomorrow = dayOf(useNow()) + 1;
  return asked ? dayAt(Number(asked[1]), Number(asked[2]), Number(asked[3])) : tomorrow;
}

/** The form of a session; a new one moves to its own address once it is saved. */
function useSessionForm(
  stored: SessionView | null,
  goods: ReadonlyMap<string, SaleView>,
  onStored: (session: SessionView) => void,
): Form<SessionValues> {
  const words = useWords(SALES);
  const { call } = useConsole();
  const router = useRouter();
  const day = useAskedDay();
  const [made, setMade] = useState<string | null>(null);
  const form = useForm<SessionValues, SessionView, SessionView>({
    initial: stored ? valuesOf(stored) : newValues(startOf(day), words.untitled),
    fromStored: valuesOf,
    tell: useSessionTell(goods),
    save: (values, over) =>
      stored === null
        ? call("POST", BASE, bodyOf(values))
        : call("PUT", `${BASE}/${stored.sessionId}`, bodyOf(values, (over ?? stored).version)),
    onSaved: (saved) => {
      if (stored === null) setMade(saved.sessionId);
      else onStored(saved);
    },
  });
  // The form has settled by then, so nobody is asked whether to leave it.
  useEffect(() => {
    if (made !== null && !form.isDirty) void router.go(sessionPath(made), { replace: true });
  }, [made, form.isDirty, router]);
  return form;
}

function Editor({
  stored,
  goods,
  onStored,
}: {
  stored: SessionView | null;
  goods: ReadonlyMap<string, SaleView>;
  onStored: (session: SessionView) => void;
}): JSX.Element {
  const words = useWords(SALES);
  const { may } = useConsole();
  const [shown, setShown] = useState(0);
  const form = useSessionForm(stored, goods, onStored);
  const isReadOnly = (stored !== null && stored.state !== "draft") || !may("sales.write");
  const nameOf = (skuId: string): string => goods.get(skuId)?.title ?? skuId;
  return (
    <>
      <Head
        stored={stored}
        form={form}
        isReadOnly={isReadOnly}
        nameOf={nameOf}
        onStored={onStored}
      />
      {stored !== null && stored.state !== "draft" && <Live session={stored} />}
      <div class="sale-editor">
        <Card>
          <FormView form={form} quiet>
            <TimeSection form={form} isReadOnly={isReadOnly} />
            <FormSection title={words.sectionGoods} why={words.sectionGoodsWhy}>
              <Items
                form={form}
                goods={goods}
                at={shown}
                onChoose={setShown}
                isReadOnly={isReadOnly}
              />
            </FormSection>
          </FormView>
        </Card>
        <Aside stored={stored} form={form} shown={shown} nameOf={nameOf} />
      </div>
    </>
  );
}

function TimeSection({
  form,
  isReadOnly,
}: {
  form: Form<SessionValues>;
  isReadOnly: boolean;
}): JSX.Element {
  const words = useWords(SALES);
  return (
    <FormSection title={words.sectionTime} why={words.sectionTimeWhy}>
      <TextField
        form={form}
        name="title"
        label={words.name}
        maxLength={120}
        required
        disabled={isReadOnly}
      />
      <TimeField form={form} name="opensAtMs" label={words.opens} required disabled={isReadOnly} />
      <TimeField
        form={form}
        name="closesAtMs"
        label={words.closes}
        required
        disabled={isReadOnly}
      />
      <TextField
        form={form}
        name="note"
        label={words.note}
        help={words.noteHelp}
        maxLength={120}
        disabled={isReadOnly}
      />
    </FormSection>
  );
}

/** The phone, the checks and the rehearsals beside the form. */
function Aside({
  stored,
  form,
  shown,
  nameOf,
}: {
  stored: SessionView | null;
  form: Form<SessionValues>;
  shown: number;
  nameOf: (skuId: string) => string;
}): JSX.Element {
  const checks = useRead<{ checks: SessionCheck[] }>(
    stored === null ? null : `${BASE}/${stored.sessionId}/checks?v=${stored.version}`,
  );
  return (
    <aside class="stack">
      <PhonePreview
        values={form.values}
        item={form.values.items[shown] ?? form.values.items[0] ?? null}
      />
      {stored?.state === "draft" && checks.value && (
        <ChecksCard checks={checks.value.checks} nameOf={nameOf} isStale={form.isDirty} />
      )}
      {stored !== null && stored.items.length > 0 && (
        <RehearsalCard
          session={stored}
          nameOf={nameOf}
          isDirty={form.isDirty}
          onEnded={checks.again}
        />
      )}
    </aside>
  );
}

function Head({
  stored,
  form,
  isReadOnly,
  nameOf,
  onStored,
}: {
  stored: SessionView | null;
  form: Form<SessionValues>;
  isReadOnly: boolean;
  nameOf: (skuId: string) => string;
  onStored: (session: SessionView) => void;
}): JSX.Element {
  const words = useWords(SALES);
  const { may } = useConsole();
  const acts = useActs(stored, nameOf, onStored);
  const another = useAnother(stored);
  const nowMs = useNow();
  const isDraft = stored?.state === "draft";
  const note = form.isDirty
    ? words.unsaved
    : stored === null
      ? undefined
      : words.saved(timeHm(stored.updatedAtMs));
  const mayCancel = stored?.state === "scheduled" && stored.opensAtMs > nowMs && may("sales.run");
  return (
    <PageHead
      title={form.values.title || words.untitled}
      back={{ href: "/console/sales", title: words.back }}
      badge={
        stored === null ? (
          <Badge>{words.state.draft}</Badge>
        ) : (
          <StandingBadge standing={standingOf(stored)} />
        )
      }
      {...(note === undefined ? {} : { note })}
    >
      {isDraft && !isReadOnly && (
        <Button kind="danger" onClick={() => void acts.remove()}>
          {words.remove}
        </Button>
      )}
      {mayCancel && (
        <Button kind="danger" onClick={() => void acts.cancel()}>
          {words.cancelSession}
        </Button>
      )}
      {stored !== null && !isDraft && may("sales.write") && (
        <Button icon="copy" onClick={() => void another()}>
          {words.again}
        </Button>
      )}
      {!isReadOnly && (
        <Button
          kind={isDraft ? "line" : "primary"}
          busy={form.isSaving}
          onClick={() => void form.submit()}
        >
          {words.save}
        </Button>
      )}
      {isDraft && may("sales.run") && (
        <Button
          kind="primary"
          busy={acts.isBusy}
          disabled={form.isDirty}
          title={form.isDirty ? words.unsaved : ""}
          onClick={() => void acts.publish()}
        >
          {words.publish}
        </Button>
      )}
    </PageHead>
  );
}

interface Acts {
  readonly isBusy: boolean;
  readonly publish: () => Promise<void>;
  readonly remove: () => Promise<void>;
  readonly cancel: () => Promise<void>;
}

const DAY_MS = 86_400_000;

/** A draft with the same goods and the same hour, on the first day to come. */
function useAnother(stored: SessionView | null): () => Promise<void> {
  const words = useWords(SALES);
  const { call } = useConsole();
  const toast = useToast();
  const router = useRouter();
  const nowMs = useNow();
  return async () => {
    if (!stored) return;
    const values = valuesOf(stored);
    const lateMs = Math.max(0, nowMs - stored.opensAtMs);
    const byMs = Math.max(1, Math.ceil(lateMs / DAY_MS)) * DAY_MS;
    const opensAtMs = stored.opensAtMs + byMs;
    const closesAtMs = stored.closesAtMs + byMs;
    const body = bodyOf({ ...values, opensAtMs, closesAtMs });
    const made = await call<SessionView>("POST", BASE, body);
    if (!made.ok) return toast.refuse(made.problem);
    toast.show({ text: words.againDone });
    await router.go(sessionPath(made.value.sessionId));
  };
}

function useRemove(stored: SessionView | null): () => Promise<void> {
  const words = useWords(SALES);
  const { call } = useConsole();
  const confirm = useConfirm();
  const toast = useToast();
  const sayUndo = useUndo();
  const router = useRouter();
  const { sessionId = "", version = 0 } = stored ?? {};
  return async (): Promise<void> => {
    if (
      !(await confirm({
        title: words.remove,
        body: words.removeAsk,
        act: words.remove,
        danger: true,
      }))
    )
      return;
    const answer = await call("DELETE", `${BASE}/${sessionId}?version=${version}`);
    if (!answer.ok) return toast.refuse(answer.problem);
    await router.go("/console/sales");
    if (!stored) return;
    // A deleted draft has no number any more: what comes back is the same draft under a new one.
    const back = async (): Promise<Answer<SessionView>> => {
      const made = await call<SessionView>("POST", BASE, bodyOf(valuesOf(stored)));
      if (made.ok) void router.go(sessionPath(made.value.sessionId));
      return made;
    };
    sayUndo({ text: words.removedDraft(stored.title), back });
  };
}

function useActs(
  stored: SessionView | null,
  nameOf: (skuId: string) => string,
  onStored: (session: SessionView) => void,
): Acts {
  const words = useWords(SALES);
  const { call } = useConsole();
  const confirm = useConfirm();
  const toast = useToast();
  const sentence = useCheckSentence(nameOf);
  const [isBusy, setBusy] = useState(false);
  const { sessionId = "", version = 0 } = stored ?? {};
  const refuse = (problem: Problem): void => {
    const refused = problem.figures["checks"];
    if (!Array.isArray(refused)) return toast.refuse(problem);
    const said = (refused as SessionCheck[]).map(sentence).join(" · ");
    toast.show({ text: `${words.notPublished}：${said}`, tone: "danger" });
  };
  const publish = async (): Promise<void> => {
    const items = stored?.items ?? [];
    const units = items.reduce((sum, item) => sum + item.units, 0);
    const body = words.publishBody(units, items.length);
    if (!(await confirm({ title: words.publishTitle, body, act: words.publish }))) return;
    setBusy(true);
    const path = `${BASE}/${sessionId}/schedule`;
    const answer = await call<SessionView>("POST", path, { version });
    setBusy(false);
    if (!answer.ok) {
      refuse(answer.problem);
      const fresh = await call<SessionView>("GET", `${BASE}/${sessionId}`);
      if (fresh.ok) onStored(fresh.value);
      return;
    }
    toast.show({ text: words.published });
    onStored(answer.value);
  };
  const remove = useRemove(stored);
  const cancel = async (): Promise<void> => {
    const question = {
      title: words.cancelSession,
      body: words.cancelAsk,
      act: words.cancelSession,
    };
    if (!(await confirm({ ...question, danger: true }))) return;
    const answer = await call<SessionView>("POST", `${BASE}/${sessionId}/cancel`, { version });
    if (!answer.ok) return toast.refuse(answer.problem);
    toast.show({ text: words.cancelled });
    onStored(answer.value);
  };
  return { isBusy, publish, remove, cancel };
}
