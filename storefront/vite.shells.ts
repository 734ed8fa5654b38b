/** What the build writes into the shells, so that a page asks at once for all that it needs, and its first paint for nothing. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin, Rollup } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export const SHELLS = { entry: "shell.html", sale: "sale-shell.html" } as const;
/** Where the table of pages and their scripts stands. */
const PAGES = "member/pages.ts";
const ENGLISH = "locales/en.ts";

type Bundle = Rollup.OutputBundle;

function shellOf(bundle: Bundle, name: string): Rollup.OutputAsset {
  const shell = bundle[name];
  if (shell?.type !== "asset") throw new Error(`The build wrote no ${name}.`);
  return shell;
}

/** The links to the entry's sheets become the sheets. Runs after Vite has written the page. */
export function inlineEntryCss(): Plugin {
  return {
    name: "inline-entry-css",
    apply: "build",
    enforce: "post",
    generateBundle(_options, bundle) {
      const used = new Set<string>();
      for (const name of Object.values(SHELLS)) {
        const shell = shellOf(bundle, name);
        let found = 0;
        shell.source = String(shell.source).replace(
          /<link\b[^>]*rel="stylesheet"[^>]*href="\/([^"]+)"[^>]*>/g,
          (link: string, file: string) => {
            const sheet = bundle[file];
            if (sheet?.type !== "asset") return link;
            used.add(file);
            found += 1;
            return `<style>${String(sheet.source).trim()}</style>`;
          },
        );
        if (found === 0) throw new Error(`${name} links no stylesheet to inline.`);
      }
      for (const file of used) delete bundle[file];
    },
  };
}

/** The table's lines as [page, module]: `home: () => import("./home/start-home.tsx")`. */
function pageModules(): [string, string][] {
  const table = readFileSync(here(PAGES), "utf8");
  const found = [...table.matchAll(/^ {2}(\w+): \(\) => import\("\.\/([^"]+)"\),$/gm)];
  if (found.length === 0) throw new Error(`${PAGES} names no scripts.`);
  return found.map(([, page = "", module = ""]) => [page, `member/${module}`]);
}

/** A file with all that it imports at once. */
function withImports(bundle: Bundle, file: string, seen: Set<string>): Set<string> {
  const chunk = bundle[file];
  if (chunk?.type !== "chunk" || seen.has(file)) return seen;
  seen.add(file);
  for (const next of chunk.imports) withImports(bundle, next, seen);
  return seen;
}

/**
 * `{"": shared files, "<page>": its own, "en": words}` into the place that the shell has for it. From it the Worker names the files
 * of a page in its first HTML: otherwise each would be asked for a round trip after the one that imports it.
 */
export function namePageScripts(): Plugin {
  return {
    name: "name-page-scripts",
    apply: "build",
    enforce: "post",
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
      const files = (id: string, without: ReadonlySet<string>): string[] => {
        const chunk = chunks.find(({ moduleIds }) => moduleIds.includes(here(id)));
        if (!chunk) throw new Error(`the build has no ${id}`);
        const all = withImports(bundle, chunk.fileName, new Set());
        return [...all].filter((file) => !without.has(file)).map((file) => `/${file}`);
      };
      for (const [entry, name] of Object.entries(SHELLS)) {
        const main = chunks.find(({ isEntry, name: its }) => isEntry && its === entry);
        if (!main) throw new Error(`the build has no entry ${entry}`);
        const atOnce = withImports(bundle, main.fileName, new Set());
        const pages = entry === "sale" ? [] : pageModules();
        const named = {
          "": [...atOnce].slice(1).map((file) => `/${file}`),
          en: files(ENGLISH, atOnce),
          ...Object.fromEntries(pages.map(([page, module]) => [page, files(module, atOnce)])),
        };
        const shell = shellOf(bundle, name);
        shell.source = String(shell.source).replace(
          "<!--page-scripts {}-->",
          () => `<!--page-scripts ${JSON.stringify(named)}-->`,
        );
      }
    },
  };
}
