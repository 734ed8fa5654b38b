import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { PageBody } from "../../../worker/page-builder/wire.ts";
import {
  Badge,
  Button,
  Dialog,
  useConfirm,
  useConsole,
  useLocale,
  useToast,
  useNames,
  useUndo,
  useWords,
} from "../kit/index.ts";
import { BLOCK_WORDS } from "./block-words.ts";
import { differencesOf, type Difference } from "./blocks.ts";
import { useTakeBack, whenOf } from "./document-parts.tsx";
import type { Around, Editing } from "./use-document.ts";
import { WORDS } from "./words.ts";

interface Compared {
  readonly version: number;
  readonly differences: readonly Difference[];
}

function Differences({ compared, close }: { compared: Compared; close: () => void }): JSX.Element {
  const words = useWords(WORDS).history;
  const { types } = useWords(BLOCK_WORDS);
  return (
    <Dialog title={words.diff(compared.version)} onClose={close}>
      {compared.differences.length === 0 && <p>{words.same}</p>}
      <ul class="stack-1">
        {compared.differences.map(({ kind, type, id }) => (
          <li key={id} class="row">
            <Badge tone={kind === "added" ? "ok" : kind === "gone" ? "danger" : "info"}>
              {words[kind]}
            </Badge>
            {types[type]} <span class="mute note">{id}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

/** Members see the chosen version at once; the undo shows them again what they saw before. */
function useRollBack(editing: Around): (version: number) => Promise<void> {
  const words = useWords(WORDS).history;
  const confirm = useConfirm();
  const toast = useToast();
  const sayUndo = useUndo();
  const takeBack = useTakeBack(editing);
  const shown = editing.stored?.shownVersion ?? 0;
  return async (version) => {
    const isSure = await confirm({
      ...{ title: words.confirm(version), body: words.confirmBody, act: words.back },
    });
    if (!isSure) return;
    const answer = await editing.act("roll-back", { version });
    if (answer === "unsaved") return;
    if (!answer.ok) return toast.refuse(answer.problem);
    sayUndo({ text: words.done, back: () => takeBack("roll-back", { version: shown }) });
  };
}

/** Every version that was ever published, what the draft has changed since, and the way back. */
export function History<B extends object>(props: {
  editing: Editing<B>;
  pageId: string;
  /** Null: a document without blocks, which is not compared. */
  body: PageBody | null;
}): JSX.Element {
  const { editing, pageId, body } = props;
  const words = useWords(WORDS).history;
  const locale = useLocale();
  const toast = useToast();
  const rollBack = useRollBack(editing);
  const { call, may } = useConsole();
  const names = useNames();
  const [compared, setCompared] = useState<Compared | null>(null);
  const { stored } = editing;
  if (!stored) return <></>;
  const compare = async (version: number): Promise<void> => {
    const path = `/api/v1/staff/pages/${pageId}/versions/${version}`;
    const answer = await call<{ body: PageBody }>("GET", path);
    if (!answer.ok) return toast.refuse(answer.problem);
    if (body) setCompared({ version, differences: differencesOf(answer.value.body, body) });
  };
  return (
    <>
      {stored.versions.length === 0 && <p class="mute">{words.none}</p>}
      <ol class="pb-history">
        {stored.versions.map(({ version, restores, savedBy, savedAtMs }) => (
          <li key={version}>
            <p class="row">
              <b>{words.version(version)}</b>
              {version === stored.shownVersion && <Badge tone="ok">{words.shown}</Badge>}
              {version === stored.scheduledVersion && (
                <Badge tone="info">{whenOf(locale, stored.scheduledAtMs ?? 0)}</Badge>
              )}
            </p>
            <p class="note mute">
              {whenOf(locale, savedAtMs)} · {names.actor(savedBy)}
              {restores !== null && ` · ${words.restores(restores)}`}
            </p>
            <p class="row">
              {body && (
                <Button kind="link" size="sm" onClick={() => void compare(version)}>
                  {words.compare}
                </Button>
              )}
              {may("pages.write") && version !== stored.shownVersion && (
                <Button kind="link" size="sm" onClick={() => void rollBack(version)}>
                  {words.back}
                </Button>
              )}
            </p>
          </li>
        ))}
      </ol>
      {compared && <Differences compared={compared} close={() => setCompared(null)} />}
    </>
  );
}
