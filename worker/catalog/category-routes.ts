/** The tree of categories, saved whole. */
import { z } from "@hono/zod-openapi";
import { LIMITS } from "../kernel/limits.ts";
import { json, type Api } from "../platform/http/api.ts";
import { saveCategories, staffCategories, treeProblems } from "./categories.ts";
import { forgetVersion } from "./edge-cache.ts";
import { GOODS_PROBLEMS } from "./staff-goods-routes.ts";
import { categoryDraftSchema, staffCategoriesSchema } from "./wire.ts";

export function staffCategoryRoutes(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/categories",
      access: "staff",
      permission: "goods.read",
      tag: "Catalogue",
      summary: "Every category with the number of its goods",
      responses: { 200: { description: "A flat tree", schema: staffCategoriesSchema } },
      problems: GOODS_PROBLEMS,
    },
    async ({ env, session }) => json(await staffCategories(env.DB, session.programmeId)),
  );
  api.route(
    {
      method: "put",
      path: "/api/v1/staff/categories",
      access: "staff",
      permission: "goods.write",
      tag: "Catalogue",
      summary: "Replaces the tree; the order is that of the list. A category with goods cannot go",
      body: z
        .object({
          revision: z.int().min(0).max(1_000_000_000),
          categories: z.array(categoryDraftSchema).max(LIMITS.categoriesMax),
        })
        .openapi("CategoryTree"),
      bodyBytesMax: LIMITS.documentBytesMax,
      responses: { 200: { description: "The tree after it", schema: staffCategoriesSchema } },
      problems: GOODS_PROBLEMS,
    },
    async ({ env, session, body, problem }) => {
      const { programmeId } = session;
      const errors = treeProblems(body.categories);
      if (errors.length > 0) return problem("invalid", { errors });
      const current = await staffCategories(env.DB, programmeId);
      if (current.revision !== body.revision)
        return problem("conflict", { reason: "changed_meanwhile", current });
      const kept = new Set(body.categories.map(({ categoryId }) => categoryId));
      const lost = current.categories.find(
        ({ categoryId, goods }) => goods > 0 && !kept.has(categoryId),
      );
      if (lost) {
        const { categoryId, goods } = lost;
        return problem("conflict", { reason: "category_in_use", categoryId, goods });
      }
      const saved = await saveCategories(env.DB, programmeId, body.revision, body.categories);
      forgetVersion(programmeId);
      const now = await staffCategories(env.DB, programmeId);
      return saved === "saved"
        ? json(now)
        : problem("conflict", { reason: "changed_meanwhile", current: now });
    },
  );
}
