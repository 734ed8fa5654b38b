/** The tree of categories: read by everybody, saved whole by staff. */
import { LIMITS } from "../kernel/limits.ts";
import type { FieldProblem } from "./model.ts";
import type { CategoryDraft, StaffCategoriesView } from "./wire.ts";

const DEPTH_MAX = 3;

export interface Category {
  readonly categoryId: string;
  readonly parentId: string | null;
  readonly name: string;
  readonly isHidden: boolean;
}

type Row = Record<string, unknown>;

export async function loadCategories(db: D1Database, programmeId: string): Promise<Category[]> {
  const { results } = await db
    .prepare(
      `SELECT category_id, parent_id, name, is_hidden FROM categories WHERE programme_id = ?
       ORDER BY position, category_id LIMIT ?`,
    )
    .bind(programmeId, LIMITS.categoriesMax)
    .all<Row>();
  return results.map((row) => ({
    categoryId: String(row["category_id"]),
    parentId: row["parent_id"] === null ? null : String(row["parent_id"]),
    name: String(row["name"]),
    isHidden: row["is_hidden"] === 1,
  }));
}

/** A category and everything below it. Empty: there is none of this id, or nobody may see it. */
export function branchOf(
  all: readonly Category[],
  categoryId: string,
  seesHidden: boolean,
): string[] {
  const shown = seesHidden ? all : visibleOf(all);
  if (!shown.some((one) => one.categoryId === categoryId)) return [];
  const branch = [categoryId];
  for (let at = 0; at < branch.length; at += 1) {
    for (const one of shown) if (one.parentId === branch[at]) branch.push(one.categoryId);
  }
  return branch;
}

/** Without what is hidden, and what hangs below it. */
export function visibleOf(all: readonly Category[]): Category[] {
  const hidden = new Set<string>();
  for (let turn = 0; turn < DEPTH_MAX; turn += 1) {
    for (const one of all) {
      if (one.isHidden || (one.parentId !== null && hidden.has(one.parentId)))
        hidden.add(one.categoryId);
    }
  }
  return all.filter(({ categoryId }) => !hidden.has(categoryId));
}

/** What is wrong with a tree; empty: nothing. */
export function treeProblems(tree: readonly CategoryDraft[]): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const byId = new Map(tree.map((one) => [one.categoryId, one]));
  const names = new Set<string>();
  tree.forEach((one, at) => {
    const path = `categories.${at}`;
    if (byId.get(one.categoryId) !== one)
      problems.push({ path: `${path}.categoryId`, message: "an id stands twice" });
    const key = `${one.parentId ?? ""}/${one.name}`;
    if (names.has(key))
      problems.push({ path: `${path}.name`, message: "a name stands twice on one level" });
    names.add(key);
    let depth = 1;
    for (let up = one.parentId; up !== null; up = byId.get(up)?.parentId ?? null) {
      if (!byId.has(up)) {
        problems.push({ path: `${path}.parentId`, message: "no such category" });
        break;
      }
      depth += 1;
      if (depth > DEPTH_MAX) {
        problems.push({ path: `${path}.parentId`, message: `${DEPTH_MAX} levels at most` });
        break;
      }
    }
  });
  return problems;
}

export async function staffCategories(
  db: D1Database,
  programmeId: string,
): Promise<StaffCategoriesView> {
  const [all, revision, counts] = await Promise.all([
    loadCategories(db, programmeId),
    db
      .prepare("SELECT categories_revision AS revision FROM catalogues WHERE programme_id = ?")
      .bind(programmeId)
      .first<{ revision: number }>(),
    db
      .prepare(
        "SELECT category_id AS id, COUNT(*) AS n FROM goods WHERE programme_id = ? AND category_id IS NOT NULL GROUP BY category_id",
      )
      .bind(programmeId)
      .all<{ id: string; n: number }>(),
  ]);
  const goodsIn = new Map(counts.results.map(({ id, n }) => [id, n]));
  return {
    revision: revision?.revision ?? 0,
    categories: all.map((one) => ({ ...one, goods: goodsIn.get(one.categoryId) ?? 0 })),
  };
}

/** Replaces the tree, if nobody saved one in between. */
export async function saveCategories(
  db: D1Database,
  programmeId: string,
  revision: number,
  tree: readonly CategoryDraft[],
): Promise<"saved" | "late"> {
  const stamp = crypto.randomUUID();
  const rows = tree.map((one, position) => ({ ...one, position, isHidden: one.isHidden ? 1 : 0 }));
  const IF_SAVED = "EXISTS (SELECT 1 FROM catalogues WHERE programme_id = ?1 AND stamp = ?2)";
  const [first] = await db.batch([
    db
      .prepare(
        `INSERT INTO catalogues (programme_id, version, categories_revision, stamp)
         SELECT ?1, 1, 1, ?2 WHERE ?3 = 0 OR EXISTS (SELECT 1 FROM catalogues WHERE programme_id = ?1)
         ON CONFLICT (programme_id) DO UPDATE SET version = version + 1,
           categories_revision = categories_revision + 1, stamp = ?2 WHERE categories_revision = ?3`,
      )
      .bind(programmeId, stamp, revision),
    db
      .prepare(`DELETE FROM categories WHERE programme_id = ?1 AND ${IF_SAVED}`)
      .bind(programmeId, stamp),
    db
      .prepare(
        `INSERT INTO categories (programme_id, category_id, parent_id, name, position, is_hidden)
         SELECT ?1, value ->> '$.categoryId', value ->> '$.parentId', value ->> '$.name', value ->> '$.position',
           value ->> '$.isHidden' FROM json_each(?3) WHERE ${IF_SAVED}`,
      )
      .bind(programmeId, stamp, JSON.stringify(rows)),
  ]);
  return (first?.meta.changes ?? 0) > 0 ? "saved" : "late";
}
