import type { Env } from "../platform/env.ts";
import type { PageData, RenderedPage } from "./page-data.ts";

const SHELL_PATH = "/shell.html";
/** The sale page's own, with its own entry. */
const SALE_SHELL_PATH = "/sale-shell.html";
export const CONSOLE_SHELL = "/console/index.html";

/** Shells are templates; only pages made from them are anybody's. */
export const isShell = (path: string): boolean => path === SHELL_PATH || path === SALE_SHELL_PATH;

/** The built shells of this isolate; in development they are read anew, so that edits show. */
const built = new Map<string, string>();

export async function readShell(env: Env, request: Request, path: string): Promise<string> {
  if (env.SHELL_ORIGIN) {
    const response = await fetch(new URL(path, env.SHELL_ORIGIN));
    return response.text();
  }
  const known = built.get(path);
  if (known !== undefined) return known;
  const response = await env.ASSETS.fetch(new Request(new URL(path, request.url)));
  if (!response.ok) throw new Error(`the page shell ${path} is missing: ${response.status}`);
  const shell = await response.text();
  built.set(path, shell);
  return shell;
}

/** Whether browsers may keep pages; null: those of the development server, which nobody keeps. */
export function offlineIn({ SHELL_ORIGIN, OFFLINE }: Env): "on" | "off" | null {
  if (SHELL_ORIGIN) return null;
  return OFFLINE === "off" ? "off" : "on";
}

/** What a merchant's theme and a member's own settings make of the shell. */
export interface Dress {
  /** Made from checked colours, never text from outside. */
  readonly css: string;
  readonly scheme: "light" | "dark" | null;
  readonly isLarge: boolean;
  /** Origins that may have the page in a frame; checked when staff saved them. */
  readonly frames: readonly string[];
  readonly offline: ReturnType<typeof offlineIn>;
  /** Inside WeChat, in a mall that has an app there: its script may be asked for. */
  readonly usesWechat: boolean;
}

/** Puts a rendered page and its data into the shell. */
export async function fillShell(
  env: Env,
  request: Request,
  data: PageData,
  rendered: RenderedPage & { readonly above: string },
  dress: Dress,
): Promise<string> {
  const isSale = data.page === "sale";
  const shell = await readShell(env, request, isSale ? SALE_SHELL_PATH : SHELL_PATH);
  const origin = new URL(request.url).origin;
  const head = [
    firstPicture(rendered.html),
    `<title>${escapeHtml(rendered.title)}</title>`,
    `<meta name="description" content="${escapeHtml(rendered.description)}">`,
    `<meta property="og:title" content="${escapeHtml(rendered.title)}">`,
    `<meta property="og:description" content="${escapeHtml(rendered.description)}">`,
    rendered.sharePicture === null
      ? ""
      : `<meta property="og:image" content="${escapeHtml(new URL(rendered.sharePicture, origin).href)}">`,
    // Ours, from the build: nothing in it came from outside.
    rendered.css === "" ? "" : `<style>${rendered.css}</style>`,
    dress.css === "" ? "" : `<style id="dress">${dress.css}</style>`,
  ].join("");
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  const script = `<script type="application/json" id="page-data">${json}</script>`;
  const attributes = [
    `"${data.programme.theme}"`,
    dress.scheme === null ? "" : ` data-scheme="${dress.scheme}"`,
    dress.isLarge ? ' data-text="large"' : "",
    dress.offline === null ? "" : ` data-offline="${dress.offline}"`,
    dress.usesWechat ? ' data-wechat="1"' : "",
    dress.frames.length === 0 ? "" : ` data-frames="${escapeHtml(dress.frames.join(" "))}"`,
  ].join("");
  // Functions as replacements: a `$` in a title must stay a `$`.
  return shell
    .replace("__LANG__", () => data.locale)
    .replace('"__THEME__"', () => attributes)
    .replace("<!--page-head-->", () => head)
    .replace(PAGE_SCRIPTS, (_all, named: string) => preloads(named, data))
    .replace("<!--page-above-->", () => rendered.above)
    .replace("<!--page-body-->", () => rendered.html)
    .replace("<!--page-data-->", () => script);
}

const FIRST_PICTURE = /<img\b[^>]*\sfetchpriority="high"[^>]*>/;

/**
 * The picture above the fold, named before any script: a browser that speaks HTTP/1.1 has six lines to a server, and scripts would
 * take them all. With sizes to choose from there is no `href`, so that engines which know none do not fetch two.
 */
function firstPicture(html: string): string {
  const image = FIRST_PICTURE.exec(html)?.[0];
  if (image === undefined) return "";
  const of = (name: string): string | undefined =>
    new RegExp(`\\s${name}="([^"]*)"`).exec(image)?.[1];
  const srcset = of("srcset");
  const source =
    srcset === undefined
      ? `href="${of("src") ?? ""}"`
      : `imagesrcset="${srcset}" imagesizes="${of("sizes") ?? ""}"`;
  return `<link rel="preload" as="image" fetchpriority="high" ${source}>`;
}

/** `{"": files of every page, "<page>": its own, "en": words}`, by the build; in development nothing is named. */
const PAGE_SCRIPTS = /<!--page-scripts (\{.*?\})-->/;

/** A page's scripts, asked for with its first HTML and not one after the other, each by the one before it. */
function preloads(named: string, { page, locale }: PageData): string {
  const files = JSON.parse(named) as Readonly<Record<string, readonly string[]>>;
  return ["", page, ...(locale === "en" ? ["en"] : [])]
    .flatMap((name) => files[name] ?? [])
    .map((file) => `<link rel="modulepreload" crossorigin href="${file}">`)
    .join("");
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
