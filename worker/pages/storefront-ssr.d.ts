/** The storefront's renderer, bundled by the alias in wrangler.toml: two worlds of globals, one contract. */
declare module "storefront-ssr" {
  import type { PageData, RenderedPage } from "./page-data.ts";
  export function renderPage(data: PageData): RenderedPage;
}
