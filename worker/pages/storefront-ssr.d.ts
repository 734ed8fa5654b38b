/** The storefront's renderer, bundled by the alias in wrangler.toml: two worlds of globals, one contract. */
declare module "storefront-ssr" {
  import type { Locale, PageData, RenderedPage } from "./page-data.ts";
  import type { Welcome } from "./wire.ts";
  export function renderPage(data: PageData): RenderedPage;
  export function renderWelcome(welcome: Welcome, locale: Locale): string;
}
