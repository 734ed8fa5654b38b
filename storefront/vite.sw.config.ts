import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { builtScripts, reached } from "./built-scripts.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The pages that are kept, and what they fetch by themselves. */
const STEMS = [
  ...["entry", "en", "offline", "start-home", "other-pages", "start-points", "start-mine"],
  ...["start-voucher", "start-delivery"],
];

/** Built last: it names the files of the build it belongs to, so its own bytes change when one of them does. */
const files = [...reached(builtScripts(here("../dist/client/assets")), STEMS)].sort();
if (files.length < STEMS.length) throw new Error(`kept pages need ${STEMS.join(", ")}`);
const assets = files.map((file) => `/assets/${file}`);

export default defineConfig({
  root: here("."),
  define: {
    OFFLINE_ASSETS: JSON.stringify(assets),
    OFFLINE_BUILD: JSON.stringify(
      createHash("sha256").update(assets.join()).digest("hex").slice(0, 12),
    ),
  },
  build: {
    outDir: "../dist/client",
    emptyOutDir: false,
    copyPublicDir: false,
    target: ["es2020", "chrome87", "safari14"],
    rollupOptions: {
      input: here("offline/sw.ts"),
      output: { format: "iife", entryFileNames: "sw.js" },
    },
  },
});
