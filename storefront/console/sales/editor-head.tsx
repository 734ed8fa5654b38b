/** Above a session: its state, and what can be done with it. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { SessionCheck, SessionView } from "../../../worker/sales/wire.ts";
import { timeHm } from "../../ui/format.ts";
import {
  Button,
  PageHead,
  useConfirm,
  useConsole,
  useRouter,
  useToast,
  useUndo,
  useWords,
  type Answer,
  type Form,
  type Problem,
} from "../kit/index.ts";
import { useCheckSentence } from "./checks-card.tsx";
import { SESSIONS, sessionPath, StandingBadge, standingOf, useNow } from "./parts.tsx";
import { bodyOf, valuesOf, type SessionValues } from "./session-values.ts";
import { SALES } from "./words.ts";
import { DAY_MS } from "../../client/durations.ts";

export function Head({
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
      badge={<StandingBadge standing={stored === null ? "draft" : standingOf(stored)} />}
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
      {stored !== null && !isDraft && may("sales.write") && <Another stored={stored} />}
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

/** Makes a draft with the same goods and the same hour, on the first day to come. */
function Another({ stored }: { stored: SessionView }): JSX.Element {
  const words = useWords(SALES);
  const { call } = useConsole();
  const toast = useToast();
  const router = useRouter();
  const nowMs = useNow();
  const make = async (): Promise<void> => {
    const values = valuesOf(stored);
    const lateMs = Math.max(0, nowMs - stored.opensAtMs);
    const byMs = (Math.floor(lateMs / DAY_MS) + 1) * DAY_MS;
    const opensAtMs = stored.opensAtMs + byMs;
    const closesAtMs = stored.closesAtMs + byMs;
    const body = bodyOf({ ...values, opensAtMs, closesAtMs });
    const made = await call<SessionView>("POST", SESSIONS, body);
    if (!made.ok) return toast.refuse(made.problem);
    toast.show({ text: words.againDone });
    await router.go(sessionPath(made.value.sessionId));
  };
  return (
    <Button icon="copy" onClick={() => void make()}>
      {words.again}
    </Button>
  );
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
    const answer = await call("DELETE", `${SESSIONS}/${sessionId}?version=${version}`);
    if (!answer.ok) return toast.refuse(answer.problem);
    await router.go("/console/sales");
    if (!stored) return;
    // A deleted draft has no number any more: what comes back is the same draft under a new one.
    const back = async (): Promise<Answer<SessionView>> => {
      const made = await call<SessionView>("POST", SESSIONS, bodyOf(valuesOf(stored)));
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
  const again = async (): Promise<void> => {
    const fresh = await call<SessionView>("GET", `${SESSIONS}/${sessionId}`);
    if (fresh.ok) onStored(fresh.value);
  };
  const publish = async (): Promise<void> => {
    const items = stored?.items ?? [];
    const units = items.reduce((sum, item) => sum + item.units, 0);
    const body = words.publishBody(units, items.length);
    if (!(await confirm({ title: words.publishTitle, body, act: words.publishAct }))) return;
    setBusy(true);
    const path = `${SESSIONS}/${sessionId}/schedule`;
    const answer = await call<SessionView>("POST", path, { version });
    setBusy(false);
    if (!answer.ok) {
      refuse(answer.problem);
      return again();
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
    const answer = await call<SessionView>("POST", `${SESSIONS}/${sessionId}/cancel`, { version });
    if (!answer.ok) {
      toast.refuse(answer.problem);
      return again();
    }
    toast.show({ text: words.cancelled });
    onStored(answer.value);
  };
  return { isBusy, publish, remove, cancel };
}
