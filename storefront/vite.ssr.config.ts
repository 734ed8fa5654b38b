import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

/** The renderer that the Worker imports: one file, nothing left to resolve. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  ssr: { noExternal: true, target: "webworker" },
  build: {
    ssr: "ssr.tsx",
    outDir: "../dist/ssr",
    emptyOutDir: true,
    target: "es2022",
    copyPublicDir: false,
    // Nobody reads it, and the Worker that carries it has a budget.
    minify: true,
    // Sheets that the renderer puts into a page as text.
    cssMinify: true,
    cssTarget: ["chrome87", "safari14"],
  },
});
