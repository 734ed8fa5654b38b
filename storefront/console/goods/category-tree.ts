/** The tree of categories as a flat list: order, moves, and two people who change it at once. Pure. */
import type { StaffCategoriesView } from "../../../worker/catalog/wire.ts";

export type Category = StaffCategoriesView["categories"][number];

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

/** What is wrong with a category's name: it has none, or a neighbour is called the same. */
export function nameProblem(
  tree: readonly Category[],
  { categoryId, parentId, name }: Category,
): "missing" | "twice" | null {
  const own = name.trim();
  if (own === "") return "missing";
  const isTwice = tree.some(
    (one) => one.categoryId !== categoryId && one.parentId === parentId && one.name.trim() === own,
  );
  return isTwice ? "twice" : null;
}

const OWN = ["name", "isHidden", "parentId"] as const;

/** A category that two people changed to two things. */
export interface Clash {
  readonly categoryId: string;
  readonly of: (typeof OWN)[number];
  readonly mine: Category;
  readonly theirs: Category;
}

const byId = (tree: readonly Category[]): ReadonlyMap<string, Category> =>
  new Map(tree.map((one) => [one.categoryId, one]));

/** Whether what stands in both trees stands in the same order. */
function isReordered(before: readonly Category[], now: readonly Category[]): boolean {
  const [old, here] = [byId(before), byId(now)];
  const common = (tree: readonly Category[]): string =>
    tree
      .map(({ categoryId }) => categoryId)
      .filter((id) => old.has(id) && here.has(id))
      .join(" ");
  return common(before) !== common(now);
}

/**
 * Two changes of the same tree in one: what only one person changed is as they changed it. Where both did, mine stands and the clash is
 * named. What one removed is gone, unless the other changed it.
 */
export function joined(
  base: readonly Category[],
  mine: readonly Category[],
  theirs: readonly Category[],
): { tree: Category[]; clashes: Clash[] } {
  const [old, own, other] = [byId(base), byId(mine), byId(theirs)];
  const isSame = (a: Category, b: Category): boolean => OWN.every((name) => a[name] === b[name]);
  const isKept = ({ categoryId }: Category): boolean => {
    const [before, here, there] = [old, own, other].map((tree) => tree.get(categoryId));
    if (!before || (here && there)) return true;
    const left = here ?? there;
    return left !== undefined && !isSame(before, left);
  };
  const isTheirOrder = isReordered(base, theirs) && !isReordered(base, mine);
  const [order, rest] = isTheirOrder ? [theirs, mine] : [mine, theirs];
  const all = restored(order.filter(isKept), rest.filter(isKept));
  const known = new Set(all.map(({ categoryId }) => categoryId));
  const clashes: Clash[] = [];
  const tree = all.map(({ categoryId }): Category => {
    const [before, here, there] = [old, own, other].map((one) => one.get(categoryId));
    const merged = { ...(here ?? there ?? before) } as Category;
    if (here && there) {
      merged.goods = there.goods;
      for (const of of OWN) {
        if (before && here[of] === before[of]) Object.assign(merged, { [of]: there[of] });
        else if (here[of] !== there[of] && (!before || there[of] !== before[of]))
          clashes.push({ categoryId, of, mine: here, theirs: there });
      }
    }
    const { parentId } = merged;
    // What hung below a category that is gone comes to the top, where somebody sees it.
    return parentId !== null && !known.has(parentId) ? { ...merged, parentId: null } : merged;
  });
  return { tree, clashes };
}
