import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Built last, by worker/local/build.ts: it names the files of the build it belongs to, so its own bytes change with theirs. */
const assets = process.env["QIANGDUI_KEPT_ASSETS"];
if (!assets) throw new Error("npm run build says which files kept pages need");

export default defineConfig({
  root: here("."),
  define: {
    OFFLINE_ASSETS: assets,
    OFFLINE_BUILD: JSON.stringify(createHash("sha256").update(assets).digest("hex").slice(0, 12)),
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
