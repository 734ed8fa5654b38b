import { z } from "@hono/zod-openapi";
import { ringOf } from "../members/index.ts";
import { LIMITS } from "../kernel/limits.ts";
import { tellOpenPages } from "../open-pages/index.ts";
import { json, type Api, type ProblemMaker } from "../platform/http/api.ts";
import { HOME, LOOK, PAGE_ID_PATTERN } from "./document.ts";
import { deriveTheme, PRESET_COLORS, themeCss, themeWord } from "./theme.ts";
import { checkSchema, headSchema, LOOK_PATH, lookViewSchema, versionSchema } from "./wire.ts";
import { PageDesk, type Decided } from "./desk.ts";
import { lookOf, PREVIEW_MS, signPreview } from "./shown.ts";

const PAGES = "/api/v1/staff/pages";
const params = z.object({
  pageId: z
    .string()
    .regex(PAGE_ID_PATTERN, "lower-case letters, digits and inner hyphens, 32 at most")
    .describe(`\`${HOME}\`, a page at /p/<id>, or \`${LOOK}\`: name, logo, theme and rules`),
});
const versionParams = params.extend({ version: z.coerce.number().int().min(1) });
const revision = z.int().min(0).describe("The revision this change was made from.");
const document = { 200: { description: "The document after it", schema: headSchema } };
const PROBLEMS = ["not_found", "conflict"] as const;
const common = { access: "staff", tag: "Pages", problems: PROBLEMS } as const;
const reads = { ...common, permission: "pages.read" } as const;
const writes = { ...common, permission: "pages.write" } as const;

function answer(decided: Decided, problem: ProblemMaker): Response {
  if (decided.ok) return json(decided.view);
  const { code, figures } = decided;
  return problem(code, figures);
}

/** Pages and their look: drafts, publication, history. */
export function pageBuilderRoutes(api: Api): void {
  lookRoute(api);
  readRoutes(api);
  draftRoutes(api);
  publicationRoutes(api);
  toolRoutes(api);
}

function lookRoute(api: Api): void {
  api.route(
    {
      ...{ method: "get", path: LOOK_PATH, access: "public", tag: "Pages" },
      summary: "Name, theme and colours that the pages of the mall wear now",
      responses: { 200: { description: "The look", schema: lookViewSchema } },
    },
    async ({ env, session, nowMs }) => {
      const programmeId = session?.programmeId ?? env.DEFAULT_PROGRAMME;
      const { name, theme, corners } = await lookOf(env, { programmeId, isPreview: false }, nowMs);
      return json({ name, theme: themeWord(theme), css: themeCss(theme, corners) });
    },
  );
}

function readRoutes(api: Api): void {
  api.route(
    {
      ...reads,
      ...{ method: "get", path: PAGES, summary: "All pages of the mall, and its look" },
      responses: {
        200: { description: "By id", schema: z.object({ pages: z.array(headSchema) }) },
      },
    },
    async (call) => json({ pages: await new PageDesk(call).list() }),
  );
  api.route(
    {
      ...reads,
      ...{ method: "get", path: `${PAGES}/{pageId}`, params },
      summary: "A page with its draft and its versions, newest first",
      responses: {
        200: {
          description: "Draft, shown content and history",
          schema: headSchema.extend({ versions: z.array(versionSchema) }),
        },
      },
    },
    async (call) => {
      const whole = await new PageDesk(call).whole(call.params.pageId);
      return whole === null ? call.problem("not_found") : json(whole);
    },
  );
  api.route(
    {
      ...reads,
      ...{ method: "get", path: `${PAGES}/{pageId}/versions/{version}`, params: versionParams },
      summary: "One version of a page",
      responses: {
        200: {
          description: "As it was published",
          schema: z.object({ version: z.int(), body: z.record(z.string(), z.unknown()) }),
        },
      },
    },
    async (call) => {
      const { pageId, version } = call.params;
      const body = await new PageDesk(call).version(pageId, version);
      return body === undefined ? call.problem("not_found") : json({ version, body });
    },
  );
}

