import { fileURLToPath } from "node:url";
import preact from "@preact/preset-vite";
import { defineConfig, type Plugin } from "vite";
import { inlineEntryCss, namePageScripts, SHELLS } from "./vite.shells.ts";

const root = fileURLToPath(new URL(".", import.meta.url));
const worker = process.env["WORKER_ORIGIN"] ?? "http://127.0.0.1:8787";

/**
 * Vite wraps every dynamic import in a helper that preloads sheets and scripts of the chunk to come. Ours have no sheets,
 * and three kilobytes of helper would stand between the first byte and the live button.
 */
function plainDynamicImports(): Plugin {
  return {
    name: "plain-dynamic-imports",
    apply: "build",
    enforce: "pre",
    load: (id) =>
      id.includes("vite/preload-helper") ? "export const __vitePreload = (load) => load();" : null,
  };
}

/** Icons are in the markup that the Worker renders; the browser only refers to them, so its scripts go without. */
function bareIcons(): Plugin {
  return {
    name: "bare-icons",
    apply: "build",
    enforce: "pre",
    transform: (code, id) =>
      id.endsWith("/ui/icons.ts") ? { code: code.replaceAll(/'<[^']*'/g, "''"), map: null } : null,
  };
}

/** Pages come from the Worker; scripts and pictures from here. Paths are whole segments: /me is a page, /member is source. */
const pages = [
  ...["/s/.*", "/orders(/.*)?", "/points(/.*)?", "/verify", "/login", "/me(/addresses)?"],
  ...["/notices", "/help", "/p/.*", "/g(/.*)?", "/calendar", "/sessions/.*", "/vouchers/.*"],
  // Its source lies below the same path, and every file of it has a dot.
  "/console(/[^.?]*)?",
].map((path) => `^${path}/?(\\?.*)?$`);
const toWorker = { target: worker, changeOrigin: false };

/** Small things that many pages share: many small files are many requests. */
const PARTS =
  /[\\/](?:ui[\\/](?:parts|dialog)|locales[\\/]lot-sources|home[\\/]blocks|client[\\/](?:share|read-anew))\.tsx?$/;
const SUGGESTED =
  /[\\/](?:member[\\/]goods[\\/](?:suggested|goods-picture)\.|locales[\\/]suggested)/;

const DELIVERY_BASE =
  /[\\/](?:locales[\\/]delivery|client[\\/]delivery-api|member[\\/]delivery[\\/]address-form)/;

const POINTS_BASE =
  /[\\/](?:locales[\\/]points|client[\\/](?:points-api|acts)|points[\\/](?:refusal|page-frame|ledger-model)|check-in[\\/](?:use-check-in|check-in-card))/;

const BASE =
  /[\\/](?:node_modules[\\/]preact[\\/]|member[\\/](?:boot|app)\.|locales[\\/]zh-CN|client[\\/](?:api|clock|order-id|paths|store|visibility)\.|ui[\\/](?:format|icons?|text|tokens|base)\.)/;

export default defineConfig({
  root,
  plugins: [preact(), plainDynamicImports(), bareIcons(), inlineEntryCss(), namePageScripts()],
  // With useDefineForClassFields off in tsconfig.json: our classes have no setters to bypass, and plain assignments are fewer bytes.
  oxc: { target: "es2020" },
  build: {
    outDir: "../dist/client",
    emptyOutDir: true,
    assetsDir: "assets",
    assetsInlineLimit: 0,
    target: ["es2020", "chrome87", "safari14"],
    cssTarget: ["chrome87", "safari14"],
    modulePreload: false,
    reportCompressedSize: true,
    rollupOptions: {
      input: Object.fromEntries(
        Object.entries(SHELLS).map(([name, file]) => [
          name,
          fileURLToPath(new URL(file, import.meta.url)),
        ]),
      ),
      output: {
        // What the pages of the points centre share in another: many small files are many requests.
        codeSplitting: {
          groups: [
            // What the sale's entry and that of the other pages share; the first HTML names it beside them.
            { name: "base", test: BASE, priority: 2 },
            {
              name: "parts",
              test: PARTS,
              priority: 1,
            },
            { name: "points-base", test: POINTS_BASE },
            { name: "suggested", test: SUGGESTED },
            // Shared or fetched by what shows them only: an order, a voucher, a picture to share.
            { name: "start-delivery-base", test: DELIVERY_BASE },
            { name: "start-qr", test: /[\\/]node_modules[\\/]uqr[\\/]/ },
          ],
        },
      },
    },
  },
  server: {
    port: Number(process.env["VITE_PORT"] ?? 5173),
    strictPort: true,
    proxy: {
      "/api": { ...toWorker, ws: true },
      "/healthz": toWorker,
      "^/(\\?.*)?$": toWorker,
      ...Object.fromEntries(pages.map((path) => [path, toWorker])),
    },
  },
});
