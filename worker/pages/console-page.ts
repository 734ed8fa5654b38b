/** The console's page: a frame that carries who is signed in. Everything else it asks the API for. */
import type { Context } from "hono";
import type { ConsoleStart, StaffMe } from "../console/wire.ts";
import { PERMISSIONS } from "../kernel/permission.ts";
import { sessionOf } from "../members/index.ts";
import type { Env } from "../platform/env.ts";
import type { Api } from "../platform/http/api.ts";
import { localeOf } from "../platform/http/problem.ts";
import { contentSecurityPolicy, SECURITY_HEADERS } from "../platform/http/security.ts";
import { OwnApi } from "./own-api.ts";
import type { PageBase } from "./page-data.ts";
import { CONSOLE_SHELL, offlineIn, readShell } from "./shell.ts";

type PageContext = Context<{ Bindings: Env }>;

export function consolePage(
  api: Api,
  programmeOf: (env: Env, programmeId: string) => Promise<PageBase["programme"]>,
): void {
  const page = async (c: PageContext): Promise<Response> => {
    const locale = localeOf(c.req.raw);
    const shell = await readShell(c.env, c.req.raw, CONSOLE_SHELL);
    const { files, reads } = sectionOf(shell, new URL(c.req.url));
    // Asked beside who it is: the route itself refuses whoever may not read it.
    const own = new OwnApi(api, c, { locale, storeId: undefined });
    const [me, ...bodies] = await Promise.all([
      staffMe(own, c),
      ...reads.map((path) => own.part<object>(path)),
    ]);
    const start: ConsoleStart = {
      locale,
      scheme: schemeOf(c.req.raw),
      programme: await programmeOf(c.env, me?.programmeId ?? c.env.DEFAULT_PROGRAMME),
      me,
      first: reads.flatMap((path, at) => (me && bodies[at] ? [{ path, body: bodies[at] }] : [])),
      devLogin: c.env.DEV_LOGIN === "on",
    };
    const html = fill(shell, start, { files: me ? files : null, offline: offlineIn(c.env) });
    return new Response(html, {
      headers: {
        ...SECURITY_HEADERS,
        ...(c.env.SHELL_ORIGIN
          ? {}
          : { "content-security-policy": contentSecurityPolicy(new URL(c.req.url).host) }),
        "content-type": "text/html; charset=utf-8",
        "cache-control": "private, no-cache",
        vary: "cookie, accept-language",
      },
    });
  };
  api.app.get("/console", page);
  api.app.get("/console/*", page);
}

/** What the staff's own route says; a development session holds every permission. */
async function staffMe(own: OwnApi, c: PageContext): Promise<StaffMe | null> {
  const found = await own.get<StaffMe>("/api/v1/staff/me");
  if (found) return found;
  const session = sessionOf(c.req.raw, c.env.SESSION_KEYS, Date.now());
  if (c.env.DEV_LOGIN !== "on" || session?.role !== "staff") return null;
  const { memberId: staffId, programmeId } = session;
  return { staffId, name: staffId, programmeId, permissions: PERMISSIONS };
}

function schemeOf(request: Request): ConsoleStart["scheme"] {
  const found = /(?:^|;\s*)qd_scheme=(light|dark)(?:;|$)/.exec(request.headers.get("cookie") ?? "");
  return (found?.[1] as "light" | "dark" | undefined) ?? "auto";
}

interface SectionFiles {
  readonly scripts: readonly string[];
  readonly styles: readonly string[];
  /** What its first page asks the API at once. */
  readonly reads: readonly string[];
}

const SECTION_FILES = /<!--section-files (\{.*?\})-->/;

/** What the build wrote into the shell about the section of an address; nothing in development. */
function sectionOf(
  shell: string,
  { pathname, search }: URL,
): { readonly files: SectionFiles | null; readonly reads: readonly string[] } {
  const all = JSON.parse(SECTION_FILES.exec(shell)?.[1] ?? "{}") as Record<string, SectionFiles>;
  const [section = "", ...below] = pathname.slice("/console".length).split("/").filter(Boolean);
  const files = Object.hasOwn(all, section) ? (all[section] ?? null) : null;
  // What narrows or turns a list is in its address: then its page asks for something else.
  const isFirst = below.length === 0 && search === "";
  return { files, reads: isFirst ? (files?.reads ?? []) : [] };
}

/** Asked for beside the shell's own script, which would find them out only when it runs. */
function linksOf({ scripts, styles }: SectionFiles): string {
  return [
    ...scripts.map((file) => `<link rel="modulepreload" crossorigin href="${file}">`),
    ...styles.map((file) => `<link rel="stylesheet" crossorigin href="${file}">`),
  ].join("");
}

interface Dress {
  readonly files: SectionFiles | null;
  readonly offline: ReturnType<typeof offlineIn>;
}

function fill(shell: string, start: ConsoleStart, { files, offline }: Dress): string {
  const json = JSON.stringify(start).replaceAll("<", "\\u003c");
  const script = `<script type="application/json" id="console-data">${json}</script>`;
  // Functions as replacements: a `$` in a name must stay a `$`.
  return shell
    .replace(SECTION_FILES, () => (files ? linksOf(files) : ""))
    .replace("__LANG__", () => start.locale)
    .replace("__THEME__", () => start.programme.theme)
    .replace(
      '"__SCHEME__"',
      () => `"${start.scheme}"${offline ? ` data-offline="${offline}"` : ""}`,
    )
    .replace("<!--console-data-->", () => script);
}
