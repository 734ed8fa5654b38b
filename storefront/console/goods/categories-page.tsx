import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { StaffCategoriesView } from "../../../worker/catalog/wire.ts";
import {
  Badge,
  BASE,
  Button,
  Card,
  conflictOf,
  Failed,
  IconButton,
  Loading,
  PageHead,
  useConsole,
  useRead,
  useToast,
  useWords,
} from "../kit/index.ts";
import { GOODS } from "./words.ts";
import "./goods.css";

type Category = StaffCategoriesView["categories"][number];
const PATH = "/api/v1/staff/categories";
const DEPTH_MAX = 3;

const newId = (): string => `c-${crypto.randomUUID().slice(0, 8)}`;

/** The tree in the order in which it is read: each category before what lies below it. */
export function inOrder(tree: readonly Category[]): { category: Category; depth: number }[] {
  const below = (parentId: string | null, depth: number): { category: Category; depth: number }[] =>
    tree
      .filter((one) => one.parentId === parentId)
      .flatMap((category) => [{ category, depth }, ...below(category.categoryId, depth + 1)]);
  return below(null, 0);
}

/** Swaps a category with the neighbour on its own level. */
export function moved(tree: readonly Category[], categoryId: string, step: -1 | 1): Category[] {
  const own = tree.find((one) => one.categoryId === categoryId);
  const level = tree.filter((one) => one.parentId === own?.parentId);
  const other = level[level.findIndex((one) => one.categoryId === categoryId) + step];
  if (!own || !other) return [...tree];
  return tree.map((one) => (one === own ? other : one === other ? own : one));
}

/** Without a category and what lies below it. */
export function without(tree: readonly Category[], categoryId: string): Category[] {
  const gone = new Set([categoryId]);
  for (const { category } of inOrder(tree)) {
    if (category.parentId !== null && gone.has(category.parentId)) gone.add(category.categoryId);
  }
  return tree.filter((one) => !gone.has(one.categoryId));
}

/** With what stood in an earlier tree and is gone, in its old place; everything else as it is now. */
export function restored(now: readonly Category[], before: readonly Category[]): Category[] {
  const kept = new Set(now.map(({ categoryId }) => categoryId));
  const tree = [...now];
  for (const [at, one] of before.entries()) if (!kept.has(one.categoryId)) tree.splice(at, 0, one);
  return tree;
}

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

/** The tree as it is edited, and its save; a colleague's save in between loses nobody's work. */
function useTree({ stored, onStored }: TreeProps) {
  const words = useWords(GOODS);
  const { call } = useConsole();
  const toast = useToast();
  const [tree, setTree] = useState<readonly Category[]>(stored.categories);
  const [revision, setRevision] = useState(stored.revision);
  const [isBusy, setBusy] = useState(false);
  const [note, setNote] = useState("");
  useEffect(() => setRevision(stored.revision), [stored.revision]);
  const isDirty = JSON.stringify(tree) !== JSON.stringify(stored.categories);
  const save = async (): Promise<void> => {
    setBusy(true);
    setNote("");
    const categories = tree.map(({ goods: _goods, ...one }) => one);
    const answer = await call<StaffCategoriesView>("PUT", PATH, { revision, categories });
    setBusy(false);
    if (answer.ok) {
      setTree(answer.value.categories);
      onStored(answer.value);
      return toast.show({ text: words.tree.saved });
    }
    const theirs = conflictOf(answer.problem) as StaffCategoriesView | null;
    if (theirs) {
      // What a colleague added stays, what stands here wins: one more save keeps both.
      const mine = new Set(tree.map(({ categoryId }) => categoryId));
      setTree([...tree, ...theirs.categories.filter(({ categoryId }) => !mine.has(categoryId))]);
      setRevision(theirs.revision);
      return setNote(words.tree.late);
    }
    const { reason, categoryId, goods } = answer.problem.figures;
    if (reason === "category_in_use") {
      const name = stored.categories.find((one) => one.categoryId === categoryId)?.name ?? "";
      return setNote(words.tree.inUse(name, Number(goods)));
    }
    toast.refuse(answer.problem);
  };
  return { tree, setTree, note, isBusy, isDirty, save };
}

function Tree(props: TreeProps): JSX.Element {
  const words = useWords(GOODS);
  const { may } = useConsole();
  const toast = useToast();
  const { tree, setTree, note, isBusy, isDirty, save } = useTree(props);
  const isWriter = may("goods.write");
  const add = (parentId: string | null): void =>
    setTree([...tree, { categoryId: newId(), parentId, name: "", isHidden: false, goods: 0 }]);
  const change = (categoryId: string, edit: Partial<Category>): void =>
    setTree(tree.map((one) => (one.categoryId === categoryId ? { ...one, ...edit } : one)));
  const remove = ({ categoryId, name }: Category): void => {
    setTree(without(tree, categoryId));
    const undo = (): void => setTree((now) => restored(now, tree));
    toast.show({ text: words.tree.removed(name), undo });
  };
  return (
    <Card>
      <p class="note mute">{words.tree.help}</p>
      {tree.length === 0 && <p>{words.tree.empty}</p>}
      <ul class="g-tree">
        {inOrder(tree).map(({ category, depth }) => (
          <Line
            key={category.categoryId}
            category={category}
            depth={depth}
            isWriter={isWriter}
            onChange={(edit) => change(category.categoryId, edit)}
            onMove={(step) => setTree(moved(tree, category.categoryId, step))}
            onRemove={() => remove(category)}
            onAdd={() => add(category.categoryId)}
          />
        ))}
      </ul>
      {note !== "" && (
        <p class="refusal" role="alert">
          {note}
        </p>
      )}
      {isWriter && (
        <div class="g-foot">
          <Button icon="plus" onClick={() => add(null)}>
            {words.tree.add}
          </Button>
          <Button kind="primary" busy={isBusy} disabled={!isDirty} onClick={() => void save()}>
            {words.tree.save}
          </Button>
        </div>
      )}
    </Card>
  );
}

function Line(props: {
  category: Category;
  depth: number;
  isWriter: boolean;
  onChange: (edit: Partial<Category>) => void;
  onMove: (step: -1 | 1) => void;
  onRemove: () => void;
  onAdd: () => void;
}): JSX.Element {
  const { category, depth, isWriter, onChange, onMove, onRemove, onAdd } = props;
  const { tree } = useWords(GOODS);
  const { name, isHidden, goods } = category;
  return (
    <li style={{ paddingLeft: `${depth * 28}px` }}>
      <input
        class="in"
        aria-label={tree.name}
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
