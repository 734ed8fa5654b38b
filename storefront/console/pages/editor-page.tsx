import { Fragment, type JSX, type RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { PageBody } from "../../../worker/page-builder/wire.ts";
import {
  BASE,
  Badge,
  Button,
  Failed,
  Loading,
  MissingPage,
  PageHead,
  ReadOnly,
  useConsole,
  useLatest,
  useProblemSentence,
  useToast,
  useWords,
  type Problem,
} from "../kit/index.ts";
import type { PageProps } from "../section.ts";
import { BLOCK_WORDS } from "./block-words.ts";
import { BlockList } from "./block-list.tsx";
import { addBlock, changeBlock, copyBlock, insertBlock, removeBlock } from "./blocks.ts";
import { ConflictDialog, Publishing, StateBadge } from "./document-parts.tsx";
import { Text } from "../value-fields/index.tsx";
import { History } from "./history.tsx";
import { Inspector } from "./inspector.tsx";
import { Preview, usePreviewToken } from "./preview.tsx";
import { PageSwitch } from "./page-switch.tsx";
import { PictureInput } from "./picture-input.tsx";
import { useDocument, type Editing } from "./use-document.ts";
import { WORDS } from "./words.ts";

type Side = "block" | "page" | "history";

/** Pictures that every mall has; a merchant's own paths are typed or pasted. */
const PICTURES = [
  ...["bamboo-scoop", "canvas-tote", "cold-brew-bottle", "desk-fan", "drink-coupon", "gaiwan"],
  ...["jasmine-tin", "lemon-tea", "milk-tea", "pour-over", "tea-notebook", "travel-tea-set"],
].map((name) => `/goods/${name}.svg`);

function PageFields({
  body,
  change,
}: {
  body: PageBody;
  change: (body: PageBody) => void;
}): JSX.Element {
  const words = useWords(WORDS);
  const { share } = body;
  const setShare = (more: Partial<PageBody["share"]>): void =>
    change({ ...body, share: { ...share, ...more } });
  return (
    <>
      <Text
        label={words.pageTitle}
        value={body.title}
        maxLength={24}
        set={(title) => change({ ...body, title })}
      />
      <Text
        label={words.shareTitle}
        value={share.title}
        help={words.shareTitleHelp}
        maxLength={24}
        set={(title) => setShare({ title })}
      />
      <Text
        label={words.shareDescription}
        value={share.description}
        maxLength={60}
        set={(description) => setShare({ description })}
      />
      <PictureInput
        isOptional
        label={words.sharePicture}
        value={share.picture}
        set={(picture) => setShare({ picture })}
      />
    </>
  );
}

/** Whoever added a block goes on with its fields: on the palette's button, a space would add another one. */
function useHeadOfAdded(
  addedCount: number,
  side: Side,
  showBlock: () => void,
): RefObject<HTMLHeadingElement | null> {
  const headRef = useRef<HTMLHeadingElement>(null);
  const shownCountRef = useRef(0);
  const showBlockRef = useLatest(showBlock);
  useEffect(() => {
    if (addedCount === shownCountRef.current) return;
    showBlockRef.current();
    if (headRef.current === null) return;
    shownCountRef.current = addedCount;
    headRef.current.focus({ preventScroll: true });
  }, [addedCount, side, showBlockRef]);
  return headRef;
}

/** So much of the fields has to be seen for them to count as seen. */
const IN_SIGHT_PX = 120;

/** Whoever chooses a block gets to its fields: on a narrow screen they stand below the phone, out of sight. */
function useFieldsInSight(choices: number, show: () => void) {
  const panelRef = useRef<HTMLElement>(null);
  const showRef = useLatest(show);
  useEffect(() => {
    if (choices === 0) return;
    showRef.current();
    const top = panelRef.current?.getBoundingClientRect().top ?? 0;
    if (top > innerHeight - IN_SIGHT_PX) panelRef.current?.scrollIntoView({ block: "nearest" });
  }, [choices, showRef]);
  return panelRef;
}

function Refusal({ problem }: { problem: Problem }): JSX.Element {
  const sentence = useProblemSentence();
  return (
    <div class="refusal" role="alert">
      <div>
        <p>{sentence(problem)}</p>
        {problem.errors.map(({ path, message }) => (
          <p key={path} class="note">
            {path}: {message}
          </p>
        ))}
      </div>
    </div>
  );
}

function SidePanel(props: {
  editing: Editing<PageBody>;
  body: PageBody;
  pageId: string;
  chosen: string | null;
  /** How often a block was chosen since the page was opened; the same one may be chosen again. */
  choices: number;
  /** How many blocks were added since the page was opened. */
  addedCount: number;
  isReadOnly: boolean;
}): JSX.Element {
  const { editing, body, pageId, chosen, choices, addedCount, isReadOnly } = props;
  const Fields = isReadOnly ? ReadOnly : Fragment;
  const words = useWords(WORDS);
  const { types } = useWords(BLOCK_WORDS);
  const [side, setSide] = useState<Side>("block");
  const block = body.blocks.find(({ id }) => id === chosen);
  const headRef = useHeadOfAdded(addedCount, side, () => setSide("block"));
  const panelRef = useFieldsInSight(choices, () => setSide("block"));
  return (
    <aside ref={panelRef} class="pb-inspector">
      <div class="segm" role="group">
        {(["block", "page", "history"] as const).map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={side === name}
            onClick={() => setSide(name)}
          >
            {words.tabs[name]}
          </button>
        ))}
      </div>
      {editing.refusal && <Refusal problem={editing.refusal} />}
      {side === "block" &&
        (block ? (
          <>
            <h2 ref={headRef} tabIndex={-1}>
              {types[block.type]}
            </h2>
            <Fields>
              <Inspector
                key={block.id}
                block={block}
                set={(changed) => editing.change(changeBlock(body, changed))}
              />
            </Fields>
          </>
        ) : (
          <p class="mute">{words.pickBlock}</p>
        ))}
      {side === "page" && (
        <Fields>
          <PageFields body={body} change={editing.change} />
        </Fields>
      )}
      {side === "history" && <History editing={editing} pageId={pageId} body={body} />}
    </aside>
  );
}

