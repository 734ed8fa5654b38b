import { fileURLToPath } from "node:url";
import preact from "@preact/preset-vite";
import { defineConfig, type Plugin } from "vite";

const root = fileURLToPath(new URL(".", import.meta.url));
const worker = process.env["WORKER_ORIGIN"] ?? "http://127.0.0.1:8787";

/**
 * Puts the entry's CSS into the shell, so that the first paint asks for nothing but the HTML.
 * Runs after Vite has written the page: the link to the sheet becomes the sheet.
 */
function inlineEntryCss(): Plugin {
  return {
    name: "inline-entry-css",
    apply: "build",
    enforce: "post",
    generateBundle(_options, bundle) {
      const shell = bundle["shell.html"];
      if (shell?.type !== "asset") throw new Error("The build wrote no shell.html.");
      let html = String(shell.source);
      const used: string[] = [];
      html = html.replace(
        /<link\b[^>]*rel="stylesheet"[^>]*href="\/([^"]+)"[^>]*>/g,
        (link: string, file: string) => {
          const sheet = bundle[file];
          if (sheet?.type !== "asset") return link;
          used.push(file);
          return `<style>${String(sheet.source).trim()}</style>`;
        },
      );
      if (used.length === 0) throw new Error("shell.html links no stylesheet to inline.");
      shell.source = html;
      for (const file of used) delete bundle[file];
    },
  };
}

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

const DELIVERY_BASE =
  /[\\/](?:locales[\\/]delivery|client[\\/]delivery-api|member[\\/]delivery[\\/]address-form)/;

const POINTS_BASE =
  /[\\/](?:locales[\\/]points|client[\\/](?:points-api|acts)|points[\\/](?:refusal|page-frame|ledger-model)|check-in[\\/](?:use-check-in|check-in-card))/;

export default defineConfig({
  root,
  plugins: [preact(), plainDynamicImports(), bareIcons(), inlineEntryCss()],
  // Our classes have no setters to bypass: plain assignments say the same in fewer bytes than the lowered define.
  oxc: {
    target: "es2020",
    assumptions: { setPublicClassFields: true },
    typescript: { removeClassFieldsWithoutInitializer: true },
  },
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
      input: fileURLToPath(new URL("shell.html", import.meta.url)),
      // The entry in one file: a static import of it would be asked for a round trip later, with the button waiting.
      output: {
        // What the pages of the points centre share in another: many small files are many requests.
        codeSplitting: {
          groups: [
            { name: "entry", test: /[\\/]member[\\/]main\.tsx$/, priority: 2 },
            { name: "parts", test: /[\\/]ui[\\/](?:parts|dialog)\.tsx$/, priority: 1 },
            { name: "points-base", test: POINTS_BASE },
            // Fetched by what shows them only: an order with something to deliver, a voucher, a picture to share.
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
