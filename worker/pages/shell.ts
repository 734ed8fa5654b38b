import type { Env } from "../platform/env.ts";
import type { PageData, RenderedPage } from "./page-data.ts";

const SHELL_PATH = "/shell.html";

/** The built shell of this isolate; in development it is read anew, so that edits show. */
let builtShell: string | null = null;

async function readShell(env: Env, request: Request): Promise<string> {
  if (env.SHELL_ORIGIN) {
    const response = await fetch(new URL(SHELL_PATH, env.SHELL_ORIGIN));
    return response.text();
  }
  if (builtShell === null) {
    const response = await env.ASSETS.fetch(new Request(new URL(SHELL_PATH, request.url)));
    if (!response.ok) throw new Error(`the page shell is missing: ${response.status}`);
    builtShell = await response.text();
  }
  return builtShell;
}

/** Puts a rendered page and its data into the shell. */
export async function fillShell(
  env: Env,
  request: Request,
  data: PageData,
  rendered: RenderedPage,
): Promise<string> {
  const shell = await readShell(env, request);
  const origin = new URL(request.url).origin;
  const head = [
    `<title>${escapeHtml(rendered.title)}</title>`,
    `<meta name="description" content="${escapeHtml(rendered.description)}">`,
    `<meta property="og:title" content="${escapeHtml(rendered.title)}">`,
    `<meta property="og:description" content="${escapeHtml(rendered.description)}">`,
    rendered.sharePicture === null
      ? ""
      : `<meta property="og:image" content="${escapeHtml(new URL(rendered.sharePicture, origin).href)}">`,
    // Ours, from the build: nothing in it came from outside.
    rendered.css === "" ? "" : `<style>${rendered.css}</style>`,
  ].join("");
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  const script = `<script type="application/json" id="page-data">${json}</script>`;
  // Functions as replacements: a `$` in a title must stay a `$`.
  return shell
    .replace("__LANG__", () => data.locale)
    .replace("__THEME__", () => data.programme.theme)
    .replace("<!--page-head-->", () => head)
    .replace("<!--page-body-->", () => rendered.html)
    .replace("<!--page-data-->", () => script);
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
