import { fileURLToPath } from "node:url";
import preact from "@preact/preset-vite";
import { defineConfig } from "vite";
import { nameSectionFiles } from "./vite.console-shell.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The console, built by itself beside the members' pages, so that no file of theirs grows by it. */
export default defineConfig({
  root: here("."),
  plugins: [preact(), nameSectionFiles()],
  build: {
    outDir: "../dist/client",
    // The members' pages were built into it just before.
    emptyOutDir: false,
    copyPublicDir: false,
    assetsDir: "assets/console",
    assetsInlineLimit: 0,
    target: ["chrome116", "safari17", "firefox117"],
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: here("console/index.html"),
      output: {
        codeSplitting: {
          groups: [
            // What every page needs in one file, parts of the kit that the first section brings in included.
            {
              name: "main",
              test: /[\\/](?:console[\\/](?:main|registry|shell[\\/]|kit[\\/])|preact[\\/])/,
            },
          ],
        },
      },
    },
  },
});
