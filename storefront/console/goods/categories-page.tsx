import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { StaffCategoriesView } from "../../../worker/catalog/wire.ts";
import {
  Badge,
  BASE,
  Button,
  Card,
  conflictOf,
  DifferenceTable,
  Failed,
  Icon,
  IconButton,
  Loading,
  PageHead,
  useConsole,
  useLeaveGuard,
  useRead,
  useToast,
  useWords,
  type Difference,
} from "../kit/index.ts";
import {
  inOrder,
  joined,
  moved,
  nameProblem,
  restored,
  without,
  type Category,
  type Clash,
} from "./category-tree.ts";
import { GOODS } from "./words.ts";
import "./goods.css";

const PATH = "/api/v1/staff/categories";
const DEPTH_MAX = 3;

const same = (a: readonly Category[], b: readonly Category[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b);
const newId = (): string => `c-${crypto.randomUUID().slice(0, 8)}`;

export function CategoriesPage(): JSX.Element {
  const words = useWords(GOODS);
  const read = useRead<StaffCategoriesView>(PATH);
  return (
    <>
      <PageHead title={words.tree.title} back={{ href: `${BASE}/goods`, title: words.title }} />
      {read.problem && <Failed problem={read.problem} onRetry={read.again} />}
      {read.isLoading && <Loading />}
      {read.value && <Tree key="tree" stored={read.value} onStored={read.put} />}
    </>
  );
}

interface TreeProps {
  stored: StaffCategoriesView;
  onStored: (view: StaffCategoriesView) => void;
}

/** What the last save was refused for. */
interface Refusal {
  readonly sentence: string;
  /** What a colleague changed otherwise than is to be seen here. */
  readonly clashes: readonly Clash[];
}

interface EditedTree {
  readonly tree: readonly Category[];
  readonly setTree: (change: (now: readonly Category[]) => readonly Category[]) => void;
  readonly refusal: Refusal | null;
  readonly isBusy: boolean;
  readonly isDirty: boolean;
  /** A save was tried with a name that cannot stand. */
  readonly isStrict: boolean;
  readonly save: () => Promise<void>;
  readonly takeTheirs: () => void;
}

/** The tree as it is edited, and its save; two who edit it at once lose nothing of either. */
function useTree({ stored, onStored }: TreeProps): EditedTree {
  const words = useWords(GOODS);
  const { call } = useConsole();
  const toast = useToast();
  const [tree, setTree] = useState<readonly Category[]>(stored.categories);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isStrict, setStrict] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const isDirty = !same(tree, stored.categories);
  useLeaveGuard(isDirty);
  const save = async (): Promise<void> => {
    setRefusal(null);
    setStrict(true);
    if (tree.some((one) => nameProblem(tree, one))) return;
    setBusy(true);
    const categories = tree.map(({ goods: _goods, ...one }) => one);
    const { revision } = stored;
    const answer = await call<StaffCategoriesView>("PUT", PATH, { revision, categories });
    setBusy(false);
    if (answer.ok) {
      setStrict(false);
      setTree(answer.value.categories);
      onStored(answer.value);
      return toast.show({ text: words.tree.saved });
    }
    const theirs = conflictOf(answer.problem) as StaffCategoriesView | null;
    if (theirs) {
      const both = joined(stored.categories, tree, theirs.categories);
      setTree(both.tree);
      onStored(theirs);
      if (same(both.tree, theirs.categories)) return toast.show({ text: words.tree.saved });
      const sentence = both.clashes.length > 0 ? words.tree.clash : words.tree.late;
      return setRefusal({ sentence, clashes: both.clashes });
    }
    const { reason, categoryId, goods } = answer.problem.figures;
    if (reason === "category_in_use") {
      const name = stored.categories.find((one) => one.categoryId === categoryId)?.name ?? "";
      return setRefusal({ sentence: words.tree.inUse(name, Number(goods)), clashes: [] });
    }
    toast.refuse(answer.problem);
  };
  const takeTheirs = (): void => {
    const clashes = refusal?.clashes ?? [];
    const theirsOf = ({ categoryId }: Category): object =>
      Object.fromEntries(
        clashes
          .filter((clash) => clash.categoryId === categoryId)
          .map(({ of, theirs }) => [of, theirs[of]]),
      );
    setTree((now) => now.map((one) => ({ ...one, ...theirsOf(one) })));
    setRefusal(null);
    toast.show({ text: words.tree.tookTheirs, undo: () => setTree(() => tree) });
  };
  return { tree, setTree, refusal, isBusy, isDirty, isStrict, save, takeTheirs };
}

/** One line of the comparison, in words. */
function useDifference(stored: readonly Category[]): (clash: Clash) => Difference {
  const { tree: words } = useWords(GOODS);
  const nameOf = (id: string | null): string =>
    stored.find(({ categoryId }) => categoryId === id)?.name ?? words.top;
  return ({ categoryId, of, mine, theirs }) => {
    const say = (one: Category): string =>
      of === "name"
        ? one.name
        : of === "parentId"
          ? nameOf(one.parentId)
          : one.isHidden
            ? words.hidden
            : words.shown;
    const label = `${theirs.name} · ${words.fields[of]}`;
    return { path: `${categoryId} ${of}`, label, mine: say(mine), theirs: say(theirs) };
  };
}

