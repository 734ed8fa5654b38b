/** Lets Node load the product's modules: the runtime's module, SQL as text, and no page renderer. */
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";

const WORKERS_MODULE = new URL("runtime/workers-module.ts", import.meta.url).href;
/** Pages are not simulated; asking for one is a fault of the simulator. */
const NO_PAGES =
  "data:text/javascript,const none = () => { throw new Error('no pages') }; export { none as renderPage, none as renderWelcome }";

/** Call before the first import of worker code. */
export function registerRuntime(): void {
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === "cloudflare:workers") return { url: WORKERS_MODULE, shortCircuit: true };
      if (specifier === "storefront-ssr") return { url: NO_PAGES, shortCircuit: true };
      return next(specifier, context);
    },
    load(url, context, next) {
      if (!url.endsWith(".sql")) return next(url, context);
      const text = JSON.stringify(readFileSync(fileURLToPath(url), "utf8"));
      return { format: "module", source: `export default ${text};`, shortCircuit: true };
    },
  });
}