function draftRoutes(api: Api): void {
  api.route(
    {
      ...writes,
      ...{ method: "put", path: `${PAGES}/{pageId}/draft`, params },
      summary: "Saves the draft of a page; 409 when somebody saved since `revision`",
      body: z
        .object({
          revision,
          body: z
            .record(z.string().max(32), z.unknown())
            .describe("Blocks of a page, or the look; docs/pages.md lists the fields."),
        })
        .openapi("PageDraft"),
      responses: document,
    },
    async (call) => {
      const { revision: seen, body } = call.body;
      return answer(await new PageDesk(call).save(call.params.pageId, seen, body), call.problem);
    },
  );
  api.route(
    {
      ...reads,
      ...{ method: "post", path: "/api/v1/staff/page-previews" },
      summary: "Makes a link that shows the drafts to whoever has it, for two hours",
      responses: {
        200: {
          description: "Put it behind `?preview=`",
          schema: z.object({ token: z.string(), expiresAtMs: z.int() }),
        },
      },
    },
    ({ env, session, nowMs, audit }) => {
      // The editor asks for one each time that it is opened: the log would be of nothing else.
      audit({ isLook: true });
      return json({
        token: signPreview(ringOf(env.SESSION_KEYS), session.programmeId, nowMs),
        expiresAtMs: nowMs + PREVIEW_MS,
      });
    },
  );
}

function publicationRoutes(api: Api): void {
  api.route(
    {
      ...writes,
      ...{ method: "post", path: `${PAGES}/{pageId}/publish`, params },
      summary: "Publishes the draft, or an earlier version, now or at a moment to come",
      body: z
        .object({
          revision,
          atMs: z.int().min(0).max(LIMITS.timeMsMax).nullable().default(null),
          version: z.int().min(1).optional().describe("An earlier one, instead of the draft."),
        })
        .openapi("PagePublication"),
      responses: document,
    },
    async (call) => {
      const { revision: seen, ...what } = call.body;
      const decided = await new PageDesk(call).publish(call.params.pageId, seen, what);
      if (decided.ok && what.atMs !== null && what.atMs > call.nowMs) {
        call.ctx.waitUntil(tellOpenPages(call.env, call.session.programmeId, { atMs: what.atMs }));
      }
      return answer(decided, call.problem);
    },
  );
  api.route(
    {
      ...writes,
      ...{ method: "post", path: `${PAGES}/{pageId}/unschedule`, params },
      summary: "Takes back a publication that is still to come",
      body: z.object({ revision }).openapi("PageUnscheduling"),
      responses: document,
    },
    async (call) =>
      answer(
        await new PageDesk(call).decide(call.params.pageId, call.body.revision, {
          kind: "unschedule",
        }),
        call.problem,
      ),
  );
  api.route(
    {
      ...writes,
      ...{ method: "post", path: `${PAGES}/{pageId}/roll-back`, params },
      summary: "Publishes the content of an earlier version again, as a new one",
      body: z
        .object({
          revision,
          version: z.int().min(0).describe("0: as before anything was published."),
          keepsDraft: z
            .boolean()
            .default(false)
            .describe("The draft stays as it is; else it becomes what is shown again."),
        })
        .openapi("PageRollBack"),
      responses: document,
    },
    async (call) => {
      const { revision: seen, ...to } = call.body;
      const decided = await new PageDesk(call).rollBack(call.params.pageId, seen, to);
      return answer(decided, call.problem);
    },
  );
}

function toolRoutes(api: Api): void {
  api.route(
    {
      ...reads,
      ...{ method: "get", path: "/api/v1/staff/theme/contrast" },
      summary: "What a theme colour becomes, each pair measured by WCAG and corrected",
      query: z.object({
        color: z
          .string()
          .regex(/^(?:#[0-9a-f]{6}|cinnabar|tea|bank|market)$/, "#rrggbb")
          .default("cinnabar"),
      }),
      responses: {
        200: {
          description: "Tokens of both schemes and their checks",
          schema: z.object({
            light: z.record(z.string(), z.string()),
            dark: z.record(z.string(), z.string()),
            checks: z.array(checkSchema),
          }),
        },
      },
    },
    ({ query }) => {
      const { color } = query;
      const isPreset = color in PRESET_COLORS;
      return json(deriveTheme(isPreset ? PRESET_COLORS[color as "tea"] : color));
    },
  );
}
