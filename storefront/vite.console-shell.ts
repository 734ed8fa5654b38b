/** What the build writes into the console's shell, so that the first view asks at once for all that it needs. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin, Rollup } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const SHELL = "console/index.html";
const PLACE = "<!--section-files {}-->";

type Chunk = Rollup.OutputChunk & {
  readonly viteMetadata?: { readonly importedCss: ReadonlySet<string> };
};

/** As `section.ts` declares it: where the section stands, and what its first page reads. */
function sections(): { folder: string; path: string; reads: readonly string[] }[] {
  return readdirSync(here("console"))
    .filter((folder) => existsSync(here(`console/${folder}/section.ts`)))
    .map((folder) => {
      const source = readFileSync(here(`console/${folder}/section.ts`), "utf8");
      const path = /\bpath: "([^"]*)"/.exec(source)?.[1];
      if (path === undefined) throw new Error(`console/${folder}/section.ts names no path`);
      const reads = /\breads: \[([^\]]*)\]/.exec(source)?.[1] ?? "";
      return {
        ...{ folder, path },
        reads: [...reads.matchAll(/"([^"]+)"/g)].map(([, read = ""]) => read),
      };
    });
}

/** A chunk with all that it imports at once. */
function withImports(
  chunks: ReadonlyMap<string, Chunk>,
  file: string,
  seen: Set<Chunk>,
): Set<Chunk> {
  const chunk = chunks.get(file);
  if (!chunk || seen.has(chunk)) return seen;
  seen.add(chunk);
  for (const next of chunk.imports) withImports(chunks, next, seen);
  return seen;
}

/**
 * `{"<section>": {scripts, styles, reads}}` into the place that the shell has for it. From it the Worker names the files of a section in
 * the first HTML and answers there what its first page reads: otherwise both would be asked for only after the shell's script ran.
 */
export function nameSectionFiles(): Plugin {
  return {
    name: "name-section-files",
    apply: "build",
    enforce: "post",
    generateBundle(_options, bundle) {
      const shell = bundle[SHELL];
      if (shell?.type !== "asset") throw new Error(`The build wrote no ${SHELL}.`);
      const all = Object.values(bundle).filter((file) => file.type === "chunk") as Chunk[];
      const chunks = new Map(all.map((chunk) => [chunk.fileName, chunk]));
      // Grouped with the kit, the entry is no entry to the bundler any more: it is known by what it holds.
      const main = all.find(({ moduleIds }) => moduleIds.includes(here("console/main.tsx")));
      if (!main) throw new Error("the build has no entry of the console");
      const atOnce = withImports(chunks, main.fileName, new Set());
      const named = sections().map(({ folder, path, reads }) => {
        const index = here(`console/${folder}/index.tsx`);
        const chunk = all.find(({ moduleIds }) => moduleIds.includes(index));
        if (!chunk) throw new Error(`the build has no console/${folder}/index.tsx`);
        const own = [...withImports(chunks, chunk.fileName, new Set())].filter(
          (one) => !atOnce.has(one),
        );
        const styles = own.flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])]);
        const files = {
          scripts: own.map(({ fileName }) => `/${fileName}`),
          styles: [...new Set(styles)].map((file) => `/${file}`),
          reads,
        };
        return [path, files] as const;
      });
      const source = String(shell.source);
      if (!source.includes(PLACE)) throw new Error(`${SHELL} has no place for its files`);
      const text = JSON.stringify(Object.fromEntries(named));
      shell.source = source.replace(PLACE, () => `<!--section-files ${text}-->`);
    },
  };
}
