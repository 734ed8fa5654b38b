/** What every document has around it: its state, its publication, and the word when two edit it at once. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { renderSVG } from "uqr";
import {
  Badge,
  Button,
  Dialog,
  DifferenceTable,
  Loading,
  localOf,
  msOf,
  useLocale,
  useToast,
  useNames,
  useUndo,
  useWords,
  type Answer,
  type Locale,
} from "../kit/index.ts";
import { Labelled } from "../value-fields/index.tsx";
import { previewPath } from "./preview.tsx";
import { useCompared } from "./use-compared.ts";
import type { Around } from "./use-document.ts";
import { WORDS } from "./words.ts";
import { HOUR_MS } from "../../client/durations.ts";

export function whenOf(locale: Locale, atMs: number): string {
  return new Intl.DateTimeFormat(locale, {
    ...{ year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" },
    hourCycle: "h23",
    timeZone: "Asia/Shanghai",
  }).format(atMs);
}

export function StateBadge({ editing }: { editing: Around }): JSX.Element {
  const words = useWords(WORDS);
  const locale = useLocale();
  const { state, stored } = editing;
  if (state === "failed") return <Badge tone="danger">{words.state.failed}</Badge>;
  if (state === "dirty" || state === "saving") {
    return <Badge tone="plain">{words.state.saving}</Badge>;
  }
  if (stored?.scheduledAtMs) {
    return (
      <Badge tone="info" icon="clock">
        {words.scheduled(whenOf(locale, stored.scheduledAtMs))}
      </Badge>
    );
  }
  const isChanged = state === "saved" || stored?.isChanged === true;
  return (
    <Badge tone={isChanged ? "warn" : "ok"}>
      {isChanged ? words.state.changed : words.state.clean}
    </Badge>
  );
}

function PhoneDialog({ address, close }: { address: string; close: () => void }): JSX.Element {
  const words = useWords(WORDS);
  return (
    <Dialog title={words.phone} onClose={close}>
      <div class="pb-qr">
        <div
          role="img"
          aria-label={words.phone}
          // Drawn here from the preview's own address.
          dangerouslySetInnerHTML={{ __html: renderSVG(address, { border: 2 }) }}
        />
        <p>{words.phoneHelp}</p>
        <p class="note mute">{address}</p>
      </div>
    </Dialog>
  );
}

function ScheduleDialog(props: {
  busy: boolean;
  close: () => void;
  schedule: (atMs: number | null) => void;
}): JSX.Element {
  const { busy, close, schedule } = props;
  const words = useWords(WORDS);
  const [atLocal, setAtLocal] = useState(() => localOf(Date.now() + HOUR_MS));
  return (
    <Dialog
      title={words.schedule}
      onClose={close}
      acts={
        <Button kind="primary" busy={busy} onClick={() => schedule(msOf(atLocal))}>
          {words.schedule}
        </Button>
      }
    >
      <Labelled label={words.scheduleAt} help={words.scheduleHelp}>
        {(id) => (
          <input
            id={id}
            class="in"
            type="datetime-local"
            value={atLocal}
            onInput={(event) => setAtLocal(event.currentTarget.value)}
          />
        )}
      </Labelled>
    </Dialog>
  );
}

/** The way back of an act on a document; what cannot be saved meanwhile stands in its way, and is said. */
export function useTakeBack(
  editing: Around,
): (name: string, more?: object) => Promise<Answer<unknown>> {
  const { state } = useWords(WORDS);
  return async (name, more) => {
    const answer = await editing.act(name, more);
    if (answer !== "unsaved") return answer;
    const problem = { code: "unsaved", status: 0, detail: state.failed, errors: [], figures: {} };
    return { ok: false, status: 0, problem: { ...problem, reference: null } };
  };
}