function Tree(props: TreeProps): JSX.Element {
  const words = useWords(GOODS);
  const { may } = useConsole();
  const toast = useToast();
  const { tree, setTree, refusal, isBusy, isDirty, isStrict, save, takeTheirs } = useTree(props);
  const [added, setAdded] = useState("");
  const addRef = useRef<HTMLDivElement>(null);
  const isWriter = may("goods.write");
  const add = (parentId: string | null): void => {
    const categoryId = newId();
    setAdded(categoryId);
    setTree((now) => [...now, { categoryId, parentId, name: "", isHidden: false, goods: 0 }]);
  };
  const change = (categoryId: string, edit: Partial<Category>): void =>
    setTree((now) => now.map((one) => (one.categoryId === categoryId ? { ...one, ...edit } : one)));
  const remove = ({ categoryId, name }: Category): void => {
    setTree((now) => without(now, categoryId));
    const undo = (): void => setTree((now) => restored(now, tree));
    toast.show({ text: words.tree.removed(name), undo });
    // The button that was pressed is gone with its line.
    addRef.current?.querySelector("button")?.focus();
  };
  return (
    <Card>
      <p class="note mute">{words.tree.help}</p>
      {tree.length === 0 && <p>{words.tree.empty}</p>}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (isDirty && !isBusy) void save();
        }}
      >
        <ul class="g-tree">
          {inOrder(tree).map(({ category, depth }) => (
            <Line
              key={category.categoryId}
              category={category}
              depth={depth}
              wrong={isStrict ? nameProblem(tree, category) : null}
              isNew={category.categoryId === added}
              isWriter={isWriter}
              onChange={(edit) => change(category.categoryId, edit)}
              onMove={(step) => setTree((now) => moved(now, category.categoryId, step))}
              onRemove={() => remove(category)}
              onAdd={() => add(category.categoryId)}
            />
          ))}
        </ul>
        {refusal && <Refused {...{ refusal, takeTheirs, stored: props.stored.categories }} />}
        {isWriter && (
          <div class="g-foot" ref={addRef}>
            <Button icon="plus" onClick={() => add(null)}>
              {words.tree.add}
            </Button>
            <Button kind="primary" type="submit" busy={isBusy} disabled={!isDirty}>
              {words.tree.save}
            </Button>
          </div>
        )}
      </form>
    </Card>
  );
}

function Refused(props: {
  refusal: Refusal;
  takeTheirs: () => void;
  stored: readonly Category[];
}): JSX.Element {
  const { sentence, clashes } = props.refusal;
  const words = useWords(GOODS);
  const difference = useDifference(props.stored);
  return (
    <div class="refusal" role="alert">
      <Icon name="alert" size={18} />
      <div class="stack-1">
        <p>{sentence}</p>
        {clashes.length > 0 && (
          <>
            <DifferenceTable differences={clashes.map(difference)} />
            <div>
              <Button size="sm" onClick={props.takeTheirs}>
                {words.tree.takeTheirs}
              </Button>
            </div>
          </>
        )}
      </div>
    </div>
  );
}

function Line(props: {
  category: Category;
  depth: number;
  wrong: "missing" | "twice" | null;
  /** Just added: whoever added it types its name now. */
  isNew: boolean;
  isWriter: boolean;
  onChange: (edit: Partial<Category>) => void;
  onMove: (step: -1 | 1) => void;
  onRemove: () => void;
  onAdd: () => void;
}): JSX.Element {
  const { category, depth, wrong, isNew, isWriter, onChange, onMove, onRemove, onAdd } = props;
  const { tree } = useWords(GOODS);
  const { categoryId, name, isHidden, goods } = category;
  const nameRef = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (isNew) nameRef.current?.focus();
  }, [isNew]);
  return (
    <li style={{ paddingLeft: `${depth * 28}px` }}>
      <input
        ref={nameRef}
        class="in"
        aria-label={tree.name}
        aria-invalid={wrong !== null}
        {...(wrong === null ? {} : { "aria-describedby": `wrong-${categoryId}` })}
        value={name}
        maxLength={30}
        disabled={!isWriter}
        onInput={(event) => onChange({ name: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
          event.preventDefault();
          onMove(event.key === "ArrowUp" ? -1 : 1);
        }}
      />
      {wrong !== null && (
        <span class="help error" id={`wrong-${categoryId}`}>
          {tree.wrong[wrong]}
        </span>
      )}
      <span class="note mute num">{tree.goods(goods)}</span>
      {isHidden && <Badge tone="warn">{tree.hidden}</Badge>}
      {isWriter && (
        <>
          <IconButton icon="up" name={`${tree.up} ${name}`} onClick={() => onMove(-1)} />
          <IconButton icon="down" name={`${tree.down} ${name}`} onClick={() => onMove(1)} />
          {depth < DEPTH_MAX - 1 && (
            <IconButton icon="plus" name={`${tree.addBelow} ${name}`} onClick={onAdd} />
          )}
          <IconButton
            icon="eye"
            name={`${isHidden ? tree.show : tree.hide} ${name}`}
            pressed={isHidden}
            onClick={() => onChange({ isHidden: !isHidden })}
          />
          {goods === 0 && (
            <IconButton icon="trash" name={`${tree.remove} ${name}`} onClick={onRemove} />
          )}
        </>
      )}
    </li>
  );
}
