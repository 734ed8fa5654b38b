import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { SaleView } from "../../../worker/redemption/wire.ts";
import type { SessionCheck, SessionView } from "../../../worker/sales/wire.ts";
import {
  Card,
  FailedPage,
  FormSection,
  FormView,
  Loading,
  TextField,
  TimeField,
  useConsole,
  useForm,
  useQuery,
  useRead,
  useRouter,
  useToast,
  useWords,
  type Form,
} from "../kit/index.ts";
import type { PageProps } from "../section.ts";
import { ChecksCard } from "./checks-card.tsx";
import { dayAt, dayOf, startOf } from "./days.ts";
import { Head } from "./editor-head.tsx";
import { Items } from "./editor-items.tsx";
import { Live } from "./live-links.tsx";
import { SESSIONS, sessionPath, useNow } from "./parts.tsx";
import { PhonePreview } from "./phone-preview.tsx";
import { RehearsalCard } from "./rehearsal-card.tsx";
import { bodyOf, newValues, valuesOf, type SessionValues } from "./session-values.ts";
import { useSessionTell } from "./use-session-tell.ts";
import { SALES } from "./words.ts";

const PUBLISHED_EVERY_MS = 2_000;

/** A session from its first word to its publication; afterwards the same page, to look at. */
export function EditorPage({ params }: PageProps): JSX.Element {
  const words = useWords(SALES);
  const sessionId = params["sessionId"] ?? "";
  const isNew = sessionId === "new";
  const [isPublished, setPublished] = useState(false);
  // A published session shows how its sales stand; a draft is not read anew under whoever types.
  const fresh = isPublished ? { everyMs: PUBLISHED_EVERY_MS } : {};
  const read = useRead<SessionView>(isNew ? null : `${SESSIONS}/${sessionId}`, fresh);
  const state = read.value?.state;
  useEffect(() => setPublished(state === "scheduled"), [state]);
  const ofSession = isNew ? "" : `?sessionId=${encodeURIComponent(sessionId)}`;
  const goods = useRead<{ goods: SaleView[] }>(`/api/v1/staff/sale-goods${ofSession}`);
  const problem = read.problem ?? goods.problem;
  if (problem) {
    const back = { href: "/console/sales", title: words.back };
    const again = read.problem ? read.again : goods.again;
    return <FailedPage problem={problem} back={back} onRetry={again} />;
  }
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
  const toast = useToast();
  const day = useAskedDay();
  const [made, setMade] = useState<string | null>(null);
  const form = useForm<SessionValues, SessionView, SessionView>({
    initial: stored ? valuesOf(stored) : newValues(startOf(day), words.untitled),
    stored,
    fromStored: valuesOf,
    tell: useSessionTell(goods),
    save: (values, over) =>
      stored === null
        ? call("POST", SESSIONS, bodyOf(values))
        : call("PUT", `${SESSIONS}/${stored.sessionId}`, bodyOf(values, (over ?? stored).version)),
    onSaved: (saved) => {
      if (saved.state === "draft") toast.show({ text: words.draftSaved });
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
  goods: read,
  onStored,
}: {
  stored: SessionView | null;
  /** Those of the session, and the first of all others. */
  goods: ReadonlyMap<string, SaleView>;
  onStored: (session: SessionView) => void;
}): JSX.Element {
  const words = useWords(SALES);
  const { may } = useConsole();
  const [shown, setShown] = useState(0);
  const [picked, setPicked] = useState<readonly SaleView[]>([]);
  const goods = new Map([...read, ...picked.map((sale) => [sale.skuId, sale] as const)]);
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
                onPick={(sale) => setPicked([...picked, sale])}
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
    stored === null ? null : `${SESSIONS}/${stored.sessionId}/checks?v=${stored.version}`,
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