/** Publishes, sets the hour or takes it back; each says how it is undone, and whether it was done. */
function usePublishing(editing: Around) {
  const words = useWords(WORDS);
  const toast = useToast();
  const sayUndo = useUndo();
  const takeBack = useTakeBack(editing);
  const [busy, setBusy] = useState(false);
  const { shownVersion, scheduledAtMs, scheduledVersion } = editing.stored ?? {};
  const act = async (
    name: string,
    more: object,
    undoing: { readonly text: string; readonly back: () => Promise<Answer<unknown>> },
  ): Promise<boolean> => {
    setBusy(true);
    const answer = await editing.act(name, more);
    setBusy(false);
    if (answer === "unsaved") return false;
    if (answer.ok) sayUndo(undoing);
    else toast.refuse(answer.problem);
    return answer.ok;
  };
  return {
    busy,
    // Members see again what they saw; what is being written stays.
    publish: () =>
      act(
        "publish",
        { atMs: null },
        {
          text: words.published,
          back: () => takeBack("roll-back", { version: shownVersion ?? 0, keepsDraft: true }),
        },
      ),
    schedule: (atMs: number | null) =>
      act(
        "publish",
        { atMs },
        {
          text: words.scheduledDone,
          back: () => takeBack("unschedule"),
        },
      ),
    // What was to come, and not what has been written since.
    unschedule: () =>
      act(
        "unschedule",
        {},
        {
          text: words.unscheduled,
          back: () => takeBack("publish", { atMs: scheduledAtMs, version: scheduledVersion }),
        },
      ),
  };
}

export function Publishing(props: {
  editing: Around;
  pageId: string;
  token: string | null;
}): JSX.Element {
  const { editing, pageId, token } = props;
  const words = useWords(WORDS);
  const [open, setOpen] = useState<"phone" | "schedule" | null>(null);
  const { busy, publish, schedule, unschedule } = usePublishing(editing);
  const address = token === null ? null : new URL(previewPath(pageId, token), location.href).href;
  const scheduleAt = async (atMs: number | null): Promise<void> => {
    if (await schedule(atMs)) setOpen(null);
  };
  return (
    <>
      <Button icon="phone" disabled={address === null} onClick={() => setOpen("phone")}>
        {words.phone}
      </Button>
      {editing.stored?.scheduledAtMs ? (
        <Button busy={busy} onClick={() => void unschedule()}>
          {words.unschedule}
        </Button>
      ) : (
        <Button icon="clock" onClick={() => setOpen("schedule")}>
          {words.schedule}
        </Button>
      )}
      <Button kind="primary" busy={busy} onClick={() => void publish()}>
        {words.publish}
      </Button>
      {open === "phone" && address !== null && (
        <PhoneDialog address={address} close={() => setOpen(null)} />
      )}
      {open === "schedule" && (
        <ScheduleDialog
          busy={busy}
          close={() => setOpen(null)}
          schedule={(atMs) => void scheduleAt(atMs)}
        />
      )}
    </>
  );
}

/** Both versions beside each other; put away, nothing is decided and what was typed stays. */
export function ConflictDialog({ editing }: { editing: Around }): JSX.Element | null {
  const words = useWords(WORDS).conflict;
  const names = useNames();
  const locale = useLocale();
  const toast = useToast();
  const compared = useCompared();
  const { conflict, body } = editing;
  if (!conflict) return null;
  const { savedBy, savedAtMs, theirs } = conflict;
  const sentence = words.body(names.actor(savedBy), whenOf(locale, savedAtMs));
  if (!conflict.isOpen)
    return (
      <div class="refusal pb-conflict" role="alert">
        <p>{sentence}</p>
        <Button size="sm" onClick={() => editing.compare(true)}>
          {words.compare}
        </Button>
      </div>
    );
  const differences = theirs && body ? compared(body, theirs) : null;
  return (
    <Dialog
      title={words.title}
      wide
      onClose={() => editing.compare(false)}
      foot={
        <>
          <Button onClick={() => editing.compare(false)}>{words.later}</Button>
          <Button
            disabled={theirs === null}
            onClick={() => {
              editing.takeTheirs();
              toast.show({ text: words.loaded });
            }}
          >
            {words.theirs}
          </Button>
          <Button kind="danger" onClick={editing.keepMine}>
            {words.mine}
          </Button>
        </>
      }
    >
      <p>{sentence}</p>
      {differences === null ? <Loading rows={2} /> : <DifferenceTable differences={differences} />}
    </Dialog>
  );
}