function useRemove(editing: Editing<PageBody>): (id: string) => void {
  const words = useWords(WORDS);
  const { types } = useWords(BLOCK_WORDS);
  const toast = useToast();
  const editingRef = useLatest(editing);
  const { body } = editing;
  return (id) => {
    if (body === null) return;
    const at = body.blocks.findIndex((block) => block.id === id);
    const block = body.blocks[at];
    if (!block) return;
    editing.change(removeBlock(body, id));
    const undo = (): void => {
      const { body: now, change } = editingRef.current;
      if (now) change(insertBlock(now, block, at));
    };
    toast.show({ text: words.removed(types[block.type]), undo });
  };
}

/** The block whose fields are shown, and how often one was chosen. */
function useChoice() {
  const [chosen, setChosen] = useState<string | null>(null);
  const [choices, setChoices] = useState(0);
  const choose = (id: string): void => {
    setChosen(id);
    setChoices((count) => count + 1);
  };
  return { chosen, choices, choose };
}

export function EditorPage({ params }: PageProps): JSX.Element {
  const pageId = params["pageId"] ?? "home";
  const words = useWords(WORDS);
  const { types } = useWords(BLOCK_WORDS);
  const isWriter = useConsole().may("pages.write");
  const editing = useDocument<PageBody>(pageId);
  const remove = useRemove(editing);
  const token = usePreviewToken();
  const { chosen, choices, choose } = useChoice();
  const [addedCount, setAddedCount] = useState(0);
  const { body, stored, problem } = editing;
  const made = { text: types.rich_text, entry: types.goods };
  const added = (next: { body: PageBody; id: string }): void => {
    editing.change(next.body);
    choose(next.id);
    setAddedCount(addedCount + 1);
  };
  if (problem?.code === "not_found") {
    return <MissingPage back={{ href: `${BASE}/pages`, title: words.home }} />;
  }
  const title = pageId === "home" ? words.home : (body?.title ?? pageId);
  return (
    <>
      <PageHead title={title} badge={stored && <StateBadge editing={editing} />}>
        {isWriter && (
          <Button icon="undo" disabled={!editing.canUndo} onClick={editing.undo}>
            {words.undo}
          </Button>
        )}
        {isWriter && stored && <Publishing editing={editing} pageId={pageId} token={token} />}
      </PageHead>
      <PageSwitch current={pageId} />
      {problem && <Failed problem={problem} onRetry={editing.again} />}
      {!problem && body === null && <Loading />}
      {body !== null && (
        <div class="pb">
          <BlockList
            body={body}
            chosen={chosen}
            choose={choose}
            change={editing.change}
            add={(type) => added(addBlock(body, type, chosen, made))}
            copy={(id) => added(copyBlock(body, id))}
            remove={remove}
            isReadOnly={!isWriter}
          />
          <Preview
            pageId={pageId}
            token={token}
            saves={editing.saves}
            chosen={chosen}
            choose={choose}
          />
          <SidePanel
            {...{ editing, body, pageId, chosen, choices, addedCount, isReadOnly: !isWriter }}
          />
        </div>
      )}
      <datalist id="pb-pictures">
        {PICTURES.map((path) => (
          <option key={path} value={path} />
        ))}
      </datalist>
      <ConflictDialog editing={editing} />
      {editing.state === "failed" && !editing.conflict && !editing.refusal && (
        <Badge tone="danger">{words.state.failed}</Badge>
      )}
    </>
  );
}
